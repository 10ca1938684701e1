"""What makes a line doubtful although it uses every word: then it is offered and not answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from salesbot.asking.intents.asking import METRICS, Line
from salesbot.asking.segments import Segment
from salesbot.asking.sentence import Sentence
from salesbot.asking.text import is_ideograph

RATES = ("lock_in_rate", "cancellation_rate")
PRICED = (
    "pric",
    "discount",
    "cheap",
    "expensive",
    "mark",
    "价",
    "优惠",
    "便宜",
    "贵",
    "官降",
    "打折",
)
ORDER = "单"  # the measure word of orders, and of nothing where stores are counted
NUMBERED = ("count", "number", "total", "数", "规模")  # in a word for stores


def is_doubtful(sentence: Sentence, line: Line) -> bool:
    """Whether the line may ask something else than the words."""
    return any(doubt(sentence, line) for doubt in DOUBTS.get(line.verb, ()))


def _is_asked_whether(sentence: Sentence) -> bool:
    words = sentence.words
    return bool(words) and (words[0].means("whether") or words[-1].means("whether") or words[-1].means("asks"))


def _has_strong_compare(sentence: Sentence) -> bool:
    """Whether a word compares, and does not only join."""
    return any(word.means("compare") and not word.means("joins") for word in sentence.words)


# counts


def _share_of_a_count(sentence: Sentence, line: Line) -> bool:
    """Whether a share is said of a count: locked orders over 40%."""
    return any(one.is_share for one in sentence.numbers) and line.typed.get("metric") not in RATES


def _bound_without_number(sentence: Sentence, line: Line) -> bool:
    """Whether something exceeds what is named: what topped the orders of the SU7."""
    return sentence.has("exceeds", "at_least") and not sentence.numbers


def _counts_of_buyers(sentence: Sentence, line: Line) -> bool:
    """Whether buyers are said to do what could be theirs: how many buyers sold their SU7."""
    theirs = any(word.means("sold") or (word.means("deliveries") and word.means("doing")) for word in sentence.words)
    return (sentence.has("customers", "people") and theirs) or sentence.has("together")


def _whether_of_a_sum(sentence: Sentence, line: Line) -> bool:
    """Whether it is asked if something is done, with a word for a sum: SU7累计交付了吗."""
    return _is_asked_whether(sentence) and not (sentence.numbers or sentence.has("how_many", "share", "of_what"))


def _of_the_cars_in_stores(sentence: Sentence, line: Line) -> bool:
    """Whether it is cars or orders in the stores that are counted, or asked if or which stores there are."""
    words = sentence.words
    is_number = any(word.means("how_many") and after.means("stores") for word, after in pairwise(words))
    asks = sentence.has("how_many", "number_of") or any(_names_a_number(word) for word in words)
    after = next((place for place, word in enumerate(words) if word.means("stores")), len(words))
    counted = words[after:] if is_number else words
    if any(word.means("measure") and not (is_number and word.text == ORDER) for word in counted):
        return True
    if sentence.has("sold") and not is_number:
        return True
    return (_is_asked_whether(sentence) and not asks) or (sentence.has("asks_which") and not asks)


def _names_a_number(word: Segment) -> bool:
    return word.means("stores") and any(sign in word.text for sign in NUMBERED)


# comparisons


def _moment_of_one_side(sentence: Sentence, line: Line) -> bool:
    """Whether one side is so far, and the other within a time."""
    return bool(sentence.durations) and sentence.has("now", "up_to_now")


def _metric_of_one_side(sentence: Sentence, line: Line) -> bool:
    """Whether one side is sales and the other a count that is named."""
    metric = line.typed.get("metric", "")
    return bool(metric) and any(
        word.means("sold") and not word.means(metric, "compare", "more_than") for word in sentence.words
    )


def _no_count_compared(sentence: Sentence, line: Line) -> bool:
    """Whether two things only stand side by side, and something else is asked: who sells them, how, whether."""
    words = [word for word in sentence.words if not word.names]
    if sentence.has("customers", "people"):
        return True
    if sentence.has("habit") and sentence.has("doing"):
        return True  # those who did both
    if _has_strong_compare(sentence) or sentence.has("how_many"):
        return False
    doing = [word for word in words if word.means("doing", "sells") or word.text in ("order", "sold", "delivered")]
    is_noun = any(word.means(*METRICS) and not word.means("doing") and word.text != "order" for word in words)
    return (bool(doing) and not is_noun) or sentence.has("requests", "how") or _is_asked_whether(sentence)


# prices


def _trim_apart(sentence: Sentence, line: Line) -> bool:
    """Whether a trim stands apart from its model, as in the max price of one."""
    words = [word for word in sentence.words if word.names or not word.is_filler]
    if "trim" not in line.typed or line.verb == "/prices compare":
        return False
    beside = [place for place, word in enumerate(words) if "trim" in word.names]
    near = [words[place + step] for place in beside for step in (-1, 1) if 0 <= place + step < len(words)]
    return not any(one.names.keys() & {"model", "launch", "trim"} for one in near)


def _several_prices(sentence: Sentence, line: Line) -> bool:
    """Whether prices are asked that something once had."""
    texts = {word.text for word in sentence.words}
    return "prices" in texts and bool(texts & {"had", "has"} or sentence.has("how_many"))


def _cost_to_its_maker(sentence: Sentence, line: Line) -> bool:
    """Whether a maker pays: the cost of an SU7 to Xiaomi."""
    words = [word for word in sentence.words if word.names or not word.is_filler]
    made = any(
        before.means("price") and "brand" in after.names and not after.names.keys() & {"model", "launch"}
        for before, after in pairwise(words)
    )
    ends = bool(words) and "brand" in words[-1].names and not words[-1].names.keys() & {"model", "launch"}
    return made or (ends and len(words) > 1 and any(word.text in ("to", "for") for word in sentence.words))


def _car_of_that_price(sentence: Sentence, line: Line) -> bool:
    """Whether cars of a price are asked for: SU7价位的车."""
    return bool(sentence.words) and sentence.words[-1].means("measure") and sentence.has("price")


def _place_of_one_side(sentence: Sentence, line: Line) -> bool:
    """Whether the place or the day may be that of one of the two."""
    return "region" in line.typed or ("on" in line.typed and sentence.has("now"))


def _nobody_moved(sentence: Sentence, line: Line) -> bool:
    """Whether it is left open whose prices moved after an event: SU7上市后降价了吗, did they cut prices after it."""
    has_subject = "model" in line.typed or "brand" in line.typed or sentence.has("everyone", "which_models")
    if "after" not in line.typed or has_subject:
        return False
    is_chinese = any(is_ideograph(word.text[0]) for word in sentence.words if word.means("after", "after_opening"))
    return is_chinese or sentence.has("nobody") or _is_asked_whether(sentence)


def _not_of_prices(sentence: Sentence, line: Line) -> bool:
    """Whether it is units, figures or a firm's shares that moved."""
    moved = [word for word in sentence.words if word.means("cut", "rise", "move", "alter", "lowers", "raises")]
    is_priced = sentence.has("price") or any(sign in word.text for word in moved for sign in PRICED)
    if not is_priced and "model" not in line.typed:
        return True
    if any(word.means("measure") and word.means("of_what") for word in sentence.words):
        return True
    return sentence.has("measure", "data") and not is_priced


