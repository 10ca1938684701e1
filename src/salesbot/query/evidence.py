"""The figures gathered for one answer: reported and derived side by side, each held against the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from salesbot.answers.answer import Answer, Comparison, Figure, Found, NoFigure, Note, Parts, PassedOver, ReadingsDiffer, Working
from salesbot.facts import COUNTS, RATES, STORE_METRICS, OrderFact
from salesbot.query.book import Book, Bracket
from salesbot.query.counting import said_by_maker
from salesbot.query.derive import IDENTITIES, Term, derivations, missing_for, reported
from salesbot.questions.question import Question
from salesbot.storage.snapshot import Store
from salesbot.values.moment import Moment
from salesbot.values.quantity import Verdict, agreement, combined


class Evidence:
    """The figures gathered for one answer, compared with each other as they come in."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.figures: list[Figure] = []
        self.operands: list[Figure] = []
        self.caveats: list[Note] = []
        self.missing: list[Note] = []
        self.passed: list[PassedOver] = []
        self.asked: dict[str, Figure] = {}
        self._stores: dict[str, Figure] = {}
        self._store_notes: list[Note] = []
        self._stores_passed: list[PassedOver] = []

    # at a moment

    def known(self, at: Moment | None) -> dict[str, list[Term]]:
        """Every reported figure in hand at ``at`` that the identities can use."""
        terms: dict[str, list[Term]] = {}
        for metric in dict.fromkeys(m for whole, parts in IDENTITIES for m in (whole, *parts)):
            if metric in STORE_METRICS:
                chosen, notes = self.book.stores(metric, at)
                rows = chosen.rows
                terms[metric] = [reported(row.id, metric, row.quantity) for row in rows]
                self._stores = {row.id: self.book.store_figure(row, at) for row in rows}
                self._store_notes = notes
                self._stores_passed = self.book.passed_over(chosen.passed_over)
            elif at is not None:
                counted = self.book.reported(metric, at).rows
                terms[metric] = [reported(row.id, metric, row.quantity) for row in counted]
        return {metric: found for metric, found in terms.items() if found}

    def take_at(self, at: Moment, wanted: Sequence[str], *, with_unstated: bool) -> None:
        """Reported and derived figures of each metric at one moment, and how they stand."""
        known = self.known(at)
        unstated = self.book.reported("unstated", at) if with_unstated else None
        readings = {m for row in (unstated.rows if unstated else ()) for m in row.could_be}
        for metric in wanted:
            chosen = self.book.reported(metric, at)
            self.passed += self.book.passed_over(chosen.passed_over)
            direct = [self.book.figure(row) for row in chosen.rows]
            derived: list[Figure] = []
            for term in derivations(metric, known):
                derived.append(self.computed(term, at, derived))
            if metric in STORE_METRICS:
                direct += [replace(figure, is_operand=False) for figure in self._store_rows(metric, at)]
            self._take_metric(metric, at, derived, direct, is_asked=len(wanted) == 1 or metric in readings, known=known)
        for row in unstated.rows if unstated else ():
            self._take_unstated(row, wanted)

    def _store_rows(self, metric: str, at: Moment) -> list[Figure]:
        chosen, notes = self.book.stores(metric, at)
        self.caveats += notes
        self.passed += self.book.passed_over(chosen.passed_over)
        return [self.book.store_figure(row, at) for row in chosen.rows]

    def _take_metric(
        self, metric: str, at: Moment, derived: list[Figure], direct: list[Figure], *, is_asked: bool, known: dict[str, list[Term]]
    ) -> None:
        bracket = self.book.bracket(metric, at, besides={figure.id for figure in direct}) if metric in COUNTS else None
        if bracket and not derived and not direct:
            self._take_bracket(bracket, derived)
        elif bracket and bracket.figure and _refutes(bracket.figure, [*derived, *direct]):
            self._take_bracket(bracket, direct)
        if not derived and not direct and is_asked and metric in (*COUNTS, *RATES, "orders_per_store"):
            self.missing.append(NoFigure(metric, missing_for(metric, known)))
        self.figures += compared(derived, direct)

    def _take_bracket(self, bracket: Bracket, into: list[Figure]) -> None:
        self.operands += bracket.operands
        if bracket.figure is None:
            self.missing += bracket.notes
            return
        self.caveats += bracket.notes
        into.append(bracket.figure)

    def computed(self, term: Term, at: Moment | None, besides: Sequence[Figure] = ()) -> Figure:
        """A derived term as a figure; what it rests on comes along as operands."""
        terms = []
        for operand, power in term.operands:
            if operand.operands:
                inner = self.computed(operand, at, besides)
                if all(inner.id != figure.id for figure in (*self.figures, *self.operands)):
                    self.operands.append(replace(inner, is_operand=True))
                terms.append((inner.id, power))
            else:
                self._take_operand(operand.id)
                terms.append((operand.id, power))
        id = self._id_for(term, besides)
        return Figure(
            id=id, name=term.metric, subject=self.book.name, quantity=term.quantity, basis="computed", as_of=at,
            working=Working("product", tuple(terms)), sources=self._sources(term),
        )  # fmt: skip

    def _id_for(self, term: Term, besides: Sequence[Figure]) -> str:
        """The term's id, numbered where another quantity of this answer has it."""
        taken = {figure.id: figure.quantity for figure in (*self.figures, *self.operands, *besides)}
        ids = (term.id if number == 1 else f"{term.id}-{number}" for number in range(1, 1000))
        return next(id for id in ids if taken.get(id, term.quantity) == term.quantity)

    def _take_operand(self, id: str) -> None:
        if id in self.asked:
            self.operands.append(self.asked[id])
            return
        if id in self._stores:
            self.operands.append(self._stores[id])
            self.caveats += [note for note in self._store_notes if note not in self.caveats]
            self.passed += [passed for passed in self._stores_passed if passed not in self.passed]
            return
        self.operands += [self.book.figure(row, is_operand=True) for row in self.book.rows if row.id == id]

    def _sources(self, term: Term) -> tuple[str, ...]:
        ids = [id for row in self.book.rows if row.id in term.inputs for id in row.sources]
        ids += [id for figure in self._stores.values() if figure.id in term.inputs for id in figure.sources]
        return tuple(dict.fromkeys(ids))

    def _take_unstated(self, row: OrderFact, wanted: Sequence[str]) -> None:
        """A figure whose kind is not stated, compared under each reading; none is chosen."""
        whole = self.book.figure(row)
        readings = []
        for metric in row.could_be:
            if metric in wanted:
                computed = [f for f in self.figures if f.name == metric and f.basis == "computed"]
                direct = [f for f in self.figures if f.name == metric and f.basis == "reported" and not f.reading_of]
                reading = replace(whole, id=f"{row.id}:{metric}", name=metric, reading_of=row.id)
                readings.append(judged(reading, computed or direct))
                self._hold_against(direct, reading)
        verdicts = tuple((figure.name, figure.verdict or "cannot tell") for figure in readings)
        self.figures.append(replace(
            whole, verdict=combined(verdict for _, verdict in verdicts),
            against=tuple(dict.fromkeys(id for figure in readings for id in figure.against)),
        ))  # fmt: skip
        self.figures += readings
        self.caveats.append(ReadingsDiffer(row.id, verdicts))

    def _hold_against(self, reports: Iterable[Figure], reading: Figure) -> None:
        """A report beside an unstated figure is judged against that figure's reading."""
        for report in reports:
            at = self.figures.index(report)
            verdict = agreement(report.quantity, reading.quantity)
            self.figures[at] = replace(
                report, verdict=verdict, against=(reading.id,), comparisons=(*report.comparisons, Comparison(reading.id, verdict))
            )

    # without a moment

    def take_latest(self, wanted: Sequence[str]) -> None:
        """The cumulative figure of each metric with the latest end; an earlier one by the maker beside it."""
        for metric in wanted:
            if metric in STORE_METRICS:
                self.figures += [replace(f, is_operand=False) for f in self._latest_stores(metric)]
                continue
            chosen = self.book.latest(metric)
            self.passed += self.book.passed_over(chosen.passed_over)
            direct = [self.book.figure(row) for row in chosen.rows]
            if not any(said_by_maker(row, self.book.launch.brand) for row in chosen.rows):
                earlier = [r for r in self.book.cumulative(metric) if said_by_maker(r, self.book.launch.brand)]
                direct += [self.book.figure(row) for row in earlier[-1:]]
            self.figures += self._with_chain(metric, direct)
        for row in self.book.latest("unstated").rows:
            if set(row.could_be) & set(wanted):
                self.figures.append(self.book.figure(row))
        self.passed += [
            PassedOver(self.book.figure(row), "no time") for row in self.book.rows if row.metric in wanted and row.period_to is None
        ]
        places = tuple(dict.fromkeys(row.place or "" for row in self.book.parts if row.metric in wanted))
        if places:
            self.caveats.append(Parts(places))
            self.figures += [
                replace(self.book.figure(r), subject=f"{self.book.name}, {r.place or '?'}") for r in self.book.parts if r.metric in wanted
            ]

    def _latest_stores(self, metric: str) -> list[Figure]:
        chosen, notes = self.book.stores(metric, None)
        self.caveats += notes
        self.passed += self.book.passed_over(chosen.passed_over)
        return [self.book.store_figure(row, None) for row in chosen.rows]

    def _with_chain(self, metric: str, direct: list[Figure]) -> list[Figure]:
        chain = self.book.chained(metric)
        if chain is None:
            return direct
        figure, parts = chain
        ends = [report.as_of.latest for report in direct if report.as_of]
        if figure.as_of is None or (ends and max(ends) >= figure.as_of.latest):
            return direct
        self.operands += parts
        return [replace(figure, sources=tuple(dict.fromkeys(id for part in parts for id in part.sources))), *direct]

    # together

    def answer(self, question: Question, found: Found, store: Store) -> Answer:
        figures = _once([*self.figures, *(replace(f, is_operand=True) for f in self.operands)])
        verdicts = [c.verdict for f in figures if f.basis != "asked" for c in f.comparisons]
        passed = tuple(p for p in dict.fromkeys(self.passed) if all(p.figure.id != f.id for f in figures))
        cited = [id for figure in figures for id in figure.sources]
        return Answer(
            question=question, found=found, version=store.version, figures=figures,
            verdict=combined(verdicts) if self.figures else "cannot tell",
            missing=tuple(dict.fromkeys(self.missing)), caveats=tuple(dict.fromkeys(self.caveats)), passed_over=passed,
            sources=tuple(store.sources([*cited, *(id for p in passed for id in p.figure.sources)])),
        )  # fmt: skip


def _once(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    found: dict[str, Figure] = {}
    for figure in figures:
        found.setdefault(figure.id, figure)
    return tuple(found.values())


def _refutes(bound: Figure, others: list[Figure]) -> bool:
    return any(agreement(bound.quantity, other.quantity) == "disagrees" for other in others)


def judged(figure: Figure, others: Sequence[Figure]) -> Figure:
    """The figure with its verdict against others of its kind."""
    comparisons = tuple(Comparison(other.id, agreement(figure.quantity, other.quantity)) for other in others)
    verdict: Verdict | None = combined(comparison.verdict for comparison in comparisons)
    if not comparisons:
        return figure
    return replace(figure, comparisons=comparisons, verdict=verdict or "cannot tell", against=tuple(c.other for c in comparisons))


def compared(derived: list[Figure], direct: list[Figure]) -> list[Figure]:
    """Derived figures judged against the reports and each other; several reports among themselves."""
    found = []
    for number, figure in enumerate(derived):
        found.append(judged(figure, [*direct, *derived[:number]]))
    for number, figure in enumerate(direct):
        found.append(judged(figure, direct[:number] + direct[number + 1 :]) if not derived else figure)
    return found
