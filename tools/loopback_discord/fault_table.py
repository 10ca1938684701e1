"""``make faults``: every REST fault that can be answered, on the real bot, as one table.

python -m tools.loopback_discord.fault_table
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from time import perf_counter

from benchmarks.asked import Asked
from tools.loopback_discord.driver import REPOSITORY, running
from tools.loopback_discord.faults import Fault, Held, Limited, Reset, Status, Truncated
from tools.loopback_discord.payloads import HOME_CHANNEL, HOME_GUILD, MODERATOR, Asker, Json, Upload, guild
from tools.loopback_discord.server import LoopbackDiscord, until

TIMES = (1, 2, 4)
KINDS = ("callback", "edit", "upload")
EXPECTED = {"callback": "106,200–118,000", "edit": "Nothing would change", "upload": "Change it in any spreadsheet"}
TABLE = Upload("stores.csv", (REPOSITORY / "seeds" / "stores.csv").read_bytes(), "text/csv")
AT_ONCE = {"callback": 6, "edit": 2, "upload": 6}  # a hang only waits, so it counts for nothing
SERVERS = 100


@dataclass(frozen=True)
class Case:
    """A fault on one kind of request, so many times in a row."""

    name: str
    kind: str
    fault: Fault
    times: int


@dataclass(frozen=True)
class Outcome:
    """What became of a case; ``wrong`` is empty where the whole answer came, once, without a false error."""

    case: Case
    wrong: str
    took: float
    story: str

    @property
    def words(self) -> str:
        return self.wrong or f"{self.took:.2f} s"


FAULTS: dict[str, Fault] = {
    **{str(code): Status(code) for code in (500, 502, 503, 504, 520)},
    "502 after commit": Status(502, commits=True),
    **{
        f"429 {scope}, {'with' if via else 'no'} Via": Limited(scope, 0.2, via)
        for scope in ("user", "shared", "global")
        for via in (True, False)
    },
    "reset before commit": Reset(commits=False),
    "reset after commit": Reset(commits=True),
    "truncated body": Truncated(),
}
HANGS = {"callback": Held(3.5), "edit": Held(12), "upload": Held(12)}  # each longer than the bot gives a try
PATIENCE = {"callback": 4.0, "edit": 60.0, "upload": 60.0}


def cases() -> Iterator[Case]:
    """Each fault once, twice and four times on a callback, a deferred edit and an upload; the longest first."""
    for times in reversed(TIMES):
        yield from (Case(hang_name(kind), kind, HANGS[kind], times) for kind in KINDS)
    for name, fault in FAULTS.items():
        yield from (Case(name, kind, fault, times) for kind in KINDS for times in TIMES)


def hang_name(kind: str) -> str:
    return f"hang of {HANGS[kind].seconds:g} s"


def servers() -> dict[int, Json]:
    """One server a case: of one server, one import is under way at a time and few exports wait."""
    return {
        HOME_GUILD + number: guild(HOME_GUILD + number, f"Server {number}", HOME_CHANNEL + number)
        for number in range(SERVERS)
    }


def moderator(number: int) -> Asker:
    """A moderator of one of the servers."""
    number %= SERVERS
    return replace(MODERATOR, guild_id=HOME_GUILD + number, channel_id=HOME_CHANNEL + number)


class Table:
    """One running bot, and the ways to make it send each kind of request."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self._discord = discord
        self._room = {kind: asyncio.Semaphore(most) for kind, most in AT_ONCE.items()}
        self._numbers = count()
        self._ask: dict[str, Callable[[], Asked]] = {
            "callback": self._callback,
            "edit": self._edit,
            "upload": self._upload,
        }

    def _callback(self) -> Asked:
        return self._discord.slash("orders total", MODERATOR, launch="su7", within="72h")

    def _edit(self) -> Asked:
        return self._discord.slash("data check", moderator(next(self._numbers)), file=TABLE)

    def _upload(self) -> Asked:
        return self._discord.slash("data export", moderator(next(self._numbers)), kind="zip")

    async def outcomes(self, wanted: Iterable[Case]) -> list[Outcome]:
        """Every case, judged once nothing is under way any more: a second answer or a false error would be there by then."""
        met = await asyncio.gather(*map(self._met, wanted))
        await self._discord.quiet(0.5)
        return [Outcome(case, wrong_with(asked, case), took, asked.story()) for case, asked, took in met]

    async def _met(self, case: Case) -> tuple[Case, Asked, float]:
        async with nullcontext() if isinstance(case.fault, Held) else self._room[case.kind]:
            asked = self._ask[case.kind]()
            self._discord.fail(case.kind, case.fault, times=case.times, on=asked)
            with suppress(AssertionError):
                await until(lambda: EXPECTED[case.kind] in asked.text, PATIENCE[case.kind])
            return case, asked, perf_counter() - asked.sent


def wrong_with(asked: Asked, case: Case) -> str:
    """What is wrong with an answer, if anything is."""
    if asked.answered is None:
        taken = any(request.status is not None and request.status < 300 for request in asked.requests)
        return "not answered: Discord took part of it" if taken else "not answered: Discord never took it"
    if len(asked.seen) != 1 or asked.followups:
        return f"{len(asked.seen)} messages"
    if "went wrong" in asked.text:
        return "a false error"
    if not any(request.fault for request in asked.requests):
        return "the fault was not met"
    is_whole = EXPECTED[case.kind] in asked.text and len({file.name for file in asked.files}) == (case.kind == "upload")
    return "" if is_whole else "not the answer"


async def outcomes(wanted: Iterable[Case]) -> list[Outcome]:
    """Each case on one running bot, each interaction of its own."""
    async with LoopbackDiscord(guilds=servers(), deadline=3.0, patience=60.0) as discord:
        with tempfile.TemporaryDirectory() as folder:
            async with running(discord, data_dir=Path(folder)):
                await discord.slash("orders total", MODERATOR, launch="su7", within="72h")
                await discord.slash("data export", MODERATOR, kind="zip")
                return await Table(discord).outcomes(wanted)


def table(found: list[Outcome]) -> str:
    """The outcomes as Markdown: when the answer came, once and whole, or what happened instead."""
    rows: dict[tuple[str, str], dict[int, str]] = {}
    for outcome in found:
        rows.setdefault((outcome.case.kind, outcome.case.name), {})[outcome.case.times] = outcome.words
    lines = [
        f"| {kind} | {name} | {' | '.join(row[times] for times in TIMES)} |"
        for (kind, name), row in sorted(rows.items(), key=_order)
    ]
    right = sum(not outcome.wrong for outcome in found)
    head = ["| request | fault | once | twice | four times |", "|---|---|---|---|---|"]
    return "\n".join([*head, *lines, "", f"{right} of {len(found)} answered rightly, once."])


def _order(row: tuple[tuple[str, str], object]) -> tuple[int, int]:
    (kind, name), _ = row
    return KINDS.index(kind), list(FAULTS).index(name) if name in FAULTS else len(FAULTS)


if __name__ == "__main__":
    print(table(asyncio.run(outcomes(cases()))))