# times


def _rivals(sentence: Sentence, line: Line) -> bool:
    """Whether others than who is named are asked for."""
    return any(word.means("everyone") and not word.means("all_of_them") for word in sentence.words)


def _compared_gap(sentence: Sentence, line: Line) -> bool:
    """Whether one gap is compared with another."""
    return _has_strong_compare(sentence)


def _what_was_posted(sentence: Sentence, line: Line) -> bool:
    """Whether it is asked what, which or how many: what Jia posted after the launch."""
    asks = sentence.has("asks_which") and not sentence.has("or")
    return asks or sentence.has("lists", "deeds", "number_of")


def _habit(sentence: Sentence, line: Line) -> bool:
    """Whether it is asked when something is usually done, or since when."""
    begins = sentence.has("starts") and sentence.has("posting")
    is_post = sentence.has("posting") or any("event" in word.names for word in sentence.words)
    return begins or (sentence.has("habit") and is_post)


# suppositions


def _supposed_backwards(sentence: Sentence, line: Line) -> bool:
    """Whether what is asked is no result of what is given: how many stores so many orders would need."""
    words, given = sentence.words, line.typed
    asked = [after for word, after in pairwise(words) if word.means("how_many")]
    if "stores" not in given and any(one.means("stores") for one in asked):
        return True
    if "lock_in_rate" not in given and sentence.has("lock_in_rate"):
        return True
    if set(given) <= {"launch", "within", "at", "lock_in_rate"} and sentence.has("orders"):
        return any(one.means("orders") and not one.means("locked_orders") for one in words)
    return _is_asked_whether(sentence) and sentence.has("becomes")


def _faster_to_lock(sentence: Sentence, line: Line) -> bool:
    """Whether it may be how long a buyer takes: how quickly were orders locked in."""
    return sentence.has("how_fast") and sentence.has("locked_orders")


DOUBTS: Mapping[str, tuple[Callable[[Sentence, Line], bool], ...]] = {
    "/orders total": (_share_of_a_count, _bound_without_number, _counts_of_buyers, _whether_of_a_sum),
    "/orders stores": (_of_the_cars_in_stores,),
    "/orders compare": (_moment_of_one_side, _metric_of_one_side, _no_count_compared, _bound_without_number),
    "/orders progress": (_faster_to_lock,),
    "/orders whatif": (_supposed_backwards,),
    "/prices show": (_trim_apart, _several_prices, _cost_to_its_maker, _car_of_that_price),
    "/prices compare": (_place_of_one_side,),
    "/prices changes": (_trim_apart, _nobody_moved, _not_of_prices),
    "/timeline events": (_rivals,),
    "/timeline gap": (_compared_gap,),
    "/timeline check": (_what_was_posted,),
    "/timeline when": (_habit,),
}
