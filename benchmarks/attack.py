"""``make attack``: one server at its worst against the real process, and what another server sees of it.

python -m benchmarks.attack [SECONDS [SERVERS]]

SECONDS  how long a server asks heavy questions while another asks its own (30)
SERVERS  how many servers have facts of their own; a tenth of them ask (10,000)

The figures before are those of the review that found each attack.
"""

from __future__ import annotations

import asyncio
import csv
import itertools
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.asked import Asked, Unanswered
from benchmarks.table import table
from salesbot.errors import SalesbotError
from salesbot.facts import TABLES, columns
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.serving.ingest import ingest_folder
from salesbot.serving.served_packs import ServedPacks
from salesbot.settings import seed_pack
from salesbot.storage.snapshot import LAYOUT, Snapshot
from salesbot.storage.snapshot_files import file_digest
from salesbot.words import words_for
from tools.loopback_discord.driver import BotProcess, running
from tools.loopback_discord.payloads import (
    HOME_GUILD,
    MEMBER,
    MODERATOR,
    OTHER_MODERATOR,
    Asker,
    Json,
    Upload,
    guild,
)
from tools.loopback_discord.server import LoopbackDiscord, until

MIB = 1 << 20
B = replace(OTHER_MODERATOR, user_id=MEMBER.user_id, permissions=MEMBER.permissions)
FIRST_GUILD = 1_300_000_000_000_000_000
PAUSE = 0.1  # seconds between two questions of the other server
EXPORTS, CHECKS = 60, 50
SIZES = (100, 1_000, 10_000, 100_000)
Row = tuple[str, str, str, str, str]  # attack, before, now, bound, verdict

# --- packs, each as bad as it can be --------------------------------------------------------------

BASE: dict[str, tuple[str, list[str]]] = {
    "sources": ("id,publisher,title,grade,link", ["s1,Wire,A report,A,yes"]),
    "names": ("id,kind,name", ["acme,brand,Acme", "one,model,One", "one,launch,One"]),
    "launches": (
        "id,brand,model,market,currency,zone,opened,sources",
        ["one,Acme,One,China,CNY,Asia/Shanghai,2024-03-28T22:00+08:00,s1"],
    ),
}


def days(count: int) -> Iterator[str]:
    """So many days, all different up to 10,000 or so, then over again."""
    dates = itertools.product(range(1995, 2024), range(1, 13), range(1, 29))
    return itertools.islice(itertools.cycle(f"{y}-{m:02}-{d:02}" for y, m, d in dates), count)


def moments(count: int) -> Iterator[str]:
    """So many minutes after the orders opened."""
    opened = 1_711_634_400
    return (time.strftime("%Y-%m-%dT%H:%M+08:00", time.gmtime(opened + 60 * n + 8 * 3600)) for n in range(1, count + 1))


def prices(count: int) -> tuple[str, list[str]]:
    head = "id,brand,model,trim,region,currency,price_type,low,high,valid_from,status,sources"
    rows = (
        f"p{n},Acme,One,Base,China,CNY,list_price,{n + 9},{n + 9},{d},reported,s1" for n, d in enumerate(days(count))
    )
    return head, list(rows)


def stores(count: int) -> tuple[str, list[str]]:
    head = "id,brand,launch,metric,low,high,valid_from,place,status,sources"
    return head, [f"t{n},Acme,one,sales_stores,{n},{n},{d},China,reported,s1" for n, d in enumerate(days(count))]


def orders(count: int) -> tuple[str, list[str]]:
    head = "id,launch,metric,place,low,high,period_from,period_to,counting,status,sources"
    start = "2024-03-28T22:00+08:00"
    return head, [
        f"o{n},one,orders,China,{n},{n},{start},{at},cumulative,reported,s1" for n, at in enumerate(moments(count))
    ]


def claims(count: int, speakers: int) -> tuple[str, list[str]]:
    head = "id,speaker,statement,kind,checks,expects,sources"
    line = "/prices show model:one on:2024-04-10"
    return head, [f"c{n},Speaker {n % speakers},It is so.,checkable,{line},100,s1" for n in range(count)]


