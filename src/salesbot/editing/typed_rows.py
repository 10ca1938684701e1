"""A count, a price, an event or a source that a moderator types in a few options, as rows of a pack.

What was not typed is filled in: the id, the place, how it counts, how closely it was stated, and the source of a link.
Each function raises ``QuestionError`` for an option that cannot be read.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from salesbot.editing.found_rows import FoundRow
from salesbot.editing.typed_period import typed_cell_time, typed_period
from salesbot.errors import QuestionError, TextError, message
from salesbot.facts import TABLES, Launch, Source, columns
from salesbot.facts.cells import NOT_STATED, several
from salesbot.facts.edits import RowEdits
from salesbot.packs.suggestions import id_like
from salesbot.query.orders.launch_facts import LAUNCH
from salesbot.questions.names import Names
from salesbot.questions.typed_values import typed_quantity
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.patterns import compiled_at_use
from salesbot.values.quantity import Quantity, about_step, decimal_text

LONGEST_ID = 40
_ABOUT = compiled_at_use(r"(?:about|around|nearly|some|~|≈|约|大约|近)\s*", re.IGNORECASE)
_CLOCK = compiled_at_use(r"(.*\d{1,2}:\d{2}(?::\d{2})?)\s*([^\d:].*)?")  # and the zone behind it
_OFFSET = compiled_at_use(r"(?<=\d)\s*(?:Z|[+-]\d{1,2}(?::?\d{2})?)$")
_MONEY = compiled_at_use(r"(.*?)\s*([A-Za-z]{3})?")
IS_ROW = {
    table: sql(f"select 1 from {table} where id = :id")  # the table is one of ours
    for table in ("orders", "prices", "events", "sources")
}
SOURCE_OF_LINK = sql("select id from sources where url = :url order by rowid limit 1", scans="sources")
LAUNCH_OF_MODEL = sql("select * from launches where model = :model order by rowid limit 1", scans="launches")
STARTS = sql("""
    select distinct period_from from orders
    where launch = :launch and metric = :metric and counting = 'cumulative' and status in ('reported', 'revised')
    limit 2
""")
PRICES_OF_MODEL = sql("select region, currency, brand, model from prices where model_id = :id order by rowid limit 1")


class TypedCount(Struct, frozen=True):
    """The options of ``/data add count``, as they were typed."""

    launch: str
    metric: str
    value: str
    when: str
    link: str
    who: str = ""
    place: str = ""


class TypedPrice(Struct, frozen=True):
    """The options of ``/data add price``."""

    model: str
    value: str
    since: str
    link: str
    trim: str = ""
    kind: str = "list_price"
    who: str = ""


class TypedEvent(Struct, frozen=True):
    """The options of ``/data add event``."""

    name: str
    when: str
    link: str
    who: str = ""
    zone: str = ""


class TypedSource(Struct, frozen=True):
    """The options of ``/data add source``."""

    link: str
    publisher: str = ""
    title: str = ""
    published: str = ""
    grade: str = "C"


def count_rows(typed: TypedCount, snapshot: Snapshot) -> RowEdits:
    """A count, with the source of its link if that is new."""
    names = Names(snapshot)
    [launch] = snapshot.select(Launch, LAUNCH, id=names.resolve("launch", typed.launch))
    metric = names.resolve("metric", typed.metric)
    cells = _amount(typed.value, in_percent=snapshot.vocabulary.is_rate(metric))
    try:
        period = typed_period(typed.when, launch)
    except TextError as error:
        raise QuestionError("bad_value", text=typed.when, name="when", expected=error.expected) from None
    start = period.start or _usual_start(launch.id, metric, period.counting, snapshot)
    source, sources = source_of(typed.link, snapshot)
    cells |= {
        "id": _free_id("orders", f"{launch.id}-{metric}-{(period.start or period.end)[:10]}", snapshot),
        "launch": launch.id,
        "metric": metric,
        "counting": period.counting if snapshot.vocabulary.is_count(metric) else "",
        "period_from": start,
        "period_to": period.end,
        "place": typed.place or launch.market,
        "said_by": ";".join(several(typed.who)),
        "status": "reported",
        "sources": source,
    }
    return RowEdits({"sources": sources, "orders": (_filled(cells),)})


def _usual_start(launch: str, metric: str, counting: str, snapshot: Snapshot) -> str:
    """When the cumulative counts of a metric start, if all of them start at one time; else blank, for the opening."""
    starts = snapshot.values(STARTS, launch=launch, metric=metric) if counting == "cumulative" else []
    return str(starts[0][0] or "") if len(starts) == 1 else ""


def price_rows(typed: TypedPrice, snapshot: Snapshot) -> RowEdits:
    """A price, in the currency and region that the model's others are in, unless a currency was typed."""
    id = Names(snapshot).resolve("model", typed.model)
    region, currency, brand, model = _market_of(id, typed.model, snapshot)
    text, written = _MONEY.fullmatch(typed.value.strip()).groups()  # type: ignore[union-attr]  # it fits any text
    cells = _bounds(text, typed.kind)
    launch = next(iter(snapshot.select(Launch, LAUNCH_OF_MODEL, model=model)), None)
    try:
        since = typed_cell_time(typed.since, launch.zone if launch else "UTC")
    except TextError as error:
        raise QuestionError("bad_value", text=typed.since, name="since", expected=error.expected) from None
    source, sources = source_of(typed.link, snapshot)
    cells |= {
        "id": _free_id("prices", f"{id}-{typed.trim}-{typed.kind}-{since[:10]}", snapshot),
        "brand": brand,
        "model": model,
        "trim": typed.trim,
        "region": region,
        "currency": written.upper() if written else currency,
        "price_type": typed.kind,
        "valid_from": since,
        "said_by": ";".join(several(typed.who)),
        "status": "reported",
        "sources": source,
    }
    return RowEdits({"sources": sources, "prices": (_filled(cells),)})


