"""From a pack to a snapshot that can be served, or every problem; the one road in for all facts."""

from __future__ import annotations

from pathlib import Path

from salesbot import pack
from salesbot.errors import PackRefused, Problem
from salesbot.facts import Facts
from salesbot.names import Names
from salesbot.query.claims import wrong_lines
from salesbot.store import Store, build, snapshot_path


def take_in(folder: Path, snapshots: Path) -> tuple[Facts, Path]:
    """The facts of a pack folder and their snapshot. Raises ``PackRefused``."""
    checked = pack.checked(folder)
    return checked.facts, snapshot(checked, snapshots, folder.name)


def snapshot(checked: pack.CheckedFacts, snapshots: Path, name: str) -> Path:
    """The snapshot of checked facts, once the lines of their claims can be read as well."""
    is_new = not snapshot_path(checked.facts, snapshots).exists()
    path = build(checked.facts, snapshots)
    problems = claim_problems(checked, path)  # also where it lies there already: its builder may have died before
    if problems:
        if is_new:
            path.unlink()
        raise PackRefused(problems, name)
    return path


def claim_problems(checked: pack.CheckedFacts, path: Path) -> list[Problem]:
    """What cannot be read in the checks and expectations of the claims, with its place."""
    store = Store(path)
    try:
        names = Names(store)
        return [
            Problem("claims", row, column, checked.letter("claims", column), text, expected)
            for row, claim in zip(checked.rows("claims"), checked.facts.claims, strict=True)
            for column, text, expected in wrong_lines(claim, names)
        ]
    finally:
        store.close()
