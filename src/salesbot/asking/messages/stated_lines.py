"""What a few words state about counts, prices and times: slash lines, each with what is expected of its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from salesbot.asking.events_named import event_of
from salesbot.asking.intents import METRICS, Asking, Line, brands_fit, day_options
from salesbot.asking.intents.asking import launches_of
from salesbot.asking.lexicon import words_of
from salesbot.asking.name_book import NameBook
from salesbot.asking.numbers_expected import BOUNDS, number_stated
from salesbot.asking.segments import Segment
from salesbot.asking.sentence import Sentence, When, sentence
from salesbot.errors import SalesbotError
from salesbot.facts.vocabulary import SOLD
from salesbot.questions.line import question, written
from salesbot.questions.names import Names
from salesbot.questions.typed_values import duration_text
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.quantity import decimal_text
from salesbot.values.written_dates import NO_YEAR

POSTPOSED = ("后", "之后", "以后", "过后", "前", "之前", "以前")
HAVING = ("had", "has", "have", "有", "了")
OFFERS = ("优惠", "打折", "折扣", "便宜了", "discount", "discounts", "discounted", "有优惠")
CURRENCIES = {"USD": ("usd", "dollar", "dollars", "美元", "美金"), "EUR": ("eur", "euro", "euros", "欧元")}
LEAST_COUNT = 10  # of running text, where smaller numbers count other things
LEAST_PRICE = 1000
WIDEST_PRICES = 3  # times the greatest price of a model, or one part of the least, is of something else
MOST_LAUNCHES = 3  # of a brand
PRICES = sql(
    "select min(coalesce(low, high)), max(coalesce(high, low)) from prices"
    " where model_id = :model"
    " and price_type in ('list_price', 'msrp', 'starting_price', 'street_price', 'pre_sale_price')"
    " and (:currency = '' or currency = :currency) limit 1"
)
WIDEST_MOVE = 5  # times the least of a range of moves
LEAST_MOVE = 100  # a smaller number beside a price that moved is part of a name


class Expected(Struct, frozen=True):
    """One line and what a statement expects of its answer, as a claim's check does.

    ``figure`` names the reported figure it speaks of, empty where the line asks for one.
    ``currency`` is that of the prices it speaks of, empty where it names none. ``of`` says which of several figures
    have to be so: any, all, or the least, as of a starting price. ``has_guessed_year``: its day had none.
    """

    line: str
    expects: str
    currency: str = ""
    has_guessed_year: bool = False
    of: Literal["any", "all", "least"] = "any"
    figure: str = ""


class Statement(Struct, frozen=True):
    """A statement found in a message: its words, and one line and expectation for each way to read it.

    ``is_dated``: it says when; ``says_what``: it says what is counted; ``is_whole``: no word of its clause is unread.
    ``has_carried_moment``: its moment is that of another clause.
    """

    quote: str
    readings: tuple[Expected, ...]
    is_dated: bool
    says_what: bool
    is_price: bool = False
    is_whole: bool = True
    has_carried_moment: bool = False
    sentence: int = 0  # which one of its message


class Context(Struct):
    """What earlier clauses of a message said that later ones leave out.

    ``is_loose``: numbers of running text are read, where a store count needs no more words, and one of a month is that
    of the row that counts it. ``posted`` is the day of the message.
    """

    launch: str | None
    model: str | None
    moment: dict[str, str]
    is_loose: bool = False
    posted: date | None = None


def read(
    span: Sequence[Segment],
    snapshot: Snapshot,
    names: NameBook,
    context: Context,
    posted: date | None,
) -> Statement | None:
    """The statement that segments make, without its words; ``None`` if they make none."""
    said = sentence(span)
    if said is None:
        return None
    asking = Asking(said, snapshot, names)
    for kind in (_count, _stores, _price, _move, _response, _order):
        for lines, is_dated, says_what in kind(asking, context):
            readings = tuple(_expected(line, expects, snapshot, posted) for line, expects in lines)
            if readings and all(readings):
                told = tuple(_of_money(one, said) if kind in (_price, _move) else one for one in readings if one)
                return Statement("", told, is_dated, says_what, is_price=kind is _price)
    return None


def currency_of(word: Segment) -> str:
    """The code of a currency that is not the yuan; empty where a word names none, or one that is not read."""
    return next((code for code, words in CURRENCIES.items() if word.text in words), "")


def _of_money(expected: Expected, said: Sentence) -> Expected:
    """What is expected of prices or moves of a currency, and of which of them."""
    currency = "CNY" if said.has("money") else "".join(filter(None, map(currency_of, said.words)))
    is_bound = expected.expects.startswith((">", "<"))
    return replace(expected, currency=currency, of="least" if said.has("starting") else "all" if is_bound else "any")


def _expected(line: Line, expects: str, snapshot: Snapshot, posted: date | None) -> Expected | None:
    names, typed = Names(snapshot), dict(line.typed)
    has_guessed_year = any(NO_YEAR in text for text in typed.values())
    if has_guessed_year:
        year = posted.year if posted else _only_year(typed, names)
        if year is None:
            return None
        in_year = {name: text.replace(NO_YEAR, f"{year:04}") for name, text in typed.items()}
        if posted and any(NO_YEAR in typed[name] and text > posted.isoformat() for name, text in in_year.items()):
            in_year = {name: text.replace(NO_YEAR, f"{year - 1:04}") for name, text in typed.items()}
        typed = in_year
    try:
        figure, _, number = expects.rpartition(": ")
        asked = written(question(line.verb, typed, names))
        return Expected(asked, number, has_guessed_year=has_guessed_year, figure=figure)
    except SalesbotError:
        return None


def _only_year(typed: Mapping[str, str], names: Names) -> int | None:
    """The year of dates without one, where it can only be one."""
    dates = [text for text in typed.values() if NO_YEAR in text]
    years = names.years_of({name: text for name, text in typed.items() if NO_YEAR not in text}, dates)
    return years[0] if len(years) == 1 else None


Reading = tuple[list[tuple[Line, str]], bool, bool]
_COUNTED = BOUNDS | {
    *METRICS,
    "sold",
    "after_opening",
    "now",
    "per_store",
    "share",
    "gains",
    "so_far",
    "sums",
    "exclaims",
    "preorders",
}


def _count(asking: Asking, context: Context) -> Iterator[Reading]:
    """So many of something by some moment."""
    said = asking.sentence
    if len(said.numbers) != 1 or not said.takes(_COUNTED, "launch", "brand", "model"):
        return
    launches = _launches(asking, context)
    if len(launches) != 1 or not brands_fit(asking, launches) or len(said.durations) + len(said.whens) > 1:
        return
    if (reading := _of_a_period(asking, launches[0])) is not None:
        yield reading
        return
    moment = moment_stated(said, context)
    if moment is None or not _limits_the_number(said):
        return
    number = said.numbers[0]
    if context.is_loose and not number.is_share and number.high < LEAST_COUNT:
        return
    metrics = [metric for metric in METRICS if said.has(metric)]
    if "locked_orders" in metrics and "orders" in metrics:
        metrics.remove("orders")
    if said.has("per_store"):
        metrics = ["orders_per_store"]
    if len(metrics) > 1 or (not metrics and not said.has("sold", "preorders")):
        return
    if not metrics and said.has("sells"):
        return  # it may be a price
    if number.is_share != (bool(metrics) and metrics[0].endswith("_rate")):
        return
    is_undated = metrics == ["deliveries"] and not context.is_loose
    if said.durations and (is_undated or (said.has("per_store") and not metrics)):
        return  # deliveries of some days or other
    read = metrics or (["orders", "reservations"] if said.has("preorders") else list(SOLD))
    if metrics == ["orders"] and any(word.text in words_of("firm") for word in said.words):
        read = ["orders", "locked_orders"]  # what makers call firm may be either
    expects = number_stated(number, said, is_count=not number.is_share)
    if expects is None:
        return
    lines = [(Line("/orders total", {"launch": launches[0], **moment, "metric": one}), expects) for one in read]
    is_own, is_near = bool(said.durations or said.whens), said.has("about_near")  # how near, it does not say
    if "at" in moment:
        context.moment = moment
    is_dated, says_what = bool(moment) and number.low == number.high, bool(metrics) and (is_own or not moment)
    is_worked_out = metrics == ["orders_per_store"]
    is_dated = is_dated and not is_worked_out and not _is_to_come(moment.get("at"), context.posted)
    yield lines, is_dated, says_what and not is_near


def _is_to_come(at: str | None, posted: date | None) -> bool:
    """Whether a moment lies after the message, of which it can only forecast."""
    return at is not None and posted is not None and NO_YEAR not in at and at > posted.isoformat()


def _of_a_period(asking: Asking, launch: str) -> Reading | None:
    """So many in a month, a quarter or a year; it is not sure of what where it may be counted from the opening on."""
    said = asking.sentence
    metrics = [metric for metric in METRICS if said.has(metric)]
    if not metrics and said.has("sold") and not said.has("sells"):
        metrics = ["deliveries"]  # what makers call the sales of a month
    when = said.whens[0] if said.whens else None
    if when is None or when.last is not None or when.role not in ("in", "none") or len(metrics) != 1:
        return None
    if when.day.is_day or said.numbers[0].is_share:
        return None
    expects = number_stated(said.numbers[0], said, is_count=True)
    if expects is None:
        return None
    line = Line("/orders total", {"launch": launch, "during": when.day.iso, "metric": metrics[0]})
    return [(line, expects)], True, not said.has("reaches", "exceeds", "at_least", "so_far", "sums")


def _launches(asking: Asking, context: Context) -> list[str]:
    """The launches that are named, else the one before; a model that is none of them is another thing."""
    words = asking.sentence.words
    if any("model" in word.names and "launch" not in word.names for word in words):
        return []
    if asking.ids("launch"):
        return asking.ids("launch")
    return [context.launch] if context.launch else []


def _limits_the_number(said: Sentence) -> bool:
    """Whether each ``only`` stands by the number: before it, with no more than a verb between."""
    number = said.numbers[0]
    for place, word in enumerate(said.words):
        if word.means("only") and not word.names:
            between = said.words[place + 1 : number.place]
            if place >= number.place or any(
                one.names or not (one.means("sold", "gains", "by", *METRICS) or one.text in HAVING) for one in between
            ):
                return False
    return True


def _stores(asking: Asking, context: Context) -> Iterator[Reading]:
    """So many stores."""
    said = asking.sentence
    if not context.is_loose or len(said.numbers) != 1 or not said.has("stores") or said.durations:
        return
    launches, moment = _launches(asking, context), moment_stated(said, context)
    if not launches and asking.brands():
        launches = launches_of(asking)  # stores are those of the brand
    elif len(launches) != 1 or not brands_fit(asking, launches):
        return
    if moment is None or said.numbers[0].is_share or said.has(*METRICS, "sold", "per_store"):
        return
    expects = number_stated(said.numbers[0], said, is_count=True)
    if expects is not None:
        lines = [(Line("/orders stores", {"launch": one, **moment}), f"sales_stores: {expects}") for one in launches]
        yield lines[:MOST_LAUNCHES], False, True


def moment_stated(said: Sentence, context: Context) -> dict[str, str] | None:
    """The options of the moment that a statement names, else that of the clause before."""
    if said.durations:
        return {"within": duration_text(said.durations[0])}
    if not said.whens:
        is_by_then = context.is_loose and "at" in context.moment and not said.has("now", "so_far")
        return {} if said.has("now", "so_far", "sums") and not is_by_then else dict(context.moment)
    when = said.whens[0]
    if context.is_loose and when.last is None and when.role in ("none", "on") and when.day.is_day:
        return {"at": when.day.iso}
    if when.last is not None or when.role != "by" or not when.day.is_day:
        return None
    return {"at": when.day.iso}


def _price(asking: Asking, context: Context) -> Iterator[Reading]:
    """A price of a model."""
    said = asking.sentence
    takes = BOUNDS | {"price", "states_price", "starting", "money", "other_money", "now", "former"}
    if any(word.means("other_money") and not currency_of(word) for word in said.words):
        return
    if len(said.numbers) != 1 or said.numbers[0].is_share or not said.has("price", "states_price") or said.durations:
        return
    if not _limits_the_number(said):
        return
    models = asking.ids("model") or ([context.model] if context.model else [])
    if len(models) != 1 or not said.takes(takes, "model", "brand", "trim") or not brands_fit(asking, models):
        return
    trims, day = asking.ids("trim"), day_options(said)
    if len(trims) > 1 or day is None or any(when.role == "by" for when in said.whens):
        return
    if said.numbers[0].high < LEAST_PRICE:
        return
    trim = {"trim": trims[0]} if trims else {}
    if context.is_loose and not _may_cost(asking, models[0]):
        return
    expects = number_stated(said.numbers[0], said, is_count=False)
    if expects is not None and said.has("former"):
        yield [(Line("/prices history", {"model": models[0], **trim}), expects)], False, True
    elif expects is not None:
        yield [(Line("/prices show", {"model": models[0], **trim, **day}), expects)], bool(day), True


def _may_cost(asking: Asking, model: str) -> bool:
    """Whether a price of running text is near the prices of a model in its currency, and so not of something else."""
    said = asking.sentence
    named = [currency_of(word) or "CNY" for word in said.words if word.means("money", "other_money")]
    number, currency = said.numbers[0], named[0] if named else ""
    ((least, most),) = asking.snapshot.values(PRICES, model=model, currency=currency)
    if least is None or most is None:  # it has none, in this currency or at all
        return not currency or asking.snapshot.values(PRICES, model=model, currency="") == [(None, None)]
    return Fraction(least) / WIDEST_PRICES <= number.low and number.high <= Fraction(most) * WIDEST_PRICES


def _move(asking: Asking, context: Context) -> Iterator[Reading]:
    """A price that went up or down, by an amount or by none that is told."""
    said = asking.sentence
    takes = frozenset({"price", "cut", "rise", "lowers", "raises", "money", "by", "follows", "only", "exact"})
    takes |= {"at_most"} if context.is_loose else frozenset()
    is_cut, is_rise = said.has("cut", "lowers"), said.has("rise", "raises")
    is_of_price = said.has("cut", "rise", "price", "money") or bool(asking.ids("model") and said.numbers)
    if not is_of_price or any(word.text in ("到", "至", "to") for word in said.words):
        return
    if is_cut == is_rise or said.durations or len(said.numbers) > 1 or not said.takes(takes, "model", "brand", "trim"):
        return
    models, brands = asking.ids("model"), asking.brands()
    models = models or ([context.model] if context.model and not brands else [])
    if len(models) > 1 or len(brands) > 1 or not (models or brands) or not brands_fit(asking, models):
        return
    trims, window = asking.ids("trim"), _window(said.whens)
    if len(trims) > 1 or window is None or (trims and not models):
        return
    if said.numbers and models and _may_cost(asking, models[0]):
        return  # it is the price that moved
    if said.has("only") and not said.numbers:
        return
    expects = "cut" if is_cut else "rise"
    if said.numbers:
        number, is_range = said.numbers[0], said.numbers[0].low != said.numbers[0].high
        if number.is_share or number.low < LEAST_MOVE or not _limits_the_number(said):
            return
        if is_range and (not context.is_loose or number.high > WIDEST_MOVE * number.low):
            return  # by 10,000 to 249,900: a move and the price it led to
        low, high = sorted((-number.low, -number.high) if is_cut else (number.low, number.high))
        expects = f"{decimal_text(low)}..{decimal_text(high)}" if is_range else f"{'-' if is_cut else '+'}{number.text}"
    of = {"model": models[0]} if models else {"brand": brands[0]}
    trim = {"trim": trims[0]} if trims else {}
    is_offer = any(word.text in OFFERS for word in said.words)  # that may be no cut of the list price
    is_sure = bool(window) and not is_offer and not said.has("at_most")
    yield [(Line("/prices changes", {**of, **trim, **window}), expects)], is_sure, not is_offer


def _window(whens: Sequence[When]) -> dict[str, str] | None:
    if not whens:
        return {}
    when = whens[0]
    if len(whens) > 1 or when.role not in ("on", "none", "in") or when.last is not None:
        return None
    return {"since": when.day.iso, "until": when.day.iso}


def _response(asking: Asking, context: Context) -> Iterator[Reading]:
    """That one thing was an answer to another."""
    yield from _two(asking, "responds", "a response")


def _order(asking: Asking, context: Context) -> Iterator[Reading]:
    """That one thing came before or after another."""
    yield from _two(asking, "before", "before")
    yield from _two(asking, "after", "after")


def _two(asking: Asking, concept: str, expects: str) -> Iterator[Reading]:
    words = asking.sentence.words
    if asking.sentence.numbers or asking.sentence.durations or asking.sentence.whens:
        return
    for place, word in enumerate(words):
        if word.means(concept) and not word.names:
            first = event_of(words[:place], asking.snapshot, asking.names)
            second = event_of(words[place + 1 :], asking.snapshot, asking.names)
            if word.text in POSTPOSED:  # A 之后 B: B came after A
                first, second = second, first
            if first and second and first != second:
                yield [(Line("/timeline check", {"first": first, "second": second}), expects)], True, True
