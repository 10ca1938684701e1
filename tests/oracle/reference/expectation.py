"""What must hold of an answer: a list of checks, each with the section of the contract that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .numbers import Range


class NoOpinion(Exception):
    """The documents do not determine the answer; the text says why."""


@dataclass(frozen=True)
class Between:
    """A figure's low and high together, rounded as section 3 says."""

    range: Range
    or_low: tuple[Any, ...] = ()  # other lows that read the same ("at most" may have no low, or 0)


@dataclass(frozen=True)
class Among:
    """Any of these values."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class Holding:
    """A list that holds each of these, or an id that is the only one of them."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Same:
    """A name that is the same to a reader: case, width and the aliases of a place ignored."""

    key: str
    read: Callable[[str], str]


class Filled:
    """Any value but null."""


FILLED = Filled()
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """The exit code and the one JSON object of a question."""

    exit: int
    json: dict[str, Any]

    @property
    def figures(self) -> list[dict[str, Any]]:
        return list(self.json.get("figures") or ())

    @property
    def headline(self) -> str:
        return str(self.json.get("headline") or "")


@dataclass(frozen=True)
class Check:
    """One thing that must hold; ``why`` names the section and groups equal faults."""

    why: str


@dataclass(frozen=True)
class Exit(Check):
    codes: tuple[int, ...]


@dataclass(frozen=True)
class Top(Check):
    """A key beside ``figures`` (verdict, relation, calendar…), by its path."""

    path: tuple[str, ...]
    allowed: tuple[Any, ...]


@dataclass(frozen=True)
class Has(Check):
    """Some figure fits one of these."""

    options: tuple[Fields, ...]


@dataclass(frozen=True)
class Lacks(Check):
    """No figure fits this; ``beside_operands`` lets a figure be there as an operand of another one's working."""

    fields: Fields
    beside_operands: bool = False


@dataclass(frozen=True)
class Headline(Check):
    """The headline has one of the patterns, or (``absent``) none."""

    patterns: tuple[str, ...]
    absent: bool = False


@dataclass(frozen=True)
class Custom(Check):
    """Anything else: says what is wrong, or None."""

    test: Callable[[Answer], str | None]
    wanted: str = ""


@dataclass
class Expectation:
    """All checks of one question, and what the reference did not want to judge."""

    checks: list[Check] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    judges: bool = False  # whether more is checked than what holds of every answer

    @property
    def has_opinion(self) -> bool:
        """Whether anything is checked beyond "it is an answer"."""
        return any(not (isinstance(check, Exit) and 0 in check.codes) for check in self.checks)

    def exits(self, why: str, *codes: int) -> None:
        self.checks.append(Exit(why, codes))

    def top(self, why: str, path: str, *allowed: Any) -> None:
        self.checks.append(Top(why, tuple(path.split(".")), allowed))

    def has(self, why: str, *options: Fields) -> None:
        self.checks.append(Has(why, options))

    def lacks(self, why: str, *, beside_operands: bool = False, **fields: Any) -> None:
        self.checks.append(Lacks(why, fields, beside_operands))

    def headline(self, why: str, *patterns: str, absent: bool = False) -> None:
        self.checks.append(Headline(why, patterns, absent))

    def custom(self, why: str, test: Callable[[Answer], str | None], wanted: str = "") -> None:
        self.checks.append(Custom(why, test, wanted))

    def part(self, work: Callable[[], None]) -> None:
        """Run a part of the judgement; where it has no opinion the others still stand."""
        before = len(self.checks)
        try:
            work()
        except NoOpinion as reason:
            del self.checks[before:]
            self.unsure.append(str(reason))


def figure(range_: Range | None = None, **fields: Any) -> dict[str, Any]:
    """The fields of a figure, with its low and high; an open low of what is never below 0 may read 0."""
    if range_ is None:
        return fields
    return {"between": Between(range_, (0,) if range_.low is None else ())} | fields
