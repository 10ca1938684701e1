"""Questions on counts: totals, stores, comparisons and how a count grew."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from salesbot.asking.intents.asking import (
    METRICS,
    Asking,
    Line,
    are_side_by_side,
    attests,
    is_by_another,
    launches_of,
)
from salesbot.asking.intents.moments import moment_asked, period_asked
from salesbot.asking.numbers_expected import number_asked
from salesbot.asking.sentence import Counted, Sentence
from salesbot.storage.snapshot import sql

OPENED = sql("select opened from launches where id = :id")
YEARS = frozenset(map(str, range(1990, 2100)))  # a number that stands alone may be one
ORDER = "单"  # the measure word of orders


COUNTING = frozenset(
    {*METRICS, "at_least", "exceeds", "sold", "how_many", "per_store", "share", "after_opening", "true", "now", "gains"}
    | {"so_far", "sums"}
    | {"customers", "attested", "number_of", "definition"}
)


def total(asking: Asking) -> Iterator[Line]:
    sentence = _without_whether(asking.sentence)
    asks_what = sentence.has("deeds", "price_opening") and sentence.has("sold")
    takes = COUNTING | ({"deeds", "price_opening"} if asks_what else set())
    if not sentence.takes(takes, "launch", "brand") or sentence.has("what_if", "supposes_first"):
        return
    if sentence.has("compare") or not _asks_a_count(sentence) or is_by_another(sentence) or attests(sentence):
        return
    if sentence.has("deliveries") and sentence.has("people"):
        return  # those who deliver
    agrees, metric = metric_asked(sentence)
    period = period_asked(sentence)
    moment = (period, False) if period is not None else moment_asked(asking)
    if not agrees or moment is None or not (metric or sentence.has("sold") or _asks_how_many(sentence)):
        return
    if sentence.has("true") and not sentence.numbers:
        return
    beside = ""
    if sentence.numbers:
        sold = [word.text for word in sentence.words if word.means("sold")]
        if len(sentence.numbers) > 1 or sentence.has("how_many") or not (metric or sold):
            return
        if not metric and sentence.has("sells"):
            return
        before = sentence.words[: sentence.numbers[0].place]
        if before and (before[-1].text == "of" or before[-1].means("number_of")):
            return  # a number that something has, or of which it is a part
        beside = number_asked(sentence.numbers[0], sentence)
    options, is_offered = moment[0], moment[1] or asks_what
    tail = {**options, **({"metric": metric} if metric else {})}
    launches = asking.ids("launch")
    if len(launches) == 1 and not asking.is_ambiguous("launch"):
        if asking.brand_makes(launches):
            yield Line("/orders total", {"launch": launches[0], **tail}, is_offered, beside)
    elif not launches and (metric or sentence.has("sold")) and not any(map(_may_be_a_year, sentence.numbers)):
        for launch in launches_of(asking):
            yield Line("/orders total", {"launch": launch, **tail}, is_offered=True)


def _may_be_a_year(number: Counted) -> bool:
    return number.low == number.high and number.low.denominator == 1 and number.text in YEARS


def first_day(asking: Asking) -> Iterator[Line]:
    """What is counted of the first day: the 24 hours after the opening or that day's end may be meant."""
    sentence = asking.sentence
    launches = asking.ids("launch")
    if (
        not sentence.has("first_day")
        or len(launches) != 1
        or not sentence.takes(COUNTING | {"first_day"}, "launch", "brand")
    ):
        return
    if sentence.numbers or sentence.durations or sentence.whens or not asking.brand_makes(launches):
        return
    agrees, metric = metric_asked(sentence)
    if not agrees or not (metric or sentence.has("sold")) or not _asks_a_count(sentence):
        return
    named = {"launch": launches[0], **({"metric": metric} if metric else {})}
    yield Line("/orders total", {**named, "within": "24h"}, is_offered=True)
    for (opened,) in asking.snapshot.values(OPENED, id=launches[0]):
        if opened and len(opened) >= len("2024-03-28"):
            yield Line("/orders total", {**named, "at": opened[:10]}, is_offered=True)


def _without_whether(sentence: Sentence) -> Sentence:
    """The sentence without the word behind a number that only asks whether it is so: 过10万没."""
    words = sentence.words
    is_asked = bool(sentence.numbers) and bool(words) and words[-1].means("whether") and not words[-1].names
    return sentence.of(words[:-1]) if is_asked else sentence


def _asks_how_many(sentence: Sentence) -> bool:
    """Whether a sentence asks how many, of what is not said: beside a time, or with no other word than a name."""
    plain = ("a", "an", "the", "of", "的", "了", "台", "辆", "卖")
    rest = [word for word in sentence.words if not (word.names or word.means("of_what") or word.text in plain)]
    return sentence.has("of_what") and (bool(sentence.durations) or not rest)


def _asks_a_count(sentence: Sentence) -> bool:
    """Whether the words ask how many, and not whether something is done, or that it be done, or what it is."""
    if sentence.has("how_many", "share", "so_far", "sums", "number_of") or sentence.numbers:
        return True
    words = [word for word in sentence.words if not word.names]
    if words and (sentence.words[0].means("whether") or words[-1].means("whether")):
        return False
    counted = [word for word in words if word.means("sold", *METRICS)]
    if counted and all(word.means("doing") for word in counted):
        return bool(sentence.durations or sentence.whens) and not any(word.text in ("a", "an") for word in words)
    is_rate = any(word.means("lock_in_rate", "cancellation_rate", "orders_per_store") for word in counted)
    return not sentence.has("definition") or is_rate or bool(sentence.durations or sentence.whens)


