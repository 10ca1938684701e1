"""Random launches with their counts: series, parts, rates, unstated figures, stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .packs import MARKETS, MODELS, Brand, Making, Market, add_model, later, stamp

MARKED = {"k4": "काया", "k4-plus": "किया"}  # names that differ by a combining mark only
HOURS = (1, 2, 5, 24, 24, 48, 72, 72, 168, 240)


@dataclass(frozen=True)
class Opened:
    """A launch while its rows are made; ``at`` is when it opens, also where the pack does not say."""

    id: str
    brand: Brand
    market: Market
    at: datetime
    cell: str


def name_key(place: str) -> str:
    """The id of a place: its name in small letters."""
    return place.casefold()


def add_launches(making: Making, brands: list[Brand]) -> None:
    for model_id, name in making.rng.sample(MODELS, making.rng.choice((1, 2, 2, 3))):
        brand, market = making.rng.choice(brands), making.rng.choice(MARKETS)
        add_model(making, model_id, name)
        if model_id in MARKED and making.chance(0.3):
            making.add("names", id=model_id, kind="launch", name=MARKED[model_id])
        making.add("names", id=model_id, kind="launch", name=name)
        if making.chance(0.3):
            making.add("names", id=model_id, kind="launch", name=f"{brand.name} {name}")
        zone = ZoneInfo(market.zone)
        day = date(2024, 2, 20) + timedelta(days=making.rng.randrange(60))
        at = datetime.combine(day, datetime.min.time(), zone).replace(
            hour=making.rng.choice((0, 5, 8, 10, 13, 17, 20, 22))
        )
        cell = making.rng.choices((stamp(at), day.isoformat(), ""), (90, 4, 6))[0]
        launch = Opened(model_id, brand, market, at, cell)
        making.add(
            "launches", id=model_id, brand=making.rng.choice((brand.name, brand.id)), model=name, market=market.place,
            currency=market.currency, zone=market.zone, announced="2024-02", opened=cell, sources="a1",
        )  # fmt: skip
        _counts(making, launch)
        _rates(making, launch)
        _stores(making, launch)
        if making.chance(0.25):
            _unstated(making, launch)
        if making.features.places and making.chance(0.4):
            _places(making, launch)
        if making.features.metrics and making.chance(0.3):
            _own_metrics(making, launch)


def _counts(making: Making, launch: Opened) -> None:
    rng = making.rng
    metrics = [m for m in ("orders", "locked_orders", "reservations", "deliveries") if making.chance(0.5)] or ["orders"]
    top = rng.randrange(2000, 60000)
    for metric in metrics:
        share = {"orders": 1.0, "locked_orders": 0.4, "reservations": 1.5, "deliveries": 0.1}[metric]
        if metric != "orders" and making.chance(0.08):
            share = 2.5  # more locked, or delivered, than ordered
        if metric == "deliveries" and making.chance(0.35):
            _chain(making, launch, metric)
            continue
        start = rng.choices(("", stamp(launch.at)), (50, 50))[0] if launch.cell else ""
        if metric == "deliveries" and making.chance(0.5):
            start = (launch.at.date() + timedelta(days=4)).isoformat()
        _series(making, launch, metric, start, int(top * share), rng.choice((1, 2, 3, 4)))
        if making.chance(0.2) and launch.cell:
            begin = (launch.at.date() + timedelta(days=rng.choice((30, 60)))).isoformat()
            _series(making, launch, metric, begin, int(top * share * 0.3), 1, begins=date.fromisoformat(begin))
        if making.chance(0.2):
            _parts(making, launch, metric, int(top * share))
        if making.features.variant and making.chance(0.3):
            _series(making, launch, metric, start, int(top * share * 0.5), 2, variant="Long")


def _series(
    making: Making, launch: Opened, metric: str, start: str, top: int, points: int,
    *, place: str | None = None, begins: date | None = None, variant: str = "",
) -> None:  # fmt: skip
    """A cumulative series: counts that grow, told by several, some of them not to be believed."""
    rng = making.rng
    offsets = sorted({*rng.sample(HOURS, points), *((24,) if making.chance(0.3) else ())})
    value = max(10, top // 2)
    gross = rng.choices(("yes", "unknown", "no", ""), (60, 25, 10, 5))[0]
    for hours in offsets:
        if begins is not None:
            at = datetime.combine(begins + timedelta(days=30), datetime.min.time(), ZoneInfo(launch.market.zone))
        else:
            at = later(
                launch.at, launch.market.zone, hours + (96 if metric == "deliveries" and start and hours < 96 else 0)
            )
        end = _end(making, at)
        value += rng.randrange(1, max(2, top // 4))
        row = _count(making, launch, metric, start, end, value, place, gross, variant)
        if making.chance(0.25):
            _rival(making, launch, row, value)


def _end(making: Making, at: datetime) -> str:
    form = making.rng.choices(("instant", "day", "span"), (70, 20, 10))[0]
    if form == "day":
        return (at.date() + timedelta(days=1)).isoformat()
    if form == "span":
        return f"{stamp(at)}/{stamp(at + timedelta(hours=1))}" if at.hour < 23 else stamp(at)
    return stamp(at)


def _count(
    making: Making, launch: Opened, metric: str, start: str, end: str, value: int, place: str | None, gross: str, variant: str = "",
) -> dict[str, str]:  # fmt: skip
    cells = _stated(making, value)
    if making.chance(0.1):
        gross = making.rng.choice(("yes", "unknown", "no"))
    is_bad = making.chance(0.06)
    more = {"variant": variant} if making.features.variant else {}
    row = making.add(
        "orders", id=making.id("o"), launch=launch.id, metric=metric, counting="cumulative", gross=gross, period_from=start, period_to=end,
        place=_whole(making, launch) if place is None else place, said_by="page" if is_bad else making.teller(launch.brand),
        status=making.status(), sources=making.sources(bad=is_bad), **cells, **more,
    )  # fmt: skip
    if making.chance(0.08) and row["status"] == "reported":
        _revise(making, row, value)
    return row


def _stated(making: Making, value: int) -> dict[str, str]:
    how = making.rng.choices(("exact", "about", "range", "at_least", "at_most", ""), (50, 14, 12, 12, 6, 6))[0]
    if how == "about":
        value = max(100, value // 100 * 100)
        return {
            "stated": how,
            "low": str(value),
            "high": str(value),
            "precision": making.rng.choice(("", "100", "1000")),
        }
    if how in ("range", ""):
        return {"stated": how, "low": str(value), "high": str(value + making.rng.randrange(0, value // 5 + 1))}
    low, high = (
        ("", str(value)) if how == "at_most" else (str(value), "") if how == "at_least" else (str(value), str(value))
    )
    return {"stated": how, "low": low, "high": high}


def _whole(making: Making, launch: Opened) -> str:
    aliases = launch.market.aliases or (launch.market.place,)
    return making.rng.choices((launch.market.place, "", making.rng.choice(aliases)), (70, 18, 12))[0]


def _revise(making: Making, row: dict[str, str], value: int) -> None:
    """A new version of a row; now and then one that does not stand itself."""
    status = making.rng.choices(("revised", "denied", "rumour"), (75, 15, 10))[0]
    new = making.add("orders", **(row | {"id": making.id("o"), "status": status}))
    more = value + making.rng.randrange(1, 50)
    for column in ("low", "high"):
        new[column] = str(more) if row[column] else ""
    if row["stated"] in ("range", ""):
        new["high"] = str(more + 10)
    row["superseded_by"] = new["id"]


def _rival(making: Making, launch: Opened, row: dict[str, str], value: int) -> None:
    """Another report of the same moment."""
    other = value + making.rng.randrange(-value // 10, value // 10 + 2)
    is_bad = making.chance(0.25)
    cells = _stated(making, max(1, other))
    making.add(
        "orders", **(row | {"precision": ""} | cells | {
            "id": making.id("o"), "said_by": "page" if is_bad else making.teller(launch.brand), "status": making.status(),
            "sources": making.sources(bad=is_bad), "superseded_by": "",
        }),
    )  # fmt: skip


def _chain(making: Making, launch: Opened, metric: str) -> None:
    """New counts whose months follow each other; now and then with a gap, or with a rival."""
    first = launch.at.date().replace(day=1)
    value = making.rng.randrange(300, 5000)
    for _ in range(making.rng.choice((1, 2, 3))):
        following = (first + timedelta(days=32)).replace(day=1)
        row = making.add(
            "orders", id=making.id("o"), launch=launch.id, metric=metric, counting="new", gross=making.rng.choice(("yes", "unknown")),
            period_from=first.isoformat(), period_to=following.isoformat(), place=_whole(making, launch), low=str(value), high=str(value),
            stated="exact", said_by=making.teller(launch.brand), status=making.status(), sources=making.sources(),
            **({"variant": ""} if making.features.variant else {}),
        )  # fmt: skip
        if making.chance(0.3):
            _rival(making, launch, row, value)
        first = (following + timedelta(days=32)).replace(day=1) if making.chance(0.1) else following
        value += making.rng.randrange(-100, 900)


def _parts(making: Making, launch: Opened, metric: str, top: int) -> None:
    places = making.rng.sample(launch.market.parts, making.rng.choice((1, 2)))
    hours = making.rng.choice(HOURS)
    for place in places:
        end = stamp(later(launch.at, launch.market.zone, hours))
        row = _count(making, launch, metric, "", end, max(5, top // 5 + making.rng.randrange(50)), place, "yes")
        if making.chance(0.15):
            row |= {"low": "", "high": "", "stated": "", "precision": ""}


def _rates(making: Making, launch: Opened) -> None:
    rng = making.rng
    told = [r["period_to"] for r in making.tables["orders"] if r["launch"] == launch.id and "/" not in r["period_to"]]
    end = stamp(later(launch.at, launch.market.zone, rng.choice(HOURS)))
    if told and making.chance(0.75):
        end = rng.choice(told)  # so that identities have all their operands at one moment
    for metric, share in (("orders_per_store", 0.4), ("lock_in_rate", 0.4), ("cancellation_rate", 0.15)):
        for _ in range(rng.choice((1, 1, 2)) if making.chance(share) else 0):
            is_bad = making.chance(0.08)
            if metric == "orders_per_store":
                low = rng.randrange(20, 2000)
                high = low + rng.choice((0, 0, rng.randrange(1, 300)))
                cells = {"low": str(low), "high": str(high), "stated": "exact" if low == high else "range"}
            else:
                low = rng.randrange(5, 90)
                high = min(99, low + rng.choice((0, 0, rng.randrange(1, 9))))
                form = rng.choice(("{:.2f}", "{}%"))
                texts = [form.format(n / 100) if form == "{:.2f}" else form.format(n) for n in (low, high)]
                cells = {"low": texts[0], "high": texts[1], "stated": "exact" if low == high else "range"}
                if low == high and making.chance(0.15):
                    cells |= {"low": "0.9999", "high": "0.9999"}
            if making.chance(0.2):
                end = stamp(later(launch.at, launch.market.zone, rng.choice(HOURS)))
            making.add(
                "orders", id=making.id("o"), launch=launch.id, metric=metric, counting="cumulative", gross="unknown", period_to=end,
                place=_whole(making, launch), said_by=making.teller(launch.brand), status=making.status(),
                sources=making.sources(bad=is_bad), **cells, **({"variant": ""} if making.features.variant else {}),
            )  # fmt: skip


def _unstated(making: Making, launch: Opened) -> None:
    could_be = making.rng.sample(("orders", "locked_orders", "deliveries", "reservations"), making.rng.choice((2, 3)))
    end = stamp(later(launch.at, launch.market.zone, making.rng.choice(HOURS)))
    value = making.rng.randrange(10, 500) * 100
    making.add(
        "orders", id=making.id("o"), launch=launch.id, metric="unstated", could_be=";".join(could_be), low=str(value), high=str(value),
        stated="about", precision="1000", counting="cumulative", gross="unknown", period_to=end, place=launch.market.place,
        said_by="Gazette", status="reported", sources=making.sources(), **({"variant": ""} if making.features.variant else {}),
    )  # fmt: skip


def _stores(making: Making, launch: Opened) -> None:
    rng = making.rng
    for metric in ("sales_stores", "display_stores", "cities"):
        for _ in range(rng.choice((1, 1, 2)) if making.chance({"sales_stores": 0.6}.get(metric, 0.15)) else 0):
            low = rng.randrange(5, 120)
            start = launch.at.date() - timedelta(days=rng.randrange(0, 40))
            is_bad = making.chance(0.08)
            more = {"variant": ""} if making.features.variant else {}
            more |= {"channel": ""} if making.features.channel else {}
            making.add(
                "stores", id=making.id("s"), brand=launch.brand.name, launch=launch.id if making.chance(0.8) else "", metric=metric,
                low=str(low), high=str(low + rng.choice((0, 0, 0, 3))), valid_from=start.isoformat(),
                valid_to=(launch.at.date() + timedelta(days=2)).isoformat() if making.chance(0.2) else "",
                place=_whole(making, launch) if making.chance(0.85) else rng.choice(launch.market.parts),
                said_by=making.teller(launch.brand), status=making.status(), sources=making.sources(bad=is_bad), **more,
            )  # fmt: skip


def _places(making: Making, launch: Opened) -> None:
    """Which places make the market, so that parts may be summed (8.8, 8.17); one metric is known by its parts only."""
    whole = name_key(launch.market.place)
    if any(row["id"] == whole for row in making.tables.get("places", ())):
        return
    complete = making.rng.choice(("yes", "yes", "no"))
    making.add("places", id=whole, name=launch.market.place, complete=complete)
    for place in launch.market.parts:
        making.add("places", id=name_key(place), name=place, part_of=whole)
    if any(row["launch"] == launch.id and row["metric"] == "reservations" for row in making.tables["orders"]):
        return
    end = stamp(later(launch.at, launch.market.zone, making.rng.choice(HOURS)))
    for place in launch.market.parts:
        _count(making, launch, "reservations", "", end, making.rng.randrange(50, 5000), place, "yes")


def _own_metrics(making: Making, launch: Opened) -> None:
    """Metrics of metrics.csv: a count of its own, and a gauge that brackets nothing (8.17)."""
    for id, kind in (("signups", "count"), ("viewers", making.rng.choice(("gauge", "peak")))):
        if not any(row["id"] == id for row in making.tables.get("metrics", ())):
            making.add("metrics", id=id, name=id, plural=id, unit=id, kind=kind)
        if making.chance(0.5):
            _series(making, launch, id, "", making.rng.randrange(500, 9000), making.rng.choice((1, 2, 3)))
