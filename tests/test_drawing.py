"""What a chart must show, whatever figures and words it is given."""

import io
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.charts.chart_svg import Chart, Line, Point, draw

Image = pytest.importorskip("PIL.Image")
ImageChops = pytest.importorskip("PIL.ImageChops")
resvg_py = pytest.importorskip("resvg_py")
fonts = pytest.importorskip("pylopdf_fonts_zh_cn")

DAY = 86400.0
OPENING = 1711634400.0  # 2024-03-28 22:00 in Shanghai


def chart(*points: Point, **changes: object) -> Chart:
    whole = Chart("SU7", "date", "orders", "time", "points", (Line("locked", points),), "Xiaomi", 480)
    return replace(whole, **changes)


def picture(drawn: Chart):
    return Image.open(io.BytesIO(draw(drawn))).convert("RGB")


def differs(one: Chart, other: Chart) -> bool:
    a, b = picture(one), picture(other)
    return a.size != b.size or ImageChops.difference(a, b).getbbox() is not None


def glyph(character: str):
    """The title's first character, as the chart writes it."""
    return picture(chart(title=character)).crop((30, 20, 100, 90))


def test_a_chart_is_1200_wide_and_750_high():
    assert picture(chart(Point(OPENING, 1, 1), x_label="", source="")).size == (1200, 750)


def test_long_words_make_it_higher_and_never_wider():
    wide, high = picture(chart(Point(OPENING, 1, 1), title="A title that goes on " * 12, source="来源：小米汽车官方微博，" * 20)).size
    assert wide == 1200 and high > 1000


def test_equal_charts_give_equal_bytes():
    assert draw(chart(Point(OPENING, 100, 250), Point(OPENING + DAY, 300, None))) == draw(
        chart(Point(OPENING, 100, 250), Point(OPENING + DAY, 300, None))
    )


@pytest.mark.parametrize("shape", ["points", "steps"])
@pytest.mark.parametrize(
    ("point", "other"),
    [
        pytest.param(Point(OPENING, 50, 50), Point(OPENING, 50, None), id="exactly 50, at least 50"),
        pytest.param(Point(OPENING, 50, 50), Point(OPENING, None, 50), id="exactly 50, at most 50"),
        pytest.param(Point(OPENING, 50, None), Point(OPENING, None, 50), id="at least 50, at most 50"),
        pytest.param(Point(OPENING, 50, 80), Point(OPENING, 50, None), id="50 to 80, at least 50"),
        pytest.param(Point(OPENING, 50, 80), Point(OPENING, 50, 80, is_computed=True), id="stated, computed"),
        pytest.param(Point(OPENING, None, None), Point(OPENING, 50, 80), id="unknown, 50 to 80"),
    ],
)
def test_what_is_known_differently_is_drawn_differently(point, other, shape):
    """Beside fixed figures, so that the axes do not move."""
    lines = [(Line("a", (p,)), Line("b", (Point(OPENING - DAY, 0, 100, True), Point(OPENING - DAY, 50, None)))) for p in (point, other)]
    assert differs(chart(lines=lines[0], shape=shape), chart(lines=lines[1], shape=shape))


def test_a_level_whose_end_is_unknown_is_not_drawn_as_one_that_ends():
    assert differs(
        chart(Point(OPENING, 215900, 215900, x_until=OPENING + DAY), shape="steps"), chart(Point(OPENING, 215900, 215900), shape="steps")
    )


def test_chinese_characters_are_glyphs_not_boxes():
    box_svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="750"><rect width="1200" height="750" fill="#2b2d31"/>'
        '<text x="40" y="72" font-size="46" font-family="Noto Sans SC" fill="#fff" stroke="#fff" stroke-width="1.4">\u0e01</text></svg>'
    )
    png = resvg_py.svg_to_bytes(svg_string=box_svg, font_files=[str(fonts.sans_path())], skip_system_fonts=True)
    box = Image.open(io.BytesIO(png)).convert("RGB").crop((30, 20, 100, 90))
    assert box.getcolors() is None or len(box.getcolors()) > 1
    shown = [box.tobytes(), *(glyph(character).tobytes() for character in "小米锁单")]
    assert len(set(shown)) == 5


def test_letters_the_font_lacks_become_question_marks_and_emoji_go():
    assert glyph("\u0e01").tobytes() == glyph("?").tobytes()
    assert not differs(chart(title="SU7 🚗"), chart(title="SU7"))


def test_markup_and_control_characters_in_words_are_only_words():
    assert differs(chart(title="<b>&amp;</b>"), chart(title="&"))
    assert not differs(chart(title="a\x00\u202eb"), chart(title="ab"))


@pytest.mark.parametrize("shape", ["points", "steps"])
@pytest.mark.parametrize(
    "points",
    [
        pytest.param((), id="none"),
        pytest.param((Point(OPENING, 0, 0),), id="a single zero"),
        pytest.param((Point(OPENING, 1, 1), Point(OPENING, 2, 2)), id="the same moment twice"),
        pytest.param((Point(OPENING, None, None), Point(OPENING + 1, None, None)), id="all unknown"),
        pytest.param((Point(OPENING, 1e12, 2e12), Point(OPENING, 1e-12, None)), id="huge and tiny"),
        pytest.param(tuple(Point(OPENING + day * DAY, day, day + 9) for day in range(500)), id="five hundred"),
    ],
)
def test_any_number_of_figures_can_be_drawn(points, shape):
    assert picture(chart(*points, shape=shape)).width == 1200


bounds = st.none() | st.floats() | st.sampled_from([0.0, 88898.0, 1e12])
points = st.builds(Point, st.floats() | st.floats(0, 2e9), bounds, bounds, st.booleans(), st.none() | st.floats() | st.floats(0, 2e9))
words = st.text(max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Chart,
        title=words,
        x_label=words,
        y_label=words,
        x_kind=st.sampled_from(["time", "hours"]),
        shape=st.sampled_from(["points", "steps"]),
        lines=st.lists(st.builds(Line, words, st.lists(points, max_size=5).map(tuple)), max_size=3).map(tuple),
        source=words,
        utc_offset_minutes=st.integers(),
    )
)
def test_no_chart_raises(drawn):
    assert draw(drawn).startswith(b"\x89PNG")


def test_making_a_chart_imports_neither_discord_nor_the_renderer():
    code = "import sys, bot.charts.chart_svg; print(sorted({'discord', 'resvg_py', 'pylopdf_fonts_zh_cn'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
