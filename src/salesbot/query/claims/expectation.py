"""Whether an answer is what a claim expects of it.

An expectation is a number (``45000``, ``45000 about``, ``1800..2000``, ``>=100000``, ``+5000``), a price type with a
number (``deposit 5000``), a gap (``after 0.25..0.75 years``), a relation, a response (``a response`` where a cause is
claimed), a kind of price change, a moment (``2017-01``), who said it (``by CarFans``), an event (``has su7-launch``) or
``none``. A line meets it if any of the figures it asks for does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, get_args

from salesbot.answers import Answer, Figure
from salesbot.answers.answer import ChangesResult, EventsResult, TimelineResult, WhenResult
from salesbot.answers.figures import ChangeKind
from salesbot.errors import TextError
from salesbot.facts.cells import number_cell
from salesbot.facts.vocabulary import PRICE_TYPES
from salesbot.values.moment import StatedTime, cell_time
from salesbot.values.name_keys import name_key
from salesbot.values.patterns import compiled_at_use
from salesbot.values.quantity import Quantity, Stated, Verdict, about_step, agreement, contains, decimal_text

DAY = Fraction(86400)
UNITS = {
    "day": DAY,
    "month": DAY * Fraction(3652425, 120000),
    "year": DAY * Fraction(3652425, 10000),
    "hour": Fraction(3600),
}
_NUM = r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?"
_NUMBER = compiled_at_use(
    rf"(?P<about>about )?(?:(?P<low>{_NUM})(?:\.\.(?P<high>{_NUM}))?|(?P<sign>>=|<=)(?P<end>{_NUM}))(?P<after> about)?"
)
_GAP = compiled_at_use(rf"(?:(?P<order>before|after) )?(?P<size>.+?) (?P<unit>{'|'.join(UNITS)})s?")
_TYPED = compiled_at_use(rf"(?P<type>{'|'.join(PRICE_TYPES)}) (?P<number>.+)")
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
LEVEL_CHANGES: tuple[ChangeKind, ...] = ("rise", "cut", "unchanged", "offer ended", "disputed")
SOFT_ROLES = ("bracket", "derived", "implied", "whole", "pace", "not started")


class Held(NamedTuple):
    """How an answer meets an expectation; ``is_only_fit`` if the number merely fits it and is not shown by it."""

    verdict: Verdict
    is_only_fit: bool = False


Check = Callable[[Answer], Held]


def expectation(text: str) -> Check:
    """The check of an answer that ``text`` stands for. Raises ``TextError`` if it is no expectation."""
    plain = " ".join(text.split())
    if plain == "none":
        return lambda answer: Held(_nothing(answer))
    if plain in ("before", "after", "same"):
        return lambda answer: Held(_word(plain, _relation(answer)))
    if plain in ("cannot be", "possible"):
        return lambda answer: Held(_word(plain, _response(answer)))
    if plain in KINDS:
        return lambda answer: Held(_any_kind(plain, answer))
    if plain == "a response":
        return lambda answer: Held(_as_response(answer))
    if plain.startswith("has "):
        return lambda answer: Held(_has_event(plain[4:], answer))
    if plain.startswith("by "):
        return lambda answer: Held(_said_by(plain[3:], answer))
    if match := _GAP.fullmatch(plain):
        gap, order, scale = _quantity(match["size"]), match["order"], UNITS[match["unit"]]
        return lambda answer: Held(_gap(order, _scaled(gap, scale), answer))
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}.*", plain):
        moment = cell_time(plain)
        return lambda answer: Held(_moment(moment, answer))
    if match := _TYPED.fullmatch(plain):
        price_type, wanted = match["type"], _quantity(match["number"])
        return lambda answer: _any_number(
            wanted, [f for f in answer.figures if f.name == price_type and not f.is_operand]
        )
    wanted = _quantity(plain)
    return lambda answer: _number(wanted, answer)


def _quantity(text: str) -> Quantity:
    match = _NUMBER.fullmatch(text)
    if not match:
        raise TextError("expectation")
    if match["end"]:
        value = _value(match["end"])
        is_low = match["sign"] == ">="
        return Quantity(value, None, "", "at_least") if is_low else Quantity(None, value, "", "at_most")
    low, high = _value(match["low"]), _value(match["high"] or match["low"])
    if low > high:
        raise TextError("smaller_number_first")
    is_about, is_share = bool(match["about"] or match["after"]), "%" in match["low"]
    is_rounded = is_share and low == high
    stated: Stated = "about" if is_about or is_rounded else "exact" if low == high else "range"
    unit = "ratio" if is_share else ""
    step = about_step(low, unit) if is_about else _last_digit(match["low"]) / 100 if is_rounded else None
    return Quantity(low, high, unit, stated, step)


def _last_digit(text: str) -> Fraction:
    """The step of a number's last digit: a percentage is rounded to it."""
    return Fraction(1, 10 ** len(text.removesuffix("%").partition(".")[2]))


