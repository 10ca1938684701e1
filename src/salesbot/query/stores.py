"""How many stores there were, how many a total implies, and orders per store."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from salesbot.answers.answer import Answer, Comparison, Figure, StoresFound, Working
from salesbot.errors import NotInFacts
from salesbot.facts import STORE_METRICS, OrderFact
from salesbot.query.book import Book
from salesbot.query.derive import Term, derivations, reported
from salesbot.query.evidence import Evidence
from salesbot.questions.question import OrdersStores
from salesbot.storage.snapshot import Store
from salesbot.values.moment import Moment, instant
from salesbot.values.quantity import agreement, combined, whole

TOTALS = ("orders", "locked_orders")


def stores(question: OrdersStores, store: Store) -> Answer:
    """The counts kind by kind; then, for each total with what it needs at its moment, the stores and
    the lock-in rate it implies, and the orders per store where orders are known exactly."""
    book = Book.of(question.launch, store)
    at = book.asked_at(question.within, question.at)
    evidence = Evidence(book)
    for metric in STORE_METRICS:
        chosen, notes = book.stores(metric, at)
        evidence.figures += [replace(book.store_figure(row, at), is_operand=False) for row in chosen.rows]
        evidence.caveats += notes
        evidence.passed += book.passed_over(chosen.passed_over)
    for moment in [at] if at is not None else _moments(book):
        _imply(evidence, moment)
    if not evidence.figures:
        raise NotInFacts(f"the facts hold no stores of {book.name}", "stores.csv would need a row for it")
    return evidence.answer(question, StoresFound(book.launch.id, book.name), store)


def _moments(book: Book) -> Iterator[Moment]:
    """The instants at which a total, a rate or an average was reported, in order."""
    ends = [book.end(row) for row in book.rows if row.metric in (*TOTALS, "orders_per_store", "unstated")]
    for epoch in sorted({end.earliest for end in ends if end is not None and end.is_instant}):
        yield instant(epoch, book.launch.zones[0])


def _imply(evidence: Evidence, at: Moment) -> None:
    known = evidence.known(at)
    for row, metric in _totals(evidence.book, at):
        term = reported(row.id, metric, row.quantity)
        others = {name: terms for name, terms in known.items() if name not in (*TOTALS, "sales_stores")}
        _take(evidence, at, row, metric, derivations("sales_stores", others | {metric: [term]}), known.get("sales_stores", []))
        rated = {name: terms for name, terms in known.items() if name not in (*TOTALS, "lock_in_rate")}
        if metric == "locked_orders":
            _take(evidence, at, row, metric, derivations("lock_in_rate", rated | {metric: [term]}), known.get("lock_in_rate", []))
    exact = [term for term in known.get("orders", []) if not term.quantity.is_open]
    if exact and "orders_per_store" not in known and "sales_stores" in known:
        for term in derivations("orders_per_store", {"orders": exact, "sales_stores": known["sales_stores"]}):
            figure = evidence.computed(term, at)
            evidence.figures.append(replace(figure, id=f"{figure.id}-at-{exact[0].id}"))


def _totals(book: Book, at: Moment) -> Iterator[tuple[OrderFact, str]]:
    """Each reported total at a moment; one whose kind is not stated once for each reading. A bound
    ("at most") implies no more than a bound, so it stands only where nothing better does."""
    found: list[tuple[OrderFact, str]] = [
        (row, metric) for row in book.reported("unstated", at).rows for metric in row.could_be if metric in TOTALS
    ]
    found += [(row, metric) for metric in TOTALS for row in book.reported(metric, at).rows]
    closed = [(row, metric) for row, metric in found if not row.quantity.is_open]
    yield from closed or found


def _take(evidence: Evidence, at: Moment, row: OrderFact, metric: str, found: list[Term], counted: list[Term]) -> None:
    """What one total implies, held against what was counted."""
    if not found:
        return
    reading = metric if row.metric == "unstated" else None
    for term in found:
        figure = evidence.computed(term, at)
        figure = replace(figure, id=f"{figure.id}-from-{row.id}{':' + metric if reading else ''}", read_as=reading)
        evidence.figures.append(_held(figure, counted))
        ints = whole(term.quantity, "whole stores") if term.metric == "sales_stores" else None
        if ints is not None:
            evidence.figures.append(_held(
                replace(figure, id=f"{figure.id}:whole", quantity=ints, working=Working("whole", ((figure.id, 1),))), counted,
            ))  # fmt: skip
    evidence.operands += [f for term in counted for f in _counted_figure(evidence, term)]


def _held(figure: Figure, counted: list[Term]) -> Figure:
    comparisons = tuple(Comparison(term.id, agreement(figure.quantity, term.quantity)) for term in counted)
    if not comparisons:
        return figure
    verdict = combined(comparison.verdict for comparison in comparisons)
    return replace(figure, comparisons=comparisons, verdict=verdict, against=tuple(c.other for c in comparisons))


def _counted_figure(evidence: Evidence, term: Term) -> Iterator[Figure]:
    for row in evidence.book.rows:
        if row.id == term.id:
            yield evidence.book.figure(row, is_operand=True)
