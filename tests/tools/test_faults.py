"""Faults on the road between Discord and the real bot: the right answer once, in time, and no false error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.loopback_discord.driver import running, start
from tools.loopback_discord.fault_table import FAULTS, HANGS, Case, outcomes
from tools.loopback_discord.faults import Status
from tools.loopback_discord.payloads import MEMBER
from tools.loopback_discord.server import LoopbackDiscord, until

SOME = [
    "500",
    "502",
    "502 after commit",
    "429 user, no Via",
    "429 global, with Via",
    "reset before commit",
    "reset after commit",
    "truncated body",
]
ASKED = {"launch": "su7", "within": "72h"}


async def test_an_answer_arrives_once_and_in_time_whatever_fails():
    often = [
        Case(name, kind, FAULTS[name], times) for kind in ("callback", "upload") for name in SOME for times in (1, 2, 4)
    ]
    edits = [Case(name, "edit", FAULTS[name], 2) for name in ("502", "truncated body")]
    found = await outcomes([Case("hang", "callback", HANGS["callback"], times) for times in (1, 2)] + often + edits)
    assert [f"{o.case.kind}: {o.case.name} × {o.case.times}: {o.wrong}\n{o.story}" for o in found if o.wrong] == []


@pytest.fixture
async def world(tmp_path: Path):
    async with LoopbackDiscord() as discord, running(discord, data_dir=tmp_path) as bot:
        yield discord, bot


async def is_answered(discord) -> bool:
    asked = discord.slash("orders total", MEMBER, **ASKED)
    await asked.within(30)
    return "106,200–118,000" in asked.text and len(asked.seen) == 1


async def test_an_interaction_delivered_twice_is_answered_once(world):
    discord, _ = world
    asked = discord.slash("orders total", MEMBER, **ASKED)
    discord.deliver(asked)
    await asked
    assert len(asked.seen) == 1
    assert [request.kind for request in asked.requests] == ["callback"]


async def test_a_malformed_frame_is_survived_by_a_resume(world):
    discord, bot = world
    discord.gateway.send_malformed()
    await until(lambda: len(discord.gateway.resumes) == 1, 20, "no resume")
    assert await is_answered(discord)
    assert (len(discord.gateway.identifies), bot.exit_code) == (1, None)


@pytest.mark.parametrize("code", [4000, 4001, 4002, 4003, 4005, 4008])
async def test_a_closed_connection_is_resumed(world, code):
    discord, bot = world
    discord.gateway.close(code)
    await until(lambda: len(discord.gateway.resumes) == 1, 20, "no resume")
    assert await is_answered(discord)
    assert bot.exit_code is None


async def test_an_invalid_session_identifies_again(world):
    discord, _ = world
    discord.gateway.invalidate(is_resumable=False)
    await until(lambda: len(discord.gateway.identifies) == 2 and discord.gateway.is_ready, 40, "no second identify")
    assert await is_answered(discord)


@pytest.mark.parametrize(
    ("code", "says"), [(4004, "does not know this token"), (4014, "refused an intent"), (4013, "refused the intents")]
)
async def test_a_final_close_is_said_and_ends_with_its_exit_code(world, code, says):
    discord, bot = world
    for _ in range(
        5
    ):  # a close right after READY may be lost on its way; Discord would say it again to the next session
        discord.gateway.close(code, ends_sessions=True)
        before = len(discord.gateway.identifies)
        await until(lambda before=before: bot.exit_code is not None or len(discord.gateway.identifies) > before, 60)
        if bot.exit_code is not None:
            break
    assert bot.exit_code == 4
    assert says in bot.log
    assert "Traceback" not in bot.log


async def test_a_refused_handshake_and_a_failing_login_are_waited_out(tmp_path):
    async with LoopbackDiscord() as discord:
        discord.fail("me", Status(503), times=1)
        discord.fail("handshake", Status(503), times=1)
        bot = await start(discord, data_dir=tmp_path)
        try:
            await until(lambda: discord.gateway.is_ready or bot.exit_code is not None, 80, bot.log[-2000:])
            assert await is_answered(discord)
        finally:
            await bot.stop()


async def test_no_token_is_in_any_log(world):
    discord, bot = world
    asked = discord.slash("orders total", MEMBER, **ASKED)
    discord.fail("callback", Status(502), times=1, on=asked)
    await asked
    assert asked.token not in bot.log
    assert discord.token not in bot.log
