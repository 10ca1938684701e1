"""How two spellings of one name are recognised: case, width, accents over letters, traditional characters and spacing
are ignored."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

LONGEST_NAME = 100
CHUNK = 2000  # names compared without letting other threads run: about a millisecond


@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """The form under which two spellings of one name are equal ("Ｍodel-Y" and "model y").

    Letters, digits, ``+`` and the combining marks of scripts other than Latin, Greek and Cyrillic count: Pro and Pro+
    are two names, and so are words that differ by a vowel sign. A text of signs only is its own key.
    """
    folded = unicodedata.normalize("NFKC", text[:LONGEST_NAME]).casefold()
    if folded.isascii():
        key = "".join(c for c in folded if c.isalnum() or c == "+")
    else:
        from salesbot.values.simplified import simplified  # no name of ASCII letters needs it

        key = "".join(_significant(unicodedata.normalize("NFKD", simplified(folded))))
    return unicodedata.normalize("NFC", key) or "".join(folded.split())


def _significant(text: str) -> list[str]:
    kept: list[str] = []
    is_accented = True  # whether a mark after the last letter is an accent, which does not count
    for c in text:
        if unicodedata.category(c)[0] == "M":
            if not is_accented:
                kept.append(c)
        elif c.isalnum() or c == "+":
            kept.append(c)
            is_accented = unicodedata.name(c, "").startswith(("LATIN", "GREEK", "CYRILLIC"))
    return kept


def nearest(text: str, names: Sequence[str], limit: int = 5) -> list[str]:
    """The names most like ``text``, best first; at least half alike."""
    parts = (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))
    hits = [hit for part in parts for hit in _alike(text, part, limit)]
    hits.sort(key=lambda hit: -hit[1])
    return list(dict.fromkeys(name for name, _, _ in hits))[:limit]


def _alike(text: str, names: Sequence[str], limit: int) -> list[tuple[str, float, int]]:
    from rapidfuzz import fuzz, process, utils  # only a mistyped name needs it

    typed = text[:LONGEST_NAME]
    return process.extract(
        typed, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit * 3, score_cutoff=50
    )
