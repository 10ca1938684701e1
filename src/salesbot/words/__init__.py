"""Words: the only room where sentences are made, one package a language."""

from __future__ import annotations

from functools import cache

from salesbot.words.answer_text import (
    AnswerInShort,
    AnswerText,
    ErrorText,
    FigureLine,
    ShortLine,
    SourceLine,
    Words,
    clock,
    plain,
)
from salesbot.words.english import English

__all__ = [
    "LANGUAGES",
    "AnswerInShort",
    "AnswerText",
    "ErrorText",
    "FigureLine",
    "ShortLine",
    "SourceLine",
    "Words",
    "clock",
    "plain",
    "words_for",
]

LANGUAGES = {"en": "English", "zh": "简体中文", "zh-Hant": "繁體中文"}  # each by its own name
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")
_ENGLISH = English()


def words_for(locale: str = "en") -> Words:
    """The words for a reader's locale: Chinese for ``zh-CN``, ``zh-TW`` and the like, else English."""
    tag = locale.casefold()
    if not tag.startswith("zh"):
        return _ENGLISH
    return _traditional() if tag.startswith(TRADITIONAL) else _chinese()


@cache
def _chinese() -> Words:
    from salesbot.words.chinese import Chinese  # only who reads it pays for it

    return Chinese()


@cache
def _traditional() -> Words:
    from salesbot.words.chinese_traditional import ChineseTraditional

    return ChineseTraditional()
