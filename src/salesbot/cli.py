"""The command line: ``salesbot '<slash line>' [--json]`` and ``salesbot check PACK``."""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import click
from click_default_group import DefaultGroup
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from salesbot.errors import ConfigError, PackRefused, SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.serving.ingest import take_in
from salesbot.settings import Settings, settings
from salesbot.storage.snapshot import Store
from salesbot.words import FigureLine, Said, plain, words_for
from salesbot.words.as_json import as_json, error_json


@click.group(cls=DefaultGroup, default="ask", context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Answers launch-sales questions from facts with sources.

    \b
    salesbot '/orders total launch:su7 within:72h'
    salesbot '/prices show model:"Model Y" trim:RWD on:2024-04-10' --json
    salesbot check PACK
    """


@main.command(name="ask")
@click.argument("line", nargs=-1, required=True)
@click.option("--json", "wants_json", is_flag=True, help="Print one JSON object, also for errors.")
def ask_line(line: tuple[str, ...], wants_json: bool) -> None:
    """Answer one slash line."""

    def run() -> int:
        store = shared_store(settings())
        answer = ask(parse(" ".join(line), Names(store)), store)
        words = words_for()
        print_json(as_json(answer, words)) if wants_json else _print(words.say(answer))
        return 0

    sys.exit(_guarded(run, wants_json))


@main.command()
@click.argument("folder", metavar="PACK", type=click.Path(path_type=Path))
@click.option("--json", "wants_json", is_flag=True, help="Print one JSON object.")
def check(folder: Path, wants_json: bool) -> None:
    """Read a pack and report every problem at once."""

    def run() -> int:
        with tempfile.TemporaryDirectory() as aside:
            store = Store(take_in(folder, Path(aside)))
            counts, version = store.rows_by_table, store.version.text.rpartition("+")[0]
            store.close()
        found = {"pack": folder.name, "version": version, "rows": counts, "problems": []}
        print_json(found) if wants_json else click.echo(f"{folder.name}: no problems; " + ", ".join(f"{n} {t}" for t, n in counts.items()))
        return 0

    sys.exit(_guarded(run, wants_json))


def shared_store(chosen: Settings) -> Store:
    """The operator's shared pack, opened. Raises ``PackRefused`` or ``ConfigError``."""
    if not chosen.pack_dir.is_dir():
        raise ConfigError(f"there is no pack folder {chosen.pack_dir}", "set SALESBOT_PACK_DIR to a folder of CSV tables")
    try:
        return Store(take_in(chosen.pack_dir, chosen.data_dir / "snapshots"))
    except OSError as error:
        raise ConfigError(f"cannot write in {chosen.data_dir}: {error.strerror}", "set SALESBOT_DATA_DIR to a folder you own") from None


def _guarded(run: Callable[[], int], wants_json: bool) -> int:
    try:
        return run()
    except SalesbotError as error:
        print_json(error_json(error)) if wants_json else _print_error(error)
        return error.exit_code
    except Exception as error:
        traceback.print_exc()
        if wants_json:
            print_json({"error": {"kind": "bug", "message": str(error), "hint": "please report it", "candidates": []}})
        return 1


def print_json(found: object) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def _print_error(error: SalesbotError) -> None:
    console = Console(stderr=True, highlight=False)
    console.print(Text(error.message, style="bold"))
    if isinstance(error, PackRefused):
        for problem in error.problems:
            click.echo(f"  {problem}")
    if error.hint:
        console.print(Text(error.hint))
    for candidate in error.candidates:
        console.print(Text(f"  {candidate}"))


def _print(said: Said) -> None:
    console = Console(highlight=False)
    console.print(Text(plain(said.headline), style="bold"))
    for line in filter(None, said.lead.split("\n")):
        console.print(Text(plain(line)))
    _section(console, "", [_line(figure) for figure in said.figures])
    _section(console, "Working", list(said.workings))
    _section(console, "From", [_line(figure) for figure in said.operands])
    _section(console, "Missing", list(said.missing))
    _section(console, "Note", list(said.caveats))
    _section(console, "Not counted", list(said.passed_over))
    _section(console, "Sources", [f"{source.id} {source.text}" + (f" {source.url}" if source.url else "") for source in said.sources])
    console.print(Text(f"\n{said.asked_as}\n{plain(said.as_of)}", style="dim"))


def _line(figure: FigureLine) -> str:
    head = " ".join(filter(None, (figure.mark, figure.value, figure.label)))
    return ("  " if figure.is_sub else "") + head + (f" ({figure.detail})" if figure.detail else "")


def _section(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        console.print()
    if lines and title:
        console.print(Text(title, style="bold"))
    for line in lines:
        console.print(Padding(Text(plain(line)), (0, 0, 0, 2)))


if __name__ == "__main__":
    main()
