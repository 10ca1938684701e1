"""Text of packs and people, made harmless for a Discord message: nothing in it can format, link or ping."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_MARKS = re.compile(r"([\\*_~`|<>\[\]@])")
_LINE_START = re.compile(r"^(\s*)([-+#]|\d+\.)", re.MULTILINE)
_KEPT = {"\n", "\x02", "\x03"}
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d{1,5})?")
_INVISIBLE = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


def escape(text: str) -> str:
    """``text`` as it reads, with Discord's markdown, links, mentions and timestamps switched off."""
    clean = text
    if not text.isprintable():
        clean = "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)
    marked = _MARKS.sub(r"\\\1", clean).replace("://", ":\\//")
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", marked)


def link(text: str, url: str) -> str:
    """A link, or the text alone where the address does not plainly say where it leads."""
    if not _is_plain(url):
        return escape(text)
    safe = url.replace("(", "%28").replace(")", "%29")
    return f"[{escape(text)}](<{safe}>)"


def _is_plain(url: str) -> bool:
    """Whether the host of an address is what it looks like: no user name before it, no letters of other scripts."""
    try:
        place = urlsplit(url).netloc.casefold()
    except ValueError:
        return False
    return _HOST.fullmatch(place) is not None and "xn--" not in place
