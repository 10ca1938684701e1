"""What the command line prints, and the exit code of what it runs.

A line is broken where a terminal ends, and nowhere in a file or a pipe; an address is never broken.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from salesbot.errors import PackRefused, QuestionError, SalesbotError
from salesbot.storage.disk import refused_by_disk
from salesbot.words import AnswerText, FigureLine, Words, plain, words_for
from salesbot.words.as_json import error_json

WORDS = words_for()
PIPE_CLOSED = 141  # as a shell gives it to a program that a closed pipe ended
FIRST_COLUMNS = ("id", "name", "subject", "as_of", "low", "high", "unit", "basis", "status")
LAST_COLUMNS = ("working", "sources")


def guarded(run: Callable[[], int], *, wants_json: bool = False, words: Words = WORDS) -> int:
    """The exit code of ``run``; its errors are printed. A reader that wants no more, as ``| head``, is no error."""
    try:
        code = run()
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter writes once more
        return PIPE_CLOSED
    except SalesbotError as error:
        print_json(error_json(error, WORDS)) if wants_json else print_error(error, words)
        return error.exit_code
    except Exception as error:
        if (by_disk := refused_by_disk(error)) is not None:
            return guarded(lambda: _raise(by_disk), wants_json=wants_json, words=words)
        traceback.print_exc()
        if wants_json:
            hint = WORDS.text("please_report")
            print_json({"error": {"kind": "bug", "message": str(error), "hint": hint, "candidates": []}})
        return 1


def _raise(error: SalesbotError) -> int:
    raise error


def print_json(value: object) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def print_csv(figures: list[dict[str, Any]]) -> None:
    """Print the figures of an answer's JSON as a table: a row each; several ids in a cell have ``;`` between them."""
    keys = dict.fromkeys(key for figure in figures for key in figure)
    between = [key for key in keys if key not in (*FIRST_COLUMNS, *LAST_COLUMNS)]
    columns = [*FIRST_COLUMNS, *between, *LAST_COLUMNS]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(figure.get(column)) for column in columns] for figure in figures)
    click.echo(text.getvalue(), nl=False)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ";".join(one if isinstance(one, str) else ":".join(map(str, one.values())) for one in value)
    return "" if value is None else str(value)


def print_error(error: SalesbotError, words: Words = WORDS) -> None:
    """Print an error with what to do, every problem of a pack, and lines that work."""
    printer = Printer(is_error=True, words=words)
    text = words.error(error)
    printer.line(text.message, style="bold")
    if isinstance(error, PackRefused):
        Printer().lines((*words.problems(error), *map(words.notice, error.notices)))  # what was asked for
    if text.hint:
        printer.line(text.hint)
    printer.lines(error.candidates)
    if isinstance(error, QuestionError):
        printer.lines(line for _, line in error.lines)


def print_answer(text: AnswerText, words: Words) -> None:
    """Print a whole answer in its language."""
    printer = Printer(words=words)
    printer.line(plain(text.headline), style="bold")
    for line in filter(None, text.lead.split("\n")):
        printer.line(plain(line))
    printer.section("", [_figure(figure) for figure in text.figures])
    printer.section("title_working", text.workings)
    printer.section("title_from", [_figure(figure) for figure in text.operands])
    printer.section("title_missing", text.missing)
    printer.section("title_note", text.caveats)
    printer.section("title_not_counted", text.passed_over)
    printer.section(
        "title_sources",
        [f"{source.id} {source.text}" + (f"\n{source.url}" if source.url else "") for source in text.sources],
    )
    printer.line("")
    printer.line(text.asked_as, style="dim")
    printer.line(plain(text.as_of), style="dim")


def _figure(figure: FigureLine) -> str:
    head = " ".join(filter(None, (figure.mark, figure.value, figure.label)))
    return ("  " if figure.is_sub else "") + head + (f" ({figure.detail})" if figure.detail else "")


class Printer:
    """Lines on standard output, or on standard error, with a style where that is a terminal."""

    def __init__(self, *, is_error: bool = False, words: Words = WORDS) -> None:
        self._words = words
        self._stream = sys.stderr if is_error else sys.stdout
        self._is_terminal = self._stream.isatty()
        self._console = Console(file=self._stream, highlight=False) if self._is_terminal else None

    def line(self, text: str, *, style: str = "", indent: str = "") -> None:
        """Print one line."""
        if self._console is None:
            print(indent + text, file=self._stream)
            return
        width = max(20, self._console.width - len(indent))
        parts = [text] if "://" in text else Text(text).wrap(self._console, width)
        for part in parts:
            shown = Text(indent + str(part).rstrip(), style=style)
            self._console.print(shown, soft_wrap=True)

    def lines(self, texts: Iterable[str]) -> None:
        """Print lines that belong to what stands above them."""
        for text in texts:
            for part in text.split("\n"):
                self.line(part, indent="  ")

    def section(self, title: str, texts: Iterable[str]) -> None:
        """Print a title, if it is a key, and the lines under it; nothing where there are none."""
        listed = list(texts)
        if listed:
            self.line("")
            if title:
                self.line(self._words.text(title), style="bold")
        self.lines(map(plain, listed))
