"""Levels of prices as figures of an answer, with what must be said of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec.structs import replace

from salesbot.answers import Figure, Working
from salesbot.answers.notes import (
    ChangeOfEvery,
    DayUnknown,
    Ended,
    EndUnknown,
    ForEvery,
    LevelUnknown,
    Note,
    OrderUnknown,
    PreviousDiffers,
    PreviousOnly,
    PricesDiffer,
    SinceUnknown,
    ToldBy,
)
from salesbot.query.precedence import Precedence
from salesbot.query.prices.model_prices import PriceRow, price_figure
from salesbot.query.prices.steps import Level
from salesbot.storage.snapshot import Snapshot
from salesbot.values.moment import StatedTime
from salesbot.values.quantity import Quantity, agreement

MOST_BEFORE = 20  # changes of a price that its working goes back


def level_figure(level: Level, name: str | None = None) -> Figure | None:
    """A level as a figure, ``None`` if a change of unknown size left it unknown."""
    if level.quantity is None:
        return None
    figure = replace(price_figure(level.row, name), id=_level_id(level), valid_from=level.since, valid_to=level.until)
    if level.is_previous:
        return replace(figure, quantity=level.quantity, note=None)
    if level.row.has_level:
        return replace(figure, quantity=level.quantity)
    before, working = level.changed_from, None
    if before is not None and before.quantity is not None:
        working = Working("level after change", ((_level_id(before), 1), (f"{level.row.id}:change", 1)))
    return replace(figure, quantity=level.quantity, basis="computed", working=working)


def _level_id(level: Level) -> str:
    if level.is_previous:
        return f"{level.row.id}:previous"
    if level.is_returned and level.since is not None:
        return f"{level.row.id}:returned-{level.since.text}"
    return level.row.id


def operands_of(level: Level, name: str | None = None) -> list[Figure]:
    """The figures that the working of a computed level names: the level before, and the change; and so on before."""
    found: list[Figure] = []
    for number in range(MOST_BEFORE):
        before = level.changed_from
        if before is None or level.row.has_level or level.quantity is None:
            break
        change = replace(
            price_figure(level.row, name), quantity=level.row.stated_change or Quantity(None, None), role="change"
        )
        first = level_figure(before, name)
        if first is not None:  # how one long before came about is not told
            found.append(replace(first, working=None) if number == MOST_BEFORE - 1 else first)
        found.append(replace(change, id=f"{change.id}:change"))
        level = before
    return [replace(one, is_operand=True) for one in found]


def level_notes(level: Level, figure: Figure, day: date | None, *, has_trims: bool) -> list[Note]:
    """What must be said of a level that is shown for a day, or as the last one known."""
    notes: list[Note] = []
    if level.row.is_for_every_trim and (has_trims or level.row.is_for_all):
        notes.append(ForEvery(figure.id, figure.subject, is_stated=level.row.is_for_all))
    if (every := level.row.spread_from) is not None and every.has_level:
        notes.append(ForEvery(figure.id, figure.subject))
    elif every is not None:
        of: Literal["model", "trim", "some trim", "some price"] = "trim" if every.owner else "model"
        if level.row.is_of_some:
            of = "some price" if every.key == level.row.key else "some trim"
        notes.append(ChangeOfEvery(figure.id, figure.subject, every.id, of))
    notes += differing(level.rows, figure.id, figure.subject)
    for other in level.beside:
        if other.quantity is not None and other.since is not None and level.since is not None:
            notes.append(OrderUnknown(figure.id, figure.subject, other.quantity, other.since, level.since))
    if level.since is not None and not level.since.is_day and day is not None and day <= level.sure_day:
        notes.append(DayUnknown(figure.id, figure.subject, level.since))
    if level.is_previous:
        notes.append(PreviousOnly(figure.id, figure.subject))
    if day is None and level.until is not None:
        notes.append(Ended(figure.subject, level.until))
    return notes


def differing(rows: Iterable[PriceRow], figure: str, subject: str) -> list[Note]:
    """A note where rows of one price and day say different ones."""
    told = {row.id: row.fact.quantity for row in rows if row.has_level}
    if len(set(told.values())) < 2:
        return []
    return [PricesDiffer(figure, subject, tuple(told.items()))]


def previous_differs(level: Level, before: Level | None, figure: Figure) -> list[Note]:
    """A note where the row of a level says that another price held before it than the facts do."""
    told, row = level.row.fact.previous, level.row
    if told is None or before is None or before.quantity is None or level.is_returned or level.since is None:
        return []
    previous = Quantity.exactly(told, row.fact.currency)
    if agreement(previous, before.quantity) != "disagrees":
        return []
    return [PreviousDiffers(figure.id, figure.subject, level.since, previous, before.quantity)]


def ends_unknown(shown: Iterable[tuple[Level, Figure]]) -> list[Note]:
    """One note for each first day: prices without an end may have changed since."""
    since: dict[StatedTime | None, list[str]] = {}
    for level, figure in shown:
        if level.until is None and level.since is not None:
            since.setdefault(level.since, []).append(figure.subject)
    return [EndUnknown(tuple(dict.fromkeys(subjects)), start) for start, subjects in since.items()]


def told_by(level: Level, before: Level | None, figure: Figure, precedence: Precedence) -> list[Note]:
    """A note where a newer price is told by someone who counts less than the one before it."""
    if before is None or before.row is level.row or level.is_returned:
        return []
    if precedence.rank(level.row) <= precedence.rank(before.row):
        return []
    return [ToldBy(figure.id, figure.subject, figure.said_by)]


def unknown_level(level: Level, before: Figure | None) -> LevelUnknown:
    """A note that a price changed by an unknown size; ``before`` is the last known one."""
    figure = price_figure(level.row)
    change = level.row.stated_change
    is_known = change is not None and not change.is_open
    return LevelUnknown(figure.subject, before.id if before is not None else "", level.since, is_size_known=is_known)


def listed_on(row: PriceRow, snapshot: Snapshot) -> StatedTime | None:
    """When a price without a first day was listed: when its sources were published."""
    published = [source.published for source in snapshot.sources(row.sources) if source.published]
    return min(published, key=lambda time: time.days[0], default=None)


def since_unknown(row: PriceRow, figure: Figure, snapshot: Snapshot) -> SinceUnknown:
    """A note that a price is listed without a first day."""
    return SinceUnknown(figure.subject, listed_on(row, snapshot))
