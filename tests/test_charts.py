"""Which figures of an answer stand on its chart."""

import pytest

from bot.charts.chart_cache import Charts, has_chart
from bot.charts.chart_data import alt_text, chart_of
from salesbot.words import words_for


@pytest.mark.parametrize(
    "line", ["/orders progress launch:su7 at:1h", "/orders compare launches:su7,yu7 within:1h", "/prices history model:model-y"]
)
def test_what_has_a_course_has_a_chart(seeds, seed_store, line):
    answer = seeds(line)
    assert has_chart(answer)
    chart = chart_of(answer, seed_store)
    assert chart.lines
    assert chart.y_label
    assert "Sources:" in chart.source


@pytest.mark.parametrize("line", ["/orders total launch:su7", "/timeline when what:su7-launch", "/orders progress launch:model-3"])
def test_what_has_none_has_no_chart(seeds, line):
    assert not has_chart(seeds(line))


def test_a_range_stays_a_range_and_an_open_bound_open(seeds, seed_store):
    (line,) = chart_of(seeds("/orders progress launch:su7 at:1h"), seed_store).lines
    points = {(point.x, point.low, point.high, point.is_computed) for point in line.points}
    assert (1.0, 50000.0, 88898.0, True) in points
    assert (24.0, 88898.0, 88898.0, False) in points
    assert any(low == 100000.0 and high is None for _, low, high, _ in points)


def test_one_axis_holds_one_currency(seeds, seed_store):
    chart = chart_of(seeds('/prices history model:"Model 3"'), seed_store)
    assert chart.y_label == "price, CNY (not drawn: USD)"
    assert [line.label for line in chart.lines] == ["Model 3 RWD", "Model 3 Long Range AWD"][: len(chart.lines)]


def test_the_alt_text_says_what_the_chart_shows(seeds):
    text = alt_text(words_for().say(seeds("/orders progress launch:su7 at:1h")))
    assert "between 50,000 and 88,898" in text
    assert len(text) <= 1000


async def test_a_chart_is_drawn_once_for_each_snapshot_and_question(seeds, seed_store):
    class Counting:
        calls = 0

        async def run(self, work, *arguments):
            self.calls += 1
            return b"png"

    workers = Counting()
    charts = Charts(workers)
    chart = chart_of(seeds("/orders progress launch:su7"), seed_store)
    for _ in range(3):
        assert await charts.png("su7", chart) == b"png"
    assert workers.calls == 1
