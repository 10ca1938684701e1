"""Which of several facts counts, in one written order, and why the others do not.

Not denied, rumour, target or superseded; not from a source known to be bad; said by the maker itself; the better grade;
nearest the moment asked. That rows are of one metric, launch, place and type is up to the caller. Ties all count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from salesbot.answers import Reason
from salesbot.deadline import check_deadline
from salesbot.facts import NOT_STANDING
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.name_keys import name_key

GRADE = sql("select grade from sources where id = :id")
GRADES = "ABCD"
KNOWN_BAD = GRADES.index("D")


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


T = TypeVar("T", bound=Reported)


class Chosen(Struct, Generic[T], frozen=True):
    """The rows that count, ties together, and those passed over with the reason."""

    rows: tuple[T, ...] = ()
    passed_over: tuple[tuple[T, Reason], ...] = ()


class Precedence:
    """The written order for the rows of one maker, known by the keys of its names; ``superseded`` are ids of rows."""

    def __init__(self, grades: Grades, maker: frozenset[str], superseded: frozenset[str] = frozenset()) -> None:
        self._grades, self._maker, self._superseded = grades, maker, superseded

    def why_not(self, row: Reported) -> Reason | None:
        """Why a row can never count, if it cannot."""
        if row.status in NOT_STANDING:
            return row.status  # type: ignore[return-value]
        if row.id in self._superseded:
            return "superseded"
        return "known bad" if self._grades.of(row) == KNOWN_BAD else None

    def is_by_maker(self, row: Reported) -> bool:
        """Whether the maker itself said it, by any of its names."""
        return any(name_key(name) in self._maker for name in row.said_by)

    def rank(self, row: Reported) -> tuple[bool, int]:
        """A key that sorts the rows which count more first, whatever their moment."""
        return not self.is_by_maker(row), self._grades.of(row)

    def choose(self, rows: Iterable[T], distance: Callable[[T], int] | None = None) -> Chosen[T]:
        """The rows that count; ``distance`` is how far a row is from the moment asked.

        Every question comes by here for each of its moments and days, so the deadline is asked here.
        """
        check_deadline()
        passed: list[tuple[T, Reason]] = []
        left: list[T] = []
        for row in rows:
            reason = self.why_not(row)
            left.append(row) if reason is None else passed.append((row, reason))
        steps: list[tuple[Reason, Callable[[T], int]]] = [
            ("not the maker", lambda row: not self.is_by_maker(row)),
            ("weaker source", self._grades.of),
        ]
        if distance is not None:
            steps.append(("farther in time", distance))
        for reason, rank in steps:
            if len(left) < 2:
                break
            ranks = [rank(row) for row in left]
            best = min(ranks)
            passed += [(row, reason) for row, of_row in zip(left, ranks, strict=True) if of_row != best]
            left = [row for row, of_row in zip(left, ranks, strict=True) if of_row == best]
        return Chosen(tuple(left), tuple(passed))


def superseded_rows(revisions: Mapping[str, str], is_standing: Callable[[str], bool]) -> frozenset[str]:
    """The rows that are revised by a row which stands itself; ``revisions`` maps a row's id to its revision's.

    ``is_standing`` tells whether a row stands by its status. A row revised by one that does not stand, stands.
    """
    stands: dict[str, bool] = {}
    for start in revisions:
        path: list[str] = []
        id: str | None = start
        while id is not None and id not in stands and id not in path[-1:]:
            path.append(id)
            stands[id] = is_standing(id)  # until its revision is known
            id = revisions.get(id)
        for one in reversed(path):
            stands[one] = is_standing(one) and not stands.get(revisions.get(one, ""), False)
    return frozenset(id for id, revision in revisions.items() if stands.get(revision, False))


class Grades:
    """The best grade among a row's sources: 0 for A to 3 for D."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._grades: dict[str, int] = {}

    @classmethod
    def of_snapshot(cls, snapshot: Snapshot) -> Grades:
        """The grades of a snapshot's sources, each looked up once."""
        return snapshot.cached("grades", lambda: cls(snapshot))

    def of(self, row: Reported) -> int:
        """The best grade among the row's sources."""
        return min((self._of_source(id) for id in row.sources), default=KNOWN_BAD)

    def _of_source(self, id: str) -> int:
        if id not in self._grades:
            rows = self._snapshot.values(GRADE, id=id)
            self._grades[id] = GRADES.index(rows[0][0]) if rows else KNOWN_BAD
        return self._grades[id]
