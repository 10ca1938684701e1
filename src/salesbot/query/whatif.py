"""The same computation with the asker's own numbers, each marked as theirs."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from salesbot.answers.answer import Answer, Figure, NoFigure, WhatifFound, YourNumbers
from salesbot.errors import QuestionError, shown
from salesbot.facts import RATES, UNITS, Launch
from salesbot.query.book import Book
from salesbot.query.derive import IDENTITIES, Term, derivations, missing_for, reported
from salesbot.query.evidence import Evidence
from salesbot.questions.line import quantity_text
from salesbot.questions.question import OrdersWhatif
from salesbot.storage.snapshot import Store
from salesbot.values.moment import Moment, instant
from salesbot.values.quantity import Quantity

ASKED = {"orders_per_store": "orders_per_store", "sales_stores": "stores", "lock_in_rate": "lock_in_rate", "orders": "orders"}
NO_LAUNCH = Launch.model_construct(id="", brand="", model="", market="", currency="", zone="UTC", announced=None, opened=None, sources=())
METRICS = tuple(dict.fromkeys(metric for whole, parts in IDENTITIES for metric in (whole, *parts)))


def whatif(question: OrdersWhatif, store: Store) -> Answer:
    """Every figure that the asked numbers, and the facts for the rest, determine."""
    asked = {metric: _asked(question, metric, option) for metric, option in ASKED.items() if getattr(question, option) is not None}
    if not asked:
        raise QuestionError("whatif needs a number of your own", "add stores, orders_per_store, lock_in_rate or orders, as in stores:60")
    book = Book.of(question.launch, store) if question.launch else None
    at = _moment(question, book)
    evidence = Evidence(book or Book(NO_LAUNCH, "", store))
    known = evidence.known(at) if book else {}
    evidence.asked = {figure.id: figure for figure in asked.values()}
    known |= {metric: [reported(figure.id, metric, figure.quantity)] for metric, figure in asked.items()}
    evidence.figures += asked.values()
    for metric in METRICS:
        if metric not in asked:
            _take(evidence, metric, known, at)
    computed = [figure for figure in evidence.figures if figure.basis == "computed"]
    if not computed:
        wanted = [metric for metric in METRICS if metric not in known]
        evidence.missing += [NoFigure(metric, missing_for(metric, known)) for metric in wanted[:1]]
    evidence.caveats.append(YourNumbers(tuple(asked)))
    answer = evidence.answer(question, WhatifFound(book.name if book else None, at), store)
    return answer if computed else replace(answer, verdict="cannot tell")


def _asked(question: OrdersWhatif, metric: str, option: str) -> Figure:
    quantity: Quantity = getattr(question, option)
    if metric in RATES and quantity.high is not None and quantity.high > 1:
        text = quantity_text(quantity)
        raise QuestionError(f"{shown(text)} is more than all orders", f"a rate never exceeds 1: write {text}% or 0.{text}")
    if quantity.high == 0 and metric != "orders":
        raise QuestionError(f"{option} is 0, and nothing can be divided by it", f"write {option} above 0")
    if metric in RATES and quantity.high is None:
        quantity = replace(quantity, high=Fraction(1))
    id = f"asked-{option.replace('_', '-')}"
    return Figure(id=id, name=metric, subject="you", quantity=replace(quantity, unit=UNITS[metric]), basis="asked")


def _moment(question: OrdersWhatif, book: Book | None) -> Moment | None:
    """The moment asked for, else the last one with an average or a rate."""
    if book is None:
        if question.within is not None or question.at is not None:
            raise QuestionError("within and at need a launch", "add launch, as in launch:su7")
        return None
    at = book.asked_at(question.within, question.at)
    if at is not None:
        return at
    ends = [book.end(row) for row in book.rows if row.metric in ("orders_per_store", "lock_in_rate")]
    instants = [end.earliest for end in ends if end is not None and end.is_instant]
    return instant(max(instants), book.launch.zones[0]) if instants else None


def _take(evidence: Evidence, metric: str, known: dict[str, list[Term]], at: Moment | None) -> None:
    """The derivations of a metric that use a number of the asker's, beside what was reported."""
    for term in derivations(metric, known):
        if any(id in evidence.asked for id in term.inputs) and (metric not in known or not term.is_bound):
            evidence.figures.append(evidence.computed(term, at))
