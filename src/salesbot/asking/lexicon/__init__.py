"""The words of each language and the concepts that they mean, one file a language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from salesbot.asking.text import plain

LANGUAGES = ("english", "chinese")
FILLER = "-"
OPENER = "~"  # changes nothing at the beginning and the end of a text, and is not read elsewhere
UNREAD = "unread"  # a phrase of known words that is not read
ASIDE = "?"  # may be set aside, only to offer what the rest asks
BEGINNING = 2  # characters by which phrases are looked up


@cache
def lexicon() -> dict[str, frozenset[str]]:
    """Every phrase of every language, in its plain form, with the concepts that it can mean."""
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        text = files(__package__).joinpath(f"{language}.txt").read_text("utf-8")
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                concept, _, phrases = line.partition(":")
                for phrase in phrases.split(","):
                    if phrase.strip():
                        found.setdefault(plain(phrase.strip()), set()).add(concept.strip())
    return {phrase: frozenset(concepts) for phrase, concepts in found.items()}


@cache
def common_words() -> frozenset[str]:
    """English words that are no slips of others, though they look alike."""
    text = files(__package__).joinpath("common_english.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def news_words() -> frozenset[str]:
    """Words of running text, in both languages, that say nothing of the number beside them."""
    texts = [files(__package__).joinpath(f"news_{name}.txt").read_text("utf-8") for name in ("english", "chinese")]
    lines = [line for text in texts for line in text.splitlines() if not line.startswith("#")]
    return frozenset(word for line in lines for word in line.split())


@cache
def words_of(role: str) -> frozenset[str]:
    """The words of messages that play a role there, in their plain form."""
    text = files(__package__).joinpath("messages.txt").read_text("utf-8")
    for line in text.splitlines():
        name, _, words = line.partition(":")
        if name.strip() == role:
            return frozenset(plain(word.strip()) for word in words.split(","))
    raise KeyError(role)


@cache
def lengths() -> dict[str, tuple[int, ...]]:
    """The lengths of the phrases that begin with the same two characters, the longest first."""
    found: dict[str, set[int]] = {}
    for phrase in lexicon():
        found.setdefault(phrase[:BEGINNING], set()).add(len(phrase))
    return {beginning: tuple(sorted(known, reverse=True)) for beginning, known in found.items()}
