"""How a foreign table is read: which column is what, and what the table does not say."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from salesbot.editing.foreign.header import (
    ForeignHeader,
    counts_since_january,
    counts_since_start,
    header_of,
    is_number,
    is_total,
    may_be_number,
    metric_of,
    month_number,
    period_text,
    scale_of,
    unit_told,
)
from salesbot.packs.uploads.raw_sheets import RawSheet

Resolve = Callable[[str, str], str]  # a kind and a text to the id that it names, empty for none


class Mapping(Struct, frozen=True):
    """How a table is read. Columns are counted from 0; ``figures`` are those of numbers.

    ``headers_are`` says what the names over the figures are: ``figures`` by themselves, ``periods`` or ``launches``.
    What no column says is the same for all rows: launch, metric, place, teller, source, year. ``scale`` is what the
    numbers are multiplied with. ``counting`` is ``new`` for counts of each period and ``cumulative`` for counts since
    the start; ``since_january``: counts of a period begin with its year. ``needs_year`` says that its months have no
    year. A table of ``prices`` has a price where one of ``orders`` has a figure, and ``year`` is the day from which
    they hold.
    """

    table: str
    sheet: str
    header_row: int
    figures: tuple[int, ...]
    headers_are: str = "figures"
    period_column: int | None = None
    year_column: int | None = None
    launch_column: int | None = None
    place_column: int | None = None
    trim_column: int | None = None
    currency_column: int | None = None
    who_column: int | None = None
    source_column: int | None = None
    launch: str = ""
    metric: str = ""
    place: str = ""
    who: str = ""
    source: str = ""
    year: str = ""
    scale: str = "1"
    counting: str = ""
    needs_year: bool = False
    since_january: bool = False

    def missing(self) -> tuple[str, ...]:
        """What must still be said before the table can be read."""
        asked = []
        if not self.figures:
            asked.append("figures")
        if self.launch_column is None and not self.launch and self.headers_are != "launches":
            asked.append("launch")
        if not self.metric and self.table == "orders":
            asked.append("metric")
        if (self.needs_year or (self.period_column is None and self.headers_are != "periods")) and not self.year:
            asked.append("since" if self.table == "prices" else "year")
        if self.table == "orders" and not self.counting:
            asked.append("counting")
        if self.source_column is None and not self.source:
            asked.append("source")
        return tuple(asked)


class ForeignTable(Struct, frozen=True):
    """A foreign table as it was found: its header, its first rows, and how it is read as far as can be told."""

    name: str
    names: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    count: int
    mapping: Mapping

    @property
    def shape(self) -> str:
        """What tells tables of this shape from others: the names over the columns."""
        names = (name for name, meaning in zip(self.names, map(period_text, self.names), strict=True) if not meaning)
        return hashlib.sha256("\x1f".join(names).encode()).hexdigest()[:24]


def guess(name: str, sheets: Iterable[RawSheet], resolve: Resolve) -> ForeignTable | None:
    """The sheet that is most like a table of figures, and how it is read; ``None`` where none is."""
    best: tuple[int, ForeignTable] | None = None
    for sheet in sheets:
        header = header_of(sheet)
        if header is None:
            continue
        rows = [cells for number, cells in sheet.rows if number > header.row]
        above = [text for number, cells in sheet.rows if number < header.row for text in cells if text]
        mapping = _mapping(sheet.title, unit_told(above), header, rows, resolve)
        weight = len(mapping.figures) + 3 * (mapping.period_column is not None or mapping.headers_are == "periods")
        sample = tuple(cells for cells in rows[:12])
        is_timed = mapping.period_column is not None or mapping.headers_are == "periods" or mapping.table == "prices"
        if mapping.figures and is_timed and (best is None or weight > best[0]):
            best = (weight, ForeignTable(name, header.names, sample, len(rows), mapping))
    return best[1] if best else None


def _mapping(title: str, unit: str, header: ForeignHeader, rows: list[tuple[str, ...]], resolve: Resolve) -> Mapping:
    meant = dict(enumerate(header.meanings))
    numeric = [index for index in range(len(header.names)) if _is_numeric(index, meant[index], rows)]
    first = {meaning: index for index, meaning in reversed(meant.items()) if meaning}
    launches = [index for index in numeric if resolve("launch", header.names[index])]
    periods = [index for index in numeric if meant[index] == "a period"]
    prices = [index for index in numeric if meant[index] == "price"]
    figures = [index for index in numeric if meant[index] == "figure"]
    found = Mapping("orders", title, header.row, ())
    if prices and not figures:
        found = replace(found, table="prices", figures=tuple(prices[:1]))
    elif len(periods) >= 2:
        found = replace(found, figures=tuple(periods), headers_are="periods")
    elif launches and (not figures or all(is_total(header.names[index]) for index in figures)):
        found = replace(found, figures=tuple(launches), headers_are="launches")
    else:
        taken = {first.get(name) for name in ("period", "year", "launch", "place")}
        figures = figures or [index for index in numeric if index not in taken]
        found = replace(found, figures=tuple(figures[:1]))
    names = " ".join(header.names[index] for index in found.figures)
    period = _period_column(first, meant, rows) if found.headers_are != "periods" else None
    year = first.get("year") if first.get("period") is not None else None
    times = [header.names[index] for index in found.figures] if found.headers_are == "periods" else _texts(period, rows)
    return replace(
        found,
        period_column=period,
        year_column=year,
        needs_year=year is None and bool(times) and all(map(month_number, times)),
        counting="cumulative" if counts_since_start(f"{names} {title}") else _counting_of(times),
        since_january=counts_since_january(f"{names} {title}"),
        launch_column=_launch_column(first, rows, resolve) if found.headers_are != "launches" else None,
        place_column=first.get("place"),
        trim_column=first.get("trim"),
        currency_column=first.get("currency"),
        who_column=first.get("who"),
        source_column=first.get("source"),
        metric=metric_of(names or title),
        scale=_scale(names if found.headers_are == "figures" else "", title, unit),
    )


def _scale(names: str, title: str, unit: str) -> str:
    """What numbers are multiplied with, by the names over them, else by the title or by a line above."""
    return next((scale for scale in map(scale_of, (names, title, unit)) if scale != "1"), "1")


def _texts(column: int | None, rows: list[tuple[str, ...]]) -> list[str]:
    return [row[column] for row in rows[:50] if column is not None and column < len(row) and row[column]]


def _counting_of(times: list[str]) -> str:
    """Counts of months and longer periods are those periods' own; of days that is not certain."""
    found = [period_text(text) or text for text in times]
    return "" if not found or any(re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", text) for text in found) else "new"


def _is_numeric(index: int, meaning: str, rows: list[tuple[str, ...]]) -> bool:
    """Whether a column holds numbers; what may be years is one of numbers where its name does not speak of time."""
    texts = [row[index] for row in rows[:50] if index < len(row) and row[index]]
    looks = may_be_number if meaning in ("figure", "price", "a period") else is_number
    is_mixed = any(map(is_number, texts)) and all(map(may_be_number, texts))
    return bool(texts) and (is_mixed or sum(map(looks, texts)) * 2 >= len(texts))


def _period_column(first: dict[str, int], meant: dict[int, str], rows: list[tuple[str, ...]]) -> int | None:
    named = first.get("period", first.get("since", first.get("year")))
    if named is not None:
        return named
    for index in (index for index, meaning in meant.items() if meaning not in ("figure", "price")):
        texts = [row[index] for row in rows[:20] if index < len(row) and row[index]]
        if texts and all(period_text(text) for text in texts):
            return index
    return None


def _launch_column(first: dict[str, int], rows: list[tuple[str, ...]], resolve: Resolve) -> int | None:
    named = first.get("launch")
    if named is not None:
        return named
    width = max((len(row) for row in rows), default=0)
    for index in range(width):
        texts = {row[index] for row in rows[:50] if index < len(row) and row[index]}
        if texts and any(resolve("launch", text) for text in texts):
            return index
    return None
