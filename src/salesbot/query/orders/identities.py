"""What follows from the figures in hand: the identities of the vocabulary, used in every direction.

    orders        = orders_per_store × sales_stores
    locked_orders = orders × lock_in_rate

A derived figure is a product of powers of reported ones, so it is evaluated once over its inputs, and an input that
stands above and below the line cancels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec import Struct

from salesbot.facts import Vocabulary
from salesbot.values.quantity import Quantity, agreement, product

Known = Mapping[str, list["Term"]]
MOST_TERMS = 40  # of one metric; ties beyond them add nothing that a reader could check


class Term(Struct, frozen=True):
    """A figure in hand: its id, its quantity, and the reported inputs it is a product of, each with its power."""

    id: str
    metric: str
    quantity: Quantity
    powers: tuple[tuple[str, int], ...]
    inputs: Mapping[str, Quantity]
    operands: tuple[tuple[Term, int], ...] = ()

    @property
    def steps(self) -> int:
        """How many computations lead to it: 0 for a reported figure."""
        return bool(self.operands) + sum(term.steps for term, _ in self.operands)

    @property
    def is_bound(self) -> bool:
        """Whether any input is open at an end."""
        return any(self.inputs[id].is_open for id, _ in self.powers)


def reported(id: str, metric: str, quantity: Quantity) -> Term:
    """A term for a figure as it was reported."""
    return Term(id, metric, quantity, ((id, 1),), {id: quantity})


def derivations(metric: str, known: Known, vocabulary: Vocabulary) -> list[Term]:
    """Every way to derive ``metric`` from the known figures, shortest first; its own reports are not used.

    A derivation from an open report ("at most 40,000") is no more than a bound: beside a closed one it is kept only
    where it refutes it.
    """
    terms = sorted(_derived(metric, known, vocabulary, frozenset({metric})), key=lambda term: term.steps)[:MOST_TERMS]
    closed = [term for term in terms if not term.is_bound]
    return [term for term in terms if not closed or not term.is_bound or _refutes(term, closed)]


def _refutes(bound: Term, closed: list[Term]) -> bool:
    return any(agreement(bound.quantity, term.quantity) == "disagrees" for term in closed)


def identities_of(metric: str, vocabulary: Vocabulary) -> Iterator[tuple[str, ...]]:
    """The other metrics of each identity that a metric is part of."""
    for whole, parts in vocabulary.identities:
        if metric in (whole, *parts):
            yield tuple(other for other in (whole, *parts) if other != metric)


def missing_for(metric: str, known: Known, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The metrics that would give ``metric`` by the identity that lacks the fewest."""
    lacks = (tuple(o for o in others if not known.get(o)) for others in identities_of(metric, vocabulary))
    return min(lacks, key=len, default=())


def _derived(metric: str, known: Known, vocabulary: Vocabulary, used: frozenset[str]) -> Iterator[Term]:
    for whole, parts in vocabulary.identities:
        if metric not in (whole, *parts):
            continue
        if metric == whole:
            powers = dict.fromkeys(parts, 1)
        else:
            powers = {whole: 1, **{part: -1 for part in parts if part != metric}}
        if used & powers.keys() or len(powers) != 2:
            continue
        (one, one_power), (other, other_power) = powers.items()
        for first in _in_hand(one, known, vocabulary, used | {metric}):
            for second in _in_hand(other, known, vocabulary, used | {metric}):
                yield from _combined(metric, vocabulary, (first, one_power), (second, other_power))


def _in_hand(metric: str, known: Known, vocabulary: Vocabulary, used: frozenset[str]) -> list[Term]:
    terms = known.get(metric) or list(_derived(metric, known, vocabulary, used | {metric}))
    return terms[:MOST_TERMS]


def _combined(metric: str, vocabulary: Vocabulary, *operands: tuple[Term, int]) -> Iterator[Term]:
    powers: dict[str, int] = {}
    inputs: dict[str, Quantity] = {}
    for term, power in operands:
        inputs |= term.inputs
        for id, own in term.powers:
            powers[id] = powers.get(id, 0) + own * power
    left = {id: power for id, power in powers.items() if power}
    if not left:
        return
    try:
        quantity = product(((inputs[id], power) for id, power in left.items()), vocabulary.unit(metric))
    except ZeroDivisionError:
        return
    id = "computed-" + metric.replace("_", "-")
    yield Term(id, metric, _capped(metric, quantity, vocabulary), tuple(left.items()), inputs, operands)


def _capped(metric: str, quantity: Quantity, vocabulary: Vocabulary) -> Quantity:
    """A rate never exceeds 1. A range wholly above 1 stays as it is: it contradicts itself, which must be seen."""
    if not vocabulary.is_rate(metric) or (quantity.low is not None and quantity.low > 1):
        return quantity
    return quantity.at_most(Fraction(1))
