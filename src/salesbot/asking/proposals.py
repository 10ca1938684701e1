"""Lines that something else proposes for a text, as a language model may: only what the text itself says is offered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from salesbot.asking.dates import Day
from salesbot.asking.name_book import NameBook
from salesbot.asking.numbers import Duration, Number
from salesbot.asking.segments import segments
from salesbot.asking.text import plain
from salesbot.errors import SalesbotError
from salesbot.questions.line import parse, written
from salesbot.questions.names import Names
from salesbot.questions.question import NameKind, Question, options
from salesbot.storage.snapshot import Snapshot
from salesbot.values.moment import StatedTime
from salesbot.values.name_keys import name_key
from salesbot.values.quantity import Quantity
from salesbot.values.written_dates import NO_YEAR

MOST_OFFERED = 3


class Proposer(Protocol):
    """Something that proposes slash lines for a text. None is built in, and none is asked by default."""

    def lines(self, text: str) -> Sequence[str]:
        """The lines that a text may mean, likeliest first."""


def verified(text: str, lines: Sequence[str], snapshot: Snapshot) -> tuple[str, ...]:
    """The lines that can be asked, and of which every name, number and time stands in the text; at most three."""
    names = Names(snapshot)
    kept: dict[str, None] = {}
    for line in lines:
        try:
            asked = parse(line, names)
        except SalesbotError:
            continue
        if _is_said(asked, text, snapshot):
            kept[written(asked)] = None
    return tuple(kept)[:MOST_OFFERED]


def _is_said(asked: Question, text: str, snapshot: Snapshot) -> bool:
    found = segments(plain(text), NameBook.of(snapshot))
    values = [one.value for one in found]
    seconds = {value.seconds for value in values if isinstance(value, Duration)}
    days = [value for value in values if isinstance(value, Day)]
    numbers = {value.value for value in values if isinstance(value, Number)}
    named = {id for one in found for ids in one.names.values() for id in ids}

    def says(value: Any, kind: object) -> bool:
        if isinstance(value, tuple):
            return all(says(one, kind) for one in value)
        if isinstance(value, StatedTime):
            return any(_is_day(day, value) for day in days)
        if isinstance(value, Quantity):
            return {end for end in (value.low, value.high) if end is not None} <= numbers
        if isinstance(value, int):
            return value in seconds
        if isinstance(kind, NameKind) and kind.thing != "metric":
            return value in named
        return isinstance(kind, NameKind) or name_key(value) in name_key(text)

    given = ((getattr(asked, option.name), option.kind) for option in options(type(asked)))
    return all(value is None or says(value, kind) for value, kind in given)


def _is_day(day: Day, value: StatedTime) -> bool:
    iso = value.start.first.date().isoformat()
    return iso.startswith(day.iso) or (day.lacks_year and iso.endswith(day.iso.removeprefix(f"{NO_YEAR}-")))
