"""Mangled events and frames from the gateway, to the running bot: it survives, and answers who asks properly.

python -m tools.fuzzing.gateway [SECONDS] [SEED]
"""

from __future__ import annotations

import asyncio
import copy
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.asked import Asked
from tools.fuzzing.log import Complaint, complaints
from tools.fuzzing.mangled_json import ODD, broken_text, mangled
from tools.loopback_discord.driver import BotProcess, running
from tools.loopback_discord.payloads import (
    GUILDS,
    HOME_CHANNEL,
    HOME_GUILD,
    IN_DM,
    MEMBER,
    MODERATOR,
    Json,
    Upload,
    text_channel,
    user,
)
from tools.loopback_discord.server import LoopbackDiscord, until

BATCH = 20  # mangled events before each question that must be answered
IDS = frozenset({"id", "token"})
EXPECTED = "106,200–118,000"


class Fuzz:
    """A running bot and what was sent to it."""

    def __init__(self, discord: LoopbackDiscord, bot: BotProcess, chance: random.Random) -> None:
        self.discord, self.bot, self.chance = discord, bot, chance
        self.counts: Counter[str] = Counter()
        self.asked: list[Asked] = []
        self.models: list[Json] = []
        self.kinds: list[tuple[int, Callable[[], str]]] = [
            (12, self._interaction),
            (4, self._event),
            (1, self._unknown_event),
            (1, self._frame),
        ]

    async def learn(self) -> None:
        """Ask well-formed things of every kind, whose payloads are the models for the mangled ones."""
        discord = self.discord
        total = await discord.slash("orders total", launch="su7", within="72h")
        progress = await discord.slash("orders progress", launch="su7", at="1h")
        found = [
            total,
            progress,
            discord.slash("orders total", IN_DM, launch="su7"),
            discord.slash("help"),
            discord.slash("data status", MODERATOR),
            discord.slash("data check", MODERATOR, file=Upload("x.csv", b"a,b\n1,2\n", "text/csv")),
            discord.autocomplete("orders total", "launch", "su"),
            discord.click(total.buttons["Show working"]),
            discord.click(progress.buttons["Chart"]),
            discord.click("old:button"),
            discord.click("v1data:confirm:0123456789abcdef"),
            discord.send(5, MODAL),
            discord.send(2, {"id": "1", "name": "gone", "type": 1}),
        ]
        self.models = [asked.payload for asked in found]
        await asyncio.gather(*(asked.within(2) for asked in found), return_exceptions=True)

    async def batch(self) -> None:
        """Send some mangled things, then ask properly."""
        for _ in range(BATCH):
            weights, kinds = zip(*self.kinds, strict=True)
            self.counts[self.chance.choices(kinds, weights)[0]()] += 1
            await asyncio.sleep(0.002)
        await self.answers()

    async def answers(self) -> None:
        """Raises ``AssertionError`` unless a proper question is answered, once."""
        await until(
            lambda: self.discord.gateway.is_ready or self.bot.exit_code is not None, 60, "the bot does not come back"
        )
        assert self.bot.exit_code is None, f"exit code {self.bot.exit_code}\n{self.bot.log[-3000:]}"
        asked = self.discord.slash("orders total", MEMBER, launch="su7", within="72h")
        await asked.within(30)
        assert EXPECTED in asked.text and len(asked.seen) == 1, asked.story()
        self.counts["proper questions answered"] += 1

    def _interaction(self) -> str:
        """An interaction whose id and token are mostly its own, so that an answer to it is seen."""
        model = copy.deepcopy(self.chance.choice(self.models))
        source, kind = model.pop("message", None), model["type"]
        asked = self.discord.made(kind, model["data"], IN_DM if "user" in model else MODERATOR, source)
        keep = IDS if self.chance.random() < 0.9 else frozenset()
        payload = mangled(
            model | {"id": asked.id, "token": asked.token} | ({"message": source} if source else {}),
            self.chance,
            3,
            keep,
        )
        self.asked.append(asked)
        self.discord.gateway.dispatch("INTERACTION_CREATE", payload, HOME_GUILD)
        return "interactions"

    def _event(self) -> str:
        event, model = self.chance.choice(EVENTS)
        self.discord.gateway.dispatch(event, mangled(model, self.chance), HOME_GUILD)
        return "other events"

    def _unknown_event(self) -> str:
        self.discord.gateway.dispatch(
            self.chance.choice(["", "SOMETHING_NEW", "interaction_create", "x" * 500]),
            {"d": self.chance.choice(ODD)},
            HOME_GUILD,
        )
        return "unknown events"

    def _frame(self) -> str:
        """A frame that is no event: an unknown or wrong op, another shape, or no JSON at all."""
        text = self.chance.choice(
            [
                json.dumps(
                    {
                        "op": self.chance.choice([3, 8, 12, 31, 99, -1, 10**20, "0", None, [], 1.5]),
                        "d": self.chance.choice(ODD),
                    }
                ),
                json.dumps({"op": 11, "d": self.chance.choice(ODD)}),
                json.dumps({"op": 1, "d": self.chance.choice(ODD)}),
                json.dumps({"d": self.chance.choice(ODD)}),
                json.dumps({"op": 0, "t": self.chance.choice(ODD), "d": {}, "s": None}),
                json.dumps(self.chance.choice(ODD)),
                broken_text({"op": 0, "d": {}}, self.chance).decode("latin-1"),
            ]
        )
        self.discord.gateway.send_malformed(text)
        return "frames"

    async def judged(self) -> Counter[Complaint]:
        """Raises ``AssertionError`` for an answer said twice or a token in the log; what the log complains of."""
        await self.discord.quiet(0.5)
        for asked in self.asked:
            self.counts["mangled interactions answered"] += bool(asked.seen or asked.choices is not None or asked.modal)
            assert len(asked.seen) <= 1 and not asked.followups, asked.story()
        no_token_in(self.bot.log, self.discord, self.asked)
        return complaints(self.bot.log)


