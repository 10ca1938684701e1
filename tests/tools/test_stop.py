"""A graceful stop: the answers under way still arrive, once each, and then the process ends in good order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter

import pytest

from benchmarks.asked import Asked
from tools.loopback_discord.driver import BotProcess, running, start
from tools.loopback_discord.faults import Hang, Held, Status
from tools.loopback_discord.payloads import MODERATOR
from tools.loopback_discord.server import LoopbackDiscord, until

ASKED = {"launch": "su7", "within": "72h"}
World = tuple[LoopbackDiscord, BotProcess]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with LoopbackDiscord() as discord, running(discord, data_dir=tmp_path) as bot:
        yield discord, bot


async def stopped(world: World, asked: Asked, how: signal.Signals = signal.SIGTERM) -> float:
    """Ask the bot to end while ``asked`` waits for its answer; seconds until the process was gone, with exit code 0."""
    discord, bot = world
    assert asked.answered is None or not asked.files, "it was answered before the signal"
    began = perf_counter()
    assert await bot.stop(how, within=20) == 0, bot.log[-3000:]
    assert "Traceback" not in bot.log
    is_left = bool(discord.gateway.sessions)
    assert is_left == (how is signal.SIGTERM), "Ctrl-C ends the session, SIGTERM leaves it to the next process"
    return perf_counter() - began


def is_answered_once(asked: Asked, expected: str = "106,200–118,000") -> bool:
    return expected in asked.text and len(asked.seen) == 1 and not asked.followups


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_callback_in_flight_still_arrives(world, how):
    discord, _ = world
    asked = discord.slash("orders total", **ASKED)
    held = discord.fail("callback", Held(0.6), on=asked)
    await until(lambda: bool(held.met))
    assert await stopped(world, asked, how) < 8
    assert is_answered_once(asked), asked.story()


async def test_a_callback_that_fails_is_still_tried_again(world):
    discord, _ = world
    asked = discord.slash("orders total", **ASKED)
    broken = discord.fail("callback", Status(502), times=3, on=asked)
    await until(lambda: bool(broken.met))
    assert await stopped(world, asked) < 8
    assert is_answered_once(asked), asked.story()


async def test_a_pressed_button_is_still_answered(world):
    discord, _ = world
    card = await discord.slash("orders total", **ASKED)
    pressed = discord.click(card.buttons["Show working"])
    held = discord.fail("callback", Held(0.6), on=pressed)
    await until(lambda: bool(held.met))
    await stopped(world, pressed)
    assert is_answered_once(pressed, "Working"), pressed.story()


async def test_a_file_on_its_way_up_still_arrives(world):
    discord, _ = world
    asked = discord.slash("data export", MODERATOR, kind="zip")
    is_asked_to_stop = asyncio.Event()
    held = discord.fail("upload", Held(2.0, is_asked_to_stop), on=asked, times=9)
    await until(lambda: bool(held.met), 60)
    stopping = asyncio.create_task(stopped(world, asked))
    await asyncio.sleep(0)  # the signal is sent
    is_asked_to_stop.set()
    assert await stopping < 8
    assert "Change it in any spreadsheet" in asked.text and asked.files and not asked.followups, asked.story()


async def test_a_chart_is_drawn_to_the_end(world):
    discord, _ = world
    card = await discord.slash("orders progress", launch="su7", at="1h")
    pressed = discord.click(card.buttons["Chart"])
    await until(lambda: pressed.acknowledged is not None)
    await stopped(world, pressed)
    assert is_answered_once(pressed, "SU7") and [file.name for file in pressed.files] == ["chart.png"], pressed.story()


async def test_many_answers_under_way_all_arrive(world):
    discord, _ = world
    asked = [discord.slash("orders total", **ASKED) for _ in range(20)]
    held = [discord.fail("callback", Held(0.3 + number / 50), on=one) for number, one in enumerate(asked)]
    await until(lambda: all(armed.met for armed in held))
    await stopped(world, asked[-1])
    assert [one.story() for one in asked if not is_answered_once(one)] == []


async def test_an_answer_that_cannot_be_delivered_holds_up_the_end_for_seconds_only(world):
    discord, bot = world
    asked = discord.slash("data export", MODERATOR, kind="zip")
    held = discord.fail("edit", Hang(60), times=20, on=asked)
    await until(lambda: bool(held.met))
    began = perf_counter()
    assert await bot.stop(signal.SIGTERM, within=20) == 0
    assert perf_counter() - began < 15


async def test_a_bot_that_waits_for_discord_ends_at_once(tmp_path):
    async with LoopbackDiscord() as discord:
        await discord.stop_listening()
        bot = await start(discord, data_dir=tmp_path)
        await until(lambda: "cannot be reached" in bot.log)
        began = perf_counter()
        assert await bot.stop(signal.SIGTERM, within=20) == 0
        assert perf_counter() - began < 3
        assert "Traceback" not in bot.log


async def test_a_quiet_bot_ends_at_once(world):
    _, bot = world
    await asyncio.sleep(0.1)
    began = perf_counter()
    assert await bot.stop(signal.SIGTERM, within=20) == 0
    assert perf_counter() - began < 3
