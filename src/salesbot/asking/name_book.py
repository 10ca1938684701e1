"""The names of a snapshot as they are found in a text: by their keys, whatever stands between their letters."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from salesbot.asking.lexicon import lexicon
from salesbot.asking.text import ends_word, is_ideograph
from salesbot.facts.vocabulary import EVERY
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.name_keys import name_key

KINDS = ("launch", "model", "brand", "person", "event", "place")
NAMES = sql("select kind, key, id from names where kind = :kind limit 50000")
TRIMS = sql("select distinct trim from prices where model_id = :model and trim is not null limit 200")
BEGINNING = 4  # characters of a key that are looked at before the whole
LONGEST = 60  # characters of a name's key
LONGEST_IN_TEXT = 120
MOST_MADE = 64
_BETWEEN = " -·'."
TRIM = "trim_"  # how the concept of a trim begins in the lexicon

Found = Mapping[str, frozenset[str]]
"""The ids that a name has, by kind."""


class NameMatch(Struct, frozen=True):
    """A name in a text, and where it ends."""

    found: Found
    end: int


class NameBook:
    """The names of a snapshot, and those of the trims of some models."""

    def __init__(self, names: dict[str, dict[str, frozenset[str]]]) -> None:
        self._names = names
        self._made: dict[str | frozenset[str], NameBook] = {}  # of these names, each made once
        self._beginnings = {key[:length] for key in names for length in range(1, min(len(key), BEGINNING) + 1)}

    @classmethod
    def of(cls, snapshot: Snapshot) -> NameBook:
        """The names of a snapshot, read once."""
        return snapshot.cached("name book", lambda: cls(_read(snapshot)))

    def with_trims(self, models: frozenset[str], snapshot: Snapshot) -> NameBook:
        """These names, and the trims of models."""
        if models not in self._made:
            if len(self._made) >= MOST_MADE:
                self._made.clear()
            self._made[models] = self._with_trims(models, snapshot)
        return self._made[models]

    def _with_trims(self, models: frozenset[str], snapshot: Snapshot) -> NameBook:
        names = dict(self._names)
        trims: dict[str, str] = {}
        for model in models:
            for (trim,) in snapshot.values(TRIMS, model=model):
                key = name_key(trim)
                if key and key != EVERY:
                    trims[key] = trim
        for phrase, concepts in lexicon().items():
            for concept in concepts:
                if concept.startswith(TRIM):
                    fitting = {trim for key, trim in trims.items() if name_key(concept.removeprefix(TRIM)) in key}
                    if len(fitting) == 1:
                        trims.setdefault(name_key(phrase), fitting.pop())
        for key, trim in trims.items():
            names[key] = {**names.get(key, {}), "trim": frozenset({trim})}
        return NameBook(names)

    def without(self, kind: str) -> NameBook:
        """These names without those of a kind."""
        if kind not in self._made:
            self._made[kind] = self._without(kind)
        return self._made[kind]

    def _without(self, kind: str) -> NameBook:
        kept = ((key, {one: ids for one, ids in found.items() if one != kind}) for key, found in self._names.items())
        return NameBook({key: found for key, found in kept if found})

    def longest_at(self, text: str, start: int) -> NameMatch | None:
        """The longest name that begins at a place and ends with a word; ``s`` and ``'s`` may follow it."""
        key, best = "", None
        for at in range(start, min(len(text), start + LONGEST_IN_TEXT)):
            c = text[at]
            if c.isalnum() or c == "+":
                key += c
            elif c not in _BETWEEN:
                break
            else:
                continue
            if len(key) > LONGEST or (len(key) <= BEGINNING and key not in self._beginnings):
                break
            found = self._names.get(key)
            end = _end(text, start, at + 1) if found else None
            if found and end is not None and not _is_part(key, text, start, end):
                best = NameMatch(found, end)
        return best

    def keys(self) -> list[str]:
        """The keys of all names."""
        return list(self._names)


def _end(text: str, start: int, at: int) -> int | None:
    """Where a name that is read up to ``at`` ends; ``None`` inside a word."""
    for ending in ("", "'s", "s"):
        if text.startswith(ending, at) and ends_word(text, start, at + len(ending)):
            return at + len(ending)
    return None


def _is_part(key: str, text: str, start: int, end: int) -> bool:
    """Whether a name of one Chinese character stands inside of other characters."""
    if len(key) > 1 or not is_ideograph(key):
        return False
    return any(is_ideograph(c) for c in (text[start - 1 : start] + text[end : end + 1]))


def _read(snapshot: Snapshot) -> dict[str, dict[str, frozenset[str]]]:
    names: dict[str, dict[str, frozenset[str]]] = {}
    for kind in KINDS:
        for _, key, id in snapshot.values(NAMES, most=50_000, kind=kind):
            kinds = names.setdefault(key, {})
            kinds[kind] = kinds.get(kind, frozenset()) | {id}
    return names
