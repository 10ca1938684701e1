"""The price rows of one model, read once, sorted into series: trim, region, currency, price type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from salesbot.answers import Figure, PassedOver, Reason
from salesbot.errors import QuestionError
from salesbot.facts import LEVELS, PriceFact
from salesbot.facts.vocabulary import EVERY
from salesbot.query.precedence import Grades, Precedence
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.name_keys import name_key, nearest
from salesbot.values.quantity import Quantity

OF_MODEL = sql("select * from prices where model_id = :model order by first_day, rowid")
IDS_OF_MODEL = sql("select id, region_id, brand_id from prices where model_id = :model order by first_day, rowid")
OF_BRAND = sql("select * from prices where brand_id = :brand and model_id = 'all' order by first_day, rowid")
IDS_OF_BRAND = sql("""
    select id, region_id, brand_id from prices where brand_id = :brand and model_id = 'all' order by first_day, rowid
""")
BRANDS_OF_ALL = sql("select distinct brand_id from prices where model_id = 'all'")
HOME_MARKETS = sql("select market_id, brand_id, brand, model from launches order by rowid limit 2000", scans="launches")
FAR = date(9999, 12, 31)


class SeriesKey(NamedTuple):
    """What may be compared: a price is compared with its like only.

    ``owner`` is the id of its model; empty where it holds for every model of the brand.
    """

    owner: str
    brand: str
    trim: str
    region: str
    currency: str
    price_type: str
    variant: str
    channel: str


class PriceRow(Struct, frozen=True):
    """A row of prices, with the series that it belongs to. ``why_not`` says why it never counts, if so.

    ``shows_brand`` says that models of several brands have its model's name. ``spread_from`` is the row for every trim
    that this one, of a single trim, is made from; ``is_of_some`` that it may be of another.
    """

    fact: PriceFact
    key: SeriesKey
    why_not: Reason | None
    shows_brand: bool = False
    spread_from: PriceRow | None = None
    is_of_some: bool = False

    @property
    def id(self) -> str:
        return self.fact.id

    @property
    def status(self) -> str:
        return self.fact.status

    @property
    def said_by(self) -> tuple[str, ...]:
        return self.fact.said_by

    @property
    def sources(self) -> tuple[str, ...]:
        return self.fact.sources

    @property
    def owner(self) -> str:
        """The id of its model; empty where it holds for every model."""
        return self.key.owner

    @property
    def brand(self) -> str:
        return self.key.brand

    @property
    def region(self) -> str:
        return self.key.region

    @property
    def is_bare_change(self) -> bool:
        """Whether it changes a price without saying the new one."""
        return self.is_level and not self.has_level and self.stated_change is not None

    @property
    def is_wide(self) -> bool:
        """Whether it may be of prices of other series: of every trim or all variants, or of a trim that is not told."""
        return self.is_for_all or (self.is_bare_change and not all((self.key.trim, self.key.variant, self.key.channel)))

    @property
    def is_for_all(self) -> bool:
        """Whether it says to be for every trim or model."""
        return not self.owner or (not self.key.trim and self.fact.trim is not None)

    @property
    def told_by(self) -> PriceRow:
        """The row as the facts have it."""
        return self.spread_from or self

    @property
    def is_level(self) -> bool:
        """Whether it is a price to pay, or a change of one."""
        return self.fact.price_type in LEVELS

    @property
    def has_level(self) -> bool:
        """Whether it gives a price, if only from above or below."""
        return self.is_level and (self.fact.low is not None or self.fact.high is not None)

    @property
    def is_for_every_trim(self) -> bool:
        return not self.key.trim

    @property
    def first_day(self) -> date | None:
        """The first day on which it may hold."""
        return self.fact.valid_from.days[0] if self.fact.valid_from else None

    @property
    def out_day(self) -> date | None:
        """The first day on which it no longer holds."""
        return self.fact.valid_to.days[0] if self.fact.valid_to else None

    @property
    def stated_change(self) -> Quantity | None:
        """The change that the row itself states, or that follows from its previous price or from an offer's size."""
        fact = self.fact
        if fact.change_low is not None or fact.change_high is not None:
            return Quantity(fact.change_low, fact.change_high, fact.unit)
        if fact.previous is not None and fact.low is not None and fact.high is not None:
            return Quantity(fact.low - fact.previous, fact.high - fact.previous, fact.unit)
        if self.is_level or fact.previous is not None or (fact.low is None and fact.high is None):
            return None
        less, most = (None if end is None else -end for end in (fact.low, fact.high))
        return Quantity(most, less, fact.unit)

    @property
    def size(self) -> Quantity:
        """The price; of an offer how much less is paid, which may follow from its change."""
        fact, change = self.fact, self.stated_change
        is_cut = change is not None and change.high is not None and change.high <= 0
        if self.is_level or not fact.quantity.is_unknown or change is None or not is_cut:
            return fact.quantity
        low, high = (None if end is None else -end for end in (change.high, change.low))
        return Quantity(low, high, fact.unit, "exact" if low == high else "range")

    @property
    def contradicts_itself(self) -> bool:
        """Whether its change is not the price less the previous one."""
        fact = self.fact
        step = (fact.low, fact.previous, fact.change_low, fact.change_high)
        if None in step or fact.low != fact.high or fact.change_low != fact.change_high:
            return False
        assert fact.low is not None and fact.previous is not None
        return fact.low - fact.previous != fact.change_low


