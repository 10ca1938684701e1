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

from salesbot.errors import ConfigError, Notice, PackRefused, QuestionError, SalesbotError
from salesbot.facts import TABLES, Facts
from salesbot.packs.folder import write_pack
from salesbot.packs.reading import read_pack
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.serving.ingest import ingest_folder, ingest_upload
from salesbot.settings import Settings, settings
from salesbot.storage.snapshot import Snapshot
from salesbot.words import AnswerText, FigureLine, plain, words_for
from salesbot.words.as_json import as_json, error_json, notice_json

WORDS = words_for()
EXAMPLES = r"""

    \b
    salesbot '/orders total launch:su7 within:72h'
    salesbot '/prices show model:"Model Y" trim:RWD on:2024-04-10' --json
    salesbot check PACK
    salesbot new-pack "Switch 2"
"""


@click.group(
    cls=DefaultGroup,
    default="ask",
    help=WORDS.text("cli_help") + EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
def main() -> None:
    """The program."""


@main.command(name="ask", help=WORDS.text("cli_ask"))
@click.argument("line", nargs=-1, required=True)
@click.option("--json", "wants_json", is_flag=True, help=WORDS.text("cli_json"))
def ask_line(line: tuple[str, ...], wants_json: bool) -> None:
    """Answer one slash line."""

    def run() -> int:
        snapshot = shared_snapshot(settings())
        answer = ask(parse(" ".join(line), Names(snapshot)), snapshot)
        print_json(as_json(answer, WORDS)) if wants_json else _print(WORDS.answer(answer))
        return 0

    sys.exit(_guarded(run, wants_json))


@main.command(help=WORDS.text("cli_check"))
@click.argument("path", metavar="PACK", type=click.Path(path_type=Path))
@click.option("--replace", "replaces", is_flag=True, help=WORDS.text("cli_replace"))
@click.option("--alone", "is_alone", is_flag=True, help=WORDS.text("cli_alone"))
@click.option("--into", "into", type=click.Path(path_type=Path), help=WORDS.text("cli_into"))
@click.option("--json", "wants_json", is_flag=True, help=WORDS.text("cli_json"))
def check(path: Path, replaces: bool, is_alone: bool, into: Path | None, wants_json: bool) -> None:
    """Read a pack, or an upload on top of the shared pack, and report every problem at once."""

    def run() -> int:
        with tempfile.TemporaryDirectory() as aside:
            if path.is_file():
                live = Facts(version="1") if is_alone else read_pack(settings().pack_dir)
                version, counts, notices = _checked_upload(path, Path(aside), live, into, replaces=replaces)
            else:
                version, counts, notices = _checked_folder(path, Path(aside))
        if wants_json:
            told = [notice_json(notice, WORDS) for notice in notices]
            print_json({"pack": path.name, "version": version, "rows": counts, "notices": told, "problems": []})
            return 0
        for notice in notices:
            click.echo(f"  {WORDS.notice(notice)}")
        listed = ", ".join(f"{count} {table}" for table, count in counts.items())
        click.echo(WORDS.text("no_problems", name=path.name, counts=listed))
        return 0

    sys.exit(_guarded(run, wants_json))


Checked = tuple[str, dict[str, int], tuple[Notice, ...]]  # version, rows by table, notices


def _checked_folder(folder: Path, aside: Path) -> Checked:
    """A pack folder and the rows it has."""
    snapshot = Snapshot(ingest_folder(folder, aside))
    try:
        counts = snapshot.rows_by_table.items()
        rows = {table: count for table, count in counts if count or not TABLES[table].is_optional}
        return snapshot.pack_version, rows, ()
    finally:
        snapshot.close()


def _checked_upload(path: Path, aside: Path, live: Facts, into: Path | None, *, replaces: bool) -> Checked:
    """A file that moderators could upload, on top of other facts, and the rows it sends; written as a pack if asked."""
    from salesbot.packs.uploads.limits import check_ending
    from salesbot.packs.uploads.upload import read_upload

    check_ending(path.name)
    upload = read_upload(path.name, path.read_bytes(), live, replaces=replaces)
    ingest_upload(upload.checked, aside, path.name)
    if into is not None:
        write_pack(upload.checked.facts, into, WORDS.column)
    return live.version, {table: len(rows) for table, rows in upload.checked.came.items()}, upload.notices


@main.command(name="new-pack", help=WORDS.text("cli_new_pack"))
@click.argument("name", nargs=-1, required=True)
def new_pack(name: tuple[str, ...]) -> None:
    """Write a workbook in which a pack is begun."""
    from salesbot.packs.export import template
    from salesbot.packs.suggestions import id_like

    launch = " ".join(name)
    file = Path(f"{id_like(launch) or 'pack'}.xlsx")

    def run() -> int:
        if file.exists():
            raise ConfigError("file_exists", file=file.name)
        file.write_bytes(template(WORDS, launch))
        click.echo(WORDS.text("pack_begun", file=file.name, folder=file.stem))
        return 0

    sys.exit(_guarded(run, wants_json=False))


def shared_snapshot(chosen: Settings) -> Snapshot:
    """The operator's shared pack, opened. Raises ``PackRefused`` or ``ConfigError``."""
    if not chosen.pack_dir.is_dir():
        raise ConfigError("no_pack_folder", path=str(chosen.pack_dir))
    try:
        return Snapshot(ingest_folder(chosen.pack_dir, chosen.data_dir / "snapshots"))
    except OSError as error:
        raise ConfigError("data_dir_unwritable", path=str(chosen.data_dir), error=error.strerror) from None


def _guarded(run: Callable[[], int], wants_json: bool) -> int:
    """The exit code of ``run``; its errors are printed."""
    try:
        return run()
    except SalesbotError as error:
        print_json(error_json(error, WORDS)) if wants_json else _print_error(error)
        return error.exit_code
    except Exception as error:
        traceback.print_exc()
        if wants_json:
            hint = WORDS.text("please_report")
            print_json({"error": {"kind": "bug", "message": str(error), "hint": hint, "candidates": []}})
        return 1


def print_json(value: object) -> None:
    """Print one JSON object."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _print_error(error: SalesbotError) -> None:
    console = Console(stderr=True, highlight=False)
    text = WORDS.error(error)
    console.print(Text(text.message, style="bold"))
    if isinstance(error, PackRefused):
        for line in (*WORDS.problems(error), *map(WORDS.notice, error.notices)):
            click.echo(f"  {line}")
    if text.hint:
        console.print(Text(text.hint))
    for candidate in error.candidates:
        console.print(Text(f"  {candidate}"))
    for _, line in error.lines if isinstance(error, QuestionError) else ():
        click.echo(f"  {line}")


def _print(text: AnswerText) -> None:
    console = Console(highlight=False)
    console.print(Text(plain(text.headline), style="bold"))
    for line in filter(None, text.lead.split("\n")):
        console.print(Text(plain(line)))
    _print_section(console, "", [_figure(figure) for figure in text.figures])
    _print_section(console, "title_working", list(text.workings))
    _print_section(console, "title_from", [_figure(figure) for figure in text.operands])
    _print_section(console, "title_missing", list(text.missing))
    _print_section(console, "title_note", list(text.caveats))
    _print_section(console, "title_not_counted", list(text.passed_over))
    sources = [f"{source.id} {source.text}" + (f" {source.url}" if source.url else "") for source in text.sources]
    _print_section(console, "title_sources", sources)
    console.print(Text(f"\n{text.asked_as}\n{plain(text.as_of)}", style="dim"))


def _figure(figure: FigureLine) -> str:
    head = " ".join(filter(None, (figure.mark, figure.value, figure.label)))
    return ("  " if figure.is_sub else "") + head + (f" ({figure.detail})" if figure.detail else "")


def _print_section(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        console.print()
    if lines and title:
        console.print(Text(WORDS.text(title), style="bold"))
    for line in lines:
        console.print(Padding(Text(plain(line)), (0, 0, 0, 2)))


if __name__ == "__main__":
    main()
