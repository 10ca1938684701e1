"""Text of packs and people, made harmless for a Discord message: nothing in it can format, link or ping."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"([\\*_~`|<>\[\]@])")
_LINE_START = re.compile(r"^(\s*)([-+#]|\d+\.)", re.MULTILINE)
_KEPT = {"\n", "\x02", "\x03"}
_INVISIBLE = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


def escape(text: str) -> str:
    """``text`` as it reads, with Discord's markdown, links, mentions and timestamps switched off."""
    clean = text
    if not text.isprintable():
        clean = "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)
    marked = _MARKS.sub(r"\\\1", clean).replace("://", ":\\//")
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", marked)


def link(text: str, url: str) -> str:
    """A link that we chose to write; the address was checked when the pack was read."""
    safe = url.replace("(", "%28").replace(")", "%29")
    return f"[{escape(text)}](<{safe}>)"
