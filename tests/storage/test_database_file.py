"""The small files of the bot's own: a damaged one is set aside, and what is removed is gone."""

from __future__ import annotations

import time

import pytest

from bot.state.custom_ids import SECONDS_KEPT, LongLines, Press
from bot.state.custom_ids import TEMPLATE as CUSTOM_ID
from bot.state.guild_settings import GuildSettings

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
