"""Mangled replies from the REST API, to the running bot: it survives, says nothing twice and takes nothing right back.

python -m tools.fuzzing.rest [SECONDS] [SEED]
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import web

from benchmarks.asked import Asked, Unanswered
from tools.fuzzing.gateway import EXPECTED, no_token_in
from tools.fuzzing.log import Complaint, complaints
from tools.fuzzing.mangled_json import ODD, broken_text, mangled
from tools.loopback_discord.driver import BotProcess, ready, running, start
from tools.loopback_discord.fault_table import moderator, servers
from tools.loopback_discord.faults import Commit
from tools.loopback_discord.payloads import MEMBER
from tools.loopback_discord.server import LoopbackDiscord, until

AT_ONCE = 25
AFTER = (
    200,
    201,
    202,
    204,
    429,
    500,
    502,
    503,
    504,
    520,
    524,
    599,
)  # what may be said of what was done: anything but a refusal
STATUSES = (*AFTER, 301, 302, 400, 401, 403, 404, 405, 409, 413, 418, 429, 429)
TYPES = (
    "application/json",
    "application/json",
    "text/html",
    "text/plain; charset=utf-16",
    "application/json; charset=nothing",
    "image/png",
    "x",
)
NUMBERS = (
    "-1",
    "NaN",
    "inf",
    "-inf",
    "1e999",
    "soon",
    "",
    "0",
    "0.1",
    "9" * 400,
    "٣",
    "1,5",
    "Wed, 21 Oct 2015 07:28:00 GMT",
)
HEADERS = (
    "Retry-After",
    "X-RateLimit-Reset-After",
    "X-RateLimit-Remaining",
    "X-RateLimit-Limit",
    "X-RateLimit-Reset",
    "Date",
    "X-RateLimit-Scope",
    "X-RateLimit-Bucket",
    "X-RateLimit-Global",
)
ERROR = {
    "message": "You are being rate limited.",
    "code": 40060,
    "retry_after": 0.2,
    "global": False,
    "errors": {"data": {"_errors": [{"code": "X", "message": "y"}]}},
}
WENT_WRONG = "went wrong"


@dataclass(slots=True)
class Mangled:
    """A reply that says anything but what it should; the request is carried out if ``commits``."""

    chance: random.Random
    commits: bool

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse:
        true = commit() if self.commits else None
        if true is not None and true.status >= 400:
            return true.response()  # a refusal is said as it is: a bot could not know better
        status = (
            true.status
            if true is not None and self.chance.random() < 0.6
            else self.chance.choice(AFTER if true else STATUSES)
        )
        body = true.body if true is not None and true.body else ERROR
        headers = {name: self.chance.choice(NUMBERS) for name in HEADERS if self.chance.random() < 0.3} | {
            "Content-Type": self.chance.choice(TYPES)
        }
        headers |= {"Via": "1.1 google"} if self.chance.random() < 0.5 else {}
        headers |= {"Location": self.chance.choice(["/nowhere", "", "x:y"])} if status in (301, 302) else {}
        headers |= {"Content-Encoding": "gzip"} if self.chance.random() < 0.05 else {}
        return web.Response(status=status, body=b"" if status == 204 else self._body(body), headers=headers)

    def _body(self, body: Any) -> bytes:
        how = self.chance.randrange(4)
        if how == 0:
            return broken_text(body, self.chance)
        return json.dumps(
            mangled(body, self.chance) if how > 1 and isinstance(body, dict) else self.chance.choice(ODD)
        ).encode()


class Fuzz:
    """A running bot, and the questions whose answers are met with mangled replies."""

    def __init__(self, discord: LoopbackDiscord, bot: BotProcess, chance: random.Random) -> None:
        self.discord, self.bot, self.chance = discord, bot, chance
        self.counts: Counter[str] = Counter()
        self.asked: list[Asked] = []
        self._numbers = count()

    async def learn(self) -> None:
        """Ask each thing once, so that the bot is warm."""
        await self.discord.slash("orders total", launch="su7", within="72h")
        await self._export()

    def _export(self) -> Asked:
        """An export, each of another server: of one, only few may wait."""
        return self.discord.slash("data export", moderator(next(self._numbers)), kind="zip")

    async def batch(self) -> None:
        """Some questions at once, each with mangled replies; then a proper one, which must be answered."""
        await asyncio.gather(*(self._case() for _ in range(AT_ONCE)))
        assert self.bot.exit_code is None, f"exit code {self.bot.exit_code}\n{self.bot.log[-3000:]}"
        asked = await self.discord.slash("orders total", MEMBER, launch="su7", within="72h").within(30)
        assert EXPECTED in asked.text and len(asked.seen) == 1, asked.story()

    async def _case(self) -> None:
        what, where = self.chance.choice(
            [
                ("callback", "callback"),
                ("callback", "callback"),
                ("choices", "callback"),
                ("defer", "callback"),
                ("upload", "edit"),
            ]
        )
        if what == "callback":
            asked = self.discord.slash("orders total", launch="su7", within="72h")
        elif what == "choices":
            asked = self.discord.autocomplete("orders total", "launch", "su")
        else:
            asked = self._export()
        self.discord.fail(
            where, Mangled(self.chance, self.chance.random() < 0.6), self.chance.choice([1, 1, 2, 4]), on=asked
        )
        self.asked.append(asked)
        with suppress(Unanswered):
            await asked.within(3.5)
        self.counts[f"{what}: replies mangled"] += sum(request.fault is not None for request in asked.requests)

    async def judged(self) -> Counter[Complaint]:
        """Raises ``AssertionError`` for anything said twice, taken back or left open; what the log complains of."""
        with suppress(AssertionError):
            await until(lambda: not any(map(is_left_thinking, self.asked)), 60)
        await self.bot.stop(signal.SIGTERM, within=60)  # what it has begun it finishes; then nothing more can come
        wrong = [story for asked in self.asked if (story := self._wrong_with(asked))]
        no_token_in(self.bot.log, self.discord, self.asked)
        assert not wrong, f"{len(wrong)} of {len(self.asked)}:\n" + "\n".join(wrong[:5])
        return complaints(self.bot.log)

    def _wrong_with(self, asked: Asked) -> str:
        """What is wrong with what a person sees at the end, if anything is."""
        if len(asked.seen) > 1 or asked.followups:
            return f"said twice: {asked.story()}"
        was_taken = any(
            request.status is not None and request.status < 300 and is_right(str(request.body))
            for request in asked.requests
        )
        if was_taken and not is_right(asked.text):
            return f"taken back: {asked.story()} {asked.text[:200]}"
        if is_left_thinking(asked):
            return f"left thinking: {asked.story()}"
        self.counts[
            "right"
            if was_taken or asked.choices
            else "said that it failed"
            if WENT_WRONG in asked.text
            else "refused, so not answered"
        ] += 1
        return ""


def is_left_thinking(asked: Asked) -> bool:
    """Whether a deferred answer is not filled in, though no fault met its edit."""
    return asked.fate == "thinking" and not any(request.kind == "edit" and request.fault for request in asked.requests)


def is_right(text: str) -> bool:
    return EXPECTED in text or "Change it in any spreadsheet" in text


async def fuzz(seconds: float, seed: int, most: int = 10**9) -> tuple[Counter[str], Counter[Complaint]]:
    """Mangled replies for some seconds, or ``most`` batches: what became of the answers, and what the log complains of."""
    async with LoopbackDiscord(guilds=servers(), deadline=30.0, patience=40.0) as discord:
        with tempfile.TemporaryDirectory() as folder:
            async with running(discord, data_dir=Path(folder)) as bot:
                it = Fuzz(discord, bot, random.Random(seed))
                await it.learn()
                end = time.monotonic() + seconds
                while time.monotonic() < end and most > 0:
                    await it.batch()
                    most -= 1
                found = await it.judged()
                return it.counts, found


async def one_start(seed: int) -> str:
    """Start a bot whose first requests get mangled replies; what became of it."""
    chance = random.Random(seed)
    kind = chance.choice(["me", "application", "commands", "commands", "gateway"])
    async with LoopbackDiscord(deadline=30.0, patience=40.0) as discord:
        with tempfile.TemporaryDirectory() as folder:
            discord.fail(kind, Mangled(chance, chance.random() < 0.6), chance.choice([1, 2]))
            bot = await start(discord, data_dir=Path(folder))
            try:
                await ready(discord, bot, 60)
                await discord.slash("help") if discord.commands else None
                return f"start, {kind}: served"
            except AssertionError:
                what = "hung" if bot.exit_code is None else "a traceback" if "Traceback" in bot.log else "a sentence"
                raise AssertionError(
                    f"start, {kind}, seed {seed}: ended with exit code {bot.exit_code} and {what}\n{bot.log[-700:]}"
                ) from None
            finally:
                await bot.kill()
                no_token_in(bot.log, discord, [])


if __name__ == "__main__":
    counts, found = asyncio.run(
        fuzz(*(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
    )
    print(", ".join(f"{count:,} {what}" for what, count in counts.most_common()))
    print("\n".join(f"{count:6,} {complaint}" for complaint, count in found.most_common()))