def event_rows(typed: TypedEvent, snapshot: Snapshot) -> RowEdits:
    """An event; a clock time needs the zone that it was stated in."""
    clock = _CLOCK.fullmatch(typed.when.strip())
    written = clock[2] or "" if clock else ""
    zone = typed.zone or written
    if clock and not zone:
        raise QuestionError("zone_missing", text=typed.when)
    try:
        at = typed_cell_time(clock[1] if clock else typed.when, zone or "UTC")
        if clock and typed.zone and at != typed_cell_time(_OFFSET.sub("", clock[1]), typed.zone):
            raise QuestionError("zones_differ", text=typed.when, zone=typed.zone)
        if clock and written and typed.zone and at != typed_cell_time(clock[1], written):
            raise QuestionError("zones_differ", text=typed.when, zone=typed.zone)
    except TextError as error:
        raise QuestionError("bad_value", text=typed.when, name="when", expected=error.expected) from None
    source, sources = source_of(typed.link, snapshot)
    cells = {
        "id": _free_id("events", id_like(typed.name), snapshot),
        "name": typed.name,
        "who": ";".join(several(typed.who)),
        "at": at,
        "zone": zone or NOT_STATED,
        "sources": source,
    }
    return RowEdits({"sources": sources, "events": (_filled(cells),)})


def source_rows(typed: TypedSource, snapshot: Snapshot) -> RowEdits:
    """A source by itself; only one of grade A or B is linked."""
    known, sources = source_of(typed.link, snapshot)
    if not sources:
        raise QuestionError("source_known", id=known)
    given = {"publisher": typed.publisher, "title": typed.title, "published": typed.published, "grade": typed.grade}
    if typed.published:
        try:
            given["published"] = typed_cell_time(typed.published, "UTC")
        except TextError as error:
            raise QuestionError("bad_value", text=typed.published, name="published", expected=error.expected) from None
    cells = {**sources[0], **_filled(given)}
    return RowEdits({"sources": ({**cells, "link": "yes" if typed.grade in "AB" else "no"},)})


def corrected_row(row: FoundRow, value: str, link: str, snapshot: Snapshot) -> RowEdits:
    """A row with another number, and the link that says so among its sources.

    Raises ``QuestionError`` for a row without a number of its own.
    """
    infos = columns(TABLES[row.table])
    if "low" not in infos:
        raise QuestionError("no_number_in_row", row=row.value)
    if row.table == "orders":
        amount = _amount(value, in_percent=snapshot.vocabulary.is_rate(row.cells.get("metric", "")))
    else:
        amount = {"low": "", "high": "", **_bounds(value, row.cells.get("price_type", ""))}
    names: tuple[str, ...] = ("low", "high", "stated", "precision")
    cells = {name: amount.get(name, "") for name in names if name in infos}
    sources: tuple[dict[str, str], ...] = ()
    if link:
        id, sources = source_of(link, snapshot)
        known = several(row.cells.get("sources", ""))
        cells["sources"] = ";".join(dict.fromkeys((id, *known)))
    return RowEdits({"sources": sources, row.table: ({"id": row.id, **cells},)})


