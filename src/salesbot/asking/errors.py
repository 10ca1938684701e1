"""The line that a text asks, or why there is none, as errors that people are told."""

from __future__ import annotations

from typing import ClassVar

from salesbot.asking.reading import Asked, Offered, read
from salesbot.errors import QuestionError
from salesbot.query.examples import lines as example_lines
from salesbot.storage.snapshot import Snapshot

EXAMPLES_SHOWN = 3


class SeveralMeant(QuestionError):
    """A text may mean one of several lines, or is mistyped: ``candidates`` are the lines."""

    kind: ClassVar[str] = "offered"


class NotUnderstood(QuestionError):
    """A text is not understood; ``words`` are those that were not."""

    kind: ClassVar[str] = "declined"
    words: tuple[str, ...] = ()


def asked_line(text: str, snapshot: Snapshot) -> Asked:
    """The line that a text asks. Raises ``SeveralMeant`` or ``NotUnderstood``."""
    found = read(text, snapshot)
    if isinstance(found, Asked):
        return found
    if isinstance(found, Offered):
        key = "several_meant" if len(found.lines) > 1 else "one_meant"
        several = SeveralMeant(key, found.lines)
        several.lines = tuple((line, line) for line in found.lines)
        raise several
    words = tuple(dict.fromkeys(found.words))
    key = "words_not_understood" if words else "not_understood"
    error = NotUnderstood(key, words=", ".join(words)) if words else NotUnderstood(key)
    error.words = words
    error.lines = tuple((line, line) for line in example_lines(snapshot)[:EXAMPLES_SHOWN])
    raise error
