"""The words of the trade in English, and how numbers, moments and sources are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from salesbot.answers import Figure
from salesbot.answers.results import TimelineSide
from salesbot.facts import Source
from salesbot.values.moment import Moment, Relation, StatedTime
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import SourceLine, clock
from salesbot.words.english.dates import day_text, last_day, stated_text
from salesbot.words.numbers import amount, percent, signed, span

LONGEST_PUBLISHER = 30
METRICS = {
    "orders": "orders",
    "locked_orders": "locked orders",
    "reservations": "reservations",
    "deliveries": "deliveries",
    "orders_per_store": "orders per store",
    "lock_in_rate": "lock-in rate",
    "cancellation_rate": "cancellation rate",
    "sales_stores": "sales stores",
    "display_stores": "display stores",
    "cities": "cities",
    "unstated": "(what it counts is not said)",
    "list_price": "list price",
    "msrp": "MSRP",
    "starting_price": "starting price",
    "street_price": "street price",
    "pre_sale_price": "pre-sale price",
    "limited_time_offer": "limited-time offer",
    "discount": "discount",
    "subsidy": "subsidy",
    "trade_in": "trade-in",
    "deposit": "deposit",
    "benefit": "benefit",
    "pace": "pace",
    "difference": "difference",
    "net": "net",
    "cuts": "cuts",
    "rises": "rises",
}
PER = {"orders_per_store": " per store", "sales_stores": " stores"}
MARKS = {"agrees": "✓", "partly": "≈", "disagrees": "✗", "cannot tell": "?"}
REASONS = {
    "denied": "it was denied",
    "rumour": "it is a rumour",
    "target": "it is a target",
    "superseded": "it was revised",
    "known bad": "its source is known to be bad",
    "not the maker": "the maker gave a figure itself",
    "weaker source": "a better source says otherwise",
    "farther in time": "another count is nearer in time",
    "no time": "the time of the count is not known",
}
GRADES = {"A": "maker, wire or trade paper", "B": "press", "C": "copy or unnamed", "D": "known bad"}


def term_name(name: str) -> str:
    """A metric or price type by its name for people."""
    return METRICS.get(name) or name.replace("_", " ").replace("-", " ")


def value(figure: Figure) -> str:
    """A figure's number with its money or percent sign, without the metric's name."""
    if figure.quantity.unit == "ratio" and not figure.quantity.is_unknown:
        return percent(figure.quantity)
    return money(figure.quantity) if figure.is_money else amount(figure.quantity)


def money(quantity: Quantity) -> str:
    """An amount of money with its currency."""
    return f"{amount(quantity)} {quantity.unit}" if not quantity.is_unknown else "unknown"


def term_value(figure: Figure) -> str:
    """A figure as a summand; a change of a price with its sign."""
    if figure.change is not None:
        return change_text(figure.quantity)
    return value(figure)


def change_text(change: Quantity) -> str:
    """A change with its sign, without its unit: ``−5,000``, ``−10,000 to −8,000``."""
    if change.low is None or change.high is None:
        return "a change of unknown size"
    return signed(change.low) if change.low == change.high else f"{signed(change.low)} to {signed(change.high)}"


def briefly(figure: Figure) -> str:
    """A figure inside a sentence: whose it is, and its number."""
    number = value(figure).removeprefix("about ")
    if figure.role in ("reading", "report"):
        return f"the {number} of {who(figure)}"
    return f"the computed {number}"


def who(figure: Figure) -> str:
    """Who gave a figure, inside a sentence: ``Xiaomi``, ``the press``."""
    named = [name if name[:1].isupper() else f"the {name}" for name in figure.said_by]
    return listed(named) or "another source"


def term(figure: Figure) -> str:
    """A figure as a factor of a product: ``59 stores``, ``1,800–2,000 per store``, ``35–40 %``."""
    if figure.quantity.unit == "ratio":
        return value(figure)
    net = " net of cancellations" if figure.is_net and figure.basis == "reported" else ""
    return f"{value(figure)}{PER.get(figure.name, ' ' + term_name(figure.name))}{net}"


def in_quotes(name: str) -> str:
    """A name in typographic quotes."""
    return f"“{name}”"


def listed(parts: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    texts = list(parts)
    if len(texts) < 2:
        return "".join(texts)
    return ", ".join(texts[:-1]) + " and " + texts[-1]


def counted(count: int, one: str, several: str = "") -> str:
    """``1 event``, ``3 events``."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def days(valid_from: StatedTime | None, valid_to: StatedTime | None) -> str:
    """A span of days for people, its last day included."""
    start = f"from {stated_text(valid_from)}" if valid_from else ""
    if valid_to and not (valid_to.is_day or valid_to.is_clock) and valid_to.start == valid_to.end:
        return f"{start} to some day of {stated_text(valid_to)}".strip()
    return f"{start} to {last_day(valid_to)}".strip() if valid_to else start


def ended(moment: Moment) -> str:
    """When a count ends: ``by the end of 20 April 2024``."""
    return f"by {end_of(moment)}"


def end_of(moment: Moment) -> str:
    """The moment at which a count ends: a clock time, or the end of the last day in."""
    return stated_text(moment.stated) if moment.stated.is_clock else f"the end of {last_day(moment.stated)}"


def gap(relation: Relation) -> str:
    """The least and the greatest distance of two moments."""
    least, most = span(relation.least or 0), span(relation.most or 0)
    return least if least == most else f"{least} to {most}"


def three_clocks(side: TimelineSide) -> str:
    """A moment as stated, in UTC, and on the reader's clock."""
    moment = side.moment
    stated = with_zone(stated_text(moment.stated), side.zone)
    if moment.is_instant:
        return f"{stated} · {utc(moment.earliest)} · {clock(moment.earliest)}"
    spans = f"{utc(moment.earliest)} to {utc(moment.latest)} · {clock(moment.earliest)} to {clock(moment.latest)}"
    return f"{stated} · {spans}"


def with_zone(stated: str, zone: str) -> str:
    """A time with the zone it was stated in, beside the offset if it has one: ``19:00 (UTC+8, Asia/Shanghai)``."""
    return f"{stated[:-1]}, {zone})" if stated.endswith(")") else f"{stated} ({zone})"


def utc(instant: int) -> str:
    """An instant in UTC, to the minute where that is exact."""
    at = datetime.fromtimestamp(instant, UTC)
    return f"{day_text(at.date())}, {at:%H:%M}{f':{at:%S}' if at.second else ''} UTC"


def source_line(source: Source) -> SourceLine:
    """A source; its address only where it may be linked."""
    when = f", {stated_text(source.published)}" if source.published else ""
    url = source.url if source.link == "yes" and source.grade in "AB" else None
    text = f"{source.publisher}: {source.title}{when} (grade {source.grade})"
    return SourceLine(source.id, source.publisher.partition(" (")[0][:LONGEST_PUBLISHER], text, url, source.grade)
