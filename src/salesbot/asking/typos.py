"""A mistyped word, corrected: only to be offered, never to be answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from salesbot.asking.lexicon import FILLER, common_words, lexicon
from salesbot.asking.name_book import NameBook

SHORT, LETTERS_OF_SHORT = 1, 5  # mistakes in a word of so many letters
MISTAKES = 2
SHORTEST = 3
NEVER = frozenset(
    {"before", "after", "by", "since", "until", "denies", "forecasts", "aims", "supposes", "compared", "cause", "asks"}
    | {"only", "at_least", "at_most", "about", "responds", "states_price", "follows", "money"}
)  # concepts that a slip must not bring in
MOST_UNKNOWN = 2
FILLERS = frozenset({FILLER})  # a slip of a variant, Max say, would be left out


def corrected(text: str, unknown: Sequence[str], variants: Set[str], names: NameBook) -> Iterator[str]:
    """The text with every word that is not known corrected, where each has one nearest known word.

    ``variants`` are those that stand behind a name: no slips of words that change nothing.
    """
    if not 1 <= len(unknown) <= MOST_UNKNOWN:
        return
    has_changed = False
    for word in unknown:
        near = _nearest(word, names, is_variant=word in variants)
        if len(near) == 1:
            text, has_changed = text.replace(word, near[0], 1), True
    if has_changed:
        yield text


def _nearest(word: str, names: NameBook, *, is_variant: bool) -> list[str]:
    """The known words of letters that begin alike and differ by few mistakes: the nearest of them."""
    from rapidfuzz.distance import OSA  # only a mistyped text needs it

    if not word.isascii() or not word.isalpha() or len(word) < SHORTEST or word in common_words():
        return []
    most = SHORT if len(word) <= LETTERS_OF_SHORT else MISTAKES
    known = [
        phrase
        for phrase, concepts in lexicon().items()
        if not (concepts & NEVER or (is_variant and concepts == FILLERS)) and len(phrase) >= SHORTEST
    ]
    candidates = {one for one in (*known, *names.keys()) if one.isascii() and one.isalpha() and one[0] == word[0]}
    found: dict[int, list[str]] = {}
    for one in candidates:
        distance = OSA.distance(word, one, score_cutoff=most)
        if distance <= most:
            found.setdefault(distance, []).append(one)
    if not found:
        return []
    nearest = found[min(found)]
    meanings = {(lexicon().get(one), one if one not in lexicon() else "") for one in nearest}
    return nearest[:1] if len(meanings) == 1 else nearest
