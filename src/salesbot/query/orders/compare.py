"""Launches beside each other, at the same time since each opened, like for like or not at all: ``/orders compare``."""

from __future__ import annotations

from msgspec.structs import replace

from salesbot.answers import Answer, Figure, Working
from salesbot.answers.answer import CompareResult
from salesbot.answers.notes import MarketsDiffer, NetBesideGross, NoOpening, Note, NothingAlike
from salesbot.errors import QuestionError
from salesbot.query.orders.answering import answer_of
from salesbot.query.orders.at_moment import Gathered, figures_at, needed_by
from salesbot.query.orders.launch_facts import LaunchFacts
from salesbot.query.orders.reports import MOST_WAYS, counts_of
from salesbot.questions.question import OrdersCompare
from salesbot.storage.snapshot import Snapshot
from salesbot.values.moment import StatedTime, moment_of
from salesbot.values.quantity import difference


def compare(question: OrdersCompare, snapshot: Snapshot) -> Answer:
    """The figures of each launch and their differences to the first's, or the reason why there can be none."""
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
    unlike: list[Note] = []
    for metric in (question.metric,) if question.metric else counts:
        within = asked or _common_time(launches, metric)
        found = [_at(facts, metric, within) for facts in launches] if within else []
        if within and (leading := _leading_alike(found, metric)):
            return _side_by_side(question, launches, metric, within, leading, found, snapshot)
        unlike += _net_beside_gross(metric, launches, found)
    has = tuple((facts.name, tuple(one for one in counts if _has_count(facts, one))) for facts in launches)
    result = CompareResult(names, question.metric, asked)
    missing = tuple(unlike) or (NothingAlike(metrics=has),)
    return Answer(question, result, snapshot.version, verdict="cannot tell", missing=missing)


def _has_count(facts: LaunchFacts, metric: str) -> bool:
    counts = counts_of(facts, metric)
    return counts.main is not None or bool(counts.net)


def _common_time(launches: list[LaunchFacts], metric: str) -> int | None:
    """The longest time since opening that every launch has reports for."""
    lasts = []
    for facts in launches:
        counts = counts_of(facts, metric)
        series = [one for one in (counts.main, *counts.net) if one is not None and one.points and one.start is None]
        if not series and counts.main is not None and counts.main.points:
            series = [counts.main]
        if not series:
            return None
        lasts.append(series[0].points[-1].ended.earliest - facts.known_opening())
    least = min(lasts)
    return least if least > 0 else None


def _at(facts: LaunchFacts, metric: str, within: int) -> Gathered:
    at = moment_of(facts.known_opening() + within, facts.zones[0])
    return figures_at(at, (metric,), facts, with_unstated=False)


def _leading_alike(found: list[Gathered], metric: str) -> list[list[Figure]] | None:
    """The leading figures of each launch, all of them net of cancellations or none; ``None`` where there are none."""
    ways = [[leading_figures(one.figures, metric, is_net=is_net) for one in found] for is_net in (False, True)]
    alike = [way for way in ways if all(way)]
    return min(alike, key=lambda way: max(_weight(figures[0]) for figures in way), default=None)


def _net_beside_gross(metric: str, launches: list[LaunchFacts], found: list[Gathered]) -> list[Note]:
    names: dict[bool, list[str]] = {True: [], False: []}
    for is_net, of in names.items():
        for facts, one in zip(launches, found, strict=False):
            if leading_figures(one.figures, metric, is_net=is_net):
                of.append(facts.name)
    net, gross = (tuple(name for name in names[way] if name not in names[not way]) for way in (True, False))
    return [NetBesideGross(metric, net, gross)] if net and gross else []


def leading_figures(figures: tuple[Figure, ...], metric: str, *, is_net: bool) -> list[Figure]:
    """The figures of a metric that count: a closed report before a derived range, then an open report, then bounds.

    Reports that tie all count; of many the least and the greatest.
    """
    of_metric = [
        figure
        for figure in figures
        if figure.name == metric
        and figure.is_net is is_net
        and not (figure.place or figure.variant or figure.reading_of or figure.quantity.is_unknown)
        and (figure.series_from is None or metric == "deliveries")
    ]
    starts = {figure.series_from for figure in of_metric}
    if len(starts) > 1:  # the earliest start is that of the launch's whole count
        earliest = min(starts, key=lambda start: (start is not None, start.days if start is not None else ()))
        of_metric = [figure for figure in of_metric if figure.series_from == earliest]
    first = min(of_metric, key=_weight, default=None)
    if first is None or _weight(first) in (1, 3):
        return [first] if first is not None else []
    tied = {(one.quantity.low, one.quantity.high): one for one in of_metric if _weight(one) == _weight(first)}
    found = list(tied.values())
    if len(found) > MOST_WAYS:
        found.sort(key=lambda one: one.quantity.low or 0)
        found = [found[0], found[-1]]
    return found


def _weight(figure: Figure) -> int:
    if figure.role in ("report", "sum"):
        return 2 if figure.quantity.is_open else 0
    return 1 if figure.role == "derived" else 3


def _side_by_side(
    question: OrdersCompare,
    launches: list[LaunchFacts],
    metric: str,
    within: int,
    leading: list[list[Figure]],
    found: list[Gathered],
    snapshot: Snapshot,
) -> Answer:
    of_launches: list[list[Figure]] = []
    operands: list[Figure] = []
    caveats: list[Note] = []
    for leaders, gathered, facts in zip(leading, found, launches, strict=True):
        needed = [*gathered.operands, *needed_by(leaders, gathered.figures)]
        ids = {one.id: f"{one.id}:{facts.launch.id}" for one in (*leaders, *needed) if one.basis == "computed"}
        of_launches.append([_renamed(leader, ids) for leader in leaders])
        operands += [_renamed(operand, ids) for operand in needed]
        caveats += gathered.caveats
    figures = [figure for of_launch in of_launches for figure in of_launch]
    first, *others = of_launches
    differences = [_difference(one, other) for of_other in others for one in first for other in of_other]
    shown = {figure.id for figure in (*figures, *operands)}
    told = {None, *shown}
    caveats = [note for note in caveats if {getattr(note, name, None) for name in ("figure", "other")} <= told]
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
