"""Facts as files, made in a child process, where alone the workbook code is loaded."""

from __future__ import annotations

from pathlib import Path

from salesbot.storage.snapshot import Snapshot


def export(kind: str, path: Path, locale: str = "en") -> bytes:
    """The facts of a snapshot as a workbook (``xlsx``) or as a zip of CSV tables."""
    from salesbot.packs.export import workbook_of, zip_of
    from salesbot.words import words_for

    snapshot = Snapshot(path)
    try:
        facts = snapshot.facts()
    finally:
        snapshot.close()
    return workbook_of(facts) if kind == "xlsx" else zip_of(facts, words_for(locale).column)


def empty_workbook(locale: str = "en") -> bytes:
    """A workbook without facts, every column explained."""
    from salesbot.packs.export import template
    from salesbot.words import words_for

    return template(words_for(locale))
