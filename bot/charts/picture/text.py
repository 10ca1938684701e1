"""Text in a chart: measured and wrapped with the metrics of its font."""

from __future__ import annotations

import re
import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

from msgspec import Struct

# a break may come before any of these: a word with the marks that close it, or one Chinese character with its marks
_UNIT = re.compile(
    r"[（《「“]?[\u2e80-\u9fff\uf900-\ufaff][，。、；：！？）》」”]*|[^\s\u2e80-\u9fff\uf900-\ufaff]+|\s+"
)


def wrapped(words: str, size: int, width: float, most: int) -> list[str]:
    """The words in rows no wider than width; what `most` rows cannot hold ends in an ellipsis."""
    rows = [""]
    for unit in _UNIT.findall(writable(words)):
        pieces = [unit] if text_width(unit, size) <= width else list(unit)
        for piece in pieces:
            if text_width(rows[-1] + piece, size) > width:
                rows.append("")
            rows[-1] += piece if rows[-1] else piece.lstrip()
    rows = [row.rstrip() for row in rows if row.strip()]
    if len(rows) > most:
        rows = rows[:most]
        while rows[-1] and text_width(rows[-1] + "…", size) > width:
            rows[-1] = rows[-1][:-1]
        rows[-1] += "…"
    return rows


def writable(words: str) -> str:
    """Only what the font has a glyph for: control characters and emoji go, letters it lacks become a question mark."""
    face = font()
    kept = []
    for character in unicodedata.normalize("NFC", words[:2000]):  # far more than any row holds
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character)[0] == "C":
            continue
        elif face.glyph(character):
            kept.append(character)
        elif unicodedata.category(character)[0] in "LNP":
            kept.append("?")
    return " ".join("".join(kept).split())


def text_width(words: str, size: int) -> float:
    face = font()
    return sum(face.advance(character) for character in words) * size


class Font(Struct, frozen=True):
    """As much of an OpenType font as it takes to measure a line and to know what it cannot write."""

    path: Path
    starts: tuple[int, ...]  # first code point of each run of characters
    runs: tuple[tuple[int, int, int], ...]  # first and last code point, first glyph
    advances: tuple[float, ...]  # by glyph, in ems; later glyphs are as wide as the last

    def glyph(self, character: str) -> int:
        """0 when the font has none."""
        code = ord(character)
        first, last, glyph = self.runs[max(bisect_right(self.starts, code) - 1, 0)]
        return glyph + code - first if first <= code <= last else 0

    def advance(self, character: str) -> float:
        return self.advances[min(self.glyph(character), len(self.advances) - 1)]


@cache
def font() -> Font:
    from pylopdf_fonts_zh_cn import sans_path  # here, because who only makes a Chart needs no font

    with sans_path().open("rb") as file:
        count = struct.unpack(">4xH6x", file.read(12))[0]
        places = {
            tag: (offset, length) for tag, _, offset, length in struct.iter_unpack(">4s3L", file.read(16 * count))
        }

        def table(tag: bytes) -> bytes:
            file.seek(places[tag][0])
            return file.read(places[tag][1])

        em = struct.unpack_from(">H", table(b"head"), 18)[0]
        measured = struct.unpack_from(">H", table(b"hhea"), 34)[0]
        advances = tuple(wide / em for wide, _ in struct.iter_unpack(">Hh", table(b"hmtx")[: 4 * measured]))
        runs = _runs(table(b"cmap"))
    return Font(sans_path(), tuple(run[0] for run in runs), runs, advances)


def _runs(cmap: bytes) -> tuple[tuple[int, int, int], ...]:
    """The runs of the format 12 subtable, which holds all of Unicode."""
    records = struct.iter_unpack(">2HL", cmap[4 : 4 + 8 * struct.unpack_from(">2xH", cmap)[0]])
    offset = next(offset for _, _, offset in records if struct.unpack_from(">H", cmap, offset)[0] == 12)
    count = struct.unpack_from(">L", cmap, offset + 12)[0]
    return tuple(
        (first, last, glyph)
        for first, last, glyph in struct.iter_unpack(">3L", cmap[offset + 16 : offset + 16 + 12 * count])
    )
