"""How a name is compared: any script, with case, width, accents and spacing ignored."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

LONGEST = 100
AT_ONCE = 2000  # names compared without letting other threads run: about a millisecond


@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """The form under which two spellings of one name are equal ("Ｍodel-Y" and "model y")."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return "".join(c for c in folded if c.isalnum())


def nearest(text: str, names: Sequence[str], limit: int = 5) -> list[str]:
    """The names most like ``text``, best first; at least half alike."""
    parts = (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))
    found = [hit for part in parts for hit in _alike(text, part, limit)]
    found.sort(key=lambda hit: -hit[1])
    return list(dict.fromkeys(name for name, _, _ in found))[:limit]


def _alike(text: str, names: Sequence[str], limit: int) -> list[tuple[str, float, int]]:
    from rapidfuzz import fuzz, process, utils  # what is typed rightly does without it

    return process.extract(text[:LONGEST], names, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit * 3, score_cutoff=50)
