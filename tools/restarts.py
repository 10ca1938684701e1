"""Questions at a steady pace while the bot's process is killed, or told to end, and started anew, again and again.

python -m tools.restarts [KILLS] [ENDS] [QUESTIONS_A_SECOND]

Each question is answered rightly, once, and in Discord's three seconds; the sessions of the gateway go on.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from benchmarks.asked import Asked, Unanswered
from tools.loopback_discord.driver import BotProcess, ready, start
from tools.loopback_discord.payloads import MEMBER
from tools.loopback_discord.server import LoopbackDiscord

ANSWERS = {"72h": "106,200–118,000", "24h": "88,898", "1h": "50,000"}
SECONDS_BETWEEN = (0.2, 0.8)  # from ready to the next end


@dataclass
class Restarts:
    """What was seen: how questions ended, the exit codes, the slowest answer in seconds, and what went wrong."""

    outcomes: Counter[str] = field(default_factory=Counter)
    exits: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    async def run(self, discord: LoopbackDiscord, folder: Path, kills: int, ends: int, pace: float) -> None:
        """Ask at a pace of so many a second while the process ends so often."""
        chance = random.Random(2026)
        signals = [signal.SIGKILL] * kills + [signal.SIGTERM] * ends
        chance.shuffle(signals)
        bot = await self._started(discord, folder)
        await discord.slash("help")  # so that its session is kept
        async with asyncio.TaskGroup() as asking:
            loader = asking.create_task(self._ask(discord, pace, asking))
            for how in signals:
                await asyncio.sleep(chance.uniform(*SECONDS_BETWEEN))
                self.exits[await (bot.kill() if how is signal.SIGKILL else bot.stop(how, within=30))] += 1
                bot = await self._started(discord, folder)
            await asyncio.sleep(1)
            loader.cancel()
        await bot.stop()
        if self.wrong:
            self.wrong.append(bot.log[-4000:])

    @staticmethod
    async def _started(discord: LoopbackDiscord, folder: Path) -> BotProcess:
        bot = await start(discord, data_dir=folder)
        await ready(discord, bot)
        return bot

    async def _ask(self, discord: LoopbackDiscord, pace: float, asking: asyncio.TaskGroup) -> None:
        number = 0
        while True:
            number += 1
            if number % 5:
                within = list(ANSWERS)[number % 3]
                asked = discord.slash("orders total", MEMBER, launch="su7", within=within)
                asking.create_task(self.judge(asked, ANSWERS[within]))
            else:
                asking.create_task(self.judge(discord.autocomplete("orders total", "launch", "su", MEMBER), ""))
            await asyncio.sleep(1 / pace)

    async def judge(self, asked: Asked, expected: str) -> None:
        """Note how a question ends."""
        try:
            await asked
        except Unanswered:
            self._note("lost", asked)
            return
        self.slowest = max(self.slowest, asked.took)
        if asked.choices is not None:
            self.outcomes["completed"] += 1
        elif len(asked.seen) != 1:
            self._note("answered twice", asked)
        elif expected not in asked.text:
            self._note("wrong", asked)
        else:
            self.outcomes["answered rightly"] += 1

    def _note(self, outcome: str, asked: Asked) -> None:
        self.outcomes[outcome] += 1
        self.wrong.append(asked.story())


async def main(kills: int, ends: int, pace: float) -> int:
    """Print what was seen; 1 if a question was lost, answered twice or wrongly."""
    began, run = perf_counter(), Restarts()
    with tempfile.TemporaryDirectory() as folder:
        async with LoopbackDiscord() as discord:
            await run.run(discord, Path(folder), kills, ends, pace)
            gateway = discord.gateway
            print(f"{kills} × kill -9, {ends} × SIGTERM, {pace:g} questions a second, {perf_counter() - began:.0f} s")
            print(f"{dict(run.outcomes)}, slowest {run.slowest:.2f} s; exit codes {dict(run.exits)}")
            print(f"{len(gateway.identifies)} IDENTIFY, {len(gateway.resumes)} RESUME")
    print("\n".join(run.wrong[:5] + run.wrong[-1:]))
    return int(bool(run.wrong))


if __name__ == "__main__":
    typed = [float(text) for text in sys.argv[1:]]
    kills, ends, pace = [*typed, *(50, 20, 50)[len(typed) :]]
    sys.exit(asyncio.run(main(int(kills), int(ends), pace)))
