"""Whether each word of a clause can only mean what a plain statement says.

It is the narrow gate in front of "as reported" and "contradicted": words of talk, of questions, of parts and of plans
do not pass, nor do words that stand where they turn what is said. What does not pass may still fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from salesbot.asking.lexicon import words_of
from salesbot.asking.messages.text import SET_ASIDE
from salesbot.asking.messages.vocabulary import ONLY_IN_MESSAGES, OPENINGS, TELLING, TIMES, plays
from salesbot.asking.segments import Segment
from salesbot.asking.text import is_ideograph

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
    "recall",
    "now",
}  # what a statement that is read in full may say
SIGNS = ("at_least", "at_most", "exceeds", "falls_short")
VERBS = ("gains", "sold", "lowers", "raises", "cut", "rise")
LONG_DURATION = re.compile(r"\b(?:a|an|one|per)\b|day|week|month|[天日周月]")
# of which there are several, or one came before
MORE_THAN_ONE = re.compile(
    r"debut|亮相|首秀|[预預][约約定订訂售]|reserv|pre-?order|pre-?sale|posts|tweets|\bboth\b|\beach\b|\btheir\b"
)
OF_THE_EVENT = re.compile(r"发布|发表|宣布|公布|announce|presentation|presented|event|unveil|reveal")  # no opening


def is_plain(pieces: Sequence[Segment]) -> bool:
    """Whether all pieces of a clause pass."""
    return all(_passes(pieces, place) for place in range(len(pieces)))


def _passes(pieces: Sequence[Segment], place: int) -> bool:
    one = pieces[place]
    if one.kind == "unknown" or one.means(*SET_ASIDE, *ONLY_IN_MESSAGES) or _is_turned(pieces, place):
        return False
    if one.means("cause") and not one.names:  # only of what is named: because of the SU7
        return all(other.names or other.is_filler or other.means(*OPENINGS) for other in pieces[place + 1 :])
    if one.kind == "duration":
        return _is_placed(pieces, place)
    if plays(one, "units"):
        return not any(other.means("price", "states_price") for other in pieces)  # it may be what one costs to make
    if one.kind != "word" or plays(one, "plain") or one.text in ("后", "to"):
        return True
    return one.means(*STATING) and not _is_of_question(one.text)


def _is_turned(pieces: Sequence[Segment], place: int) -> bool:
    """Whether a word stands where it turns the statement, or makes it one of something else."""
    one, before, after = pieces[place], pieces[:place], pieces[place + 1 : place + 2]
    is_of_number = any(other.kind == "number" for other in after)
    is_of_time = any(other.kind == "duration" for other in after)
    has_time = any(other.kind == "duration" for other in pieces)
    is_begun = any(other.names or other.means("orders", "locked_orders", "deliveries", "price") for other in before)
    last = before[-1] if before else None
    if "event" in one.names or one.means(*OPENINGS, "announcing", "posting"):
        return bool(MORE_THAN_ONE.search(one.text)) or (has_time and bool(OF_THE_EVENT.search(one.text)))
    if one.names:
        return False
    if plays(one, "calls") and not is_begun:
        return True
    if one.means(*SIGNS):
        return not is_of_number  # over 24 hours, over the SU7
    if plays(one, "one_of_many") or one.means("and_more"):
        return is_of_number  # order number so many, so many more
    if one.text == "后":  # of the opening, if it is named; else of any hours
        return last is None or not (last.means(*OPENINGS) or "event" in last.names)
    if one.text == "after" or plays(one, "before_or_after"):
        return is_of_time or (last is not None and last.kind == "duration" and one.text != "after")
    if one.text == "to":  # in a range; else it may be where it is going
        return not (is_of_number and last is not None and last.kind == "number")
    if one.text == "of":  # so many of them
        return last is None or last.kind == "number" or is_of_number
    if plays(one, "auxiliary"):
        return not is_begun  # it may ask
    if one.means("responds"):
        return one.text.startswith("的")  # whose it is
    others = [other for other in pieces if other is not one]
    if one.means("sold") and any(other.means("orders", "locked_orders", "reservations") for other in others):
        return True  # they change hands
    if one.means("lowers", "raises") and any(other.means("cut", "rise") for other in others):
        return True  # it is the cut that became smaller
    if one.means(*VERBS) and one.text not in words_of("nouns"):
        return one.after_break or not is_begun  # it may call for it
    if place == 0 and plays(one, "leading_in"):
        rest = [other for other in pieces[1:] if not plays(other, "article")]
        return bool(rest) and rest[0].kind == "number"
    return False


def _is_placed(pieces: Sequence[Segment], place: int) -> bool:
    """Whether a duration is one of its own: 10,000 orders a day are those of every day."""
    one, before = pieces[place], pieces[place - 1] if place else None
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    if (before is not None and before.text in ("a", "an", "one")) or (after is not None and after.means("span")):
        return False  # any such time
    is_placed = before is not None and before.means("in_time", "first") and not one.text.startswith("a")
    return is_placed or not LONG_DURATION.search(one.text)


def _is_of_question(text: str) -> bool:
    """Whether a phrase holds a word of a question, or of an offer."""
    words, text = words_of("asked"), text.replace("几乎", "")
    return any(is_ideograph(word[0]) and word in text for word in words) or not words.isdisjoint(text.split())
