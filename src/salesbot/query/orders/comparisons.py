"""How figures of one metric compare with each other, and a part with its whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from salesbot.answers import Comparison, Figure
from salesbot.answers.notes import Contradiction, Note
from salesbot.facts import Vocabulary
from salesbot.values.quantity import agreement, overall

MOST_COMPARED = 12  # figures that one is compared with


def compared(figure: Figure, others: Iterable[Figure]) -> Figure:
    """The figure with its comparisons with others of its kind, and the verdict of them all."""
    new = [Comparison(other.id, agreement(figure.quantity, other.quantity)) for other in others]
    if not new:
        return figure
    comparisons = (*figure.comparisons, *new)
    verdict = overall(comparison.verdict for comparison in comparisons)
    return replace(figure, comparisons=comparisons, verdict=verdict or "cannot tell")


def side_by_side(derived: Sequence[Figure], direct: Sequence[Figure]) -> list[Figure]:
    """Reports first, compared with one another, then derived figures compared with them and each other.

    Beside a derived figure, reports are compared only where they contradict one another.
    """
    reports = list(direct)
    if len(direct) <= MOST_COMPARED:
        pairs = {
            one.id: [other for other in direct if other is not one and (not derived or _contradict(one, other))]
            for one in direct
        }
        reports = [compared(one, pairs[one.id]) for one in direct]
    return [
        *reports,
        *(compared(one, [*direct[:MOST_COMPARED], *derived[:number]]) for number, one in enumerate(derived)),
    ]


def _contradict(one: Figure, other: Figure) -> bool:
    return agreement(one.quantity, other.quantity) == "disagrees"


def contradictions(figures: Sequence[Figure], vocabulary: Vocabulary) -> tuple[list[Figure], list[Note]]:
    """The figures with each contradiction among them marked: a part above its whole of that moment, a rate above 1."""
    found = list(figures)
    notes: list[Note] = []
    for index, figure in enumerate(found):
        metric = vocabulary.metrics.get(figure.name)
        low = figure.quantity.low
        if metric is None or low is None or figure.place or figure.variant or figure.role == "reading":
            continue
        if metric.kind == "rate" and low > 1:
            found[index] = replace(figure, verdict="disagrees")
            notes.append(Contradiction(figure.id))
        if metric.part_of:
            wholes = [
                other
                for other in figures
                if other.name == metric.part_of and not other.place and not other.variant and other.role != "reading"
                if other.as_of is None or figure.as_of is None or other.as_of.span == figure.as_of.span
                if other.series_from in (None, figure.series_from) and (figure.is_net or not other.is_net)
            ]
            above = [other for other in wholes if other.quantity.high is not None and other.quantity.high < low]
            for whole in above:
                found[index] = contradicted(found[index], whole.id)
                notes.append(Contradiction(figure.id, whole.id))
    return found, notes


def contradicted(figure: Figure, other: str) -> Figure:
    """The figure, marked as contradicting another."""
    return replace(figure, comparisons=(*figure.comparisons, Comparison(other, "disagrees")), verdict="disagrees")
