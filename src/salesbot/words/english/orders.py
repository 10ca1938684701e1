"""Order questions in English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import groupby

from salesbot.answers import Answer, Figure, course
from salesbot.answers.answer import CompareResult, ProgressResult, StoresResult, TotalResult, WhatifResult
from salesbot.values.moment import Moment, StatedTime
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import FigureLine
from salesbot.words.choosing import is_of_one_day, is_of_one_time, is_outside_span, of_part, told_in_headline
from salesbot.words.english.dates import stated_text
from salesbot.words.english.terms import briefly, end_of, ended, listed, term, term_name, term_value, value, who
from salesbot.words.numbers import amount, signed, span

OPEN_OR_BOUND = ("bracket", "not started")


def since_opening(within: int, opened_as: str | None = None) -> str:
    """A time since the opening: ``72 h after orders opened``, or what the pack calls it."""
    return f"{time_text(within)} after {opened_as or 'orders opened'}"


def time_text(seconds: int) -> str:
    """A length of time as people count it: ``27 min``, ``72 h``, ``100 days``."""
    if seconds > 72 * 3600 and seconds % 86400 == 0:
        return f"{seconds // 86400} days"
    if seconds <= 72 * 3600 and seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return span(seconds)


def at_moment(moment: Moment) -> str:
    """A moment asked for, inside a headline."""
    return f"at {stated_text(moment.stated)}" if moment.stated.is_clock else ended(moment)


# totals


def total_headline(result: TotalResult, answer: Answer) -> str:
    when = ""
    if result.within:
        when = f", {since_opening(result.within, result.opened_as)}"
    elif result.at:
        when = f", {at_moment(result.at)}"
    elif result.during:
        when = f", {stated_text(result.during)}"
    leading, dated, with_start = told_in_headline(result, answer)
    told = (
        [_told(one, with_date=place in dated, with_start=with_start) for place, one in enumerate(leading)]
        or _unstated(answer)
        or _parts(answer)
    )
    return f"{result.name}{when}: {', '.join(told) or 'cannot tell'}"


def _told(leading: list[Figure], *, with_date: bool, with_start: bool) -> str:
    """The numbers of a metric, their start if it is not the opening, and their date where others are of another one.

    Deliveries never start at the opening, so theirs is said only where there are several.
    """
    first = leading[0]
    what = term_name(first.name) + (" net of cancellations" if first.is_net else "")
    date = f" {ended(first.as_of)}" if with_date and first.as_of is not None else ""
    by_start: dict[StatedTime | None, list[str]] = {}
    for figure in leading:
        by_start.setdefault(figure.series_from, []).append(_bounded(figure))
    told: list[str] = []
    for start, numbers in by_start.items():
        is_told = start is not None and (with_start or len(by_start) > 1 or first.name != "deliveries")
        since = f" since {stated_text(start)}" if start is not None and is_told else ""
        if since and len(by_start) == 1 and date and is_of_one_day(first):
            since, date = f" on {stated_text(first.series_from)}" if first.series_from else "", ""
        told.append(f"{listed(dict.fromkeys(numbers))}{'' if told else f' {what}'}{since}")
    return f"{listed(told)}{date}"


def _bounded(figure: Figure) -> str:
    """A figure's number; a bracket from 0 by its upper end alone."""
    quantity = figure.quantity
    if figure.role == "bracket" and quantity.low == 0 and quantity.high:
        return amount(Quantity(None, quantity.high, quantity.unit))
    return value(figure)


def _unstated(answer: Answer) -> list[str]:
    return [f"{value(figure)} {term_name('unstated')}" for figure in answer.figures if figure.name == "unstated"]


def _parts(answer: Answer) -> list[str]:
    parts = [figure for figure in answer.figures if figure.place or figure.variant]
    return [f"{figure.place or figure.variant} {value(figure)}" for figure in parts[:6]]


