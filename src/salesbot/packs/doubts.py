"""What a person would question in rows that can be read: said before they count, never corrected.

Each doubt looks at the rows that came, beside all rows of the facts that they would become part of.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from statistics import median

from salesbot.errors import Message, Notice, message
from salesbot.facts import LEVELS, Facts, OrderFact, PriceFact, Row, StoreCount
from salesbot.facts.places import PlaceNames
from salesbot.facts.vocabulary import NOT_STANDING
from salesbot.packs import contradictions, price_contradictions
from salesbot.packs.contradictions import Doubt, Numbered
from salesbot.packs.reading import CheckedFacts
from salesbot.values.moment import StatedTime
from salesbot.values.name_keys import name_key
from salesbot.values.quantity import decimal_text, simplified

TIMES_OFF = 20  # that a number is questioned for, above the greatest or below the least of its kind
MOST_DOUBTS = 200
MOST_REPEATED = 10
_SEVERAL = re.compile(r"[,，、/]|\s(?:and|&)\s|和")
TIMES_A_PRICE = 5  # that a price is questioned for
Size = int | Fraction
FINDERS = (
    contradictions.out_of_time,
    contradictions.counts_against_others,
    contradictions.said_twice,
    contradictions.said_otherwise,
    contradictions.periods_against_all,
    price_contradictions.odd_prices,
    price_contradictions.prices_against_others,
)


def doubts(checked: CheckedFacts, live: Facts) -> list[Notice]:
    """The doubts about the rows that came and are not in the live facts as they are, in the order of the pack."""
    found: list[Notice] = []
    for row in checked.new_names:
        found.append(Notice("names", None, None, None, message("name_added", kind=row.kind, name=row.name, id=row.id)))
    for table, came in checked.came.items():
        known = {row.key: row for row in live.rows(table)}
        rows = [(number, row) for number, row in came if known.get(row.key) != row]
        for number, column, said in _of_table(rows, checked.facts):
            letter = checked.checker.letter(table, column)
            found.append(Notice(table, number, column, letter, said))
            if len(found) >= MOST_DOUBTS:
                return found
    return found


def _of_table(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, str, Message]]:
    for find in (_periods, _numbers, _places, _several_in_one, _unused, _repeated, *FINDERS):
        for number, (column, said) in find(rows, facts):
            yield number, column, said


# periods


def _periods(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Periods that name their last day in, where the first day out is meant: ends before the next one begins."""
    periods = [(number, row, *_period_of(row)) for number, row in rows]
    of_days = [
        (number, row, start.days[0], end.days[0], column)
        for number, row, start, end, column in periods
        if start and end and not (start.is_clock or end.is_clock) and start.is_day and end.is_day
    ]
    begins: dict[object, set[date]] = defaultdict(set)
    for _, row, start, _, _ in periods if of_days else ():
        if start is not None and start.is_day:
            begins[_series_of(row)].add(start.days[0])
    for number, row, first, last, column in of_days:
        next_day = last + timedelta(days=1)
        is_month = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
        if is_month or next_day in begins[_series_of(row)]:
            yield number, (column, message("last_day_in", day=last.isoformat(), after=next_day.isoformat()))


def _period_of(row: Row) -> tuple[StatedTime | None, StatedTime | None, str]:
    match row:
        case OrderFact():
            return row.period_from, row.period_to, "period_to"
        case PriceFact() | StoreCount():
            return row.valid_from, row.valid_to, "valid_to"
    return None, None, ""


def _series_of(row: Row) -> object:
    """The things that the periods of one table follow each other of."""
    match row:
        case OrderFact():
            return row.launch, row.metric, row.counting, row.place, row.variant
        case PriceFact():
            return row.brand, row.model, row.trim, row.region, row.price_type, row.variant
        case StoreCount():
            return row.brand, row.launch, row.metric, row.place
    return None


# numbers far from their like