def _bounds(value: str, price_type: str) -> dict[str, str]:
    """The cells of a price or a store count, which cannot be about a number; a discount may be in per cent."""
    if _ABOUT.match(value.strip()):
        raise QuestionError("bad_value", text=value, name="value", expected=message("without_about"))
    is_share, is_discount = "%" in unicodedata.normalize("NFKC", value), price_type == "discount"
    amount = _amount(value, in_percent=is_discount)
    bounds = {name: text for name, text in amount.items() if name in ("low", "high")}
    if not (is_share and is_discount):
        return bounds
    return {name: f"{decimal_text(Fraction(text) * 100, places=9)}%" for name, text in bounds.items()}


def source_of(link: str, snapshot: Snapshot) -> tuple[str, tuple[dict[str, str], ...]]:
    """The id of the source of a link or the id of one, and its row where the link is new."""
    text = link.strip()
    if snapshot.values(IS_ROW["sources"], id=text.casefold()):
        return text.casefold(), ()
    if known := snapshot.values(SOURCE_OF_LINK, url=text):
        return str(known[0][0]), ()
    try:
        columns(Source)["url"].cell.read(text)
    except TextError as error:
        raise QuestionError("bad_value", text=text, name="link", expected=error.expected) from None
    host = (urlsplit(text).hostname or "").removeprefix("www.")
    words = re.sub(r"[-_+]+|\.\w{2,5}$", " ", unquote(urlsplit(text).path.rstrip("/").rpartition("/")[2])).strip()
    id = _free_id("sources", id_like(host), snapshot)
    cells = {"id": id, "publisher": host, "title": words or host, "url": text, "grade": "C", "link": "no"}
    return id, (cells,)


def _market_of(id: str, typed: str, snapshot: Snapshot) -> tuple[str, str, str, str]:
    """Region, currency, brand and model of a model's prices, else of its launch."""
    if rows := snapshot.values(PRICES_OF_MODEL, id=id):
        region, currency, brand, model = rows[0]
        return region, currency, brand, model
    shown = Names(snapshot).shown("model", id)
    launches = snapshot.select(Launch, LAUNCH_OF_MODEL, model=shown)
    if not launches:
        raise QuestionError("no_market", name=typed)
    return launches[0].market, launches[0].currency, launches[0].brand, launches[0].model


def _amount(text: str, *, in_percent: bool) -> dict[str, str]:
    """The cells of a number: ``75,723``, ``>=70,000``, ``about 4.5万``, ``1800..2000``; of a share also ``35%``."""
    plain = text.strip()
    if not in_percent and "%" in unicodedata.normalize("NFKC", plain):
        raise QuestionError("bad_value", text=text, name="value", expected=message("no_percent"))
    about = _ABOUT.match(plain)
    try:
        quantity = typed_quantity(plain[about.end() :] if about else plain)
    except TextError as error:
        raise QuestionError("bad_value", text=text, name="value", expected=error.expected) from None
    low, high = (None if end is None else decimal_text(end, places=9) for end in (quantity.low, quantity.high))
    stated = "about" if about and quantity.is_point else "range" if quantity.stated == "range" else quantity.stated
    return _filled({"low": low or "", "high": high or "", "stated": stated, "precision": _precision(quantity, stated)})


def _precision(quantity: Quantity, stated: str) -> str:
    if stated == "about" and quantity.low is not None:
        return decimal_text(about_step(quantity.low), places=9)
    is_whole = quantity.low is not None and quantity.low.denominator == 1
    return "1" if stated == "exact" and is_whole else ""


def _free_id(table: str, text: str, snapshot: Snapshot) -> str:
    """An id that no row of a table has yet."""
    base = id_like(text) or table.removesuffix("s")
    for number in range(1, 1000):
        id = base if number == 1 else f"{base[: LONGEST_ID - 4]}-{number}"
        if not snapshot.values(IS_ROW[table], id=id):
            return id
    raise QuestionError("no_free_id", text=base)


def _filled(cells: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if text}
