"""The figures of a launch at one moment: reported, derived and bracketed, compared with each other.

``figures_at`` is the pipeline: reports → derivations → brackets → comparisons, each a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Figure, PassedOver, Working
from salesbot.answers.notes import (
    Contradiction,
    NoFigure,
    Note,
    OtherSeries,
    PartsNotSummed,
    PlaceNotKnown,
    ReadingsDiffer,
)
from salesbot.query.orders.comparisons import compared, contradict, contradicted, contradictions, side_by_side
from salesbot.query.orders.identities import Term, derivations, missing_for, reported
from salesbot.query.orders.launch_facts import LaunchFacts, Report
from salesbot.query.orders.reports import Bracket, Summed, counts_of, figure_of, passed_over, sums_of
from salesbot.query.orders.stores_in_force import StoresInForce, stores_in_force
from salesbot.values.moment import Moment
from salesbot.values.quantity import Verdict, agreement, overall, total


class Gathered(Struct, frozen=True):
    """Figures gathered for an answer: those asked for, operands of their workings, and what must be said."""

    figures: tuple[Figure, ...] = ()
    operands: tuple[Figure, ...] = ()
    passed: tuple[PassedOver, ...] = ()
    caveats: tuple[Note, ...] = ()
    missing: tuple[Note, ...] = ()

    def __add__(self, other: Gathered) -> Gathered:
        return Gathered(
            (*self.figures, *other.figures),
            (*self.operands, *other.operands),
            (*self.passed, *other.passed),
            (*self.caveats, *other.caveats),
            (*self.missing, *other.missing),
        )


def needed_by(figures: Iterable[Figure], pool: Iterable[Figure]) -> list[Figure]:
    """The figures of ``pool`` that the workings of ``figures`` rest on, as operands."""
    by_id = {figure.id: figure for figure in pool}
    found: dict[str, Figure] = {}
    waiting = list(figures)
    while waiting:
        working = waiting.pop().working
        for id in working.operands if working else ():
            if id in by_id and id not in found:
                found[id] = replace(by_id[id], is_operand=True)
                waiting.append(found[id])
    return list(found.values())


class Inputs(Struct, frozen=True):
    """What is known at a moment: terms by metric, the figures behind them by id, and store counts."""

    terms: dict[str, list[Term]]
    figures: dict[str, Figure]
    stores: dict[str, StoresInForce]

    def notes_of(self, id: str) -> StoresInForce | None:
        """The store counts that a figure is of, if it is one."""
        figure = self.figures.get(id)
        stores = self.stores.get(figure.name) if figure is not None else None
        return stores if stores is not None and any(f.id == id for f in stores.figures) else None


def inputs_at(at: Moment | None, facts: LaunchFacts) -> Inputs:
    """Every figure that the identities can use at a moment."""
    vocabulary = facts.vocabulary
    terms: dict[str, list[Term]] = {}
    figures: dict[str, Figure] = {}
    stores: dict[str, StoresInForce] = {}
    for metric in dict.fromkeys(one for whole, parts in vocabulary.identities for one in (whole, *parts)):
        found: list[Figure] = []
        if facts.stores_of_launch(metric) or facts.stores_of_brand(metric):
            stores[metric] = stores_in_force(metric, at, facts)
            found += stores[metric].figures
        elif at is not None:
            found += _reports_at(metric, at, facts).figures
        usable = [figure for figure in found if not figure.quantity.is_unknown]
        if usable:
            terms[metric] = [reported(figure.id, metric, figure.quantity) for figure in usable]
            figures |= {figure.id: figure for figure in usable}
    return Inputs(terms, figures, stores)


def _reports_at(metric: str, at: Moment, facts: LaunchFacts) -> Gathered:
    """The reports of the whole that end at a moment: cumulative since the opening, or a sum of periods.

    One net of cancellations stands for the whole only where there is no other.
    """
    counts = counts_of(facts, metric)
    direct: list[Figure] = []
    operands: list[Figure] = []
    passed: list[PassedOver] = []
    gross = counts.main.at(at).rows if counts.main is not None else ()
    net = (report for series in counts.net if series.start is None for report in series.at(at).rows)
    direct += [figure_of(report, facts) for report in gross or net]
    for series in counts.all:
        if series.first.part is None and series.first.row.variant is None:
            passed += passed_over(series.at(at).passed_over, facts)
    if at.is_instant and facts.vocabulary.is_count(metric):
        sums = sums_of(facts, metric)
        if found := sums.ending(at.earliest):
            for figure, parts in found:
                if all(figure.id != one.id for one in direct):
                    direct.append(figure)
                operands += parts
            passed += passed_over(sums.passed, facts)
    return Gathered(tuple(direct), tuple(operands), tuple(passed))


def _sum_since_later(metric: str, at: Moment, facts: LaunchFacts) -> Gathered:
    """A sum of periods that ends at a moment and starts after the opening: another figure, which says its start."""
    if not at.is_instant or not facts.vocabulary.is_count(metric):
        return Gathered()
    return gathered_sums(sums_of(facts, metric).since_later(at.earliest))


def gathered_sums(found: Sequence[Summed]) -> Gathered:
    """Sums of periods from a later start on, compared with each other."""
    figures = side_by_side([], [figure for figure, _ in found])
    return Gathered(
        tuple(figures), tuple(part for _, parts in found for part in parts), caveats=tuple(other_starts(figures))
    )


def figures_at(at: Moment, wanted: Sequence[str], facts: LaunchFacts, *, with_unstated: bool) -> Gathered:
    """Reported and derived figures of each metric wanted at a moment, their comparisons, and what must be said."""
    inputs = inputs_at(at, facts)
    unstated = _unstated_at(at, wanted, facts) if with_unstated else []
    readings = tuple(dict.fromkeys(metric for report in unstated for metric in report.row.could_be))
    asked = tuple(dict.fromkeys((*wanted, *readings)))
    by_metric = {metric: _metric_at(metric, at, inputs, facts) for metric in asked}
    gathered = Gathered()
    for metric in wanted:
        gathered += _with_missing(
            metric, by_metric[metric], inputs, facts, is_asked=len(wanted) == 1 or metric in readings
        )
    for report in unstated:
        gathered = _with_readings(report, gathered, by_metric, facts)
    return with_contradictions(gathered, asked, facts)


def _metric_at(metric: str, at: Moment, inputs: Inputs, facts: LaunchFacts) -> Gathered:
    """The figures of one metric: reports, derivations, and a bracket if it is all there is or refutes them."""
    if metric in inputs.stores or facts.stores_of_launch(metric) or facts.stores_of_brand(metric):
        stores = inputs.stores.get(metric) or stores_in_force(metric, at, facts)
        direct = Gathered(stores.figures, (), stores.passed_over, stores.notes)
        parts = Gathered(stores.parts)
    else:
        direct = _reports_at(metric, at, facts)
        parts = _parts_at(metric, at, facts)
    computed, workings = _derived_at(metric, at, inputs, facts)
    derived = [figure for figure in computed if not figure.is_net]
    summed = [one for one in parts.figures if one.role == "sum" and not one.is_net and one.series_from is None]
    parts = replace(parts, figures=tuple(figure for figure in parts.figures if figure not in summed))
    gross = [figure for figure in direct.figures if not figure.is_net]
    net = [figure for figure in direct.figures if figure.is_net]
    known = [figure for figure in gross if not figure.quantity.is_unknown]
    bracket = _bracket_at(metric, at, facts)
    extra = Gathered()
    if bracket is not None and (
        not (derived or direct.figures)
        or (bracket.figure is not None and _refutes(bracket.figure, [*derived, *(known or summed), *net]))
        or _is_another_series(bracket, metric, at, facts)
    ):
        extra = _gathered_bracket(bracket)
    of_net = [figure for figure in computed if figure.is_net]
    figures = [*side_by_side(of_net, net), *side_by_side([*derived, *summed], [*gross, *extra.figures])]
    if not figures or all(figure.role == "bracket" for figure in figures):
        parts = _sum_since_later(metric, at, facts) + parts
    ids = {figure.id for figure in figures}
    others = [figure for figure in _other_series_at(metric, at, facts) if figure.id not in ids]
    return Gathered(
        (*figures, *workings.figures, *others, *parts.figures),
        (*direct.operands, *workings.operands, *extra.operands, *parts.operands),
        (*direct.passed, *workings.passed, *parts.passed),
        (
            *direct.caveats,
            *workings.caveats,
            *extra.caveats,
            *parts.caveats,
            *other_starts(others),
            *later_starts(figures, metric, facts),
        ),
        extra.missing,
    )


def _refutes(bound: Figure, others: Iterable[Figure]) -> bool:
    return any(agreement(bound.quantity, other.quantity) == "disagrees" for other in others)


def _is_another_series(bracket: Bracket, metric: str, at: Moment, facts: LaunchFacts) -> bool:
    """Whether a bracket is of a series that the counts which end at the moment are not of: they are sums of periods.

    Both series on record are said: the count of April, and that of 24 April since the first delivery.
    """
    main = counts_of(facts, metric).main
    low = bracket.figure.quantity.low if bracket.figure is not None else None
    return main is not None and main.start is not None and not main.at(at).rows and bool(low)


def _gathered_bracket(bracket: Bracket) -> Gathered:
    if bracket.figure is None:
        return Gathered(operands=bracket.operands, missing=bracket.notes)
    return Gathered((bracket.figure,), bracket.operands, caveats=bracket.notes)


def _bracket_at(metric: str, at: Moment, facts: LaunchFacts) -> Bracket | None:
    """The bounds of a count at a moment; deliveries alone are 0 before their first start."""
    if not facts.vocabulary.is_count(metric):
        return None
    counts = counts_of(facts, metric)
    if metric == "deliveries" and (zero := counts.zero_before(at)) is not None:
        return zero
    main = counts.main
    return None if main is None or main.starts_after(at) else main.bracket(at)


def _other_series_at(metric: str, at: Moment, facts: LaunchFacts) -> list[Figure]:
    """The counts with another start, net or of a variant, that end at the moment: other figures than the launch's."""
    counts = counts_of(facts, metric)
    series = (*counts.others, *counts.net, *counts.variants)
    return [figure_of(report, facts) for one in series for report in one.at(at).rows]


