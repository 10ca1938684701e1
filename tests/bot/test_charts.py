"""Which figures of an answer stand on its chart, and what the text beside it says."""

import asyncio
import logging
import sys
from datetime import UTC, datetime
from unittest.mock import Mock

import discord
import pytest

from bot.charts.chart_cache import ChartCache, has_chart
from bot.charts.chart_data import chart_of
from bot.charts.picture.chart import Chart, ChartTexts, Line, Point
from bot.charts.picture.jobs import draw, prepare
from bot.questions.cards import LONGEST_ALT, alt_text
from salesbot.errors import QuestionError
from salesbot.serving.child_processes import WarmProcess
from salesbot.words import words_for
from tests.discord_world import buttons, file_of

WORDS = words_for()


@pytest.mark.parametrize(
    ("line", "title", "across", "up", "names"),
    [
        ("/orders progress launch:su7 at:1h", "SU7", "time since orders opened", "orders", ["SU7"]),
        (
            "/orders compare launches:su7,yu7 within:1h",
            "SU7, YU7",
            "time since orders opened",
            "orders",
            ["SU7", "YU7"],
        ),
        (
            "/prices history model:model-y",
            "Model Y",
            "",
            "price, CNY",
            ["Model Y RWD", "Model Y Long Range AWD", "Model Y Performance"],
        ),
    ],
)
def test_what_has_a_course_has_a_chart_that_says_what_it_shows(seeds, seed_snapshot, line, title, across, up, names):
    answer = seeds(line)
    assert has_chart(answer)
    chart = chart_of(answer, seed_snapshot, WORDS)
    assert chart.title == title
    assert (chart.x_label, chart.y_label) == (across, up)
    assert [line.label for line in chart.lines] == names
    assert all(line.points for line in chart.lines)
    assert chart.source.startswith("Sources: ")
    assert answer.sources[0].publisher in chart.source


@pytest.mark.parametrize(
    "line", ["/orders total launch:su7", "/timeline when what:su7-launch", "/orders progress launch:model-3"]
)
def test_what_has_none_has_no_chart(seeds, line):
    assert not has_chart(seeds(line))


def test_a_range_stays_a_range_and_an_open_bound_open(seeds, seed_snapshot):
    (line,) = chart_of(seeds("/orders progress launch:su7 at:1h"), seed_snapshot, WORDS).lines
    points = {(point.x, point.low, point.high, point.is_computed) for point in line.points}
    assert (1.0, 50000.0, 88898.0, True) in points
    assert (24.0, 88898.0, 88898.0, False) in points
    assert any(low == 100000.0 and high is None for _, low, high, _ in points)


def test_a_price_holds_from_its_first_day_to_the_next_and_the_last_one_is_open(seeds, seed_snapshot):
    chart = chart_of(seeds("/prices history model:model-y trim:RWD"), seed_snapshot, WORDS)
    (line,) = chart.lines
    days = [(day_of(point.x), day_of(point.x_until), point.low, point.high) for point in line.points]
    assert days == [
        ("2023-11-14", "2024-01-12", 266400.0, 266400.0),
        ("2024-01-12", "2024-04-01", 258900.0, 258900.0),
        ("2024-04-01", "2024-04-21", 263900.0, 263900.0),
        ("2024-04-21", None, 249900.0, 249900.0),
    ]


def day_of(seconds):
    return None if seconds is None else str(datetime.fromtimestamp(seconds, UTC).date())


def test_one_axis_holds_one_currency(seeds, seed_snapshot):
    answer = seeds('/prices history model:"Model 3"')
    units = {figure.quantity.unit for figure in answer.figures if figure.role == "level"}
    assert units == {"CNY", "USD"}
    chart = chart_of(answer, seed_snapshot, WORDS)
    assert chart.y_label == "price, CNY (not drawn: USD)"
    assert [line.label for line in chart.lines] == ["Model 3 RWD"]
    assert [point.low for point in chart.lines[0].points] == [259900.0, 261400.0, 245900.0, 231900.0]


def test_the_alt_text_says_what_the_chart_shows(seeds, seed_snapshot):
    answer = seeds("/orders progress launch:su7 at:1h")
    text = alt_text(WORDS.headline(answer), WORDS.figure_lines(answer))
    assert text.startswith(WORDS.headline(answer))
    for part in ("between 50,000 and 88,898", "at least 10,000 orders", "88,898 orders said by Xiaomi"):
        assert part in text


def test_an_alt_text_too_long_for_discord_ends_in_an_ellipsis(seeds):
    answer = seeds("/prices history model:model-y")
    text = alt_text(WORDS.headline(answer), WORDS.figure_lines(answer))
    assert len(text) == LONGEST_ALT == 1000
    assert text.endswith("…")


async def test_a_chart_is_drawn_once_for_each_snapshot_and_question(seeds, seed_snapshot):
    class Counting:
        calls = 0

        async def run(self, work, *arguments):
            self.calls += 1
            return b"png %d" % self.calls * 10_000  # as large as a real one

    process = Counting()
    charts = ChartCache(process)
    chart = chart_of(seeds("/orders progress launch:su7"), seed_snapshot, WORDS)
    assert charts.get("su7") is None
    for _ in range(3):
        assert await charts.draw("su7", chart) == b"png 1" * 10_000
    assert charts.get("su7") == b"png 1" * 10_000
    assert await charts.draw("yu7", chart) == b"png 2" * 10_000


