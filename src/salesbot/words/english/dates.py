"""Days, months and clock times as people say them: ``3 April 2024``, ``28 March 2024, 22:00 (UTC+8)``."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from salesbot.values.moment import CivilTime, StatedTime
from salesbot.values.patterns import compiled_at_use

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_ISO = compiled_at_use(r"\d{4}(-\d{2}(-\d{2}(T[\d:]+(Z|[+-]\d{2}:\d{2})?)?)?)?(/.*)?")
_MONTH = compiled_at_use("|".join(name for name in MONTHS if len(name) > 3))
_OFFSET = compiled_at_use(r"(Z|[+-]\d{2}:\d{2})$")


def day_text(day: date) -> str:
    """``28 March 2024``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def abbreviated(text: str) -> str:
    """Days of this module with short names of months: ``28 Mar 2024``."""
    return _MONTH.sub(lambda match: match[0][:3], text)


def month_text(day: date) -> str:
    """``March 2024``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def stated_text(stated: StatedTime) -> str:
    """A time as people say it; one that was typed in words stays as it was typed."""
    if not _ISO.fullmatch(stated.text):
        return stated.text
    first, _, last = stated.text.partition("/")
    if not last:
        return _part(stated.start, first)
    if stated.start.is_clock and stated.end.is_clock and stated.is_day and _offset(first) == _offset(last):
        clocks = f"{_clock(stated.start.first)}–{_clock(stated.end.last)}"
        return f"{day_text(stated.start.first.date())}, {clocks}{_zone(first)}"
    return f"{_part(stated.start, first)} to {_part(stated.end, last)}"


def _part(civil: CivilTime, text: str) -> str:
    first = civil.first
    if civil.is_clock:
        return f"{day_text(first.date())}, {_clock(first)}{_zone(text)}"
    return {4: str(first.year), 7: month_text(first)}.get(len(text), day_text(first.date()))


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}" if at.second == 0 else f"{at:%H:%M:%S}"


def _offset(text: str) -> str:
    match = _OFFSET.search(text)
    return match[1] if match else ""


def _zone(text: str) -> str:
    """The offset of a clock time in brackets: ``(UTC+8)``, ``(UTC−4)``, ``(UTC+5:30)``."""
    offset = _offset(text)
    if not offset:
        return ""
    if offset == "Z":
        return " (UTC)"
    hours, minutes = offset[1:].split(":")
    sign = "+" if offset[0] == "+" else "−"
    return f" (UTC{sign}{int(hours)}{'' if minutes == '00' else ':' + minutes})"


def last_day(out: StatedTime) -> str:
    """The last day in, of a span whose first day out, or last instant, is ``out``."""
    if out.is_clock:
        return stated_text(out)
    if out.start != out.end:  # one of several
        return brief_span(*(last_day(replace(out, start=end, end=end)) for end in (out.start, out.end)))
    return day_text(out.days[0] - timedelta(days=1))


def brief_days(valid_from: StatedTime | None, valid_to: StatedTime | None) -> str:
    """A span of days in short, its last day included: ``1–20 Apr 2024``, ``from 1 Apr 2024``, ``to 13 Nov 2023``."""
    start = abbreviated(stated_text(valid_from)) if valid_from else ""
    end = abbreviated(last_day(valid_to)) if valid_to else ""
    if valid_to and not (valid_to.is_day or valid_to.is_clock) and valid_to.start == valid_to.end:
        return f"{start} to some day of {abbreviated(stated_text(valid_to))}".strip()
    return brief_span(start, end)


def brief_span(start: str, end: str) -> str:
    """From one day to another, both in words; a month or year that both have is said once."""
    if not (start and end):
        return f"from {start}" if start else f"to {end}" if end else ""
    if start == end:
        return start
    first, last = start.split(" "), end.split(" ")
    if len(first) == len(last) == 3 and first[0].isdecimal() and last[0].isdecimal():
        if first[1:] == last[1:]:
            return f"{first[0]}–{end}"
        if first[2] == last[2]:
            return f"{' '.join(first[:2])} – {end}"
    return f"{start} – {end}"


def whole_period(first: StatedTime, out: StatedTime) -> str:
    """A whole day, month, quarter or year by its name; empty for any other period."""
    if first.is_clock or out.is_clock or not (first.is_day and out.is_day):
        return ""
    start, last = first.days[0], out.days[0] - timedelta(days=1)
    if start == last:
        return day_text(start)
    if start.day != 1 or last.day != monthrange(last.year, last.month)[1] or start.year != last.year:
        return ""
    if start.month == last.month:
        return month_text(start)
    if (start.month, last.month) == (1, 12):
        return f"the year {start.year}"
    return f"{MONTHS[start.month - 1]} to {MONTHS[last.month - 1]} {start.year}"