def _parts_of(answer: Answer, metric: str) -> list[str]:
    """The last figure of each part and variant of a metric."""
    last = {f.place or f.variant: f for f in answer.figures if f.name == metric and (f.place or f.variant)}
    return [f"{part} {value(figure)}" for part, figure in list(last.items())[:6]]


def total_lead(answer: Answer) -> str:
    """The verdict in one sentence."""
    readings = [figure for figure in answer.figures if figure.reading_of]
    if readings:
        return _reading_lead(readings, answer.figure(readings[0].reading_of or ""))
    verdicts = {
        "agrees": "The figures agree.",
        "partly": "The figures agree in part.",
        "disagrees": "The figures disagree.",
    }
    return verdicts.get(answer.verdict or "", "")


def _reading_lead(readings: list[Figure], whole: Figure) -> str:
    fits = [term_name(figure.name) for figure in readings if figure.verdict == "agrees"]
    number, teller = amount(whole.quantity).removeprefix("about "), who(whole)
    if len(fits) == len(readings):
        return f"The {number} of {teller} fits every reading."
    return (
        f"The {number} of {teller} fits as {listed(fits)} only."
        if fits
        else f"The {number} of {teller} fits no reading."
    )


def basis(figure: Figure, answer: Answer) -> str:
    """Where a figure comes from, and how it compares with the others."""
    parts = []
    if figure.place or figure.variant:
        parts.append(figure.place or figure.variant or "")
    if figure.role == "not started":
        parts.append("none counted yet")
    elif figure.basis == "computed":
        parts.append("computed")
    elif figure.basis == "asked":
        parts.append("your number")
    elif figure.said_by:
        parts.append(f"said by {who(figure)}")
    if figure.valid_from:
        parts.append(f"counted {stated_text(figure.valid_from)}")
    elif figure.as_of and not (is_of_one_time(answer) and not figure.is_operand):
        parts.append(ended(figure.as_of))
    if figure.series_from is not None:
        parts.append(f"since {stated_text(figure.series_from)}")
    if figure.status not in ("reported", "revised"):
        parts.append(figure.status)
    if figure.name != "unstated" and figure.verdict and figure.comparisons:
        parts.append(comparison(figure, answer))
    return "; ".join(parts)


def comparison(figure: Figure, answer: Answer) -> str:
    """How a figure compares with those it was held against."""
    others = [answer.figure(id) for id in figure.against]
    verbs = {"agrees": "agrees with", "partly": "agrees partly with", "disagrees": "disagrees with"}
    verb = verbs.get(figure.verdict or "")
    if verb is None or not others:
        return "cannot be compared"
    if figure.verdict == "agrees" and any(other.quantity.is_open for other in (figure, *others)):
        verb = "is no more than consistent with"
    return f"{verb} {listed(dict.fromkeys(map(briefly, others)))}"


def product(terms: list[tuple[Figure, int]], teller: Callable[[Figure], str] = lambda _: "") -> str:
    """``1,800–2,000 per store × 59 stores``, divisors after a ÷; ``teller`` says who gave each."""
    above = [term(figure) + teller(figure) for figure, power in terms if power > 0]
    below = [term(figure) + teller(figure) for figure, power in terms if power < 0]
    text = " × ".join(above) or "1"
    if not below:
        return text
    return f"{text} ÷ {below[0] if len(below) == 1 else '(' + ' × '.join(below) + ')'}"


def sum_text(parts: Sequence[Figure], whole: Figure) -> str:
    """``+5,000 − 14,000 = −9,000``."""
    terms = [term_value(part) for part in parts]
    if len(terms) == 1 and parts[0].quantity == whole.quantity and whole.role == "net":
        return terms[0]
    text = " + ".join(f"({one})" if " to " in one and len(terms) > 1 else one for one in terms)
    return f"{text.replace('+ −', '− ').replace('+ +', '+ ')} = {term_value(whole)}"


