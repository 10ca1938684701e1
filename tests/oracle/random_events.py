"""Random events on many clocks, and claims with the lines that decide them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .packs import Brand, Making, stamp

ZONES = (
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "UTC", "Australia/Sydney", "Asia/Kolkata",
    "not stated", "US, zone not named",
)  # fmt: skip
CHANGES = (date(2024, 3, 10), date(2024, 3, 31), date(2024, 4, 7), date(2024, 10, 27), date(2024, 11, 3))
PEOPLE = (("ada-lin", "Ada Lin", "林艾达"), ("otto-brandt", "Otto Brandt", "O. Brandt"))


def add_events(making: Making, brands: list[Brand]) -> None:
    for id, *names in PEOPLE:
        for name in names:
            making.add("names", id=id, kind="person", name=name)
    for number in range(making.rng.choice((2, 3, 4, 5))):
        zone = making.rng.choice(ZONES)
        id = f"event-{number}"
        who = making.rng.choice(
            (brands[0].name, brands[-1].aliases[0], "Ada Lin", "林艾达", f"{brands[0].name};Otto Brandt", "")
        )
        others = [row["id"] for row in making.tables["events"]]
        same_as = making.rng.choice(others) if others and making.chance(0.12) else ""
        making.add(
            "events",
            id=id,
            name=f"Event {number}",
            who=who,
            at=_at(making, zone),
            zone=zone,
            sources="a1",
            same_as=same_as,
        )
        making.add("names", id=id, kind="event", name=f"Event {number}")


def _at(making: Making, zone: str) -> str:
    rng = making.rng
    day = rng.choice(CHANGES) if making.chance(0.25) else date(2024, 1, 1) + timedelta(days=rng.randrange(330))
    form = rng.choices(("instant", "day", "month", "year", "clock span", "day span"), (45, 25, 7, 3, 12, 8))[0]
    if form == "day":
        return day.isoformat()
    if form in ("month", "year"):
        return f"{day:%Y-%m}" if form == "month" else f"{day:%Y}"
    if form == "day span":
        return f"{day}/{day + timedelta(days=rng.randrange(1, 9))}"
    clock = ZoneInfo(zone) if "/" in zone or zone == "UTC" else ZoneInfo("UTC")
    at = datetime.combine(day, datetime.min.time(), clock).replace(
        hour=rng.choice((0, 4, 9, 12, 19, 23)), minute=rng.choice((0, 0, 30))
    )
    if form == "instant":
        return stamp(at)
    return f"{stamp(at)}/{stamp(at + timedelta(minutes=rng.choice((30, 59))))}"


def add_claims(making: Making) -> None:
    for _ in range(making.rng.choice((1, 2, 2, 3))):
        id = making.id("claim-")
        kind = making.rng.choices(("checkable", "opinion", "unverifiable"), (80, 10, 10))[0]
        pairs = [_check(making) for _ in range(making.rng.choice((1, 1, 2)))] if kind == "checkable" else []
        found = [pair for pair in pairs if pair is not None]
        if kind == "checkable" and not found:
            continue
        making.add("names", id=id, kind="claim", name=f"Claim {id}")
        making.add(
            "claims", id=id, speaker=making.rng.choice(("article", "netizen", "Ada Lin")), statement=f"Statement {id}.", kind=kind,
            checks=";".join(check for check, _ in found), expects=";".join(expected for _, expected in found), sources="b1",
        )  # fmt: skip


def _check(making: Making) -> tuple[str, str] | None:
    if making.chance(0.3):
        return _price_check(making)
    events = [row["id"] for row in making.tables["events"]]
    if making.chance(0.45) and len(events) >= 2:
        first, second = making.rng.sample(events, 2)
        return f"/timeline check first:{first} second:{second}", making.rng.choice(
            ("before", "after", "cannot be", "possible")
        )
    return _number_check(making)


def _rate_check(making: Making, opened: dict[str, str]) -> tuple[str, str] | None:
    """A share in per cent at the very moment of a report."""
    rows = [
        row
        for row in making.tables["orders"]
        if row["metric"] in ("lock_in_rate", "cancellation_rate") and row["launch"] in opened
    ]
    rows = [row for row in rows if "T" in row["period_to"] and row["low"] == row["high"]]
    if not rows:
        return None
    row = making.rng.choice(rows)
    hours = (
        datetime.fromisoformat(row["period_to"]) - datetime.fromisoformat(opened[row["launch"]])
    ).total_seconds() / 3600
    low = row["low"]
    percent = round(float(low[:-1]) if low.endswith("%") else float(low) * 100) + making.rng.choice((0, 0, 1, -1))
    form = making.rng.choice(("{0}%", "about {0}%", "{0}%..{1}%", "0.{0:02}"))
    if hours <= 0 or hours != int(hours) or not 2 <= percent < 95:
        return None
    return f"/orders total launch:{row['launch']} within:{int(hours)}h metric:{row['metric']}", form.format(
        percent, percent + 4
    )


def _number_check(making: Making) -> tuple[str, str] | None:
    """A number for a count at the very moment of a report, or beside it."""
    opened = {row["id"]: row["opened"] for row in making.tables["launches"] if "T" in row["opened"]}
    rows = [
        row for row in making.tables["orders"]
        if row["metric"] in ("orders", "locked_orders", "reservations") and "T" in row["period_to"] and "/" not in row["period_to"]
        and row["launch"] in opened and row["low"] and row["high"]
    ]  # fmt: skip
    if not rows:
        return None
    row = making.rng.choice(rows)
    opening = datetime.fromisoformat(opened[row["launch"]])
    hours = round((datetime.fromisoformat(row["period_to"]) - opening).total_seconds() / 3600)
    hours += making.rng.choice((0, 0, 0, -1, 3))
    if hours <= 0:
        return None
    value = int(row["low"]) + making.rng.choice((0, 0, 0, 1, -40, 3000))
    form = making.rng.choice(("{0}", "about {0}", "about {2}", "{2} about", "{0}..{1}", ">={0}"))
    expected = form.format(max(1, value), max(1, value) + 500, max(100, round(value, making.rng.choice((-2, -2, -3)))))
    return f"/orders total launch:{row['launch']} within:{hours}h metric:{row['metric']}", expected


def _price_check(making: Making) -> tuple[str, str] | None:
    """A kind of change in a window, or a number for the price of a day."""
    rows = [row for row in making.tables["prices"] if row["model"] not in ("all", "") and len(row["valid_from"]) == 10]
    if not rows:
        return None
    row = making.rng.choice(rows)
    day = date.fromisoformat(row["valid_from"])
    model = next(
        name["id"] for name in making.tables["names"] if name["kind"] == "model" and name["name"] == row["model"]
    )
    trim = f' trim:"{row["trim"]}"' if row["trim"] not in ("", "all") and making.chance(0.7) else ""
    if making.chance(0.5) and row["low"]:
        value = int(row["low"]) + making.rng.choice((0, 0, 0, 500))
        return f"/prices show model:{model}{trim} on:{day + timedelta(days=making.rng.choice((0, 3)))}", str(value)
    kind = making.rng.choice(("cut", "rise", "cut", "rise", "first price", "new variant", "unchanged", "none"))
    window = f"since:{day - timedelta(days=making.rng.choice((0, 9)))} until:{day + timedelta(days=making.rng.choice((0, 9)))}"
    return f"/prices changes model:{model}{trim} {window}", kind
