"""What the facts say of each statement of a message: as reported, fits, contradicted, or cannot tell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer
from salesbot.asking.messages import statements
from salesbot.asking.messages.settled_prices import is_settled
from salesbot.asking.messages.stated_lines import Expected, Statement
from salesbot.asking.messages.sure import (
    NEXT_DAY,
    Reading,
    Told,
    is_of_a_period,
    is_sure_as_reported,
    is_sure_contradicted,
    is_wrong_price,
    least_prices,
)
from salesbot.errors import SalesbotError, TextError
from salesbot.query import ask
from salesbot.query.claims.expectation import Held, expectation, figures_asked
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot
from salesbot.values.quantity import Verdict

PRICE, MOVES = "/prices show ", "/prices changes "
SINCE_THE_OPENING = re.compile(  # it may count from there, and not in a period alone
    r"\b(?:had|already|total|so far)\b|已|累|共|达|達|破|超", re.IGNORECASE
)
PAST = re.compile(r"\b(?:was|were|had|sold|valued|used to)\b|曾|原", re.IGNORECASE)
Outcome = Literal["as reported", "fits", "contradicted", "cannot tell"]
WEAKER: dict[Outcome, Outcome] = {"as reported": "fits", "contradicted": "cannot tell"}  # what is left to say


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
    lines = _lines(statement, snapshot, posted, language)
    outcome = _outcome(statement, lines)
    try:
        outcome = _sure_outcome(outcome, statement, lines, snapshot, posted)
    except SalesbotError:  # there are more rows than are looked at
        outcome = WEAKER.get(outcome, outcome)
    return CheckedStatement(statement.quote, outcome, lines)


def _lines(statement: Statement, snapshot: Snapshot, posted: date | None, language: str) -> tuple[CheckedLine, ...]:
    """The readings of a statement with their answers; a price without a day is that of the day of the message."""
    lines = tuple(_line(one, snapshot, language) for one in statement.readings)
    is_of_now = len(lines) == 1 and lines[0].line.startswith(PRICE) and not statement.is_dated
    if posted is None or not is_of_now or PAST.search(statement.quote):
        return lines
    then = _line(_on(posted, statement.readings[0]), snapshot, language)
    return lines if then.answer is None or then.verdict in (lines[0].verdict, "cannot tell") else (then,)


def _on(day: date, price: Expected) -> Expected:
    """A reading of a price without a day as that of a day."""
    return replace(price, line=f"{price.line} on:{day.isoformat()}")


def _sure_outcome(
    outcome: Outcome, statement: Statement, lines: Sequence[CheckedLine], snapshot: Snapshot, posted: date | None
) -> Outcome:
    """The outcome, or a weaker one where the facts are not enough for it; of a price, that of the message's day."""
    if outcome in ("as reported", "contradicted") and not _is_sure(outcome, statement, lines, snapshot, posted):
        outcome = WEAKER[outcome]
    if (
        outcome == "cannot tell"
        and posted is not None
        and not statement.is_dated
        and statement.says_what
        and statement.is_whole
        and not PAST.search(statement.quote)
    ):
        outcome = _outcome_when_posted(statement, snapshot, posted)
    return outcome


def _outcome_when_posted(statement: Statement, snapshot: Snapshot, posted: date) -> Outcome:
    """A price told without a day is that of the day of the message: contradicted if it was another one then."""
    (only, *others) = statement.readings
    if others or not only.line.startswith(PRICE):
        return "cannot tell"
    then = _line(_on(posted, only), snapshot)
    if then.verdict != "disagrees" or then.answer is None:
        return "cannot tell"
    reading = Reading(only, parse(only.line, Names(snapshot)), then.answer, posted, snapshot)
    was_known = is_settled(reading.question, snapshot, posted - NEXT_DAY, of_any=True)  # and not told only that day
    return "contradicted" if was_known and is_wrong_price(reading, posted) else "cannot tell"


def _is_sure(
    outcome: Outcome, statement: Statement, lines: Sequence[CheckedLine], snapshot: Snapshot, posted: date | None
) -> bool:
    """Whether the facts are enough to say so of each reading."""
    is_sure = is_sure_as_reported if outcome == "as reported" else is_sure_contradicted
    is_of_period = any(line.answer is not None and is_of_a_period(line.answer.question) for line in lines)
    if is_of_period and SINCE_THE_OPENING.search(statement.quote):
        return False
    return all(
        line.answer is not None
        and is_sure(Reading(expected, parse(line.line, Names(snapshot)), line.answer, posted, snapshot))
        for expected, line in zip(statement.readings, lines, strict=True)
    )


def _line(expected: Expected, snapshot: Snapshot, language: str = "en") -> CheckedLine:
    try:
        answer = ask(parse(expected.line, Names(snapshot)), snapshot, language)
        held = _held(expected, answer)
    except (SalesbotError, TextError):
        return CheckedLine(expected.line, expected.expects, "cannot tell", False, None)
    if expected.line.startswith(MOVES) and not any(figure.change is not None for figure in answer.figures):
        return CheckedLine(expected.line, expected.expects, "cannot tell", False, answer)  # none is recorded
    if (
        held.verdict == "disagrees"
        and expected.line.startswith(PRICE)
        and _may_be_of_another_currency(expected, answer)
    ):
        held = Held("cannot tell")
    return CheckedLine(expected.line, expected.expects, held.verdict, held.is_only_fit, answer)


def _may_be_of_another_currency(expected: Expected, answer: Answer) -> bool:
    """Whether a price without a currency is far from every one that the facts hold, or they hold several currencies."""
    told = Told.of(expected.expects)
    if expected.currency or told is None:
        return False
    figures = [figure for figure in figures_asked(answer) if figure.name == "list"] or figures_asked(answer)
    if len({figure.quantity.unit for figure in figures_asked(answer)}) > 1:
        return True
    known = [figure.quantity.high for figure in figures if figure.quantity.high]
    return not any(price / 2 <= told.low <= price * 2 for price in known)


def _held(expected: Expected, answer: Answer) -> Held:
    """How an answer meets what is expected, of the figures that are spoken of."""
    check = expectation(expected.expects)
    reports = [one for one in answer.figures if one.role == "report"]
    if expected.figure:
        told = (replace(one, is_operand=False) for one in reports if one.name == expected.figure)
        return check(replace(answer, figures=tuple(told)))
    if is_of_a_period(answer.question):
        own = tuple(one for one in reports if not one.is_operand)
        return check(replace(answer, figures=own) if own else answer)  # what its count grew by says less
    if not (expected.currency or expected.of != "any"):
        return check(answer)
    figures = [one for one in figures_asked(answer) if expected.currency in ("", one.quantity.unit)]
    if expected.of == "least":
        figures = least_prices(figures)
    each = [check(replace(answer, figures=(one,))) for one in figures]
    if expected.of != "all" or not each:
        return check(replace(answer, figures=tuple(figures)))
    if len({one.verdict for one in each}) > 1:
        return Held("partly", is_only_fit=True)
    return max(each, key=lambda one: one.is_only_fit)


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
