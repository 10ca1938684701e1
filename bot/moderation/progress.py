"""A message for whoever waits: work that takes longer than two seconds says that it still runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord

from bot.discord_io.layout import Block, card, send
from bot.services import words_of
from salesbot.serving.child_processes import Place

T = TypeVar("T")
FIRST_PAUSE, MESSAGES = 2, 7  # seconds, doubled each time


async def with_progress(interaction: discord.Interaction, what: str, work: Coroutine[Any, Any, T], place: Place) -> T:
    """The result of ``work`` on a deferred interaction; ``what`` is the key of its title while it runs.

    While it waits, its ``place`` in the queue is shown.
    """
    words = words_of(interaction)
    task = asyncio.ensure_future(work)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be left to hear it
    pause = FIRST_PAUSE
    for _ in range(MESSAGES):
        done, _ = await asyncio.wait({task}, timeout=pause)
        if done:
            break
        waits = place.before > 0
        state = words.text("waiting_in_queue", count=place.before) if waits else words.text("still_running")
        block = Block((f"### {words.text(what)}…", state))
        with contextlib.suppress(discord.HTTPException):  # dismissed, say; what the work made is still handed on
            await send(interaction, card([block]), is_private=True)
        pause *= 2
    return await task
