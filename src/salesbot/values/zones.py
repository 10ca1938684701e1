"""Which clocks a zone's name can mean: one for most names, several for "CST", every clock on Earth for none.

Offsets of abbreviations, and the names with several meanings (China, US and Cuba CST; US and Philippines PST; UK and
Bangladesh BST; India, Ireland and Israel IST), are those of the tz database's files.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from datetime import timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from salesbot.values.patterns import compiled_at_use


class Zone(Struct, frozen=True):
    """One reading of a zone: its name, and every clock it could be (one, or all those of a region)."""

    name: str
    clocks: tuple[tzinfo, ...]


def offset_zone(minutes: int, name: str = "") -> Zone:
    """A fixed offset from UTC, ``minutes`` east."""
    sign, size = ("+" if minutes >= 0 else "-"), abs(minutes)
    text = "UTC" if minutes == 0 else f"UTC{sign}{size // 60:02}:{size % 60:02}"
    return Zone(name or text, (timezone(timedelta(minutes=minutes)),))


def _place(key: str, name: str = "") -> Zone:
    return Zone(name or key, (ZoneInfo(key),))


def _fixed(hours: float, name: str) -> Zone:
    return offset_zone(round(hours * 60), name)


UTC = offset_zone(0)
ANYWHERE = Zone("any zone, -12:00 to +14:00", (_fixed(14, "").clocks[0], _fixed(-12, "").clocks[0]))
_US_PLACES = ("New_York", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage")
US = Zone(
    "US, Eastern to Hawaii",
    (*(ZoneInfo(f"America/{place}") for place in _US_PLACES), ZoneInfo("Pacific/Honolulu")),
)
_EASTERN, _CENTRAL = _place("America/New_York", "US Eastern"), _place("America/Chicago", "US Central")
_MOUNTAIN, _PACIFIC = _place("America/Denver", "US Mountain"), _place("America/Los_Angeles", "US Pacific")
_BEIJING = _place("Asia/Shanghai", "Beijing")
_TOKYO, _SEOUL = _place("Asia/Tokyo", "Japan"), _place("Asia/Seoul", "Korea")
_HONG_KONG, _SINGAPORE = _place("Asia/Hong_Kong", "Hong Kong"), _place("Asia/Singapore", "Singapore")

_WORDS: dict[str, tuple[Zone, ...]] = {
    "utc gmt z 世界时 格林尼治时间 协调世界时": (UTC,),
    "beijing china 北京时间 北京 中国时间 中国标准时间 bjt": (_BEIJING,),
    "us usa 美国时间 美国 us,zonenotnamed": (US,),
    "eastern useastern et 美国东部时间 美东时间 美东 东部时间": (_EASTERN,),
    "central uscentral ct 美国中部时间 美中时间 中部时间": (_CENTRAL,),
    "mountain usmountain mt 美国山地时间 美国山区时间 山地时间": (_MOUNTAIN,),
    "pacific uspacific pt 美国太平洋时间 美西时间 太平洋时间 美国西部时间": (_PACIFIC,),
    "cst": (_fixed(8, "CST, China"), _fixed(-6, "CST, US Central"), _fixed(-5, "CST, Cuba")),
    "cdt": (_fixed(-5, "CDT, US Central"), _fixed(-4, "CDT, Cuba")),
    "est": (_fixed(-5, "EST"),),
    "edt": (_fixed(-4, "EDT"),),
    "mst": (_fixed(-7, "MST"),),
    "mdt": (_fixed(-6, "MDT"),),
    "pst": (_fixed(-8, "PST, US Pacific"), _fixed(8, "PST, Philippines")),
    "pdt": (_fixed(-7, "PDT"),),
    "bst": (_fixed(1, "BST, UK"), _fixed(6, "BST, Bangladesh")),
    "ist": (_fixed(5.5, "IST, India"), _fixed(1, "IST, Ireland"), _fixed(2, "IST, Israel")),
    "cet": (_fixed(1, "CET"),),
    "cest": (_fixed(2, "CEST"),),
    "jst japan 日本时间 东京时间": (_TOKYO,),
    "kst korea 韩国时间 首尔时间": (_SEOUL,),
    "hkt hongkong 香港时间": (_HONG_KONG,),
    "sgt singapore 新加坡时间": (_SINGAPORE,),
    "aest": (_fixed(10, "AEST"),),
    "aedt": (_fixed(11, "AEDT"),),
    "notstated anywhere 未说明": (ANYWHERE,),
}
_BY_WORD = {word: zones for words, zones in _WORDS.items() for word in words.split()}
_OFFSET = compiled_at_use(r"(?:utc|gmt)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?")
_IGNORES_CASE = sys.platform in ("darwin", "win32")  # in names of files, so that a key of another case is one there
_PLACE_KEY = compiled_at_use(r"[A-Z][A-Za-z]*(?:/[A-Z][A-Za-z0-9_+-]*){1,2}")


@cache
def _tz_keys() -> dict[str, str]:
    return {key.casefold(): key for key in available_timezones()}


@lru_cache(maxsize=4096)
def zone_readings(text: str) -> tuple[Zone, ...]:
    """Every reading of a zone as typed: an offset, an IANA key, a name or an abbreviation; none if it is no zone."""
    key = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    if match := _OFFSET.fullmatch(key.replace("−", "-")):
        minutes = int(match[2]) * 60 + int(match[3] or 0)
        if minutes > 14 * 60 or int(match[3] or 0) > 59:
            return ()
        return (offset_zone(-minutes if match[1] == "-" else minutes),)
    for word in (key, key.removesuffix("time"), key.removesuffix("standardtime")):
        if word in _BY_WORD:
            return _BY_WORD[word]
    if "/" not in key:
        return ()  # a key such as Egypt, which is no zone as people say it; the list of all of them is not needed
    iana = text if _is_place(text) else _tz_keys().get(key)
    return (_place(iana),) if iana else ()


def _is_place(text: str) -> bool:
    """Whether a text is the key of a place as the tz database writes it; all of its keys are not listed for that."""
    if _IGNORES_CASE or not _PLACE_KEY.fullmatch(text):
        return False
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return False
    return True


def is_iana_zone(text: str) -> bool:
    """Whether a text is a zone of the IANA tz database by its own name, such as Asia/Shanghai or UTC."""
    return _is_place(text) or _tz_keys().get(text.casefold()) == text