def series_key(fact: PriceFact, owner: str, brand: str, region: str) -> SeriesKey:
    """The series that a row belongs to."""
    variant = name_key(fact.variant) if fact.variant else ""
    return SeriesKey(owner, brand, trim_key(fact), region, fact.currency, fact.price_type, variant, fact.channel or "")


def unrevised(rows: Sequence[PriceRow]) -> list[PriceRow]:
    """The rows of one series and day; a revised one replaces the others of its own series."""
    revised = [row for row in rows if row.status == "revised" and row.why_not is None and row.spread_from is None]
    if not revised:
        return list(rows)
    return [row for row in rows if row.why_not is not None or row in revised or row.spread_from is not None]


def trim_key(fact: PriceFact) -> str:
    """The key of a row's trim; empty where it names none or every one."""
    key = name_key(fact.trim) if fact.trim else ""
    return "" if key == EVERY else key


class ModelPrices:
    """Every price row of one model, and the rows of its brand that hold for every model.

    Models of several brands may have one name; then ``brands`` are several.
    """

    def __init__(self, model: str, snapshot: Snapshot) -> None:
        self.model, self.snapshot = model, snapshot
        self.name = Names(snapshot).shown("model", model)
        ids = {id: (region, brand) for id, region, brand in snapshot.values(IDS_OF_MODEL, model=model)}
        self.brands = tuple(dict.fromkeys(brand for _, brand in ids.values()))
        facts = snapshot.select(PriceFact, OF_MODEL, model=model)
        is_shared = any(Names(snapshot).is_shared("model", text) for text in {fact.model or "" for fact in facts})
        self._shows_brand = is_shared or len(self.brands) > 1
        self.rows = [self._row(fact, *ids[fact.id]) for fact in facts]

    @classmethod
    def load(cls, model: str, snapshot: Snapshot) -> ModelPrices:
        """The prices of a model, read once."""
        return snapshot.cached(("model prices", model), lambda: cls(model, snapshot))

    def _row(self, fact: PriceFact, region: str, brand: str) -> PriceRow:
        why_not = precedence_of(brand, self.snapshot).why_not(fact)
        return PriceRow(fact, series_key(fact, self.model, brand, region), why_not, shows_brand=self._shows_brand)

    @cached_property
    def has_trims(self) -> bool:
        """Whether any of its rows names a trim."""
        return any(row.key.trim for row in self.rows)

    def precedence(self, brand: str) -> Precedence:
        """The written order for the rows of a maker of this model."""
        return precedence_of(brand, self.snapshot)

    @cached_property
    def brand_rows(self) -> list[PriceRow]:
        """The rows of its brands that hold for every model."""
        wide = self.snapshot.cached("brands with rows for every model", lambda: _brands_of_all(self.snapshot))
        brands = [brand for brand in self.brands if brand in wide and brand != EVERY]
        return [row for brand in brands for row in brand_rows(brand, self.snapshot)]

    @cached_property
    def home(self) -> str | None:
        """The home market: that of the model's launch, else of another launch of the brand."""
        keys = Names(self.snapshot).keys("model", self.model)
        rows = self.snapshot.values(HOME_MARKETS)
        own = (market for market, brand, _, model in rows if brand in self.brands and name_key(model) in keys)
        of_brand = (market for market, brand, *_ in rows if brand in self.brands)
        return next(own, next(of_brand, None))

    def region_order(self, region: str) -> int:
        """A key that sorts the home market first; other regions keep the order of their rows."""
        return 0 if region == self.home else 1

    def region_name(self, region: str) -> str:
        """The name of a region."""
        return Names(self.snapshot).shown("place", region)

    def has_region(self, region: str) -> bool:
        """Whether a row is about a region."""
        return any(row.region == region for row in self.rows)

    def trim_asked(self, trim: str) -> str:
        """The key of the trim that a text names: exactly, else as the only one that holds the text.

        Raises ``QuestionError`` with the trims there are.
        """
        key = name_key(trim)
        trims = {trim_key(row.fact): row.fact.trim or "" for row in self.rows if trim_key(row.fact)}
        fitting = [key] if key in trims else [known for known in trims if key and key in known]
        if not fitting:
            priced = {
                trim_key(row.fact): row.fact.trim or "" for row in self.rows if row.is_level and trim_key(row.fact)
            }
            names = list((priced or trims).values())
            near = nearest(trim, names) or names
            error = QuestionError("unknown_trim", near, text=trim, name=self.name)
            raise error.offering([(one, one) for one in near], "trim")
        if len(fitting) > 1:
            fits = [trims[one] for one in fitting]
            error = QuestionError("ambiguous_trim", fits, text=trim, name=self.name)
            raise error.offering([(one, one) for one in fits], "trim")
        return fitting[0]

    def asked(self, trim: str | None, region: str | None) -> list[PriceRow]:
        """The rows of a trim and region asked for, with those that hold for every trim."""
        rows = self.rows
        if region is not None:
            rows = [row for row in rows if row.region == region]
            if not rows:
                names = list(dict.fromkeys(self.region_name(row.region) for row in self.rows))
                error = QuestionError("no_price_in_region", names, region=self.region_name(region), name=self.name)
                regions = dict.fromkeys(row.region for row in self.rows)
                raise error.offering([(self.region_name(one), one) for one in regions], "region")
        if trim is not None:
            key = self.trim_asked(trim)
            rows = [row for row in rows if trim_key(row.fact) in (key, "")]
        return rows


