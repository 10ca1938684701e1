"""What can go wrong, as one tree; words and exit codes hang on its classes.

SalesbotError
├── QuestionError   exit 2   the question is wrong: what was typed, what to type instead
├── NotInFacts      exit 3   the name is known, the facts do not hold it
├── PackRefused     exit 4   a pack has problems; each with its place
├── ConfigError     exit 4   a setting is missing or malformed
└── Refused         exit 2   the person may not do this here
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct


class SalesbotError(Exception):
    """An error that speaks to the person who asked.

    ``message`` names what they typed, ``hint`` what to type instead, ``candidates``
    the nearest things that exist.
    """

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "", candidates: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.candidates = tuple(candidates)


class QuestionError(SalesbotError):
    kind = "question"
    exit_code = 2


class NotInFacts(SalesbotError):
    kind = "not in facts"
    exit_code = 3


class ConfigError(SalesbotError):
    kind = "configuration"
    exit_code = 4


class Refused(SalesbotError):
    kind = "refused"
    exit_code = 2


class Problem(Struct, frozen=True):
    """One thing wrong with a pack, at a place a spreadsheet shows (row 1 is the header)."""

    table: str
    row: int | None
    column: str | None
    letter: str | None
    cell: str
    expected: str

    def __str__(self) -> str:
        place = self.table
        if self.row is not None:
            place += f" row {self.row}"
        if self.column is not None:
            name = shown(self.column)[1:-1]
            place += f", column {self.letter} ({name})" if self.letter else f", column {name}"
        return f"{place}: {shown(self.cell)}: {self.expected}" if self.cell else f"{place}: {self.expected}"


class PackRefused(SalesbotError):
    kind = "pack"
    exit_code = 4

    def __init__(self, problems: Sequence[Problem], name: str = "the pack") -> None:
        count = f"{len(problems)} problem" + ("" if len(problems) == 1 else "s")
        super().__init__(f"{shown(name)} has {count}", "mend each cell named here, then check again")
        self.problems = tuple(problems)


def shown(text: str, limit: int = 60) -> str:
    """``text`` as it may stand in a message: quoted, printable, cut at ``limit`` characters."""
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return f"'{clean[: limit - 1]}…'" if len(clean) > limit else f"'{clean}'"
