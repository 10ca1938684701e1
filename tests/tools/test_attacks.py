"""The real process under attack: damaged and unwritable files, a second process, events delivered twice, a stop under load."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from salesbot.serving.served_packs import ServedPacks
from salesbot.settings import seed_pack
from salesbot.storage.snapshot_writer import write_snapshot
from tests.small_packs import pack_folder
from tools.loopback_discord.driver import BotProcess, running, start
from tools.loopback_discord.payloads import HOME_CHANNEL, HOME_GUILD, MEMBER, MODERATOR, OTHER_MODERATOR, Upload
from tools.loopback_discord.server import SLASH, LoopbackDiscord, until

World = tuple[LoopbackDiscord, BotProcess]
OTHER_MEMBER = replace(OTHER_MODERATOR, user_id=MEMBER.user_id, name="mei", permissions=MEMBER.permissions)
THREAD = 1_190_000_000_000_000_099


def patient() -> LoopbackDiscord:
    """A Discord whose deadlines no slow machine misses."""
    return LoopbackDiscord(deadline=30.0, patience=40.0)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with patient() as discord, running(discord, data_dir=tmp_path / "data") as bot:
        yield discord, bot


def prepared(data: Path, *versions: int) -> list[Path]:
    """A data folder where the home server imported facts of its own, once or more; their files, the newest last."""
    packs = ServedPacks(seed_pack(), data)
    found = []
    for number in versions:
        facts = packs.shared.snapshot.facts()
        orders = tuple(
            msgspec.structs.replace(row, low=number, high=number) if row.id == "su7-orders-24h" else row
            for row in facts.orders
        )
        found.append(write_snapshot(msgspec.structs.replace(facts, orders=orders), packs.snapshots))
        packs.catalog.publish(
            str(HOME_GUILD), found[-1], by=1, why="import", at=1, expected=packs.activation_id(str(HOME_GUILD))
        )
    packs.catalog.close()
    return found


async def total(discord: LoopbackDiscord, asker=MEMBER) -> str:
    return (await discord.slash("orders total", asker, launch="su7", within="24h", metric="orders")).text


# files


@pytest.mark.parametrize("how", ["cut", "changed", "gone"])
async def test_a_bot_starts_with_a_damaged_file_and_only_its_server_notices(tmp_path, how):
    first, second = prepared(tmp_path / "data", 77_001, 77_002)
    damage(second, how)
    async with patient() as discord, running(discord, data_dir=tmp_path / "data") as bot:
        assert "77,001" in await total(discord)
        assert "88,898" in await total(discord, OTHER_MEMBER)
        assert "Traceback" not in bot.log
    damage(first, how)
    (tmp_path / "data" / "commands.sha256").unlink()  # another Discord, which knows no commands yet
    async with patient() as discord, running(discord, data_dir=tmp_path / "data") as bot:
        assert "is damaged" in await total(discord)
        assert "88,898" in await total(discord, OTHER_MEMBER)
        assert "Traceback" not in bot.log


@pytest.mark.parametrize("size", [0, 4096, 50_000])
async def test_a_file_that_is_cut_while_it_is_served_ends_nothing(tmp_path, size):
    (path,) = prepared(tmp_path / "data", 77_001)
    async with patient() as discord, running(discord, data_dir=tmp_path / "data") as bot:
        assert "77,001" in await total(discord)
        with path.open("r+b") as file:
            file.truncate(size)
        for line in ("timeline events", "claims list", "sources show"):
            typed = {"id": "s006"} if line.startswith("sources") else {}
            assert (await discord.slash(line, **typed)).fate == "answered"
        assert "88,898" in await total(discord, OTHER_MEMBER)
        assert bot.exit_code is None and "Traceback" not in bot.log
        assert await bot.stop() == 0


def damage(path: Path, how: str) -> None:
    if how == "gone":
        path.unlink()
        return
    data = bytearray(path.read_bytes())
    place = data.index(b"77001" if b"77001" in data else b"77002")
    data[place : place + 1] = b"6"
    path.write_bytes(data[: 1 << 14] if how == "cut" else data)


async def test_damaged_files_of_the_bots_own_are_set_aside_at_start(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    for name in ("choices.sqlite", "lines.sqlite"):
        (data / name).write_bytes(b"no database" * 1000)
    async with patient() as discord, running(discord, data_dir=data) as bot:
        assert "88,898" in await total(discord)
        shown = await in_place(discord, "data answers", MODERATOR, {"channel": str(HOME_CHANNEL), "private": True})
        assert "shown to the asker alone" in shown.text
        assert {path.name for path in data.glob("*.damaged")} == {"choices.sqlite.damaged", "lines.sqlite.damaged"}
        assert "Traceback" not in bot.log


async def test_a_disk_that_is_full_at_start_costs_one_sync_and_no_answer(tmp_path):
    (tmp_path / "data" / "commands.sha256").mkdir(parents=True)  # cannot be written, whoever runs this
    async with patient() as discord, running(discord, data_dir=tmp_path / "data") as bot:
        assert "88,898" in await total(discord)
        assert "cannot be reached" not in bot.log and "cannot be written" in bot.log
        assert len([request for request in discord.of_kind("commands") if request.method == "PUT"]) == 1


async def test_a_data_folder_is_of_one_process(world, tmp_path):
    discord, bot = world
    async with patient() as another:
        second = await start(another, data_dir=tmp_path / "data")
        assert await second.exited(60) == 4
        assert "Traceback" not in second.log
    assert "88,898" in await total(discord) and bot.exit_code is None


@pytest.mark.skipif(sys.platform == "win32", reason="looks at permissions")
async def test_what_lies_in_the_data_folder_is_for_one_account(tmp_path):
    loose = os.umask(0o022)
    try:
        async with (
            patient() as discord,
            running(discord, data_dir=tmp_path, extra={"SALESBOT_DATA_DIR": own(tmp_path)}),
        ):
            await in_place(discord, "data answers", MODERATOR, {"channel": str(HOME_CHANNEL), "private": True})
            export = await discord.slash("data export", MODERATOR, kind="zip")
            await until(lambda: bool(export.files), 60)
            changed = Upload("orders.csv", (seed_pack() / "orders.csv").read_bytes().replace(b"88898", b"88899"))
            shown = await discord.slash("data import", MODERATOR, file=changed)
            await until(lambda: "Confirm" in shown.buttons, 60)
            await discord.click(shown.buttons["Confirm"], MODERATOR)
            assert "88,899" in await total(discord)
            await total(discord)
    finally:
        os.umask(loose)
    files, folders = modes(Path(own(tmp_path)))
    assert len(files) >= 5 and set(files.values()) == {"0o600"}, files
    assert set(folders.values()) == {"0o700"}, folders


def modes(data: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The permissions of each file, and of each folder."""
    found = [(path, oct(stat.S_IMODE(path.stat().st_mode))) for path in (data, *data.rglob("*"))]
    files = {path.name: mode for path, mode in found if path.is_file()}
    return files, {path.name: mode for path, mode in found if path.is_dir()}


