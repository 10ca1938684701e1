"""What a phone shows of a card at once: texts measured as Discord breaks them into lines, and what gives way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from math import ceil
from unicodedata import east_asian_width

from msgspec import Struct
from msgspec.structs import replace

from salesbot.words import Words

SCREEN = 650  # pixels of height, where a phone is 390 wide
WIDTH = 262  # pixels of a line inside a card
FRAME = 133  # pixels of the message around its texts: name, edges, one row of buttons
GAP = 17  # pixels between two texts
LINE, SMALL_LINE = 22, 19.25  # pixels of height
FONT, SMALL_FONT = 16, 14  # pixels
PICTURE = 190  # pixels of height that a chart takes
MOST_FIGURES = 4  # of an answer that is no list
MOST_LISTED = 10  # of a list, on each page
MOST_TO_KNOW = 2
MOST_SOURCES = 3
_UNSEEN = re.compile(r"\\(?=.)|\*\*|\]\(<[^>]*>\)|\[(?=[^\]]*\]\(<)|^###? |^- ")
_CLOCK = re.compile(r"<t:-?\d+:\w>")
_WIDTHS = {"narrow": 0.3, "space": 0.26, "digit": 0.58, "capital": 0.68, "wide": 1.0, "other": 0.56}


class Parts(Struct, frozen=True):
    """The parts of a short answer in markdown; ``small`` is its small print."""

    headline: str
    lead: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    why: str = ""
    to_know: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    small: str = ""
    is_list: bool = False
    has_picture: bool = False


def screens(parts: Parts, words: Words) -> list[list[str]]:
    """The parts as pages of texts, each as high as a phone's screen at most where that can be.

    What does not fit gives way from the least to the most important, and the card says how much it was: the whole
    answer is behind Show working. Of a list nothing gives way; it has more pages, after that of a picture.
    """
    if parts.is_list and parts.has_picture:
        shown = replace(parts, lines=())
        listed = replace(parts, to_know=(), why="", has_picture=False)
        return [_texts(_fitted(shown), shown, words), *_list_screens(listed, words)]
    fitted = _fitted(parts)
    if parts.is_list and fitted.lines != parts.lines:
        return _list_screens(parts, words)
    return [_texts(fitted, parts, words)]


def _fitted(whole: Parts) -> Parts:
    """As much of the parts as fits."""
    shown = _cut(whole, lines=MOST_FIGURES, known=MOST_TO_KNOW, sources=MOST_SOURCES)
    steps: tuple[Callable[[Parts], Parts], ...] = (
        lambda it: _cut(it, sources=2),
        lambda it: _cut(it, known=1),
        lambda it: _cut(it, sources=1),
        lambda it: _cut(it, lines=3),
        lambda it: replace(it, why=""),
        lambda it: _cut(it, lead=3),
        lambda it: _cut(it, lines=2),
        lambda it: _cut(it, lead=1),
        lambda it: _cut(it, known=0),
    )
    for smaller in steps:
        if _fits(shown, whole):
            break
        shown = smaller(shown)
    return shown


def _cut(parts: Parts, lead: int = 99, lines: int = 99, known: int = 99, sources: int = 99) -> Parts:
    """At most so many of each."""
    return replace(
        parts,
        lead=parts.lead[:lead],
        lines=parts.lines[:lines],
        to_know=parts.to_know[:known],
        sources=parts.sources[:sources],
    )


def _list_screens(whole: Parts, words: Words) -> list[list[str]]:
    """A list in pages, of which the last says what to know and names the best sources."""
    bare = replace(whole, to_know=(), sources=(), why="", small=f"{whole.small}\n-# 1")
    pages: list[list[str]] = []
    left = whole.lines
    while left:
        count = min(MOST_LISTED, len(left))
        while count > 1 and not _fits(replace(bare, lines=left[:count]), bare):
            count -= 1
        page, left = replace(bare, lines=left[:count]), left[count:]
        ending = None if left else _ending(replace(page, to_know=whole.to_know, sources=whole.sources))
        if not left and ending is None and count > 1:
            page, left = replace(page, lines=page.lines[:-1]), page.lines[-1:]
        pages.append(_texts(ending, replace(whole, lines=ending.lines), words) if ending else _texts(page, page, words))
    return pages


def _ending(whole: Parts) -> Parts | None:
    """The last page of a list with what to know and the best sources, as much as fits; ``None`` if nothing does."""
    endings = (_cut(whole, known=known, sources=sources) for known, sources in ((2, 3), (1, 2), (0, 2), (0, 1)))
    return next((ending for ending in endings if _fits(ending, whole)), None)


def _fits(shown: Parts, whole: Parts) -> bool:
    return height(_texts(shown, whole), whole.small) <= SCREEN - (PICTURE if shown.has_picture else 0)


def _texts(shown: Parts, whole: Parts, words: Words | None = None) -> list[str]:
    """The texts of a page; what they leave out of the whole is counted. Without words they are there to measure."""
    small = [shown.why, *shown.to_know]
    cut = sum(len(getattr(whole, part)) - len(getattr(shown, part)) for part in ("lead", "lines", "to_know"))
    if cut:
        small.append(f"-# {words.text('more_to_know', count=cut) if words else 'x' * 25}")
    sources, left = list(shown.sources), len(whole.sources) - len(shown.sources)
    if left:
        sources.append(words.text("more_sources", count=left) if words else "x" * 7)
    if sources:
        told = " · ".join(sources)
        small.append(f"-# {words.text('sources_in_short', sources=told) if words else 'Sources: ' + told}")
    lead = shown.lead if len(shown.lead) < 2 else [f"- {line}" for line in shown.lead]
    texts = ("\n".join([shown.headline, *lead]), "\n".join(shown.lines), "\n".join(filter(None, small)))
    return [text for text in texts if text]


def height(texts: Iterable[str], small: str) -> float:
    """About how high a card is on a phone, in pixels."""
    blocks = [*texts, *([small] if small else [])]
    lines = (line for block in blocks for line in block.split("\n"))
    return FRAME + GAP * (len(blocks) - 1) + sum(map(_height_of_line, lines))


@lru_cache(maxsize=256)  # the same lines are measured for each way to cut a card
def _height_of_line(line: str) -> float:
    is_small = line.startswith("-# ")
    indent = 24 if line.startswith("- ") else 0
    text = _CLOCK.sub("28 March 2024 10:00 PM", line.removeprefix("-# "))
    text = _UNSEEN.sub("", text)
    font = SMALL_FONT if is_small else FONT
    is_bold = line.startswith("#")
    return _count_lines(text, (WIDTH - indent) / font / (1.06 if is_bold else 1)) * (SMALL_LINE if is_small else LINE)


def _count_lines(text: str, room: float) -> int:
    """How many lines of ``room`` ems a text takes, broken between words."""
    lines, used = 1, 0.0
    for word in text.split(" "):
        width = sum(map(_width, word))
        if used and used + _WIDTHS["space"] + width > room and not _is_wide(word):
            lines, used = lines + 1, 0.0
        used += (_WIDTHS["space"] if used else 0) + width
        if used > room:
            lines += ceil(used / room) - 1
            used = used % room
    return lines


@lru_cache(maxsize=4096)
def _width(character: str) -> float:
    """In ems."""
    return _WIDTHS[_kind(character)]


def _kind(character: str) -> str:
    if character in "iljtfrI.,:;'|!()[]-·“”’":
        return "narrow"
    if character.isascii():
        return "digit" if character.isdigit() else "capital" if character.isupper() else "other"
    return "wide" if _is_wide(character) else "other"


def _is_wide(text: str) -> bool:
    return any(east_asian_width(character) in "WF" for character in text)
