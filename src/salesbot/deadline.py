"""How long a question may take: set by who serves it, asked by the code that works it out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from salesbot.errors import QuestionError

_UNTIL: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Let what runs inside take at most so many seconds; an earlier deadline outside stays in force."""
    outer, until = _UNTIL.get(), time.monotonic() + seconds
    token = _UNTIL.set(until if outer is None else min(until, outer))
    try:
        yield
    finally:
        _UNTIL.reset(token)


def is_over() -> bool:
    """Whether the deadline in force, if any, has passed."""
    until = _UNTIL.get()
    return until is not None and time.monotonic() > until


def check_deadline() -> None:
    """Raise ``QuestionError`` if the deadline in force has passed."""
    if is_over():
        raise QuestionError("question_too_slow")