# parts of the market


def _parts_at(metric: str, at: Moment, facts: LaunchFacts) -> Gathered:
    """The counts of parts that end at the moment, summed where the pack says which places make the whole."""
    return gathered_parts([(series.at(at).rows) for series in counts_of(facts, metric).parts], metric, facts)


def gathered_parts(rows: Iterable[Sequence[Report]], metric: str, facts: LaunchFacts) -> Gathered:
    """The reports of parts as figures, with their sum if they make the whole."""
    reports = [report for of_series in rows for report in of_series]
    if not reports:
        return Gathered()
    figures = [figure_of(report, facts) for report in reports]
    if summed := _sums_of_parts(reports, figures, metric, facts):
        return Gathered((*summed, *figures))
    known = {report.part for report in reports if not report.quantity.is_unknown}
    unknown = tuple(f.place or "" for f in figures if f.quantity.is_unknown)
    places = tuple(dict.fromkeys(figure.place or "" for figure in figures))
    alike = {(one.series_from, one.is_net, one.variant) for one in figures}
    is_of_one_moment = _are_of_one_moment(figures)
    notes: list[Note] = [PartsNotSummed(places, unknown, is_of_one_moment, are_alike=len(alike) == 1)]
    if facts.parts_of_market is not None and not facts.parts_of_market <= known:
        notes.append(PlaceNotKnown(len(known & facts.parts_of_market), len(facts.parts_of_market)))
    return Gathered(tuple(figures), caveats=tuple(notes))


