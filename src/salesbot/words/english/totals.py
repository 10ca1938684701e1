"""Order questions in English."""

from __future__ import annotations

from salesbot.answers.answer import Answer, Figure, TotalFound
from salesbot.questions.line import duration_text
from salesbot.words.english.terms import METRICS, briefly, ended, listed, stated_text, term, value, who
from salesbot.words.numbers import amount


def headline(found: TotalFound, answer: Answer) -> str:
    when = ""
    if found.within:
        when = f", {since_opening(found.within)}"
    elif found.at:
        when = f", at {stated_text(found.at.text)}"
    first: dict[str, Figure] = {}
    for figure in answer.figures:
        if not (figure.is_operand or figure.reading_of or figure.name == "unstated" or figure.quantity.high == 0):
            first.setdefault(figure.name, figure)
    told = [f"{value(figure)} {METRICS[name]}" for name, figure in first.items()]
    told = told or [f"{value(f)} of unstated kind" for f in answer.figures if f.name == "unstated"]
    return f"{found.name}{when}: {', '.join(told) or 'cannot tell'}"


def since_opening(within: int) -> str:
    return f"{duration_text(within).replace('h', ' h').replace('m', ' min')} after orders opened"


def lead(found: TotalFound, answer: Answer) -> str:
    """The verdict in one sentence."""
    readings = [figure for figure in answer.figures if figure.reading_of]
    if readings:
        return _reading_lead(readings, answer.figure(readings[0].reading_of or ""))
    return {
        "agrees": "The figures agree.", "partly": "The figures agree in part.", "disagrees": "The figures disagree.",
    }.get(answer.verdict or "", "")  # fmt: skip


def _reading_lead(readings: list[Figure], whole: Figure) -> str:
    fits = [METRICS[figure.name] for figure in readings if figure.verdict == "agrees"]
    number, teller = amount(whole.quantity).removeprefix("about "), who(whole)
    if len(fits) == len(readings):
        return f"The {number} of {teller} fits every reading."
    return f"The {number} of {teller} fits as {listed(fits)} only." if fits else f"The {number} of {teller} fits no reading."


def basis(figure: Figure, answer: Answer) -> str:
    """Where a figure comes from, and how it stands to the others."""
    parts = []
    if figure.basis == "computed":
        parts.append("none counted yet" if figure.working and figure.working.form == "not yet" else "computed")
    elif figure.basis == "asked":
        parts.append("your number")
    elif figure.said_by:
        parts.append(f"said by {who(figure)}")
    if figure.valid_from:
        parts.append(f"counted {figure.valid_from}")
    elif figure.as_of and not (isinstance(answer.found, TotalFound) and answer.found.at and not figure.is_operand):
        parts.append(ended(figure.as_of))
    if figure.status not in ("reported", "revised"):
        parts.append(figure.status)
    if figure.name != "unstated" and figure.verdict:
        parts.append(standing(figure, answer))
    return "; ".join(parts)


def standing(figure: Figure, answer: Answer) -> str:
    """How a figure stands to those it was held against."""
    others = [answer.figure(id) for id in figure.against]
    verb = {"agrees": "agrees with", "partly": "agrees partly with", "disagrees": "disagrees with"}.get(figure.verdict or "")
    if verb is None or not others:
        return "cannot be compared"
    if verb == "agrees with" and any(other.quantity.is_open for other in (figure, *others)):
        verb = "is no more than consistent with"
    return f"{verb} {listed(map(briefly, others))}"


def product(terms: list[tuple[Figure, int]]) -> str:
    """``1,800–2,000 per store × 59 stores``, divisors after a ÷."""
    above = [term(figure) for figure, power in terms if power > 0]
    below = [term(figure) for figure, power in terms if power < 0]
    text = " × ".join(above) or "1"
    if not below:
        return text
    return f"{text} ÷ {below[0] if len(below) == 1 else '(' + ' × '.join(below) + ')'}"


def bracket(terms: list[tuple[Figure, int]]) -> str:
    return " and ".join(f"{value(f)} {ended(f.as_of) if f.as_of else ''} ({f.id})" for f, _ in terms)
