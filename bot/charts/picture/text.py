"""Text in a chart: measured and wrapped as it will be painted."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from bot.charts.picture.style import SMALL

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

NO_CHARACTER = "\U0010ffff"  # which no font has
MOST_KEPT = 8192  # texts and characters, measured and looked for
# a break may come before any of these: a word with the marks that close it, or one Chinese character with its marks
_UNIT = re.compile(
    r"[（《「“]?[\u2e80-\u9fff\uf900-\ufaff][，。、；：！？）》」”]*|[^\s\u2e80-\u9fff\uf900-\ufaff]+|\s+"
)


def wrapped(words: str, size: int, width: float, most: int) -> list[str]:
    """The words in rows no wider than width; what `most` rows cannot hold ends in an ellipsis."""
    rows, used = [""], 0.0
    for unit in _UNIT.findall(writable(words)):
        pieces = [unit] if text_width(unit, size) <= width else list(unit)
        for piece in pieces:
            used += text_width(piece, size)
            if used > width:
                rows.append("")
                used = text_width(piece.lstrip(), size)
            rows[-1] += piece if rows[-1] else piece.lstrip()
    rows = [row.rstrip() for row in rows if row.strip()]
    if len(rows) > most:
        rows = rows[:most]
        while rows[-1] and text_width(rows[-1] + "…", size) > width:
            rows[-1] = rows[-1][:-1]
        rows[-1] += "…"
    return rows


def writable(words: str) -> str:
    """What the font can write: control characters and emoji go, other letters lose their accent or become ``?``."""
    kept = []
    for character in unicodedata.normalize("NFC", words[:2000]):  # far more than any row holds
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character)[0] == "C":
            continue
        elif has_glyph(character):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LNP":
            letter = unicodedata.normalize("NFD", character)[0]
            kept.append(letter if has_glyph(letter) else "?")
    return " ".join("".join(kept).split())


@lru_cache(MOST_KEPT)
def text_width(words: str, size: int) -> float:
    """In pixels."""
    return face(size).getlength(words)


@lru_cache(MOST_KEPT)
def has_glyph(character: str) -> bool:
    """Whether the font can write a character; for any other it has a box."""
    return bytes(face(SMALL).getmask(character)) != bytes(face(SMALL).getmask(NO_CHARACTER))


@cache
def face(size: int) -> FreeTypeFont:
    """Noto Sans SC in a size, laid out by Pillow alone: other layouts need a library that not every system has."""
    from PIL import ImageFont  # here, because who only makes a Chart needs no font
    from pylopdf_fonts_zh_cn import sans_path

    return ImageFont.truetype(sans_path(), size, layout_engine=ImageFont.Layout.BASIC)
