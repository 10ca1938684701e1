"""What the facts say of each statement of a message: as reported, fits, contradicted, or cannot tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer, Figure
from salesbot.asking.messages import statements
from salesbot.asking.settled_prices import is_settled, was_ever
from salesbot.asking.statements import AND, Expected, Statement
from salesbot.errors import SalesbotError
from salesbot.query import ask
from salesbot.query.claims.expectation import Held, expectation, figures_asked
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot
from salesbot.values.quantity import Verdict

PRICE, MOVES = "/prices show ", "/prices changes "
LEAST_TRIMS = 2  # whose moves are those of a model
PAST = re.compile(r"\b(?:was|were|had|used to)\b|曾|原", re.IGNORECASE)
Outcome = Literal["as reported", "fits", "contradicted", "cannot tell"]


class CheckedLine(Struct, frozen=True):
    """A reading of a statement with its answer; none where the facts hold none."""

    line: str
    expects: str
    verdict: Verdict
    is_only_fit: bool
    answer: Answer | None


class CheckedStatement(Struct, frozen=True):
    """A statement with its outcome and the lines that decide it."""

    quote: str
    outcome: Outcome
    lines: tuple[CheckedLine, ...]


class CheckedText(Struct, frozen=True):
    """The statements of a message with their outcomes, and what of it was not read."""

    statements: tuple[CheckedStatement, ...]
    not_read: tuple[str, ...]


def check_text(text: str, snapshot: Snapshot, posted: date | None = None, language: str = "en") -> CheckedText:
    """Check a message against the facts of a snapshot; the answers name things in ``language``."""
    found = statements(text, snapshot, posted)
    return CheckedText(tuple(_checked(one, snapshot, posted, language) for one in found.statements), found.not_read)


def _checked(statement: Statement, snapshot: Snapshot, posted: date | None, language: str) -> CheckedStatement:
    lines = tuple(_line(one, snapshot, language) for one in statement.readings)
    outcome = _outcome(statement, lines)
    if outcome in ("as reported", "contradicted") and not _is_sure(outcome, statement, lines, snapshot):
        outcome = "fits" if outcome == "as reported" else "cannot tell"
    if (
        outcome == "cannot tell"
        and posted is not None
        and not statement.is_dated
        and statement.says_what
        and statement.is_whole
        and not PAST.search(statement.quote)
    ):
        outcome = _outcome_when_posted(statement, snapshot, posted)
    return CheckedStatement(statement.quote, outcome, lines)


def _outcome_when_posted(statement: Statement, snapshot: Snapshot, posted: date) -> Outcome:
    """A price told without a day is that of the day of the message: contradicted if it was another one then."""
    (only, *others) = statement.readings
    if others or not only.line.startswith(PRICE):
        return "cannot tell"
    question = parse(only.line, Names(snapshot))
    if not is_settled(question, snapshot, posted, of_any=only.of == "least") or _was_so_once(only, snapshot):
        return "cannot tell"
    then = _line(replace(only, line=f"{only.line} on:{posted.isoformat()}"), snapshot)
    return "contradicted" if then.verdict == "disagrees" else "cannot tell"


def _was_so_once(expected: Expected, snapshot: Snapshot) -> bool:
    """Whether a price told without a day was one at another time."""
    told = [Fraction(number) for number in re.findall(r"[0-9]+(?:\.[0-9]+)?", expected.expects)]
    return bool(told) and was_ever(parse(expected.line, Names(snapshot)), snapshot, min(told), max(told))


def _is_sure(outcome: Outcome, statement: Statement, lines: Sequence[CheckedLine], snapshot: Snapshot) -> bool:
    """Whether the facts are complete enough to say so: the price of a day, and the moves of every trim."""
    names = Names(snapshot)
    for expected, line in zip(statement.readings, lines, strict=True):
        if line.line.startswith(PRICE):
            question = parse(line.line, names)
            on = getattr(question, "on", None)
            day = on.days[0] if on is not None else None
            is_any = outcome == "as reported" or expected.of in ("least", "all")
            if day is None or not is_settled(question, snapshot, day, of_any=is_any):
                return False
        if line.line.startswith(MOVES) and outcome == "contradicted" and "trim:" not in line.line:
            moved = {one.variant for one in (line.answer.figures if line.answer else ()) if one.change is not None}
            if len(moved) < LEAST_TRIMS:
                return False  # of others nothing is on record
    return True


def _line(expected: Expected, snapshot: Snapshot, language: str = "en") -> CheckedLine:
    try:
        answer = ask(parse(expected.line, Names(snapshot)), snapshot, language)
    except SalesbotError:
        return CheckedLine(expected.line, expected.expects, "cannot tell", False, None)
    if expected.line.startswith(MOVES) and not any(figure.change is not None for figure in answer.figures):
        return CheckedLine(expected.line, expected.expects, "cannot tell", False, answer)  # none is recorded
    held = _held(expected, answer)
    if (
        held.verdict == "disagrees"
        and expected.line.startswith(PRICE)
        and _may_be_of_another_currency(expected, answer)
    ):
        held = Held("cannot tell")
    return CheckedLine(expected.line, expected.expects, held.verdict, held.is_only_fit, answer)


def _may_be_of_another_currency(expected: Expected, answer: Answer) -> bool:
    """Whether a price without a currency is far from every one that the facts hold, or they hold several currencies."""
    if expected.currency:
        return False
    (number,) = re.findall(r"[0-9]+(?:\.[0-9]+)?", expected.expects)[:1] or ("0",)
    value = Fraction(number)
    figures = [figure for figure in figures_asked(answer) if figure.name == "list"] or figures_asked(answer)
    if len({figure.quantity.unit for figure in figures_asked(answer)}) > 1:
        return True
    known = [figure.quantity.high for figure in figures if figure.quantity.high]
    return not any(price / 2 <= value <= price * 2 for price in known)


def _held(expected: Expected, answer: Answer) -> Held:
    """How an answer meets what is expected, of the figures that are spoken of."""
    check = expectation(expected.expects)
    if expected.figure:
        named = expected.figure.split(AND)
        reports = (one for one in answer.figures if one.role == "report")
        spoken_of = (one for one in reports if one.name in named or one.id in named)
        told = (replace(one, is_operand=False) for one in spoken_of)
        return check(replace(answer, figures=tuple(told)))
    if not (expected.currency or expected.of != "any"):
        return check(answer)
    figures = [one for one in figures_asked(answer) if expected.currency in ("", one.quantity.unit)]
    if expected.of == "least":
        figures = _least(figures)
    each = [check(replace(answer, figures=(one,))) for one in figures]
    if expected.of != "all" or not each:
        return check(replace(answer, figures=tuple(figures)))
    if len({one.verdict for one in each}) > 1:
        return Held("partly", is_only_fit=True)
    return max(each, key=lambda one: one.is_only_fit)


def _least(figures: list[Figure]) -> list[Figure]:
    """The lowest price of each currency, by its greatest value; of list prices where there are any."""
    figures = [one for one in figures if one.name == "list"] or figures
    found: dict[str, Figure] = {}
    for one in figures:
        high = one.quantity.high
        if high is not None and (
            one.quantity.unit not in found or high < (found[one.quantity.unit].quantity.high or 0)
        ):
            found[one.quantity.unit] = one
    return list(found.values())


def _outcome(statement: Statement, lines: tuple[CheckedLine, ...]) -> Outcome:
    """The outcome of a statement.

    As reported: each reading is what the facts report, and it says when. Contradicted: it says what and when, and the
    facts say otherwise. Neither is said where a word of its sentence is not read. One that fits is not shown by them.
    """
    verdicts = {one.verdict for one in lines}
    if verdicts == {"agrees"}:
        is_shown = statement.is_whole and statement.is_dated and not any(one.is_only_fit for one in lines)
        return "as reported" if is_shown else "fits"
    if verdicts & {"agrees", "partly"}:
        return "fits"
    if verdicts == {"disagrees"} and statement.is_dated and statement.says_what and statement.is_whole:
        return "contradicted"
    return "cannot tell"