def _are_of_one_moment(figures: Sequence[Figure]) -> bool:
    return len({figure.as_of.span for figure in figures if figure.as_of is not None}) <= 1


def _sums_of_parts(reports: list[Report], figures: list[Figure], metric: str, facts: LaunchFacts) -> list[Figure]:
    """The sum of the parts of each series that the facts hold all of: of one start, and all net or none."""
    series: dict[tuple[object, ...], list[tuple[Report, Figure]]] = {}
    for report, figure in zip(reports, figures, strict=True):
        if report.row.variant is None:
            start = None if report.start is None else report.start.span
            series.setdefault((start, report.is_net, report.is_cumulative), []).append((report, figure))
    sums = (_sum_of_parts(of_series, metric, facts) for of_series in series.values())
    found = [one for one in sums if one is not None]
    return [replace(one, id=f"{one.id}-{number}") if number > 1 else one for number, one in enumerate(found, 1)]


def _sum_of_parts(of_series: list[tuple[Report, Figure]], metric: str, facts: LaunchFacts) -> Figure | None:
    by_part = {report.part: figure for report, figure in of_series}
    if facts.parts_of_market is None or len(by_part) != len(of_series) or not facts.vocabulary.is_count(metric):
        return None
    if not facts.parts_of_market <= by_part.keys():
        return None
    parts = [by_part[part] for part in sorted(facts.parts_of_market)]
    if any(figure.quantity.is_unknown for figure in parts) or not _are_of_one_moment(parts):
        return None
    return Figure(
        id=f"summed-{metric.replace('_', '-')}-parts",
        name=metric,
        subject=facts.name,
        quantity=total((figure.quantity for figure in parts), parts[0].quantity.unit),
        basis="computed",
        role="sum",
        as_of=parts[0].as_of,
        working=Working("sum", tuple((figure.id, 1) for figure in parts)),
        sources=tuple(dict.fromkeys(id for figure in parts for id in figure.sources)),
        series_from=parts[0].series_from,
        is_net=parts[0].is_net,
        is_gross=all(figure.is_gross for figure in parts),
    )


