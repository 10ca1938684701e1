"""How an answer reads: the rooms where sentences are made, one class a language."""

from __future__ import annotations

from salesbot.words.answer_text import FigureLine, Said, SourceLine, Words, clock, plain
from salesbot.words.english import English

__all__ = ["FigureLine", "Said", "SourceLine", "Words", "clock", "plain", "words_for"]

_ENGLISH = English()


def words_for(locale: str = "en") -> Words:
    """The words for a reader's locale; English where there are none yet."""
    return _ENGLISH
