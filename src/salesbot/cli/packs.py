"""``salesbot check``: what a pack or an upload holds and what is wrong in it; ``salesbot new-pack``: begin one."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from salesbot.cli.asking import json_option
from salesbot.cli.printing import WORDS, Printer, guarded, print_json
from salesbot.errors import ConfigError, Notice
from salesbot.facts import TABLES, Facts
from salesbot.packs.folder import write_pack
from salesbot.packs.reading import read_pack
from salesbot.serving.ingest import ingest_folder, ingest_upload
from salesbot.settings import settings
from salesbot.storage.snapshot import Snapshot
from salesbot.words.as_json import notice_json


@click.command(name="check", help=WORDS.text("cli_check"))
@click.argument("path", metavar="PACK", type=click.Path(path_type=Path))
@click.option("--replace", "replaces", is_flag=True, help=WORDS.text("cli_replace"))
@click.option("--alone", "is_alone", is_flag=True, help=WORDS.text("cli_alone"))
@click.option("--into", "into", type=click.Path(path_type=Path), help=WORDS.text("cli_into"))
@json_option
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
        printer = Printer()
        printer.lines(map(WORDS.notice, notices))
        listed = ", ".join(f"{count} {table}" for table, count in counts.items())
        printer.line(WORDS.text("no_problems", name=path.name, counts=listed))
        return 0

    sys.exit(guarded(run, wants_json=wants_json))


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


@click.command(name="new-pack", help=WORDS.text("cli_new_pack"))
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

    sys.exit(guarded(run))
