"""The time of a count as people type it: a month, a day by which, a time since the opening, or from one day to another.

A month, a quarter, a year or two days are a count of that period alone. A day, a clock time or a duration is a count
since the opening, up to its end.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from msgspec import Struct

from salesbot.errors import TextError
from salesbot.facts import Launch
from salesbot.packs.suggestions import quarter_of, time_like
from salesbot.questions.typed_values import is_duration, typed_duration
from salesbot.values.moment import StatedTime, cell_time, typed_time
from salesbot.values.patterns import compiled_at_use
from salesbot.values.zones import zone_readings

_BY = compiled_at_use(r"(?:by|until|as of|截至|截止)\s*(?:the end of\s+)?(.+)", re.IGNORECASE)
_FROM_TO = compiled_at_use(r"(?:from\s+)?(.+?)(?:\s+to\s+|\s*\.\.\s*|\s*至\s*|\s*到\s*)(.+)", re.IGNORECASE)
_HOURS = compiled_at_use(r"(?:first|within|首)\s*(.+)", re.IGNORECASE)


class Period(Struct, frozen=True):
    """The cells of a period: when the count starts, the first instant that is out, and how it counts."""

    start: str
    end: str
    counting: str


def typed_period(text: str, launch: Launch) -> Period:
    """The period that a text names, in the zone of a launch. Raises ``TextError``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := _HOURS.fullmatch(plain):
        plain = match[1]
    if is_duration(plain):
        return Period("", _after_opening(typed_duration(plain), launch), "cumulative")
    if match := _BY.fullmatch(plain):
        return Period("", _end(_time(match[1]), launch), "cumulative")
    if match := _FROM_TO.fullmatch(plain):
        return Period(_start(_time(match[1]), launch), _end(_time(match[2]), launch), "new")
    if quarter := quarter_of(plain):
        return Period(f"{quarter[0]}-01", f"{quarter[1]}-01", "new")
    stated = _time(plain)
    if stated.is_clock or stated.is_day:
        return Period("", _end(stated, launch), "cumulative")
    return Period(_start(stated, launch), _end(stated, launch), "new")


def typed_cell_time(text: str, zone: str) -> str:
    """A day, month, year or instant as the text of a cell; a clock time is read in ``zone``, as it can be stated.

    Raises ``TextError``, also where the clock time is several instants in that zone.
    """
    if not zone_readings(zone):
        raise TextError("zone", text=zone)
    stated = _time(unicodedata.normalize("NFKC", text).strip())
    return _instant(stated, zone) if stated.is_clock else _iso(stated)


def _time(text: str) -> StatedTime:
    """A time by ISO 8601, by the name of its month, or as it can be typed in a question. Raises ``TextError``."""
    try:
        return cell_time(text)
    except TextError:
        pass
    if likely := time_like(text):
        return cell_time(likely)
    return typed_time(text)


def _iso(stated: StatedTime) -> str:
    first, last = stated.days
    if first == last:
        return first.isoformat()
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return f"{first:%Y}" if first.year == last.year else f"{first.isoformat()}/{last.isoformat()}"


def _start(stated: StatedTime, launch: Launch) -> str:
    return _instant(stated, launch.zone) if stated.is_clock else stated.days[0].isoformat()


def _end(stated: StatedTime, launch: Launch) -> str:
    """The first instant that is out: a day, a month and a year end with their last day."""
    if stated.is_clock:
        return _instant(stated, launch.zone)
    out: date = stated.days[1] + timedelta(days=1)
    return out.isoformat()


def _instant(stated: StatedTime, zone: str) -> str:
    moment = stated.read(zone_readings(zone))
    if not moment.is_instant:
        raise TextError("typed_time")
    return _local(moment.earliest, zone)


def _local(instant: int, zone: str) -> str:
    local = datetime.fromtimestamp(instant, UTC).astimezone(zone_readings(zone)[0].clocks[0])
    return local.isoformat(timespec="minutes" if local.second == 0 else "seconds")


def _after_opening(seconds: int, launch: Launch) -> str:
    opened = launch.opened.read(launch.zones) if launch.opened is not None else None
    if opened is None or not opened.is_instant:
        raise TextError("opening_not_exact", name=launch.model)
    at = datetime.fromtimestamp(opened.earliest, UTC) + relativedelta(seconds=seconds)
    return _local(int(at.timestamp()), launch.zone)
