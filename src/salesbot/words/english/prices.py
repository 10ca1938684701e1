"""Price questions in English."""

from __future__ import annotations

from salesbot.answers.answer import Answer, Change, ChangesFound, Figure, HistoryFound, PricesFound
from salesbot.facts import LEVELS
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import FigureLine
from salesbot.words.english.terms import METRICS, days, listed, money, term_value, value
from salesbot.words.numbers import amount, change_percent, signed

PLURALS = {
    "rise": "rises", "cut": "cuts", "offer": "offers", "subsidy": "subsidies", "first price": "first prices",
    "new variant": "new variants",
}  # fmt: skip


def prices_headline(found: PricesFound, answer: Answer) -> str:
    levels = [figure for figure in answer.figures if figure.name in LEVELS]
    when = f" on {found.day}" if found.day else ", last known"
    if len(levels) == 1:
        return f"{levels[0].subject}{when}: {value(levels[0])} ({METRICS[levels[0].name]})"
    told = [f"{figure.subject.removeprefix(found.model).strip() or figure.subject} {value(figure)}" for figure in levels[:4]]
    more = f" and {len(levels) - 4} more" if len(levels) > 4 else ""
    return f"{found.model}{when}: {', '.join(told)}{more}"


def history_headline(found: HistoryFound, answer: Answer) -> str:
    levels = [figure for figure in answer.figures if figure.name in LEVELS]
    subjects = list(dict.fromkeys(figure.subject for figure in levels))
    if not levels:
        return f"{found.model}: no price in that time"
    if len(subjects) > 1:
        return f"{found.model}: {len(levels)} prices of {len(subjects)} trims"
    return (
        f"{subjects[0]}: "
        + " → ".join(value(figure).removesuffix(f" {figure.quantity.unit}") for figure in levels)
        + (f" {levels[-1].quantity.unit}")
    )


def price_line(figure: Figure) -> FigureLine:
    parts = []
    if figure.valid_from:
        parts.append(days(figure.valid_from, figure.valid_to))
    if figure.said_by:
        parts.append("said by " + ", ".join(figure.said_by))
    if figure.note:
        parts.append(figure.note)
    is_offer = figure.name in ("limited_time_offer", "subsidy", "trade_in", "benefit")
    number = value(figure)
    if is_offer and figure.quantity.low == 0 and figure.quantity.high is not None:
        number = f"up to {money(Quantity.exactly(figure.quantity.high, figure.quantity.unit))}"
    return FigureLine(number, f"{figure.subject}, {METRICS[figure.name]}", "; ".join(parts))


def changes_headline(found: ChangesFound, answer: Answer) -> str:
    moves = [f for f in answer.figures if f.change and f.change.kind]
    window = _window(found)
    about = " ".join(filter(None, (found.about, found.trim)))
    nets = [f for f in answer.figures if f.name == "net"]
    if not moves:
        return f"No price move{' of ' + about if about else ''} is in the facts{window}"
    if about and len(nets) == 1 and nets[0].change and nets[0].change.previous and nets[0].quantity.low is not None:
        level = [f for f in moves if f.change and f.change.kind in ("cut", "rise", "unchanged", "disputed")]
        steps = " then ".join(term_value(f) for f in level)
        net = f", net {signed(nets[0].quantity.low)}" if len(level) > 1 else ""
        return f"{nets[0].subject}{window}: {steps}{net} {nets[0].quantity.unit} (from {amount(nets[0].change.previous)})"
    counts: dict[str, int] = {}
    for figure in moves:
        kind = figure.change.kind if figure.change else None
        counts[str(kind)] = counts.get(str(kind), 0) + 1
    told = ", ".join(f"{n} {PLURALS.get(kind, kind) if n > 1 else kind}" for kind, n in counts.items())
    return f"{len(moves)} price {'move' if len(moves) == 1 else 'moves'}{' of ' + about if about else ''}{window}: {told}"


def _window(found: ChangesFound) -> str:
    text = f" after {found.after}" if found.after else ""
    if found.since and found.until:
        return f"{text}, {found.since} to {found.until}" if found.since != found.until else f"{text}, {found.since}"
    if found.since:
        return f"{text} since {found.since}"
    return f"{text} until {found.until}" if found.until else text


def change_line(figure: Figure) -> FigureLine:
    change = figure.change
    assert change is not None and change.kind is not None
    parts = [listed(METRICS[kind] for kind in change.price_types)]
    if change.valid_from:
        parts.append(days(change.valid_from, change.valid_to))
    if change.announced and change.announced != change.valid_from:
        parts.append(f"announced {change.announced}")
    return FigureLine(f"{_change_value(figure)}", f"{figure.subject}: {change.kind}", "; ".join(parts))


def _change_value(figure: Figure) -> str:
    change, quantity = figure.change, figure.quantity
    assert change is not None
    unit = quantity.unit
    if change.kind in ("first price", "new variant"):
        return f"at {money(change.current)}" if change.current else "price not given"
    if quantity.is_unknown or quantity.low is None or quantity.high is None:
        return "size not given"
    if quantity.low == quantity.high:
        if quantity.low == 0:
            return f"0 ({money(change.previous)})" if change.previous else "0"
        base = _percent_of(change, quantity)
        return f"{signed(quantity.low)} {unit}{base}"
    if quantity.high == 0:
        return f"up to {signed(-quantity.low).lstrip('+')} {unit} less"
    if quantity.low == 0:
        return f"up to {signed(quantity.high).lstrip('+')} {unit} more"
    return f"{signed(quantity.low)} to {signed(quantity.high)} {unit}"


def _percent_of(change: Change, quantity: Quantity) -> str:
    previous = change.previous
    if previous is None or previous.low is None or not previous.is_point or quantity.low is None or previous.low == 0:
        return ""
    return f" ({signed(change_percent(quantity.low, previous.low))} % from {amount(previous)})"


def net_line(figure: Figure) -> FigureLine:
    change = figure.change
    assert change is not None
    low, high = figure.quantity.low, figure.quantity.high
    number = "size not given" if low is None or high is None else signed(low) if low == high else f"{signed(low)} to {signed(high)}"
    base = f"from {amount(change.previous)}" if change.previous else ""
    return FigureLine(f"{number} {figure.quantity.unit}", f"{figure.subject}: net", base)
