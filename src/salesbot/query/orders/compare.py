"""Launches beside each other, at the same time since each opened, like for like or not at all: ``/orders compare``."""

from __future__ import annotations

from msgspec.structs import replace

from salesbot.answers import Answer, Figure, Working
from salesbot.answers.answer import CompareResult
from salesbot.answers.notes import MarketsDiffer, NoOpening, Note, NothingAlike
from salesbot.errors import QuestionError
from salesbot.query.orders.answering import answer_of
from salesbot.query.orders.at_moment import Gathered, figures_at, needed_by
from salesbot.query.orders.launch_facts import LaunchFacts
from salesbot.query.orders.reports import counts_of
from salesbot.questions.question import OrdersCompare
from salesbot.storage.snapshot import Snapshot
from salesbot.values.moment import StatedTime, moment_of
from salesbot.values.quantity import difference


def compare(question: OrdersCompare, snapshot: Snapshot) -> Answer:
    """One figure a launch and the differences to the first, or the reason why there can be none."""
    if isinstance(question.at, StatedTime):
        raise QuestionError("compare_at_a_date")
    if question.at is not None and question.within is not None:
        raise QuestionError("two_moments")
    asked = question.within if question.at is None else question.at
    launches = [LaunchFacts.load(id, snapshot) for id in question.launches]
    names = tuple(facts.name for facts in launches)
    unknown = tuple(NoOpening(facts.name) for facts in launches if facts.opening is None)
    if unknown:
        result = CompareResult(names, question.metric)
        return Answer(question, result, snapshot.version, verdict="cannot tell", missing=unknown)
    counts = launches[0].vocabulary.of_kind("count")
    for metric in (question.metric,) if question.metric else counts:
        within = asked or _common_time(launches, metric)
        found = [_at(facts, metric, within) for facts in launches] if within else []
        leading = [leading_figure(gathered.figures, metric) for gathered in found]
        if within and leading and all(leading):
            chosen = [figure for figure in leading if figure is not None]
            return _side_by_side(question, launches, metric, within, chosen, found, snapshot)
    has = tuple((facts.name, tuple(one for one in counts if counts_of(facts, one).main)) for facts in launches)
    result = CompareResult(names, question.metric, asked)
    return Answer(question, result, snapshot.version, verdict="cannot tell", missing=(NothingAlike(metrics=has),))


def _common_time(launches: list[LaunchFacts], metric: str) -> int | None:
    """The longest time since opening that every launch has reports for."""
    lasts = []
    for facts in launches:
        main = counts_of(facts, metric).main
        if main is None or not main.points:
            return None
        lasts.append(main.points[-1].ended.earliest - facts.known_opening())
    least = min(lasts)
    return least if least > 0 else None


def _at(facts: LaunchFacts, metric: str, within: int) -> Gathered:
    at = moment_of(facts.known_opening() + within, facts.zones[0])
    return figures_at(at, (metric,), facts, with_unstated=False)


def leading_figure(figures: tuple[Figure, ...], metric: str) -> Figure | None:
    """The figure of a metric that counts: a closed report before a derived range, then an open report, then bounds."""
    of_metric = [
        figure
        for figure in figures
        if figure.name == metric
        and not (figure.place or figure.variant or figure.reading_of or figure.quantity.is_unknown)
        and (figure.series_from is None or metric == "deliveries")
    ]
    return min(of_metric, key=_weight, default=None)


def _weight(figure: Figure) -> int:
    if figure.role in ("report", "sum"):
        return 2 if figure.quantity.is_open else 0
    return 1 if figure.role == "derived" else 3


def _side_by_side(
    question: OrdersCompare,
    launches: list[LaunchFacts],
    metric: str,
    within: int,
    leading: list[Figure],
    found: list[Gathered],
    snapshot: Snapshot,
) -> Answer:
    figures: list[Figure] = []
    operands: list[Figure] = []
    caveats: list[Note] = []
    for leader, gathered, facts in zip(leading, found, launches, strict=True):
        needed = [*gathered.operands, *needed_by([leader], gathered.figures)]
        ids = {one.id: f"{one.id}:{facts.launch.id}" for one in (leader, *needed) if one.basis == "computed"}
        figures.append(_renamed(leader, ids))
        operands += [_renamed(operand, ids) for operand in needed]
        caveats += gathered.caveats
    differences = [_difference(figures[0], other) for other in figures[1:]]
    shown = {figure.id for figure in (*figures, *operands)}
    caveats = [note for note in caveats if getattr(note, "figure", None) in {None, *shown}]
    if len({facts.launch.market for facts in launches}) > 1:
        caveats.append(MarketsDiffer(tuple((facts.name, facts.launch.market) for facts in launches)))
    names = tuple(facts.name for facts in launches)
    gathered = Gathered((*figures, *differences), tuple(operands), caveats=tuple(caveats))
    return answer_of(gathered, question, CompareResult(names, metric, within), snapshot)


def _renamed(figure: Figure, ids: dict[str, str]) -> Figure:
    """A figure in an answer about several launches: a computed one's id names its launch too.

    What it was compared with inside its own launch is left there.
    """
    working = figure.working
    if working is not None:
        working = replace(working, terms=tuple((ids.get(id, id), power) for id, power in working.terms))
    return replace(figure, id=ids.get(figure.id, figure.id), working=working, verdict=None, comparisons=())


def _difference(first: Figure, other: Figure) -> Figure:
    return Figure(
        id=f"difference-{first.id}-{other.id}",
        name="difference",
        subject=f"{first.subject} − {other.subject}",
        quantity=difference(first.quantity, other.quantity, first.quantity.unit),
        basis="computed",
        role="difference",
        working=Working("difference", ((first.id, 1), (other.id, -1))),
        sources=tuple(dict.fromkeys([*first.sources, *other.sources])),
    )
