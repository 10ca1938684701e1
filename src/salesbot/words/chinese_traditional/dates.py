# Made from words/chinese by `make traditional`: change those, never this file.
"""Days, months and clock times in Chinese: ``2024年4月3日``, ``2024年3月28日22:00（UTC+8）``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from salesbot.values.moment import CivilTime, Moment, StatedTime

_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2}(T[\d:]+(Z|[+-]\d{2}:\d{2})?)?)?)?(/.*)?")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:\d{2})$")


def day_text(day: date) -> str:
    """``2024年3月28日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_text(day: date) -> str:
    """``2024年3月``."""
    return f"{day.year}年{day.month}月"


def stated_text(stated: StatedTime) -> str:
    """A time as people write it; one that was typed in words stays as it was typed."""
    if not _ISO.fullmatch(stated.text):
        return stated.text
    first, _, last = stated.text.partition("/")
    if not last:
        return _part(stated.start, first)
    if stated.start.is_clock and stated.end.is_clock and stated.is_day and _offset(first) == _offset(last):
        clocks = f"{_clock(stated.start.first)}–{_clock(stated.end.last)}"
        return f"{day_text(stated.start.first.date())}{clocks}{_zone(first)}"
    return f"{_part(stated.start, first)}至{_part(stated.end, last)}"


def _part(civil: CivilTime, text: str) -> str:
    first = civil.first
    if civil.is_clock:
        return f"{day_text(first.date())}{_clock(first)}{_zone(text)}"
    return {4: f"{first.year}年", 7: month_text(first)}.get(len(text), day_text(first.date()))


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}" if at.second == 0 else f"{at:%H:%M:%S}"


def _offset(text: str) -> str:
    match = _OFFSET.search(text)
    return match[1] if match else ""


def _zone(text: str) -> str:
    offset = _offset(text)
    if not offset:
        return ""
    if offset == "Z":
        return "（UTC）"
    hours, minutes = offset[1:].split(":")
    sign = "+" if offset[0] == "+" else "−"
    return f"（UTC{sign}{int(hours)}{'' if minutes == '00' else ':' + minutes}）"


def last_day(out: StatedTime) -> str:
    """The last day in, of a span whose first day out, or last instant, is ``out``."""
    if out.is_clock:
        return stated_text(out)
    if out.start != out.end:  # one of several
        return between(*(last_day(replace(out, start=end, end=end)) for end in (out.start, out.end)))
    return day_text(out.days[0] - timedelta(days=1))


def ended(moment: Moment) -> str:
    """When a count ends: ``截至2024年4月24日``."""
    return f"截至{stated_text(moment.stated) if moment.stated.is_clock else last_day(moment.stated)}"


def end_of(moment: Moment) -> str:
    """The moment at which a count ends: a clock time, or the end of the last day in, ``2024年4月20日末``."""
    return stated_text(moment.stated) if moment.stated.is_clock else f"{last_day(moment.stated)}末"


def days(valid_from: StatedTime | None, valid_to: StatedTime | None) -> str:
    """A span of days, its last day included: ``2024年4月1日至20日``, ``2024年4月1日起``."""
    start = stated_text(valid_from) if valid_from else ""
    end = last_day(valid_to) if valid_to else ""
    if valid_to and not (valid_to.is_day or valid_to.is_clock) and valid_to.start == valid_to.end:
        return f"{start}至{stated_text(valid_to)}的某一天"
    return between(start, end)


def between(start: str, end: str) -> str:
    """From one day to another; a year or month that both have is written once."""
    if not (start and end):
        return f"{start}起" if start else f"至{end}" if end else ""
    if start == end:
        return start
    for sign in ("月", "年"):
        head, found, tail = end.partition(sign)
        if found and tail and start.startswith(head + sign) and len(start) > len(head) + 1:
            return f"{start}至{tail}"
    return f"{start}至{end}"


def utc(instant: int) -> str:
    """An instant in UTC, to the minute where that is exact."""
    at = datetime.fromtimestamp(instant, UTC)
    return f"{day_text(at.date())}{at:%H:%M}{f':{at:%S}' if at.second else ''} UTC"


ZONES = {
    "not stated": "時區未說明",
    "US, zone not named": "美國，未說明哪個時區",
    "any zone, -12:00 to +14:00": "任一時區，-12:00至+14:00",
    "US, Eastern to Hawaii": "美國，東部至夏威夷",
    "US Eastern": "美國東部",
    "US Central": "美國中部",
    "US Mountain": "美國山區",
    "US Pacific": "美國太平洋",
    "Beijing": "北京",
    "Japan": "日本",
    "Korea": "韓國",
    "Hong Kong": "香港",
    "Singapore": "新加坡",
    "CST, China": "CST（中國）",
    "CST, US Central": "CST（美國中部）",
    "CST, Cuba": "CST（古巴）",
    "CDT, US Central": "CDT（美國中部）",
    "CDT, Cuba": "CDT（古巴）",
    "PST, US Pacific": "PST（美國太平洋）",
    "PST, Philippines": "PST（菲律賓）",
    "BST, UK": "BST（英國）",
    "BST, Bangladesh": "BST（孟加拉）",
    "IST, India": "IST（印度）",
    "IST, Ireland": "IST（愛爾蘭）",
    "IST, Israel": "IST（以色列）",
}


def zone_name(zone: str) -> str:
    """A zone, or a reading of one, as a reader names it; IANA names and offsets as they are."""
    return ZONES.get(zone, zone)


def with_zone(stated: str, zone: str) -> str:
    """A time with the zone it was stated in: ``19:00（UTC+8，Asia/Shanghai）``."""
    named = zone_name(zone)
    return f"{stated[:-1]}，{named}）" if stated.endswith("）") else f"{stated}（{named}）"
