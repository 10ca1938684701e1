"""The plain form in which texts and the words of the lexicon are compared, and where a word ends."""

from __future__ import annotations

import re
import unicodedata

from salesbot.values.simplified import simplified

_LETTERS = re.compile(r"[a-z0-9]+")
_ENDINGS = re.compile(r"(?:ing|ed|es|s|e)$")
JOINS = "+-"  # signs that belong to a word: Pro+, P7-i
_MENTION = re.compile(r"^\s*(?:<@[!&]?\d+>|@salesbot\b)[,:\s]*", re.IGNORECASE)
_JOINERS = "\u200d\ufe0f"
_DENYING = "❌✖❎🚫⛔👎"
LAST_OF_TEXTS = 0x2190  # before arrows and pictographs
_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "—": "–", "−": "-", "，": ",", "。": ".", "？": "?", "！": "!"}
)


def plain(text: str) -> str:
    """Case, width and traditional characters folded: ``ＳＵ７ 鎖單`` is ``su7 锁单``."""
    return simplified(unicodedata.normalize("NFKC", text).casefold()).translate(_SIGNS)


def without_ornaments(text: str) -> str:
    """A text without the bot's mention before it, and without pictographs, but those that deny."""
    kept = ("" if c in _JOINERS else " " if _is_pictograph(c) else c for c in _MENTION.sub("", text))
    return "".join(kept)


def _is_pictograph(c: str) -> bool:
    return unicodedata.category(c) in ("So", "Sk") and ord(c) > LAST_OF_TEXTS and c not in _DENYING


def is_word(c: str) -> bool:
    """Whether a character is part of a word of letters that are separated by spaces."""
    return c.isalnum() and not is_ideograph(c)


def is_ideograph(c: str) -> bool:
    """Whether a character is Chinese, where words stand without spaces."""
    return "\u2e80" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff"


def ends_word(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is not a part of a longer word of letters."""
    before, after = text[start - 1 : start], text[end : end + 1]
    begins = not (before and is_word(text[start]) and (is_word(before) or before in JOINS))
    ends = not (after and is_word(text[end - 1]) and (is_word(after) or _joins(text, end)))
    return begins and ends


def _joins(text: str, at: int) -> bool:
    """Whether the sign at a place belongs to the word before it."""
    if text[at] == "+":
        return True
    return text[at] == "-" and text[at + 1 : at + 2].isascii() and text[at + 1 : at + 2].isalnum()


def pieces(text: str) -> frozenset[str]:
    """The words of letters without their endings, and each Chinese character."""
    words = {_ENDINGS.sub("", word) if len(word) > 4 else word for word in _LETTERS.findall(text)}
    return frozenset(words | {c for c in text if is_ideograph(c)})
