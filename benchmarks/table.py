"""Markdown tables of what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A titled table; the columns are the names at its head."""
    lines = [f"\n{title}\n", line(columns), line(["---"] * len(columns))]
    return "\n".join([*lines, *(line([str(cell) for cell in row]) for row in rows)])


def line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def ranged(values: Sequence[float], digits: int = 2) -> str:
    """The median, and the least and the most."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"
