"""When, if all that is known is a stretch of time, or a clock without its zone.

A ``Stated`` time is what a text says (civil dates and clock times, perhaps an offset). Read in a
zone it becomes a ``Moment``: an instant known to lie between two UTC instants, both included, one
reading for each zone the text could mean. All instants are whole seconds since 1970 in UTC.
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
from msgspec.structs import replace

from salesbot.values.zones import ANYWHERE, Zone, zone_readings

Order = Literal["before", "after", "same", "cannot tell"]
Response = Literal["cannot be", "possible", "cannot tell"]
HALF_HOUR = timedelta(minutes=30)


class Civil(Struct, frozen=True):
    """One written date or clock time: its first and last second on the clock it was read from."""

    first: datetime
    last: datetime
    zone: Zone | None = None
    is_clock: bool = False


class Stated(Struct, frozen=True):
    """A time as a text states it, not yet read in a zone. ``start`` and ``end`` differ in ``a/b``."""

    text: str
    start: Civil
    end: Civil
    zones: tuple[Zone, ...] = ()

    @property
    def days(self) -> tuple[date, date]:
        """First and last date, as stated (no zone applied)."""
        return self.start.first.date(), self.end.last.date()

    @property
    def is_clock(self) -> bool:
        return self.start.is_clock or self.end.is_clock

    @property
    def has_zone(self) -> bool:
        return bool(self.zones) or (self.start.zone is not None and self.end.zone is not None)

    def read(self, zones: tuple[Zone, ...] = (ANYWHERE,)) -> Moment:
        """The moment, in the zone the text names, else in each of ``zones``."""
        readings: list[Reading] = []
        for zone in self.zones or zones:
            for earliest, latest in _instants(self, zone):
                readings.append(Reading(_zone_name(self, zone), earliest, latest))
        if not readings:
            raise ValueError("a clock time that never comes in that zone")
        return Moment(self, tuple(readings))


class Reading(Struct, frozen=True):
    """A moment under one reading of its zone."""

    zone: str
    earliest: int
    latest: int


class Moment(Struct, frozen=True):
    """An instant between ``earliest`` and ``latest`` (UTC seconds, both included), and its readings."""

    stated: Stated
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
    def is_instant(self) -> bool:
        return self.earliest == self.latest

    @property
    def zone(self) -> str:
        return " or ".join(dict.fromkeys(reading.zone for reading in self.readings))


class Relation(Struct, frozen=True):
    """How a first moment stands to a second: the order, and the least and greatest gap in seconds."""

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
    early, late = sorted((first, second))
    delta = relativedelta(late, early)
    return CalendarGap(delta.years, delta.months, delta.days, (late - early).days)


_DATE = r"(?P<y>\d{4})(?:-(?P<m>\d{1,2})(?:-(?P<d>\d{1,2}))?)?"
_CLOCK = r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}))?"
_CELL = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m>\d{2})(?:-(?P<d>\d{2})(?:T(?P<H>\d{2}):(?P<M>\d{2})(?::(?P<S>\d{2}))?"
    r"(?P<zone>Z|[+-]\d{2}:\d{2}))?)?)?"
)
_TYPED = re.compile(
    rf"(?P<about>about\s+|around\s+|~\s*|大约|约)?{_DATE}(?:(?:\s+|[Tt])(?P<about2>about\s+|大约|约)?{_CLOCK})?\s*(?P<zone>.*)"
)
_CHINESE_DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?")
FIRST_YEAR, LAST_YEAR = 1900, 2199
CELL_HINT = "an ISO 8601 date, month or year, or a date-time with its offset (2024-03-28T19:00+08:00), or earliest/latest of those"
TYPED_HINT = "write it as 2024-03-28, 2024-03-28 19:00 Asia/Shanghai or about 2024-03-27 04:00 US time"


@lru_cache(maxsize=4096)
def cell_time(text: str) -> Stated:
    """A Moment cell of a pack. Raises ``ValueError`` saying what is expected."""
    parts = text.split("/")
    if len(parts) > 2:
        raise ValueError(CELL_HINT)
    civils = [_cell_part(part) for part in parts]
    stated = Stated(text, civils[0], civils[-1])
    if len(parts) == 2 and _loosely_after(stated.start, stated.end):
        raise ValueError("earliest/latest with the earlier one first")
    return stated


def _cell_part(text: str) -> Civil:
    match = _CELL.fullmatch(text)
    if not match:
        raise ValueError(CELL_HINT)
    zone = zone_readings(match["zone"]) if match["zone"] else ()
    if match["zone"] and not zone:
        raise ValueError("an offset between -14:00 and +14:00")
    return _civil(match, zone[0] if zone else None)


def _loosely_after(start: Civil, end: Civil) -> bool:
    """Whether ``start`` comes after ``end``, whatever zone they are read in."""
    if start.zone is None and end.zone is None:
        return start.first > end.last
    early = ANYWHERE.clocks[0] if start.zone is None else start.zone.clocks[0]
    late = ANYWHERE.clocks[1] if end.zone is None else end.zone.clocks[0]
    return start.first.replace(tzinfo=early) > end.last.replace(tzinfo=late)


def typed_time(text: str) -> Stated:
    """A time as a person types it. Raises ``ValueError`` saying what is wrong."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _CHINESE_DATE.sub(_iso_of_chinese, plain)
    match = _TYPED.fullmatch(plain)
    if not match:
        raise ValueError(TYPED_HINT)
    zone_text = match["zone"].strip()
    if zone_text and not match["H"] and zone_text[0].isdigit():
        raise ValueError(TYPED_HINT)
    zones = zone_readings(zone_text)
    if zone_text and not zones:
        raise ValueError(f"'{zone_text}' is no zone known here; write an offset, or Asia/Shanghai, or Beijing time")
    civil = _civil(match, None)
    if (match["about"] or match["about2"]) and civil.is_clock:
        civil = Civil(civil.first - HALF_HOUR, civil.last + HALF_HOUR, None, True)
    return Stated(text.strip(), civil, civil, zones)


