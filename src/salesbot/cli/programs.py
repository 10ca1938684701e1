"""Programs around the facts: the bot, the playground, the facts in a browser, backups."""

from __future__ import annotations

import os
import runpy
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import click
from msgspec.structs import replace

from salesbot.cli.asking import pack_option
from salesbot.cli.opened_facts import shared_snapshot
from salesbot.cli.printing import WORDS, Printer, guarded
from salesbot.errors import ConfigError
from salesbot.settings import settings
from salesbot.storage.catalog import live_snapshot

BROWSE_PORT = 8809


@click.command(name="run", help=WORDS.text("cli_run"))
def run() -> None:
    """The bot on Discord."""
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


@click.command(name="try", help=WORDS.text("cli_try"))
@click.option("--port", type=click.IntRange(1, 65535), help=WORDS.text("cli_port"))
def try_it(port: int | None) -> None:
    """The bot in a browser, on a simulated Discord."""

    def start() -> int:
        _require("simcord", "try")
        if port is not None:
            os.environ["PORT"] = str(port)
        runpy.run_module("playground", run_name="__main__", alter_sys=True)
        return 0

    sys.exit(guarded(start))


@click.command(name="browse", help=WORDS.text("cli_browse"))
@click.option(
    "--port", type=click.IntRange(1, 65535), default=BROWSE_PORT, show_default=True, help=WORDS.text("cli_port")
)
@pack_option
def browse(port: int, pack: Path | None) -> None:
    """The facts in a browser, read-only."""

    def start() -> int:
        _require("datasette", "browse")
        from salesbot.cli.browser import serve

        chosen = settings()
        snapshot = shared_snapshot(chosen if pack is None else replace(chosen, pack_dir=pack))
        snapshot.close()

        def live() -> Path:
            """What a bot with this data folder serves; without one, what the pack folder holds."""
            return (live_snapshot(chosen.data_dir) if pack is None else None) or snapshot.path

        serve(live, port, lambda address: Printer().line(WORDS.text("browsing", url=address)))
        return 0

    sys.exit(guarded(start))


def _require(module: str, extra: str) -> None:
    if find_spec(module) is None:
        raise ConfigError("extra_missing", extra=extra)


@click.command(name="backup", help=WORDS.text("cli_backup"))
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write everything that the bot keeps into one file, while it runs."""

    def start() -> int:
        from salesbot.storage.backups import write_backup

        with _folder_to_back_up() as folder:
            listed = write_backup(folder, file)
        Printer().line(WORDS.text("backed_up", file=str(file), count=len(listed), size=file.stat().st_size))
        return 0

    sys.exit(guarded(start))


@click.command(name="restore", help=WORDS.text("cli_restore"))
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put a backup into an empty data folder."""

    def start() -> int:
        from salesbot.storage.backups import restore_backup

        folder, url = settings().data_dir, _database_url()
        listed = restore_backup(file, folder)
        Printer().line(WORDS.text("restored", folder=str(folder), count=len(listed)))
        if url is not None:
            _copy(str(folder), url)
        return 0

    sys.exit(guarded(start))


@click.group(name="catalog", help=WORDS.text("cli_catalog"))
def catalog() -> None:
    """What a bot keeps."""


@catalog.command(name="copy", help=WORDS.text("cli_copy"))
@click.argument("source")
@click.argument("target")
def copy(source: str, target: str) -> None:
    """Copy a data folder into a database, or back."""
    sys.exit(guarded(lambda: _copy(source, target)))


def _copy(source: str, target: str) -> int:
    _require("psycopg", "postgres")
    from salesbot.storage.copying import to_database, to_folder
    from salesbot.storage.data_folder import lock_data_folder

    is_url = [text.startswith(("postgresql://", "postgres://")) for text in (source, target)]
    if is_url == [False, True]:
        if not Path(source).is_dir():
            raise ConfigError("nothing_to_back_up", path=source)
        with lock_data_folder(Path(source)):
            rows, files = to_database(Path(source), target)
    elif is_url == [True, False]:
        rows, files = to_folder(source, Path(target))
    else:
        raise ConfigError("copy_what")
    Printer().line(WORDS.text("copied", rows=rows, count=files))
    return 0


def _database_url() -> str | None:
    """The database that is set, if any. Raises ``ConfigError`` where what it needs is not installed."""
    url = settings().database_url
    if url is not None:
        _require("psycopg", "postgres")
    return url


@contextmanager
def _folder_to_back_up() -> Iterator[Path]:
    """The data folder, or one that is made of the database."""
    url = _database_url()
    if url is None:
        yield settings().data_dir
        return
    from salesbot.storage.copying import to_folder

    with tempfile.TemporaryDirectory() as aside:
        to_folder(url, Path(aside) / "data")
        yield Path(aside) / "data"
