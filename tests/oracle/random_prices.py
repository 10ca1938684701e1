"""Random prices: levels, changes with and without a level, limited prices, offers, subsidies, pre-sales."""

from __future__ import annotations

from datetime import date, timedelta

from .packs import MARKETS, MODELS, Brand, Making, Market, add_model

TRIMS = ("Base", "Pro", "Pro+", "Max")


def add_prices(making: Making, brands: list[Brand]) -> None:
    launched = {row["model"]: row for row in making.tables["launches"]}
    for id, name in making.rng.sample(MODELS, making.rng.choice((1, 2, 2, 3))):
        add_model(making, id, name)
        row = launched.get(name)
        brand = next((b for b in brands if row and row["brand"] in (b.name, b.id)), making.rng.choice(brands))
        home = next((m for m in MARKETS if row and m.place == row["market"]), making.rng.choice(MARKETS))
        markets = [home] + ([making.rng.choice(MARKETS)] if making.chance(0.35) else [])
        trims = making.rng.sample(TRIMS, making.rng.choice((1, 1, 2))) if making.chance(0.9) else [""]
        for market in dict.fromkeys(markets):
            _in_market(making, brand, name, market, trims)
    if making.chance(0.2):
        _offer(making, brands[0], "all", making.rng.choice(MARKETS), date(2024, 4, making.rng.randrange(1, 28)), "all")


def _in_market(making: Making, brand: Brand, model: str, market: Market, trims: list[str]) -> None:
    step = date(2024, 1, 1) + timedelta(days=making.rng.randrange(0, 100))
    for trim in trims:
        start = step if making.chance(0.5) else step + timedelta(days=making.rng.randrange(1, 40))
        if making.chance(0.2):
            start = _pre_sale(making, brand, model, market, trim, start)
        _line(making, brand, model, market, trim, start)
    if making.features.channel and making.chance(0.25):
        _line(making, brand, model, market, trims[0], step, kind="street_price")
    if making.chance(0.15):
        _line(making, brand, model, market, "all", step + timedelta(days=5), kind="starting_price")
    for _ in range(making.rng.choice((0, 1, 1, 2))):
        day = step + timedelta(days=making.rng.randrange(0, 150))
        _offer(making, brand, model, market, day, making.rng.choice((*trims, "all")))


def _row(making: Making, brand: Brand, model: str, market: Market, trim: str, **cells: str) -> dict[str, str]:
    region = making.rng.choice((market.place, market.place, market.place, *market.aliases))
    channel = "street" if cells.get("price_type") == "street_price" else ""
    more = {"channel": channel} if making.features.channel else {}
    told = {"said_by": making.maker(brand), "status": "reported", "sources": making.sources()}
    if len(cells.get("valid_from", "")) == 10 and making.chance(0.2):
        told["announced"] = (
            date.fromisoformat(cells["valid_from"]) - timedelta(days=making.rng.randrange(0, 20))
        ).isoformat()
    return making.add(
        "prices", **({"id": making.id("p"), "brand": making.rng.choice((brand.name, brand.name, *brand.aliases)), "model": model,
                      "trim": trim, "region": region, "currency": market.currency} | told | more | cells),
    )  # fmt: skip


def _pre_sale(making: Making, brand: Brand, model: str, market: Market, trim: str, start: date) -> date:
    listed = start + timedelta(days=making.rng.randrange(5, 40))
    price = making.rng.randrange(100, 900) * 100
    cells = {"low": "" if making.chance(0.2) else str(price), "high": str(price), "valid_from": start.isoformat()}
    if making.chance(0.4):
        cells["valid_to"] = listed.isoformat()
    _row(making, brand, model, market, trim, price_type="pre_sale_price", **cells)
    return listed


def _line(
    making: Making, brand: Brand, model: str, market: Market, trim: str, day: date, kind: str = "list_price"
) -> None:
    """One series in time; every step is a new kind of move."""
    rng = making.rng
    price: int | None = rng.randrange(100, 900) * 100
    high = price
    first = {"low": str(price), "high": str(price)}
    if making.chance(0.06):
        first["low"] = ""
    _row(making, brand, model, market, trim, price_type=kind, valid_from=_day(making, day, 0.05), **first)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        day += timedelta(days=rng.randrange(1, 60))
        move = rng.choices(("level", "step", "bare", "unknown", "limited", "same", "noise", "rival", "revised"),
                           (22, 20, 14, 6, 14, 5, 10, 6, 5))[0]  # fmt: skip
        price, high = _move(making, brand, model, market, trim, day, kind, move, price, high)


