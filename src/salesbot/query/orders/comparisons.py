"""How figures of one metric compare with each other, and a part with its whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from msgspec.structs import replace

from salesbot.answers import Comparison, Figure
from salesbot.answers.notes import Contradiction, Note
from salesbot.facts import Vocabulary
from salesbot.values.quantity import agreement, overall

ZONES_APART = timedelta(days=1)  # what two clock times of unlike zones may differ by
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
    by_part: dict[tuple[str | None, str | None], list[Figure]] = {}
    for one in figures:
        if one.role != "reading" and one.quantity.high is not None:
            by_part.setdefault((one.place, one.variant), []).append(one)
    for index, figure in enumerate(found):
        metric = vocabulary.metrics.get(figure.name)
        low = figure.quantity.low
        if metric is None or low is None or figure.role == "reading":
            continue
        own, all_of_it = (figure.place, figure.variant), (None, None)
        if metric.kind == "rate" and low > 1 and own == all_of_it:
            found[index] = replace(figure, verdict="disagrees")
            notes.append(Contradiction(figure.id))
        wholes = [one for part in dict.fromkeys((own, all_of_it)) for one in by_part.get(part, ())]
        for whole in wholes if metric.part_of or metric.kind == "count" else ():
            if _is_above(figure, whole, vocabulary):
                found[index] = contradicted(found[index], whole.id)
                notes.append(Contradiction(figure.id, whole.id))
    return found, notes


def _is_above(part: Figure, whole: Figure, vocabulary: Vocabulary) -> bool:
    """Whether a figure is more than another that it is part of, as closely as both are told."""
    low, high = part.quantity.low, whole.quantity.high
    if low is None or high is None or high >= low or whole is part or (whole.is_net and not part.is_net):
        return False
    is_of_all = part.is_inside and (whole.place, whole.variant) == (None, None)
    if whole.name == vocabulary.metrics[part.name].part_of:  # what is locked in May may have been ordered in April
        is_part = whole.series_from is None and (
            is_of_all or (whole.place, whole.variant) == (part.place, part.variant)
        )
    else:
        is_less = (
            part.place or part.variant or (part.is_net and not whole.is_net) or part.series_from != whole.series_from
        )
        is_part = whole.name == part.name and is_of_all and bool(is_less) and _starts_by(whole, part)
        is_part = is_part and vocabulary.is_count(part.name)
    return is_part and _is_by_then(part, whole, vocabulary) and contradict(part, whole)


def _starts_by(whole: Figure, part: Figure) -> bool:
    """Whether a count surely starts no later than another."""
    if whole.series_from is None or whole.series_from == part.series_from:
        return True
    if part.series_from is None:
        return False
    apart = part.series_from.days[0] - whole.series_from.days[1]
    return apart > (ZONES_APART if whole.series_from.is_clock or part.series_from.is_clock else timedelta(0))


def _is_by_then(part: Figure, whole: Figure, vocabulary: Vocabulary) -> bool:
    """Whether what is counted in a part is counted in the whole too: at its moment, or later where that never falls."""
    if part.as_of is None or whole.as_of is None or part.as_of.span == whole.as_of.span:
        return True
    is_steady = whole.is_gross and vocabulary.is_count(whole.name) and vocabulary.is_count(part.name)
    return is_steady and part.as_of.latest <= whole.as_of.earliest


def contradicted(figure: Figure, other: str) -> Figure:
    """The figure, marked as contradicting another."""
    return replace(figure, comparisons=(*figure.comparisons, Comparison(other, "disagrees")), verdict="disagrees")
