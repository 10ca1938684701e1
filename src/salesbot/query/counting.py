"""Which of several facts counts, in one written order, and why the others do not.

Not denied, rumour, target or superseded; said by the maker itself; the better grade; nearest the
moment asked. (Same metric, launch, place and type is the caller's query.) Ties are all used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from salesbot.answers.answer import Reason
from salesbot.storage.snapshot import Store, sql
from salesbot.values.name_keys import name_key

GRADE = sql("select grade from sources where id = :id")


class Reported(Protocol):
    """A row that someone reported."""

    @property
    def id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def said_by(self) -> tuple[str, ...]: ...
    @property
    def sources(self) -> tuple[str, ...]: ...


KNOWN_BAD = 3
T = TypeVar("T", bound=Reported)


class Chosen(Struct, Generic[T], frozen=True):
    """The rows that count (ties together), and those passed over."""

    rows: tuple[T, ...]
    passed_over: tuple[tuple[T, Reason], ...]


class Grades:
    """The best grade among a row's sources: 0 for A to 3 for D."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._grade: dict[str, int] = {}

    @classmethod
    def of_store(cls, store: Store) -> Grades:
        """Those of a store, each looked up once."""
        return store.remembered("grades", lambda: cls(store))

    def of(self, row: Reported) -> int:
        return min((self._of_source(id) for id in row.sources), default=KNOWN_BAD)

    def _of_source(self, id: str) -> int:
        if id not in self._grade:
            found = self._store.values(GRADE, id=id)
            self._grade[id] = "ABCD".index(found[0][0]) if found else KNOWN_BAD
        return self._grade[id]


def standing(row: Reported) -> Reason | None:
    """Why a row can never count, if it cannot."""
    if getattr(row, "superseded_by", None):
        return "superseded"
    if row.status in ("denied", "rumour", "target"):
        return row.status  # type: ignore[return-value]
    return None


def said_by_maker(row: Reported, brand: str) -> bool:
    return name_key(brand) in map(name_key, row.said_by)


def choose(rows: Iterable[T], brand: str, grades: Grades, distance: Callable[[T], int]) -> Chosen[T]:
    """The rows that count by the written order, with the reason for each that does not."""
    passed: list[tuple[T, Reason]] = []
    left: list[T] = []
    for row in rows:
        reason = standing(row)
        left.append(row) if reason is None else passed.append((row, reason))
    steps: Sequence[tuple[Reason, Callable[[T], int]]] = (
        ("not the maker", lambda row: not said_by_maker(row, brand)),
        ("weaker source", grades.of),
        ("farther in time", distance),
    )
    for reason, rank in steps:
        if len(left) < 2:
            break
        best = min(map(rank, left))
        passed += [(row, reason) for row in left if rank(row) != best]
        left = [row for row in left if rank(row) == best]
    return Chosen(tuple(left), tuple(passed))
