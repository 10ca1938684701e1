"""An answer put into words, before any medium lays it out.

Texts are plain; an instant stands in them as a marked number, which Discord shows on the reader's
own clock and the command line in UTC.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from msgspec import Struct

from salesbot.answers.answer import Answer
from salesbot.values.moment import utc_text

_CLOCK = re.compile("\x02(-?\\d+)\x03")


def clock(instant: int) -> str:
    """An instant (UTC seconds) as a mark that each medium replaces."""
    return f"\x02{instant}\x03"


def with_clocks(text: str, written: str) -> str:
    """``text`` with each marked instant written as ``written`` says (``{0}`` is the number)."""
    return _CLOCK.sub(lambda match: written.replace("{0}", match[1]), text)


def plain(text: str) -> str:
    """``text`` with instants in UTC."""
    return _CLOCK.sub(lambda match: utc_text(int(match[1])).replace("T", " ").replace("Z", " UTC"), text)


class FigureLine(Struct, frozen=True):
    """One figure: what it says, of what, and how it stands. ``mark`` is a sign for its verdict."""

    value: str
    label: str
    detail: str = ""
    mark: str = ""
    is_sub: bool = False


class SourceLine(Struct, frozen=True):
    """One source; ``url`` only where it may be linked."""

    id: str
    name: str
    text: str
    url: str | None


class Said(Struct, frozen=True):
    """Everything to lay out, in this order."""

    headline: str
    lead: str
    figures: tuple[FigureLine, ...]
    workings: tuple[str, ...]
    operands: tuple[FigureLine, ...]
    caveats: tuple[str, ...]
    missing: tuple[str, ...]
    passed_over: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    asked_as: str
    as_of: str


class Words(ABC):
    """What a language must be able to say."""

    @abstractmethod
    def say(self, answer: Answer) -> Said:
        """The whole answer."""

    @abstractmethod
    def headline(self, answer: Answer) -> str:
        """One sentence that answers the question."""

    @abstractmethod
    def working(self, answer: Answer, figure_id: str) -> str:
        """One line with the numbers put in; empty for a reported figure."""

    @abstractmethod
    def notes(self, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The caveats, and what is missing."""
