"""Facts as files, made in another process; only there is the workbook code loaded."""

from __future__ import annotations

from pathlib import Path

from salesbot.storage.snapshot import Store


def exported(kind: str, snapshot: Path) -> bytes:
    """The facts of a snapshot as a workbook (``xlsx``) or as a zip of CSV tables."""
    from salesbot.packs.export import workbook_of, zip_of

    store = Store(snapshot)
    try:
        facts = store.facts()
    finally:
        store.close()
    return workbook_of(facts) if kind == "xlsx" else zip_of(facts)


def empty_workbook() -> bytes:
    """A workbook without facts, every column explained."""
    from salesbot.packs.export import template

    return template()
