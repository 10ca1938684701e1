"""The columns of a table by the names that people write over them."""

from __future__ import annotations

import unicodedata
from functools import cache

from salesbot.facts import TABLES, columns

LIKE_ENOUGH = 84  # of 100, as rapidfuzz scores it: "cancelations" and "cancellations", not "stage" and "stated"


def bare(name: str) -> str:
    """A name without its case, spaces and marks: ``Period From`` and ``period_from`` are the same."""
    return "".join(character for character in unicodedata.normalize("NFKC", name).casefold() if character.isalnum())


@cache
def _by_bare_name(table: str) -> dict[str, str]:
    return {bare(name): name for name in columns(TABLES[table])}


def column_named(table: str, name: str) -> str | None:
    """The column that a name means without doubt: it differs in case, spaces, marks or a plural only."""
    known, given = _by_bare_name(table), bare(name)
    return known.get(given) or known.get(f"{given}s") or (known.get(given[:-1]) if given.endswith("s") else None)


def likely_column(table: str, name: str) -> str | None:
    """The column that a name may mean, such as ``id`` for ``source_id`` in the table of sources."""
    known, given = _by_bare_name(table), bare(name)
    if given in (f"{table}id", f"{table.removesuffix('s')}id"):
        return known.get("id")
    from rapidfuzz import fuzz, process  # only a column of another name needs it

    found = process.extractOne(given, list(known), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    return known[found[0]] if found else None
