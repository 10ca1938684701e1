"""Two processes behind one address, with one database: each interaction reaches the one that had not the last."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest

from benchmarks.asked import Asked
from tests.tools.test_over_http import ORDERS, started
from tools.loopback_discord.driver import BotProcess, running
from tools.loopback_discord.over_http import deliver, free_port
from tools.loopback_discord.payloads import HOME_CHANNEL, MEMBER, MODERATOR, Upload
from tools.loopback_discord.server import LoopbackDiscord, until

TABLE = "月份,车型,销量(辆)\n2026年1月,小米SU7,712\n2026年2月,小米SU7,823\n".encode()
LONG = "2024-03-28 10:00 Asia/Shanghai"  # two make a line that is too long for a button to carry


@dataclass
class Fleet:
    """Processes that take turns."""

    discord: LoopbackDiscord
    folder: Path
    database: str
    bots: list[BotProcess] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    sending: set[asyncio.Task[int]] = field(default_factory=set)

    async def start(self, count: int) -> None:
        for number in range(count):
            self.urls.append(f"http://127.0.0.1:{free_port()}")
            extra = {"SALESBOT_DATABASE_URL": self.database}
            self.bots.append(await started(self.discord, self.folder / str(number), self.urls[-1], extra))
        turn = cycle(self.urls)

        def send(asked: Asked) -> bool:
            asked.deliveries += 1
            task = asyncio.create_task(deliver(f"{next(turn)}/interactions", asked, seconds=30))
            self.sending.add(task)
            return True

        self.discord.deliver = send  # type: ignore[method-assign]

    async def press(self, shown: Asked, label: str, asker=MODERATOR) -> Asked:
        return await self.discord.click(shown.buttons[label], asker, on=shown.message)

    async def all_say(self, count: str) -> None:
        """Wait until every process answers with a count; none goes back from it."""
        said: list[bool] = []
        async with asyncio.timeout(60):
            while sum(said[-3 * len(self.bots) :]) < 3 * len(self.bots):
                answer = await self.discord.slash("orders total", launch="su7", within="24h", metric="orders")
                said.append(count in answer.text)
        for number in range(len(self.bots)):
            one = said[number :: len(self.bots)]
            assert one == sorted(one)


@pytest.fixture
async def fleet(tmp_path: Path, postgres) -> AsyncIterator[Fleet]:
    async with LoopbackDiscord(deadline=30.0, patience=60.0) as discord:
        fleet = Fleet(discord, tmp_path, postgres.new())
        await fleet.start(2)
        yield fleet
        for bot in fleet.bots:
            assert await bot.stop() == 0
            assert "Traceback" not in bot.log, bot.log


def plain(text: str) -> str:
    return re.sub("<t:[0-9]+", "<t", text)


async def test_what_one_process_sends_the_other_takes(fleet):
    discord = fleet.discord
    change = Upload("orders.csv", ORDERS.replace(b"88898", b"88899"), "text/csv")
    shown = await discord.slash("data import", MODERATOR, file=change)
    await until(lambda: "Confirm" in shown.buttons, 60)
    assert "2 cells changed" in (await fleet.press(shown, "Confirm")).text
    await fleet.all_say("88,899")
    await discord.slash("data undo", MODERATOR)
    await fleet.all_say("88,898")


async def test_forms_long_buttons_charts_and_foreign_tables_are_pressed_elsewhere(fleet):
    discord = fleet.discord
    await discord.slash("data reports", MODERATOR, channel=str(HOME_CHANNEL))
    long = await discord.slash("timeline check", first=LONG, second=LONG.replace("-28", "-29"))
    assert all("#" in custom_id for custom_id in long.buttons.values())
    working = await fleet.press(long, "Show working", MEMBER)
    assert "24 h" in working.text or "1 day" in working.text
    asked = await discord.slash("orders progress", launch="su7", at="1h")
    chart = await fleet.press(asked, "Chart", MEMBER)
    assert [file.name for file in chart.files] == ["chart.png"]
    form = await fleet.press(asked, "Wrong or missing?", MEMBER)
    taken = await discord.submit(form, {"which": "-", "value": "51,000", "link": "", "what": "seen"}, MEMBER)
    assert "could not be delivered" in taken.text  # taken; this Discord has no channels to post in

    form = await discord.slash("data paste", MODERATOR, table="sources")
    read = await discord.submit(form, {"rows": "id\tname\ngazette\tDaily Gazette"}, MODERATOR)
    await until(lambda: "Confirm" in read.buttons or "✗" in read.text or "row" in read.text, 60)

    shown = await discord.slash("data import", MODERATOR, file=Upload("sales.csv", TABLE, "text/csv"))
    await until(lambda: bool(shown.buttons), 60)
    choose = next(id for id in walk_ids(shown.message) if id.startswith("v1choose:metric"))
    shown = await discord.click(choose, MODERATOR, on=shown.message, values=["deliveries"])
    form = await fleet.press(shown, "Launch, source…")
    shown = await discord.submit(form, {"source": "https://www.daily.example/sales"}, MODERATOR)
    read = await fleet.press(shown, "Read it so")
    await until(lambda: "Confirm" in read.buttons, 60)
    assert "3 rows added" in read.text
    await fleet.press(read, "Confirm")
    for _ in fleet.bots:
        found = await discord.slash("orders total", launch="su7", metric="deliveries", at="2026-02-28")
        assert found.text


def walk_ids(message) -> list[str]:
    found, waiting = [], list(message["components"])
    while waiting:
        one = waiting.pop()
        waiting += one.get("components", [])
        found += [one["custom_id"]] if "custom_id" in one else []
    return found


async def test_the_same_words_come_from_files_and_from_a_database(fleet, tmp_path):
    lines = [
        ("orders total", {"launch": "su7", "within": "72h"}),
        ("prices changes", {"since": "2024-03-28", "until": "2024-04-07"}),
        ("timeline check", {"first": "musk-post", "second": "su7-launch"}),
        ("claims check", {"claim": "sold-45000"}),
    ]
    by_database = [await fleet.discord.slash(path, **options) for path, options in lines]
    async with (
        LoopbackDiscord(deadline=30.0, patience=40.0) as discord,
        running(discord, data_dir=tmp_path / "gateway"),
    ):
        by_files = [await discord.slash(path, **options) for path, options in lines]
    assert [plain(one.text) for one in by_database] == [plain(one.text) for one in by_files]
    assert len({plain(one.text) for one in by_files}) == len(lines)


async def test_settings_made_through_one_process_hold_in_the_other(fleet):
    discord = fleet.discord
    await discord.slash("data answers", MODERATOR, channel=str(HOME_CHANNEL), private=True)
    said: list[bool] = []
    async with asyncio.timeout(60):
        while said[-2:] != [True, True]:
            said.append((await discord.slash("orders total", launch="su7", within="72h")).is_private)
