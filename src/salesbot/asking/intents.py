"""What a sentence can ask: each intent makes a line of it, and counts only if it uses every word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from salesbot.asking.events_named import EVENT_CONCEPTS, event_of
from salesbot.asking.name_book import NameBook
from salesbot.asking.segments import Segment
from salesbot.asking.sentence import Counted, Sentence, When
from salesbot.asking.text import is_ideograph
from salesbot.questions.typed_values import duration_text
from salesbot.storage.snapshot import Snapshot, sql

METRICS = (
    "orders",
    "locked_orders",
    "deliveries",
    "reservations",
    "orders_per_store",
    "lock_in_rate",
    "cancellation_rate",
)
COUNTING = frozenset(
    {*METRICS, "sold", "how_many", "per_store", "share", "after_opening", "true", "now", "gains", "so_far", "sums"}
    | {"customers", "attested", "number_of"}
)
CHANGING = frozenset(
    {"price", "cut", "rise", "move", "alter", "any", "follows", "how_many", "how_much", "everyone", "all_trims"}
    | {"lowers", "raises", "gains", "which_models", "price_opening", "deeds"}
)
BRAND_OF_LAUNCH = sql("select brand_id from launches where id = :id")
BRAND_OF_MODEL = sql("select distinct brand_id from prices where model_id = :id limit 20")
LAUNCHES = sql("select id, brand_id from launches order by rowid limit 50", scans="launches")
MOST_OFFERED = 3


class Line(Struct, frozen=True):
    """A line that a sentence asks: its command and options as typed; one that is only ``offered`` is never answered.

    ``expects`` is the number that the sentence asks about.
    """

    verb: str
    typed: Mapping[str, str]
    is_offered: bool = False
    expects: str = ""


class Asking(Struct, frozen=True):
    """A sentence with the facts that it is asked of."""

    sentence: Sentence
    snapshot: Snapshot
    names: NameBook

    def ids(self, kind: str) -> list[str]:
        """The ids of a kind that are named, in order; names of several things are left out."""
        found = (word.names.get(kind, frozenset()) for word in self.sentence.words)
        return list(dict.fromkeys(id for ids in found if len(ids) == 1 for id in ids))

    def is_ambiguous(self, kind: str) -> bool:
        """Whether a name means several things of a kind."""
        return any(len(word.names.get(kind, ())) > 1 for word in self.sentence.words)

    def brands(self) -> list[str]:
        """The brands that are named by words that name no launch or model."""
        words = (word for word in self.sentence.words if "launch" not in word.names and "model" not in word.names)
        return list(dict.fromkeys(id for word in words for id in word.names.get("brand", ())))

    def brand_makes(self, things: list[str]) -> bool:
        """Whether the brands named make the launches or models named."""
        makers = {
            row[0]
            for thing in things
            for query in (BRAND_OF_LAUNCH, BRAND_OF_MODEL)
            for row in self.snapshot.values(query, id=thing)
        }
        return all(brand in makers for brand in self.brands())


def brands_fit(asking: Asking, things: list[str]) -> bool:
    """Whether the brands named make the things named; also where no thing is."""
    return not things or asking.brand_makes(things)


def lines(asking: Asking) -> list[Line]:
    """Every line that the sentence can ask."""
    found: list[Line] = []
    for intent in INTENTS:
        found += intent(asking)
    return found


# counts


def _metric(sentence: Sentence) -> tuple[bool, str | None]:
    """Whether the words agree on a count, and which it is; none where it is not said."""
    said = {metric for metric in METRICS if sentence.has(metric)}
    if sentence.has("per_store"):
        return bool(said or sentence.has("sold")) and said <= {"orders", "orders_per_store"}, "orders_per_store"
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
    is_definition = any(word.text in ("what are", "what is a", "what is an", "what's a") for word in words)
    is_definition = is_definition or [word.text for word in words[:2]] in (["what", "are"], ["what is", "a"])
    is_rate = any(word.means("lock_in_rate", "cancellation_rate", "orders_per_store") for word in counted)
    return not is_definition or is_rate or bool(sentence.durations or sentence.whens)


def _is_by_another(sentence: Sentence) -> bool:
    """Whether a maker or a person buys, or is sold to."""
    words = [word for word in sentence.words if word.names or not word.is_filler or word.text == "to"]
    return any(
        (_is_buyer(word) and after.means("buying")) or (word.text == "to" and _is_buyer(after))
        for word, after in pairwise(words)
    )


def _is_buyer(word: Segment) -> bool:
    """Whether a word names a maker or a person and nothing that is sold."""
    return bool(word.names.keys() & {"brand", "person"}) and not word.names.keys() & {"launch", "model"}


def _attests(sentence: Sentence) -> bool:
    """Whether it is asked if a number is official or exact; before a noun these words change nothing."""
    places = [place for place, word in enumerate(sentence.words) if word.means("attested")]
    if not places:
        return False
    if sentence.words[0].means("whether") or sentence.words[-1].means("whether"):
        return True
    after = [word for word in sentence.words[places[-1] + 1 :] if word.means("price", "stores", "sold", *METRICS)]
    return not after


def _moment(asking: Asking, *, is_level: bool = False) -> tuple[dict[str, str], bool] | None:
    """The options of the moment asked about, and whether they may only be offered; ``None`` for several.

    A count has grown by a day; a level, as stores are, stands on a day.
    """
    sentence = asking.sentence
    if len(sentence.durations) + len(sentence.whens) > 1:
        return None
    if sentence.durations:
        return {"within": duration_text(sentence.durations[0])}, False
    if sentence.whens:
        when = sentence.whens[0]
        if when.last is not None or when.role in ("since", "after", "until", "before"):
            return None
        is_said = when.role == "by" and (when.day.is_day or not when.day.lacks_year)
        is_said = is_said or (is_level and when.day.is_day)
        if when.role == "in" or (not when.day.is_day and not is_said):
            return None
        return {"at": when.day.iso}, not is_said
    return {}, False


def _total(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not sentence.takes(COUNTING, "launch", "brand") or sentence.has("what_if", "supposes_first"):
        return
    if sentence.has("compare") or not _asks_a_count(sentence) or _is_by_another(sentence) or _attests(sentence):
        return
    if sentence.has("deliveries") and sentence.has("people"):
        return  # those who deliver
    agrees, metric = _metric(sentence)
    moment = _moment(asking)
    if not agrees or moment is None or not (metric or sentence.has("sold") or _asks_how_many(sentence)):
        return
    if sentence.has("true") and not sentence.numbers:
        return
    expects = ""
    if sentence.numbers:
        sold = [word.text for word in sentence.words if word.means("sold")]
        if len(sentence.numbers) > 1 or sentence.has("how_many") or not (metric or sold):
            return
        if not metric and sentence.has("sells"):
            return
        before = sentence.words[: sentence.numbers[0].place]
        if before and (before[-1].text == "of" or before[-1].means("number_of")):
            return  # a number that something has, or of which it is a part
        expects = sentence.numbers[0].text
    options, is_offered = moment
    tail = {**options, **({"metric": metric} if metric else {})}
    launches = asking.ids("launch")
    if len(launches) == 1 and not asking.is_ambiguous("launch"):
        if asking.brand_makes(launches):
            yield Line("/orders total", {"launch": launches[0], **tail}, is_offered, expects)
    elif not launches and (metric or sentence.has("sold")):
        for launch in _launches_of(asking):
            yield Line("/orders total", {"launch": launch, **tail}, is_offered=True)


def _asks_how_many(sentence: Sentence) -> bool:
    """Whether a sentence asks how many, of what is not said: beside a time, or with no other word than a name."""
    plain = ("a", "an", "the", "of", "的", "了", "台", "辆", "卖")
    rest = [word for word in sentence.words if not (word.names or word.means("of_what") or word.text in plain)]
    return sentence.has("of_what") and (bool(sentence.durations) or not rest)


def _launches_of(asking: Asking) -> list[str]:
    """The launches that may be meant where none is named: of the brand named, else every one."""
    brands = asking.brands()
    rows = asking.snapshot.values(LAUNCHES)
    return [id for id, brand in rows if not brands or brand in brands]


def _stores(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"stores", "how_many", "sold", "now", "after_opening", "so_far", "sums"})
    if not sentence.has("stores") or not sentence.takes(takes, "launch", "brand") or sentence.numbers:
        return
    if _attests(sentence):
        return
    if not _is_number_of_stores(sentence) and any(
        word.means("sold") and not word.means("sells") for word in sentence.words
    ):
        return  # how many were sold in them
    moment = _moment(asking, is_level=True)
    if moment is None:
        return
    launches = asking.ids("launch")
    if len(launches) == 1 and asking.brand_makes(launches):
        yield Line("/orders stores", {"launch": launches[0], **moment[0]}, moment[1])
    elif not launches:
        for launch in _launches_of(asking):
            yield Line("/orders stores", {"launch": launch, **moment[0]}, is_offered=True)


def _is_number_of_stores(sentence: Sentence) -> bool:
    """Whether it is the stores of which the words ask how many."""
    return any(word.means("how_many") and after.means("stores") for word, after in pairwise(sentence.words))


def _compare(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    launches = asking.ids("launch")
    if (
        len(launches) < 2
        or sentence.numbers
        or not sentence.takes(COUNTING | {"compare", "joins", "how"}, "launch", "brand")
    ):
        return
    if not _are_side_by_side(sentence, "launch") or sentence.has("gains", "customers") or _attests(sentence):
        return
    if sentence.has("sums", "true") or len([one for one in METRICS if sentence.has(one)]) > 1:
        return
    agrees, metric = _metric(sentence)
    moment = _moment(asking)
    if not agrees or moment is None or moment[1] or not (metric or sentence.has("sold") or sentence.durations):
        return
    if asking.brand_makes(launches) and "at" not in moment[0]:
        options = {**moment[0], **({"metric": metric} if metric else {})}
        yield Line("/orders compare", {"launches": ",".join(launches), **options})


def _are_side_by_side(sentence: Sentence, kind: str) -> bool:
    """Whether things of a kind are compared: by a word that does, or one right after the other."""
    if sentence.has("compare", "joins", "cheaper"):
        return True
    words = [word for word in sentence.words if word.names or not word.is_filler]
    places = [place for place, word in enumerate(words) if kind in word.names]
    return places == list(range(places[0], places[-1] + 1))


def _progress(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"growth", "how", "how_many", "after_opening", "sold", "so_far", "gains", "how_fast", *METRICS})
    launches = asking.ids("launch")
    if (
        not sentence.has("growth")
        or len(launches) != 1
        or sentence.numbers
        or not sentence.takes(takes, "launch", "brand")
    ):
        return
    agrees, metric = _metric(sentence)
    moment = _moment(asking)
    if not (metric or sentence.has("sold")) or sentence.is_after_duration:
        return
    if metric == "deliveries" and sentence.has("how_fast"):
        return  # how long a buyer waits is another question
    if agrees and moment is not None and not moment[1] and asking.brand_makes(launches):
        options = {**moment[0], **({"metric": metric} if metric else {})}
        yield Line("/orders progress", {"launch": launches[0], **options})


SUPPOSING = frozenset({"sold", "how_many", "per_store", "after_opening", "stores", "what_if", "would", "joins"}) | {
    "supposes_first",
    "gains",
    "so_far",
    "sums",
}


def _whatif(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    computed = {"orders", "locked_orders", "orders_per_store", "lock_in_rate"}
    takes = SUPPOSING | computed
    if not _supposes(sentence) or len(sentence.numbers) not in (1, 2) or not sentence.takes(takes, "launch", "brand"):
        return
    moment = _moment(asking)
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
        return
    if "orders" in given and _joined_with_locked(sentence):
        return
    yield Line("/orders whatif", {**({"launch": launches[0]} if launches else {}), **moment[0], **given})


OPENINGS = ("so", "ok", "okay", "hi", "hey", "hello", "and", "but", "well")


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
    after = _nearest(sentence.words[number.place :])
    before = None if number.after_break else _nearest(sentence.words[: number.place][::-1], is_before=True)
    for word in (after, before):
        if word is None:
            continue
        if word.means("locked_orders"):
            return None
        if word.means("orders_per_store", "per_store"):
            return "orders_per_store"
        if word.means("stores"):
            return "stores"
        if word.means("orders"):
            return "orders_per_store" if sentence.has("per_store") else "orders"
    return None


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


# prices


def _trim(asking: Asking) -> tuple[bool, dict[str, str]]:
    trims = asking.ids("trim")
    return len(trims) <= 1, ({"trim": trims[0]} if trims else {})


def _region(asking: Asking) -> tuple[bool, dict[str, str]]:
    places = asking.ids("place")
    return len(places) <= 1 and not asking.is_ambiguous("place"), ({"region": places[0]} if places else {})


def _price(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"price", "price_opening", "how_much", "how_many", "now", "true", "deeds", "attested"})
    models = asking.ids("model")
    if not _is_of_price(sentence) or len(models) != 1 or sentence.durations or _attests(sentence):
        return
    if not sentence.takes(takes, "model", "brand", "trim", "place") or not asking.brand_makes(models):
        return
    if sentence.numbers and (len(sentence.numbers) > 1 or not sentence.has("true")):
        return
    if (sentence.has("true") and not sentence.numbers) or _is_paid_by(sentence):
        return
    expects = sentence.numbers[0].text if sentence.numbers else ""
    (is_one, trim), (is_place, region) = _trim(asking), _region(asking)
    day = day_options(sentence)
    if is_one and is_place and day is not None:
        yield Line("/prices show", {"model": models[0], **trim, **region, **day}, expects=expects)


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


def _is_of_price(sentence: Sentence) -> bool:
    """Whether a price is asked; ``how much is`` asks it only where no other word tells of what."""
    if sentence.has("price"):
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


def day_options(sentence: Sentence) -> dict[str, str] | None:
    """The option of the one day asked about; ``None`` for anything else than a day."""
    if not sentence.whens:
        return {}
    when = sentence.whens[0]
    if len(sentence.whens) > 1 or when.last or not when.day.is_day or when.role not in ("on", "in", "none", "by"):
        return None
    return {"on": when.day.iso}


def _price_compare(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"price", "price_opening", "cheaper", "compare", "joins", "how_many", "how_much", "now"})
    models = asking.ids("model")
    if len(models) < 2 or not sentence.has("price", "cheaper") or sentence.numbers or sentence.durations:
        return
    if not sentence.takes(takes, "model", "brand", "place") or not asking.brand_makes(models):
        return
    if not _are_side_by_side(sentence, "model"):
        return
    (is_place, region), day = _region(asking), day_options(sentence)
    if is_place and day is not None:
        yield Line("/prices compare", {"models": ",".join(models), **region, **day})


def _changes(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if (
        not sentence.has("cut", "rise", "move", "alter", "lowers", "raises")
        or sentence.numbers
        or sentence.durations
        or sentence.has("history")
    ):
        return
    for rest, event in _after_event(asking):
        takes = CHANGING
        if asking.sentence.has("cut", "lowers") and asking.sentence.has("rise", "raises"):
            takes |= {"compare", "joins"}
        left = Asking(Sentence(rest, (), sentence.whens, ()), asking.snapshot, asking.names)
        if not left.sentence.takes(takes, "model", "brand", "trim", "place"):
            continue
        models, brands = left.ids("model"), left.brands()
        (is_one, trim), (is_place, region), window = _trim(left), _region(left), _window(sentence, bool(event))
        if len(models) > 1 or len(brands) > 1 or not is_one or not is_place or window is None:
            continue
        if left.is_ambiguous("model") or (trim and not models) or (models and not left.brand_makes(models)):
            continue
        if (models or brands) and left.sentence.has("everyone"):
            continue  # rivals of the one that is named
        if models and left.sentence.has("which_models"):
            continue
        if not left.sentence.has("price", "cut", "rise", "move") or _is_of_cost(left.sentence):
            continue  # a firm lowers and raises other things as well
        if not (models or brands or left.sentence.has("everyone", "which_models") or event or window):
            continue
        if left.sentence.has("follows") and not event:
            continue
        of = {"model": models[0]} if models else {"brand": brands[0]} if brands else {}
        order = {**of, **trim, **region, **window, **({"after": event} if event else {})}
        known = ("model", "trim", "brand", "region", "since", "until", "after")
        yield Line("/prices changes", {name: order[name] for name in known if name in order})


def _is_of_cost(sentence: Sentence) -> bool:
    """Whether what moves is what something costs its maker."""
    return not sentence.has("cut", "rise", "move") and all(
        word.text in ("cost", "costs") for word in sentence.words if word.means("price")
    )


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


def _beside(words: Sequence[Segment], place: int) -> Iterator[int]:
    """The place of the launch or model that something comes after: before these words in Chinese, behind in English."""
    step = -1 if is_ideograph(words[place].text[0]) else 1
    at = place + step
    while 0 <= at < len(words) and words[at].is_filler and not words[at].names:
        at += step
    if 0 <= at < len(words) and words[at].names.keys() & {"launch", "model"}:
        yield at


def _window(sentence: Sentence, has_event: bool) -> dict[str, str] | None:
    """The options of the days between which a move lies; ``None`` where the words leave it open."""
    if not sentence.whens:
        return {}
    if len(sentence.whens) > 2:
        return None
    found: dict[str, str] = {}
    for when in sentence.whens:
        for name, value in _days(when):
            if name in found:
                return None
            found[name] = value
    return None if has_event and "since" in found else found


def _days(when: When) -> Iterator[tuple[str, str]]:
    if when.last is not None:
        yield from (("since", when.day.iso), ("until", when.last.iso))
    elif when.role == "since":
        yield "since", when.day.iso
    elif when.role in ("by", "until"):
        yield "until", when.day.iso
    elif when.role == "before" or (when.role == "after" and when.day.lacks_year):
        yield from (("before", ""), ("before", ""))  # the day beside it would have to be named
    elif when.role == "after":
        yield "since", when.day.following()
    else:
        yield from (("since", when.day.iso), ("until", when.day.iso))


def _history(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    takes = frozenset({"history", "price", "move", "alter", "growth", "how", "so_far"})
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
    (is_one, trim), (is_place, region), window = _trim(asking), _region(asking), _window(sentence, has_event=False)
    if is_one and is_place and window is not None:
        yield Line("/prices history", {"model": models[0], **trim, **region, **window})


# times


def _when_was(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not sentence.has("when") or sentence.numbers or sentence.durations or sentence.whens:
        return
    if _is_by_another(sentence):
        return
    words = tuple(word for word in sentence.words if not (word.means("when", "true", "starts") and not word.names))
    event = event_of(words, asking.snapshot, asking.names)
    if event is not None:
        yield Line("/timeline when", {"what": event})


def _two_events(asking: Asking, spoken: frozenset[str]) -> tuple[str, str] | None:
    """The two events that the words name one after the other; ``None`` if there is no one way to part them."""
    words = [word for word in asking.sentence.words if word.names or not (word.means(*spoken) or word.is_filler)]
    marked = [word for word in words if word.names or word.means(*EVENT_CONCEPTS)]
    if len(marked) != len(words):
        return None
    found: set[tuple[str, str]] = set()
    for place in range(1, len(words)):
        first = event_of(words[:place], asking.snapshot, asking.names)
        second = event_of(words[place:], asking.snapshot, asking.names)
        if first is not None and second is not None and first != second:
            found.add((first, second))
    return found.pop() if len(found) == 1 else None


def _check(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not sentence.has("before", "after", "or") or sentence.has("gap", "when", "cut", "rise", "move", "how_many"):
        return
    if sentence.numbers or sentence.durations or sentence.whens:
        return
    if any(word.means("compare") and not word.names and not word.means("joining") for word in sentence.words):
        return
    if sentence.has("sooner") and sentence.has("before", "after"):
        return  # how long after is another question
    two = _two_events(asking, frozenset({"before", "after", "or", "compare", "joins", "true", "how_many"}))
    if two is not None:
        yield Line("/timeline check", {"first": two[0], "second": two[1]})


BETWEEN_TWO = frozenset({"gap", "before", "after", "compare", "joins", "between", "until", "how_many", "since"})


def _gap(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not sentence.has("gap") or sentence.numbers or sentence.durations or sentence.whens:
        return
    two = _two_events(asking, BETWEEN_TWO)
    if two is not None:
        yield Line("/timeline gap", {"first": two[0], "second": two[1]})


def _events(asking: Asking) -> Iterator[Line]:
    sentence = asking.sentence
    if not _tells_events(sentence) or sentence.numbers or sentence.durations or not sentence.whens:
        return
    who = [*asking.ids("person"), *asking.brands()]
    window = _window(sentence, has_event=False)
    if (
        len(who) <= 1
        and window is not None
        and sentence.takes(frozenset({"events", "deeds", "any"}), "person", "brand")
    ):
        yield Line("/timeline events", {**({"who": who[0]} if who else {}), **window})


def _tells_events(sentence: Sentence) -> bool:
    """Whether it is asked what happened, or what somebody did."""
    does = any(word.text in ("do", "done", "been doing", "say", "said") for word in sentence.words)
    return sentence.has("events") or (sentence.has("deeds") and does)


INTENTS: tuple[Callable[[Asking], Iterator[Line]], ...] = (
    _total,
    _stores,
    _compare,
    _progress,
    _whatif,
    _price,
    _price_compare,
    _changes,
    _history,
    _when_was,
    _check,
    _gap,
    _events,
)
