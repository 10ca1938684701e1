"""From a pack to a snapshot that can be served, or every problem; the one road in for all facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from salesbot import packs as pack
from salesbot.errors import PackRefused, Problem
from salesbot.facts import Claim, Row
from salesbot.query.claims import wrong_lines
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Store
from salesbot.storage.snapshot_writer import Building


def take_in(folder: Path, snapshots: Path) -> Path:
    """The snapshot of a pack folder, read row by row. Raises ``PackRefused``."""
    with Building(snapshots) as new:
        claims: list[tuple[int, Claim]] = []

        def take(table: str, number: int, row: Row, cells: Sequence[str]) -> None:
            new.add(table, row, cells)
            if table == "claims":
                assert isinstance(row, Claim)
                claims.append((number, row))

        checking = pack.Checking(take)
        new.finish(pack.check_folder(folder, checking))
        return _published(new, claims, checking, folder.name)


def take_in_facts(checked: pack.CheckedFacts, snapshots: Path, name: str) -> Path:
    """The snapshot of facts that an upload makes. Raises ``PackRefused``."""
    with Building(snapshots) as new:
        new.add_all(checked.facts)
        claims = list(zip(checked.rows("claims"), checked.facts.claims, strict=True))
        return _published(new, claims, checked.checking, name)


def _published(new: Building, claims: list[tuple[int, Claim]], checking: pack.Checking, name: str) -> Path:
    """Its place, once the lines of the claims can be read as well."""
    store = Store(new.path)
    try:
        names = Names(store)
        problems = [
            Problem("claims", row, column, checking.letter("claims", column), text, expected)
            for row, claim in claims
            for column, text, expected in wrong_lines(claim, names)
        ]
    finally:
        store.close()
    if problems:
        raise PackRefused(problems, name)
    return new.publish()
