"""A disk that is full or read-only: answers go on, changes are refused in a sentence, nothing is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from salesbot.settings import seed_pack
from tools.loopback_discord.driver import running, start
from tools.loopback_discord.payloads import MEMBER, MODERATOR, Upload
from tools.loopback_discord.server import LoopbackDiscord, until

LONG = {"model": "model-y", "trim": "RWD", "since": "2024-03-15", "region": "China", "brand": "Tesla"}
CSV = (seed_pack() / "orders.csv").read_bytes().replace(b"88898", b"88899")


def mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True).returncode == 0


class Disk:
    """A small file system of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"

    def fill(self) -> None:
        with contextlib.suppress(OSError), (self.folder / "filler").open("ab", buffering=0) as filler:
            for size in (1 << 16, 1 << 12, 1 << 8, 1):
                with contextlib.suppress(OSError):
                    while True:
                        filler.write(b"x" * size)

    def free(self) -> None:
        (self.folder / "filler").unlink()

    def read_only(self) -> None:
        assert mount("-o", "remount,ro", str(self.folder))


@pytest.fixture
def disk(tmp_path: Path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() or not mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)):
        pytest.skip("needs the right to mount a file system, as root has on Linux")
    yield Disk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
async def discord():
    async with LoopbackDiscord() as discord:
        yield discord


def bot_on(discord: LoopbackDiscord, disk: Disk, tmp_path: Path):
    return running(discord, data_dir=tmp_path / "log", extra={"SALESBOT_DATA_DIR": str(disk.data)})


async def total(discord: LoopbackDiscord) -> str:
    return (await discord.slash("orders total", MEMBER, launch="su7", within="72h")).text


async def test_a_disk_that_fills_up_stops_no_answer_and_refuses_changes(discord, disk, tmp_path):
    async with bot_on(discord, disk, tmp_path) as bot:
        disk.fill()
        pressed = []
        for day in range(1, 29):  # what SQLite had allotted before is written first
            shown = await discord.slash("prices changes", MEMBER, **LONG | {"until": f"2024-05-{day:02}"})
            assert "−9,000" in shown.text
            pressed.append((await discord.click(shown.buttons["Show working"], MEMBER)).text)
        assert "ask the question again" in pressed[-1].casefold(), pressed[-1]
        assert all("Working" in text or "ask the question again" in text.casefold() for text in pressed)
        refused = await discord.slash("settings", MODERATOR, language="zh")
        assert "is full: this was not stored" in refused.text and refused.is_private
        refused = await discord.slash("data import", MODERATOR, file=Upload("orders.csv", CSV, "text/csv"))
        await until(lambda: "is full: this was not stored" in refused.text, 30)  # its progress comes before
        assert "106,200–118,000" in await total(discord)
        assert "disk full" in bot.log and "Discord cannot be reached" not in bot.log
        disk.free()
        done = await discord.slash("settings", MODERATOR, language="zh")
        assert "简体中文" in done.text, done.text
        shown = await discord.slash("prices changes", MEMBER, **LONG)
        assert "来源" in (await discord.click(shown.buttons["看推算过程"], MEMBER)).text


@pytest.mark.parametrize("trouble", ["fill", "read_only"])
@pytest.mark.parametrize("ended", ["stopped", "killed"])
async def test_a_start_on_such_a_disk_serves_what_was_served(discord, disk, tmp_path, trouble, ended):
    async with bot_on(discord, disk, tmp_path) as bot:
        await discord.slash("settings", MODERATOR, language="zh")
        await (bot.kill() if ended == "killed" else bot.stop())
    getattr(disk, trouble)()
    async with bot_on(discord, disk, tmp_path) as bot:
        assert "10.62万–11.8万" in await total(discord)  # the setting holds
        refused = await discord.slash("settings", MODERATOR, language="-")
        assert "this was not stored" in refused.text, refused.text
        assert "Discord cannot be reached" not in bot.log and "Traceback" not in bot.log
        assert await bot.stop() == 0


@pytest.mark.parametrize("trouble", ["fill", "read_only"])
async def test_a_first_start_on_such_a_disk_is_one_sentence(discord, disk, tmp_path, trouble):
    getattr(disk, trouble)()
    bot = await start(discord, data_dir=tmp_path / "log", extra={"SALESBOT_DATA_DIR": str(disk.data)})
    assert await bot.exited(30) == 4
    assert "cannot be opened: database or disk is full" in bot.log or "set SALESBOT_DATA_DIR" in bot.log
    assert "Traceback" not in bot.log and bot.log.count("\n") == 2
