"""Every REST fault that can be answered, on the real bot, as one table.

python tests/loopback/loopback_fault_table.py
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loopback_driver import SALESBOT, running
from loopback_faults import Fault, Hang, Limited, Reset, Status, Truncated
from loopback_payloads import MODERATOR
from loopback_server import LoopbackDiscord

EXPECTED = "106,200–118,000"


@dataclass(frozen=True)
class Case:
    """A fault on one kind of request, so many times in a row."""

    name: str
    kind: str
    fault: Fault
    times: int


@dataclass(frozen=True)
class Outcome:
    case: Case
    is_right: bool
    took: float
    story: str


FAULTS: dict[str, Fault] = {
    **{str(code): Status(code) for code in (500, 502, 503, 504, 520)},
    "502 after commit": Status(502, commits=True),
    **{f"429 {scope}, {'with' if via else 'no'} Via": Limited(scope, 0.2, via) for scope in ("user", "shared", "global") for via in (True, False)},
    "reset before commit": Reset(commits=False),
    "reset after commit": Reset(commits=True),
    "truncated body": Truncated(),
}  # fmt: skip


def cases() -> Iterator[Case]:
    """Each fault once, twice and four times, on a callback, a deferred edit and a file upload; a hang as
    often as three seconds leave room for."""
    for kind in ("callback", "edit"):
        for name, fault in FAULTS.items():
            for times in (1, 2, 4):
                yield Case(f"{name} × {times}", kind, fault, times)
    yield Case("hang 3.5 s × 1", "callback", Hang(3.5), 1)
    yield Case("hang 3.5 s × 2", "callback", Hang(3.5), 2)


async def outcomes(wanted: list[Case]) -> list[Outcome]:
    """Each case on one running bot, each interaction of its own."""
    found = []
    async with LoopbackDiscord(deadline=3.0, patience=30.0) as discord:
        with tempfile.TemporaryDirectory() as folder:
            async with running(discord, data_dir=Path(folder), pack_dir=None, module=SALESBOT):
                await discord.slash("orders total", MODERATOR, launch="su7", within="72h")
                for case in wanted:
                    found.append(await _outcome(discord, case))
    return found


async def _outcome(discord: LoopbackDiscord, case: Case) -> Outcome:
    if case.kind == "callback":
        asked = discord.slash("orders total", MODERATOR, launch="su7", within="72h")
    else:
        asked = discord.slash("data export", MODERATOR, kind="zip")
    armed = discord.fail(case.kind, case.fault, times=case.times, on=asked)
    try:
        await asked
    except Exception as error:  # the story says what happened; the table shows it
        return Outcome(case, False, 0.0, str(error))
    await asyncio.sleep(0.3)  # a second answer would come now
    is_whole = EXPECTED in asked.text if case.kind == "callback" else bool(asked.files)
    is_right = is_whole and len(asked.seen) == 1 and not asked.followups and "went wrong" not in asked.text and bool(armed.met)
    return Outcome(case, is_right, asked.took, asked.story())


def table(found: list[Outcome]) -> str:
    """The outcomes as Markdown."""
    rows = [f"| {o.case.kind} | {o.case.name} | {'right, once' if o.is_right else 'WRONG'} | {o.took:.2f} s |" for o in found]
    right = sum(o.is_right for o in found)
    return "\n".join(["| request | fault | outcome | answered after |", "|---|---|---|---|", *rows, "", f"{right} of {len(found)} right."])


if __name__ == "__main__":
    print(table(asyncio.run(outcomes(list(cases())))))
