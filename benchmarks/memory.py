"""Whether a bot's memory grows with what it is asked: many interactions of every kind, several at once."""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.asked import Asked
from benchmarks.packs import SMALL, pack_of
from benchmarks.questions import COMMANDS, COMPLETIONS
from benchmarks.table import table
from tools.loopback_discord.driver import SALESBOT, BotProcess, running
from tools.loopback_discord.payloads import MODERATOR
from tools.loopback_discord.server import SLASH, LoopbackDiscord

AT_ONCE = 8
BATCH = 1000
SAMPLES = 10
AIM_MIB = 4.0
REMOVED = {"id": "1", "name": "sales", "type": 1, "options": []}


class Mixture:
    """Interactions of every kind in a shuffled order: commands, buttons, completions and what earns an error."""

    def __init__(self, world: LoopbackDiscord) -> None:
        self._world = world
        self._numbers, self._chance = itertools.count(), random.Random(10)
        self._sources: list[Asked] = []

    async def renew(self) -> None:
        """Answers whose buttons can be pressed, as those before have been forgotten."""
        self._sources = [await kind.ask(self._world, kind.usual) for kind in COMMANDS]

    def send(self) -> Asked:
        number = next(self._numbers)
        ways = (self._command, self._command, self._command, self._press, self._complete, self._complete, self._mistake)
        return self._chance.choice(ways)(number)

    def _command(self, number: int) -> Asked:
        kind = self._chance.choice(COMMANDS)
        return kind.ask(self._world, kind.nth(number) if kind.nth is not None and number % 2 else kind.usual)

    def _press(self, number: int) -> Asked:
        source = self._chance.choice(self._sources)
        labels = [label for label in source.buttons if label != "Chart" or number % 500 == 0]
        return self._world.click(source.buttons[self._chance.choice(labels)], on=source.message)

    def _complete(self, number: int) -> Asked:
        kind = self._chance.choice(COMPLETIONS)
        return kind.ask(self._world, {"launch": f"{kind.usual['launch']}{number % 97 or ''}"})

    def _mistake(self, number: int) -> Asked:
        world = self._world
        mistakes = (
            lambda: world.slash("orders total", launch=f"nothing {number}"),
            lambda: world.slash("orders total", launch="probe-one", within=f"soon {number}"),
            lambda: world.slash("prices show", model="probe-one", on=f"2024-13-{number}"),
            lambda: world.click(f"v0:answer:{number}"),
            lambda: world.send(SLASH, REMOVED),
            lambda: world.slash("data reload"),
            lambda: world.slash("data status", MODERATOR),
        )
        return self._chance.choice(mistakes)()


async def memory(rounds: int = 1, count: int = 100_000) -> None:
    """Print resident memory after each tenth of ``count`` interactions, ``rounds`` times over with a bot each."""
    rows = [await _once(count) for _ in range(rounds)]
    title = f"Resident memory, MiB, over {count:,} interactions of every kind, {AT_ONCE} at once"
    columns = (
        "after 500",
        *(f"{count * part // SAMPLES:,}" for part in range(1, SAMPLES + 1)),
        "growth in the second half",
        "aim",
        "failed",
    )
    print(table(title, columns, rows))


async def _once(count: int) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack = pack_of(folder / "pack", SMALL)
        async with (
            LoopbackDiscord() as world,
            running(world, data_dir=folder / "data", pack_dir=pack, module=SALESBOT) as bot,
        ):
            samples, failed = await _sampled(world, bot, Mixture(world), count)
    return [
        *(f"{sample:.1f}" for sample in samples),
        f"{samples[-1] - samples[len(samples) // 2]:+.1f}",
        f"≤ {AIM_MIB}",
        str(failed),
    ]


async def _sampled(
    world: LoopbackDiscord, bot: BotProcess, mixture: Mixture, count: int
) -> tuple[Sequence[float], int]:
    """Resident memory at the beginning and after each tenth, and how many interactions were not answered."""
    failed = await _batch(world, mixture, 500)
    samples, done = [bot.memory_mib()], 0
    while done < count:
        size = min(BATCH, max(1, count // SAMPLES), count - done)
        failed += await _batch(world, mixture, size)
        done += size
        if done * SAMPLES // count > (done - size) * SAMPLES // count:
            samples.append(bot.memory_mib())
    return samples, failed


async def _batch(world: LoopbackDiscord, mixture: Mixture, size: int) -> int:
    """So many interactions, a few at once, then forget them; how many were not answered."""
    await mixture.renew()
    asked: Iterator[Asked] = (mixture.send() for _ in range(size))
    failed = sum(await asyncio.gather(*(_in_turn(asked) for _ in range(AT_ONCE))))
    world.forget()
    return failed


async def _in_turn(asked: Iterator[Asked]) -> int:
    failed = 0
    for one in asked:
        try:
            await one
        except AssertionError as error:
            print(error)
            failed += 1
    return failed
