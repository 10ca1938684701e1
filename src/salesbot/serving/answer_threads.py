"""Questions worked out in threads, so that none holds up another; what was worked out stays with its snapshot."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import TypeVar, cast

from salesbot.storage.snapshot import Latest

V = TypeVar("V")
GIVES_WAY = 0.0005  # seconds after which a thread lets the event loop run


def give_way() -> None:
    """Let the event loop run soon while a question is worked out."""
    sys.setswitchinterval(GIVES_WAY)


async def thought(kept: Latest, key: object, make: Callable[[], V]) -> V:
    """What is kept under ``key``: at once if it is there, else made in a thread. Errors are not kept."""
    found = kept.get(key)
    return cast(V, found) if found is not None else await asyncio.to_thread(kept.once, key, make)
