"""Moments: cells of a pack and typed times, read into spans of UTC seconds (sections 2, 5 and 8.2)."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

HALF_HOUR = 1800
US_ZONES = tuple(
    ZoneInfo(key)
    for key in (
        "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
        "America/Anchorage", "Pacific/Honolulu",
    )
)  # fmt: skip


def fixed(hours: float) -> tzinfo:
    return timezone(timedelta(hours=hours))


ANYWHERE = (fixed(14), fixed(-12))
Reading = tuple[tzinfo, ...]  # the clocks of one reading of a zone; several where it means a region
_WORDS: dict[str, tuple[Reading, ...]] = {
    "utc": ((UTC,),), "gmt": ((UTC,),), "z": ((UTC,),),
    "beijing time": ((ZoneInfo("Asia/Shanghai"),),), "北京时间": ((ZoneInfo("Asia/Shanghai"),),),
    "us time": (US_ZONES,),
    "eastern": ((US_ZONES[0],),), "美国东部时间": ((US_ZONES[0],),),
    "central": ((US_ZONES[1],),), "mountain": ((US_ZONES[2],),), "pacific": ((US_ZONES[4],),),
    "cst": ((fixed(8),), (fixed(-6),), (fixed(-5),)),
    "est": ((fixed(-5),),), "edt": ((fixed(-4),),), "mst": ((fixed(-7),),), "mdt": ((fixed(-6),),),
    "pst": ((fixed(-8),), (fixed(8),)), "pdt": ((fixed(-7),),),
    "bst": ((fixed(1),), (fixed(6),)), "ist": ((fixed(5.5),), (fixed(1),), (fixed(2),)),
    "cet": ((fixed(1),),), "cest": ((fixed(2),),), "jst": ((fixed(9),),), "kst": ((fixed(9),),),
    "hkt": ((fixed(8),),), "sgt": ((fixed(8),),), "aest": ((fixed(10),),), "aedt": ((fixed(11),),),
}  # fmt: skip
_PART = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII)
_TYPED = re.compile(
    r"(?P<about>about )?(?P<date>\d{4}(?:-\d{1,2}(?:-\d{1,2})?)?)(?:[ T](?P<clock>\d{1,2}:\d\d(?::\d\d)?))? ?(?P<zone>.*)",
    re.ASCII,
)


class NeverComes(Exception):
    """A clock time that its zone skips."""


class NotATime(Exception):
    """A text that is no time."""


@dataclass(frozen=True, order=True)
class Span:
    """An instant known to lie between two UTC seconds, both included."""

    earliest: int
    latest: int

    @property
    def is_instant(self) -> bool:
        return self.earliest == self.latest

    def overlaps(self, other: Span) -> bool:
        return self.earliest <= other.latest and other.earliest <= self.latest


@dataclass(frozen=True)
class Written:
    """A date or clock time as written: its first and last second on its own clock."""

    first: datetime
    last: datetime
    zone: tzinfo | None
    is_clock: bool
    precision: str  # year, month, day or clock


def hull(spans: list[Span]) -> Span:
    return Span(min(span.earliest for span in spans), max(span.latest for span in spans))


def written(text: str) -> tuple[Written, Written]:
    """The two ends of a Moment cell; the same one twice where there is no slash."""
    parts = [_part(part) for part in text.split("/")]
    return parts[0], parts[-1]


def _part(text: str) -> Written:
    match = _PART.fullmatch(text)
    if match is None:
        raise NotATime(text)
    year, month, day, hour, minute, second, zone = match.groups()
    if hour is not None:
        at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
        return Written(at, at, offset(zone) if zone else None, True, "clock")
    return whole_days(year, month, day)


def whole_days(year: str, month: str | None, day: str | None) -> Written:
    """A year, month or day from its first to its last second."""
    first = datetime(int(year), int(month or 1), int(day or 1))
    last_month = int(month or 12)
    last_day = int(day) if day else monthrange(int(year), last_month)[1]
    last = datetime(int(year), last_month, last_day, 23, 59, 59)
    return Written(first, last, None, False, "day" if day else "month" if month else "year")


def offset(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)


def instants(local: datetime, zone: tzinfo) -> list[int]:
    """Every UTC second at which a clock of the zone shows this; none where it skips it, two where it comes twice."""
    found = []
    for fold in (0, 1):
        aware = local.replace(tzinfo=zone, fold=fold)
        if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local:
            found.append(round(aware.timestamp()))
    return list(dict.fromkeys(found))


def _span_of(time: Written, zone: tzinfo, end: bool) -> int:
    clock = time.zone or zone
    found = instants(time.last if end else time.first, clock)
    if not found:
        raise NeverComes
    return max(found) if end else min(found)


def cell_span(text: str, clocks: tuple[tzinfo, ...]) -> Span:
    """When a Moment cell lies, its bare dates read on each of the clocks: closed at both ends."""
    first, last = written(text)
    return hull([Span(_span_of(first, clock, False), _span_of(last, clock, True)) for clock in clocks])


def boundary(text: str, zone: tzinfo) -> Span:
    """When a count starts or ends: a day stands for the instant at which it begins."""
    first, last = written(text)
    if last.precision in ("month", "year") and first is not last:
        raise NotATime(text)
    spans = [_span_of(part, zone, False) for part in (first, last)]
    return Span(min(spans), max(spans))


def stated_days(text: str) -> tuple[date, date]:
    """The first and last date of a cell as stated, no zone applied."""
    first, last = written(text)
    return first.first.date(), last.last.date()


def zone_readings(text: str) -> tuple[Reading, ...] | None:
    """The readings of a typed zone: an offset, an IANA key, a name or an abbreviation; None if it is none."""
    plain = text.strip().casefold()
    if plain in _WORDS:
        return _WORDS[plain]
    if re.fullmatch(r"[+-]\d\d:\d\d", plain):
        return ((offset(plain),),)
    try:
        return ((ZoneInfo(text.strip()),),)
    except (KeyError, ValueError, OSError):
        return None


@dataclass(frozen=True)
class Typed:
    """A typed time: what was written, half an hour of doubt or none, and the readings of its zone (none: not said)."""

    time: Written
    is_about: bool
    readings: tuple[Reading, ...]

    def spans(self, default: tuple[Reading, ...]) -> list[Span]:
        """The span under every reading, also both of a clock time that comes twice. Raises ``NeverComes``."""
        found: list[Span] = []
        for reading in self.readings or default:
            found += self._under(reading)
        if not found:
            raise NeverComes
        return found

    def _under(self, reading: Reading) -> list[Span]:
        spans: list[list[Span]] = [self._on(clock) for clock in reading]
        if len(reading) == 1:
            return spans[0]
        flat = [span for some in spans for span in some]
        return [hull(flat)] if flat else []

    def _on(self, clock: tzinfo) -> list[Span]:
        if not self.time.is_clock:
            return [Span(min(instants(self.time.first, clock)), max(instants(self.time.last, clock)))]
        by = HALF_HOUR if self.is_about else 0
        return [Span(at - by, at + by) for at in instants(self.time.first, clock)]


def typed(text: str) -> Typed:
    """A time as an asker writes it. Raises ``NotATime``."""
    match = _TYPED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise NotATime(text)
    year, month, day = (*match["date"].split("-"), None, None)[:3]
    zone = match["zone"].strip()
    readings = zone_readings(zone) if zone else ()
    if readings is None or (match["clock"] and not day):
        raise NotATime(text)
    try:
        time = whole_days(str(year), month, day)
        if match["clock"]:
            hour, minute, second = (*match["clock"].split(":"), "0")[:3]
            at = time.first.replace(hour=int(hour), minute=int(minute), second=int(second))
            time = Written(at, at, None, True, "clock")
    except ValueError:
        raise NotATime(text) from None
    return Typed(time, bool(match["about"]), readings)


def day_after(time: Written) -> datetime:
    """The first instant after a written day, month or year, on its own clock."""
    return datetime.combine(time.last.date() + timedelta(days=1), datetime.min.time())
