"""A text in segments: names, words, numbers, durations, dates. The longest that begins first wins; none is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from salesbot.asking.dates import Day, day_at
from salesbot.asking.lexicon import BEGINNING, FILLER, OPENER, UNREAD, lengths, lexicon
from salesbot.asking.name_book import Found, NameBook
from salesbot.asking.numbers import Duration, Number, duration_at, number_at
from salesbot.asking.text import JOINS, ends_word, is_ideograph, is_word

SegmentKind = Literal["name", "word", "number", "duration", "date", "unknown"]
_BETWEEN = re.compile(r"[\s,.?!;:\"'()\[\]/|…*_`~#·「」『』《》【】]+")
_POSSESSIVE = re.compile(r"'s(?!\w)")
_BREAK = re.compile(r"[,.?!;:()—–\n]|--")
_LETTERS = re.compile(r"[^\W_\u2e80-\u9fff](?:[^\W\u2e80-\u9fff]|\+|['.-](?=[^\W\u2e80-\u9fff]))*")


class Segment(Struct, frozen=True):
    """A piece of a text with what it can mean."""

    kind: SegmentKind
    text: str
    concepts: frozenset[str] = frozenset()
    names: Found = {}
    value: Number | Duration | Day | None = None
    after_break: bool = False  # whether a comma or the like stands before it

    @property
    def is_filler(self) -> bool:
        return FILLER in self.concepts

    def means(self, *concepts: str) -> bool:
        """Whether it can mean one of some concepts."""
        return not self.concepts.isdisjoint(concepts)


def segments(text: str, names: NameBook) -> list[Segment]:
    """The segments of a text in its plain form."""
    found = list(_segments(text, names))
    outside = [one.kind == "word" and one.means(FILLER, OPENER) for one in found]
    beginning = next((place for place, is_outside in enumerate(outside) if not is_outside), len(found))
    ends = [place for place, one in enumerate(found) if one.after_break and all(outside[place:])]
    ending = min(ends, default=len(found))
    return [_placed(one, is_outside=not beginning <= place < ending) for place, one in enumerate(found)]


def _placed(one: Segment, *, is_outside: bool) -> Segment:
    """A word as it is read where it stands: a phrase that is not read is unknown, an opener a filler or unknown.

    ``is_outside``: before all that is asked, or behind a comma after all of it.
    """
    if one.kind != "word" or not one.means(OPENER, UNREAD):
        return one
    concepts = (one.concepts - {OPENER}) | ({FILLER} if is_outside and one.means(OPENER) else frozenset())
    if not concepts or UNREAD in concepts:
        return replace(one, kind="unknown", concepts=frozenset())
    return replace(one, concepts=concepts)


def _segments(text: str, names: NameBook) -> Iterator[Segment]:
    at, after_break, is_name = 0, False, False
    while at < len(text):
        if is_name and (match := _POSSESSIVE.match(text, at)):
            at = match.end()
            continue
        if match := _BETWEEN.match(text, at):
            at, after_break = match.end(), after_break or bool(_BREAK.search(match[0]))
            continue
        found = max(_candidates(text, at, names), key=lambda one: one[0], default=None)
        if found is None:
            end = _unknown_end(text, at, names)
            segment = Segment("unknown", text[at:end])
        else:
            (end, _), segment = found
        yield replace(segment, after_break=True) if after_break else segment
        at, after_break, is_name = end, False, segment.kind == "name"


def _candidates(text: str, at: int, names: NameBook) -> Iterator[tuple[tuple[int, int], Segment]]:
    """What can begin at a place, with its end; of equal lengths the later ones win."""
    if (number := number_at(text, at)) and ends_word(text, at, number.end) and _begins(text, at):
        yield (number.end, 0), Segment("number", text[at : number.end], value=number)
    word_end = _word_end(text, at, names)
    name = names.longest_at(text, at) if _begins(text, at) else None
    if word_end is not None and (name is None or word_end > name.end):
        piece = text[at:word_end]
        yield (word_end, 1), Segment("word", piece, lexicon()[piece])
    if name is not None:
        piece = text[at : name.end]
        yield (name.end, 2), Segment("name", piece, lexicon().get(piece, frozenset()), name.found)
    if (duration := duration_at(text, at)) and ends_word(text, at, duration.end) and _begins(text, at):
        yield (duration.end, 3), Segment("duration", text[at : duration.end], value=duration)
    if (day := day_at(text, at)) and ends_word(text, at, day.end) and _begins(text, at):
        yield (day.end, 4), Segment("date", text[at : day.end], value=day)


def _begins(text: str, at: int) -> bool:
    """Whether a word can begin at a place."""
    return at == 0 or is_ideograph(text[at]) or not (is_word(text[at - 1]) or text[at - 1] in JOINS[:1])


def _word_end(text: str, at: int, names: NameBook) -> int | None:
    """The end of the longest phrase of the lexicon that begins at a place and cuts no name: base, of base Model Y."""
    known, by_beginning = lexicon(), lengths()
    for beginning in (text[at : at + BEGINNING], text[at]):
        for length in by_beginning.get(beginning, ()):
            end = at + length
            is_phrase = end <= len(text) and text[at:end] in known and ends_word(text, at, end)
            if is_phrase and not _cuts(text, at, end, names):
                return end
    return None


def _cuts(text: str, at: int, end: int, names: NameBook) -> bool:
    """Whether a name begins with the last word of a phrase and ends behind it."""
    blank = text.rfind(" ", at, end)
    if blank < 0 or text[end : end + 1] != " ":
        return False
    name = names.longest_at(text, blank + 1)
    return name is not None and name.end > end


def _unknown_end(text: str, at: int, names: NameBook) -> int:
    """The end of a word that is not known: letters up to a blank, Chinese up to what is known again."""
    if not is_ideograph(text[at]):
        match = _LETTERS.match(text, at)
        return match.end() if match else at + 1
    end = at + 1
    while end < len(text) and is_ideograph(text[end]) and not any(_candidates(text, end, names)):
        end += 1
    return end