def precedence_of(brand: str, snapshot: Snapshot) -> Precedence:
    """The written order for the rows of a brand."""

    def make() -> Precedence:
        return Precedence(Grades.of_snapshot(snapshot), Names(snapshot).keys("brand", brand))

    return snapshot.cached(("precedence", brand), make)


def _brands_of_all(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(brand for (brand,) in snapshot.values(BRANDS_OF_ALL))


def brand_rows(brand: str, snapshot: Snapshot) -> list[PriceRow]:
    """The rows of a brand that hold for every one of its models."""
    regions = {id: region for id, region, _ in snapshot.values(IDS_OF_BRAND, brand=brand)}
    precedence = precedence_of(brand, snapshot)
    facts = snapshot.select(PriceFact, OF_BRAND, brand=brand)
    keys = (series_key(fact, "", brand, regions[fact.id]) for fact in facts)
    return [PriceRow(fact, key, precedence.why_not(fact)) for fact, key in zip(facts, keys, strict=True)]


def subject_of(row: PriceRow, name: str | None = None) -> str:
    """``Model Y RWD``; the brand where no model is named, and before a model's name that several brands use."""
    fact = row.fact
    model = (name or fact.model or "") if row.owner else fact.brand
    if row.shows_brand and not name_key(model).startswith(name_key(fact.brand)):
        model = f"{fact.brand} {model}"
    trim = "" if row.is_for_every_trim else f" {fact.trim}"
    variant = f" {fact.variant}" if fact.variant else ""
    return f"{model}{trim}{variant}"


def price_figure(row: PriceRow, name: str | None = None) -> Figure:
    """A row as a figure: a price, or the size of an offer."""
    fact = row.fact
    return Figure(
        id=row.id,
        name=fact.price_type,
        subject=subject_of(row, name),
        quantity=row.size,
        basis="reported",
        role="level" if row.is_level else "offer",
        status=fact.status,
        sources=fact.sources,
        said_by=fact.said_by,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        region=fact.region,
        variant=fact.variant,
        channel=fact.channel,
        note=fact.note,
    )


def passed_over(rows: Iterable[tuple[PriceRow, Reason]]) -> list[PassedOver]:
    """The rows that do not count, with the reason."""
    return [PassedOver(price_figure(row), reason) for row, reason in rows]
