"""How a name is compared: any script, with case, width, accents and spacing ignored."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz, process, utils

LONGEST = 100


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """The form under which two spellings of one name are equal ("Ｍodel-Y" and "model y")."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return "".join(c for c in folded if c.isalnum())


def nearest(text: str, names: list[str], limit: int = 5) -> list[str]:
    """The names most like ``text``, best first; at least half alike."""
    found = process.extract(text[:LONGEST], names, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit * 3, score_cutoff=50)
    return list(dict.fromkeys(name for name, _, _ in found))[:limit]