async def test_the_process_is_started_once_and_only_when_a_chart_can_be_asked_for(place, monkeypatch):
    started = []

    async def run(work, *arguments):
        started.append(work.__name__)
        return b"png"

    monkeypatch.setattr(place.bot.services.warm_process, "run", run)
    await place.member.slash(place.channel, "prices show", model="SU7")
    await asyncio.sleep(0)
    assert started == []
    for at in ("1h", "2h"):
        await place.member.slash(place.channel, "orders progress", launch="su7", at=at)
    await asyncio.sleep(0)
    assert started == ["prepare"]


async def test_a_process_that_does_not_start_is_logged(caplog):
    class Broken:
        async def run(self, work):
            raise QuestionError("child_limit")

    charts = ChartCache(Broken())
    charts.expect()
    await charts._preparing
    assert "the process that draws charts did not start" in caplog.text


async def test_a_bot_that_ends_while_the_process_starts_says_nothing_of_it(caplog):
    process = WarmProcess()
    charts = ChartCache(process)
    charts.expect()
    await asyncio.sleep(0.01)
    charts.close()
    process.close()
    with pytest.raises(asyncio.CancelledError):
        await charts._preparing
    assert caplog.text == ""


async def test_after_preparing_the_first_picture_imports_nothing_more():
    process = WarmProcess()
    try:
        await process.run(prepare)
        before = set(await process.run(modules))
        assert (await process.run(draw, a_chart())).startswith(b"\x89PNG")
        assert set(await process.run(modules)) == before
    finally:
        process.close()


def modules():
    return sorted(sys.modules)


def a_chart():
    texts = ChartTexts(**WORDS.chart_texts())
    return Chart("SU7", "", "", "time", "points", (Line("SU7", (Point(0, 1, 2, label="1–2"),)),), "", texts)


async def test_a_chart_comes_with_the_answer_where_it_says_more(place):
    shown = await place.member.slash(place.channel, "orders progress", launch="su7")
    again = await place.member.slash(place.channel, "orders progress", launch="su7")
    for result in (shown, again):
        message = place.env.backend.get_message(result.response.channel_id, result.response.id)
        (gallery,) = [part for part in message.components[0]["components"] if part["type"] == 12]
        assert "at least 100,000 orders" in gallery["items"][0]["description"]
        assert "'Chart'" not in str(message.components)
    assert len([body for body in place.sent() if "components" in body]) == 3  # drawn once, then there at once


async def test_an_answer_stays_where_its_chart_cannot_be_drawn(place, monkeypatch, caplog):
    async def fails(*_):
        raise RuntimeError("no picture")

    monkeypatch.setattr(place.bot.services.charts, "draw", fails)
    shown = await place.member.slash(place.channel, "orders progress", launch="su7")
    message = place.env.backend.get_message(shown.response.channel_id, shown.response.id)
    assert "at least 100,000" in str(message.components)
    assert "went wrong" not in str(message.components)
    assert "a chart was not drawn, or not taken by Discord" in caplog.text
    assert "'Chart'" in str(message.components)


async def test_an_answer_that_was_deleted_before_its_chart_came_is_no_fault(place, monkeypatch, caplog):
    async def is_gone(*_, **named):
        raise discord.NotFound(Mock(status=404, reason="Not Found"), {"code": 10008, "message": "Unknown Message"})

    monkeypatch.setattr(discord.Interaction, "edit_original_response", is_gone)
    with caplog.at_level(logging.INFO):
        shown = await place.member.slash(place.channel, "orders progress", launch="su7")
    assert "at least 100,000" in str(shown.response.components)
    assert "an answer was deleted before its chart came" in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert not [body for body in place.sent() if "went wrong" in str(body)]


async def test_pictures_that_nobody_asked_for_do_not_queue(seeds, seed_snapshot):
    """A server has one under way and all have four; a press of the button is drawn whatever waits."""
    started, go = [], asyncio.Event()

    class Slow:
        async def run(self, work, chart):
            started.append(chart)
            await go.wait()
            return b"png"

    charts = ChartCache(Slow())
    chart = chart_of(seeds("/orders progress launch:su7"), seed_snapshot, WORDS)
    assert charts.has_room("one")
    drawing = [asyncio.create_task(charts.draw_unasked("one", "a", chart))]
    await asyncio.sleep(0)
    assert not charts.has_room("one")
    assert charts.has_room("two")
    drawing += [asyncio.create_task(charts.draw_unasked(scope, scope, chart)) for scope in ("two", "three", "four")]
    await asyncio.sleep(0)
    assert not charts.has_room("five")
    drawing.append(asyncio.create_task(charts.draw("pressed", chart)))
    await asyncio.sleep(0)
    assert len(started) == 5
    go.set()
    assert await asyncio.gather(*drawing) == [b"png"] * 5
    assert charts.has_room("one")


async def test_the_chart_of_an_answer_comes_as_a_picture_with_its_alt_text(place):
    shown = await place.member.slash(place.channel, "orders progress", launch="su7", at="1h")
    drawn = await place.member.click(shown.response.message, custom_id=buttons(shown.response)["Chart"])
    assert drawn.ephemeral
    assert (await file_of(drawn)).startswith(b"\x89PNG")
    (gallery,) = [part for part in drawn.response.components[0]["components"] if part["type"] == 12]
    (item,) = gallery["items"]
    assert item["media"]["url"].endswith("chart.png")
    assert "between 50,000 and 88,898 orders" in item["description"]