def _numbers(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Prices and counts that are many times off every other of their kind, as one in thousands or in 万 is."""
    if not _have_places(rows):
        return
    sent = {row.key for _, row in rows}
    standing: dict[object, list[Size]] = defaultdict(list)
    coming: dict[object, list[Size]] = defaultdict(list)
    for row in facts.rows(rows[0][1].table):  # numbers of another table are of another kind
        kind, amount, _ = _number_of(row)
        if kind is not None and amount:
            (coming if row.key in sent else standing)[kind].append(simplified(abs(amount)))
    alike = {kind for kind in coming if _are_alike(kind, [*standing[kind], *coming[kind]])}
    for amounts in (sizes[kind] for sizes in (standing, coming) for kind in coming.keys() - alike):
        amounts.sort()
    for number, row in rows:
        kind, amount, column = _number_of(row)
        if kind is None or not amount or kind in alike:
            continue
        standing_ones, size = standing[kind], simplified(abs(amount))
        first, last = _ends(standing_ones) if standing_ones else _ends_without(coming[kind], size)
        times = TIMES_OFF if first and last and _is_off(size, first, last, TIMES_OFF) else _times_off(kind)
        if first and last and _is_off(size, first, last, times):
            usual = decimal_text(median(map(Fraction, standing_ones or _without(coming[kind], size))), places=2)
            yield number, (column, message("far_off", value=decimal_text(amount, places=6), usual=usual, times=times))


def _is_off(size: Size, first: Size, last: Size, times: int) -> bool:
    return size * times <= first or size >= times * last


def _times_off(kind: object) -> int:
    """How many times off the others of its kind a number is questioned for."""
    return TIMES_A_PRICE if isinstance(kind, tuple) and kind[0] == "price" and kind[-1] in LEVELS else TIMES_OFF


def _are_alike(kind: object, amounts: Sequence[Size]) -> bool:
    """Whether none of the amounts is many times another."""
    return max(amounts) < _times_off(kind) * min(amounts)


def _ends(amounts: Sequence[Size]) -> tuple[Size | None, Size | None]:
    return (amounts[0], amounts[-1]) if amounts else (None, None)


def _ends_without(amounts: Sequence[Size], one: Size) -> tuple[Size | None, Size | None]:
    """The ends of sorted amounts without one of them."""
    if len(amounts) < 2:
        return None, None
    return amounts[1] if amounts[0] == one else amounts[0], amounts[-2] if amounts[-1] == one else amounts[-1]


def _without(amounts: list[Size], one: Size) -> Sequence[Size]:
    """Sorted amounts without one of them."""
    at = bisect_left(amounts, one)
    return amounts[:at] + amounts[at + 1 :]


def _number_of(row: Row) -> tuple[object, Fraction | None, str]:
    """What a number is comparable with; its high end, else its low one; and the column of that."""
    kind: object = None
    match row:
        case PriceFact(price_type=price_type):
            kind = ("price", name_key(row.brand), name_key(row.model or ""), row.currency, price_type)
        case OrderFact() if row.status not in NOT_STANDING:
            kind = ("count", row.launch, row.metric, row.counting)
        case StoreCount():
            kind = ("stores", name_key(row.brand), row.metric)
        case _:
            return None, None, ""
    return (kind, row.high, "high") if row.high is not None else (kind, row.low, "low")


# texts


def _places(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Places that no other row names, under any of their names: a slip of the pen makes a new place."""
    if not _have_places(rows):
        return
    names = PlaceNames()
    for place in facts.places:
        names.add(place.name, place.id)
    for name in facts.names:
        if name.kind == "place":
            names.add(name.name, name.id)
    known = {names.id_of(place.name) for place in facts.places} | {names.id_of(one.market) for one in facts.launches}
    sent = {row.key for _, row in rows}
    for standing in (*facts.orders, *facts.stores, *facts.prices):
        text = _place_of(standing)[1]
        if text and standing.key not in sent:
            known.add(names.id_of(text))
    told: set[str] = set()
    for number, row in rows:
        column, text = _place_of(row)
        if text and names.id_of(text) not in known and text not in told:
            told.add(text)
            yield number, (column, message("new_place", place=text))


def _have_places(rows: list[Numbered]) -> bool:
    """Whether the rows of a table are counts or prices, which have numbers and places."""
    return bool(rows) and isinstance(rows[0][1], OrderFact | StoreCount | PriceFact)


def _place_of(row: Row) -> tuple[str, str | None]:
    match row:
        case OrderFact() | StoreCount():
            return "place", row.place
        case PriceFact():
            return "region", row.region
    return "", None


def _several_in_one(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Two names in one, as ``Xiaomi, Lei Jun``: only ``;`` separates them."""
    known = {name_key(name.name) for name in facts.names}
    seen: set[str] = set()
    for number, row in rows:
        for column in ("said_by", "who"):
            texts: Iterable[str] = getattr(row, column, ())
            for text in texts:
                if text in seen:
                    continue
                seen.add(text)
                if _SEVERAL.search(text) and name_key(text) not in known:
                    yield number, (column, message("several_in_one", text=text))


# rows that no answer counts


def _unused(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Rows that change no number of an answer, and why."""
    grades = {source.id: source.grade for source in facts.sources}
    for number, row in rows:
        sources: tuple[str, ...] = getattr(row, "sources", ())
        if sources and all(grades.get(id) == "D" for id in sources):
            yield number, ("sources", message("unused_grade"))
        if isinstance(row, OrderFact) and row.low is None and row.high is None:
            yield number, ("low", message("unused_no_number"))
        elif isinstance(row, OrderFact) and row.counting == "new" and row.period_from is None:
            yield number, ("period_from", message("unused_no_start"))
        elif isinstance(row, OrderFact) and row.period_to is None:
            yield number, ("period_to", message("unused_no_end"))
        elif isinstance(row, PriceFact) and row.valid_from is None:
            yield number, ("valid_from", message("unused_no_day"))


# rows that say the same


def _repeated(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Rows that say all that one before them says, the first few of a table; two rows with one id are refused."""
    if all(row.key_columns == ("id",) for _, row in rows[:1]):
        return
    numbers: dict[Row, int] = {}
    told = 0
    for number, row in rows:
        first = numbers.setdefault(row, number)
        if first != number and told < MOST_REPEATED:
            told += 1
            yield number, (row.key_columns[-1], message("repeated", row=first))
