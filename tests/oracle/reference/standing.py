"""Which rows stand, and which of several counts (sections 6, 8 and 8.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from .expectation import NoOpinion
from .tables import Pack, Row

FALLEN = ("denied", "rumour", "target")
T = TypeVar("T")


def stands(pack: Pack, row: Row) -> bool:
    """Whether a row stands: not denied, rumour, target or superseded by one that stands."""
    return _stands(row, {r["id"]: r for r in pack.rows("orders")})


def _stands(row: Row, orders: dict[str, Row]) -> bool:
    if row["status"] in FALLEN:
        return False
    newer = orders.get(row.get("superseded_by", ""))
    if newer is None or newer is row:
        return True
    if _stands(newer, orders):
        return False
    if newer["status"] not in FALLEN:
        raise NoOpinion("8: a row superseded by one that is itself superseded")
    return True


def counts(pack: Pack, row: Row) -> bool:
    """Whether a row may lead, bound or enter arithmetic: it stands and is not known bad."""
    return stands(pack, row) and pack.grade(row) != "D"


def rank(pack: Pack, row: Row, brand: str) -> tuple[bool, str]:
    """The smaller, the more it counts: the maker's own before others, then the better grade."""
    return (not pack.is_maker(row, brand), pack.grade(row))


def chosen(pack: Pack, rows: Iterable[T], brand: str, row_of: Callable[[T], Row]) -> tuple[list[T], list[T]]:
    """Those that count most of rows about one thing at one moment, and those passed over."""
    all_rows: Sequence[T] = list(rows)
    if not all_rows:
        return [], []
    best = min(rank(pack, row_of(item), brand) for item in all_rows)
    winners = [item for item in all_rows if rank(pack, row_of(item), brand) == best]
    return winners, [item for item in all_rows if item not in winners]
