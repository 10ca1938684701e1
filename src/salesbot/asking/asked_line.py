"""The line that a text asks, or why there is none, as errors that people are told."""

from __future__ import annotations

from typing import ClassVar

from salesbot.asking.name_book import NameBook
from salesbot.asking.reading import Asked, Offered, read
from salesbot.asking.segments import segments
from salesbot.asking.text import plain
from salesbot.errors import QuestionError, SalesbotError
from salesbot.query import ask
from salesbot.query.examples import lines as example_lines
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot

EXAMPLES_SHOWN = 3
ABOUT = {
    "launch": ("/orders total launch:{id}",),
    "model": ("/prices show model:{id}", "/prices history model:{id}"),
}


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
    lines = lines_about(text, snapshot) or example_lines(snapshot)
    error.lines = tuple((line, line) for line in lines[:EXAMPLES_SHOWN])
    raise error


def lines_about(text: str, snapshot: Snapshot) -> list[str]:
    """Lines that have an answer on the launch and the model that a text names, though it is not understood."""
    named = [one.names for one in segments(plain(text), NameBook.of(snapshot))]
    found: dict[str, None] = {}
    for kind, lines in ABOUT.items():
        ids = [id for names in named for id in names.get(kind, ()) if len(names[kind]) == 1]
        found |= {line.format(id=id): None for id in ids[:1] for line in lines}
    return [line for line in found if _has_answer(line, snapshot)]


def _has_answer(line: str, snapshot: Snapshot) -> bool:
    try:
        ask(parse(line, Names(snapshot)), snapshot)
    except SalesbotError:
        return False
    return True
