"""A restart loses no question: the next process resumes the session, and finishes what the one before began."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from benchmarks.asked import Asked
from bot.state.guild_settings import GuildSettings
from salesbot.storage.catalog import Catalog
from tools.loopback_discord.driver import running
from tools.loopback_discord.faults import Hang
from tools.loopback_discord.payloads import HOME_CHANNEL, HOME_GUILD, MEMBER, MODERATOR, Upload
from tools.loopback_discord.server import LoopbackDiscord, until
from tools.restarts import Restarts

ORDERS = Path("seeds/orders.csv").read_bytes()


def patient() -> LoopbackDiscord:
    """A Discord whose deadlines no slow machine misses."""
    return LoopbackDiscord(deadline=30.0, patience=40.0)


def versions_of(data: Path) -> list[str]:
    """Why each version of the home server was served, newest first."""
    catalog = Catalog(data / "catalog.sqlite", data / "snapshots")
    try:
        return [one.why for one in catalog.history(str(HOME_GUILD))]
    finally:
        catalog.close()


async def proposed(discord: LoopbackDiscord, change: Upload) -> Asked:
    """An import once its difference is shown; a slow one is told to wait first."""
    shown = await discord.slash("data import", MODERATOR, file=change)
    await until(lambda: "Confirm" in shown.buttons, 60)
    return shown


async def test_no_question_is_lost_or_answered_twice(tmp_path):
    found = Restarts()
    async with patient() as discord:
        await found.run(discord, tmp_path / "data", kills=3, ends=2, pace=20)
        assert found.wrong == []
        assert sum(found.outcomes.values()) > 30
        assert found.exits == {-signal.SIGKILL: 3, 0: 2}
        assert (len(discord.gateway.identifies), len(discord.gateway.resumes)) == (1, 5)


async def test_what_was_only_deferred_is_finished(tmp_path):
    """The earlier process was killed while it drew a chart; the next draws it into the message that waits."""
    data = tmp_path / "data"
    async with patient() as discord:
        async with running(discord, data_dir=data) as bot:
            answer = await discord.slash("orders progress", launch="su7", at="1h")
            discord.fail("edit", Hang(60.0), times=9)
            button = answer.buttons["Chart"]
            asked = discord.click(button, on=answer.message)
            await until(lambda: asked.acknowledged is not None, 30)
            await bot.kill()
        discord.faults.clear()
        async with running(discord, data_dir=data):
            await asked
        assert len(asked.seen) == 1 and [file.name for file in asked.files] == ["chart.png"]
        assert len(discord.gateway.identifies) == 1


async def test_what_was_answered_is_left_alone(tmp_path):
    data = tmp_path / "data"
    async with patient() as discord:
        async with running(discord, data_dir=data) as bot:
            asked = await discord.slash("orders total", launch="su7", within="72h")
            await bot.stop(signal.SIGTERM)
        before = len(asked.requests)
        async with running(discord, data_dir=data):
            discord.deliver(asked)
            await until(lambda: len(asked.requests) >= before + 2, 30)
            await discord.slash("help")
        assert [(one.kind, one.status) for one in asked.requests[before:]] == [("callback", 400), ("original", 200)]
        assert len(asked.seen) == 1


async def test_a_change_that_was_asked_for_before_a_restart_is_made_once(tmp_path):
    """The interactions of an earlier process reach the next one again, as when it was killed before it noted them."""
    data = tmp_path / "data"
    changes = [Upload("orders.csv", ORDERS.replace(b"88898", b"88%d" % number), "text/csv") for number in (899, 900)]
    async with patient() as discord:
        async with running(discord, data_dir=data) as bot:
            for change in changes:
                shown = await proposed(discord, change)
                confirmed = await discord.click(shown.buttons["Confirm"], MODERATOR, on=shown.message)
            undone = await discord.slash("data undo", MODERATOR)
            await bot.kill()
        before = {asked: len(asked.requests) for asked in (confirmed, undone)}
        async with running(discord, data_dir=data):
            for asked in before:
                discord.deliver(asked)  # again, if the session has not brought it already
            await until(lambda: all(len(asked.requests) > count for asked, count in before.items()), 30)
            assert "88,899" in (await discord.slash("orders total", launch="su7", within="24h", metric="orders")).text
        assert len(undone.seen) == 1 and len(confirmed.seen) == 1
    assert versions_of(data) == ["undo", "import", "import"]


async def test_a_change_that_waits_can_be_confirmed_after_a_restart(tmp_path):
    data, change = tmp_path / "data", Upload("orders.csv", ORDERS.replace(b"88898", b"88899"), "text/csv")
    async with patient() as discord:
        async with running(discord, data_dir=data) as bot:
            shown = await proposed(discord, change)
            await bot.kill()
        async with running(discord, data_dir=data):
            confirmed = await discord.click(shown.buttons["Confirm"], MODERATOR, on=shown.message)
            assert "2 cells changed" in confirmed.text
            assert "88,899" in (await discord.slash("orders total", launch="su7", within="24h", metric="orders")).text
        assert list((data / "proposals").iterdir()) == []


async def test_a_form_that_was_open_over_a_restart_is_taken(tmp_path):
    data = tmp_path / "data"
    chosen = GuildSettings(data / "choices.sqlite")
    chosen.set_reports_channel(HOME_GUILD, HOME_CHANNEL)
    chosen.close()
    async with patient() as discord:
        async with running(discord, data_dir=data) as bot:
            answer = await discord.slash("orders total", launch="su7", within="24h")
            form = await discord.click(answer.buttons["Wrong or missing?"], on=answer.message)
            await bot.kill()
        async with running(discord, data_dir=data):
            fields = {"which": "su7-orders-24h", "value": "88,899", "link": "https://example.org", "what": "read it"}
            await discord.submit(form, fields)
        (posted,) = [one for one in discord.requests if one.path.endswith(f"/channels/{HOME_CHANNEL}/messages")]
        assert "88,899" in str(posted.body) and "su7-orders-24h" in str(posted.body)


@pytest.mark.parametrize(
    ("how", "sessions"), [(signal.SIGINT, 2), (signal.SIGTERM, 1)], ids=["Ctrl-C ends it", "SIGTERM leaves it"]
)
async def test_how_the_process_ends_decides_about_its_session(tmp_path, how, sessions):
    async with patient() as discord:
        for _ in range(2):
            async with running(discord, data_dir=tmp_path / "data") as bot:
                assert "Ask about" in (await discord.slash("help", MEMBER)).text
                assert await bot.stop(how) == 0
        assert len(discord.gateway.identifies) == sessions


async def test_a_session_that_is_gone_is_followed_by_a_new_one(tmp_path):
    async with patient() as discord:
        async with running(discord, data_dir=tmp_path / "data") as bot:
            await discord.slash("help", MEMBER)
            await bot.kill()
        discord.gateway.end_sessions()
        async with running(discord, data_dir=tmp_path / "data"):
            assert "Ask about" in (await discord.slash("help", MEMBER)).text
        assert (len(discord.gateway.identifies), len(discord.gateway.resumes)) == (2, 1)
