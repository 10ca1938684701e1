"""A short fuzz of the running bot: mangled gateway payloads and REST replies; the long one is ``make fuzz``."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest

from benchmarks.asked import Asked, Unanswered
from tools.fuzzing import gateway as loopback_fuzz_gateway
from tools.fuzzing import rest as loopback_fuzz_rest
from tools.fuzzing.log import Complaint, complaints
from tools.loopback_discord.driver import running, start
from tools.loopback_discord.faults import Status
from tools.loopback_discord.payloads import HOME_GUILD, MEMBER
from tools.loopback_discord.server import MODAL, LoopbackDiscord, until

ASKED = {"launch": "su7", "within": "72h"}


def unanswered(found: Counter[Complaint]) -> list[str]:
    """The errors in our own code that nobody turned into a reply."""
    return [str(complaint) for complaint in found if complaint.is_unhandled and complaint.is_ours]


async def test_mangled_gateway_payloads_are_survived_and_proper_questions_answered():
    counts, found = await loopback_fuzz_gateway.fuzz(20, seed=1, most=4)
    assert counts["proper questions answered"] == 4
    assert unanswered(found) == []


async def test_mangled_replies_are_survived_and_nothing_is_said_twice_or_taken_back():
    counts, found = await loopback_fuzz_rest.fuzz(20, seed=1, most=1)
    assert counts["right"] > 5
    assert unanswered(found) == []


async def test_one_event_that_cannot_be_read_does_not_end_the_process(tmp_path):
    async with LoopbackDiscord() as discord, running(discord, data_dir=tmp_path) as bot:
        for event in ("GUILD_ROLE_CREATE", "INTERACTION_CREATE", "GUILD_UPDATE"):
            discord.gateway.dispatch(event, {"unknown": None}, HOME_GUILD)
        discord.gateway.send_malformed(json.dumps([None]))
        asked = await discord.slash("orders total", MEMBER, **ASKED).within(30)
        assert "106,200–118,000" in asked.text
        assert bot.exit_code is None


async def test_an_answer_that_arrived_stays_whatever_its_receipt_says(tmp_path):
    async with LoopbackDiscord() as discord, running(discord, data_dir=tmp_path):
        asked = discord.slash("orders total", MEMBER, **ASKED)
        discord.fail("callback", Receipt({"interaction": None}), on=asked)
        await asked
        await discord.quiet(0.5)
        assert "106,200–118,000" in asked.text, asked.text


class Receipt:
    """The request is carried out and answered with 200 and this body."""

    def __init__(self, body: object) -> None:
        self._body = body

    async def happen(self, request, commit):
        commit()
        return loopback_fuzz_rest.web.json_response(self._body)


async def test_a_reply_that_comes_too_late_leaves_no_exception_that_nobody_took(tmp_path):
    async with LoopbackDiscord(deadline=0.0001) as discord, running(discord, data_dir=tmp_path) as bot:
        asked = discord.slash("orders total", MEMBER, **ASKED)
        await until(lambda: len(asked.requests) > 0)
        await discord.quiet(0.5)
        assert unanswered(complaints(bot.log)) == []


@pytest.mark.parametrize("kind", ["commands", "gateway"])
async def test_a_refusal_while_starting_is_waited_out(tmp_path, kind):
    async with LoopbackDiscord() as discord:
        discord.fail(kind, Status(404), times=1)
        bot = await start(discord, data_dir=tmp_path)
        try:
            await until(lambda: discord.gateway.is_ready or bot.exit_code is not None, 30)
            assert bot.exit_code is None, bot.log[-1500:]
        finally:
            await bot.kill()


@pytest.mark.parametrize("seed", [1, 2, 5, 9])
async def test_mangled_replies_while_starting_are_waited_out(seed):
    assert (await loopback_fuzz_rest.one_start(seed)).endswith("served")


async def test_many_different_questions_at_once_are_all_answered(tmp_path):
    async with LoopbackDiscord(deadline=30.0) as discord, running(discord, data_dir=tmp_path):
        for hours in range(1, 80, 20):
            asked = [
                discord.slash("orders total", MEMBER, launch=launch, within=f"{h}h")
                for h in range(hours, hours + 20)
                for launch in ("su7", "yu7")
            ]
            are_answered = await asyncio.gather(*map(is_answered, asked))
            assert [one.story() for one, is_one in zip(asked, are_answered, strict=True) if not is_one] == []


async def is_answered(asked: Asked) -> bool:
    try:
        return bool(await asked.within(10))
    except Unanswered:
        return False


async def test_a_form_that_was_open_over_a_restart_is_answered(tmp_path):
    async with LoopbackDiscord() as discord, running(discord, data_dir=tmp_path):
        assert await is_answered(discord.send(MODAL, loopback_fuzz_gateway.MODAL))


@pytest.mark.parametrize(("metric", "has_chart"), [("orders", True), ("locked_orders", True), ("sales_stores", False)])
async def test_every_chart_button_that_is_offered_gives_a_chart(tmp_path, metric, has_chart):
    async with LoopbackDiscord(deadline=30.0) as discord, running(discord, data_dir=tmp_path):
        asked = {"launches": "su7,yu7", "at": "72h", "metric": metric}
        card = await discord.slash("orders compare", **asked)
        assert ("Chart" in card.buttons) == has_chart
        if has_chart:
            await until(lambda: bool(card.files))  # it follows into the card once it is drawn
            assert [request.kind for request in card.requests] == ["callback", "edit"]
            again = await discord.slash("orders compare", **asked)
            assert [file.name for file in again.files] == ["chart.png"]
            assert [request.kind for request in again.requests] == ["callback"]
