"""Dates inside a text."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from salesbot.values.written_dates import NO_YEAR, iso_date

_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?:the\s+)?end\s+of\s+(?:the\s+year\s+)?(?:19|20)[0-9]{2}(?![0-9])",
        r"(?:[0-9]{4}年|[0-9]{4})?年?[底末](?!\w)|[0-9]{4}年[底末]|年底|年末",
        rf"(?:the\s+)?end\s+of\s+{_NAME}(?:,?\s+[0-9]{{4}})?(?![0-9])",
        rf"(?:the\s+)?{_DAY}\s+(?:of\s+)?{_NAME}(?:,?\s+[0-9]{{4}})?(?![0-9])",
        rf"{_NAME}\s+(?:the\s+)?{_DAY}(?![0-9])(?:,?\s+[0-9]{{4}})?(?![0-9])",
        rf"{_NAME},?\s+[0-9]{{4}}(?![0-9])",
        r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])",
        r"[0-9]{4}-q[1-4](?![0-9])",  # as a message is rewritten
        r"[0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2}(?![0-9])",
        r"(?:[0-9]{4}年\s*)?[0-9]{1,2}月[底末](?:前)?",
        r"(?:[0-9]{4}年\s*)?[0-9]{1,2}月\s*[0-9]{1,2}[日号]?(?![0-9])",
        r"(?<![0-9])[0-9]{2}年\s*[0-9]{1,2}月\s*[0-9]{1,2}[日号](?![0-9])",
        r"[0-9]{4}\s?年\s*[0-9]{1,2}\s?月份?",
        r"[0-9]{4}年(?![0-9])",
        r"(?:19|20)[0-9]{2}(?![0-9年%-]|[.,][0-9]|\s?[a-z]|[\u4e00-\u9fff])",
        r"(?<=in )(?:19|20)[0-9]{2}(?![0-9年%-]|[.,][0-9])|(?<=of )(?:19|20)[0-9]{2}(?![0-9年%-]|[.,][0-9])",
        rf"{_NAME}",
        r"(?:[0-9]{4}年\s*)?(?:十[一二]?|[一二三四五六七八九])月份?",
        r"[0-9]{1,2}\s?月份?",
    )
)


_BEGINNING = re.compile(rf"[0-9年底末一二三四五六七八九十]|the\s|end\s|{_NAME}")  # of any form

_SHORT_RANGE = re.compile(
    rf"(?<![0-9.,])(?P<first>{_DAY})\s*(?P<to>and|to|through|until|till|-|–)\s*(?P<last>{_DAY}\s+(?P<month>{_NAME}(?:,?\s+[0-9]{{4}})?))"
    r"|(?P<begin>(?P<chinese>(?:[0-9]{4}年)?[0-9]{1,2}月)[0-9]{1,2}[日号]?)(?P<until>到|至|-|–|~)(?P<end>[0-9]{1,2}[日号])"
)


_QUARTER = re.compile(
    r"\bq(?P<english>[1-4])\s+(?:of\s+)?(?P<year>(?:19|20)[0-9]{2})(?![0-9])|(?P<nian>(?:19|20)[0-9]{2})年第?(?P<chinese>[一二三四1-4])季度?"
)
_NUMERALS = {"一": "1", "二": "2", "三": "3", "四": "4"}


def with_whole_dates(text: str) -> str:
    """A text with its quarters as ``2024-q2`` and both dates of a range written out: ``1 and 3 april`` has two."""

    def quarter(match: re.Match[str]) -> str:
        number = match["english"] or _NUMERALS.get(match["chinese"], match["chinese"])
        return f"{match['year'] or match['nian']}-q{number}"

    text = _QUARTER.sub(quarter, text)

    def whole(match: re.Match[str]) -> str:
        if match["begin"]:
            return f"{match['begin']}{match['until']}{match['chinese']}{match['end']}"
        return f"{match['first']} {match['month']} {match['to']} {match['last']}"

    return _SHORT_RANGE.sub(whole, text)


class Day(Struct, frozen=True):
    """A date, as ``2024-04-01``, ``2024-04``, ``2024-Q2`` or ``2024``; ``????-04-01`` where the year is left out.

    ``closes`` is the month or year of which it is called the end.
    """

    iso: str
    end: int
    closes: Literal["month", "year"] | None = None

    @property
    def lacks_year(self) -> bool:
        return self.iso.startswith(NO_YEAR)

    @property
    def is_day(self) -> bool:
        return self.iso.count("-") == 2

    @property
    def begin(self) -> str:
        """Its day; of the end of a month the 21st, of that of a year the first of December."""
        return self.iso if self.closes is None else f"{self.iso[:8]}{'21' if self.closes == 'month' else '01'}"

    def following(self) -> str:
        """The day, month or year after it."""
        parts = [int(part) for part in self.iso.split("-")]
        match parts:
            case [year, month, day]:
                return (date(year, month, day) + timedelta(days=1)).isoformat()
            case [year, month]:
                return f"{year + month // 12:04}-{month % 12 + 1:02}"
        return f"{parts[0] + 1:04}"

    def in_year(self, year: str) -> str:
        """The date, in a year where it has none."""
        return self.iso.replace(NO_YEAR, year)


def day_at(text: str, start: int) -> Day | None:
    """The date that begins at a place."""
    if not _BEGINNING.match(text, start):
        return None
    for form in _FORMS:
        match = form.match(text, start)
        if match is not None and (iso := _iso(match[0])) is not None:
            return Day(iso, match.end(), _closed(match[0]))
    return None


def _closed(text: str) -> Literal["month", "year"] | None:
    if not (re.match(r"(?:the )?end\b", text) or text[-1] in "底末"):
        return None
    return "year" if re.fullmatch(r"(?:the )?end of (?:year )?[0-9]{4}|(?:[0-9]{4})?年?[底末]", text) else "month"


_CHINESE_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_CHINESE_MONTH = re.compile(r"(十[一二]?|[一二三四五六七八九])月")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _iso(text: str) -> str | None:
    cleaned = text.replace("the ", "").removesuffix("前").removesuffix("份")
    if "月" in cleaned:
        cleaned = _CHINESE_MONTH.sub(lambda match: f"{_CHINESE_MONTHS.index(match[1]) + 1}月", cleaned.replace(" ", ""))
    if match := re.fullmatch(r"end of (?:year )?([0-9]{4})|([0-9]{4})?年?[底末]", cleaned):
        return f"{match[1] or match[2] or NO_YEAR}-12-31"
    if re.match(r"[0-9]{2}年", cleaned):
        cleaned = f"20{cleaned}"
    if re.fullmatch(r"[0-9]{4}-q[1-4]", cleaned):
        return cleaned.upper()
    if re.fullmatch(r"[0-9]{4}年?", cleaned):
        return cleaned.rstrip("年")
    if match := re.fullmatch(r"([0-9]{1,2})月", cleaned):
        return f"{NO_YEAR}-{int(match[1]):02}" if 1 <= int(match[1]) <= 12 else None
    if cleaned[:3] in _MONTHS and re.fullmatch(r"[a-z]+\.?", cleaned):
        return f"{NO_YEAR}-{_MONTHS.index(cleaned[:3]) + 1:02}"
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", cleaned):
        return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    if re.fullmatch(r".*月\s*[0-9]{1,2}", cleaned):
        cleaned += "日"
    found = iso_date(cleaned)
    return found if found is not None and re.fullmatch(r"[0-9?]{4}(-[0-9]{2}){0,2}", found) else None
