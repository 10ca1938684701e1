"""What a spreadsheet makes of a text that it takes for a number, a date or a time.

``007`` becomes 7, ``2024-03`` the first of March, ``9-3`` the ninth of March or the third of September,
``1e5`` 100000, a long row of digits 1.23457E+15. Typed or opened from CSV, no spreadsheet asks first.
Which of them it alters depends on its language, so every reading counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

Day = tuple[int | None, int, int]  # year where there is one, month, day

DIGITS = 15  # as many as a spreadsheet keeps
GREATEST = Decimal("1.79769313486232E+308")  # what LibreOffice makes of 1E400
FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet, from March 1900 on
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NUMBER = re.compile(
    r"[$¥€£]?\s?(\(?[+-]?)[$¥€£]?([\d.,'’\s]*\d[.,]?)(?:e([+-]?\d{1,3}))?\s?(%?)([)-]?)", re.IGNORECASE
)
_ENGLISH = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d*)?")
_EUROPEAN = re.compile(r"(?:\d{1,3}(?:[.'’\s]\d{3})+|\d*)(?:,\d*)?")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?e[+-]?\d{1,3}", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\s*([ap])\.?m\.?)?", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_PART = re.compile(r"\d+|[^\W\d_]+")
_BETWEEN = re.compile(r"[\s./,'-]{0,3}")


def is_altered(old: str, new: str) -> bool:
    """Whether a spreadsheet that was given ``old`` could hand back ``new``, which says something else."""
    if new in ("TRUE", "FALSE"):
        return old != new and old.upper() == new
    if old == new or not (_DIGIT.search(old) and _DIGIT.search(new)):
        return False
    return _is_same_number(old, new) or _is_same_clock(old, new) or _is_same_day(old, new) or _is_same_instant(old, new)


def is_scientific(text: str) -> bool:
    """Whether a number stands as ``1.23E+15``, which has lost its last digits."""
    return _SCIENTIFIC.fullmatch(text) is not None


def plain_number(value: float) -> str:
    """A spreadsheet's number as plain decimal text of as many digits as it keeps: 0.1 + 0.2 is 0.3."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 10**DIGITS):
        return str(int(value))
    text = f"{Decimal(f'{value:.{DIGITS}g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _numbers(text: str) -> Iterator[Decimal]:
    """The numbers a text can be: ``1,234`` is 1234 in English and 1.234 in German."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return
    sign, digits, exponent, percent, end = match.groups()
    minus = "-" if "-" in sign + end or (sign.startswith("(") and end == ")") else ""
    plain = [re.sub(r"[,'’\s]", "", digits)] if _ENGLISH.fullmatch(digits) else []
    plain += [re.sub(r"[.'’\s]", "", digits).replace(",", ".")] if _EUROPEAN.fullmatch(digits) else []
    for number in plain:
        yield Decimal(f"{minus}{number}e{exponent or 0}") / (100 if percent else 1)


def _kept(numbers: list[Decimal], digits: int) -> set[Decimal]:
    """What may be left of numbers: Excel cuts off the digits that it does not keep, LibreOffice rounds them."""
    kept: set[Decimal] = set()
    for rounding in (ROUND_HALF_UP, ROUND_DOWN):
        with localcontext() as context:
            context.prec, context.rounding = max(digits, 1), rounding
            kept.update(max(-GREATEST, min(GREATEST, +number)) for number in numbers)
    return kept


def _is_same_number(old: str, new: str) -> bool:
    digits = len(re.sub(r"\D", "", re.split("e", new, flags=re.IGNORECASE)[0])) if is_scientific(new) else DIGITS
    after = _kept(list(_numbers(new)), digits)
    return bool(after & _kept(list(_numbers(old)), digits)) or any(
        _day_number(day) in after for day in (_days(old) if after else ())
    )


def _day_number(day: Day) -> int | None:
    try:
        return (date(day[0], day[1], day[2]) - FIRST_DAY).days if day[0] else None
    except ValueError:
        return None


def _clock(text: str) -> int | None:
    match = _CLOCK.fullmatch(text)
    if not match:
        return None
    hour = int(match[1]) % 12 + 12 * (match[4] in "pP") if match[4] else int(match[1])
    return hour * 3600 + int(match[2]) * 60 + int(match[3] or 0)


def _is_same_clock(old: str, new: str) -> bool:
    before, after = _clock(old), _clock(new)
    return before is not None and before == after


def _is_same_instant(old: str, new: str) -> bool:
    """Whether both are one day and one clock time without an offset."""
    before, after = re.split(r"[T\s]", old, maxsplit=1), re.split(r"[T\s]", new, maxsplit=1)
    if not len(before) == len(after) == 2 or not _is_same_clock(before[1], after[1]):
        return False
    return before[0] == after[0] or _is_same_day(before[0], after[0])


def _is_same_day(old: str, new: str) -> bool:
    """Whether both can be read as one day; a spreadsheet adds the year, or the first of the month, by itself."""
    before, after = set(_days(old)), set(_days(new, any_word=True))
    if old.isascii() and old.isdigit() and len(old) <= 5:  # a year in a column of dates: 2024 is shown as 1905-07-16
        day = FIRST_DAY + timedelta(days=int(old))
        before = {(day.year, day.month, day.day)}
    if len(_PART.findall(_dashed(old))) > len(_PART.findall(_dashed(new))):
        return False  # a month instead of a day is an edit
    return any(b[1:] == a[1:] and (None in (b[0], a[0]) or b[0] == a[0]) for b in before for a in after)


def _dashed(text: str) -> str:
    """A Chinese date with hyphens."""
    return re.sub("[年月]", "-", text).rstrip("日号.-")


def _days(text: str, any_word: bool = False) -> Iterator[Day]:
    """Every day that a text of two or three parts could be, in any order of year, month and day."""
    text = _dashed(text)
    parts = _PART.findall(text)
    between = _PART.split(text)
    if not 2 <= len(parts) <= 3 or between[0] or between[-1] or not all(map(_BETWEEN.fullmatch, between)):
        return
    orders = ("ymd", "mdy", "dmy") if len(parts) == 3 else ("ym", "my", "md", "dm")
    for order in orders:
        yield from _ordered(dict(zip(order, parts, strict=True)), any_word)


def _ordered(parts: dict[str, str], any_word: bool) -> Iterator[Day]:
    """The days of parts that are said to be year, month and day, where they can be."""
    year, day = parts.get("y"), parts.get("d", "1")
    if (year and not (year.isdecimal() and len(year) in (1, 2, 4))) or not (day.isdecimal() and len(day) <= 2):
        return
    if not 1 <= int(day) <= 31:
        return
    for month in _months(parts["m"].casefold(), any_word):
        yield (_year(year) if year else None, month, int(day))


def _months(text: str, any_word: bool) -> list[int]:
    """The months a part can be: a number, a name, or, with ``any_word``, a name in another language."""
    if text.isdecimal():
        return [int(text)] if len(text) <= 2 and 1 <= int(text) <= 12 else []
    known = [month for month, name in enumerate(MONTHS, 1) if text in (name, name[:3], name[:4])]
    is_word = any_word and text.isalpha() and 3 <= len(text) <= 10
    return known or (list(range(1, 13)) if is_word else [])


def _year(text: str) -> int:
    """A year of one or two digits as spreadsheets read it: 29 is 2029, 30 is 1930."""
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 30 else 1900)
