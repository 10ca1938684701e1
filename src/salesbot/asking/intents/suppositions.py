"""Questions on what would be, if so many stores, orders or shares were given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salesbot.asking.intents.asking import Asking, Line
from salesbot.asking.intents.moments import moment_asked
from salesbot.asking.segments import Segment
from salesbot.asking.sentence import Counted, Sentence

SUPPOSING = frozenset({"sold", "how_many", "per_store", "after_opening", "stores", "what_if", "would", "joins"}) | {
    "supposes_first",
    "gains",
    "so_far",
    "sums",
}


OPENINGS = ("so", "ok", "okay", "hi", "hey", "hello", "and", "but", "well")


def what_if(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    computed = {"orders", "locked_orders", "orders_per_store", "lock_in_rate"}
    takes = SUPPOSING | computed
    if len(sentence.numbers) not in (1, 2, 3) or not sentence.takes(takes, "launch", "brand"):
        return
    is_sure = _supposes(sentence)
    if not is_sure and not (
        len(sentence.numbers) == 2 and sentence.has("per_store", "lock_in_rate", "orders_per_store")
    ):
        return
    moment = moment_asked(asking)
    launches = asking.ids("launch")
    if moment is None or moment[1] or len(launches) > 1 or not asking.brand_makes(launches):
        return
    given: dict[str, str] = {}
    for number in sentence.numbers:
        option = _option_of(sentence, number)
        if option is None or option in given:
            return
        given[option] = number.text
    if sentence.has("per_store") and "orders_per_store" not in given:
        is_sure = False
    if "orders" in given and _joined_with_locked(sentence):
        is_sure = False
    options = {**({"launch": launches[0]} if launches else {}), **moment[0], **given}
    yield Line("/orders whatif", options, is_offered=not is_sure)


def _supposes(sentence: Sentence) -> bool:
    """Whether it is supposed that something were so; ``if`` and ``say`` do so at the beginning or beside ``would``."""
    if sentence.has("what_if"):
        return True
    for place, word in enumerate(sentence.words):
        if word.means("supposes_first"):
            before = [one for one in sentence.words[:place] if one.text not in OPENINGS]
            is_second = word.text in ("if", "if the", "with", "given") and not all(one.is_filler for one in before)
            return not before or (is_second and sentence.has("would"))
    return False


def _joined_with_locked(sentence: Sentence) -> bool:
    """Whether a number stands in one clause with locked orders: which of the two it counts is not plain."""
    for number in sentence.numbers:
        clause: list[Segment] = []
        for place, word in enumerate(sentence.words):
            if word.after_break:
                if place >= number.place:
                    break
                clause = []
            clause.append(word)
        if any(word.means("locked_orders") for word in clause):
            return True
    return False


def _option_of(sentence: Sentence, number: Counted) -> str | None:
    """The option of a number: by what is counted right after it, else right before, inside its own clause."""
    if number.is_share:
        is_rate = sentence.has("locked_orders", "lock_in_rate") and not sentence.has("sold")
        return "lock_in_rate" if is_rate and not _is_share_of_locked(sentence, number) else None
    is_each = _is_of_each_store(sentence, number)
    after = _nearest(sentence.words[number.place :])
    before = None if number.after_break else _nearest(sentence.words[: number.place][::-1], is_before=True)
    close = sentence.words[number.place - 1] if number.place and not number.after_break else None
    is_close = close is not None and close.means("orders") and not close.means("locked_orders")
    for word in (before, after) if is_close else (after, before):
        if word is None:
            continue
        if word.means("locked_orders"):
            return None
        is_of_store = word.means("orders_per_store") or (word.means("per_store", "sold", "gains") and is_each)
        if is_of_store:
            return "orders_per_store"
        if word.means("stores"):
            return "stores"
        if word.means("orders"):
            return "orders_per_store" if is_each else "orders"
    return None


def _is_of_each_store(sentence: Sentence, number: Counted) -> bool:
    """Whether a number counts what each store has: that is said before it, or behind it in its own clause."""
    clause: list[Segment] = []
    for word in sentence.words[number.place :]:
        if word.after_break and clause:
            break
        clause.append(word)
    behind = [] if clause and clause[0].after_break else clause
    if any(word.means("how_many") for word in behind) or any(
        word.means("sums") for word in sentence.words[: number.place]
    ):
        return False  # that is asked
    return any(word.means("per_store") for word in (*sentence.words[: number.place], *behind))


def _is_share_of_locked(sentence: Sentence, number: Counted) -> bool:
    """Whether a share is one of locked orders, which is no rate of locking in."""
    after, before = sentence.words[number.place :], sentence.words[: number.place][::-1]
    of = after[0].text == "of" if after else False
    if of and (word := next((one for one in after if not (one.is_filler or one.names)), None)):
        return word.means("locked_orders")
    return len(before) > 1 and before[0].text == "的" and before[1].means("locked_orders")


def _nearest(words: Sequence[Segment], *, is_before: bool = False) -> Segment | None:
    """The first word of some that is neither a filler nor a name, up to a break."""
    for word in words:
        if word.after_break and not is_before:
            return None
        is_passed = word.is_filler or (is_before and word.means("what_if", "supposes_first", "would"))
        if not word.names and (not is_passed or word.means("stores", "orders")):
            return word
        if word.after_break:
            return None
    return None