def own(folder: Path) -> str:
    return str(folder / "own")


# what Discord delivers twice, and where answers are private


async def test_a_report_that_is_delivered_twice_is_posted_once(world):
    discord, _ = world
    await _set_reports(discord)
    shown = await discord.slash("orders total", launch="su7")
    form = await discord.click(shown.buttons["Wrong or missing?"])
    await discord.quiet(0.3)  # the bot knows its own form once Discord has said that it is shown
    fields = {}
    for outer in form.modal["components"]:
        inner = outer["component"]
        fields[inner["custom_id"]] = [inner["options"][0]["value"]] if "options" in inner else "wrong"
    sent = discord.submit(form, fields)
    discord.deliver(sent)
    await sent
    discord.deliver(sent)
    await discord.quiet(0.5)
    posted = [request for request in discord.of_kind("unknown") if "/messages" in request.path]
    assert len(posted) == 1
    taken = [request for request in sent.requests if request.status and request.status < 300]
    assert len([request for request in taken if request.path.endswith("/callback")]) == 1


async def _set_reports(discord: LoopbackDiscord) -> None:
    made = in_place(discord, "data reports", MODERATOR, {"channel": str(HOME_CHANNEL)})
    assert (await made).fate == "answered"


def in_place(discord: LoopbackDiscord, command: str, asker, typed, thread: bool = False):
    """A command with a channel among its options, or from a thread, which the loopback's own client does not type."""
    root, leaf = command.split()
    declared = next(one for one in discord.commands if one["name"] == root)
    options = next(one for one in declared["options"] if one["name"] == leaf)["options"]
    kinds = {option["name"]: option["type"] for option in options}
    sent = [{"name": name, "type": kinds[name], "value": value} for name, value in typed.items()]
    channel = {"id": str(HOME_CHANNEL), "name": "launches", "type": 0, "permissions": "0"}
    data = {
        "id": declared["id"],
        "name": root,
        "type": 1,
        "options": [{"type": 1, "name": leaf, "options": sent}],
        "resolved": {"channels": {str(HOME_CHANNEL): channel}},
    }
    made = discord.made(SLASH, data, asker)
    if thread:
        made.payload["channel_id"] = str(THREAD)
        made.payload["channel"] |= {
            "id": str(THREAD),
            "type": 11,
            "parent_id": str(HOME_CHANNEL),
            "owner_id": "1",
            "message_count": 0,
            "member_count": 1,
            "thread_metadata": {
                "archived": False,
                "auto_archive_duration": 1440,
                "archive_timestamp": "2024-01-01T00:00:00+00:00",
                "locked": False,
            },
        }
    discord.deliver(made)
    return made


