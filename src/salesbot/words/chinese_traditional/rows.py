# Made from words/chinese by `make traditional`: change those, never this file.
"""A row of a pack in Chinese: what will be believed, if it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesbot.facts.cells import number_cell, several
from salesbot.values.moment import cell_time
from salesbot.values.quantity import Quantity, Stated
from salesbot.words.chinese_traditional.dates import between, last_day, stated_text
from salesbot.words.chinese_traditional.numbers import amount, currency, percent
from salesbot.words.chinese_traditional.terms import MEASURES, STATUSES, listed, teller, term_name
from salesbot.words.numbers import number_text

if TYPE_CHECKING:
    from salesbot.packs.summaries import Numbers, NumbersOfColumn

Cells = Mapping[str, str]
RATES = ("lock_in_rate", "cancellation_rate")
KINDS = {
    "launch": "發布",
    "brand": "品牌",
    "model": "車型",
    "event": "事件",
    "person": "人物",
    "claim": "說法",
    "place": "地點",
}


def row_text(table: str, cells: Cells, titles: Mapping[str, str]) -> str:
    """A row as its parts between dots: ``SU7 · 交付 · 7,058台 · 2024年4月 · China · Xiaomi所說``."""
    parts = _PARTS[table](cells, titles) if table in _PARTS else [f"{name} {text}" for name, text in cells.items()]
    status = cells.get("status", "reported")
    if status != "reported":
        parts.append(STATUSES.get(status, status))
    return " · ".join(part for part in parts if part)


def _number(cells: Cells, unit: str = "") -> str:
    low, high = (number_cell(cells[name]) if cells.get(name) else None for name in ("low", "high"))
    stated: Stated = "about" if cells.get("stated") == "about" else "exact"
    if low is None and high is None:
        return ""
    if cells.get("metric") in RATES:
        return percent(Quantity(low, high, "ratio", stated))
    return amount(Quantity(low, high, unit, stated)) + MEASURES.get(cells.get("metric", ""), "")


def _order(cells: Cells, titles: Mapping[str, str]) -> list[str]:
    launch = cells.get("launch", "")
    first, last = (cell_time(text) if (text := cells.get(name)) else None for name in ("period_from", "period_to"))
    start, end = stated_text(first) if first else "", last_day(last) if last else ""
    is_new = cells.get("counting") == "new"
    when = (
        between(start, end)
        if is_new
        else "，".join(filter(None, (f"截至{end}" if end else "", f"自{start}起" if start else "")))
    )
    return [
        titles.get(launch, launch),
        term_name(cells.get("metric", "")),
        cells.get("variant", ""),
        _number(cells),
        when,
        cells.get("place", ""),
        _said_by(cells),
    ]


def _store(cells: Cells, titles: Mapping[str, str]) -> list[str]:
    launch = cells.get("launch", "")
    return [
        titles.get(launch, launch) or cells.get("brand", ""),
        term_name(cells.get("metric", "")),
        _number(cells),
        _days(cells),
        cells.get("place", ""),
        _said_by(cells),
    ]


def _price(cells: Cells, _: Mapping[str, str]) -> list[str]:
    unit = cells.get("currency", "")
    level, change = _number(cells, unit), _change(cells)
    return [
        " ".join(cells[name] for name in ("model", "trim", "variant") if cells.get(name)) or cells.get("brand", ""),
        term_name(cells.get("price_type", "")),
        f"{level}{currency(unit)}" if level else "",
        f"變動{change}{currency(unit)}" if change else "",
        _days(cells),
        cells.get("region", ""),
        _said_by(cells),
    ]


def _change(cells: Cells) -> str:
    low, high = cells.get("change_low"), cells.get("change_high")
    return low or "" if low == high else f"{low or '不明'}至{high or '不明'}"


def _source(cells: Cells, _: Mapping[str, str]) -> list[str]:
    link = "附連結" if cells.get("link") == "yes" else "僅署名"
    title = f"《{cells.get('title', '')}》"
    return [cells.get("publisher", ""), title, cells.get("published", ""), f"{cells.get('grade', '')}級", link]


def _name(cells: Cells, _: Mapping[str, str]) -> list[str]:
    kind = KINDS.get(cells.get("kind", ""), cells.get("kind", ""))
    language = f"（{cells['language']}）" if cells.get("language") else ""
    return [f"{kind} {cells.get('id')}", f"「{cells.get('name')}」{language}"]


def _event(cells: Cells, _: Mapping[str, str]) -> list[str]:
    when = stated_text(cell_time(cells["at"])) if cells.get("at") else ""
    return [cells.get("name", ""), when, cells.get("zone", ""), cells.get("who", "")]


def _claim(cells: Cells, _: Mapping[str, str]) -> list[str]:
    return [f"{teller(cells.get('speaker', ''))}：「{cells.get('statement')}」"]


def _launch(cells: Cells, _: Mapping[str, str]) -> list[str]:
    opened = cells.get("opened")
    name = f"{cells.get('brand')} {cells.get('model')}"
    return [name, cells.get("market", ""), f"{stated_text(cell_time(opened))}開訂" if opened else ""]


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
    names = [teller(name) for name in several(cells.get("said_by", ""))]
    return f"{listed(names)}所說" if names else ""


def _days(cells: Cells) -> str:
    first, out = (cell_time(text) if (text := cells.get(name)) else None for name in ("valid_from", "valid_to"))
    return between(stated_text(first) if first else "", last_day(out) if out else "")


def numbers_text(found: NumbersOfColumn) -> str:
    """The numbers of a column that were sent, beside those that stand."""
    before = f"；原有：{_numbers(found.before)}" if found.before else "；原來沒有"
    return f"{found.table}，{term_name(found.kind)}（{found.column}）：{_numbers(found.sent)}{before}"


def _numbers(numbers: Numbers) -> str:
    if numbers.count == 1:
        return f"1個數字，{number_text(numbers.least)}"
    span = f"{number_text(numbers.least)}至{number_text(numbers.greatest)}"
    return f"{numbers.count:,}個數字，{span}，合計{number_text(numbers.total)}"
