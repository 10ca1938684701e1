"""Values as people type them: durations, times and numbers. Each reader raises ``TextError``."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from datetime import date
from fractions import Fraction

from salesbot.errors import TextError
from salesbot.values.moment import StatedTime, cell_time, typed_time
from salesbot.values.patterns import compiled_at_use
from salesbot.values.post_ids import post_time
from salesbot.values.quantity import Quantity, decimal_text
from salesbot.values.written_dates import iso_date

LONGEST_DURATION = 10 * 366 * 86400
_SECONDS = {
    60: "m min mins minute minutes 分 分钟 分鐘",
    3600: "h hr hrs hour hours 小时 小時 个小时 個小時",
    86400: "d day days 天 日",
    604800: "w week weeks 周 週 星期",
}
_UNITS = {word: seconds for seconds, words in _SECONDS.items() for word in words.split()}
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER_WORDS: dict[str, int | float] = {
    **{word: number for number, word in enumerate(_ENGLISH, 1)},
    **{word: number for number, word in enumerate("一二三四五六七八九十", 1)},
    **{"a": 1, "an": 1, "half an": 0.5, "两": 2, "兩": 2, "半": 0.5},
}
_WORD_FIRST = compiled_at_use(
    rf"({'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})(?=\s|[^a-z])\s*个?個?(?=\S)"
)
_DURATION = compiled_at_use(rf"([0-9]{{1,6}}(?:\.[0-9]{{1,3}})?)\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})")
_SCALES: dict[str, Fraction] = {
    "": Fraction(1),
    "k": Fraction(1000),
    "m": Fraction(10**6),
    "万": Fraction(10**4),
    "萬": Fraction(10**4),
    "亿": Fraction(10**8),
    "億": Fraction(10**8),
    "%": Fraction(1, 100),
}
_QUARTER = compiled_at_use(
    r"(?P<year>[0-9]{4})[-\s]?Q(?P<early>[1-4])|Q(?P<late>[1-4])[-\s]?(?P<last_year>[0-9]{4})"
    r"|(?P<chinese_year>[0-9]{4})年第?(?P<chinese>[一二三四1-4])季度?",
    re.IGNORECASE,
)
_NUMERALS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_WEEK = compiled_at_use(r"([0-9]{4})-?W([0-9]{1,2})", re.IGNORECASE)
_NUMBER = compiled_at_use(
    r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,9})?\s*(k|m|万|萬|亿|億|%)?", re.IGNORECASE
)
_DIGITS_GROUPED_BY_DOTS = compiled_at_use(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_RANGE = compiled_at_use(r"\s*(?:\.\.|–|—|~|～|至|到|-|\bto\b)\s*")


def is_duration(text: str) -> bool:
    """Whether a text has the form of a duration."""
    return _DURATION.fullmatch(_in_digits(text)) is not None


def typed_duration(text: str) -> int:
    """A duration in seconds: ``90m``, ``72h``, ``3d``, ``3 days``, ``three days``, ``72小时``, ``半小时``."""
    if match := _DURATION.fullmatch(_in_digits(text)):
        seconds = Fraction(match[1]) * _UNITS[match[2]]
        if seconds.denominator == 1 and 0 < seconds <= LONGEST_DURATION:
            return int(seconds)
    raise TextError("duration")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _in_digits(text: str) -> str:
    """A text that begins with the word of a number up to twelve, with the number."""
    folded = _folded(text)
    match = _WORD_FIRST.match(folded)
    return f"{_NUMBER_WORDS[match[1]]:g} {folded[match.end() :]}" if match else folded


def typed_moment(text: str) -> StatedTime:
    """A time: a date, a date with a clock time and a zone, the link or id of a post, or ``earliest/latest``."""
    stated = post_time(text)
    if stated is None:
        is_cell = "/" in text and text[:4].isdigit() and "T" in text
        stated = cell_time(text) if is_cell else typed_time(text)
    stated.read()
    return stated


def typed_span(text: str) -> StatedTime:
    """A period: a day, a week, a month, a quarter or a year, or ``first/last`` of these. Raises ``TextError``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    first, slash, last = plain.partition("/")
    if slash and last[:4].isdigit() and not last[:5].isdigit():
        begins, ends = typed_span(first), typed_span(last)
        return cell_time(f"{begins.text.partition('/')[0]}/{ends.text.rpartition('/')[2]}")
    if quarter := _QUARTER.fullmatch(plain):
        month = 3 * int(_NUMERALS.get(found := quarter["early"] or quarter["late"] or quarter["chinese"], found)) - 2
        year = quarter["year"] or quarter["last_year"] or quarter["chinese_year"]
        return cell_time(f"{year}-{month:02}/{year}-{month + 2:02}")
    if week := _WEEK.fullmatch(plain):
        with contextlib.suppress(ValueError):
            days = [date.fromisocalendar(int(week[1]), int(week[2]), day) for day in (1, 7)]
            return cell_time("/".join(day.isoformat() for day in days))
    try:
        stated = typed_moment(plain)
    except TextError:
        raise TextError("period_not_known") from None
    if stated.is_clock or stated.readings or stated.has_zone:
        raise TextError("period_not_known")
    return stated