# derivations


def _derived_at(metric: str, at: Moment | None, inputs: Inputs, facts: LaunchFacts) -> tuple[list[Figure], Gathered]:
    terms = derivations(metric, inputs.terms, facts.vocabulary)
    return computed_figures(terms, at, inputs, facts)


def computed_figures(
    terms: Sequence[Term], at: Moment | None, inputs: Inputs, facts: LaunchFacts, beside: Iterable[Figure] = ()
) -> tuple[list[Figure], Gathered]:
    """Derived terms as figures, with the figures that their workings name; none takes the id of one ``beside`` it.

    A rate above 1 is no figure but a contradiction: both sides of it are among the figures gathered.
    """
    made = {figure.id: figure for figure in beside if figure.role == "derived"}
    computed = [_computed(term, at, inputs, facts, made) for term in terms]
    impossible = [figure for figure in computed if _is_impossible(figure, facts)]  # shown by its sides alone
    figures = [figure for figure in computed if figure not in impossible]
    for figure in impossible:
        made.pop(figure.id, None)
    inner = [figure for figure in made.values() if figure not in figures]
    inputs_used = dict.fromkeys(id for term in terms for id in term.inputs)
    used = [inputs.figures[id] for id in inputs_used]
    stores = [one for id in inputs_used if (one := inputs.notes_of(id)) is not None]
    sides = [_sides(figure, made | inputs.figures) for figure in impossible]
    sides = [(part, whole) for part, whole in sides if contradict(part, whole) and (part.is_net or not whole.is_net)]
    return figures, Gathered(
        tuple(figure for two in sides for figure in two),
        operands=(*inner, *used),
        passed=tuple(passed for one in stores for passed in one.passed_over),
        caveats=(
            *(Contradiction(part.id, whole.id) for part, whole in sides),
            *(note for one in stores for note in one.notes),
        ),
    )


def _is_impossible(figure: Figure, facts: LaunchFacts) -> bool:
    """Whether a computed rate is above 1."""
    low = figure.quantity.low
    return facts.vocabulary.is_rate(figure.name) and low is not None and low > 1


def _sides(rate: Figure, known: Mapping[str, Figure]) -> tuple[Figure, Figure]:
    """The part and the whole of a rate above 1, the part marked as contradicting the whole."""
    assert rate.working is not None
    part = next(known[id] for id, power in rate.working.terms if power > 0)
    whole = next(known[id] for id, power in rate.working.terms if power < 0)
    return contradicted(part, whole.id), whole


def _computed(term: Term, at: Moment | None, inputs: Inputs, facts: LaunchFacts, made: dict[str, Figure]) -> Figure:
    """A derived term as a figure; the terms it rests on become figures before it."""
    working: list[tuple[str, int]] = []
    for operand, power in term.operands:
        id = _computed(operand, at, inputs, facts, made).id if operand.operands else operand.id
        working.append((id, power))
    figure = Figure(
        id=term.id,
        name=term.metric,
        subject=facts.name or "",
        quantity=term.quantity,
        basis="computed",
        role="derived",
        as_of=at,
        working=Working("product", tuple(working)),
        sources=tuple(dict.fromkeys(id for row in term.inputs for id in inputs.figures[row].sources)),
        is_net=any(inputs.figures[row].is_net for row in term.inputs),
    )
    number = 1
    while (known := made.get(figure.id)) is not None and (known.quantity, known.working) != (
        figure.quantity,
        figure.working,
    ):
        number += 1
        figure = replace(figure, id=f"{term.id}-{number}")
    made[figure.id] = figure
    return figure


# what is missing, unstated figures, contradictions


def _with_missing(metric: str, gathered: Gathered, inputs: Inputs, facts: LaunchFacts, *, is_asked: bool) -> Gathered:
    if gathered.figures or not is_asked or metric == "unstated":
        return gathered
    note = NoFigure(metric, missing_for(metric, inputs.terms, facts.vocabulary))
    return replace(gathered, missing=(*gathered.missing, note))


