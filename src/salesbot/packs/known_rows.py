"""Rows that need no look of their own, as everything they say stood in a row before that was right.

Nearly all rows of a large table are such rows, and whole columns of texts are looked up faster than rows are checked.
What is right with a row depends on each of its cells, and on the groups of cells that are checked together; of whole
numbers only their sizes count. A row that says something new is checked by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence

from salesbot.facts import Row, columns
from salesbot.facts.cells import CENTS_PATTERN, WHOLE_PATTERN
from salesbot.packs.row_reader import Texts
from salesbot.values.patterns import every

# columns that are checked beside each other: where one cannot be read, nothing is said of the others
TOGETHER: tuple[frozenset[str], ...] = (
    frozenset(("metric", "could_be", "low", "high", "stated", "precision", "counting")),
    frozenset(("price_type", "low", "high", "previous", "change_low", "change_high")),
    frozenset(("period_from", "period_to")),
    frozenset(("valid_from", "valid_to")),
    frozenset(("checks", "expects")),
    frozenset(("brand", "model")),
)
BOUNDS = (("low", "high"), ("change_low", "change_high"))
Said = Sequence[Hashable]  # what each of some rows says in a column, or in a group of columns
MOST_KNOWN = 50_000  # texts of a column, or of a group of columns
_is_whole = re.compile(f"{WHOLE_PATTERN}?").fullmatch
_are_whole = every(f"{WHOLE_PATTERN}?")
_is_decimal = re.compile(f"{WHOLE_PATTERN}{CENTS_PATTERN}").fullmatch
_SMALL = {"": "", "0": "1", "1": "1"}  # a rate is 1 at the most; ``None`` is above it


class KnownRows:
    """What the rows of a table said that were right. ``linked`` are the columns that name things of other tables."""

    def __init__(self, model: type[Row], linked: Collection[str]) -> None:
        infos = columns(model)
        self._looked_up: list[tuple[Callable[[Texts], Said], set[Hashable]]] = [
            (_column(name), set()) for name in linked
        ]
        numbers = {name for name, info in infos.items() if info.cell.name == "number"}
        groups = [together & infos.keys() for together in TOGETHER]
        for group in groups:
            if len(group) > 1 and not any(group < other for other in groups):
                self._looked_up.append((_group(group, numbers), set()))

    def said(self, texts: Texts) -> list[Said]:
        """What some rows say, for each column and group that is looked up."""
        return [of(texts) for of, _ in self._looked_up]

    def unlike(self, said: Sequence[Said]) -> set[int]:
        """Which of the rows that say this say what no row before did."""
        found: set[int] = set()
        for now, (_, known) in zip(said, self._looked_up, strict=True):
            if not known.issuperset(now):
                found.update(place for place, what in enumerate(now) if what not in known)
        return found

    def learn(self, said: Sequence[Said], places: Collection[int]) -> None:
        """Note what those of the rows say that were found to be right."""
        for now, (_, known) in zip(said, self._looked_up, strict=True):
            if len(known) >= MOST_KNOWN:
                known.clear()
            known.update([now[place] for place in places])


def _column(name: str) -> Callable[[Texts], Said]:
    return lambda texts: texts[name]


def _group(group: frozenset[str], numbers: set[str]) -> Callable[[Texts], Said]:
    """What the cells of a group of columns say, row by row; of whole numbers their sizes."""
    bounds = [pair for pair in BOUNDS if group.issuperset(pair)]
    bounds += [(name, name) for name in sorted(group & numbers - {name for pair in bounds for name in pair})]
    words = sorted(group - numbers)

    def said(texts: Texts) -> Said:
        sizes = [_sizes(texts[low], texts[high]) for low, high in bounds]
        return list(zip(*(texts[name] for name in words), *sizes, strict=True))

    return said


def _sizes(lows: Sequence[str], highs: Sequence[str]) -> Iterable[Hashable]:
    if not _are_whole(lows) or (highs != lows and not _are_whole(highs)):
        return map(_size, lows, highs)
    if lows == highs:
        return map(_SMALL.get, lows)
    small = _SMALL.get
    return [small(low) if low == high else _size_of_whole(low, high) for low, high in zip(lows, highs, strict=True)]


def _size(low: str, high: str) -> Hashable:
    """What a check can tell of two bounds: whether each is there, how they compare, and whether they are above 1."""
    if low == high and _is_decimal(low):
        return "0.1" if low.startswith("0.") else "2.1"
    if not (_is_whole(low) and _is_whole(high)):
        return low, high
    return _SMALL.get(low) if low == high else _size_of_whole(low, high)


def _size_of_whole(low: str, high: str) -> Hashable:
    is_over = bool(low and high) and (len(low), low) > (len(high), high)
    return _SMALL.get(low), _SMALL.get(high), is_over
