"""Statements about counts, prices and times inside of a message, each as slash lines with what it expects of them.

A statement counts only if no word between its first and its last one is unknown. A clause that denies, forecasts, asks,
supposes or compares is set aside and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from salesbot.asking.events_named import event_of
from salesbot.asking.intents import METRICS, Asking, Line, brands_fit, day_options
from salesbot.asking.lexicon import common_words, lexicon
from salesbot.asking.name_book import NameBook
from salesbot.asking.segments import Segment, segments
from salesbot.asking.sentence import Counted, Sentence, When, sentence
from salesbot.asking.text import plain
from salesbot.errors import SalesbotError
from salesbot.facts.vocabulary import SOLD
from salesbot.questions.line import question, written
from salesbot.questions.names import Names
from salesbot.questions.typed_values import duration_text
from salesbot.storage.snapshot import Snapshot
from salesbot.values.quantity import decimal_text
from salesbot.values.written_dates import NO_YEAR

LONGEST_MESSAGE = 2000
MOST_STATEMENTS = 10
SET_ASIDE = frozenset({"denies", "supposes", "forecasts", "aims", "asks", "compared", "own", "other_money", "requests"})
POSTPOSED = ("后", "之后", "以后", "过后", "前", "之前", "以前")
ROUND = 1000  # a count in whole thousands is about that many
HAVING = ("had", "has", "have", "有", "了")
LEAST_MOVE = 100  # a smaller number beside a price that moved is part of a name
WIDEST = Fraction(1, 20)  # and a rounder one within so much of itself
_CLAUSES = re.compile(r"[^.!?;,。！？；，\n]*(?:[.,](?=[0-9])[^.!?;,。！？；，\n]*)*[.!?;,。！？；，\n]?")


class Expected(Struct, frozen=True):
    """One line and what a statement expects of its answer, as a claim's check does.

    ``currency`` is that of the prices it speaks of, empty where it names none. ``of`` says which of several figures
    have to be so: any, all, or the least, as of a starting price.
    """

    line: str
    expects: str
    currency: str = ""
    of: Literal["any", "all", "least"] = "any"


class Statement(Struct, frozen=True):
    """A statement found in a message: its words, and one line and expectation for each way to read it.

    ``is_dated``: it says when; ``says_what``: it says what is counted; ``is_whole``: no word of its clause is unread.
    """

    quote: str
    readings: tuple[Expected, ...]
    is_dated: bool
    says_what: bool
    is_price: bool = False
    is_whole: bool = True


class Found(Struct, frozen=True):
    """The statements of a message, and the clauses that were set aside though they hold a number or a name."""

    statements: tuple[Statement, ...]
    not_read: tuple[str, ...]


class _Context(Struct):
    """What earlier clauses of a message said that later ones leave out."""

    launch: str | None
    model: str | None
    moment: dict[str, str]


def statements(text: str, snapshot: Snapshot, posted: date | None = None) -> Found:
    """The statements of a message; a date without a year is in the year it was posted, else in that of the launch."""
    found: list[Statement] = []
    not_read: list[str] = []
    original = text[:LONGEST_MESSAGE]
    folded, names = plain(original), NameBook.of(snapshot)
    context, at = _whole(folded, names), 0
    first_of_sentence, is_clean = 0, True
    for clause in _CLAUSES.findall(folded):
        start = folded.find(clause, at)
        at = start + len(clause)
        if not clause.strip():
            continue
        statement, rest = _statement(clause, snapshot, names, context, posted)
        if statement is not None and len(found) < MOST_STATEMENTS:
            found.append(_in_own_letters(statement, original, folded, start))
        not_read += [piece for piece in rest if piece.strip(" .,!?;。，！？；")]
        is_clean = is_clean and _is_clean(clause, names)
        if not is_clean:  # a word that is not read, or a denial, may turn what its sentence says, or the one before
            from_here = max(0, first_of_sentence - 1) if first_of_sentence == len(found) else first_of_sentence
            found[from_here:] = [replace(one, is_whole=False) for one in found[from_here:]]
        if clause[-1:] in ".!?;。！？；\n":
            context.moment, first_of_sentence, is_clean = {}, len(found), True
    return Found(tuple(found), tuple(dict.fromkeys(piece.strip() for piece in not_read)))


def _is_clean(clause: str, names: NameBook) -> bool:
    """Whether every word of a clause is read, up to one that gives a cause, and none denies or supposes."""
    said, _ = _without_cause(clause)
    return not any(one.kind == "unknown" or one.means(*SET_ASIDE) for one in segments(said, names))


def _in_own_letters(statement: Statement, original: str, folded: str, start: int) -> Statement:
    """The statement with its words as they stand in the message, where folding kept their places."""
    at = folded.find(statement.quote, start)
    if len(original) != len(folded) or at < 0:
        return statement
    return replace(statement, quote=original[at : at + len(statement.quote)])


def _whole(folded: str, names: NameBook) -> _Context:
    """The only launch and the only model that a message names."""
    found = segments(folded, names.without("event"))
    only: list[str | None] = []
    for kind in ("launch", "model"):
        ids = {id for one in found for id in one.names.get(kind, ())}
        if any(kind in one.names and _may_be_variant(after) for one, after in pairwise(found)):
            ids.clear()
        only.append(ids.pop() if len(ids) == 1 else None)
    return _Context(only[0], only[1], {})


def _may_be_variant(after: Segment) -> bool:
    """Whether the word after a name may make it another thing, as Ultra does: one that is no common word."""
    if after.kind != "unknown":
        return False
    word = after.text
    return not any(word.removesuffix(ending) in common_words() for ending in ("", "s", "es", "ed", "d", "ing"))


def _statement(
    clause: str, snapshot: Snapshot, names: NameBook, context: _Context, posted: date | None
) -> tuple[Statement | None, list[str]]:
    """The statement of a clause, and what of it was set aside."""
    said, cause = _without_cause(clause)
    rest = [cause] if cause else []
    found = [*segments(said, names)]
    if said.rstrip().endswith(("?", "？")) or any(one.means(*SET_ASIDE) for one in found):
        return None, [clause] if _is_about_something(found) else rest
    for book in (names, names.without("event")):
        pieces = segments(said, book)
        models = frozenset(id for one in pieces for id in one.names.get("model", ()))
        pieces = segments(said, book.with_trims(models, snapshot)) if models else pieces
        for span in _spans(pieces):
            left = [one for one in pieces if not any(one is used for used in span)]
            unread = [one.text for one in left if one.kind == "unknown"]
            if _names_stand_apart(span, pieces) or (unread and not _names_a_thing(span)):
                continue  # what it is of stands elsewhere, or is another thing
            statement = _read(span, said, snapshot, names, context, posted)
            if statement is not None and not (unread and statement.is_price):
                whole = statement if not unread else replace(statement, is_whole=False)
                return whole, [*([" ".join(unread)] if unread else []), *rest]
    _note_moment(found, context)
    return None, [clause, *rest] if any(one.kind == "number" for one in found) else rest


def _note_moment(found: Sequence[Segment], context: _Context) -> None:
    """Keep the moment of a clause that says nothing else: 截至4月24日，…"""
    said = sentence(found)
    if said is not None and not said.content and not said.numbers:
        moment = _moment(said, context)
        if moment and "at" in moment:
            context.moment = moment


def _without_cause(clause: str) -> tuple[str, str]:
    """A clause up to the words that give a cause, and these."""
    for phrase, concepts in lexicon().items():
        if "cause" in concepts:
            at = clause.find(phrase)
            if at > 0:
                return clause[:at], clause[at:]
    return clause, ""


def _is_about_something(found: Sequence[Segment]) -> bool:
    return any(one.kind == "number" for one in found) and any(one.names or one.means(*METRICS) for one in found)


def _spans(found: Sequence[Segment]) -> Iterator[list[Segment]]:
    """The runs of segments without an unknown word, the longest first."""
    runs: list[list[Segment]] = [[]]
    for one in found:
        if one.kind == "unknown":
            runs.append([])
        else:
            runs[-1].append(one)
    yield from sorted((run for run in runs if len(run) > 1), key=len, reverse=True)


def _names_stand_apart(span: Sequence[Segment], pieces: Sequence[Segment]) -> bool:
    """Whether a clause names a thing that its statement does not reach."""

    return _names_a_thing(pieces) and not _names_a_thing(span)


def _names_a_thing(words: Sequence[Segment]) -> bool:
    return any(one.names.keys() & {"launch", "model", "brand", "event", "person"} for one in words)


def _read(
    span: Sequence[Segment],
    clause: str,
    snapshot: Snapshot,
    names: NameBook,
    context: _Context,
    posted: date | None,
) -> Statement | None:
    said = sentence(span)
    if said is None:
        return None
    asking = Asking(said, snapshot, names)
    for kind in (_count, _price, _move, _response, _order):
        for lines, is_dated, says_what in kind(asking, context):
            readings = tuple(_expected(line, expects, snapshot, posted) for line, expects in lines)
            if readings and all(readings):
                quote = _quote(clause, span)
                told = tuple(_of_prices(one, said) if kind is _price else one for one in readings if one)
                return Statement(quote, told, is_dated, says_what, is_price=kind is _price)
    return None


def _quote(clause: str, span: Sequence[Segment]) -> str:
    content = [one for one in span if one.kind != "word" or not one.is_filler] or list(span)
    first, last = content[0].text, content[-1].text
    start = clause.find(first)
    end = clause.rfind(last) + len(last)
    return clause[start:end].strip() if 0 <= start < end else clause.strip()


def _of_prices(expected: Expected, said: Sentence) -> Expected:
    """What is expected of prices, and of which of them."""
    currency = "CNY" if said.has("money") else ""
    is_bound = expected.expects.startswith((">", "<"))
    return replace(expected, currency=currency, of="least" if said.has("starting") else "all" if is_bound else "any")


def _expected(line: Line, expects: str, snapshot: Snapshot, posted: date | None) -> Expected | None:
    names, typed = Names(snapshot), dict(line.typed)
    if any(NO_YEAR in text for text in typed.values()):
        year = posted.year if posted else names.year_of({k: v for k, v in typed.items() if NO_YEAR not in v})
        if year is None:
            return None
        typed = {name: text.replace(NO_YEAR, f"{year:04}") for name, text in typed.items()}
    try:
        return Expected(written(question(line.verb, typed, names)), expects)
    except SalesbotError:
        return None


Reading = tuple[list[tuple[Line, str]], bool, bool]
_BOUNDS = frozenset(
    {"at_least", "at_most", "exceeds", "falls_short", "about", "about_near", "and_more", "exact", "only"}
)
_COUNTED = _BOUNDS | {
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
}


def _number_text(number: Counted, said: Sentence, *, is_count: bool) -> str | None:
    """What a statement expects of a number: as it is written, about, at least or at most that many.

    ``None`` where that cannot be said: more than a share, or about a range.
    """
    is_bounded = said.has(*(_BOUNDS - {"only", "exact"}))
    if number.low != number.high:
        return None if is_bounded else _text(number)
    bounds = [
        sign
        for concept, sign in (("exceeds", ">"), ("falls_short", "<"), ("at_least", ">="), ("at_most", "<="))
        if said.has(concept)
    ]
    if bounds:
        return _bound_text(bounds[0], number)
    if number.is_share:
        return None if is_bounded else _text(number)
    if said.has("and_more"):
        return f"{number.text}..{decimal_text(number.low + _leading_step(number.low))}"
    if said.has("about_near"):
        return f"{decimal_text(number.low - _leading_step(number.low))}..{number.text}"
    step = _step(number.low) if number.low.denominator == 1 else Fraction(0)
    if said.has("about"):
        return _around(number.low, max(step, number.low * WIDEST))
    if not is_count or step < ROUND or said.has("exact"):
        return number.text
    if step == ROUND:
        return f"{number.text} about"
    return _around(number.low, min(step / 2, number.low * WIDEST))


def _text(number: Counted) -> str:
    if not number.is_share:
        return number.text
    low, high = (f"{decimal_text(end * 100)}%" for end in (number.low, number.high))
    return low if low == high else f"{low}..{high}"


def _bound_text(sign: str, number: Counted) -> str | None:
    """At least or at most so many; more and fewer than a whole number are one more and one fewer."""
    if len(sign) == 2:
        return f"{sign}{_text(number)}"
    if number.is_share or number.low.denominator != 1:
        return None
    return f">={number.low + 1}" if sign == ">" else f"<={number.low - 1}"


def _around(value: Fraction, wide: Fraction) -> str:
    return f"{decimal_text(value - wide)}..{decimal_text(value + wide)}"


def _step(value: Fraction) -> Fraction:
    """The step to which a whole number is written: 90,000 to ten thousand."""
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return Fraction(step)


def _leading_step(value: Fraction) -> Fraction:
    """One of the first digit: of 80,000 ten thousand."""
    return Fraction(10 ** (len(str(int(value))) - 1))


def _count(asking: Asking, context: _Context) -> Iterator[Reading]:
    """So many of something by some moment."""
    said = asking.sentence
    if len(said.numbers) != 1 or not said.takes(_COUNTED, "launch", "brand", "model"):
        return
    launches = asking.ids("launch") or ([context.launch] if context.launch else [])
    if len(launches) != 1 or not brands_fit(asking, launches) or len(said.durations) + len(said.whens) > 1:
        return
    moment = _moment(said, context)
    if moment is None or not _limits_the_number(said):
        return
    number = said.numbers[0]
    metrics = [metric for metric in METRICS if said.has(metric)]
    if "locked_orders" in metrics and "orders" in metrics:
        metrics.remove("orders")
    if said.has("per_store"):
        metrics = ["orders_per_store"]
    if len(metrics) > 1 or (not metrics and not said.has("sold")):
        return
    if not metrics and said.has("sells"):
        return  # it may be a price
    if number.is_share != (bool(metrics) and metrics[0].endswith("_rate")):
        return
    if said.durations and (metrics == ["deliveries"] or (said.has("per_store") and not metrics)):
        return  # deliveries of some days or other
    read = metrics or list(SOLD)
    expects = _number_text(number, said, is_count=not number.is_share)
    if expects is None:
        return
    lines = [(Line("/orders total", {"launch": launches[0], **moment, "metric": one}), expects) for one in read]
    is_own = bool(said.durations or said.whens)
    if "at" in moment:
        context.moment = moment
    yield lines, bool(moment) and number.low == number.high, bool(metrics) and (is_own or not moment)


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


def _moment(said: Sentence, context: _Context) -> dict[str, str] | None:
    """The options of the moment that a statement names, else that of the clause before."""
    if said.durations:
        return {"within": duration_text(said.durations[0])}
    if not said.whens:
        return {} if said.has("now", "so_far", "sums") else dict(context.moment)
    when = said.whens[0]
    if when.last is not None or when.role != "by" or not when.day.is_day:
        return None
    return {"at": when.day.iso}


def _price(asking: Asking, context: _Context) -> Iterator[Reading]:
    """A price of a model."""
    said = asking.sentence
    takes = _BOUNDS | {"price", "states_price", "starting", "money", "now"}
    if len(said.numbers) != 1 or said.numbers[0].is_share or not said.has("price", "states_price") or said.durations:
        return
    if not _limits_the_number(said):
        return
    models = asking.ids("model") or ([context.model] if context.model else [])
    if len(models) != 1 or not said.takes(takes, "model", "brand", "trim") or not brands_fit(asking, models):
        return
    trims, day = asking.ids("trim"), day_options(said)
    if len(trims) > 1 or day is None:
        return
    trim = {"trim": trims[0]} if trims else {}
    expects = _number_text(said.numbers[0], said, is_count=False)
    if expects is not None:
        yield [(Line("/prices show", {"model": models[0], **trim, **day}), expects)], bool(day), True


def _move(asking: Asking, context: _Context) -> Iterator[Reading]:
    """A price that went up or down, by an amount or by none that is told."""
    said = asking.sentence
    takes = frozenset({"price", "cut", "rise", "lowers", "raises", "money", "by", "follows", "only", "exact"})
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
    if said.has("only") and not said.numbers:
        return
    expects = "cut" if is_cut else "rise"
    if said.numbers:
        number = said.numbers[0]
        if number.is_share or number.low != number.high or number.low < LEAST_MOVE or not _limits_the_number(said):
            return
        expects = f"{'-' if is_cut else '+'}{number.text}"
    of = {"model": models[0]} if models else {"brand": brands[0]}
    trim = {"trim": trims[0]} if trims else {}
    yield [(Line("/prices changes", {**of, **trim, **window}), expects)], bool(window), True


def _window(whens: Sequence[When]) -> dict[str, str] | None:
    if not whens:
        return {}
    when = whens[0]
    if len(whens) > 1 or when.role not in ("on", "none", "in") or when.last is not None:
        return None
    return {"since": when.day.iso, "until": when.day.iso}


def _response(asking: Asking, context: _Context) -> Iterator[Reading]:
    """That one thing was an answer to another."""
    yield from _two(asking, "responds", "a response")


def _order(asking: Asking, context: _Context) -> Iterator[Reading]:
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
