"""The words of messages: which of them say something of a number, which nothing, and which may name a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from salesbot.asking.intents import METRICS
from salesbot.asking.lexicon import common_words, lexicon, news_words, words_of
from salesbot.asking.messages.text import SET_ASIDE
from salesbot.asking.segments import Segment
from salesbot.asking.text import is_ideograph

COUNTS = frozenset({*METRICS, "sold", "stores", "preorders"})
MOVES = frozenset({"cut", "rise", "lowers", "raises"})
PRICES = frozenset({"price", "states_price", "starting"})
BOUNDS = frozenset(
    {"at_least", "at_most", "exceeds", "falls_short", "about", "about_near", "and_more", "only", "exact"}
)
MONEY = ("money", "other_money")
DIFFERENCES = frozenset({"exceeds", "falls_short", "compared", "cheaper"})
TIMES = frozenset({"by", "since", "in_time", "in_month", "on_day", "before", "after", "span", "first", "until"})
OPENINGS = frozenset({"launch_event", "unveiled", "opening", "after_opening"})
ONLY_IN_MESSAGES = frozenset({"other_price", "other_period", "other_makers", "added", "paired"})
TELLING = frozenset(
    {*COUNTS, *MOVES, *PRICES, *BOUNDS, *ONLY_IN_MESSAGES, *SET_ASIDE, "cheaper", "share", "growth", "first"}
)
THINGS = ("launch", "model")
EDITION = re.compile(r"[\u4e00-\u9fff]{0,4}版[本型]?|版[为由均从自]")
PERIOD = re.compile(r"[qh][1-4]|fy[0-9]{2}")
ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "'s")


def plays(one: Segment, *roles: str) -> bool:
    """Whether a word plays one of some roles in a message."""
    return any(one.text in words_of(role) for role in roles)


def may_be_variant(after: Segment) -> bool:
    """Whether the word after a name may make it another thing, as Ultra does: one that is no common word."""
    if after.kind != "unknown" or after.after_break:
        return False
    word = after.text
    if is_ideograph(word[0]):
        return "版" in word
    if word.endswith(tuple(words_of("made"))):
        return False
    return not (is_common(word) or is_of_news(word))


def is_common(word: str) -> bool:
    return any(form in common_words() for form in _plain_forms(word))


def _plain_forms(word: str) -> Iterator[str]:
    """An English word, and what it may be a form of: stopped, stopping and stops of stop."""
    yield word
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            yield from (stem, f"{stem}e")
            if stem[-1] == stem[-2]:
                yield stem[:-1]
            if stem[-1] == "i":
                yield f"{stem[:-1]}y"


def is_of_news(text: str) -> bool:
    """Whether a text is made of words of news that say nothing of a number: one, or a run of Chinese ones."""
    if not text:
        return True
    if not is_ideograph(text[0]):
        known = lexicon()
        return any(form in news_words() or _is_plain(known.get(form)) for form in _plain_forms(text))
    return any(text[:end] in news_words() and is_of_news(text[end:]) for end in range(min(len(text), 5), 0, -1))


def _is_plain(concepts: frozenset[str] | None) -> bool:
    """Whether a word of some concepts, if it is known, says nothing of a number, and so no form of it."""
    return concepts is not None and concepts.isdisjoint(TELLING)


def may_be_name(one: Segment, capitals: frozenset[str]) -> bool:
    """Whether an unknown word may name a thing: written with a capital, or letters and digits together."""
    if one.kind != "unknown" or is_ideograph(one.text[0]) or not one.text[0].isalnum():
        return False
    if plays(one, "no_name") or is_of_news(one.text) or PERIOD.fullmatch(one.text):
        return False
    has_digit = any(c.isdigit() for c in one.text)
    return (has_digit and one.text[0].isalpha()) or (one.text in capitals and one.text not in common_words())


def makes_another(before: Segment) -> bool:
    """Whether the word before a name makes it another thing: a model year, a new generation."""
    if plays(before, "first_generation"):
        return False
    if before.kind == "word" and before.text in ("款", "代"):
        return True
    return before.kind == "unknown" and (
        plays(before, "generation") or any(c in before.text for c in "款代版") or may_be_variant(before)
    )
