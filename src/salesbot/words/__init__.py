"""Words: the only room where sentences are made, one package a language."""

from __future__ import annotations

from salesbot.words.answer_text import AnswerText, ErrorText, FigureLine, ShortLine, SourceLine, Words, clock, plain
from salesbot.words.english import English

__all__ = ["AnswerText", "ErrorText", "FigureLine", "ShortLine", "SourceLine", "Words", "clock", "plain", "words_for"]

_ENGLISH = English()


def words_for(locale: str = "en") -> Words:
    """The words for a reader's locale; English where there are none yet."""
    return _ENGLISH
