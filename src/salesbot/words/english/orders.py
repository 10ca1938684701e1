"""Stores, progress, comparisons and what-ifs in English."""

from __future__ import annotations

from salesbot.answers.answer import Answer, CompareFound, Figure, ProgressFound, StoresFound, WhatifFound
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import FigureLine
from salesbot.words.english.terms import METRICS, ended, listed, stated_text, value, who
from salesbot.words.english.totals import since_opening
from salesbot.words.numbers import amount, signed


def stores_headline(found: StoresFound, answer: Answer) -> str:
    counts = [f"{value(f)} {METRICS[f.name]}" for f in answer.figures if f.basis == "reported" and not f.is_operand]
    implied = [f for f in answer.figures if f.name == "sales_stores" and f.verdict == "agrees" and f.quantity.unit == "whole stores"]
    text = f"{found.name}: {', '.join(counts) or 'no store count'}"
    if implied:
        text += f"; {amount(implied[0].quantity)} stores would fit {_from_what(implied[0], answer)}"
    return text


def _from_what(figure: Figure, answer: Answer) -> str:
    """The total that implied a number of stores, as the figure's id names it."""
    row = figure.id.partition("-from-")[2].partition(":")[0]
    total = answer.figure(row)
    return f"the {value(total).removeprefix('about ')}" + (f" read as {METRICS[figure.read_as]}" if figure.read_as else "")


def implied_label(figure: Figure, answer: Answer) -> str:
    """What a computed figure of the stores answer is: implied by a total, or per store at a moment."""
    what = METRICS[figure.name]
    row = figure.id.partition("-from-")[2].partition(":")[0]
    if not row:
        return what
    total = answer.figure(row)
    reading = f" read as {METRICS[figure.read_as]}" if figure.read_as else f" {METRICS[total.name]}"
    return f"{what}, from the {value(total).removeprefix('about ')} of {who(total)}{reading}"


def is_whole(figure: Figure) -> bool:
    """Whether a figure is the whole stores inside another, which names it."""
    return figure.quantity.unit == "whole stores"


def whole_words(figure: Figure, answer: Answer) -> str:
    """The whole stores inside an implied number of stores: `` (57–71 whole)``."""
    inside = [other for other in answer.figures if other.id == f"{figure.id}:whole"]
    return f" ({amount(inside[0].quantity)} whole)" if inside else ""


def progress_headline(found: ProgressFound, answer: Answer) -> str:
    what = METRICS[found.metric]
    if found.at is not None:
        bracket = next((f for f in answer.figures if f.id.startswith("bracket-")), None)
        span = ""
        if found.opening is not None and found.at.is_instant:
            span = since_opening(found.at.earliest - found.opening)
        when = span or f"at {stated_text(found.at.text)}"
        told = between(bracket.quantity) if bracket else "cannot tell"
        return f"{found.name}, {when}: {told} {what}"
    points = [figure for figure in answer.figures if figure.name == found.metric]
    if not points:
        return f"{found.name}: no {what} in that time"
    first, last = points[0], points[-1]
    ends = [ended(p.as_of) if p.as_of else "" for p in (first, last)]
    return f"{found.name}: {value(first)} {what} {ends[0]}, {value(last)} {ends[1]}"


def between(quantity: Quantity) -> str:
    """A bracket in words: nobody reported it."""
    low, high = quantity.low, quantity.high
    if low is not None and high is not None and low != high:
        return f"between {amount(Quantity.exactly(low))} and {amount(Quantity.exactly(high))}"
    return amount(quantity)


def compare_headline(found: CompareFound, answer: Answer) -> str:
    names = listed(found.names)
    if answer.verdict == "cannot tell":
        return f"Cannot compare {names}: they have nothing of one kind"
    shown = [f"{f.subject} {value(f)}" for f in answer.figures if not f.is_operand and f.name != "difference"]
    when = f", {since_opening(found.within)}" if found.within else f" on {found.day}" if found.day else ""
    what = METRICS[found.what] if found.what else "figures"
    return f"{what[:1].upper()}{what[1:]}{when}: {'; '.join(shown)}"


def difference_line(figure: Figure) -> FigureLine:
    low, high, unit = figure.quantity.low, figure.quantity.high, figure.quantity.unit
    if low is None or high is None:
        number = "cannot tell"
        if low is not None:
            number = f"at least {signed(low)}"
        elif high is not None:
            number = f"at most {signed(high)}"
    else:
        number = signed(low) if low == high else f"{signed(low)} to {signed(high)}"
    ahead = ""
    if low is not None and high is not None and low < 0 < high:
        ahead = "which is ahead cannot be told"
    return FigureLine(f"{number} {unit}", f"difference, {figure.subject}", ahead)


def pace_line(figure: Figure, answer: Answer) -> FigureLine:
    terms = [answer.figure(id) for id in figure.working.operands] if figure.working else []
    times = [stated_text(t.as_of.text) if t.as_of else "?" for t in terms]
    when = f"from {times[1]} to {times[0]}" if len(times) == 2 else f"from the opening to {times[0]}" if times else ""
    return FigureLine(f"{amount(figure.quantity, places=0)} {figure.quantity.unit}", "pace", when)


def whatif_headline(found: WhatifFound, answer: Answer) -> str:
    asked = listed(f"{value(f)} {METRICS[f.name]}" for f in answer.figures if f.basis == "asked")
    got = [f"{value(f)} {METRICS[f.name]}" for f in answer.figures if f.basis == "computed" and not f.is_operand]
    about = f"{found.name}, with" if found.name else "With"
    return f"{about} your {asked}: {listed(got) or 'cannot tell'}"
