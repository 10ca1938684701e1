"""What monitoring reads of the running process, its log as JSON, and what a start says."""

from __future__ import annotations

import json
import socket

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tools.loopback_discord.driver import running, start
from tools.loopback_discord.faults import Status
from tools.loopback_discord.over_http import free_port
from tools.loopback_discord.payloads import MEMBER, MODERATOR
from tools.loopback_discord.server import LoopbackDiscord, until


@pytest.fixture
def address() -> str:
    return f"127.0.0.1:{free_port()}"


async def page(address: str, name: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}/{name}") as response:
        return response.status, await response.text()


async def figures(address: str) -> dict[str, float]:
    """Every sample, by its name and label."""
    _, text = await page(address, "metrics")
    found = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {" ".join([one.name, *one.labels.values()]): one.value for one in found}


async def test_what_was_done_is_counted_without_texts_or_ids(tmp_path, address):
    extra = {"SALESBOT_METRICS": address}
    async with (
        LoopbackDiscord(deadline=30.0, patience=40.0) as discord,
        running(discord, data_dir=tmp_path / "data", extra=extra) as bot,
    ):
        await discord.slash("orders total", launch="su7", within="72h")
        await discord.slash("orders total", launch="nothing of the kind")
        await discord.autocomplete("orders total", "launch", "su")
        await discord.slash("ask", question="how is the weather in Utopia")
        answer = await discord.slash("data status", MODERATOR)
        await discord.click((await discord.slash("help", MEMBER)).buttons.popitem()[1])
        assert answer.text
        found = await figures(address)
        assert found["salesbot_interactions_total /orders total"] == 2
        assert found["salesbot_interactions_total completion"] == 1
        assert found["salesbot_interactions_total button"] == 1
        assert found["salesbot_errors_total unknown_name"] == 1 == found["salesbot_errors_total words_not_understood"]
        assert found["salesbot_reply_seconds_count"] == 7 == found["salesbot_reply_seconds_bucket +Inf"]
        assert found["salesbot_reply_seconds_sum"] > 0
        assert (found["salesbot_ready"], found["salesbot_sessions_total begun"]) == (1, 1)
        assert found["salesbot_changes_total start"] == 1
        _, text = await page(address, "metrics")
        assert not [
            word for word in ("Utopia", "nothing of", str(MEMBER.user_id), str(MEMBER.guild_id)) if word in text
        ]
        assert "Traceback" not in bot.log


async def test_it_is_ready_once_discord_is_there_and_healthy_before(tmp_path, address):
    async with LoopbackDiscord(deadline=30.0, patience=40.0) as discord:
        discord.fail("handshake", Status(503), times=10_000)
        bot = await start(discord, data_dir=tmp_path / "data", extra={"SALESBOT_METRICS": address})
        try:
            await until(lambda: "the gateway cannot be reached" in bot.log or bot.exit_code is not None, 60, "no try")
            assert (await page(address, "healthz"))[0] == 200
            assert (await page(address, "ready"))[0] == 503
            discord.faults.clear()
            await until(lambda: discord.gateway.is_ready, 60)
            await discord.slash("help", MEMBER)
            assert (await page(address, "ready"))[0] == 200
        finally:
            await bot.stop()


async def test_an_address_that_is_taken_is_said_before_anything_connects(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        async with LoopbackDiscord() as discord:
            bot = await start(discord, data_dir=tmp_path / "data", extra={"SALESBOT_METRICS": address})
            assert await bot.exited(60) == 4
            assert f"SALESBOT_METRICS {address} cannot be served" in bot.log and "Traceback" not in bot.log
            assert not discord.requests


async def test_a_start_says_where_it_is_and_the_log_can_be_json(tmp_path):
    data = tmp_path / "data"
    async with LoopbackDiscord(deadline=30.0, patience=40.0) as discord:
        async with running(discord, data_dir=data, extra={"SALESBOT_LOG_FORMAT": "json"}) as bot:
            await discord.slash("help", MEMBER)
        lines = [json.loads(line) for line in bot.log.splitlines()]
    assert all(line.keys() >= {"time", "level", "logger", "message"} for line in lines)
    said = "\n".join(line["message"] for line in lines)
    assert str(data) in said and "client_id=" in said and "salesbot 0." in said
