"""The words that facts are made of: metrics and the rules that follow from their kind, price types, statuses.

The metrics below are built in; a pack may add its own in ``metrics.csv``.
"""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

PriceType = Literal[
    "list_price",
    "starting_price",
    "pre_sale_price",
    "msrp",
    "street_price",
    "limited_time_offer",
    "discount",
    "subsidy",
    "trade_in",
    "deposit",
    "benefit",
]
Status = Literal["reported", "denied", "rumour", "revised", "target"]
NameKind = Literal["launch", "brand", "model", "event", "person", "claim", "place"]
Grade = Literal["A", "B", "C", "D"]
Counting = Literal["cumulative", "new"]
Gross = Literal["yes", "no", "unknown"]
Channel = Literal["shop", "street"]
MetricKind = Literal["count", "gauge", "peak", "rate", "money", "per", "unstated"]

PRICE_TYPES: tuple[PriceType, ...] = get_args(PriceType)
LEVELS: tuple[PriceType, ...] = ("list_price", "msrp", "starting_price", "street_price", "pre_sale_price")
"""Price types that are a price to pay, most binding first; the others are taken off one, or paid beside it."""
EVERY = "all"  # a name that stands for every model or trim
NOT_STANDING: tuple[Status, ...] = ("denied", "rumour", "target")


class Metric(Struct, frozen=True):
    """What is counted, and by ``kind`` what may be computed from it.

    A ``count`` grows from a start: it brackets, sums and has a pace. A ``gauge`` is a level at a time (stores), a
    ``peak`` the highest level so far. A ``rate`` lies from 0 to 1. ``per`` is an average, ``money`` an amount.
    ``part_of`` names the metric that a count is always a part of.
    """

    id: str
    kind: MetricKind
    unit: str
    part_of: str | None = None
    name: str = ""
    plural: str = ""
    aliases: tuple[str, ...] = ()


BUILT_IN: dict[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric("orders", "count", "orders", aliases=("订单", "订单量", "大定")),
        Metric("locked_orders", "count", "orders", part_of="orders", aliases=("locked", "lock-ins", "锁单", "锁单量")),
        Metric("reservations", "count", "reservations", aliases=("预订", "小订")),
        Metric("deliveries", "count", "cars", part_of="orders", aliases=("delivered", "交付", "交付量")),
        Metric("orders_per_store", "per", "orders/store", aliases=("单店订单",)),
        Metric("lock_in_rate", "rate", "ratio", aliases=("锁单率",)),
        Metric("cancellation_rate", "rate", "ratio", aliases=("退订率",)),
        Metric("sales_stores", "gauge", "stores", aliases=("销售门店",)),
        Metric("display_stores", "gauge", "stores", aliases=("展示门店",)),
        Metric("cities", "gauge", "cities", aliases=("城市",)),
        Metric("unstated", "unstated", "units"),
    )
}
METRICS: tuple[str, ...] = tuple(BUILT_IN)
SOLD: tuple[str, ...] = ("orders", "locked_orders", "deliveries")
"""What people mean by cars sold; which of them, only they can say."""
SOLD_WORDS = ("sales", "sold", "sale", "pre-orders", "preorders", "销量", "卖", "卖出", "销售")
STORE_METRICS: tuple[str, ...] = ("sales_stores", "display_stores", "cities")

Identity = tuple[str, tuple[str, str]]
IDENTITIES: tuple[Identity, ...] = (
    ("orders", ("orders_per_store", "sales_stores")),
    ("locked_orders", ("orders", "lock_in_rate")),
)
"""A whole and the two factors it is the product of."""


class Vocabulary(Struct, frozen=True):
    """The metrics and identities of one pack: the built-in ones and its own."""

    metrics: dict[str, Metric]
    identities: tuple[Identity, ...]

    def of_kind(self, *kinds: MetricKind) -> tuple[str, ...]:
        """The metrics of some kinds, in order."""
        return tuple(id for id, metric in self.metrics.items() if metric.kind in kinds)

    def is_count(self, metric: str) -> bool:
        return self.metrics[metric].kind == "count"

    def is_rate(self, metric: str) -> bool:
        return self.metrics[metric].kind == "rate"

    def unit(self, metric: str) -> str:
        return self.metrics[metric].unit


DEFAULT_VOCABULARY = Vocabulary(BUILT_IN, IDENTITIES)
