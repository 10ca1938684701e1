"""Interactions over HTTP: signed, answered by the same road, and left in good order."""

from __future__ import annotations

import asyncio
import io
import re
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.asked import Asked
from tools.loopback_discord.commands import Typed
from tools.loopback_discord.driver import BotProcess, running, start
from tools.loopback_discord.faults import Held
from tools.loopback_discord.over_http import deliver, free_port, post
from tools.loopback_discord.payloads import HOME_CHANNEL, HOME_GUILD, MEMBER, MODERATOR, Upload
from tools.loopback_discord.server import COMPONENT, SLASH, LoopbackDiscord, until

ORDERS = Path("seeds/orders.csv").read_bytes()


@dataclass
class World:
    """A Discord, a bot that takes interactions over HTTP, and where."""

    discord: LoopbackDiscord
    bot: BotProcess
    url: str

    def slash(self, path: str, asker=MEMBER, /, **options) -> Asked:
        typed = Typed(self.discord.commands, self.discord._ids, self.discord.rest.url)
        data = typed.data(path, options)
        self.discord.rest.files.update(typed.uploads)
        return self.discord.made(SLASH, data, asker)

    async def ask(self, path: str, asker=MEMBER, /, **options) -> Asked:
        asked = self.slash(path, asker, **options)
        assert await deliver(f"{self.url}/interactions", asked, seconds=30) == 202
        return await asked

    async def press(self, answer: Asked, label: str, asker=MEMBER) -> Asked:
        data = {"custom_id": answer.buttons[label], "component_type": 2, "id": 1}
        asked = self.discord.made(COMPONENT, data, asker, answer.message)
        assert await deliver(f"{self.url}/interactions", asked, seconds=30) == 202
        return await asked


async def started(
    discord: LoopbackDiscord, data: Path, url: str, settings: Mapping[str, str] | None = None
) -> BotProcess:
    extra = {"SALESBOT_LISTEN": url.removeprefix("http://"), **(settings or {})}
    bot = await start(discord, data_dir=data, extra=extra)
    while not await is_ready(url):
        assert bot.exit_code is None, bot.log
        await asyncio.sleep(0.02)
    return bot


async def is_ready(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{url}/ready") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with LoopbackDiscord(deadline=30.0, patience=40.0) as discord:
        url = f"http://127.0.0.1:{free_port()}"
        bot = await started(discord, tmp_path / "data", url)
        yield World(discord, bot, url)
        await bot.stop()


async def test_the_same_words_come_by_both_roads(world, tmp_path):
    over_http = await world.ask("orders total", launch="su7", within="72h")
    assert over_http.took_to_acknowledge < 30 and not world.discord.gateway.identifies
    working = await world.press(over_http, "Show working")
    chart = await world.press(await world.ask("orders progress", launch="su7", at="1h"), "Chart")
    assert [file.name for file in chart.files] == ["chart.png"]
    async with (
        LoopbackDiscord(deadline=30.0, patience=40.0) as discord,
        running(discord, data_dir=tmp_path / "gateway"),
    ):
        by_gateway = await discord.slash("orders total", launch="su7", within="72h")
        pressed = await discord.click(by_gateway.buttons["Show working"], on=by_gateway.message)

    def said(asked: Asked) -> str:
        return re.sub("<t:[0-9]+", "<t", asked.text)

    assert said(over_http) == said(by_gateway) and said(working) == said(pressed)


async def test_what_is_not_signed_by_discord_is_refused(world):
    url = f"{world.url}/interactions"
    asked = world.slash("help")
    other = Ed25519PrivateKey.generate()
    assert (await post(url, asked.payload, key=other))[0] == 401
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {"X-Signature-Ed25519": "zz"}, {"X-Signature-Ed25519": "00" * 64}):
            async with session.post(url, json=asked.payload, headers=headers) as response:
                assert response.status == 401
        async with session.post(url, data=io.BytesIO(b"x" * ((1 << 20) + 1))) as response:
            assert response.status == 413
    assert asked.requests == []
    assert await post(url, {"type": 1}) == (200, '{"type": 1}')
    assert (await post(url, {"type": 2}))[0] == 400
    assert await post(f"{world.url}/events", {"type": 0}) == (204, "")


async def test_a_request_that_is_sent_again_is_answered_once(world):
    asked = world.slash("orders total", launch="su7", within="72h")
    url = f"{world.url}/interactions"
    assert await asyncio.gather(*(deliver(url, asked, seconds=30) for _ in range(4))) == [202] * 4
    assert await deliver(url, asked, seconds=30) == 202
    assert len(asked.seen) == 1 and [one.status for one in asked.requests] == [200]


async def test_sigterm_answers_what_was_taken_and_takes_no_more(world):
    asked = world.slash("orders total", launch="su7", within="72h")
    held = world.discord.fail("callback", Held(1.0), on=asked)
    sending = asyncio.create_task(deliver(f"{world.url}/interactions", asked, seconds=30))
    await until(lambda: bool(held.met), 30)
    ending = asyncio.create_task(world.bot.stop(signal.SIGTERM, within=30))
    assert (await sending, await ending) == (202, 0)
    assert "106,200" in asked.text and "Traceback" not in world.bot.log
    assert await deliver(f"{world.url}/interactions", world.slash("help")) == 0


async def test_a_change_is_confirmed_by_another_process_than_the_one_that_showed_it(world, tmp_path):
    change = Upload("orders.csv", ORDERS.replace(b"88898", b"88899"), "text/csv")
    shown = await world.ask("data import", MODERATOR, file=change)
    await until(lambda: "Confirm" in shown.buttons, 60)
    await world.bot.kill()
    world.bot = await started(world.discord, tmp_path / "data", world.url)
    confirmed = await world.press(shown, "Confirm", MODERATOR)
    assert "2 cells changed" in confirmed.text
    assert "88,899" in (await world.ask("orders total", launch="su7", within="24h", metric="orders")).text
    await world.bot.stop()


async def test_a_server_that_adds_the_bot_is_greeted(world):
    guild = {"id": str(HOME_GUILD), "system_channel_id": str(HOME_CHANNEL), "preferred_locale": "en-US"}
    data = {"integration_type": 0, "scopes": ["applications.commands"], "guild": guild}
    event = {"type": 1, "event": {"type": "APPLICATION_AUTHORIZED", "data": data}}
    assert (await post(f"{world.url}/events", event))[0] == 204
    await until(lambda: any("/messages" in one.path for one in world.discord.requests), 30)


async def test_an_address_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        async with LoopbackDiscord() as discord:
            bot = await start(discord, data_dir=tmp_path / "data", extra={"SALESBOT_LISTEN": address})
            assert await bot.exited(60) == 4
            assert f"SALESBOT_LISTEN {address} cannot be served" in bot.log and "Traceback" not in bot.log