def _value(text: str) -> Fraction:
    return number_cell(text.replace(",", "").removeprefix("+"))


def _scaled(gap: Quantity, scale: Fraction) -> Quantity:
    """A gap in seconds; a single number of units is meant to the nearest one."""
    wide = gap.widened()
    if gap.stated == "exact" and gap.low is not None:
        half = Fraction(1, 2)
        if gap.low.denominator != 1:
            half = Fraction(1, 10 ** len(decimal_text(gap.low).partition(".")[2])) / 2
        wide = Quantity(gap.low - half, gap.low + half)
    return Quantity(None if wide.low is None else wide.low * scale, None if wide.high is None else wide.high * scale)


# times


def _relation(answer: Answer) -> str | None:
    return answer.result.relation.order if isinstance(answer.result, TimelineResult) else None


def _response(answer: Answer) -> str | None:
    return answer.result.relation.response if isinstance(answer.result, TimelineResult) else None


def _word(wanted: str, given: str | None) -> Verdict:
    if given is None or given == "cannot tell":
        return "cannot tell"
    return "agrees" if wanted == given else "disagrees"


def _as_response(answer: Answer) -> Verdict:
    """A claim of cause: what came after may be a response, and nothing proves more."""
    response = _response(answer)
    if response is None or response == "cannot tell":
        return "cannot tell"
    return "partly" if response == "possible" else "disagrees"


def _has_event(id: str, answer: Answer) -> Verdict:
    if not isinstance(answer.result, EventsResult):
        return "cannot tell"
    return "agrees" if any(event.side.id == id for event in answer.result.events) else "disagrees"


def _gap(order: str | None, wanted: Quantity, answer: Answer) -> Verdict:
    if not isinstance(answer.result, TimelineResult):
        return "cannot tell"
    relation = answer.result.relation
    if relation.least is None or relation.most is None:
        return "cannot tell"
    if order is not None and relation.order != order:
        return "disagrees"
    return agreement(Quantity(Fraction(relation.least), Fraction(relation.most)), wanted)


def _moment(wanted: StatedTime, answer: Answer) -> Verdict:
    if not isinstance(answer.result, WhenResult):
        return "cannot tell"
    moment = answer.result.side.moment
    if not wanted.has_zone:
        days, asked = moment.stated.days, wanted.days
        return _spans(days[0].toordinal(), days[1].toordinal(), asked[0].toordinal(), asked[1].toordinal())
    claimed = wanted.read()
    return _spans(moment.earliest, moment.latest, claimed.earliest, claimed.latest)


def _spans(low: int, high: int, wanted_low: int, wanted_high: int) -> Verdict:
    """A moment agrees if it lies wholly in the time claimed, partly if it may."""
    if high < wanted_low or low > wanted_high:
        return "disagrees"
    return "agrees" if wanted_low <= low and high <= wanted_high else "partly"


# figures


def _nothing(answer: Answer) -> Verdict:
    if isinstance(answer.result, EventsResult):
        return "disagrees" if answer.result.events else "agrees"
    if any(not figure.is_operand and figure.basis == "reported" for figure in answer.figures):
        return "disagrees"
    return "cannot tell" if _is_undated(answer) else "agrees"


