"""Whether the facts settle what something cost on a day: only then may a price be as reported, or contradicted.

A price is known from its first day until another one takes its place. Where nobody has written when it ended, it may
have changed since: it is taken to stand for a month, unless another price of the same model came after it.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from salesbot.questions.question import Question
from salesbot.storage.snapshot import MOST_ROWS, Snapshot, sql

LEVELS = sql(
    "select trim, first_day, out_day, low, high, previous from prices where model_id = :model"
    " and price_type in ('list_price', 'msrp', 'starting_price', 'street_price', 'pre_sale_price')"
    f" limit {MOST_ROWS + 1}"
)
STANDS = timedelta(days=31)


class Level(Struct, frozen=True):
    """A price of a trim with its first day, and the day that it ended on, if anybody has written it."""

    trim: str | None
    first: date | None
    until: date | None
    prices: tuple[str, ...]  # with the one that it took the place of

    def covers(self, day: date) -> bool:
        """Whether it may be the price of a day."""
        return (self.first is None or self.first <= day) and (self.until is None or day < self.until)


def is_settled(question: Question, snapshot: Snapshot, day: date, *, of_any: bool) -> bool:
    """Whether the price of a trim on a day is known for sure; ``of_any``: those of all trims, where none is named."""
    model, trim = getattr(question, "model", None), getattr(question, "trim", None)
    if model is None or (trim is None and not of_any):
        return False
    levels = _levels(snapshot, model)
    meant = [one for one in levels if (trim is None or one.trim == trim) and one.covers(day)]
    return bool(meant) and all(_is_sure(one, levels, day) for one in meant)


def was_ever(question: Question, snapshot: Snapshot, least: Fraction, most: Fraction) -> bool:
    """Whether a model, or a trim of it, had a price between two at any time."""
    model, trim = getattr(question, "model", None), getattr(question, "trim", None)
    levels = _levels(snapshot, model) if model is not None else []
    told = [Fraction(price) for one in levels if trim is None or one.trim == trim for price in one.prices]
    return any(least <= price <= most for price in told)


def _levels(snapshot: Snapshot, model: str) -> list[Level]:
    rows = snapshot.values(LEVELS, model=model)
    return [Level(trim, _day(first), _day(out), tuple(filter(None, prices))) for trim, first, out, *prices in rows]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_sure(one: Level, levels: list[Level], day: date) -> bool:
    first = one.first
    if first is None or one.until is not None:
        return first is not None
    is_followed = any(other.first is not None and first < other.first <= day for other in levels)
    return day - first <= STANDS and not is_followed
