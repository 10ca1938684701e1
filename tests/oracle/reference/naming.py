"""When two names are one: case, width and spacing ignored; letters, digits, combining marks and ``+`` count (8.7)."""

from __future__ import annotations

import unicodedata

PLACES = {"china": "china", "中国": "china", "cn": "china"}  # the aliases that 8.8 names


def name_key(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum() or c == "+" or unicodedata.category(c).startswith("M"))


def place_key(text: str) -> str:
    key = name_key(text)
    return PLACES.get(key, key)