def pack(folder: Path, **tables: tuple[str, list[str]]) -> Path:
    """A pack folder of the tables given; columns that are not are blank."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in TABLES.items():
        head, rows = (BASE | tables).get(name, ("", []))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns(model)), lineterminator="\n")
            writer.writeheader()
            writer.writerows(dict(zip(head.split(","), row.split(","), strict=True)) for row in rows)
    return folder


# --- one server asks, another wants its answers -----------------------------------------------------

Send = Callable[[LoopbackDiscord, Asker, int], Asked]
HEAVY: tuple[Send, ...] = (
    lambda world, who, n: world.slash(
        "prices changes", who, since=f"{1995 + n % 20}-01-{1 + n // 20 % 28:02}", until="2024-12-31"
    ),
    lambda world, who, n: world.slash("orders stores", who, launch="one", within=f"{n % 300 + 1}h"),
    lambda world, who, n: world.slash("orders progress", who, launch="one", at=f"{n % 300 + 1}h"),
    lambda world, who, n: world.slash("claims list", who, speaker=f"Speaker {n}"),
    lambda world, who, n: world.slash(
        "prices history", who, model="one", since=f"20{n % 20:02}-02-{1 + n // 20 % 28:02}"
    ),
    lambda world, who, n: world.autocomplete("claims list", "speaker", f"speaker {n % 100}", who),
)


def own_facts(folder: Path) -> None:
    """A data folder where the home server has facts that are as heavy as the review's, all at once."""
    packs = ServedPacks(seed_pack(), folder)
    made = pack(
        folder.parent / "heavy",
        prices=prices(2_000),
        stores=stores(5_000),
        orders=orders(19_000),
        claims=claims(19_000, 19_000),
    )
    path = ingest_folder(made, packs.snapshots)
    packs.catalog.publish(str(HOME_GUILD), path, by=1, why="import", at=1, expected=None)
    packs.catalog.close()


