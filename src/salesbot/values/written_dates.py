"""Dates as people write them, in English and Chinese, brought to the form ``2024-04-01``.

``1 April 2024``, ``April 1st, 2024``, ``Apr 2024``, ``end of April 2024``, ``2024/4/1``, ``2024年4月1日``,
``2024年4月底``; without a year ``1 April``, ``4月1日``.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date

from salesbot.values.patterns import compiled_at_use

NO_YEAR = "????"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})"
_ABOUT = r"(?P<about>(?:about\s+|around\s+|~\s*|大约|约)?)"
_REST = r"(?P<rest>(?:[\s,].*)?)"
_CLOCK = r"(?P<rest>(?:,?\s+[0-9]{1,2}:[0-9]{2}.*)?)"  # after a day without a year, so that no name is taken for one
_FORMS = tuple(
    compiled_at_use(f"{_ABOUT}{form}", re.IGNORECASE | re.DOTALL)
    for form in (
        rf"{_DAY}\s+(?:of\s+)?{_NAME},?\s+{_YEAR}\b{_REST}",
        rf"{_NAME}\s+{_DAY},?\s+{_YEAR}\b{_REST}",
        rf"{_NAME},?\s+{_YEAR}\b{_REST}",
        rf"{_DAY}\s+(?:of\s+)?{_NAME}{_CLOCK}",
        rf"{_NAME}\s+{_DAY}{_CLOCK}",
    )
)
_YEAR_FIRST = compiled_at_use(
    rf"{_ABOUT}{_YEAR}[/.](?P<month>[0-9]{{1,2}})[/.](?P<day>[0-9]{{1,2}})(?P<rest>(?:[\s,].*)?)", re.DOTALL
)
_ENDS = (
    compiled_at_use(rf"(?:the\s+)?end\s+of\s+{_NAME}(?:,?\s+{_YEAR})?", re.IGNORECASE),
    compiled_at_use(r"(?:(?P<year>[0-9]{4})年\s*)?(?P<month>[0-9]{1,2})月[底末]"),
)
_YEAR_LAST = compiled_at_use(r"([0-9]{1,2})\s*[/.-]\s*([0-9]{1,2})\s*[/.-]\s*([0-9]{4})")
_CHINESE = (
    _YEAR_FIRST,
    compiled_at_use(
        rf"{_ABOUT}{_YEAR}年\s*(?:(?P<month>[0-9]{{1,2}})月\s*(?:(?P<day>[0-9]{{1,2}})[日号號])?)?(?P<rest>.*)",
        re.DOTALL,
    ),
    compiled_at_use(
        rf"{_ABOUT}(?P<month>[0-9]{{1,2}})月\s*(?P<day>[0-9]{{1,2}})[日号號]"
        r"(?P<rest>(?:\s*[0-9]{1,2}:[0-9]{2}.*)?)",
        re.DOTALL,
    ),
)


def iso_date(text: str, year: int | None = None) -> str | None:
    """The text with its date as ``2024-04-01``; ``None`` if it begins with no date of these forms.

    A date without a year takes the one that is given; without one, it is written ``????-04-01``.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for form in _ENDS:
        if match := form.fullmatch(plain):
            return _end_of_month(match.groupdict(), year)
    for form in _FORMS:
        if match := form.fullmatch(plain):
            parts = match.groupdict()
            named = MONTHS.index(match["name"][:3].casefold()) + 1
            return _iso(match["about"], parts.get("year"), named, parts.get("day"), match["rest"], year)
    for form in _CHINESE:
        if match := form.fullmatch(plain):
            parts = match.groupdict()
            month = int(parts["month"]) if parts["month"] else None
            return _iso(parts["about"], parts.get("year"), month, parts["day"], parts["rest"], year)
    return None


def _iso(about: str, own: str | None, month: int | None, day: str | None, rest: str, year: int | None) -> str:
    parts = [own or (f"{year:04}" if year is not None else NO_YEAR)]
    parts += [f"{month:02}"] if month is not None else []
    parts += [day.zfill(2)] if day else []
    return f"{about}{'-'.join(parts)} {rest.strip(' ,')}".strip()


def _end_of_month(parts: dict[str, str | None], year: int | None) -> str | None:
    """The last day of a month."""
    name, number = parts.get("name"), parts.get("month")
    month = MONTHS.index(name[:3].casefold()) + 1 if name else int(number or 0)
    stated = parts.get("year")
    own = int(stated) if stated else year
    if not 1 <= month <= 12 or own == 0:
        return None
    return f"{NO_YEAR if own is None else f'{own:04}'}-{month:02}-{monthrange(own or 2001, month)[1]}"


def possible_dates(text: str) -> list[str]:
    """The days that ``04/01/2024`` can be: the day first, then the month first; none for a text of another form."""
    match = _YEAR_LAST.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return []
    first, second, year = (int(part) for part in match.groups())
    found: dict[str, None] = {}
    for day, month in ((first, second), (second, first)):
        try:
            found[date(year, month, day).isoformat()] = None
        except ValueError:
            continue
    return list(found)


def lacks_year(text: str) -> bool:
    """Whether a text is a day of these forms without its year."""
    return NO_YEAR in (iso_date(text) or "")


def without_year(text: str) -> str:
    """A day without a year as ``????-04-01``."""
    return iso_date(text) or text


def with_year(text: str, year: int) -> str:
    """A day without a year, written with one: ``4月1日`` becomes ``2024-04-01``."""
    return iso_date(text, year) or text
