"""How many orders, locked orders and deliveries a launch had."""

from __future__ import annotations

from salesbot.answers.answer import Answer, TotalFound
from salesbot.errors import NotInFacts
from salesbot.facts import COUNTS
from salesbot.query.book import Book
from salesbot.query.evidence import Evidence
from salesbot.questions.question import OrdersTotal
from salesbot.storage.snapshot import Store


def total(question: OrdersTotal, store: Store) -> Answer:
    """Totals at the moment asked, else the latest of each metric."""
    book = Book.of(question.launch, store)
    at = book.asked_at(question.within, question.at)
    evidence = Evidence(book)
    wanted = (question.metric,) if question.metric else COUNTS
    if at is None:
        evidence.take_latest(wanted)
    else:
        evidence.take_at(at, wanted, with_unstated=True)
    if not evidence.figures and not (evidence.missing and set(wanted) & set(book.metrics)):
        raise NotInFacts(*_nothing(book, question.metric))
    found = TotalFound(book.launch.id, book.name, at, question.within)
    return evidence.answer(question, found, store)


def _nothing(book: Book, metric: str | None) -> tuple[str, str]:
    what = metric.replace("_", " ") if metric else "counts"
    has = ", ".join(metric.replace("_", " ") for metric in book.metrics) or "nothing yet"
    return f"the facts hold no {what} of {book.name}", f"they hold {has}"
