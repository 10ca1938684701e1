"""The words of the trade in English, and how numbers, moments and sources are put."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from salesbot.answers.answer import Figure, Placed
from salesbot.facts import RATES, Source
from salesbot.values.moment import Moment, Relation, cell_time, utc_text
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import SourceLine, clock
from salesbot.words.numbers import amount, percent, signed, span

_T = re.compile(r"(?<=\d)T(?=\d)")
METRICS = {
    "orders": "orders", "locked_orders": "locked orders", "reservations": "reservations", "deliveries": "deliveries",
    "orders_per_store": "orders per store", "lock_in_rate": "lock-in rate", "cancellation_rate": "cancellation rate",
    "sales_stores": "sales stores", "display_stores": "display stores", "cities": "cities", "unstated": "of unstated kind",
    "list_price": "list price", "starting_price": "starting price", "pre_sale_price": "pre-sale price",
    "limited_time_offer": "limited-time offer", "subsidy": "subsidy", "trade_in": "trade-in", "deposit": "deposit",
    "benefit": "benefit", "pace": "pace", "difference": "difference", "net": "net", "cuts": "cuts", "rises": "rises",
}  # fmt: skip
MARKS = {"agrees": "✓", "partly": "≈", "disagrees": "✗", "cannot tell": "?"}
REASONS = {
    "denied": "it was denied", "rumour": "it is a rumour", "target": "it is a target", "superseded": "it was revised",
    "not the maker": "the maker gave a figure itself", "weaker source": "a better source says otherwise",
    "farther in time": "another count is nearer in time", "another place": "it counts another place",
    "no place": "its place is not stated", "no time": "the time of the count is not known", "known bad": "its source is known to be bad",
}  # fmt: skip
GRADES = {"A": "maker, wire or trade paper", "B": "press", "C": "copy or unnamed", "D": "known bad"}


def value(figure: Figure) -> str:
    """A figure's number with its money or percent sign, without the metric's name."""
    if figure.name in RATES:
        return percent(figure.quantity)
    if figure.quantity.unit.isupper() and len(figure.quantity.unit) == 3:
        return money(figure.quantity)
    return amount(figure.quantity)


def money(quantity: Quantity) -> str:
    return f"{amount(quantity)} {quantity.unit}" if not quantity.is_unknown else "unknown"


def term_value(figure: Figure) -> str:
    if figure.change is not None and figure.quantity.is_point and figure.quantity.low is not None:
        return signed(figure.quantity.low)
    return value(figure)


def briefly(figure: Figure) -> str:
    """A figure inside a sentence: whose it is, and its number."""
    number = value(figure).removeprefix("about ")
    if figure.reading_of or figure.basis == "reported":
        return f"the {number} of {who(figure)}"
    return f"the computed {number}"


def who(figure: Figure) -> str:
    """Who gave a figure, inside a sentence: ``Xiaomi``, ``the press``."""
    named = [name if name[:1].isupper() else f"the {name}" for name in figure.said_by]
    return listed(named) or "another source"


def term(figure: Figure) -> str:
    """A figure as a factor of a product: ``59 stores``, ``1,800–2,000 per store``, ``35–40 %``."""
    units: dict[str, str] = {"orders_per_store": " per store", "sales_stores": " stores", **dict.fromkeys(RATES, "")}
    return f"{value(figure)}{units.get(figure.name, ' ' + METRICS.get(figure.name, ''))}"


def quoted(name: str) -> str:
    return f"“{name}”"


def listed(parts: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    found = list(parts)
    if len(found) < 2:
        return "".join(found)
    return ", ".join(found[:-1]) + " and " + found[-1]


def days(valid_from: str | None, valid_to: str | None) -> str:
    """A span of days for people, its last day included."""
    start = f"from {valid_from}" if valid_from else ""
    return f"{start} to {last_day(valid_to)}".strip() if valid_to else start


def last_day(valid_to: str) -> str:
    """The last day in, of a span whose ``valid_to`` is the first day out."""
    stated = cell_time(valid_to)
    if stated.is_clock:
        return stated_text(valid_to)
    return (stated.days[0] - timedelta(days=1)).isoformat()


def stated_text(text: str) -> str:
    """A moment's own text, easier on the eye: ``2024-03-28 19:00+08:00``."""
    if not text[:4].isdigit() or " " in text:
        return text
    return _T.sub(" ", text).replace("/", " to ")


def ended(moment: Moment) -> str:
    """When a count ends: the clock time, or the last day in."""
    if moment.stated.is_clock:
        return f"by {stated_text(moment.text)}"
    return f"by the end of {last_day(moment.text)}"


def gap(relation: Relation) -> str:
    """The least and the greatest distance of two moments."""
    least, most = span(relation.least or 0), span(relation.most or 0)
    return least if least == most else f"{least} to {most}"


def three_clocks(side: Placed) -> str:
    """As stated, in UTC, and on the reader's clock."""
    moment = side.moment
    stated = f"{stated_text(moment.text)} ({side.zone})"
    if moment.is_instant:
        return f"{stated} · {utc(moment.earliest)} · {clock(moment.earliest)}"
    return f"{stated} · {utc(moment.earliest)} to {utc(moment.latest)} · {clock(moment.earliest)} to {clock(moment.latest)}"


def utc(instant: int) -> str:
    return utc_text(instant).replace("T", " ").removesuffix("Z").removesuffix(":00") + " UTC"


def source_line(source: Source) -> SourceLine:
    """A source; its address only where it may be linked."""
    when = f", {source.published.text}" if source.published else ""
    url = source.url if source.link == "yes" and source.grade in "AB" else None
    return SourceLine(
        source.id, source.publisher.partition(" (")[0][:30], f"{source.publisher}: {source.title}{when} (grade {source.grade})", url
    )
