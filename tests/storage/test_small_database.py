"""The small files of the bot's own: a damaged one is set aside, and what is removed is gone."""

from __future__ import annotations

import contextlib
import errno
import subprocess
import sys
import time

import pytest

from bot.state.custom_ids import SECONDS_KEPT, LongLines, Press
from bot.state.custom_ids import TEMPLATE as CUSTOM_ID
from bot.state.guild_settings import GuildSettings
from salesbot.errors import Refused
from salesbot.storage.disk import refused_by_disk
from salesbot.storage.small_database import SmallDatabase

LINE = "/orders total launch:su7 within:" + "9" * 120


def damage_nothing(data: bytes) -> bytes:
    return data


def garbage(data: bytes) -> bytes:
    return b"not a database at all " * 500


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2 - 7]


def overwritten(data: bytes) -> bytes:
    return data[:1000] + b"\xff" * 6000 + data[7000:]


def read(lines: LongLines) -> Press | None:
    match = CUSTOM_ID.fullmatch(Press("answer", LINE, "0" * 8).custom_id())
    assert match is not None
    return lines.read(match)


@pytest.mark.parametrize("damage", [damage_nothing, garbage, cut_short, overwritten])
def test_a_damaged_file_is_set_aside_and_starts_anew(tmp_path, damage):
    path = tmp_path / "lines.sqlite"
    lines = LongLines(path)
    for number in range(200):
        lines.store(f"{LINE}{number}")
    lines.store(LINE)
    lines.close()
    data = path.read_bytes()
    path.write_bytes(damage(data))
    lines = LongLines(path)
    is_damaged = damage is not damage_nothing
    aside = tmp_path / "lines.sqlite.damaged"
    assert aside.exists() is is_damaged
    assert not is_damaged or aside.read_bytes() == damage(data)
    assert (read(lines) is None) is is_damaged
    lines.store(LINE)
    assert read(lines) == Press("answer", LINE, "0" * 8)
    lines.close()


def test_the_settings_of_servers_start_anew_as_well(tmp_path):
    (tmp_path / "choices.sqlite").write_bytes(b"\0" * 5000)
    settings = GuildSettings(tmp_path / "choices.sqlite")
    settings.set_private(1, 2, private=True)
    assert settings.is_private(2) and not settings.is_private(3)
    settings.close()


def test_a_line_is_removed_so_many_days_after_its_last_answer_and_nothing_of_it_is_left(tmp_path, monkeypatch):
    lines = LongLines(tmp_path / "lines.sqlite")
    start = time.time()
    other = LINE.replace("su7", "yu7")
    lines.store(LINE), lines.store(other)
    monkeypatch.setattr("bot.state.custom_ids.time.time", lambda: start + SECONDS_KEPT - 10)
    lines.remove_unused()
    assert read(lines) is not None
    lines.store(other)  # asked again
    monkeypatch.setattr("bot.state.custom_ids.time.time", lambda: start + SECONDS_KEPT + 10)
    lines.remove_unused()
    assert read(lines) is None
    found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert LINE.encode() not in found and other.encode() in found
    lines.close()


def test_nothing_is_left_of_the_settings_of_a_server_that_was_left(tmp_path):
    settings = GuildSettings(tmp_path / "choices.sqlite")
    settings.set_private(1, 2, private=True), settings.set_reports_channel(1, 3)
    settings.set_private(7, 8, private=True), settings.set_reports_channel(7, 9)
    settings.erase(1)
    assert not settings.is_private(2) and settings.reports_channel(1) is None
    assert settings.is_private(8) and settings.reports_channel(7) == 9
    settings.close()


HOLDER = """
import sqlite3, sys
holder = sqlite3.connect(sys.argv[1], isolation_level=None)
holder.execute("begin exclusive")
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def held(tmp_path):
    """Let another program hold a file until the end of the block."""

    @contextlib.contextmanager
    def hold(path):
        command = [sys.executable, "-c", HOLDER, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout.readline() == "held\n"
            yield
            holder.kill()

    return hold


def test_while_another_program_holds_a_file_it_is_read_and_a_change_is_refused_at_once(tmp_path, held):
    settings = GuildSettings(tmp_path / "choices.sqlite")
    settings.set_private(1, 2, private=True)
    with held(tmp_path / "choices.sqlite"):
        began = time.monotonic()
        with pytest.raises(Refused) as told:
            settings.set_private(1, 3, private=True)
        assert time.monotonic() - began < 2 and told.value.message.key == "files_busy"
        assert settings.is_private(2) and not settings.is_private(3)
    settings.set_private(1, 3, private=True)
    assert settings.is_private(3)
    settings.close()


def test_while_another_program_holds_the_lines_an_answer_does_without(tmp_path, held):
    lines = LongLines(tmp_path / "lines.sqlite")
    with held(tmp_path / "lines.sqlite"):
        began = time.monotonic()
        lines.store(LINE)
        assert time.monotonic() - began < 2 and read(lines) is None
    lines.store(LINE)
    assert read(lines) is not None
    lines.close()


def test_a_file_that_another_program_holds_can_be_opened(tmp_path, held):
    GuildSettings(tmp_path / "choices.sqlite").close()
    with held(tmp_path / "choices.sqlite"):
        settings = GuildSettings(tmp_path / "choices.sqlite")
        assert settings.private_channels(1) == []
        settings.close()


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (OSError(errno.ENOSPC, "full"), "disk_full"),
        (OSError(errno.EROFS, "read-only"), "disk_read_only"),
        (OSError(errno.ECONNRESET, "reset"), None),
        (ValueError("else"), None),
    ],
)
def test_what_a_disk_refuses_is_told_apart(error, key):
    told = refused_by_disk(error)
    assert (told and told.message.key) == key


def test_a_file_that_cannot_be_opened_counts_as_empty_and_takes_no_change(tmp_path):
    (tmp_path / "choices.sqlite").mkdir()
    settings = GuildSettings(tmp_path / "choices.sqlite")
    assert not settings.is_private(2) and settings.language(1) is None
    with pytest.raises(Refused) as told:
        settings.set_language(1, "zh")
    assert told.value.message.key == "disk_read_only"
    settings.close()


def test_what_is_to_last_is_on_the_disk_once_it_is_written_also_in_a_new_file(tmp_path):
    for _ in ("new", "opened again"):
        lasting, other = (
            SmallDatabase(tmp_path / f"{lasts}.sqlite", {"kept": {"id": int}}, is_lasting=lasts)
            for lasts in (True, False)
        )
        off, full = (0,), (2,)
        assert (lasting.row("pragma synchronous"), other.row("pragma synchronous")) == (full, off)
        assert lasting.row("pragma journal_mode") == ("wal",)
        lasting.close()
        other.close()