def bounds(terms: list[tuple[Figure, int]]) -> str:
    """The reports that a bracket rests on."""
    texts = (f"{value(figure)} {ended(figure.as_of) if figure.as_of else ''} ({figure.id})" for figure, _ in terms)
    return " and ".join(texts)


# stores


def stores_headline(result: StoresResult, answer: Answer) -> str:
    reported = [figure for figure in answer.figures if figure.basis == "reported" and not figure.is_operand]
    counts = [_store_count(figure, answer) for figure in reported if not of_part(figure)]
    counts = counts or [f"{of_part(figure)} {_store_count(figure, answer)}" for figure in reported]
    implied = [figure for figure in answer.figures if figure.role == "whole" and figure.verdict == "agrees"]
    text = f"{result.name}: {', '.join(counts) or 'no store count'}"
    if implied:
        text += f"; {amount(implied[0].quantity)} stores would fit {_total_of(implied[0], answer)}"
    return text


def _store_count(figure: Figure, answer: Answer) -> str:
    """A store count, with its day where that is not the one asked about."""
    text = f"{value(figure)} {term_name(figure.name)}"
    return (
        f"{text} ({stated_text(figure.valid_from)})" if is_outside_span(figure, answer) and figure.valid_from else text
    )


def _total_of(figure: Figure, answer: Answer) -> str:
    """The total that implied a number of stores."""
    total = answer.figure(figure.implied_by or "")
    reading = f" read as {term_name(figure.read_as)}" if figure.read_as else ""
    return f"the {value(total).removeprefix('about ')}{reading}"


def implied_label(figure: Figure, answer: Answer) -> str:
    """What a computed figure of the stores answer is: implied by a total, or per store at a moment."""
    what = term_name(figure.name)
    if figure.implied_by is None:
        return what
    total = answer.figure(figure.implied_by)
    reading = f" read as {term_name(figure.read_as)}" if figure.read_as else f" {term_name(total.name)}"
    return f"{what}, from the {value(total).removeprefix('about ')} of {who(total)}{reading}"


def whole_words(figure: Figure, answer: Answer) -> str:
    """The whole stores inside an implied number of stores: `` (57–71 whole)``."""
    inside = [
        one for one in answer.figures if one.role == "whole" and one.working and figure.id in one.working.operands
    ]
    return f" ({amount(inside[0].quantity)} whole)" if inside else ""


# progress and comparisons


def progress_headline(result: ProgressResult, answer: Answer) -> str:
    what = term_name(result.metric)
    if result.at is not None:
        bracket = next((figure for figure in answer.figures if figure.role in OPEN_OR_BOUND), None)
        span = ""
        if result.opening is not None and result.at.is_instant:
            since = result.at.earliest - result.opening
            span = since_opening(since, result.opened_as) if since > 0 else ""
        told = f"{between(bracket.quantity)} {what}" if bracket else "cannot tell"
        return f"{result.name}, {span or at_moment(result.at)}: {told}"
    points = course(answer.figures, result.metric)
    if not points and (parts := _parts_of(answer, result.metric)):
        return f"{result.name}: {', '.join(parts)} {what}"
    if not points:
        return f"{result.name}: no {what} in that time"
    moments = [list(group) for _, group in groupby(points, key=lambda point: point.as_of and point.as_of.span)]
    first, *rest = [moments[0], *moments[1:][-1:]]
    if first[0].is_net:
        what += " net of cancellations"
    if first[0].series_from is not None and first[0].name != "deliveries" and not is_of_one_day(first[0]):
        what += f" since {stated_text(first[0].series_from)}"
    moments_told = [
        f"{_values(first)} {what} {_ended(first[0])}".rstrip(),
        *(f"{_values(last)} {_ended(last[0])}" for last in rest),
    ]
    return f"{result.name}: {', '.join(moments_told)}"


def _values(figures: Sequence[Figure]) -> str:
    """The numbers of figures of one moment."""
    return listed(dict.fromkeys(map(value, figures)))


def _ended(figure: Figure) -> str:
    return ended(figure.as_of) if figure.as_of else ""


