"""An answer put into words, before any medium lays it out.

Texts are plain; an instant stands in them as a marked number, which Discord shows on the reader's own clock and the
command line in UTC.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from salesbot.answers import Answer
from salesbot.errors import Message, Notice, PackRefused, Problem, SalesbotError, quoted
from salesbot.facts.rows import ColumnInfo
from salesbot.values.moment import utc_text

if TYPE_CHECKING:
    from salesbot.packs.summaries import NumbersOfColumn

MOST_ALIKE = 3  # problems of a column that are told one by one
_CLOCK = re.compile("\x02(-?\\d+)(d?)\x03")


def clock(instant: int, *, is_day: bool = False) -> str:
    """An instant (UTC seconds), or its day alone, as a mark that each medium replaces."""
    return f"\x02{instant}{'d' if is_day else ''}\x03"


def with_clocks(text: str, write: Callable[[int, bool], str]) -> str:
    """``text`` with each marked instant as ``write`` makes it of the instant and of whether its day will do."""
    return _CLOCK.sub(lambda match: write(int(match[1]), bool(match[2])), text)


def plain(text: str) -> str:
    """``text`` with instants in UTC."""

    def write(instant: int, is_day: bool) -> str:
        day, _, time = utc_text(instant).partition("T")
        return day if is_day else f"{day} {time.removesuffix('Z')} UTC"

    return with_clocks(text, write)


class FigureLine(Struct, frozen=True):
    """One figure: its number, what it is of, details, a sign for its verdict; ``row`` is the id of its fact."""

    value: str
    label: str
    detail: str = ""
    mark: str = ""
    is_sub: bool = False
    row: str = ""


class SourceLine(Struct, frozen=True):
    """One source and its grade; ``url`` only where it may be linked."""

    id: str
    name: str
    text: str
    url: str | None
    grade: str = "C"


class ShortLine(Struct, frozen=True):
    """A figure, or a thing listed, in one line: what stands out, and the rest."""

    strong: str
    text: str


class ShortText(Struct, frozen=True):
    """What is shown below the headline at first, in this order; the ids of rows are in the whole answer only.

    ``is_list`` says that each of the lines counts, however many there are; else the first ones are the main figures.
    ``why`` is the working of the headline, ``facts`` how far the facts reach and when they were updated.
    """

    lead: tuple[str, ...]
    lines: tuple[ShortLine, ...]
    why: str
    to_know: tuple[str, ...]
    facts: str
    is_list: bool = False


class AnswerInShort(Struct, frozen=True):
    """What is shown of an answer at first; making the rest of it takes as long again."""

    headline: str
    short: ShortText
    sources: tuple[SourceLine, ...]
    asked_as: str


class AnswerText(AnswerInShort, frozen=True):
    """An answer in short, and all of it: each figure, step, operand and note."""

    lead: str
    figures: tuple[FigureLine, ...]
    workings: tuple[str, ...]
    operands: tuple[FigureLine, ...]
    caveats: tuple[str, ...]
    missing: tuple[str, ...]
    passed_over: tuple[str, ...]
    as_of: str


class ErrorText(Struct, frozen=True):
    """An error in words: what is wrong, and what to do."""

    message: str
    hint: str


class Words(ABC):
    """What a language must be able to say. ``language`` is its tag, as ``en`` or ``zh``."""

    language = "en"

    @abstractmethod
    def answer_in_short(self, answer: Answer) -> AnswerInShort:
        """What is shown of an answer at first."""

    @abstractmethod
    def figure_lines(self, answer: Answer) -> tuple[FigureLine, ...]:
        """The figures of an answer, and what it lists besides."""

    @abstractmethod
    def answer(self, answer: Answer) -> AnswerText:
        """The whole answer."""

    @abstractmethod
    def headline(self, answer: Answer) -> str:
        """One sentence that answers the question."""

    @abstractmethod
    def working(self, answer: Answer, figure_id: str) -> str:
        """One line with the numbers put in; empty for a reported figure."""

    @abstractmethod
    def notes(self, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The caveats, and what is missing."""

    @abstractmethod
    def metric(self, name: str) -> str:
        """A metric or price type by name: ``locked orders``."""

    @abstractmethod
    def error(self, error: SalesbotError) -> ErrorText:
        """An error."""

    @abstractmethod
    def message(self, message: Message) -> str:
        """A message that is no error."""

    @abstractmethod
    def text(self, key: str, /, **values: object) -> str:
        """A text of the bot's own: a label, a title, a description."""

    @abstractmethod
    def command(self, path: str) -> str:
        """What a command does, such as ``/orders total``, or a group of them; at most 100 characters."""

    @abstractmethod
    def option(self, name: str, command: str = "") -> str:
        """What an option of a command holds; at most 100 characters."""

    @abstractmethod
    def setting(self, name: str) -> str:
        """What a setting holds."""

    @abstractmethod
    def monitored(self, name: str) -> str:
        """What a figure of monitoring is."""

    @abstractmethod
    def column(self, table: str, column: str) -> str:
        """What a column of a pack holds; with an empty column, what the table holds."""

    @abstractmethod
    def row(self, table: str, cells: Mapping[str, str], titles: Mapping[str, str]) -> str:
        """A row of a pack in plain words; ``titles`` are the names of launches by their ids."""

    @abstractmethod
    def numbers(self, numbers: NumbersOfColumn) -> str:
        """The numbers of a column that were sent, beside those that stand."""

    @abstractmethod
    def cell(self, info: ColumnInfo) -> str:
        """What the text of a column's cells looks like."""

    @abstractmethod
    def template_guide(self) -> tuple[str, ...]:
        """How to fill in a workbook, line by line."""

    @abstractmethod
    def template_rows(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """The example rows of each table of a template, whose ids begin with ``example-``."""

    @abstractmethod
    def template_headings(self) -> tuple[str, ...]:
        """The headings of a template's first sheet, then "yes"."""

    @abstractmethod
    def chart_texts(self) -> dict[str, object]:
        """The words that a chart writes by itself, by the names of ``bot.charts.picture.chart.ChartTexts``."""

    @abstractmethod
    def glossary(self) -> dict[str, str]:
        """The words of the trade and what they mean."""

    def problem(self, problem: Problem) -> str:
        """A problem of a pack, with its place."""
        place = self.place(problem.table, problem.row, problem.column, problem.letter)
        expected = self.message(problem.expected)
        if problem.suggestion:
            expected = self.text("likely_meant", expected=expected, likely=problem.suggestion)
        return (
            self.text("problem_of_cell", place=place, cell=problem.cell, expected=expected)
            if problem.cell
            else (self.text("problem", place=place, expected=expected))
        )

    def notice(self, notice: Notice) -> str:
        """Something seen in an upload, with its place."""
        place = self.place(notice.table, notice.row, notice.column, notice.letter)
        return self.text("notice", place=place, message=self.message(notice.message))

    def place(self, table: str, row: int | None, column: str | None, letter: str | None) -> str:
        """A place in a pack: ``orders row 2, column C (metric)``. A file may be nameless."""
        table = table or self.text("the_upload")
        if row is None:
            return table
        if column is None:
            return self.text("place_of_row", table=table, row=row)
        key = "place_of_cell" if letter else "place_of_column"
        return self.text(key, table=table, row=row, letter=letter, column=quoted(column)[1:-1])

    def problems(self, error: PackRefused) -> list[str]:
        """Every problem of a pack; those of one column that are alike are one line."""
        alike: dict[tuple[str, str | None, str], list[Problem]] = {}
        for problem in error.problems:
            key = (problem.table, problem.letter or str(problem.row), problem.expected.key)
            alike.setdefault(key, []).append(problem)
        return [line for group in alike.values() for line in self._lines_of_alike(group)]

    def _lines_of_alike(self, group: list[Problem]) -> list[str]:
        first = group[0]
        if len(group) < MOST_ALIKE or first.column is None:
            return [self.problem(problem) for problem in group]
        samples = [self._sample(problem) for problem in group[: MOST_ALIKE - 1] if problem.cell]
        column = self.text("place_of_whole_column", table=first.table, letter=first.letter or "", column=first.column)
        expected = self.message(first.expected)
        key = "alike_problems" if samples else "alike_blanks"
        return [self.text(key, place=column, count=len(group), samples=", ".join(samples), expected=expected)]

    def _sample(self, problem: Problem) -> str:
        key = "sample_corrected" if problem.suggestion else "sample"
        return self.text(key, row=problem.row, cell=problem.cell, likely=problem.suggestion)
