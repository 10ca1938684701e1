"""Which prices a model had, from its first day to its last, and models beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec.structs import replace

from salesbot.answers.answer import Answer, CompareFound, EndUnknown, Figure, HistoryFound, NotAlike, Note, PreviousOnly, Working
from salesbot.errors import NotInFacts
from salesbot.facts import LEVELS, PriceFact, PriceType
from salesbot.query.counting import Grades, choose, standing
from salesbot.query.prices import OF_MODEL, Levels, Series, first_day, is_level, of_trim, price_figure, series
from salesbot.questions.names import Names
from salesbot.questions.question import PricesCompare, PricesHistory
from salesbot.storage.snapshot import Store
from salesbot.values.name_keys import name_key
from salesbot.values.quantity import Quantity, difference


def history(question: PricesHistory, store: Store) -> Answer:
    """Each level with its first and last day, then the offers of the same time."""
    name = Names(store).shown("model", question.model)
    rows = of_trim(store.select(PriceFact, OF_MODEL, model=question.model), question.trim, name)
    notes: list[Note] = []
    figures: list[Figure] = []
    for alike in _by_series(row for row in rows if is_level(row)).values():
        figures += _levels(alike, store, notes)
    if not figures:
        raise NotInFacts(f"the facts hold no list price of {name}", "its offers and moves may be in /prices changes")
    figures += [price_figure(row, name) for row in rows if row.price_type not in LEVELS and row.low is not None]
    since = question.since.days[0] if question.since else date.min
    until = question.until.days[1] if question.until else date.max
    figures = [figure for figure in figures if _touches(figure, since, until)]
    cited = [id for figure in figures for id in figure.sources]
    kept = {figure.id for figure in figures}
    notes = [note for note in notes if not isinstance(note, PreviousOnly) or note.figure in kept]
    return Answer(
        question, HistoryFound(name, question.trim), store.version, tuple(figures), caveats=tuple(notes),
        sources=tuple(store.sources(cited)),
    )  # fmt: skip


def _touches(figure: Figure, since: date, until: date) -> bool:
    start = date.fromisoformat(figure.valid_from[:10].ljust(10, "0")) if figure.valid_from and len(figure.valid_from) >= 10 else date.min
    out = date.fromisoformat(figure.valid_to[:10]) if figure.valid_to and len(figure.valid_to) >= 10 else date.max
    return start <= until and out > since


def _by_series(rows: Iterable[PriceFact]) -> dict[Series, list[PriceFact]]:
    found: dict[Series, list[PriceFact]] = {}
    for row in rows:
        if standing(row) is None and row.valid_from is not None:
            found.setdefault(series(row), []).append(row)
    return found


def _levels(alike: list[PriceFact], store: Store, notes: list[Note]) -> list[Figure]:
    """The levels of one trim in order: one a day by the written order, equal neighbours joined, each
    ending where the next begins."""
    days: dict[date, list[PriceFact]] = {}
    for row in alike:
        days.setdefault(first_day(row) or date.min, []).append(row)
    rows = [row for day in sorted(days) for row in choose(days[day], alike[0].brand, Grades.of_store(store), lambda row: 0).rows]
    figures: list[Figure] = []
    if rows and rows[0].previous is not None:
        figures.append(_before(rows[0], notes))
    for row in rows:
        figure = price_figure(row)
        last = figures[-1] if figures else None
        if last is not None and last.quantity == figure.quantity and last.valid_to in (None, figure.valid_from):
            sources = tuple(dict.fromkeys([*last.sources, *figure.sources]))
            figures[-1] = replace(last, valid_to=figure.valid_to, sources=sources)
            continue
        if last is not None and last.valid_to is None:
            figures[-1] = replace(last, valid_to=figure.valid_from)
        figures.append(figure)
    if figures and figures[-1].valid_to is None:
        notes.append(EndUnknown((figures[-1].subject,), figures[-1].valid_from))
    return figures


def _before(row: PriceFact, notes: list[Note]) -> Figure:
    """The level that a first known move started from; since when is not known."""
    assert row.previous is not None
    figure = replace(
        price_figure(row), id=f"{row.id}:previous", quantity=Quantity.exactly(row.previous, row.currency),
        valid_from=None, valid_to=row.valid_from.text if row.valid_from else None, note=None,
    )  # fmt: skip
    notes.append(PreviousOnly(figure.id, figure.subject))
    return figure


# models beside each other

Kind = tuple[PriceType, str, str]


def prices_compared(question: PricesCompare, store: Store) -> Answer:
    """The trims asked for, else each model's lowest price, of one type, region, currency and day."""
    names = [Names(store).shown("model", model) for model in question.models]
    rows = [_of_model(model, name, question.trim, store) for model, name in zip(question.models, names, strict=True)]
    day = question.on.days[1] if question.on else max((first_day(row) or date.min for found in rows for row in found), default=date.min)
    levels = [Levels(found, day, store) for found in rows]
    by_id = {row.id: row for found in rows for row in found}
    kinds = [{_kind(by_id[figure.id]) for figure in level.figures} for level in levels]
    common = sorted(set.intersection(*kinds), key=lambda kind: (LEVELS.index(kind[0]), kind))
    found_day = question.on.text if question.on else day.isoformat()
    if not common:
        has = tuple((name, _told(kind)) for name, kind in zip(names, kinds, strict=True))
        found = CompareFound(tuple(names), None, day=found_day)
        return Answer(question, found, store.version, verdict="cannot tell", missing=(NotAlike(has),))
    figures = [_lowest([f for f in level.figures if _kind(by_id[f.id]) == common[0]]) for level in levels]
    differences = [_difference(figures[0], other) for other in figures[1:]]
    cited = [id for figure in figures for id in figure.sources]
    notes = tuple(note for level in levels for note in level.notes if set(getattr(note, "subjects", ())) & {f.subject for f in figures})
    return Answer(
        question, CompareFound(tuple(names), common[0][0], day=found_day), store.version, (*figures, *differences), caveats=notes,
        sources=tuple(store.sources(cited)),
    )  # fmt: skip


def _of_model(model: str, name: str, trim: str | None, store: Store) -> list[PriceFact]:
    rows = [row for row in store.select(PriceFact, OF_MODEL, model=model) if is_level(row) and standing(row) is None]
    if not rows:
        raise NotInFacts(f"the facts hold no list price of {name}", "its offers and moves may be in /prices changes")
    return of_trim(rows, trim, name)


def _kind(row: PriceFact) -> Kind:
    return row.price_type, name_key(row.region), row.currency


def _told(kinds: Iterable[Kind]) -> str:
    told = (f"{kind.replace('_', ' ')} in {region}, {currency}" for kind, region, currency in sorted(kinds))
    return "; ".join(told) or "no price on that day"


def _lowest(figures: Sequence[Figure]) -> Figure:
    return min(figures, key=lambda figure: figure.quantity.low or 0)


def _difference(first: Figure, other: Figure) -> Figure:
    return Figure(
        id=f"difference-{first.id}-{other.id}"[:120], name="difference", subject=f"{first.subject} − {other.subject}",
        quantity=difference(first.quantity, other.quantity, first.quantity.unit), basis="computed",
        working=Working("difference", ((first.id, 1), (other.id, -1))), sources=tuple(dict.fromkeys([*first.sources, *other.sources])),
    )  # fmt: skip
