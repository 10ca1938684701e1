"""Launches beside each other, at the same time since each opened; like for like or not at all."""

from __future__ import annotations

from msgspec.structs import replace

from salesbot.answers.answer import Answer, CompareFound, Figure, MarketsDiffer, NoOpening, NotAlike, Note, Working
from salesbot.errors import NotInFacts, QuestionError
from salesbot.facts import COUNTS
from salesbot.query.book import Book
from salesbot.query.evidence import Evidence
from salesbot.questions.question import OrdersCompare
from salesbot.storage.snapshot import Store
from salesbot.values.moment import Stated, instant
from salesbot.values.quantity import difference


def compared(question: OrdersCompare, store: Store) -> Answer:
    """One figure a launch and the differences to the first, or the reason why there can be none."""
    if isinstance(question.at, Stated):
        raise QuestionError("each launch opened at its own time", "write at as a time since opening, as in at:1h")
    if question.at is not None and question.within is not None:
        raise QuestionError("within and at both name a moment", "write one of them")
    asked = question.within if question.at is None else question.at
    books = [Book.of(id, store) for id in question.launches]
    names = tuple(book.name for book in books)
    unknown = [NoOpening(book.name) for book in books if not _has_opening(book)]
    if unknown:
        return Answer(question, CompareFound(names, question.metric), store.version, verdict="cannot tell", missing=tuple(unknown))
    metrics = [question.metric] if question.metric else list(COUNTS)
    for metric in metrics:
        within = asked or _common_time(books, metric)
        figures = [_figure_at(book, metric, within) for book in books] if within else []
        if within and figures and all(figures):
            return _side_by_side(question, books, metric, within, [f for f in figures if f], store)
    has = tuple((book.name, ", ".join(metric for metric in COUNTS if book.cumulative(metric))) for book in books)
    found = CompareFound(names, question.metric, asked)
    return Answer(question, found, store.version, verdict="cannot tell", missing=(NotAlike(has),))


def _has_opening(book: Book) -> bool:
    try:
        book.opening()
    except NotInFacts:
        return False
    return True


def _common_time(books: list[Book], metric: str) -> int | None:
    """The longest time since opening that every launch has reports for."""
    lasts = []
    for book in books:
        ends = [end.earliest for row in book.bounding(metric) if (end := book.end(row)) is not None]
        if not ends:
            return None
        lasts.append(max(ends) - book.opening())
    return min(lasts)


def _figure_at(book: Book, metric: str, within: int) -> tuple[Figure, Evidence] | None:
    evidence = Evidence(book)
    at = instant(book.opening() + within, book.launch.zones[0])
    evidence.take_at(at, (metric,), with_unstated=False)
    figures = [figure for figure in evidence.figures if figure.name == metric]
    return (figures[0], evidence) if figures else None


def _side_by_side(
    question: OrdersCompare, books: list[Book], metric: str, within: int, found: list[tuple[Figure, Evidence]], store: Store
) -> Answer:
    figures = [_named(figure, book) for (figure, _), book in zip(found, books, strict=True)]
    operands = [_named(operand, book) for (_, evidence), book in zip(found, books, strict=True) for operand in evidence.operands]
    caveats: list[Note] = [note for _, evidence in found for note in evidence.caveats]
    if len({book.launch.market for book in books}) > 1:
        caveats.append(MarketsDiffer(tuple((book.name, book.launch.market) for book in books)))
    differences = [_difference(figures[0], other) for other in figures[1:]]
    everything = [*figures, *differences, *(replace(operand, is_operand=True) for operand in operands)]
    cited = [id for figure in everything for id in figure.sources]
    shown = {figure.id for figure in everything}
    caveats = [note for note in caveats if getattr(note, "figure", None) in {None, *shown}]
    names = tuple(book.name for book in books)
    return Answer(
        question, CompareFound(names, metric, within), store.version, tuple({f.id: f for f in reversed(everything)}.values())[::-1],
        caveats=tuple(dict.fromkeys(caveats)), sources=tuple(store.sources(cited)),
    )  # fmt: skip


def _named(figure: Figure, book: Book) -> Figure:
    """A figure for an answer about several launches: a computed one's id carries its launch, and what it
    was held against within its own launch stays there."""
    alone = replace(figure, verdict=None, against=(), comparisons=())
    if figure.basis == "reported":
        return alone
    working = figure.working
    if working is not None:
        terms = tuple((f"{id}:{book.launch.id}" if id.startswith("computed-") else id, power) for id, power in working.terms)
        working = replace(working, terms=terms)
    return replace(alone, id=f"{figure.id}:{book.launch.id}", working=working)


def _difference(first: Figure, other: Figure) -> Figure:
    quantity = difference(first.quantity, other.quantity, first.quantity.unit)
    return Figure(
        id=f"difference-{first.id}-{other.id}", name="difference", subject=f"{first.subject} − {other.subject}", quantity=quantity,
        basis="computed", working=Working("difference", ((first.id, 1), (other.id, -1))),
        sources=tuple(dict.fromkeys([*first.sources, *other.sources])),
    )  # fmt: skip
