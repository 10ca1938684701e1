"""What a cell that cannot be read was probably meant to say, in the form that its column takes.

A suggestion is told, and stands in the corrected copy of an upload; nothing is ever read by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime
from fractions import Fraction

from salesbot.facts.cells import several
from salesbot.facts.rows import ColumnInfo
from salesbot.values.patterns import compiled_at_use
from salesbot.values.quantity import decimal_text

LIKE_ENOUGH = 80  # of 100, for words and ids that exist
LONGEST_ID = 40
_SCALES = {
    "k": 1000,
    "thousand": 1000,
    "千": 1000,
    "万": 10**4,
    "萬": 10**4,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "亿": 10**8,
    "億": 10**8,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
}
_CURRENCIES = {
    "rmb": "CNY",
    "yuan": "CNY",
    "元": "CNY",
    "人民币": "CNY",
    "cn¥": "CNY",
    "€": "EUR",
    "euro": "EUR",
    "£": "GBP",
    "us$": "USD",
    "dollar": "USD",
    "美元": "USD",
    "日元": "JPY",
}
_UNIT = "|".join(sorted(_SCALES, key=len, reverse=True))
_NUMBER = compiled_at_use(
    rf"[^\d\s.,-]{{0,4}}\s*(-?\d{{1,3}}(?:[, '’]\d{{3}})+|-?\d+)(\.\d+)?\s*({_UNIT})?\s*[^\d\s]{{0,4}}", re.IGNORECASE
)
_DAY = compiled_at_use(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?")
_CHINESE_DAY = compiled_at_use(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号號])?)?")
_RUN_DAY = compiled_at_use(r"(\d{4})(\d{2})(\d{2})")
_QUARTER = compiled_at_use(r"(\d{4})[-/ ]?Q([1-4])|Q([1-4])[-/ ]?(\d{4})", re.IGNORECASE)
_MIDNIGHT = compiled_at_use(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z)?")
_SLASHES = compiled_at_use(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_NAMED_MONTH = compiled_at_use(r"[A-Za-z]{3,9}")


def suggestion(info: ColumnInfo, text: str, known: Iterable[str] = ()) -> str:
    """What ``text`` was probably meant to be in a column, empty if nothing is likely.

    ``known`` are the ids or words that the cell could name.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if info.words or known:
        found = _nearest(plain, info.words or tuple(known), many=info.column.many)
        return found if found != text else ""
    reader = _BY_CELL.get(info.cell.name)
    found = reader(plain) if reader else ""
    try:
        info.cell.read(found)
    except ValueError:
        return ""
    return found if found != text else ""


def id_like(text: str) -> str:
    """A text as an id: ``Daily News`` is ``daily-news``; empty where nothing is left of it."""
    from slugify import slugify  # only who types ids needs it

    id = slugify(text, max_length=LONGEST_ID, word_boundary=True, separator="-")
    return id if id[:1].isalpha() else f"n-{id}"[:LONGEST_ID] if id else ""


def quarter_of(text: str) -> tuple[str, str] | None:
    """The first month of a quarter such as ``2024-Q2``, and the first month after it."""
    match = _QUARTER.fullmatch(text.strip())
    if not match:
        return None
    year, number = int(match[1] or match[4]), int(match[2] or match[3])
    first = (number - 1) * 3 + 1
    after = (year + 1, 1) if number == 4 else (year, first + 3)
    return f"{year}-{first:02}", f"{after[0]}-{after[1]:02}"


def _nearest(text: str, words: tuple[str, ...], *, many: bool) -> str:
    if many:
        return ";".join(_nearest(part, words, many=False) or part for part in several(text))
    folded = {re.sub(r"[\s-]+", "_", word.casefold()): word for word in words}
    if found := folded.get(re.sub(r"[\s-]+", "_", text.casefold())):
        return found
    from rapidfuzz import fuzz, process  # only a faulty cell needs it

    best = process.extractOne(text.casefold(), list(folded), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return folded[best[0]] if best else ""


def _ids(text: str) -> str:
    return ";".join(id_like(part) for part in re.split(r"[;,、，]", text) if part.strip())


def _number(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    if not match or (match[2] and len(match[2]) == 4 and not match[3]):
        return ""
    digits = re.sub(r"[^\d-]", "", match[1]) + (match[2] or "")
    return decimal_text(Fraction(digits) * _SCALES.get((match[3] or "").casefold(), 1), places=9)


def time_like(text: str) -> str:
    """A text as a time of a cell: ``1 April 2024`` is ``2024-04-01``; empty where none is likely."""
    for pattern in (_DAY, _CHINESE_DAY, _RUN_DAY):
        if match := pattern.fullmatch(text):
            parts = [part for part in match.groups() if part]
            return "-".join((parts[0], *(f"{int(part):02}" for part in parts[1:])))
    if match := _MIDNIGHT.fullmatch(text):
        return match[1]
    if quarter := quarter_of(text):
        year, month = map(int, quarter[1].split("-"))
        last = f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02}"
        return f"{quarter[0]}/{last}"
    if match := _SLASHES.fullmatch(text):
        one, two = int(match[1]), int(match[2])
        month, day = (one, two) if two > 12 >= one else (two, one)
        return f"{match[3]}-{month:02}-{day:02}" if (one > 12) != (two > 12) or one == two else ""
    return _named_month(text) if _NAMED_MONTH.search(text) else ""


def _named_month(text: str) -> str:
    """A date with the name of its month, by dateutil; a part that it would have to add is not there."""
    from dateutil import parser  # as above

    try:
        one, other = (parser.parse(text, default=datetime(2000, month, day)) for month, day in ((1, 1), (2, 2)))
    except (ValueError, OverflowError):
        return ""
    if one.month != other.month or not re.search(r"\d{4}", text) or one.time() != datetime(2000, 1, 1).time():
        return ""
    return f"{one:%Y-%m-%d}" if one.day == other.day else f"{one:%Y-%m}"


def _address(text: str) -> str:
    return f"https://{text}" if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", text) else ""


def _currency(text: str) -> str:
    return _CURRENCIES.get(text.casefold(), text.upper())


_BY_CELL: dict[str, Callable[[str], str]] = {
    "id": id_like,
    "ids": _ids,
    "number": _number,
    "time": time_like,
    "address": _address,
    "currency": _currency,
    "metric": lambda text: id_like(text).replace("-", "_"),
}