MODAL = {
    "custom_id": "x",
    "components": [{"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "y", "value": "z"}}],
}
ROLE = GUILDS[HOME_GUILD]["roles"][0]
EVENTS: list[tuple[str, Json]] = [
    ("GUILD_CREATE", GUILDS[HOME_GUILD]),
    ("GUILD_UPDATE", GUILDS[HOME_GUILD]),
    ("GUILD_DELETE", {"id": "1190000000000000099", "unavailable": False}),
    ("GUILD_ROLE_CREATE", {"guild_id": str(HOME_GUILD), "role": ROLE}),
    ("GUILD_ROLE_UPDATE", {"guild_id": str(HOME_GUILD), "role": ROLE}),
    ("CHANNEL_CREATE", text_channel(HOME_CHANNEL + 5, "x", 1) | {"guild_id": str(HOME_GUILD)}),
    ("CHANNEL_UPDATE", text_channel(HOME_CHANNEL, "x", 1) | {"guild_id": str(HOME_GUILD)}),
    ("USER_UPDATE", user(1, "x")),
    (
        "THREAD_CREATE",
        text_channel(HOME_CHANNEL + 6, "x", 1)
        | {"type": 11, "guild_id": str(HOME_GUILD), "parent_id": str(HOME_CHANNEL)},
    ),
    ("GUILD_MEMBER_UPDATE", {"guild_id": str(HOME_GUILD), "user": user(1, "x"), "roles": []}),
    ("RESUMED", {"_trace": []}),
    ("ENTITLEMENT_CREATE", {"id": "1", "sku_id": "2", "application_id": "3", "type": 8, "deleted": False}),
    ("INTEGRATION_CREATE", {"guild_id": str(HOME_GUILD), "id": "1", "name": "x", "type": "discord"}),
    (
        "APPLICATION_COMMAND_PERMISSIONS_UPDATE",
        {"id": "1", "application_id": "2", "guild_id": str(HOME_GUILD), "permissions": []},
    ),
    (
        "MESSAGE_CREATE",
        {"id": "1", "channel_id": str(HOME_CHANNEL), "author": user(1, "x"), "content": "@everyone", "embeds": []},
    ),
]


def no_token_in(log: str, discord: LoopbackDiscord, asked: list[Asked]) -> None:
    assert discord.token not in log, "the bot's token is in the log"
    assert not any(one.token in log for one in asked), "an interaction's token is in the log"


async def fuzz(seconds: float, seed: int, most: int = 10**9) -> tuple[Counter[str], Counter[Complaint]]:
    """Mangled things for some seconds, or ``most`` batches: what was sent, and what the log complains of."""
    async with LoopbackDiscord(deadline=30.0, patience=40.0) as discord:
        with tempfile.TemporaryDirectory() as folder:
            async with running(discord, data_dir=Path(folder)) as bot:
                it = Fuzz(discord, bot, random.Random(seed))
                await it.learn()
                end = time.monotonic() + seconds
                while time.monotonic() < end and most > 0:
                    await it.batch()
                    most -= 1
                return it.counts, await it.judged()


if __name__ == "__main__":
    counts, found = asyncio.run(
        fuzz(*(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
    )
    print(", ".join(f"{count:,} {what}" for what, count in counts.most_common()))
    print("\n".join(f"{count:6,} {complaint}" for complaint, count in found.most_common()))