def looks_like_a_time(text: str) -> bool:
    """Whether a text begins as a time does, so that it is no name."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return iso_date(plain) is not None or bool(
        re.match(r"(about|around|约|大约|~)?\s*[0-9]{4}(\b|年|-|$)", plain) or re.match(r"https?://|[0-9]{15,}$", plain)
    )


def typed_quantity(text: str) -> Quantity:
    """A number or a range: ``45000``, ``4.5万``, ``38%``, ``55..60``, ``4-5万``, ``>=40000``.

    A unit after the last number of a range holds for both if the first has none.
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    for sign, is_low in ((">=", True), ("<=", False), ("≥", True), ("≤", False)):
        if plain.startswith(sign):
            value = _number(plain[len(sign) :].strip())
            return Quantity(value, None, "", "at_least") if is_low else Quantity(None, value, "", "at_most")
    ends = _RANGE.split(plain)
    if len(ends) != 2:
        value = _number(plain)
        return Quantity(value, value, "", "exact")
    low, high = (_number(end, unit) for end, unit in _with_shared_unit(*ends))
    if low > high:
        raise TextError("range_downward", low=ends[1], high=ends[0])
    return Quantity(low, high, "", "range" if low < high else "exact")


def _with_shared_unit(first: str, last: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Both ends of a range, each with the unit that holds for it though it is not written there."""
    matches = [_NUMBER.fullmatch(end) for end in (first, last)]
    if matches[0] and matches[1] and not matches[0][3] and matches[1][3]:
        return (first, matches[1][3]), (last, "")
    return (first, ""), (last, "")


def _number(text: str, unit: str = "") -> Fraction:
    match = _NUMBER.fullmatch(text)
    if not match:
        raise TextError("number")
    if _DIGITS_GROUPED_BY_DOTS.fullmatch(text) and not unit:
        raise TextError("dots_or_decimals", whole=text.replace(".", ""), decimal=f"{text}0")
    return Fraction(match[1].replace(",", "") + (match[2] or "")) * _SCALES[(match[3] or unit).casefold()]


def duration_text(seconds: int) -> str:
    """``72h`` where whole hours, else minutes."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}h" if not rest else f"{decimal_text(Fraction(seconds, 60))}m"


def quantity_text(quantity: Quantity) -> str:
    """A typed quantity as it can be typed again."""
    low = None if quantity.low is None else _typeable(quantity.low)
    high = None if quantity.high is None else _typeable(quantity.high)
    if low is None or high is None:
        return f">={low}" if low is not None else f"<={high}"
    return low if low == high else f"{low}..{high}"


def _typeable(value: Fraction) -> str:
    text = decimal_text(value, places=12)
    return f"{text}0" if _DIGITS_GROUPED_BY_DOTS.fullmatch(text) else text
