"""What follows from the figures in hand: the identities, used in every direction.

    orders        = orders_per_store × sales_stores
    locked_orders = orders × lock_in_rate

A derived figure is a product of powers of reported ones, so it is evaluated once over its inputs
and an input that stands above and below the line cancels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from salesbot.facts import RATES, UNITS
from salesbot.values.quantity import Quantity, agreement, product

IDENTITIES: tuple[tuple[str, tuple[str, str]], ...] = (
    ("orders", ("orders_per_store", "sales_stores")),
    ("locked_orders", ("orders", "lock_in_rate")),
)


class Term(Struct, frozen=True):
    """A figure in hand: its id, its quantity, and the reported inputs it is a product of."""

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


def derivations(metric: str, known: Mapping[str, list[Term]]) -> list[Term]:
    """Every way to derive ``metric`` from the known figures, shortest first; the metric's own
    reported figures are not used. Empty if nothing determines it.

    A derivation from an open report ("at most 40,000") is no more than a bound: beside a closed one
    it is kept only where it refutes it.
    """
    found = sorted(_derived(metric, known, frozenset({metric})), key=lambda term: term.steps)
    closed = [term for term in found if not term.is_bound]
    return [term for term in found if not closed or not term.is_bound or _refutes(term, closed)]


def _refutes(bound: Term, closed: list[Term]) -> bool:
    return any(agreement(bound.quantity, term.quantity) == "disagrees" for term in closed)


def missing_for(metric: str, known: Mapping[str, list[Term]]) -> tuple[str, ...]:
    """The metrics that would give ``metric`` by the identity that lacks the fewest."""
    lacks = []
    for whole, parts in IDENTITIES:
        if metric in (whole, *parts):
            others = [other for other in (whole, *parts) if other != metric]
            lacks.append(tuple(other for other in others if not known.get(other)))
    return min(lacks, key=len, default=())


def _derived(metric: str, known: Mapping[str, list[Term]], used: frozenset[str]) -> Iterator[Term]:
    for whole, parts in IDENTITIES:
        if metric not in (whole, *parts):
            continue
        powers = dict.fromkeys(parts, 1) if metric == whole else {whole: 1, **{part: -1 for part in parts if part != metric}}
        if used & powers.keys():
            continue
        (one, one_power), (other, other_power) = powers.items()
        for first in _in_hand(one, known, used | {metric}):
            for second in _in_hand(other, known, used | {metric}):
                yield from _combined(metric, (first, one_power), (second, other_power))


def _in_hand(metric: str, known: Mapping[str, list[Term]], used: frozenset[str]) -> list[Term]:
    return known.get(metric) or list(_derived(metric, known, used | {metric}))


def _combined(metric: str, *operands: tuple[Term, int]) -> Iterator[Term]:
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
        quantity = product(((inputs[id], power) for id, power in left.items()), UNITS.get(metric, ""))
    except ZeroDivisionError:
        return
    id = "computed-" + metric.replace("_", "-")
    yield Term(id, metric, capped(metric, quantity), tuple(left.items()), inputs, operands)


def capped(metric: str, quantity: Quantity) -> Quantity:
    """A rate never exceeds 1. A range wholly above 1 is left as it is: it contradicts itself, and a
    comparison must see that."""
    if metric not in RATES or (quantity.low is not None and quantity.low > 1):
        return quantity
    if quantity.high is None or quantity.high > 1:
        return replace(quantity, high=Fraction(1))
    return quantity
