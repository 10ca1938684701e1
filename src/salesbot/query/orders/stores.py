"""How many stores there were, how many a total implies, and orders per store: ``/orders stores``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from salesbot.answers import Answer, Figure, Working
from salesbot.answers.answer import StoresResult
from salesbot.answers.notes import NoFigure
from salesbot.errors import NotInFacts
from salesbot.query.orders.answering import answer_of
from salesbot.query.orders.at_moment import Gathered, Inputs, computed_figures, inputs_at
from salesbot.query.orders.comparisons import compared
from salesbot.query.orders.identities import Term, derivations, reported
from salesbot.query.orders.launch_facts import LaunchFacts, Report
from salesbot.query.orders.reports import counts_of, figure_of
from salesbot.query.orders.stores_in_force import stores_in_force
from salesbot.questions.question import OrdersStores
from salesbot.storage.snapshot import Snapshot
from salesbot.values.moment import Moment, moment_of
from salesbot.values.quantity import whole

TOTALS = ("orders", "locked_orders")
MOST_MOMENTS = 100  # at which totals imply stores; a launch with more asks for one of them


def stores(question: OrdersStores, snapshot: Snapshot) -> Answer:
    """The counts kind by kind; then what each total implies at its moment, and orders per store."""
    facts = LaunchFacts.load(question.launch, snapshot)
    at = facts.moment_asked(question.within, question.at)
    gathered = Gathered()
    for metric in facts.store_metrics:
        counts = stores_in_force(metric, at, facts)
        gathered += Gathered((*counts.figures, *counts.parts), (), counts.passed_over, counts.notes)
    for moment in [at] if at is not None else _moments(facts):
        gathered += _implied_at(moment, facts, gathered.operands)
    if not gathered.figures and not gathered.passed:
        raise NotInFacts("stores_not_in_facts", name=facts.name)
    if not gathered.figures:
        gathered += Gathered(missing=(NoFigure("sales_stores"),))
    return answer_of(gathered, question, StoresResult(facts.launch.id, facts.name), snapshot)


def _moments(facts: LaunchFacts) -> list[Moment]:
    """The instants at which a total or an average was reported, the last ones, in order."""
    metrics = (*TOTALS, "orders_per_store", "unstated")
    points = [report for metric in metrics if (main := counts_of(facts, metric).main) for report in main.points]
    ends = sorted({report.ended.earliest for report in points if report.ended.is_instant})
    return [moment_of(end, facts.zones[0]) for end in ends[-MOST_MOMENTS:]]


def _implied_at(at: Moment, facts: LaunchFacts, beside: tuple[Figure, ...]) -> Gathered:
    """What each total implies; ``beside`` are the figures that workings of this answer name already."""
    inputs = inputs_at(at, facts)
    counted, rates = inputs.terms.get("sales_stores", []), inputs.terms.get("lock_in_rate", [])
    gathered = Gathered()
    for report, metric in _totals(at, facts):
        with_total = _with_total(inputs, report, facts)
        term = reported(report.id, metric, report.quantity)
        known = {name: terms for name, terms in inputs.terms.items() if name not in (*TOTALS, "sales_stores")}
        known[metric] = [term]
        named = (*beside, *gathered.operands)
        gathered += _implied("sales_stores", known, counted, report, metric, at, with_total, facts, named)
        if metric == "locked_orders":
            known = {name: terms for name, terms in inputs.terms.items() if name not in (*TOTALS, "lock_in_rate")}
            known[metric] = [term]
            named = (*beside, *gathered.operands)
            gathered += _implied("lock_in_rate", known, rates, report, metric, at, with_total, facts, named)
    return gathered + _per_store(inputs, at, facts)


def _with_total(inputs: Inputs, report: Report, facts: LaunchFacts) -> Inputs:
    return replace(inputs, figures={**inputs.figures, report.id: figure_of(report, facts)})


def _totals(at: Moment, facts: LaunchFacts) -> Iterator[tuple[Report, str]]:
    """Each reported total at a moment, one of unstated kind once for each reading.

    A bound ("at most") implies no more than a bound, so it is used only where nothing better is.
    """
    found: list[tuple[Report, str]] = []
    for metric in ("unstated", *TOTALS):
        counts = counts_of(facts, metric)
        gross = counts.main.at(at).rows if counts.main is not None else ()
        for report in gross or [report for series in counts.net for report in series.at(at).rows]:
            readings = report.row.could_be if metric == "unstated" else (metric,)
            found += [(report, reading) for reading in readings if reading in TOTALS]
    closed = [(report, metric) for report, metric in found if not report.quantity.is_open]
    yield from closed or [(report, metric) for report, metric in found if not report.quantity.is_unknown]


def _implied(
    wanted: str,
    known: Mapping[str, list[Term]],
    counted: list[Term],
    report: Report,
    metric: str,
    at: Moment,
    inputs: Inputs,
    facts: LaunchFacts,
    beside: tuple[Figure, ...],
) -> Gathered:
    """What one total implies of a metric, compared with what was counted."""
    terms = derivations(wanted, known, facts.vocabulary)
    if not terms:
        return Gathered()
    computed, workings = computed_figures(terms, at, inputs, facts, beside)
    reading = metric if report.metric == "unstated" else None
    against = [inputs.figures[term.id] for term in counted]
    figures: list[Figure] = []
    for figure in computed:
        alike = against if figure.is_net is any(one.is_net for one in against) else []
        id = f"{figure.id}-from-{report.id}" + (f":{metric}" if reading else "")
        implied = replace(figure, id=id, role="implied", implied_by=report.id, read_as=reading)
        figures.append(compared(implied, alike))
        figures += _whole_inside(implied, alike)
    return Gathered(tuple(figures), (*workings.operands, *against), workings.passed, workings.caveats)


def _whole_inside(implied: Figure, against: Iterable[Figure]) -> Iterator[Figure]:
    """The whole stores inside an implied number of stores."""
    inside = whole(implied.quantity, "whole stores") if implied.name == "sales_stores" else None
    if inside is not None:
        working = Working("whole", ((implied.id, 1),))
        figure = replace(implied, id=f"{implied.id}:whole", role="whole", quantity=inside, working=working)
        yield compared(figure, against)


def _per_store(inputs: Inputs, at: Moment, facts: LaunchFacts) -> Gathered:
    """Orders per store, where orders are known and no average was reported."""
    exact = [term for term in inputs.terms.get("orders", []) if not term.quantity.is_open]
    if not exact or "orders_per_store" in inputs.terms or "sales_stores" not in inputs.terms:
        return Gathered()
    known = {"orders": exact, "sales_stores": inputs.terms["sales_stores"]}
    figures, workings = computed_figures(derivations("orders_per_store", known, facts.vocabulary), at, inputs, facts)
    named = tuple(replace(figure, id=f"{figure.id}-at-{exact[0].id}") for figure in figures)
    return Gathered(named, workings.operands, workings.passed, workings.caveats)
