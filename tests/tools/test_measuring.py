"""What the bench measures with: a planted stall is seen, its cause is named, a mixed answer is told from a whole one."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import pytest

from benchmarks.asked import Asked
from benchmarks.cards import card_of, picture_card_of
from benchmarks.packs import put_in_place, raised
from benchmarks.questions import COMMANDS, version_of
from benchmarks.reload import Sent, is_mixed
from benchmarks.table import ranged, table
from tools.loopback_discord.driver import BARE_BOT, running
from tools.loopback_discord.heartbeat import Beat, Heartbeat, Lateness, control, measured
from tools.loopback_discord.payloads import MEMBER
from tools.loopback_discord.server import LoopbackDiscord
from tools.loopback_discord.slow import MARK, Slow, told

LOOPS = """
import asyncio, time
from tools.loopback_discord.slow import Watch
async def stalls():
    time.sleep(0.05)
async def main():
    await asyncio.create_task(stalls(), name="the one")
Watch(20).install()
asyncio.run(main())
"""


# --- the heartbeat --------------------------------------------------------------------------------


async def test_a_planted_stall_of_50_ms_is_seen(tmp_path):
    beating = asyncio.create_task(Heartbeat(tmp_path / "beats").beat())
    await asyncio.sleep(0.05)
    began = perf_counter()
    sleep(0.05)  # noqa: ASYNC251 - this is the stall
    ended = perf_counter()
    await asyncio.sleep(0.05)
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)
    late = Lateness.read(tmp_path / "beats")
    assert len(late.beats) >= 3
    assert late.during([(began, ended)]).most_ms >= 40


async def test_a_bot_carries_a_heartbeat_in_its_own_loop_and_a_control_beats_beside_it(tmp_path):
    extra = {"LOOPBACK_HEARTBEAT": str(tmp_path / "beats"), "LOOPBACK_SLOW": "0.01"}
    async with (
        LoopbackDiscord(deadline=30, patience=40) as discord,
        control(tmp_path / "idle") as idle,
        running(discord, data_dir=tmp_path / "bare", module=BARE_BOT, extra=extra) as bot,
    ):
        asked = await discord.slash("ping")
        first, still = await measured(bot.pid, tmp_path / "beats"), await measured(idle, tmp_path / "idle")
        assert first.during([(asked.sent, perf_counter())]).beats and still.beats
        assert len((await measured(bot.pid, tmp_path / "beats")).beats) > len(first.beats)
        assert any("CommandTree" in one.what for one in told(bot.log))
        assert await bot.stop() == 0


async def test_without_being_asked_a_bot_is_not_watched(tmp_path):
    async with (
        LoopbackDiscord(deadline=30, patience=40) as discord,
        running(discord, data_dir=tmp_path, module=BARE_BOT) as bot,
    ):
        await discord.slash("ping")
        assert MARK not in bot.log and [path.name for path in tmp_path.iterdir()] == ["bot.log"]


BEATS = Lateness((Beat(1.0, 0.001, 0.0), Beat(2.0, 0.050, 0.045), Beat(3.0, 0.020, 0.001), Beat(4.0, 0.002, 0.003)))


def test_lateness_is_summed_up_in_milliseconds():
    assert BEATS.cells() == ["4", "20.0", "50.0", "50.0", "50.0"]
    assert Lateness(()).cells() == ["0", "", "", "", ""]


def test_what_other_processes_caused_is_not_a_stall_of_its_own():
    assert [round(beat.late, 3) for beat in BEATS.own.beats] == [0.001, 0.005, 0.019, 0.0]
    assert [beat.due for beat in BEATS.worst(2)] == [3.0, 2.0]


@pytest.mark.parametrize(
    ("begin", "end", "dues"),
    [(0.0, 0.5, []), (2.04, 2.045, [2.0]), (2.06, 2.9, []), (0.9, 3.0, [1.0, 2.0, 3.0])],
)
def test_a_beat_counts_for_the_time_it_was_awaited(begin, end, dues):
    assert [beat.due for beat in BEATS.during([(begin, end)]).beats] == dues


# --- slow callbacks -------------------------------------------------------------------------------


async def test_a_slow_callback_is_named_with_its_task_and_where_it_stood():
    here = str(Path(__file__).parents[2])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LOOPS, env={"PYTHONPATH": here}, stderr=asyncio.subprocess.PIPE
    )
    _, log = await process.communicate()
    [slow] = [one for one in told(log.decode()) if "the one" in one.what]
    assert slow.what == "task the one: stalls" and slow.ms >= 50
    assert any("stalls" in place for place in slow.places)


def test_other_lines_of_a_log_tell_of_no_slow_callback():
    log = f'INFO started\n{MARK}{{"at": 1.0, "ms": 30.0, "cpu_ms": 5.0, "waited_ms": 20.0, "what": "x", "places": ["a"]}}\n'
    [slow] = told(log)
    assert slow == Slow(1.0, 30.0, 5.0, 20.0, "x", ("a",)) and slow.own_ms == 10.0
    assert slow.covers(1.02, 2.0) and slow.covers(0.0, 1.0) and not slow.covers(1.031, 2.0)


# --- packs, questions, answers --------------------------------------------------------------------


def pack(folder: Path) -> Path:
    folder.mkdir()
    (folder / "orders.csv").write_text(
        'id,low,high,note\nprobe-orders-1,24000,24000,"a, b"\nprobe-rate,0.35,,\nf-orders-1,24000,24000,\n'
    )
    (folder / "prices.csv").write_text("id,low,high\nprobe-price-1,215900,\n")
    (folder / "stores.csv").write_text("id,low,high\n")
    return folder


def test_a_raised_pack_differs_in_the_whole_numbers_that_are_asked_about(tmp_path):
    made = raised(pack(tmp_path / "a"), tmp_path / "b", 2)
    assert (made / "orders.csv").read_text().splitlines()[1:] == [
        'probe-orders-1,24002,24002,"a, b"',
        "probe-rate,0.35,,",
        "f-orders-1,24000,24000,",
    ]
    assert (made / "prices.csv").read_text() == "id,low,high\nprobe-price-1,215902,\n"


def test_a_pack_is_put_in_the_place_of_another(tmp_path):
    served, other = pack(tmp_path / "served"), pack(tmp_path / "other")
    (other / "orders.csv").write_text("id\n")
    put_in_place(other, served)
    assert (served / "orders.csv").read_text() == "id\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "served"]


@pytest.mark.parametrize("kind", [kind for kind in COMMANDS if kind.nth is not None], ids=lambda kind: kind.name)
def test_what_is_typed_anew_was_never_typed_before(kind):
    typed = [tuple(kind.nth(n).items()) for n in range(500)]
    assert len(set(typed)) == 500 and tuple(kind.usual.items()) not in typed


def answered(text: str, version: str | None = None) -> Asked:
    asked = Asked({"id": "1", "token": "t", "data": {}}, MEMBER, deadline=3, patience=3)
    button = {"type": 2, "custom_id": f"v1:working@{version}:/orders total launch:one", "label": "Show working"}
    asked.message = {"content": text, "components": [button] if version else [], "flags": 0}
    return asked


@pytest.mark.parametrize(
    ("text", "version", "is_wrong"),
    [
        ("24,000\nFacts to Apr 2024, updated <t:5:d>", "aaaaaaaa", False),
        ("24,001\nFacts to Apr 2024, updated <t:6:d>", "bbbbbbbb", False),
        ("24,001\nFacts to Apr 2024, updated <t:5:d>", "aaaaaaaa", True),
        ("something went wrong", None, True),
    ],
)
def test_an_answer_is_mixed_unless_it_says_what_its_version_says(text, version, is_wrong):
    sent = Sent(COMMANDS[0], {"launch": "probe-one"}, answered(text, version))
    assert version_of(sent.asked) == version
    assert is_mixed(sent, {"aaaaaaaa": 0, "bbbbbbbb": 1}, {sent.key: ["24,000\n", "24,001\n"]}) == is_wrong


# --- what is sent again, and tables ---------------------------------------------------------------


def message(*parts: Any) -> dict[str, Any]:
    row = {"type": 1, "components": [{"type": 2, "custom_id": "c", "label": "Chart"}]}
    return {"components": [{"type": 17, "components": list(parts)}, row]}


def test_a_card_is_taken_apart_to_be_sent_again():
    text, gallery = (
        {"type": 10, "content": "hello"},
        {"type": 12, "items": [{"media": {"url": "u"}, "description": "a line"}]},
    )
    assert card_of(message(text, {"type": 14}, text)) == {"texts": ["hello", "hello"], "buttons": [["c", "Chart"]]}
    assert picture_card_of(message(text, gallery, text)) == {"texts": ["hello", "hello"], "description": "a line"}


def test_a_table_is_markdown():
    assert table("Title", ("", "ms"), [["a", 1]]) == "\nTitle\n\n|  | ms |\n| --- | --- |\n| a | 1 |"
    assert ranged([3.0, 1.0, 2.0]) == "2.00 (1.00–3.00)"


async def test_a_world_that_forgot_is_asked_again(tmp_path):
    async with (
        LoopbackDiscord(deadline=30, patience=40) as discord,
        running(discord, data_dir=tmp_path, module=BARE_BOT),
    ):
        await discord.slash("ping")
        discord.forget()
        assert not discord.requests and not discord.rest.messages and not discord.rest.asked
        assert "Pong" in (await discord.slash("ping")).text
