"""Errors that reach a person, as values: a key of the language tables with the values put into the text.

``salesbot.words`` turns them into sentences; no sentence is written here or where they are raised.

SalesbotError
├── QuestionError   exit 2   the question is wrong: what was typed, what to type instead
├── DamagedSnapshot  exit 2  the file of the facts was damaged on its disk
├── NotInFacts      exit 3   the name is known, the facts do not hold what was asked
├── PackRefused     exit 4   a pack has problems, each with its place
├── ConfigError     exit 4   a setting is missing or malformed
└── Refused         exit 2   the person may not do this here, or not now
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path


class Message(Struct, frozen=True):
    """A text for people: a key of the language tables, and the values put into that text.

    A value may be a message itself. Values are sorted by name, so that equal messages are equal.
    """

    key: str
    items: tuple[tuple[str, object], ...] = ()

    @property
    def values(self) -> dict[str, object]:
        return dict(self.items)


def message(key: str, /, **values: object) -> Message:
    """The message of a key with its values."""
    return Message(key, tuple(sorted(values.items())))


class TextError(ValueError):
    """A text that is not what a cell or an option holds; ``expected`` says what belongs there."""

    def __init__(self, key: str, /, **values: object) -> None:
        self.expected = message(key, **values)
        super().__init__(key, values)


class SalesbotError(Exception):
    """An error that a person is told.

    ``message`` names what they typed and what to type instead; ``candidates`` are the nearest things that exist.
    """

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, /, candidates: Sequence[str] = (), **values: object) -> None:
        super().__init__(key, values)
        self.message = message(key, **values)
        self.candidates = tuple(candidates)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (type(self), self.message.key, self.message.values, self.__dict__)


def _rebuilt(
    kind: type[SalesbotError], key: str, values: Mapping[str, object], state: dict[str, object]
) -> SalesbotError:
    error = kind.__new__(kind)
    Exception.__init__(error, key, values)
    error.__dict__.update(state)
    return error


class QuestionError(SalesbotError):
    """The question is wrong.

    ``instead`` are values that fit in the place of the one that is wrong, each with what is shown for it, and
    ``option`` is where; ``lines`` are the whole lines with them, which can be asked.
    """

    kind = "question"
    exit_code = 2
    instead: tuple[tuple[str, object], ...] = ()
    option: str = ""
    lines: tuple[tuple[str, str], ...] = ()

    def offering(self, instead: Sequence[tuple[str, object]], option: str = "") -> QuestionError:
        """This error, with values that fit."""
        self.instead, self.option = tuple(instead), option
        return self


class NotInFacts(SalesbotError):
    """The name is known, but the facts do not hold what was asked."""

    kind = "not in facts"
    exit_code = 3


class ConfigError(SalesbotError):
    """A setting, a folder or a file of the operator's is unusable."""

    kind = "configuration"
    exit_code = 4


class Refused(SalesbotError):
    """The person may not do this here, or not now."""

    kind = "refused"
    exit_code = 2


class DamagedSnapshot(SalesbotError):
    """The file of the facts cannot be read as it was written."""

    kind = "damaged"
    exit_code = 2


class Problem(Struct, frozen=True):
    """One thing wrong with a pack, at a place that a spreadsheet shows (row 1 is the header).

    ``suggestion`` is what the cell was probably meant to say, empty where nothing is likely.
    """

    table: str
    row: int | None
    column: str | None
    letter: str | None
    cell: str
    expected: Message
    suggestion: str = ""


class Notice(Struct, frozen=True):
    """Something in an upload that a person should look at before it counts, and how it was read."""

    table: str
    row: int | None
    column: str | None
    letter: str | None
    message: Message


class PackRefused(SalesbotError):
    """A pack has problems; ``problems`` lists them all, ``notices`` what else was seen.

    ``rows`` counts the rows that were read, by table. ``corrected`` is a workbook of what was sent, with the likely
    corrections made and every problem marked.
    """

    kind = "pack"
    exit_code = 4
    corrected: bytes = b""
    rows: Mapping[str, int] = {}

    def __init__(self, problems: Sequence[Problem], name: str = "", notices: Sequence[Notice] = ()) -> None:
        super().__init__("pack_refused", name=name, count=len(problems))
        self.problems, self.notices = tuple(problems), tuple(notices)


class PackUnreadable(PackRefused):
    """A file of a pack folder cannot be opened or read; ``reason`` says which, for the log."""

    def __init__(self, file: Path, error: OSError) -> None:
        self.reason = f"{file.name}: {error.strerror or type(error).__name__}"
        problem = Problem(file.stem, None, None, None, "", unreadable(file, error))
        super().__init__([problem], file.parent.name)


def unreadable(file: Path, error: OSError) -> Message:
    """What is told of a file of a pack folder that cannot be opened or read."""
    return message("file_unreadable", file=file.name, error=error.strerror or type(error).__name__)


def quoted(text: str, limit: int = 60) -> str:
    """``text`` as it may stand in a message: in quotes, printable, cut at ``limit`` characters."""
    clean = "".join(c if c.isprintable() else "�" for c in text)
    return f"'{clean[: limit - 1]}…'" if len(clean) > limit else f"'{clean}'"
