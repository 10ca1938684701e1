"""Messages: the statements found in one, by ``statements``."""

from __future__ import annotations

from datetime import date

from salesbot.asking.messages.message import Found, Message
from salesbot.storage.snapshot import Snapshot


def statements(text: str, snapshot: Snapshot, posted: date | None = None) -> Found:
    """The statements of a message; a date without a year is the last one before it was posted, else of the launch."""
    message = Message(text, snapshot, posted)
    for start, clause in message.clauses():
        message.take(start, clause)
    message.end_sentence()
    return Found(message.statements(), tuple(dict.fromkeys(message.not_read)))


__all__ = ["Found", "statements"]
