"""Whether an answer is what a claim expects of it.

An expectation is a number (``45000``, ``45000 about``, ``1800..2000``, ``>=100000``, ``+5000``), a gap
(``after 0.25..0.75 years``), a relation, a response (``a response`` where a cause is claimed), a kind of
move, a moment (``2017-01``), a teller (``by CarFans``), an event (``has su7-launch``) or ``none``.
A line meets it if any of the figures it asks for does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import get_args

from salesbot.answers.answer import Answer, EventsFound, Figure, MoveKind, TimelineFound, WhenFound
from salesbot.facts import number
from salesbot.values.moment import Stated, cell_time
from salesbot.values.name_keys import name_key
from salesbot.values.quantity import How, Quantity, Verdict, agreement, decimal_text

DAY = Fraction(86400)
UNITS = {"day": DAY, "month": DAY * Fraction(3652425, 120000), "year": DAY * Fraction(3652425, 10000), "hour": Fraction(3600)}
_NUM = r"[+-]?\d[\d,]*(?:\.\d+)?%?"
_NUMBER = re.compile(rf"(?P<about>about )?(?:(?P<low>{_NUM})(?:\.\.(?P<high>{_NUM}))?|(?P<sign>>=|<=)(?P<end>{_NUM}))(?P<after> about)?")
_GAP = re.compile(rf"(?:(?P<order>before|after) )?(?P<size>.+?) (?P<unit>{'|'.join(UNITS)})s?")
KINDS = get_args(MoveKind)
HINT = (
    "a number, a range, about N, a gap (after 0.25..0.75 years), before, after, same, cannot be, possible, a response, "
    "a kind of move, a time, by NAME, has EVENT, or none"
)
Held = Callable[[Answer], Verdict]


def expectation(text: str) -> Held:
    """How an answer is held against ``text``. Raises ``ValueError`` if it is no expectation."""
    plain = " ".join(text.split())
    if plain == "none":
        return _nothing
    if plain in ("before", "after", "same"):
        return lambda answer: _word(plain, _relation(answer))
    if plain in ("cannot be", "possible"):
        return lambda answer: _word(plain, _response(answer))
    if plain in KINDS:
        return lambda answer: _any_kind(plain, answer)
    if plain == "a response":
        return _as_response
    if plain.startswith("has "):
        return lambda answer: _has_event(plain[4:], answer)
    if plain.startswith("by "):
        return lambda answer: _any_teller(plain[3:], answer)
    if match := _GAP.fullmatch(plain):
        gap, order = _quantity(match["size"]), match["order"]
        scale = UNITS[match["unit"]]
        return lambda answer: _gap(order, _scaled(gap, scale), answer)
    if re.fullmatch(r"\d{4}-\d{2}.*", plain):
        moment = cell_time(plain)
        return lambda answer: _moment(moment, answer)
    wanted = _quantity(plain)
    return lambda answer: _any_number(wanted, answer)


def _quantity(text: str) -> Quantity:
    match = _NUMBER.fullmatch(text)
    if not match:
        raise ValueError(HINT)
    if match["end"]:
        value = _number(match["end"])
        return Quantity(value, None, "", "at_least") if match["sign"] == ">=" else Quantity(None, value, "", "at_most")
    low, high = _number(match["low"]), _number(match["high"] or match["low"])
    if low > high:
        raise ValueError("a range with the smaller number first")
    is_about = bool(match["about"] or match["after"])
    how: How = "about" if is_about else "exact" if low == high else "range"
    return Quantity(low, high, "", how, _step(match["low"]) if is_about else None)


def _number(text: str) -> Fraction:
    return number(text.replace(",", "").removeprefix("+"))


def _step(text: str) -> Fraction:
    """The step a number is written to: 45,000 to the thousand, 1.5 to the tenth."""
    plain = text.replace(",", "").lstrip("+-")
    if "." in plain:
        return Fraction(1, 10 ** len(plain.partition(".")[2]))
    return Fraction(10 ** (len(plain) - len(plain.rstrip("0"))))


def _scaled(gap: Quantity, scale: Fraction) -> Quantity:
    wide = gap.compared()
    if gap.how == "exact" and gap.low is not None:  # "3 years": to the nearest whole one
        half = _step(decimal_text(gap.low)) / 2 if gap.low.denominator != 1 else Fraction(1, 2)
        wide = Quantity(gap.low - half, gap.low + half)
    return Quantity(None if wide.low is None else wide.low * scale, None if wide.high is None else wide.high * scale)


def _relation(answer: Answer) -> str | None:
    return answer.found.relation.order if isinstance(answer.found, TimelineFound) else None


def _response(answer: Answer) -> str | None:
    return answer.found.relation.response if isinstance(answer.found, TimelineFound) else None


def _word(wanted: str, found: str | None) -> Verdict:
    if found is None or found == "cannot tell":
        return "cannot tell"
    return "agrees" if wanted == found else "disagrees"


def _as_response(answer: Answer) -> Verdict:
    """A claim of cause: what came after may be a response, and nothing proves more."""
    found = _response(answer)
    if found is None or found == "cannot tell":
        return "cannot tell"
    return "partly" if found == "possible" else "disagrees"


def _has_event(id: str, answer: Answer) -> Verdict:
    if not isinstance(answer.found, EventsFound):
        return "cannot tell"
    return "agrees" if any(event.placed.id == id for event in answer.found.events) else "disagrees"


def _gap(order: str | None, wanted: Quantity, answer: Answer) -> Verdict:
    if not isinstance(answer.found, TimelineFound) or answer.found.relation.least is None:
        return "cannot tell"
    relation = answer.found.relation
    if order is not None and relation.order != order:
        return "disagrees"
    assert relation.least is not None
    assert relation.most is not None
    return agreement(Quantity(Fraction(relation.least), Fraction(relation.most)), wanted)


def _moment(wanted: Stated, answer: Answer) -> Verdict:
    if not isinstance(answer.found, WhenFound):
        return "cannot tell"
    found = answer.found.side.moment
    if not wanted.has_zone:
        days, asked = found.stated.days, wanted.days
        return _spans(days[0].toordinal(), days[1].toordinal(), asked[0].toordinal(), asked[1].toordinal())
    moment = wanted.read()
    return _spans(found.earliest, found.latest, moment.earliest, moment.latest)


def _spans(low: int, high: int, wanted_low: int, wanted_high: int) -> Verdict:
    """A moment agrees if it lies wholly in the time claimed, partly if it may."""
    if high < wanted_low or low > wanted_high:
        return "disagrees"
    return "agrees" if wanted_low <= low and high <= wanted_high else "partly"


def _nothing(answer: Answer) -> Verdict:
    if isinstance(answer.found, EventsFound):
        return "disagrees" if answer.found.events else "agrees"
    return "disagrees" if any(not f.is_operand and f.basis == "reported" for f in answer.figures) else "agrees"


def own_figures(answer: Answer) -> list[Figure]:
    """The figures that a line asks for: of its metric if it names one; never a reading of a figure
    whose kind is not stated, which proves nothing by itself."""
    metric = getattr(answer.question, "metric", None)
    return [
        figure for figure in answer.figures
        if not figure.is_operand and not figure.reading_of and figure.name not in ("unstated", "cuts", "rises")
        and (metric is None or figure.name == metric)
    ]  # fmt: skip


def _best(verdicts: list[Verdict]) -> Verdict:
    for verdict in ("agrees", "partly", "disagrees"):
        if verdict in verdicts:
            return verdict
    return "cannot tell"


def _any_number(wanted: Quantity, answer: Answer) -> Verdict:
    if isinstance(answer.found, EventsFound):
        return agreement(Quantity.exactly(len(answer.found.events)), wanted)
    return _best([agreement(figure.quantity, wanted) for figure in own_figures(answer) if not figure.quantity.is_unknown])


def _any_kind(wanted: str, answer: Answer) -> Verdict:
    kinds = [figure.change.kind for figure in own_figures(answer) if figure.change and figure.change.kind]
    if wanted in kinds:
        return "agrees"
    return "partly" if wanted in ("cut", "subsidy") and "disputed" in kinds else "disagrees"


def _any_teller(wanted: str, answer: Answer) -> Verdict:
    tellers = {name_key(name) for figure in answer.figures for name in figure.said_by}
    return "agrees" if name_key(wanted) in tellers else "disagrees"
