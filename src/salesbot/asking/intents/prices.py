"""Questions on prices: of a day, beside each other, what changed, and how they came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from salesbot.asking.events_named import event_of
from salesbot.asking.intents.asking import Asking, Line, are_side_by_side, attests
from salesbot.asking.intents.moments import day_options, window_asked
from salesbot.asking.numbers_expected import number_asked
from salesbot.asking.segments import Segment
from salesbot.asking.sentence import Sentence
from salesbot.asking.text import is_ideograph

CHANGING = frozenset(
    {"price", "cut", "rise", "move", "alter", "any", "follows", "how_many", "how_much", "everyone", "all_trims"}
    | {"lowers", "raises", "gains", "which_models", "price_opening", "deeds", "events", "by", "how"}
)


BESIDE_PRICE = frozenset(
    {
        "a",
        "an",
        "the",
        "new",
        "of",
        "for",
        "at",
        "on",
        "in",
        "car",
        "cars",
        "this",
        "that",
        "it",
        "and",
        "was",
        "is",
        "are",
    }
)


def price(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset(
        {"price", "price_opening", "how_much", "how_many", "now", "true", "deeds", "attested", "all_trims"}
    )
    models = asking.ids("model")
    if not _is_of_price(sentence) or len(models) != 1 or sentence.durations or attests(sentence):
        return
    if not sentence.takes(takes, "model", "brand", "trim", "place") or not asking.brand_makes(models):
        return
    if sentence.numbers and (len(sentence.numbers) > 1 or not sentence.has("true")):
        return
    if (sentence.has("true") and not sentence.numbers) or _is_paid_by(sentence):
        return
    beside = number_asked(sentence.numbers[0], sentence) if sentence.numbers else ""
    (is_one, trim), (is_place, region) = _trim(asking), _region(asking)
    day = day_options(sentence)
    if is_one and is_place and day is not None:
        yield Line("/prices show", {"model": models[0], **trim, **region, **day}, beside=beside)


def deposit(asking: Asking) -> Iterator[Line]:
    """What is paid to order a model, which stands among its prices."""
    sentence = asking.sentence
    takes = frozenset({"deposit", "price", "price_opening", "how_much", "how_many", "attested"})
    models = asking.ids("model")
    if not sentence.has("deposit") or len(models) != 1 or sentence.numbers or sentence.durations or sentence.whens:
        return
    if sentence.takes(takes, "model", "brand", "trim") and asking.brand_makes(models):
        is_one, trim = _trim(asking)
        if is_one:
            yield Line("/prices show", {"model": models[0], **trim}, is_offered=True)


def _is_of_price(sentence: Sentence) -> bool:
    """Whether a price is asked; ``how much is`` asks it only where no other word tells of what."""
    if sentence.has("price"):
        return True
    asked = [word for word in sentence.words if not (word.names or word.is_filler)]
    if sentence.has("how_much") and all(word.means("how_much") for word in asked):
        return True
    rest = [word for word in sentence.words if not (word.names or word.means("price_opening", "now"))]
    return sentence.has("price_opening") and all(
        word.is_filler and (word.text in BESIDE_PRICE or word.after_break) for word in rest
    )


def _is_paid_by(sentence: Sentence) -> bool:
    """Whether a maker stands right behind the price, as of what something cost it."""
    return any(
        word.means("price") and "brand" in after.names and not after.names.keys() & {"model", "launch"}
        for word, after in pairwise(sentence.words)
    )


def price_compare(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"price", "price_opening", "cheaper", "compare", "joins", "how_many", "how_much", "now"})
    takes |= {"differs"}
    models = asking.ids("model")
    if len(models) < 2 or not sentence.has("price", "cheaper", "differs"):
        return
    if sentence.numbers or sentence.durations:
        return
    if not sentence.takes(takes, "model", "brand", "place", "trim") or not asking.brand_makes(models):
        return
    words = [word for word in sentence.words if not set(word.names) & {"trim"}]
    if not are_side_by_side(sentence.of(words), "model"):
        return
    (is_place, region), (is_one, trim), day = _region(asking), _trim(asking), day_options(sentence)
    is_of_each = sum("trim" in word.names for word in sentence.words) in (0, len(models))
    if is_place and is_one and day is not None:
        options = {"models": ",".join(models), **trim, **region, **day}
        yield Line("/prices compare", options, is_offered=not is_of_each)


def changes(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not _is_of_changes(sentence) or sentence.numbers or sentence.durations or sentence.has("history"):
        return
    for rest, event in _after_event(asking):
        takes = CHANGING
        if asking.sentence.has("cut", "lowers") and asking.sentence.has("rise", "raises"):
            takes |= {"compare", "joins"}
        left = Asking(Sentence(rest, (), sentence.whens, ()), asking.snapshot, asking.names)
        if not left.sentence.takes(takes, "model", "brand", "trim", "place"):
            continue
        models, brands = left.ids("model"), left.brands()
        (is_one, trim), (is_place, region), window = _trim(left), _region(left), window_asked(sentence, bool(event))
        if len(models) > 1 or len(brands) > 1 or not is_one or not is_place or window is None:
            continue
        if left.is_ambiguous("model") or (trim and not models) or (models and not left.brand_makes(models)):
            continue
        if (models or brands) and left.sentence.has("everyone"):
            continue  # rivals of the one that is named
        if models and left.sentence.has("which_models"):
            continue
        is_of_price = left.sentence.has("price", "cut", "rise", "move")
        if not (is_of_price or models) or _is_of_cost(left.sentence):
            continue  # a firm lowers and raises other things as well, a model is cut in its price
        if not (models or brands or left.sentence.has("everyone", "which_models") or event or window):
            continue
        if left.sentence.has("follows") and not event:
            continue
        of = {"model": models[0]} if models else {"brand": brands[0]} if brands else {}
        order = {**of, **trim, **region, **window, **({"after": event} if event else {})}
        known = ("model", "trim", "brand", "region", "since", "until", "after")
        options = {name: order[name] for name in known if name in order}
        is_offered = not is_of_price or left.sentence.has("how")
        yield Line("/prices changes", options, is_offered, _direction(left.sentence))
        if event and not (models or brands or left.sentence.has("everyone", "which_models")):
            for model in asking.ids("model"):  # its own price may be meant
                yield Line("/prices changes", {"model": model, **window, "after": event}, is_offered=True)


def _direction(sentence: Sentence) -> str:
    """The one direction of moves that is asked about; empty where it is any."""
    is_cut, is_rise = sentence.has("cut", "lowers"), sentence.has("rise", "raises")
    return "" if is_cut == is_rise or sentence.has("move", "alter") else "cut" if is_cut else "rise"


def _is_of_changes(sentence: Sentence) -> bool:
    """Whether it is asked what moved; what happened to a price is that."""
    moves = sentence.has("cut", "rise", "move", "alter", "lowers", "raises")
    return moves or (sentence.has("events") and sentence.has("price"))


def _is_of_cost(sentence: Sentence) -> bool:
    """Whether what moves is what something costs its maker."""
    told = [word.text for word in sentence.words if word.means("price")]
    return bool(told) and not sentence.has("cut", "rise", "move") and set(told) <= {"cost", "costs"}


def _after_event(asking: Asking) -> Iterator[tuple[tuple[Segment, ...], str]]:
    """The sentence without the event that its moves come after, and that event; the whole without one."""
    words = asking.sentence.words
    places = [place for place, word in enumerate(words) if word.means("after") and word.kind == "word"]
    if not places and not asking.sentence.has("after_opening"):
        yield words, ""
        return
    for place in places:
        is_chinese = is_ideograph(words[place].text[0])  # what it comes after stands before the word
        for length in range(1, 7):
            first = place - length if is_chinese else place + 1
            group = words[max(0, first) : max(0, first) + length]
            if first < 0 or len(group) < length:
                continue
            event = event_of(group, asking.snapshot, asking.names)
            if event is not None:
                rest = (
                    (*words[:first], *words[place + 1 :]) if is_chinese else (*words[:place], *words[first + length :])
                )
                yield rest, event
    launch = Segment("word", "", frozenset({"launch_event"}))
    for place, word in enumerate(words):
        if word.means("after_opening"):
            for other in _beside(words, place):
                event = event_of((words[other], launch), asking.snapshot, asking.names)
                if event is not None:
                    yield tuple(one for at, one in enumerate(words) if at not in (place, other)), event
                    break
            else:
                things = asking.ids("model")
                own = [one for one in words if set(things) & one.names.get("model", frozenset())]
                event = event_of((own[0], launch), asking.snapshot, asking.names) if len(things) == 1 else None
                if event is not None:  # its own launch
                    yield tuple(one for at, one in enumerate(words) if at != place), event


def _beside(words: Sequence[Segment], place: int) -> Iterator[int]:
    """The place of the launch or model that something comes after: before these words in Chinese, behind in English."""
    step = -1 if is_ideograph(words[place].text[0]) else 1
    at = place + step
    while 0 <= at < len(words) and words[at].is_filler and not words[at].names:
        at += step
    if 0 <= at < len(words) and words[at].names.keys() & {"launch", "model"}:
        yield at


def history(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"history", "price", "move", "alter", "growth", "how", "so_far", "lists"})
    models = asking.ids("model")
    is_growth = any(word.means("growth") and not word.means("rise", "cut") for word in sentence.words)
    tells = [word.text for word in sentence.words if word.means("history")]
    is_history = (sentence.has("price") and (bool(tells) or is_growth)) or any(
        "pric" in one or "价" in one for one in tells
    )
    if not is_history or len(models) != 1 or sentence.numbers or sentence.durations:
        return
    if not sentence.takes(takes, "model", "brand", "trim", "place") or not asking.brand_makes(models):
        return
    (is_one, trim), (is_place, region), window = _trim(asking), _region(asking), window_asked(sentence, has_event=False)
    if is_one and is_place and window is not None:
        yield Line("/prices history", {"model": models[0], **trim, **region, **window})


def _trim(asking: Asking) -> tuple[bool, dict[str, str]]:
    trims = asking.ids("trim")
    return len(trims) <= 1, ({"trim": trims[0]} if trims else {})


def _region(asking: Asking) -> tuple[bool, dict[str, str]]:
    places = asking.ids("place")
    return len(places) <= 1 and not asking.is_ambiguous("place"), ({"region": places[0]} if places else {})