def _iso_of_chinese(match: re.Match[str]) -> str:
    return "-".join(part.zfill(2) for part in match.groups() if part) + " "


def _civil(match: re.Match[str], zone: Zone | None) -> Civil:
    year, month, day = int(match["y"]), match["m"], match["d"]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    try:
        first = datetime(year, int(month or 1), int(day or 1))
        if match["H"] and not day:
            raise ValueError("a clock time needs its whole date")
        if match["H"]:
            return _clock(first, int(match["H"]), int(match["M"]), int(match["S"] or 0), zone)
    except ValueError as error:
        raise ValueError(f"a date and time that exist ({error})") from None
    step = relativedelta(days=1) if day else relativedelta(months=1) if month else relativedelta(years=1)
    return Civil(first, first + step - timedelta(seconds=1), zone)


def _clock(day: datetime, hour: int, minute: int, second: int, zone: Zone | None) -> Civil:
    if (hour, minute, second) == (24, 0, 0):
        at = day + timedelta(days=1)
    else:
        at = datetime.combine(day.date(), time(hour, minute, second))
    return Civil(at, at, zone, True)


def _zone_name(stated: Stated, zone: Zone) -> str:
    if stated.start.zone is not None and stated.end.zone is not None:
        names = dict.fromkeys((stated.start.zone.name, stated.end.zone.name))
        return " to ".join(names)
    return zone.name


def _instants(stated: Stated, zone: Zone) -> Iterator[tuple[int, int]]:
    """The bounds under one zone; two pairs where the clock time comes twice, none where it never comes."""
    starts = _bounds(stated.start, zone)
    if stated.start is stated.end:
        yield from starts
        return
    ends = _bounds(stated.end, zone)
    if starts and ends:
        yield min(low for low, _ in starts), max(high for _, high in ends)


def _bounds(civil: Civil, zone: Zone) -> list[tuple[int, int]]:
    clocks = (civil.zone or zone).clocks
    if len(clocks) == 1:
        return _on_one_clock(civil, clocks[0])
    spans = [span for clock in clocks for span in _on_one_clock(civil, clock)]
    return [(min(low for low, _ in spans), max(high for _, high in spans))] if spans else []


def _on_one_clock(civil: Civil, clock: tzinfo) -> list[tuple[int, int]]:
    if not civil.is_clock or isinstance(clock, timezone):
        return [(_epoch(civil.first, clock), _epoch(civil.last, clock, fold=1))]
    middle = civil.first + (civil.last - civil.first) / 2
    folds = [fold for fold in (0, 1) if _comes(middle, clock, fold)]
    spans = [(_epoch(civil.first, clock, fold), _epoch(civil.last, clock, fold)) for fold in folds]
    return list(dict.fromkeys(spans))


def _comes(local: datetime, clock: tzinfo, fold: int) -> bool:
    aware = local.replace(tzinfo=clock, fold=fold)
    return aware.astimezone(_UTC).astimezone(clock).replace(tzinfo=None) == local


def _epoch(local: datetime, clock: tzinfo, fold: int = 0) -> int:
    return int(local.replace(tzinfo=clock, fold=fold).timestamp())


def utc_text(instant: int) -> str:
    """An instant as ISO 8601 in UTC, whole seconds."""
    return datetime.fromtimestamp(instant, _UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant(epoch: int, zone: Zone) -> Moment:
    """A known instant, written on a clock of ``zone``."""
    local = datetime.fromtimestamp(epoch, zone.clocks[0])
    text = local.isoformat(timespec="seconds" if local.second else "minutes")
    civil = Civil(local.replace(tzinfo=None), local.replace(tzinfo=None), zone, True)
    return Moment(Stated(text, civil, civil), (Reading(zone.name, epoch, epoch),))


def beginning(stated: Stated) -> Stated:
    """The time at which a stated day or month begins; a clock time is itself.

    A count "to 2024-05-01" ends as that day begins.
    """
    start, end = (c if c.is_clock else replace(c, last=c.first) for c in (stated.start, stated.end))
    return Stated(stated.text, start, start if stated.start is stated.end else end, stated.zones)
