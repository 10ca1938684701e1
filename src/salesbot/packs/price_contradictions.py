"""What prices that can be read say against each other: a person would question it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from salesbot.errors import message
from salesbot.facts import LEVELS, Facts, PriceFact
from salesbot.facts.places import PlaceNames
from salesbot.facts.vocabulary import EVERY, NOT_STANDING
from salesbot.packs.contradictions import MOST_OTHERS, Doubt, Numbered, text_of
from salesbot.values.name_keys import name_key

LESSENING = ("subsidy", "trade_in", "discount", "limited_time_offer")  # what can only make a price lower
Prices = list[tuple[int, PriceFact]]


def odd_prices(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Prices of 0, offers that make a price higher, and offers as large as a price."""
    sent = [(number, row) for number, row in rows if isinstance(row, PriceFact)]
    least: dict[object, Fraction] = {}
    for row in facts.prices if sent else ():
        if row.price_type in LEVELS and row.low:
            key = (name_key(row.brand), name_key(row.model or ""), row.currency)
            least[key] = min(least.get(key, row.low), row.low)
    for number, row in sent:
        price = least.get((name_key(row.brand), name_key(row.model or ""), row.currency))
        if row.price_type in LESSENING and row.high and price and row.high * 2 > price and row.previous is None:
            yield number, ("high", message("offer_is_price", usual=text_of(price)))
        if row.price_type in LEVELS and row.high == 0:
            yield number, ("high", message("price_zero"))
        if row.price_type in LESSENING and row.change_low is not None and row.change_low > 0:
            yield number, ("change_low", message("offer_rises"))


def prices_against_others(rows: list[Numbered], facts: Facts) -> Iterator[tuple[int, Doubt]]:
    """Prices that others of their day, the one before them, or their currency and brand speak against."""
    sent = [(number, row) for number, row in rows if isinstance(row, PriceFact) and row.status not in NOT_STANDING]
    if not sent:
        return
    series = _Series(facts)
    for number, row in sent:
        for doubt in (series.of_its_day(row), series.before_it(row), series.currency(row), series.brand(row)):
            if doubt is not None:
                yield number, doubt
        yield from ((number, doubt) for doubt in _of_itself(row))


def _of_itself(row: PriceFact) -> Iterator[Doubt]:
    base = row.previous if row.previous is not None else row.low
    if base is not None and row.change_low is not None and -row.change_low >= max(base, Fraction(1)):
        is_price = row.price_type in LEVELS or row.previous is not None
        if is_price and type(row.change_low) is type(base):
            yield "change_low", message("change_above_price", value=text_of(base))
    if row.announced is not None and row.valid_from is not None and row.announced.days[0] > row.valid_from.days[1]:
        yield "announced", message("announced_after", day=row.valid_from.text)


class _Series:
    """The prices that stand, by what may be compared."""

    def __init__(self, facts: Facts) -> None:
        self._places = PlaceNames()
        self._brands = {name_key(one.name): one.id for one in facts.names if one.kind == "brand"}
        for place in facts.places:
            self._places.add(place.name, place.id)
        for name in facts.names:
            if name.kind == "place":
                self._places.add(name.name, name.id)
        self._by_series: dict[object, list[tuple[date, PriceFact]]] = defaultdict(list)
        self._currencies: dict[object, dict[str, str]] = defaultdict(dict)
        self._makers: dict[str, dict[str, PriceFact]] = defaultdict(dict)
        for row in facts.prices:
            if row.status in NOT_STANDING or row.price_type not in LEVELS:
                continue
            if row.valid_from is not None and (row.low is not None or row.high is not None):
                self._by_series[self._key(row)].append((row.valid_from.days[0], row))
            self._currencies[self._market(row)].setdefault(row.currency, row.id)
            if row.model is not None and name_key(row.model) != EVERY:
                self._makers[name_key(row.model)].setdefault(self._brand_of(row), row)
        for of_series in self._by_series.values():
            of_series.sort(key=lambda one: one[0])

    def _brand_of(self, row: PriceFact) -> str:
        return self._brands.get(name_key(row.brand), name_key(row.brand))

    def _market(self, row: PriceFact) -> tuple[object, ...]:
        return self._brand_of(row), name_key(row.model or ""), self._places.id_of(row.region)

    def _key(self, row: PriceFact) -> tuple[object, ...]:
        own = name_key(row.trim or ""), row.currency, row.price_type, name_key(row.variant or ""), row.channel
        return (*self._market(row), *own)

    def of_its_day(self, row: PriceFact) -> Doubt | None:
        """Another price of the same series and day."""
        if row.price_type not in LEVELS or row.valid_from is None or row.high is None or row.status == "revised":
            return None
        of_series = self._by_series.get(self._key(row), [])
        start = bisect_left(of_series, row.valid_from.days[0], key=lambda one: one[0])
        for day, other in of_series[start : start + MOST_OTHERS]:
            if day != row.valid_from.days[0]:
                break
            is_alike = other.valid_from == row.valid_from and other.valid_to == row.valid_to
            differs = other.high is not None and (other.low, other.high) != (row.low, row.high)
            if other.id != row.id and is_alike and differs and other.status != "revised" and other.high is not None:
                return "high", message("other_price_of_day", value=text_of(other.high), id=other.id)
        return None

    def before_it(self, row: PriceFact) -> Doubt | None:
        """A price before it that is not the one which it says was before."""
        if row.price_type not in LEVELS or row.valid_from is None or row.previous is None:
            return None
        of_series = self._by_series.get(self._key(row), [])
        index = bisect_left(of_series, row.valid_from.days[0], key=lambda one: one[0])
        _, before = of_series[index - 1] if index else (None, None)
        if before is None or before.valid_to is not None or before.low is None or before.low != before.high:
            return None
        if before.low == row.previous:
            return None
        return "previous", message("previous_differs", value=text_of(before.low), id=before.id)

    def currency(self, row: PriceFact) -> Doubt | None:
        """A currency that no other price of the model there is in."""
        others = {money: id for money, id in self._currencies[self._market(row)].items() if id != row.id}
        if row.currency in others or not others or row.price_type not in LEVELS:
            return None
        money, id = next(iter(others.items()))
        return "currency", message("other_currency", currency=money, id=id)

    def brand(self, row: PriceFact) -> Doubt | None:
        """Another brand that has a model of the name."""
        own = self._brand_of(row)
        makers = self._makers.get(name_key(row.model or ""), {})
        other = next((one for brand, one in makers.items() if brand != own), None)
        if other is None or row.price_type not in LEVELS:
            return None
        return "brand", message("other_brand", brand=other.brand, id=other.id)