def metric_asked(sentence: Sentence) -> tuple[bool, str | None]:
    """Whether the words agree on a count, and which it is; none where it is not said."""
    said = {metric for metric in METRICS if sentence.has(metric)}
    if sentence.has("per_store"):
        is_count = bool(said) or sentence.has("sold") or any(word.text.endswith(ORDER) for word in sentence.words)
        return is_count and said <= {"orders", "orders_per_store"}, "orders_per_store"
    if sentence.has("share"):
        if said == {"orders", "locked_orders"}:
            return _is_of_orders(sentence), "lock_in_rate"
        return len(said) == 1 and said <= {"lock_in_rate", "cancellation_rate"}, next(iter(said), None)
    if said == {"orders", "locked_orders"} and _are_one(sentence):
        said.discard("orders")
    if len(said) > 1:
        return False, None
    if said and sentence.has("sold") and said != {"orders"}:
        return False, None
    return True, next(iter(said), None)


def _counts(sentence: Sentence) -> list[int]:
    """The places of the words that mean orders or locked orders."""
    return [place for place, word in enumerate(sentence.words) if word.means("orders", "locked_orders")]


def _are_one(sentence: Sentence) -> bool:
    """Whether orders and locked orders stand side by side, as in ``orders locked``, and are not two of a list."""
    places = _counts(sentence)
    between = sentence.words[places[0] + 1 : places[-1]]
    return not sentence.words[places[-1]].after_break and all(
        (word.is_filler and word.text != "to") or word.means("how_many", "in_time", "orders", "locked_orders", "so_far")
        for word in between
    )


def _is_of_orders(sentence: Sentence) -> bool:
    """Whether a ratio of orders and locked orders is that of the locked ones: one ``to`` the other has an order."""
    places = _counts(sentence)
    if not any(word.text == "to" for word in sentence.words[places[0] : places[-1]]):
        return True
    return sentence.words[places[0]].means("locked_orders") and not sentence.words[places[-1]].means("locked_orders")


def stores(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"stores", "how_many", "sold", "sells", "now", "after_opening", "so_far", "sums"})
    if not sentence.has("stores") or not sentence.takes(takes, "launch", "brand") or sentence.numbers:
        return
    if attests(sentence):
        return
    if not _is_number_of_stores(sentence) and any(
        word.means("sold") and not word.means("sells") for word in sentence.words
    ):
        return  # how many were sold in them
    moment = moment_asked(asking, is_level=True)
    if moment is None:
        return
    launches = asking.ids("launch")
    if len(launches) == 1 and asking.brand_makes(launches):
        yield Line("/orders stores", {"launch": launches[0], **moment[0]}, moment[1])
    elif not launches:
        for launch in launches_of(asking):
            yield Line("/orders stores", {"launch": launch, **moment[0]}, is_offered=True)


def extent(asking: Asking) -> Iterator[Line]:
    """In how many cities something is sold, and how many stores only show it: a store count may be meant as well."""
    sentence = asking.sentence
    takes = frozenset({"cities", "display", "stores", "how_many", "sold", "now", "after_opening", "so_far", "sums"})
    launches = asking.ids("launch")
    if not sentence.has("cities", "display") or len(launches) != 1 or not sentence.takes(takes, "launch", "brand"):
        return
    if sentence.numbers or sentence.durations or sentence.whens or not asking.brand_makes(launches):
        return
    metric = "display_stores" if sentence.has("display") else "cities"
    yield Line("/orders stores", {"launch": launches[0]}, is_offered=True)
    yield Line("/orders total", {"launch": launches[0], "metric": metric}, is_offered=True)


def _is_number_of_stores(sentence: Sentence) -> bool:
    """Whether it is the stores of which the words ask how many."""
    return any(word.means("how_many") and after.means("stores") for word, after in pairwise(sentence.words))


def compare(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    launches = asking.ids("launch")
    if (
        len(launches) < 2
        or sentence.numbers
        or not sentence.takes(COUNTING | {"compare", "joins", "how", "which_of_them"}, "launch", "brand")
    ):
        return
    if not are_side_by_side(sentence, "launch") or sentence.has("customers") or attests(sentence):
        return
    if sentence.has("gains") and (sentence.has("how") or not sentence.has("more_than")):
        return  # one that takes the other's
    if sentence.has("sums", "true") or len([one for one in METRICS if sentence.has(one)]) > 1:
        return
    agrees, metric = metric_asked(sentence)
    moment = moment_asked(asking)
    if not agrees or moment is None or moment[1] or not (metric or sentence.has("sold") or sentence.durations):
        return
    if asking.brand_makes(launches) and "at" not in moment[0]:
        options = {**moment[0], **({"metric": metric} if metric else {})}
        yield Line("/orders compare", {"launches": ",".join(launches), **options})


def progress(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"growth", "how", "how_many", "after_opening", "sold", "so_far", "gains", "how_fast", *METRICS})
    launches = asking.ids("launch")
    if (
        not sentence.has("growth")
        or len(launches) > 1
        or sentence.numbers
        or not sentence.takes(takes, "launch", "brand")
    ):
        return
    agrees, metric = metric_asked(sentence)
    moment = moment_asked(asking)
    if not (metric or sentence.has("sold")) or sentence.is_after_duration:
        return
    if metric == "deliveries" and sentence.has("how_fast"):
        return  # how long a buyer waits is another question
    if agrees and moment is not None and not moment[1] and asking.brand_makes(launches):
        options = {**moment[0], **({"metric": metric} if metric else {})}
        for launch in launches or launches_of(asking):
            yield Line("/orders progress", {"launch": launch, **options}, is_offered=not launches)