def _unstated_at(at: Moment, wanted: Sequence[str], facts: LaunchFacts) -> list[Report]:
    """The figures of unstated kind at a moment that could be a metric wanted."""
    main = counts_of(facts, "unstated").main
    reports = main.at(at).rows if main is not None else ()
    return [report for report in reports if set(report.row.could_be) & set(wanted)]


def _with_readings(report: Report, gathered: Gathered, by_metric: dict[str, Gathered], facts: LaunchFacts) -> Gathered:
    """A figure of unstated kind compared under each reading; none is chosen."""
    whole = figure_of(report, facts)
    figures = list(gathered.figures)
    readings: list[Figure] = []
    for metric in report.row.could_be:
        of_metric = [
            figure
            for figure in by_metric[metric].figures
            if not (figure.place or figure.variant or figure.is_net or figure.quantity.is_unknown)
            and (figure.series_from in (None, whole.series_from) or metric == "deliveries")
        ]
        computed = [figure for figure in of_metric if figure.basis == "computed"]
        reading = replace(whole, id=f"{report.id}:{metric}", name=metric, role="reading", reading_of=report.id)
        reading = compared(reading, computed or of_metric)
        readings.append(reading)
        for index, figure in enumerate(figures):
            if figure in of_metric and figure.basis == "reported":
                figures[index] = compared(figure, [reading])
    verdicts: tuple[tuple[str, Verdict], ...] = tuple((one.name, one.verdict or "cannot tell") for one in readings)
    comparisons = tuple(comparison for reading in readings for comparison in reading.comparisons)
    verdict = overall(verdict for _, verdict in verdicts)
    whole = replace(whole, verdict=verdict, comparisons=comparisons)
    extra = [
        replace(figure, is_operand=True, comparisons=(), verdict=None)  # what it was compared with is of its own metric
        for reading in readings
        for figure in by_metric[reading.name].figures
        if figure.id in reading.against and all(figure.id != known.id for known in figures)
    ]
    return Gathered(
        (*figures, whole, *readings),
        (
            *gathered.operands,
            *extra,
            *(operand for one in readings for operand in by_metric[one.name].operands if extra),
        ),
        gathered.passed,
        (*gathered.caveats, ReadingsDiffer(report.id, verdicts)),
        gathered.missing,
    )


def with_contradictions(gathered: Gathered, asked: Sequence[str], facts: LaunchFacts) -> Gathered:
    """Contradictions among the figures, with the wholes that a part asked for alone belongs to, and of periods."""
    figures = list(gathered.figures)
    beside: list[Figure] = []
    parts: dict[str, list[Figure]] = {}
    for metric in dict.fromkeys(figure.name for figure in figures):
        if metric not in facts.vocabulary.metrics:
            continue
        part_of = facts.vocabulary.metrics[metric].part_of
        at = next((figure.as_of for figure in figures if figure.name == metric and figure.as_of), None)
        if at is not None and part_of and part_of not in asked:
            wholes = _reports_at(part_of, at, facts)
            beside += wholes.figures
            parts |= {figure.id: needed_by([figure], wholes.operands) for figure in wholes.figures}
        if at is not None and facts.vocabulary.is_count(metric):
            sums = sums_of(facts, metric)
            beside += filter(None, (sums.greatest_by(at),))
            for figure, of_sum in sums.since_later(at.earliest) if at.is_instant else ():
                beside.append(figure)
                parts[figure.id] = of_sum
    known = {figure.id for figure in figures}
    beside = [figure for figure in beside if figure.id not in known]
    marked, notes = contradictions([*figures, *beside], facts.vocabulary)
    shown = {id for note in notes if isinstance(note, Contradiction) for id in (note.figure, note.other)}
    kept = [figure for figure in marked[len(figures) :] if figure.id in shown]
    kept += [part for id in shown for part in parts.get(id or "", ())]
    return replace(
        gathered,
        figures=tuple(marked[: len(figures)]),
        operands=(*gathered.operands, *(replace(figure, is_operand=True) for figure in kept)),
        caveats=(*gathered.caveats, *notes),
    )


def later_starts(figures: Iterable[Figure], metric: str, facts: LaunchFacts) -> list[Note]:
    """A note for each count of deliveries before whose start some were delivered."""
    if metric != "deliveries" or not counts_of(facts, metric).has_earlier:
        return []
    return other_starts(figure for figure in figures if figure.role in ("report", "sum"))


def other_starts(figures: Iterable[Figure]) -> list[Note]:
    """A note for each count that starts at another time than the opening."""
    return [OtherSeries(figure.id, figure.series_from) for figure in figures if figure.series_from is not None]
