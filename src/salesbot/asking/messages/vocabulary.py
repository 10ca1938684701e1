"""The words of messages: which of them say something of a number, which nothing, and which may name a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
STATING = (TELLING - SET_ASIDE - ONLY_IN_MESSAGES - {"cheaper", "share", "growth"}) | {
    *TIMES,
    *OPENINGS,
    "money",
    "so_far",
    "gains",
    "per_store",
    "former",
    "responds",
    "first_delivery",
    "posting",
    "measure",
    "announcing",
    "follows",
    "recall",
    "now",
}  # what a statement that is read in full may say
THINGS = ("launch", "model")
SIGNS = ("at_least", "at_most", "exceeds", "falls_short")
SINGLE = ("order", "order number", "delivery", "delivery number", "reservation")
BEFORE_OR_AFTER = ("前", "之前", "以前", "之后", "之後", "以后", "以後", "过后")
MORE_THAN_ONE = re.compile(
    "debut|亮相|首秀|[预預][约約定订訂]|reserv|pre-?order"
)  # of which there was one before, or may have been
LONG_DURATION = re.compile(r"\b(?:a|an|one|per)\b|day|week|month|[天日周月]")
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


def is_plain(pieces: Sequence[Segment], place: int) -> bool:
    """Whether a piece can only mean what a plain statement says: no talk to a reader, and no phrase of a question.

    A day or a week needs a word that says of which one it is: ``10,000 orders a day`` are those of every day.
    """
    one, after = pieces[place], pieces[place + 1 : place + 2]
    if one.means("cause") and not one.names:  # only of what is named: because of the SU7
        return all(other.names or other.is_filler or other.means(*OPENINGS) for other in pieces[place + 1 :])
    if "event" in one.names or one.means(*OPENINGS):
        return not MORE_THAN_ONE.search(one.text)
    if one.means(*SIGNS) and not one.names:
        return any(other.kind == "number" for other in after)
    if one.text in SINGLE or one.means("and_more"):  # order number so many, so many more
        return not any(other.kind == "number" for other in after)
    if one.text == "after" and any(other.kind == "duration" for other in after):
        return False
    if one.text in BEFORE_OR_AFTER and any(other.kind == "duration" for other in pieces[max(place - 1, 0) : place + 2]):
        return False
    if one.kind == "duration":
        before = pieces[place - 1] if place else None
        is_placed = before is not None and before.means("in_time", "first") and not one.text.startswith("a")
        return is_placed or not LONG_DURATION.search(one.text)
    if one.text in ("后", "後"):  # of the opening, if it is named; else of any hours
        return place > 0 and (pieces[place - 1].means(*OPENINGS) or "event" in pieces[place - 1].names)
    if one.kind != "word" or plays(one, "plain"):
        return one.kind != "unknown"
    if one.text == "to":
        return place + 1 < len(pieces) and pieces[place + 1].kind == "number"
    return one.means(*STATING) and not _is_of_question(one.text)


def _is_of_question(text: str) -> bool:
    """Whether a phrase holds a word of a question."""
    words = words_of("asked")
    return any(is_ideograph(word[0]) and word in text for word in words) or not words.isdisjoint(text.split())
