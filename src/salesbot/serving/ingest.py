"""From a pack to a snapshot that can be served, or every problem: the one way in for all facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from salesbot.errors import PackRefused, Problem
from salesbot.facts import Claim, Row
from salesbot.packs.checks import PackChecker
from salesbot.packs.folder import check_folder
from salesbot.packs.reading import CheckedFacts
from salesbot.query.claims import wrong_lines
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot
from salesbot.storage.snapshot_writer import SnapshotWriter


def ingest_folder(folder: Path, snapshots: Path) -> Path:
    """Read a pack folder row by row into a snapshot; returns its path. Raises ``PackRefused``."""
    with SnapshotWriter(snapshots) as writer:
        claims: list[tuple[int, Any]] = []

        def take(table: str, numbers: Sequence[int], cells: Sequence[tuple[str, ...]], rows: Iterable[Row]) -> None:
            writer.add(table, cells)
            if table == "claims":
                claims.extend(zip(numbers, rows, strict=True))

        checker = PackChecker(take)
        writer.finish(check_folder(folder, checker))
        return _published(writer, claims, checker, folder.name)


def ingest_upload(checked: CheckedFacts, snapshots: Path, name: str) -> Path:
    """Write the facts that an upload makes into a snapshot; returns its path. Raises ``PackRefused``."""
    with SnapshotWriter(snapshots) as writer:
        writer.add_all(checked.facts)
        claims = list(zip(checked.numbers["claims"], checked.facts.claims, strict=True))
        return _published(writer, claims, checked.checker, name)


def _published(writer: SnapshotWriter, claims: list[tuple[int, Claim]], checker: PackChecker, name: str) -> Path:
    """Publish a snapshot, once the lines of its claims can be read as well."""
    snapshot = Snapshot(writer.path)
    try:
        names = Names(snapshot)
        problems = [
            Problem("claims", number, column, checker.letter("claims", column), text, expected)
            for number, claim in claims
            for column, text, expected in wrong_lines(claim, names)
        ]
    finally:
        snapshot.close()
    if problems:
        raise PackRefused(problems, name)
    return writer.publish()