async def test_a_thread_of_a_private_channel_is_private_for_the_real_client(world):
    discord, _ = world
    asked = {"launch": "su7", "private": False}
    assert not (await in_place(discord, "orders total", MEMBER, asked, thread=True)).is_private
    typed = {"channel": str(HOME_CHANNEL), "private": True}
    assert (await in_place(discord, "data answers", MODERATOR, typed)).fate == "answered"
    hidden = await in_place(discord, "orders total", MEMBER, asked, thread=True)
    assert hidden.is_private
    assert not (await discord.slash("orders total", OTHER_MEMBER, launch="su7")).is_private


# load


def heavy(folder: Path) -> Path:
    """2,000 prices of one model, and what else is slow where an algorithm is not linear."""
    days = [f"20{year}-{month:02}-{day:02}" for year in range(18, 24) for month in range(1, 13) for day in range(1, 29)]
    prices = "\n".join(f"p{n},{1000 + n},{1000 + n},{days[n]}" for n in range(2000))
    claims = "\n".join(f"c{n},/prices show model:one on:2024-04-10,100,Speaker {n}" for n in range(5_000))
    return pack_folder(
        folder,
        prices=f"id,low,high,valid_from\n{prices}",
        claims=f"id,checks,expects,speaker\n{claims}",
    )


async def test_a_stop_under_heavy_questions_ends_the_process(tmp_path):
    pack = heavy(tmp_path / "pack")
    async with patient() as discord:
        bot = await start(discord, data_dir=tmp_path / "data", pack_dir=pack)
        await until(lambda: discord.gateway.is_ready, 60)
        asked = [
            discord.slash(
                "prices changes", replace(MEMBER, user_id=500 + n), since=f"2018-01-{n + 1:02}", until="2023-12-31"
            )
            for n in range(20)
        ]
        await until(lambda: any(one.answered for one in asked))
        assert await bot.stop(signal.SIGTERM, within=60) == 0, bot.log[-2000:]
        assert "Traceback" not in bot.log


async def test_a_stop_while_exports_wait_ends_the_process_and_its_children(world):
    discord, bot = world
    for number in range(12):
        discord.slash("data export", replace(MODERATOR, user_id=700 + number), kind="xlsx")
    await until(lambda: len(discord.of_kind("callback")) >= 12)
    children = descendants(bot.pid)
    assert await bot.stop(signal.SIGTERM, within=60) == 0, bot.log[-2000:]
    await until(lambda: not any(is_running(pid) for pid in children), 60)
    assert "Traceback" not in bot.log


def descendants(pid: int) -> list[int]:
    """The processes that a process started."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(text) for text in found.read_text().split()] if found.exists() else []


def is_running(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def test_many_uploads_of_one_server_are_told_to_wait_and_another_server_is_answered(world):
    """Heavy work of A waits in A's line; B's questions need no child at all, and B's export its turn."""
    discord, _ = world
    exports = [discord.slash("data export", replace(MODERATOR, user_id=800 + n), kind="xlsx") for n in range(16)]
    theirs = discord.slash("data export", OTHER_MODERATOR, kind="xlsx")
    assert "88,898" in await total(discord, OTHER_MEMBER)
    await until(lambda: bool(theirs.files), 120)
    assert sum(bool(one.files) for one in exports) < 12
    await until(lambda: all(one.files or "wait already" in one.text for one in exports), 120)
    assert sum(not one.files for one in exports) == 16 - 12  # two ran, ten waited