async def neighbours(folder: Path, seconds: float) -> list[Row]:
    """What server B gets while six people of A ask heavy questions; then the bot is told to stop."""
    own_facts(folder / "data")
    async with LoopbackDiscord(patience=10.0) as world, running(world, data_dir=folder / "data") as bot:
        await world.slash("orders total", B, launch="su7")
        until_ = perf_counter() + seconds
        theirs: list[Asked] = []
        askers = [asyncio.create_task(_ask_on(world, number, until_, theirs)) for number in range(6)]
        mine, number = [], 0
        while perf_counter() < until_:
            number += 1
            mine.append(world.slash("orders total", B, launch="su7", at=f"{number}h", metric="orders"))
            await asyncio.sleep(PAUSE)
        waited = sorted([await _took(one) for one in mine])
        await asyncio.gather(*askers)
        asked = [HEAVY[0](world, replace(MEMBER, user_id=900 + n), 5_000 + n) for n in range(6)]
        await until(lambda: any(one.requests for one in asked))
        began = perf_counter()
        code = await bot.stop(signal.SIGTERM, within=60)
        ended = perf_counter() - began
    in_time = sum(one <= 3 for one in waited) / len(waited)
    p99 = waited[min(len(waited) - 1, len(waited) * 99 // 100)]
    answered = sum(one.answered is not None for one in theirs)
    longest = max((one.took for one in theirs if one.answered is not None), default=0.0)
    return [
        row(
            "B answered within 3 s while A asks",
            "0 of 22",
            f"{in_time:.1%} of {len(waited)}",
            "≥ 99 %",
            in_time >= 0.99,
        ),
        row("the same, p99", "205 s", f"{p99 * 1000:.0f} ms", "≤ 250 ms", p99 <= 0.25),
        row(
            f"A itself: answers, the longest of {len(theirs)}",
            "115 s each",
            f"{answered / len(theirs):.1%}, {longest:.2f} s",
            "≤ 3 s",
            longest <= 3,
        ),
        row(
            "SIGTERM under load",
            "not in 60 s",
            f"{ended:.1f} s, exit {code}",
            "≤ 15 s, exit 0",
            code == 0 and ended <= 15,
        ),
    ]


async def _ask_on(world: LoopbackDiscord, number: int, until_: float, found: list[Asked]) -> None:
    """One person of A, who asks the next heavy thing as soon as there is an answer."""
    who, turns = replace(MEMBER, user_id=700 + number), itertools.count(number)
    while perf_counter() < until_:
        turn = next(turns)
        one = HEAVY[turn % len(HEAVY)](world, who, turn * 7 + number)
        found.append(one)
        await _took(one)


async def _took(one: Asked) -> float:
    """Seconds until the answer, or for ever."""
    try:
        return (await one).took
    except Unanswered:
        return float("inf")


# --- many servers -----------------------------------------------------------------------------------


def many(folder: Path, servers: int) -> Mapping[int, Json]:
    """A data folder where so many servers have facts of their own, a file each for those that ask; their guilds."""
    packs = ServedPacks(seed_pack(), folder)
    made, asking = packs.shared.snapshot.path, servers // 10
    content, digest = made.read_bytes(), file_digest(made)
    names = [f"0-{number:064x}-v{LAYOUT}.sqlite" for number in range(asking)]
    for name in names:
        (packs.snapshots / name).write_bytes(content)
    meta = packs.shared.snapshot
    packs.catalog.close()
    guilds = {
        FIRST_GUILD + number: guild(FIRST_GUILD + number, f"Server {number}", _channel(number))
        for number in range(servers)
    }
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as catalog, catalog:
        for number, id in enumerate(guilds):
            name = names[number % asking]
            values = (str(id), name, meta.pack_version, f"{number % asking:064x}", "{}", 1, 1, "import")
            columns = 'scope, snapshot, version, content, counts, published, "by", why'
            version = catalog.execute(
                f"insert into versions ({columns}) values (?, ?, ?, ?, ?, ?, ?, ?)", values
            ).lastrowid
            activation = "insert into activations (scope, version, at, \"by\", why) values (?, ?, 1, 1, 'import')"
            catalog.execute(activation, (str(id), version))
            catalog.execute("insert or replace into files values (?, ?)", (name, digest))
    return guilds


def _channel(number: int) -> int:
    return FIRST_GUILD + 500_000 + number


def moderator(number: int) -> Asker:
    return replace(MODERATOR, user_id=800_000 + number, guild_id=FIRST_GUILD + number, channel_id=_channel(number))


async def servers_in_turn(folder: Path, servers: int) -> list[Row]:
    """A tenth of the servers ask in turn; then 60 exports at once, then 50 checks."""
    guilds = many(folder / "data", servers)
    async with (
        LoopbackDiscord(guilds=guilds, deadline=60.0, patience=300.0) as world,
        running(world, data_dir=folder / "data", within=120.0) as bot,
    ):
        await world.slash("orders total", moderator(0), launch="su7")
        start, most, failed = bot.memory_mib(), 0, 0
        for number in range(servers // 10):
            one = await world.slash("orders total", moderator(number), launch="su7", within="72h")
            failed += "106,200–118,000" not in one.text
            most = max(most, handles(bot))
        memory = bot.memory_mib()
        found = [
            row(
                f"{servers // 10:,} of {servers:,} servers with own facts ask: handles",
                "4,975",
                f"{most} ({failed} failed)",
                "≤ 600",
                most <= 600 and not failed,
            ),
            row("the same: memory", "1,860 MiB", f"{memory:.0f} MiB ({start:.0f} before)", "≤ 400 MiB", memory <= 400),
            *await exports_at_once(world, bot),
            await checks(world, folder / "data"),
        ]
    return found


def handles(bot: BotProcess) -> int:
    return len(list(Path(f"/proc/{bot.pid}/fd").iterdir()))


def children(bot: BotProcess) -> list[int]:
    """The processes that do the bot's heavy work; one of Python's own that only watches is not among them."""
    found = []
    for thread in Path(f"/proc/{bot.pid}/task").iterdir():
        try:
            found += [int(text) for text in (thread / "children").read_text().split()]
        except OSError:
            continue
    return [pid for pid in found if "spawn_main" in _read(f"/proc/{pid}/cmdline")]


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""


def resident_mib(pid: int) -> float:
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * 4096 / MIB if fields else 0.0


async def exports_at_once(world: LoopbackDiscord, bot: BotProcess) -> list[Row]:
    """Sixty servers export at once; ``seen`` is the most children and the most memory of them all."""
    asked = [world.slash("data export", moderator(number), kind="xlsx") for number in range(EXPORTS)]
    most, memory, told = 0, 0.0, False
    while not all(one.files for one in asked):
        pids = children(bot)
        most, memory = max(most, len(pids)), max(memory, sum(map(resident_mib, pids)))
        told = told or any("Before it" in one.text for one in asked)
        await asyncio.sleep(0.02)
    return [
        row(f"{EXPORTS} exports at once: processes", "62", f"{most}", "≤ 2", most <= 2),
        row("the same: their memory", "2.8 GiB", f"{memory:.0f} MiB", "≤ 1,024 MiB", memory <= 1024),
        row("the same: the place in the queue", "not shown", "shown" if told else "not shown", "shown", told),
    ]


async def checks(world: LoopbackDiscord, data: Path) -> Row:
    """Fifty checks of an upload that changes one number, two at a time, from two servers."""
    text = (seed_pack() / "orders.csv").read_text("utf-8")
    before = used(data)
    for number in range(0, CHECKS, 2):
        changed = Upload("orders.csv", text.replace("88898", str(88_000 + number)).encode())
        pair = [world.slash("data check", moderator(n), file=changed) for n in (0, 1)]
        await until(lambda pair=pair: all("cells changed" in one.text for one in pair), 60, "a check")  # type: ignore[misc]
    left = used(data) - before
    return row(f"{CHECKS} /data check: left on the disk", "65 MiB each", f"{left / 1024:.0f} KiB", "0 KiB", left <= 0)


def used(data: Path) -> int:
    """Bytes of the snapshots and of what waits beside them."""
    folders = (data / "snapshots", data / "proposals")
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


# --- one question alone, on more and more rows --------------------------------------------------------

ALONE: dict[str, tuple[str, Callable[[int], dict[str, tuple[str, list[str]]]], str]] = {
    "/prices changes": ("115 s at 2,000", lambda n: {"prices": prices(n)}, "since:1995-01-01 until:2024-12-31"),
    "/prices history": ("", lambda n: {"prices": prices(n)}, "model:one"),
    "/prices show": ("", lambda n: {"prices": prices(n)}, "model:one on:2024-04-10"),
    "/orders stores": ("22 s at 5,000", lambda n: {"stores": stores(n)}, "launch:one"),
    "/orders progress": ("78 s at 19,000", lambda n: {"orders": orders(n)}, "launch:one"),
    "/orders total": ("", lambda n: {"orders": orders(n)}, "launch:one within:72h"),
    "/claims list": ("28 s at 19,000", lambda n: {"claims": claims(n, 1)}, ""),
}


def growth(folder: Path) -> str:
    """The time of each question at each size, of one model and one launch; a dash where it is refused."""
    words = words_for()
    rows = []
    for verb, (before, tables, options) in ALONE.items():
        cells = []
        for size in SIZES:
            snapshot = Snapshot(ingest_folder(pack(folder / "pack", **tables(size)), folder / "snapshots"))
            began = perf_counter()
            try:
                ask(parse(f"{verb} {options}".strip(), Names(snapshot)), snapshot)
                note = ""
            except SalesbotError as error:
                note = f" ({words.error(error).message[:40]})"
            cells.append(f"{(perf_counter() - began) * 1000:,.0f}{note}")
            snapshot.close()
            for path in (*(folder / "snapshots").iterdir(), *(folder / "pack").iterdir()):
                path.unlink()
        rows.append([verb, before or "-", *cells])
    sizes = [f"{size:,} rows" for size in SIZES]
    return table("One question, of one model or launch, in ms", ("question", "before", *sizes), rows)


# ------------------------------------------------------------------------------------------------------


def row(attack: str, before: str, now: str, bound: str, holds: bool) -> Row:
    print(f"{attack}: {now}", file=sys.stderr, flush=True)  # as it goes; the table comes at the end
    return attack, before, now, bound, "holds" if holds else "FAILS"


async def attack(seconds: float = 30.0, servers: int = 10_000) -> bool:
    """Print both tables; whether every bound holds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows: list[Row] = []
        columns_ = ("attack", "before", "now", "bound", "")
        for title, part in (
            ("One server against another", partial(neighbours, folder / "neighbours", seconds)),
            ("Many servers, files and processes", partial(servers_in_turn, folder / "servers", servers)),
        ):
            found = await part()
            print(table(title, columns_, found), flush=True)
            rows += found
        print(growth(folder / "alone"))
    return all(holds == "holds" for *_, holds in rows)


def numbers(texts: Iterable[str]) -> list[float]:
    return [float(text.replace(",", "")) for text in texts]


if __name__ == "__main__":
    given = numbers(sys.argv[1:3])
    sizes = {"seconds": given[0]} if given else {}
    if len(given) > 1:
        sizes["servers"] = int(given[1])
    sys.exit(not asyncio.run(attack(**sizes)))  # type: ignore[arg-type]
