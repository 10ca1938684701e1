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
            one.id: [other for other in direct if other is not one and (not derived or contradict(one, other))]
            for one in direct
        }
        reports = [compared(one, pairs[one.id]) for one in direct]
    return [
        *reports,
        *(compared(one, [*direct[:MOST_COMPARED], *derived[:number]]) for number, one in enumerate(derived)),
    ]


def contradict(one: Figure, other: Figure) -> bool:
    """Whether two figures cannot both be right."""
    return agreement(one.quantity, other.quantity) == "disagrees"


def contradictions(figures: Sequence[Figure], vocabulary: Vocabulary) -> tuple[list[Figure], list[Note]]:
    """The figures with each contradiction among them marked: a part above its whole, a rate above 1.

    Of a metric that is part of another, and of what is counted from a later start on, in a place, of a variant or net
    of cancellations beside the count of all.
    """
    found = list(figures)
    notes: list[Note] = []
    wholes = [one for one in figures if not (one.place or one.variant) and one.role != "reading"]
    for index, figure in enumerate(found):
        metric = vocabulary.metrics.get(figure.name)
        low = figure.quantity.low
        if metric is None or low is None or figure.role == "reading":
            continue
        is_part = bool(figure.place or figure.variant)
        if metric.kind == "rate" and low > 1 and not is_part:
            found[index] = replace(figure, verdict="disagrees")
            notes.append(Contradiction(figure.id))
        if metric.part_of or metric.kind == "count":
            for whole in (other for other in wholes if _is_above(figure, other, vocabulary)):
                found[index] = contradicted(found[index], whole.id)
                notes.append(Contradiction(figure.id, whole.id))
    return found, notes


def _is_above(part: Figure, whole: Figure, vocabulary: Vocabulary) -> bool:
    """Whether a figure is more than another that it is part of, as closely as both are told."""
    low, high = part.quantity.low, whole.quantity.high
    if low is None or high is None or high >= low or whole is part:
        return False
    metric = vocabulary.metrics[part.name]
    same_metric = whole.name == part.name and metric.kind == "count"
    is_part = part.place or part.variant or (part.is_net and not whole.is_net) or part.series_from != whole.series_from
    if not (whole.name == metric.part_of or (same_metric and is_part)):
        return False
    if (whole.is_net and not part.is_net) or not _starts_by(whole, part):
        return False
    return _is_by_then(part, whole, vocabulary) and contradict(part, whole)


def _starts_by(whole: Figure, part: Figure) -> bool:
    """Whether a count starts no later than another."""
    if whole.series_from is None or whole.series_from == part.series_from:
        return True
    return part.series_from is not None and whole.series_from.days[1] <= part.series_from.days[0]


def _is_by_then(part: Figure, whole: Figure, vocabulary: Vocabulary) -> bool:
    """Whether what is counted in a part is counted in the whole too: at its moment, or later where that never falls."""
    if part.as_of is None or whole.as_of is None or part.as_of.span == whole.as_of.span:
        return True
    is_steady = not (part.is_net or whole.is_net) and vocabulary.is_count(whole.name) and vocabulary.is_count(part.name)
    return is_steady and part.as_of.latest <= whole.as_of.earliest


def contradicted(figure: Figure, other: str) -> Figure:
    """The figure, marked as contradicting another."""
    return replace(figure, comparisons=(*figure.comparisons, Comparison(other, "disagrees")), verdict="disagrees")
