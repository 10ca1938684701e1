"""The only file that calls the engine: a question in, its exit code and JSON out."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from salesbot.errors import PackRefused, SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.serving.ingest import ingest_folder
from salesbot.storage.snapshot import Snapshot
from salesbot.words import words_for
from salesbot.words.as_json import as_json, error_json

from .packs import Features, make_pack, write_pack


class Invalid(Exception):
    """A pack that the engine does not take; the text lists its problems."""


@dataclass
class _Opened:
    """The pack that was asked last, so that its snapshot is built once."""

    pack: Path
    aside: tempfile.TemporaryDirectory[str]
    snapshot: Snapshot

    def close(self) -> None:
        self.snapshot.close()
        self.aside.cleanup()


_opened: _Opened | None = None


def open_pack(pack: Path) -> Snapshot:
    """The snapshot of a pack, built once. Raises ``Invalid``."""
    global _opened
    if _opened is not None and _opened.pack == pack:
        return _opened.snapshot
    close()
    aside = tempfile.TemporaryDirectory(prefix="oracle-snapshot-")
    try:
        snapshot = Snapshot(ingest_folder(pack, Path(aside.name)))
    except PackRefused as refused:
        aside.cleanup()
        raise Invalid("; ".join(words_for().problems(refused)[:5])) from None
    _opened = _Opened(pack, aside, snapshot)
    return snapshot


def close() -> None:
    """Forget the pack that is open."""
    global _opened
    if _opened is not None:
        _opened.close()
    _opened = None


def answer(line: str, pack: Path) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON object of ``salesbot LINE --json`` on a pack folder. Raises ``Invalid``."""
    snapshot = open_pack(pack)
    try:
        return 0, as_json(ask(parse(line, Names(snapshot)), snapshot), words_for())
    except SalesbotError as error:
        return error.exit_code, error_json(error, words_for())
    except Exception as error:
        return 1, {
            "error": {"kind": "bug", "message": f"{type(error).__name__}: {error}", "hint": "", "candidates": []}
        }


def features() -> Features:
    """Which optional columns and tables of section 8.17 the engine takes: tried on a small pack each."""
    found = {}
    for name in ("variant", "channel", "opened_as", "places", "metrics"):
        flags = {} if name in ("places", "metrics") else {name: True}
        tables = make_pack("features", Features(**flags))
        if name == "places":
            tables["places"] = [{"id": "oz", "name": "Oz", "part_of": "", "complete": "yes"}]
        if name == "metrics":
            metric = dict.fromkeys(("id", "name", "plural", "unit", "aliases", "kind", "part_of", "note"), "")
            tables["metrics"] = [metric | {"id": "viewers", "name": "viewers", "kind": "gauge"}]
        with tempfile.TemporaryDirectory(prefix="oracle-features-") as aside:
            write_pack(tables, Path(aside))
            try:
                snapshot = open_pack(Path(aside))
                found[name] = bool(flags) or getattr(snapshot, "rows_by_table", {}).get(name, 0) > 0
            except Invalid:
                found[name] = False
            close()
    return Features(**found)