def _is_undated(answer: Answer) -> bool:
    """Whether an answer about price changes names no time, so that nothing can be refuted by it."""
    result = answer.result
    return isinstance(result, ChangesResult) and not (result.since or result.until or result.after)


def _number(wanted: Quantity, answer: Answer) -> Held:
    if isinstance(answer.result, EventsResult):
        return Held(agreement(Quantity.exactly(len(answer.result.events)), wanted))
    return _any_number(wanted, figures_asked(answer))


def figures_asked(answer: Answer) -> list[Figure]:
    """The figures that a line asks for: of its metric, its whole and its kind of price.

    A count since another start than the opening is another figure. A reading of a figure whose kind is not stated
    proves nothing by itself; an offer is no price, a benefit no rise.
    """
    metric = getattr(answer.question, "metric", None)
    found = [
        figure
        for figure in answer.figures
        if not figure.is_operand
        and figure.role not in ("reading", "tally", "offer", "asked")
        and figure.name != "unstated"
        and not (figure.place or figure.variant)
        and (metric is None or figure.name == metric)
        and (figure.change is None or figure.change.kind in (None, *LEVEL_CHANGES))
    ]
    own = {figure.name for figure in found if figure.series_from is None}
    return [figure for figure in found if figure.series_from is None or figure.name not in own]


def figures_beside(text: str, answer: Answer) -> list[tuple[Figure, Verdict, bool]]:
    """Each figure that a line asks for with how it meets a number, as ``>=80001``, and whether it is more than that.

    Raises ``TextError`` if the text is no number.
    """
    wanted = _quantity(text)
    floor = wanted.low if wanted.low is not None else wanted.high
    return [
        (figure, _one_number(wanted, figure).verdict, _is_above(figure.quantity, floor))
        for figure in figures_asked(answer)
        if not figure.quantity.is_unknown
    ]


def _is_above(quantity: Quantity, floor: Fraction | None) -> bool:
    return quantity.low is not None and floor is not None and quantity.low > floor


def _any_number(wanted: Quantity, figures: list[Figure]) -> Held:
    held = [_one_number(wanted, figure) for figure in figures if not figure.quantity.is_unknown]
    for verdict in ("agrees", "partly", "disagrees"):
        of_verdict = [one for one in held if one.verdict == verdict]
        if of_verdict:
            return min(of_verdict, key=lambda one: one.is_only_fit)
    return Held("cannot tell")


def _one_number(wanted: Quantity, figure: Figure) -> Held:
    """A number that lies in a bracket, a computed range or an open bound merely fits it."""
    verdict = agreement(_alike(figure, wanted), wanted)
    is_soft = figure.quantity.is_open or (figure.role in SOFT_ROLES and not figure.quantity.is_point)
    if verdict == "agrees" and is_soft and not contains(wanted.widened(), figure.quantity):
        return Held("partly", is_only_fit=True)
    return Held(verdict)


def _alike(figure: Figure, wanted: Quantity) -> Quantity:
    """A figure's number, in per cent where that is wanted: a change in that of the price before it, else unknown."""
    if wanted.unit != "ratio" or figure.quantity.unit == "ratio":
        return figure.quantity
    if figure.change is None or figure.change.percent is None:
        return Quantity(None, None, "ratio")
    return Quantity.exactly(figure.change.percent / 100, "ratio")


def _any_kind(wanted: str, answer: Answer) -> Verdict:
    figures = [figure for figure in answer.figures if not figure.is_operand]
    kinds = [figure.change.kind for figure in figures if figure.change and figure.change.kind]
    if wanted in kinds:
        return "agrees"
    if wanted in ("cut", "subsidy") and "disputed" in kinds:
        return "partly"
    return "cannot tell" if _is_undated(answer) else "disagrees"


def _said_by(wanted: str, answer: Answer) -> Verdict:
    names = {name_key(name) for figure in answer.figures for name in figure.said_by}
    return "agrees" if name_key(wanted) in names else "disagrees"
