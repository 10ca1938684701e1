"""Facts as files, made in the worker; only there is the workbook code loaded."""

from __future__ import annotations

from salesbot.facts import Facts


def exported(kind: str, facts: Facts) -> bytes:
    """The facts as a workbook (``xlsx``) or as a zip of CSV tables."""
    from salesbot.spreadsheets import workbook_of, zip_of

    return workbook_of(facts) if kind == "xlsx" else zip_of(facts)


def empty_workbook() -> bytes:
    """A workbook without facts, every column explained."""
    from salesbot.spreadsheets import template

    return template()
