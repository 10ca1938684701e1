"""Random slash lines about a pack: every verb, sensible and boundary moments, now and then a wrong line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from .packs import Tables

RATES = ("orders_per_store", "lock_in_rate", "cancellation_rate")
COUNTS = ("orders", "locked_orders", "reservations", "deliveries")
METRICS = (
    "orders",
    "locked_orders",
    "reservations",
    "deliveries",
    "orders_per_store",
    "lock_in_rate",
    "cancellation_rate",
)
WEIGHTS = {
    "/orders total": 22, "/orders stores": 6, "/orders progress": 10, "/orders compare": 4, "/orders whatif": 8,
    "/prices show": 12, "/prices changes": 10, "/prices history": 7, "/prices compare": 4,
    "/timeline check": 8, "/timeline gap": 5, "/timeline when": 4, "/timeline events": 4,
    "/claims check": 5, "/claims list": 2, "/sources show": 1, "wrong line": 2,
}  # fmt: skip
ZONE_WORDS = (
    "UTC", "GMT", "Beijing time", "US time", "Eastern", "Central", "Mountain", "Pacific", "CST", "EST", "EDT", "MST", "MDT", "PST", "PDT",
    "BST", "IST", "CET", "CEST", "JST", "KST", "HKT", "SGT", "AEST", "AEDT", "北京时间", "美国东部时间", "+07:00", "-03:30",
    "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney", "America/Los_Angeles",
)  # fmt: skip
CLOCK_CHANGES = (
    ("2024-11-03", "America/New_York"), ("2024-03-10", "America/Los_Angeles"), ("2024-03-31", "Europe/Berlin"),
    ("2024-10-27", "Europe/Berlin"), ("2024-04-07", "Australia/Sydney"), ("2024-10-06", "Australia/Sydney"),
)  # fmt: skip

NEVER = {  # clock times that the zone skips
    "America/New_York": "2024-03-10 02:30", "Europe/Berlin": "2024-03-31 02:15", "Australia/Sydney": "2024-10-06 02:45",
}  # fmt: skip


def quoted(text: str) -> str:
    return f'"{text}"' if not text or any(c.isspace() for c in text) or '"' in text else text


class Asker:
    """Asks random lines about one pack."""

    def __init__(self, tables: Tables, rng: Random) -> None:
        self.tables, self.rng = tables, rng

    def lines(self, number: int, verbs: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """So many pairs of verb and line."""
        names = [verb for verb in WEIGHTS if not verbs or verb in verbs]
        found: list[tuple[str, str]] = []
        for _ in range(number * 5):
            verb = self.rng.choices(names, [WEIGHTS[name] for name in names])[0]
            line = self._line(verb)
            if line is not None:
                found.append((verb, line))
            if len(found) == number:
                break
        return found

    def _line(self, verb: str) -> str | None:
        makers: dict[str, Callable[[], str | None]] = {
            "/orders total": lambda: self._count(verb, True), "/orders stores": lambda: self._count(verb, False),
            "/orders progress": lambda: self._count(verb, True), "/orders compare": self._compare, "/orders whatif": self._whatif,
            "/prices show": self._show, "/prices changes": self._changes, "/prices history": self._history,
            "/prices compare": self._price_compare, "/timeline check": lambda: self._pair(verb), "/timeline gap": lambda: self._pair(verb),
            "/timeline when": lambda: f"{verb} what:{quoted(self._moment())}", "/timeline events": self._events,
            "/claims check": self._claim, "/claims list": self._claims,
            "/sources show": lambda: f"{verb} id:{self.rng.choice(self.tables['sources'])['id']}", "wrong line": self._wrong,
        }  # fmt: skip
        return makers[verb]()

    # counts

    def _launch(self) -> dict[str, str] | None:
        return self.rng.choice(self.tables["launches"]) if self.tables["launches"] else None

    def _launch_name(self, launch: dict[str, str]) -> str:
        names = [row["name"] for row in self.tables["names"] if row["kind"] == "launch" and row["id"] == launch["id"]]
        return quoted(self.rng.choice([launch["id"], launch["id"], *names]))

    def _count(self, verb: str, has_metric: bool) -> str | None:
        launch = self._launch()
        if launch is None:
            return None
        told = [
            row["metric"]
            for row in self.tables["orders"]
            if row["launch"] == launch["id"] and row["metric"] != "unstated"
        ]
        others: tuple[str, ...] = METRICS
        if verb == "/orders progress":
            told, others = [metric for metric in told if metric not in RATES], COUNTS
        if verb == "/orders stores" and self.rng.random() < 0.8:
            has_stores = any(
                row["launch"] in (launch["id"], "") for row in self.tables["stores"] if row["metric"] == "sales_stores"
            )
            if not has_stores and "orders_per_store" not in told:
                return None
        metric = self.rng.choice([*told, *told, *others]) if has_metric and self.rng.random() < 0.85 else None
        line = f"{verb} launch:{self._launch_name(launch)}{self._when(launch, metric)}"
        return line + (f" metric:{metric}" if metric else "")

    def _when(self, launch: dict[str, str], metric: str | None) -> str:
        """No moment, a duration, or a time: often exactly a count's end, a second before, the day itself."""
        rng = self.rng
        if rng.random() < 0.25:
            return ""
        if rng.random() < 0.03 and launch["zone"] in NEVER:
            return f' at:"{NEVER[launch["zone"]]}"'
        if rng.random() < 0.12:
            return rng.choice(
                (
                    " within:1h",
                    " within:24h",
                    " within:3d",
                    " within:1w",
                    " at:90m",
                    ' at:"2000-01-01"',
                    " at:2031-01-01",
                )
            )
        zone = ZoneInfo(launch["zone"])
        rows = [row for row in self.tables["orders"] if row["launch"] == launch["id"] and row["period_to"]]
        wanted = [row for row in rows if metric in (None, row["metric"]) or row["metric"] == "unstated"] or rows
        if not wanted:
            return " within:24h"
        end = rng.choice(rng.choice(wanted)["period_to"].split("/"))
        at = (
            datetime.fromisoformat(end)
            if "T" in end
            else datetime.combine(date.fromisoformat(end), datetime.min.time(), zone)
        )
        at = at.astimezone(UTC) + timedelta(seconds=rng.choice((0, 0, 0, 0, -1, 1, -3600, 7200, -86400)))
        return self._written(launch, at.astimezone(zone))

    def _written(self, launch: dict[str, str], at: datetime) -> str:
        rng = self.rng
        if "T" in launch["opened"]:
            seconds = round((at - datetime.fromisoformat(launch["opened"])).total_seconds())
            if seconds > 0 and seconds % 60 == 0 and rng.random() < 0.6:
                text = f"{seconds // 3600}h" if seconds % 3600 == 0 else f"{seconds // 60}m"
                return f" {rng.choice(('within', 'within', 'within', 'at'))}:{text}"
        if rng.random() < 0.35:
            day = at.date() - timedelta(days=rng.choice((0, 1)))
            return f" at:{rng.choice((day.isoformat(), day.isoformat(), day.isoformat(), f'{day:%Y-%m}'))}"
        clock = f"{at:%Y-%m-%d %H:%M:%S}" if at.second else f"{at:%Y-%m-%d %H:%M}"
        zone = rng.choice(("", "", f" {launch['zone']}"))
        return f' at:"{clock}{zone}"'

    def _compare(self) -> str | None:
        if len(self.tables["launches"]) < 2:
            return None
        some = self.rng.sample(self.tables["launches"], 2)
        told = [self._told(launch) for launch in some]
        both = sorted(told[0] & told[1])
        if both and self.rng.random() < 0.75:
            metric, hours = self.rng.choice(both)
        else:
            hours = self.rng.choice((1, 2, 5, 24, 48, 72, 168, 240))
            metric = self.rng.choice(("orders", "orders", "locked_orders", "reservations", "deliveries"))
        tail = f" within:{hours}h" if self.rng.random() < 0.93 else ""
        return f"/orders compare launches:{some[0]['id']},{some[1]['id']}{tail} metric:{metric}"

    def _told(self, launch: dict[str, str]) -> set[tuple[str, int]]:
        """The counts and whole hours since the opening at which something is told."""
        if "T" not in launch["opened"]:
            return set()
        opening, found = datetime.fromisoformat(launch["opened"]), set()
        for row in self.tables["orders"]:
            end = row["period_to"]
            if row["launch"] == launch["id"] and row["metric"] in COUNTS and "T" in end and "/" not in end:
                hours = (datetime.fromisoformat(end) - opening).total_seconds() / 3600
                if hours == int(hours) > 0:
                    found.add((row["metric"], int(hours)))
        return found

    def _whatif(self) -> str | None:
        rng = self.rng
        options = {
            "stores": ("60", "55..60", "20-30", ">=60", "0", "1,000", "7.5"),
            "orders_per_store": ("100", "100..110", "1.8k", "2,000", "4-5万", "0"),
            "lock_in_rate": ("38%", "0.38", "35-40%", "35%..40%", "0", "0.3..0.4", "1", "150%"),
            "orders": ("45000", "45,000", "45k", "4.5万", "4-5万", "40-45k", ">=40000", "1,100万", "55 60"),
        }
        names = rng.sample(list(options), rng.choice((1, 1, 2, 2, 2, 3)))
        numbers = " ".join(f"{name}:{quoted(rng.choice(options[name]))}" for name in options if name in names)
        launch = self._launch()
        if launch is None or (rng.random() < 0.3 and (len(names) > 1 or rng.random() < 0.1)):
            return f"/orders whatif {numbers}"
        return f"/orders whatif launch:{launch['id']}{self._when(launch, rng.choice(('lock_in_rate', 'orders_per_store')))} {numbers}"

    # prices

    def _priced(self) -> dict[str, str] | None:
        rows = [row for row in self.tables["prices"] if row["model"] not in ("all", "")]
        return self.rng.choice(rows) if rows else None

    def _day(self, rows: list[dict[str, str]]) -> str:
        """A day at the edge of some price: its first, the one before, its first day out, or far away."""
        rng = self.rng
        days = [row[column] for row in rows for column in ("valid_from", "valid_to") if len(row[column]) == 10]
        if not days or rng.random() < 0.12:
            return rng.choice(("2000-01-01", "2030-06-15", "2024-05-15"))
        day = date.fromisoformat(rng.choice(days)) + timedelta(days=rng.choice((0, 0, -1, 1, 7, 40)))
        return day.isoformat()

    def _narrowed(self, row: dict[str, str]) -> str:
        tail = f" trim:{quoted(row['trim'])}" if self.rng.random() < 0.35 and row["trim"] not in ("", "all") else ""
        return tail + (f" region:{quoted(row['region'])}" if self.rng.random() < 0.2 else "")

    def _show(self) -> str | None:
        row = self._priced()
        if row is None:
            return None
        rows = [other for other in self.tables["prices"] if other["model"] == row["model"]]
        on = f" on:{self._day(rows)}" if self.rng.random() < 0.8 else ""
        return f"/prices show model:{quoted(row['model'])}{self._narrowed(row)}{on}"

    def _window(self, rows: list[dict[str, str]]) -> str:
        days = sorted(self._day(rows) for _ in range(2))
        if self.rng.random() < 0.2:
            days[0] = days[0][:7]
        since = f" since:{days[0]}" if self.rng.random() < 0.5 else ""
        return since + (f" until:{days[1]}" if self.rng.random() < 0.5 else "")

    def _changes(self) -> str | None:
        row = self._priced()
        if row is None:
            return None
        rows = [other for other in self.tables["prices"] if other["model"] == row["model"]]
        about = self.rng.choices(
            (f" model:{quoted(row['model'])}{self._narrowed(row)}", f" brand:{quoted(row['brand'])}", ""), (75, 15, 10)
        )[0]
        after = (
            f" after:{self.rng.choice(self.tables['events'])['id']}"
            if self.tables["events"] and self.rng.random() < 0.15
            else ""
        )
        return f"/prices changes{about}{self._window(rows)}{after}"

    def _history(self) -> str | None:
        row = self._priced()
        if row is None:
            return None
        rows = [other for other in self.tables["prices"] if other["model"] == row["model"]]
        window = self._window(rows) if self.rng.random() < 0.35 else ""
        return f"/prices history model:{quoted(row['model'])}{self._narrowed(row)}{window}"

    def _price_compare(self) -> str | None:
        models = sorted({row["model"] for row in self.tables["prices"]} - {"all", ""})
        if len(models) < 2:
            return None
        some = self.rng.sample(models, 2)
        on = (
            f" on:{self._day([r for r in self.tables['prices'] if r['model'] in some])}"
            if self.rng.random() < 0.8
            else ""
        )
        return f"/prices compare models:{quoted(','.join(some))}{on}"

    # times

    def _moment(self) -> str:
        """An event, or a time as a person types it; often where clocks change."""
        rng = self.rng
        if self.tables["events"] and rng.random() < 0.5:
            row = rng.choice(self.tables["events"])
            return rng.choice((row["id"], row["id"], row["name"]))
        if rng.random() < 0.3:
            changed, zone = rng.choice(CLOCK_CHANGES)
            about = rng.choice(("", "about "))
            return f"{about}{changed} 0{rng.choice('0123')}:{rng.choice(('00', '15', '30', '45'))} {zone}"
        day = date(2024, 1, 1) + timedelta(days=rng.randrange(330))
        zone = rng.choice(("", f" {rng.choice(ZONE_WORDS)}", f" {rng.choice(ZONE_WORDS)}"))
        if rng.random() < 0.35:
            return rng.choice((f"{day}", f"{day}", f"{day:%Y-%m}", f"{day:%Y}")) + zone
        about = "about " if rng.random() < 0.25 else ""
        return f"{about}{day} {rng.randrange(24):02}:{rng.choice(('00', '30', '59:59'))}{zone}"

    def _pair(self, verb: str) -> str:
        first, second = self._moment(), self._moment()
        if first == second:
            second = self._moment()
        return f"{verb} first:{quoted(first)} second:{quoted(second)}"

    def _events(self) -> str:
        rng = self.rng
        names = [row["name"] for row in self.tables["names"] if row["kind"] in ("person", "brand")]
        who = f" who:{quoted(rng.choice(names))}" if rng.random() < 0.4 else ""
        days = sorted((date(2024, 1, 1) + timedelta(days=rng.randrange(330))).isoformat() for _ in range(2))
        for event in self.tables["events"]:
            if len(event["at"]) >= 10 and event["at"][:10].count("-") == 2 and rng.random() < 0.3:
                days[1] = max(event["at"][:10], days[0])
        since = f" since:{days[0] if rng.random() < 0.8 else days[0][:7]}" if rng.random() < 0.6 else ""
        return f"/timeline events{who}{since}" + (f" until:{days[1]}" if rng.random() < 0.6 else "")

    def _claim(self) -> str | None:
        return f"/claims check claim:{self.rng.choice(self.tables['claims'])['id']}" if self.tables["claims"] else None

    def _claims(self) -> str:
        option = self.rng.choice(
            ("", " speaker:netizen", " speaker:article", " verdict:agrees", " verdict:disagrees", " verdict:opinion")
        )
        return f"/claims list{option}"

    def _wrong(self) -> str:
        launch = self._launch()
        id = launch["id"] if launch else "one"
        return self.rng.choice((
            f"/orders total launch:{id} launch:{id}", f"/orders total launch:{id} colour:red", "/orders total", f"/orders totl launch:{id}",
            "/timeline check first:2024-01-01", f"/orders total launch:{id} within:soon", f"/orders total launch:{id} at:2024-02-30",
            "/timeline when what:2024-13-01", f"/orders total launch:{id} metric:wishes", "/prices show", "/sources show id:z9",
        ))  # fmt: skip
