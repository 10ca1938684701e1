"""When, if all that is known is a stretch of time, or a clock time without its zone.

A ``StatedTime`` is what a text says: dates and clock times, perhaps with an offset. Read in a zone it becomes a
``Moment``: an instant known to lie between two UTC instants, both included, with one reading for each zone that the
text could mean. All instants are whole seconds since 1970 in UTC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC as _UTC
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from dateutil.relativedelta import relativedelta
from msgspec import Struct

from salesbot.errors import TextError
from salesbot.values.patterns import compiled_at_use
from salesbot.values.written_dates import iso_date, lacks_year
from salesbot.values.zones import ANYWHERE, Zone, offset_zone, zone_readings

Order = Literal["before", "after", "same", "cannot tell"]
Response = Literal["cannot be", "possible", "cannot tell"]
HALF_HOUR = 1800  # seconds either way that "about" with a clock time means
FIRST_YEAR, LAST_YEAR = 1900, 2199


class CivilTime(Struct, frozen=True):
    """A written date or clock time: its first and last second on the clock it is read from.

    ``is_about`` widens a clock time by half an hour of elapsed time either way.
    """

    first: datetime
    last: datetime
    zone: Zone | None = None
    is_clock: bool = False
    is_about: bool = False


class StatedTime(Struct, frozen=True):
    """A time as a text states it, not yet read in a zone. ``start`` and ``end`` differ in ``earliest/latest``.

    ``readings`` are filled where the text says the instant itself, as the id of a post does.
    """

    text: str
    start: CivilTime
    end: CivilTime
    zones: tuple[Zone, ...] = ()
    readings: tuple[Reading, ...] = ()

    @property
    def days(self) -> tuple[date, date]:
        """First and last date as stated, in no zone."""
        return self.start.first.date(), self.end.last.date()

    @property
    def is_clock(self) -> bool:
        """Whether it names a clock time."""
        return self.start.is_clock or self.end.is_clock

    @property
    def is_day(self) -> bool:
        """Whether it lies on one date."""
        return self.start.first.date() == self.end.last.date()

    @property
    def has_zone(self) -> bool:
        """Whether the text itself names its zone or offset."""
        return bool(self.zones or self.readings) or (self.start.zone is not None and self.end.zone is not None)

    def read(self, zones: tuple[Zone, ...] = (ANYWHERE,)) -> Moment:
        """The moment, in the zone the text names, else in each of ``zones``.

        Raises ``TextError`` for a clock time that the zone skips.
        """
        readings = list(self.readings)
        for zone in () if readings else self.zones or zones:
            for earliest, latest in _instants(self, zone):
                readings.append(Reading(_zone_name(self, zone), earliest, latest))
        if not readings:
            raise TextError("time_that_never_comes", zone=" / ".join(zone.name for zone in self.zones or zones))
        return Moment(self, tuple(readings))


class Reading(Struct, frozen=True):
    """A moment under one reading of its zone."""

    zone: str
    earliest: int
    latest: int


class Moment(Struct, frozen=True):
    """An instant between ``earliest`` and ``latest`` (UTC seconds, both included), and its readings."""

    stated: StatedTime
    readings: tuple[Reading, ...]

    @property
    def text(self) -> str:
        return self.stated.text

    @property
    def earliest(self) -> int:
        return min(reading.earliest for reading in self.readings)

    @property
    def latest(self) -> int:
        return max(reading.latest for reading in self.readings)

    @property
    def span(self) -> tuple[int, int]:
        """Both ends."""
        return self.earliest, self.latest

    @property
    def is_instant(self) -> bool:
        return self.earliest == self.latest

    @property
    def zone(self) -> str:
        return " or ".join(dict.fromkeys(reading.zone for reading in self.readings))


class Relation(Struct, frozen=True):
    """How a first moment relates to a second: the order, and the least and greatest gap in seconds."""

    order: Order
    least: int | None
    most: int | None

    @property
    def response(self) -> Response:
        """Whether the first could be a response to the second; never that it is one."""
        if self.order in ("before", "same"):
            return "cannot be"
        return "possible" if self.order == "after" else "cannot tell"


def relation(first: Moment | Reading, second: Moment | Reading) -> Relation:
    """The relation that holds under every reading of both."""
    if first.latest < second.earliest:
        return Relation("before", second.earliest - first.latest, second.latest - first.earliest)
    if first.earliest > second.latest:
        return Relation("after", first.earliest - second.latest, first.latest - second.earliest)
    if first.earliest == first.latest == second.earliest == second.latest:
        return Relation("same", 0, 0)
    return Relation("cannot tell", None, None)


def reading_relations(first: Moment, second: Moment) -> list[tuple[Reading, Reading, Relation]]:
    """The relation under each pair of readings."""
    return [(a, b, relation(a, b)) for a in first.readings for b in second.readings]


class CalendarGap(Struct, frozen=True):
    """The distance of two dates: whole years, months and days, and all days together."""

    years: int
    months: int
    days: int
    total_days: int


def calendar_gap(first: date, second: date) -> CalendarGap:
    """The distance of two dates, whichever comes first."""
    early, late = sorted((first, second))
    delta = relativedelta(late, early)
    return CalendarGap(delta.years, delta.months, delta.days, (late - early).days)


# from texts

_DATE = r"(?P<y>[0-9]{4})(?:-(?P<m>[0-9]{1,2})(?:-(?P<d>[0-9]{1,2}))?)?"
_CLOCK = r"(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2}))?"
_CELL = compiled_at_use(
    r"(?P<y>[0-9]{4})(?:-(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2})"
    r"(?:T(?P<H>[0-9]{2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2}))?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
_ABOUT = r"about\s+|around\s+|~\s*|大约|约"
_TYPED = compiled_at_use(rf"(?P<about>{_ABOUT})?{_DATE}(?:(?:\s+|[Tt])(?P<about2>{_ABOUT})?{_CLOCK})?\s*(?P<zone>.*)")


@lru_cache(maxsize=4096)
def cell_time(text: str) -> StatedTime:
    """The time of a Moment cell of a pack. Raises ``TextError``."""
    parts = text.split("/")
    if len(parts) > 2:
        raise TextError("cell_time")
    civils = [_cell_part(part) for part in parts]
    stated = StatedTime(text, civils[0], civils[-1])
    if len(parts) == 2 and _surely_after(stated.start, stated.end):
        raise TextError("earlier_time_first")
    return stated


def _cell_part(text: str) -> CivilTime:
    match = _CELL.fullmatch(text)
    if not match:
        raise TextError("cell_time")
    zone = zone_readings(match["zone"]) if match["zone"] else ()
    if match["zone"] and not zone:
        raise TextError("offset")
    return _civil(match, zone[0] if zone else None)


def _surely_after(start: CivilTime, end: CivilTime) -> bool:
    """Whether ``start`` comes after ``end`` in whatever zone they are read."""
    if start.zone is None and end.zone is None:
        return start.first > end.last
    early = ANYWHERE.clocks[0] if start.zone is None else start.zone.clocks[0]
    late = ANYWHERE.clocks[1] if end.zone is None else end.zone.clocks[0]
    return start.first.replace(tzinfo=early) > end.last.replace(tzinfo=late)


def typed_time(text: str) -> StatedTime:
    """A time as a person types it. Raises ``TextError``."""
    plain = iso_date(text) or unicodedata.normalize("NFKC", text).strip()
    if lacks_year(text):
        raise TextError("year_missing")
    match = _TYPED.fullmatch(plain)
    if not match:
        raise TextError("typed_time")
    zone_text = match["zone"].strip()
    if zone_text and not match["H"] and zone_text[0].isdigit():
        raise TextError("typed_time")
    zones = zone_readings(zone_text)
    if zone_text and not zones:
        raise TextError("zone", text=zone_text)
    civil = _civil(match, None, is_about=bool(match["about"] or match["about2"]))
    return StatedTime(text.strip(), civil, civil, zones)


def _civil(match: re.Match[str], zone: Zone | None, *, is_about: bool = False) -> CivilTime:
    year, month, day = int(match["y"]), match["m"], match["d"]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise TextError("year", first=FIRST_YEAR, last=LAST_YEAR)
    if match["H"] and not day:
        raise TextError("clock_time_needs_a_date")
    try:
        first = datetime(year, int(month or 1), int(day or 1))
        if match["H"]:
            at = _clock(first, int(match["H"]), int(match["M"]), int(match["S"] or 0))
            return CivilTime(at, at, zone, True, is_about)
    except ValueError:
        raise TextError("date_that_exists") from None
    step = relativedelta(days=1) if day else relativedelta(months=1) if month else relativedelta(years=1)
    return CivilTime(first, first + step - timedelta(seconds=1), zone)


def _clock(day: datetime, hour: int, minute: int, second: int) -> datetime:
    if (hour, minute, second) == (24, 0, 0):
        return day + timedelta(days=1)
    return datetime.combine(day.date(), time(hour, minute, second))


# into instants


def _zone_name(stated: StatedTime, zone: Zone) -> str:
    if stated.start.zone is not None and stated.end.zone is not None:
        return " to ".join(dict.fromkeys((stated.start.zone.name, stated.end.zone.name)))
    return zone.name


def _instants(stated: StatedTime, zone: Zone) -> Iterator[tuple[int, int]]:
    """The bounds under one zone: two pairs where the clock time comes twice, none where it never comes."""
    starts = _bounds(stated.start, zone)
    if stated.start is stated.end:
        yield from starts
        return
    ends = _bounds(stated.end, zone)
    if starts and ends:
        yield min(low for low, _ in starts), max(high for _, high in ends)


def _bounds(civil: CivilTime, zone: Zone) -> list[tuple[int, int]]:
    clocks = (civil.zone or zone).clocks
    if len(clocks) == 1:
        return _on_one_clock(civil, clocks[0])
    spans = [span for clock in clocks for span in _on_one_clock(civil, clock)]
    return [(min(low for low, _ in spans), max(high for _, high in spans))] if spans else []


def _on_one_clock(civil: CivilTime, clock: tzinfo) -> list[tuple[int, int]]:
    if not civil.is_clock:
        return [(_epoch(civil.first, clock), _epoch(civil.last, clock, fold=1))]
    slack = HALF_HOUR if civil.is_about else 0
    folds = [0] if isinstance(clock, timezone) else [fold for fold in (0, 1) if _comes(civil.first, clock, fold)]
    instants = sorted({_epoch(civil.first, clock, fold) for fold in folds})
    return [(at - slack, at + slack) for at in instants]


def _comes(local: datetime, clock: tzinfo, fold: int) -> bool:
    aware = local.replace(tzinfo=clock, fold=fold)
    return aware.astimezone(_UTC).astimezone(clock).replace(tzinfo=None) == local


def _epoch(local: datetime, clock: tzinfo, fold: int = 0) -> int:
    return int(local.replace(tzinfo=clock, fold=fold).timestamp())


def utc_text(instant: int) -> str:
    """An instant as ISO 8601 in UTC, whole seconds."""
    return datetime.fromtimestamp(instant, _UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(instant: int, zone: Zone | None = None, text: str = "") -> Moment:
    """A known instant, written on a clock of ``zone`` (UTC without one), or as ``text``."""
    zone = zone or offset_zone(0)
    local = datetime.fromtimestamp(instant, zone.clocks[0])
    text = text or local.isoformat(timespec="seconds" if local.second else "minutes")
    civil = CivilTime(local.replace(tzinfo=None), local.replace(tzinfo=None), zone, True)
    return Moment(StatedTime(text, civil, civil), (Reading(zone.name, instant, instant),))


def beginning(stated: StatedTime) -> StatedTime:
    """The time at which a stated day, month or year begins; a clock time is itself.

    A count "to 2024-05-01" ends as that day begins.
    """
    start = _first_second(stated.start)
    end = start if stated.start is stated.end else _first_second(stated.end)
    return StatedTime(stated.text, start, end, stated.zones, stated.readings)


def _first_second(civil: CivilTime) -> CivilTime:
    return civil if civil.is_clock else CivilTime(civil.first, civil.first, civil.zone, False)


def ending(stated: StatedTime) -> StatedTime:
    """The time at which a stated day, month or year is over: the first second after it; a clock time is itself.

    A question "at 2024-04-20" includes the 20th.
    """
    end = _second_after(stated.end)
    return StatedTime(stated.text, end, end, stated.zones, stated.readings)


def _second_after(civil: CivilTime) -> CivilTime:
    if civil.is_clock:
        return civil
    after = civil.last + timedelta(seconds=1)
    return CivilTime(after, after, civil.zone, False)