def between(quantity: Quantity) -> str:
    """A bracket in words: nobody reported it."""
    low, high = quantity.low, quantity.high
    if low is not None and high is not None and low != high:
        return f"between {amount(Quantity.exactly(low))} and {amount(Quantity.exactly(high))}"
    return amount(quantity)


def compare_headline(result: CompareResult, answer: Answer) -> str:
    names = listed(result.names)
    if answer.verdict == "cannot tell":
        return f"Cannot compare {names}: they have nothing of one kind"
    figures = [figure for figure in answer.figures if not figure.is_operand and figure.role != "difference"]
    several = len({figure.region for figure in figures}) > 1
    numbers: dict[tuple[str, str], list[str]] = {}
    for figure in figures:
        where = f" in {figure.region}" if several and figure.region else ""
        numbers.setdefault((figure.subject, where), []).append(value(figure))
    shown = [f"{subject} {' or '.join(of_one)}{where}" for (subject, where), of_one in numbers.items()]
    when = (
        f", {since_opening(result.within)}" if result.within else f" on {stated_text(result.day)}" if result.day else ""
    )
    what = term_name(result.what) if result.what else "figures"
    what += " net of cancellations" if any(figure.is_net for figure in figures) else ""
    return f"{what[:1].upper()}{what[1:]}{when}: {'; '.join(shown)}"


def difference_line(figure: Figure) -> FigureLine:
    """A difference, with its sign."""
    low, high, unit = figure.quantity.low, figure.quantity.high, figure.quantity.unit
    ahead = ""
    if low is None or high is None:
        number = "cannot tell"
        if low is not None:
            number = f"at least {signed(low)}"
        elif high is not None:
            number = f"at most {signed(high)}"
    else:
        number = signed(low) if low == high else f"{signed(low)} to {signed(high)}"
        ahead = "which is ahead cannot be told" if low < 0 < high else ""
    return FigureLine(f"{number} {unit}", f"difference, {figure.subject}", ahead)


PACES = ((3 * 86400, 24, "a day"), (2 * 3600, 1, "an hour"), (0, Fraction(1, 60), "a minute"))  # from that long on


def pace_text(figure: Figure) -> str:
    """A pace in the unit that its time is counted in: ``3,333.33 a minute``."""
    length = figure.elapsed[1] if figure.elapsed else 0
    times, unit = next((times, unit) for least, times, unit in PACES if length >= least)
    quantity = figure.quantity
    low, high = (None if end is None else end * times for end in (quantity.low, quantity.high))
    return f"{amount(Quantity(low, high, '', quantity.stated))} {unit}"


def elapsed_text(figure: Figure) -> str:
    """The time of a pace: ``3 min``, ``10 to 11 days``."""
    least, most = (time_text(seconds) for seconds in figure.elapsed or (0, 0))
    return least if least == most else f"{least} to {most}"


def pace_line(figure: Figure, answer: Answer) -> FigureLine:
    """A pace, and from when to when."""
    terms = [answer.figure(id) for id in figure.working.operands] if figure.working else []
    times = [end_of(one.as_of) if one.as_of else "?" for one in terms]
    start = stated_text(figure.series_from) if figure.series_from is not None else "the opening"
    when = f"from {times[1]} to {times[0]}" if len(times) == 2 else f"from {start} to {times[0]}" if times else ""
    return FigureLine(f"{pace_text(figure)}", "pace", when)


def whatif_headline(result: WhatifResult, answer: Answer) -> str:
    asked = listed(f"{value(figure)} {term_name(figure.name)}" for figure in answer.figures if figure.basis == "asked")
    computed = [figure for figure in answer.figures if figure.basis == "computed" and not figure.is_operand]
    told = listed(f"{value(figure)} {term_name(figure.name)}" for figure in computed)
    about = f"{result.name}, with" if result.name else "With"
    return f"{about} your {asked}: {told or 'cannot tell'}"