def _move(
    making: Making, brand: Brand, model: str, market: Market, trim: str, day: date, kind: str, move: str,
    price: int | None, high: int | None,
) -> tuple[int | None, int | None]:  # fmt: skip
    rng = making.rng
    change = rng.choice((-1, -1, 1)) * rng.randrange(1, 90) * 50
    base = price if price is not None else 50000
    new = max(1000, base + change)
    change = new - base
    level = {"low": str(new), "high": str(new), "valid_from": _day(making, day, 0.06)}
    if move in ("step", "bare") and price is None:
        move = "level"
    if move == "noise":
        return _noise(making, brand, model, market, trim, kind, level, price, high)
    if move == "same":
        _row(
            making,
            brand,
            model,
            market,
            trim,
            price_type=kind,
            low=str(base),
            high=str(base),
            valid_from=day.isoformat(),
        )
        return base, base
    if move == "bare":
        texts = {"change_low": str(change), "change_high": str(change)}
        _row(making, brand, model, market, trim, price_type=kind, valid_from=day.isoformat(), **texts)
        return new, new
    if move == "unknown":
        _row(making, brand, model, market, trim, price_type=kind, valid_from=day.isoformat(), change_high="0")
        return None, None
    if move == "limited":
        end = (day + timedelta(days=rng.randrange(3, 40))).isoformat()
        _row(
            making,
            brand,
            model,
            market,
            trim,
            price_type=kind,
            **(level | {"valid_from": day.isoformat(), "valid_to": end}),
        )
        return price, high
    if move == "step":
        level |= {"previous": str(base)} if making.chance(0.6) else {}
        level |= {"change_low": str(change), "change_high": str(change)}
    row = _row(making, brand, model, market, trim, price_type=kind, **level)
    _told_again(making, row, move, new)
    if move == "step" and change < 0 and making.chance(0.2):
        _same_move(making, brand, model, market, trim, day, -change)
    return new, new


def _told_again(making: Making, row: dict[str, str], move: str, price: int) -> None:
    """The same day told by one who counts less, or a revised price of the same day."""
    plain = {"previous": "", "change_low": "", "change_high": "", "low": str(price + 250), "high": str(price + 250)}
    if move == "rival":
        making.add("prices", **(row | plain | {"id": making.id("p"), "said_by": "blog", "sources": "c1"}))
    if move == "revised":
        making.add("prices", **(row | plain | {"id": making.id("p"), "status": "revised"}))


def _noise(
    making: Making, brand: Brand, model: str, market: Market, trim: str, kind: str, level: dict[str, str],
    price: int | None, high: int | None,
) -> tuple[int | None, int | None]:  # fmt: skip
    """A later row that must not be followed: a rumour, a denial, or a page known bad."""
    how = making.rng.choice(("rumour", "denied", "target", "bad"))
    told = {"said_by": "page", "sources": "d1"} if how == "bad" else {"said_by": "blog", "status": how, "sources": "c1"}
    _row(making, brand, model, market, trim, price_type=kind, **(level | told))
    return price, high


def _same_move(making: Making, brand: Brand, model: str, market: Market, trim: str, day: date, size: int) -> None:
    """A cut that another source tells as a subsidy or a limited offer."""
    kind = making.rng.choice(("subsidy", "limited_time_offer"))
    cells = {"low": str(size), "high": str(size), "change_low": str(-size), "change_high": str(-size)}
    _row(
        making, brand, model, market, trim, price_type=kind, valid_from=day.isoformat(), said_by="Gazette",
        sources=making.rng.choice(("b1", "c1", "a2")), **cells,
    )  # fmt: skip


def _offer(making: Making, brand: Brand, model: str, market: Market, day: date, trim: str) -> None:
    kind = making.rng.choice(("limited_time_offer", "subsidy", "trade_in", "benefit", "deposit"))
    size = making.rng.randrange(1, 60) * 100
    if kind == "deposit":
        cells = {"low": str(size), "high": str(size)}
    elif making.chance(0.4):
        cells = {"low": "0", "high": str(size), "change_low": str(-size), "change_high": "0"}
    else:
        cells = {"low": str(size), "high": str(size), "change_low": str(-size), "change_high": str(-size)}
    if making.chance(0.4):
        cells["valid_to"] = (day + timedelta(days=making.rng.randrange(3, 40))).isoformat()
    _row(making, brand, model, market, trim, price_type=kind, valid_from=day.isoformat(), **cells)


def _day(making: Making, day: date, share: float) -> str:
    """A day, or now and then only its month, its year, or a span of days."""
    if not making.chance(share):
        return day.isoformat()
    after = day + timedelta(days=making.rng.randrange(1, 9))
    return making.rng.choice(
        (f"{day:%Y-%m}", f"{day:%Y-%m}", f"{day:%Y}", f"{day}/{after}", f"{day:%Y-%m}/{day + timedelta(days=31):%Y-%m}")
    )
