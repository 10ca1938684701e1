"""The rows of a foreign table as rows of a pack, and what was left out of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from salesbot.editing.foreign.header import (
    NET,
    NO_PRICE,
    TARGET,
    bare_number,
    has_own_scale,
    is_total,
    month_number,
    period_text,
    price_type_of,
)
from salesbot.editing.foreign.mapping import ForeignTable, Mapping, Resolve
from salesbot.editing.foreign.money import currency_said, one_currency
from salesbot.editing.typed_period import typed_period
from salesbot.errors import Message, Problem, TextError, message
from salesbot.facts import Launch
from salesbot.facts.cells import is_blank_word
from salesbot.packs.cell_text import column_letter
from salesbot.packs.suggestions import id_like
from salesbot.packs.uploads.raw_sheets import SCALED, RawSheet
from salesbot.questions.typed_values import typed_quantity
from salesbot.values.quantity import decimal_text

LONGEST_ID = 40
_WEEK = re.compile(r"(\d{4})[-\s]?W(\d{1,2})", re.IGNORECASE)
Cells = dict[str, str]


class ReadRows(Struct, frozen=True):
    """The rows of a pack that a table makes, problems at their cells, and the rows that were left out, with why."""

    rows: tuple[Cells, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[tuple[int, Message], ...]


class RowMaker:
    """Makes rows of a pack of a foreign table's, by its mapping."""

    def __init__(
        self,
        names: Sequence[str],
        mapping: Mapping,
        launches: dict[str, Launch],
        resolve: Resolve,
        rates: Collection[str] = (),
    ) -> None:
        self._names, self._mapping, self._launches, self._resolve = names, mapping, launches, resolve
        self._takes_percent = mapping.metric in rates
        self._problems: list[Problem] = []
        self._left: list[tuple[int, Message]] = []
        self._ids: dict[str, int] = {}

    def read(self, sheet: RawSheet) -> ReadRows:
        """The rows below the header."""
        rows = [
            row
            for number, cells in sheet.rows
            if number > self._mapping.header_row
            for row in self._of_row(number, cells)
        ]
        return ReadRows(tuple(rows), tuple(self._problems), tuple(self._left))

    def _of_row(self, number: int, cells: Sequence[str]) -> Iterator[Cells]:
        mapping = self._mapping
        figures = [index for index in mapping.figures if index < len(cells) and cells[index]]
        labels = [text for index, text in enumerate(cells) if index not in mapping.figures and text]
        if any(map(is_total, labels)):
            self._left.append((number, message("left_out_total", text=labels[0])))
            return
        if not figures:
            self._left.append((number, message("left_out_blank", text=(labels or [""])[0][:40])))
            return
        for index in figures:
            if is_blank_word(cells[index]):
                self._left.append((number, message("left_out_blank", text=self._names[index])))
                continue
            row = self._of_figure(number, cells, index)
            if row is not None:
                yield row

    def _of_figure(self, number: int, cells: Sequence[str], index: int) -> Cells | None:
        mapping = self._mapping
        is_price = mapping.table == "prices"
        launch, name = self._launch(number, cells, index), self._names[index]
        amount = self._amount(number, index, cells[index])
        period = self._period(number, cells, index, launch) if launch is not None else None
        if launch is None or amount is None or period is None:
            return None
        currency = self._currency(number, cells, index, launch) if is_price else launch.currency
        if currency is None:
            return None
        place = _cell(cells, mapping.place_column) or mapping.place or launch.market
        trim = _cell(cells, mapping.trim_column)
        common = {
            "said_by": _cell(cells, mapping.who_column) or mapping.who,
            "status": "target" if TARGET.search(name) else "reported",
            "sources": _cell(cells, mapping.source_column) or mapping.source,
            **amount,
        }
        if is_price:
            id = self._id(launch.id, trim, "price", period[0])
            own = {"id": id, "brand": launch.brand, "model": launch.model, "trim": trim, "region": place}
            own |= {"currency": currency, "price_type": price_type_of(name), "valid_from": period[0]}
        else:
            where = "" if place == launch.market else place
            variant = "" if is_total(trim) else trim
            id = self._id(launch.id, mapping.metric, variant, where, period[0] or period[1])
            own = {"id": id, "launch": launch.id, "metric": mapping.metric, "place": place, "variant": variant}
            own |= {"period_from": period[0], "period_to": period[1], "counting": mapping.counting}
            own |= {"gross": "no"} if NET.search(name) else {}
        return {name: text for name, text in (own | common).items() if text}

    def _launch(self, number: int, cells: Sequence[str], index: int) -> Launch | None:
        mapping = self._mapping
        if mapping.headers_are == "launches":
            text, column = self._names[index], None
        elif mapping.launch_column is not None:
            text, column = _cell(cells, mapping.launch_column), mapping.launch_column
        else:
            text, column = mapping.launch, None
        id = self._resolve("launch", text)
        if not id and column is not None:
            self._left.append((number, message("left_out_launch", text=text[:60])))
        elif not id:
            self._report(number, column, text, message("launch_not_known"))
        return self._launches.get(id)

    def _currency(self, number: int, cells: Sequence[str], index: int, launch: Launch) -> str | None:
        """The currency of a price, as its cell, its column or the name over it says; else that of the launch."""
        column = self._mapping.currency_column
        told = _cell(cells, column)
        said = [found for text in (cells[index], told, self._names[index]) if (found := currency_said(text))]
        currency = one_currency(said, launch.currency)
        if not currency or (told and not currency_said(told)):
            self._report(number, column if told else index, told or cells[index], message("one_currency"))
            return None
        return currency

    def _amount(self, number: int, index: int, text: str) -> Cells | None:
        plain = text.removesuffix(SCALED)
        if plain != text or ("%" in text and not self._takes_percent):
            self._report(number, index, plain, message("no_percent" if plain == text else "unit_in_format"))
            return None
        if self._mapping.table == "prices" and NO_PRICE.search(self._names[index]):
            self._report(number, index, self._names[index], message("price_of_its_own"))
            return None
        try:
            quantity = typed_quantity(bare_number(text))
        except TextError as error:
            self._report(number, index, text, error.expected)
            return None
        scale = Fraction(1 if has_own_scale(text) else self._mapping.scale)
        low, high = (None if end is None else end * scale for end in (quantity.low, quantity.high))
        ends = {"low": low, "high": high}
        found = {name: decimal_text(end, places=9) for name, end in ends.items() if end is not None}
        if scale != 1 and quantity.is_point and self._mapping.table == "orders":  # it was rounded to its last digit
            places = len(bare_number(text).partition(".")[2])
            found |= {"stated": "about", "precision": decimal_text(max(scale / 10**places, Fraction(1)), places=9)}
        return found

    def _period(self, number: int, cells: Sequence[str], index: int, launch: Launch) -> tuple[str, str] | None:
        mapping = self._mapping
        text = self._names[index] if mapping.headers_are == "periods" else _cell(cells, mapping.period_column)
        year = _cell(cells, mapping.year_column) or mapping.year
        if month := month_number(text):
            text = f"{year.rstrip('年')}-{month}" if year else text
        text = period_text(text) or text or year
        column = None if mapping.headers_are == "periods" else mapping.period_column
        try:
            return self._ends(text, launch)
        except (TextError, ValueError):
            self._report(number, column, text, message("period_not_known"))
            return None

    def _ends(self, text: str, launch: Launch) -> tuple[str, str]:
        mapping = self._mapping
        if match := _WEEK.fullmatch(text):
            first = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            start, end = first.isoformat(), (first + timedelta(days=7)).isoformat()
        else:
            period = typed_period(text, launch)
            start, end = period.start, period.end
            if period.counting == "cumulative" and "T" not in end:  # a day: counted for itself or up to its end
                start = (date.fromisoformat(end) - timedelta(days=1)).isoformat()
        if mapping.table == "prices":
            return (text if re.fullmatch(r"\d{4}-\d{2}|\d{4}", text) else start or end), ""
        if mapping.since_january:
            return f"{(start or end)[:4]}-01-01", end
        return ("", end) if mapping.counting == "cumulative" else (start, end)

    def _id(self, *parts: str) -> str:
        base = id_like("-".join(part for part in parts if part))[:LONGEST_ID] or "row"
        number = self._ids[base] = self._ids.get(base, 0) + 1
        return base if number == 1 else f"{base[: LONGEST_ID - 5]}-{number}"

    def _report(self, number: int, column: int | None, text: str, expected: Message) -> None:
        name = self._names[column] if column is not None and column < len(self._names) else None
        letter = column_letter(column) if column is not None else None
        self._problems.append(Problem(self._mapping.sheet or "table", number, name, letter, text[:60], expected))


def _cell(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def sample_rows(
    table: ForeignTable, launches: dict[str, Launch], resolve: Resolve, rates: Collection[str] = ()
) -> ReadRows:
    """The first rows of a table as they are read."""
    numbered = tuple((table.mapping.header_row + 1 + n, cells) for n, cells in enumerate(table.sample))
    return RowMaker(table.names, table.mapping, launches, resolve, rates).read(RawSheet(table.mapping.sheet, numbered))
