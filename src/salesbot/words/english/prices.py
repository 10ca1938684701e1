"""Price questions in English."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from salesbot.answers import Answer, Figure
from salesbot.answers.answer import ChangesResult, HistoryResult, PricesResult
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import FigureLine
from salesbot.words.choosing import of_one_price
from salesbot.words.english.dates import brief_span, stated_text
from salesbot.words.english.terms import counted, days, listed, money, term_name, term_value, value
from salesbot.words.numbers import amount, percent_text, signed

PLURALS = {
    "rise": "rises",
    "cut": "cuts",
    "offer": "offers",
    "subsidy": "subsidies",
    "first price": "first prices",
    "new variant": "new variants",
    "offer ended": "offers ended",
}
LEVEL_KINDS = ("cut", "rise", "unchanged", "disputed", "offer ended")
MOST_TOLD = 4


def prices_headline(result: PricesResult, answer: Answer) -> str:
    levels = [figure for figure in answer.figures if figure.role == "level" and not figure.is_operand]
    when = f" on {stated_text(result.day)}" if result.day else ", last known"
    where = f" in {result.region}" if result.region else ""
    if not levels:
        return f"{result.model}{where}{when}: the price is not known"
    regions = _regions(levels)
    alike = of_one_price(levels)
    if len(alike) == 1:
        return f"{levels[0].subject}{where}{when}: {_numbers(levels)} ({term_name(levels[0].name)})"
    told = []
    has_types = len({figure.name for figure in levels}) > 1
    for figures in alike[:MOST_TOLD]:
        figure = figures[0]
        subject = figure.subject.removeprefix(result.model).strip() or figure.subject
        kind = f" ({term_name(figure.name)})" if has_types else ""
        told.append(f"{subject} {_numbers(figures)}{kind}" + (f" in {figure.region}" if len(regions) > 1 else ""))
    more = f" and {len(alike) - MOST_TOLD} more" if len(alike) > MOST_TOLD else ""
    return f"{result.model}{where}{when}: {', '.join(told)}{more}"


def _numbers(figures: Sequence[Figure]) -> str:
    return " or ".join(dict.fromkeys(map(value, figures)))


def _regions(figures: Sequence[Figure]) -> list[str]:
    return list(dict.fromkeys(figure.region or "" for figure in figures))


def history_headline(result: HistoryResult, answer: Answer) -> str:
    levels = [figure for figure in answer.figures if figure.role == "level" and not figure.is_operand]
    if not levels:
        return f"{result.model}: no price in that time"
    series = list(dict.fromkeys((f.subject, f.region, f.quantity.unit, f.name) for f in levels))
    if len(series) > 1:
        subjects, regions = {one[0] for one in series}, {one[1] for one in series}
        what = counted(len(subjects), "trim") if len(subjects) > 1 else next(iter(subjects))
        where = f" in {counted(len(regions), 'region')}" if len(regions) > 1 else ""
        return f"{result.model}: {counted(len(levels), 'price')} of {what}{where}"
    subject, _, unit, _ = series[0]
    numbers = " → ".join(value(figure).removesuffix(f" {unit}") for figure in levels)
    return f"{subject}: {numbers} {unit}"


def price_line(figure: Figure) -> FigureLine:
    """A price or an offer, with its region, its span and who said it."""
    parts = [figure.region or ""]
    if figure.valid_from or figure.valid_to:
        parts.append(days(figure.valid_from, figure.valid_to))
    if figure.said_by:
        parts.append("said by " + ", ".join(figure.said_by))
    if figure.basis == "computed":
        parts.append("computed")
    if figure.note:
        parts.append(figure.note)
    number = value(figure)
    if figure.role == "offer" and figure.quantity.low == 0 and figure.quantity.high is not None:
        most = Quantity.exactly(figure.quantity.high, figure.quantity.unit)
        number = f"up to {value(replace(figure, quantity=most))}"
    return FigureLine(number, f"{figure.subject}, {term_name(figure.name)}", "; ".join(filter(None, parts)))


def changes_headline(result: ChangesResult, answer: Answer) -> str:
    moves = [figure for figure in answer.figures if figure.role == "change"]
    window = _window(result)
    about = " ".join(filter(None, (result.about, result.trim)))
    of = f" of {about}" if about else ""
    nets = [figure for figure in answer.figures if figure.role == "net"]
    if not moves:
        return f"No price move{of} is in the facts{window}"
    if about and len(nets) == 1 and nets[0].change and nets[0].change.previous and nets[0].quantity.low is not None:
        steps = [figure for figure in moves if figure.change and figure.change.kind in LEVEL_KINDS]
        told = " then ".join(term_value(figure) for figure in steps)
        net = f", net {signed(nets[0].quantity.low)}" if len(steps) > 1 and nets[0].quantity.is_point else ""
        if any(figure.quantity.is_open for figure in steps):
            told, net = f"net {net_number(nets[0])}", ""
        base = amount(nets[0].change.previous)
        return f"{nets[0].subject}{window}: {told}{net} {nets[0].quantity.unit} (from {base})"
    counts: dict[str, int] = {}
    for figure in moves:
        kind = figure.change.kind if figure.change else None
        counts[str(kind)] = counts.get(str(kind), 0) + 1
    told = ", ".join(f"{count} {PLURALS.get(kind, kind) if count > 1 else kind}" for kind, count in counts.items())
    return f"{counted(len(moves), 'price move')}{of}{window}: {told}"


def _window(result: ChangesResult) -> str:
    text = f" after {result.after}" if result.after else ""
    since = stated_text(result.since) if result.since else None
    until = stated_text(result.until) if result.until else None
    if since and until:
        return f"{text}, {brief_span(since, until)}"
    if since:
        return f"{text} since {since}"
    return f"{text} until {until}" if until else text


def change_line(figure: Figure) -> FigureLine:
    """A change of a price: its size, whose price it is, and when."""
    change = figure.change
    assert change is not None
    parts = [listed(term_name(kind) for kind in change.price_types), figure.region or ""]
    if figure.valid_from:
        parts.append(days(figure.valid_from, figure.valid_to))
    if change.announced and change.announced != figure.valid_from:
        parts.append(f"announced {stated_text(change.announced)}")
    return FigureLine(change_value(figure), f"{figure.subject}: {change.kind}", "; ".join(filter(None, parts)))


def change_value(figure: Figure) -> str:
    """The size of a change of a price, with its sign."""
    change, quantity = figure.change, figure.quantity
    assert change is not None
    if change.kind in ("first price", "new variant"):
        return f"at {money(change.current)}" if change.current else "price not given"
    if quantity.low is None or quantity.high is None:
        return "size not given"
    if quantity.low == quantity.high:
        if quantity.low == 0:
            return f"0 ({money(change.previous)})" if change.previous else "0"
        return f"{_sized(quantity.low, quantity.unit)}{_percent_of(figure)}"
    if quantity.high == 0:
        return f"up to {_sized(-quantity.low, quantity.unit).lstrip('+')} less"
    if quantity.low == 0:
        return f"up to {_sized(quantity.high, quantity.unit).lstrip('+')} more"
    least = _sized(quantity.low, quantity.unit).removesuffix(f" {quantity.unit}")
    return f"{least} to {_sized(quantity.high, quantity.unit)}"


def _sized(change: Fraction, unit: str) -> str:
    """A change with its sign and unit: ``−14,000 CNY``, ``−5 %``."""
    return f"{signed(change * 100)} %" if unit == "ratio" else f"{signed(change)} {unit}"


def _percent_of(figure: Figure) -> str:
    change = figure.change
    if change is None or change.percent is None or change.previous is None:
        return ""
    return f" ({percent_text(change.percent)} % from {amount(change.previous)})"


def net_number(figure: Figure) -> str:
    """What several changes come to, with its sign."""
    low, high = figure.quantity.low, figure.quantity.high
    if low is None or high is None:
        return "size not given"
    return signed(low) if low == high else f"{signed(low)} to {signed(high)}"


def net_line(figure: Figure) -> FigureLine:
    """What several changes come to together."""
    change = figure.change
    assert change is not None
    number = net_number(figure)
    base = f"from {amount(change.previous)}" if change.previous else ""
    unit = "" if figure.quantity.is_open else f" {figure.quantity.unit}"
    return FigureLine(f"{number}{unit}", f"{figure.subject}: net", base)
