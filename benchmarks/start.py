"""From exec to the first answer: ours and the bare bot, the very first start and the usual restart."""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from benchmarks.packs import pack_of
from benchmarks.table import ranged, table
from tools.loopback_discord.driver import BARE_BOT, SALESBOT, running
from tools.loopback_discord.payloads import Json
from tools.loopback_discord.server import LoopbackDiscord

AIM = 1.5
SEEDS, PACK = {"model": "model-y"}, {"model": "probe-one"}


@dataclass
class Starter:
    """One bot that is started again and again: in the same folder, or each time in a new one."""

    module: str
    command: str
    typed: Mapping[str, str]
    pack_dir: Path | None
    kept: Path | None
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    registered: Sequence[Json] = ()

    async def start(self) -> None:
        """From just before exec to the arrival of an answer that is asked for at READY."""
        with ExitStack() as stack:
            folder = self.kept or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            async with LoopbackDiscord(commands=self.registered) as world:
                begun = perf_counter()
                async with running(world, data_dir=folder, pack_dir=self.pack_dir, module=self.module) as bot:
                    asked = await world.slash(self.command, **self.typed)
                    assert asked.answered is not None
                    self.seconds.append(asked.answered - begun)
                    self.cpu.append(bot.cpu_seconds())
                    if self.kept is not None:
                        self.registered = list(world.commands)

    def forget(self) -> None:
        self.seconds.clear()
        self.cpu.clear()


async def start(rounds: int = 15, count: int = 0) -> None:
    """Print the table. With a ``count``, ours serves a pack of so many facts instead of the seeds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack = pack_of(folder / "pack", count) if count else None
        starters = {
            f"{who}, {how}": Starter(
                module, command, typed, pack if module == SALESBOT else None, folder / who if how == "restart" else None
            )
            for how in ("restart", "first start")
            for who, module, command, typed in (
                ("ours", SALESBOT, "prices show", PACK if count else SEEDS),
                ("bare", BARE_BOT, "ping", {}),
            )
        }
        for starter in starters.values():  # compiles what was edited, and fills the folders that are kept
            await starter.start()
            starter.forget()
        for number in range(rounds):
            for name in random.Random(number).sample(list(starters), len(starters)):
                await starters[name].start()
        print(
            table(
                f"Exec to first answer, {rounds} interleaved starts each, {count or 'seed'} facts",
                COLUMNS,
                _rows(starters),
            )
        )


COLUMNS = ("", "seconds (least–most)", "bare", "ratio", "aim", "CPU s until then", "bare", "ratio")


def _rows(starters: Mapping[str, Starter]) -> list[list[str]]:
    rows = []
    for how, aim in (("restart", f"≤ {AIM}"), ("first start", "")):
        ours, bare = starters[f"ours, {how}"], starters[f"bare, {how}"]
        wall, cpu = (
            statistics.median(a) / statistics.median(b) for a, b in ((ours.seconds, bare.seconds), (ours.cpu, bare.cpu))
        )
        rows.append(
            [
                how,
                ranged(ours.seconds),
                ranged(bare.seconds),
                f"{wall:.2f}",
                aim,
                ranged(ours.cpu),
                ranged(bare.cpu),
                f"{cpu:.2f}",
            ]
        )
    return rows
