"""A row of a pack in plain words: what will be believed, if it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from salesbot.facts.cells import number_cell, several
from salesbot.values.moment import StatedTime, cell_time
from salesbot.values.quantity import Quantity, Stated
from salesbot.words.english.dates import day_text, stated_text, whole_period
from salesbot.words.english.terms import listed, term_name
from salesbot.words.numbers import amount, number_text, percent

if TYPE_CHECKING:
    from salesbot.packs.summaries import Numbers, NumbersOfColumn

Cells = Mapping[str, str]
RATES = ("lock_in_rate", "cancellation_rate")


def row_text(table: str, cells: Cells, titles: Mapping[str, str]) -> str:
    """A row as its parts between dots: ``SU7 · deliveries · 7,058 · April 2024 · China · said by Xiaomi``."""
    parts = _PARTS[table](cells, titles) if table in _PARTS else [f"{name} {text}" for name, text in cells.items()]
    status = cells.get("status", "reported")
    if status != "reported":
        parts.append(status)
    return " · ".join(part for part in parts if part)


def _number(cells: Cells, unit: str = "") -> str:
    low, high = (number_cell(cells[name]) if cells.get(name) else None for name in ("low", "high"))
    stated: Stated = "about" if cells.get("stated") == "about" else "exact"
    quantity = Quantity(low, high, unit, stated)
    if cells.get("metric") in RATES:
        return percent(Quantity(low, high, "ratio", stated))
    return amount(quantity) if low is not None or high is not None else ""


def _order(cells: Cells, titles: Mapping[str, str]) -> list[str]:
    launch = cells.get("launch", "")
    return [
        titles.get(launch, launch),
        term_name(cells.get("metric", "")),
        cells.get("variant", ""),
        _number(cells),
        _period(cells.get("period_from"), cells.get("period_to"), is_new=cells.get("counting") == "new"),
        cells.get("place", ""),
        _said_by(cells),
    ]


def _store(cells: Cells, titles: Mapping[str, str]) -> list[str]:
    launch = cells.get("launch", "")
    return [
        titles.get(launch, launch) or cells.get("brand", ""),
        term_name(cells.get("metric", "")),
        _number(cells),
        _days(cells.get("valid_from"), cells.get("valid_to")),
        cells.get("place", ""),
        _said_by(cells),
    ]


def _price(cells: Cells, _: Mapping[str, str]) -> list[str]:
    currency = cells.get("currency", "")
    level = _number(cells, currency)
    change = _change(cells)
    return [
        " ".join(cells[name] for name in ("model", "trim", "variant") if cells.get(name)) or cells.get("brand", ""),
        term_name(cells.get("price_type", "")),
        f"{level} {currency}" if level else "",
        f"change {change} {currency}" if change else "",
        _days(cells.get("valid_from"), cells.get("valid_to")),
        cells.get("region", ""),
        _said_by(cells),
    ]


def _change(cells: Cells) -> str:
    low, high = cells.get("change_low"), cells.get("change_high")
    return low or "" if low == high else f"{low or 'unknown'} to {high or 'unknown'}"


def _source(cells: Cells, _: Mapping[str, str]) -> list[str]:
    title = f"“{cells.get('title', '')}”"
    link = "linked" if cells.get("link") == "yes" else "named only"
    return [cells.get("publisher", ""), title, cells.get("published", ""), f"grade {cells.get('grade', '')}", link]


def _name(cells: Cells, _: Mapping[str, str]) -> list[str]:
    language = f"({cells['language']})" if cells.get("language") else ""
    return [f"{cells.get('kind')} {cells.get('id')}", f"“{cells.get('name')}” {language}".strip()]


def _event(cells: Cells, _: Mapping[str, str]) -> list[str]:
    when = stated_text(cell_time(cells["at"])) if cells.get("at") else ""
    return [cells.get("name", ""), when, cells.get("zone", ""), cells.get("who", "")]


def _claim(cells: Cells, _: Mapping[str, str]) -> list[str]:
    return [f"{cells.get('speaker')}: “{cells.get('statement')}”"]


def _launch(cells: Cells, _: Mapping[str, str]) -> list[str]:
    opened = cells.get("opened")
    name = f"{cells.get('brand')} {cells.get('model')}"
    return [name, cells.get("market", ""), f"opened {stated_text(cell_time(opened))}" if opened else ""]


_PARTS = {
    "orders": _order,
    "stores": _store,
    "prices": _price,
    "sources": _source,
    "names": _name,
    "events": _event,
    "claims": _claim,
    "launches": _launch,
}


def _said_by(cells: Cells) -> str:
    names = several(cells.get("said_by", ""))
    return f"said by {listed(names)}" if names else ""


def numbers_text(found: NumbersOfColumn) -> str:
    """``orders, deliveries (low): 3 numbers, 100 to 300, sum 600; before: 20, 30 to 136,854, sum 1,003,333``."""
    before = f"; before: {_numbers(found.before)}" if found.before else "; before: none"
    return f"{found.table}, {term_name(found.kind)} ({found.column}): {_numbers(found.sent)}{before}"


def _numbers(numbers: Numbers) -> str:
    if numbers.count == 1:
        return f"1 number, {number_text(numbers.least)}"
    span = f"{number_text(numbers.least)} to {number_text(numbers.greatest)}"
    return f"{numbers.count:,} numbers, {span}, sum {number_text(numbers.total)}"


# periods


def _period(start: str | None, end: str | None, *, is_new: bool) -> str:
    first, last = (cell_time(text) if text else None for text in (start, end))
    if last is None:
        return f"from {_time(first)}" if first else ""
    if first is not None and (whole := whole_period(first, last)):
        return whole
    final = day_text(last.days[0] - timedelta(days=1)) if _is_day(last) else _time(last)
    until = f"by the end of {final}" if _is_day(last) else f"by {final}"
    if first is None:
        return until
    return f"{_time(first)} to {final}" if is_new else f"{until}, since {_time(first)}"


def _days(start: str | None, end: str | None) -> str:
    first, out = (cell_time(text) if text else None for text in (start, end))
    from_ = f"from {_time(first)}" if first else ""
    if out is None:
        return from_
    last = f"to {day_text(out.days[0] - timedelta(days=1))}" if _is_day(out) else f"until {_time(out)}"
    return f"{from_} {last}".strip()


def _is_day(time: StatedTime) -> bool:
    return time.is_day and not time.is_clock


def _time(time: StatedTime) -> str:
    return day_text(time.days[0]) if _is_day(time) else stated_text(time)
