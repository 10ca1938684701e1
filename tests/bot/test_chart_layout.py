"""What a chart must say, whatever figures and words it is given: read back from its shapes as a person reads it."""

import io
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.charts.picture.chart import Chart, ChartTexts, Line, Point
from bot.charts.picture.page import draw, picture_of
from bot.charts.picture.shapes import Area, Disc, Stroke, Text
from bot.charts.picture.style import COLOURS, GRID, PAPER, SMALL, SOFT, TITLE
from bot.charts.picture.text import has_glyph
from salesbot.words import words_for

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("aggdraw")
pytest.importorskip("pylopdf_fonts_zh_cn")

HOUR, DAY = 3600.0, 86400.0
MIDNIGHT = 1711584000.0  # 2024-03-28 00:00 UTC
WORDS = ChartTexts(**words_for().chart_texts())
BLUE = COLOURS[0]


def chart(*points: Point, **changes: object) -> Chart:
    whole = Chart("SU7", "date", "orders", "time", "points", (Line("locked", points),), "Sources: Xiaomi", WORDS)
    return whole._replace(**changes)


class Shown:
    """A drawn chart: its texts, and its marks measured against the ticks that it shows itself."""

    def __init__(self, drawn: Chart) -> None:
        self.chart, whole = drawn, picture_of(drawn)
        self.height, self.shapes = whole.height, whole.shapes
        self.written = self._all(Text)
        self.texts = [text.words for text in self.written]
        self.key = next((text for text in self.texts if text.startswith(("bar:", "band:", "arrow:", "hollow:"))), "")
        self.key = self.key or next((text for text in self.texts if text.startswith("dashed:")), "")

    def _all(self, kind: type, colour: str | None = None) -> list:
        return [shape for shape in self.shapes if isinstance(shape, kind) and colour in (None, shape.colour)]

    def lines_across(self) -> list[float]:
        """The height in pixels of each grid line, from the lowest up."""
        return [stroke.start[1] for stroke in self._all(Stroke, GRID)]

    def value_at(self, y: float) -> float:
        """The value at a height, by the first and last label of the upright axis, to three digits."""
        labels = [text.words for text in self.written if text.anchor == "end"]
        low, high = (float(label.replace(",", "")) for label in (labels[0], labels[-1]))
        bottom, *_, top = self.lines_across()
        return float(f"{low + (y - bottom) / (top - bottom) * (high - low):.3g}")

    def tick_at(self, label: str) -> float:
        """Where the tick of a label stands on the axis across, in pixels."""
        at = next(text.x for text in self.written if text.anchor == "middle" and text.words == label)
        ticks = [stroke.start[0] for stroke in self._all(Stroke, SOFT) if stroke.start[0] == stroke.end[0]]
        return min(ticks, key=lambda tick: abs(tick - at))

    def marks(self) -> list[tuple[float, tuple[float, ...], bool]]:
        """Each marker in the first colour, which is a circle: where, its known bounds, and whether it is hollow.

        Of a marker the larger discs are its outline, and the smaller ones after them its inside.
        """
        found, discs = [], [disc for disc in self._all(Disc) if disc.colour in (BLUE, PAPER)]
        while discs:
            outline = discs.pop(0)
            count = 2 if discs[0].radius == outline.radius else 1
            del discs[: count - 1]
            inside, discs = discs[:count], discs[count:]
            assert {disc.radius < outline.radius for disc in inside} == {True}
            bounds = tuple(sorted(self.value_at(disc.centre[1]) for disc in inside))
            is_hollow = (outline.colour, inside[0].colour) == (BLUE, PAPER)
            found.append((inside[0].centre[0], bounds, is_hollow))
        return found

    def arrow_heads(self) -> list[tuple[float, str]]:
        """Each arrow head in the first colour: where, and which way it points."""
        heads = []
        for area in self._all(Area, BLUE):
            if len(area.corners) == 3 and area.opacity == 1:
                (x, tip), (_, neck), _ = area.corners
                heads.append((x, "up" if tip < neck else "down"))
        return heads

    def levels(self) -> list[tuple[float, float, float]]:
        """Each stretch of a level in the first colour: from where to where, and its value."""
        flat = [s for s in self._all(Stroke, BLUE) if s.start[1] == s.end[1]]
        return [(s.start[0], s.end[0], self.value_at(s.start[1])) for s in flat]


def picture(drawn: Chart):
    return Image.open(io.BytesIO(draw(drawn))).convert("RGB")


def test_a_chart_is_1200_wide_and_750_high_in_shapes_and_as_picture():
    small = chart(Point(MIDNIGHT, 1, 1), x_label="", source="")
    drawn = Shown(small)
    assert drawn.height == 750
    assert picture(small).size == (1200, 750)


def test_long_words_make_it_higher_and_never_wider_and_are_all_written():
    title, source = ("A title that goes on " * 12).strip(), "来源：小米汽车官方微博，" * 9
    drawn = Shown(chart(Point(MIDNIGHT, 1, 1), title=title, source=source))
    assert drawn.height > 1000
    assert picture(drawn.chart).size == (1200, drawn.height)
    assert " ".join(words_of_size(drawn, TITLE)) == title
    assert "".join(words_of_size(drawn, SMALL)).endswith(source)


def words_of_size(drawn: Shown, size: int) -> list[str]:
    return [text.words for text in drawn.written if text.size == size]


def test_words_too_many_for_their_rows_end_in_an_ellipsis():
    rows = words_of_size(Shown(chart(Point(MIDNIGHT, 1, 1), title="A title that goes on " * 60)), TITLE)
    assert len(rows) == 8
    assert rows[-1].endswith("…")


def test_a_chart_names_its_title_its_axes_its_figures_and_its_sources():
    texts = Shown(chart(Point(MIDNIGHT, 100, 250), title="SU7, 24 h", y_label="locked orders")).texts
    assert texts[0] == "SU7, 24 h"
    assert {"locked orders", "date", "0", "28 Mar", "2024", "Sources: Xiaomi"} <= set(texts)


def test_equal_charts_give_equal_bytes():
    assert draw(chart(Point(MIDNIGHT, 100, 250), Point(MIDNIGHT + DAY, 300, None))) == draw(
        chart(Point(MIDNIGHT, 100, 250), Point(MIDNIGHT + DAY, 300, None))
    )


@pytest.mark.parametrize("shape", ["points", "steps"])
@pytest.mark.parametrize(
    ("point", "bounds", "is_hollow", "arrows", "signs"),
    [
        pytest.param(Point(12, 50, 50), (50,), False, [], [], id="exactly 50"),
        pytest.param(Point(12, 50, None), (50,), False, ["up"], ["arrow"], id="at least 50"),
        pytest.param(Point(12, None, 50), (50,), False, ["down"], ["arrow"], id="at most 50"),
        pytest.param(Point(12, 50, 80), (50, 80), False, [], ["range"], id="50 to 80"),
        pytest.param(Point(12, 50, 80, is_computed=True), (50, 80), True, [], ["range", "hollow"], id="computed"),
        pytest.param(Point(12, None, None), None, False, ["down", "up"], ["arrow"], id="unknown"),
    ],
)
def test_a_figure_says_how_much_of_it_is_known(shape, point, bounds, is_hollow, arrows, signs):
    until = point._replace(x_until=36.0)
    fixed = (Point(0, 0, 0, x_until=1.0), Point(48, 100, 100, x_until=49.0))
    drawn = Shown(chart(fixed[0], until, fixed[1], x_kind="hours", shape=shape))
    at = drawn.tick_at("12 h")
    figures = [(known, hollow) for x, known, hollow in drawn.marks() if abs(x - at) < 1]
    assert figures == ([] if bounds is None else [(bounds, is_hollow)])
    assert [direction for _, direction in drawn.arrow_heads()] == arrows
    words = {"arrow": "arrow: at least (or at most) that many", "hollow": "hollow: computed"}
    words["range"] = "bar: range" if shape == "points" else "band: range"
    assert drawn.key == "; ".join(words[sign] for sign in ("range", "arrow", "hollow") if sign in signs)


def test_figures_stand_where_the_axes_say():
    points = (Point(0, 0, 0), Point(24, 25000, 75000), Point(72, 100000, 100000), Point(96, 120000, 120000))
    drawn = Shown(chart(*points, x_kind="hours"))
    assert [known for _, known, _ in drawn.marks()] == [(0,), (25000, 75000), (100000,), (120000,)]
    ticks = [drawn.tick_at(label) for label in ("0", "24 h", "72 h", "96 h")]
    assert [x for x, _, _ in drawn.marks()] == pytest.approx(ticks, abs=0.2)


def test_days_stand_where_the_axis_says():
    drawn = Shown(chart(*(Point(MIDNIGHT + day * DAY, day, day) for day in range(6))))
    ticks = [drawn.tick_at(label) for label in ("28 Mar", "30 Mar", "1 Apr")]
    marks = [x for x, _, _ in drawn.marks()]
    assert [marks[0], marks[2], marks[4]] == pytest.approx(ticks, abs=0.2)


def test_a_level_ends_where_its_end_is_known():
    drawn = Shown(chart(Point(24, 216000, 216000, x_until=72), x_kind="hours", shape="steps"))
    assert drawn.levels() == [
        (pytest.approx(drawn.tick_at("24 h"), abs=0.2), pytest.approx(drawn.tick_at("72 h"), abs=0.2), 216000)
    ]
    assert drawn.key == ""


def test_a_level_whose_end_is_unknown_fades_out_and_the_chart_says_so():
    drawn = Shown(chart(Point(24, 216000, 216000), Point(0, 200000, 200000, x_until=24), x_kind="hours", shape="steps"))
    fading = [level for level in drawn.levels() if level[2] == 216000]
    assert len(fading) > 1
    assert drawn.key == "dashed: end unknown"


def test_an_axis_that_does_not_begin_at_0_says_so():
    steps = chart(
        Point(MIDNIGHT, 259900, 259900), Point(MIDNIGHT + DAY, 249900, 249900), shape="steps", y_label="price, CNY"
    )
    drawn = Shown(steps)
    lowest = next(text.words for text in drawn.written if text.anchor == "end")
    assert lowest != "0"
    assert f"price, CNY (axis starts at {lowest}, not 0)" in drawn.texts


def test_a_chart_of_several_lines_names_each_beside_its_own_marker():
    lines = tuple(Line(name, (Point(MIDNIGHT, 10, 10),)) for name in ("SU7", "YU7", "小米SU7 Ultra"))
    drawn = Shown(chart(lines=lines))
    assert {"SU7", "YU7", "小米SU7 Ultra"} <= set(drawn.texts)
    many = Shown(chart(lines=tuple(Line(f"line {n}", (Point(MIDNIGHT, n, n),)) for n in range(15))))
    assert "line 11" in many.texts
    assert "line 12" not in many.texts
    assert "and 3 more" in many.texts


def test_chinese_characters_are_glyphs_not_boxes():
    assert [has_glyph(character) for character in "小米锁单é1, \u0e01\U0001f697"] == [True] * 8 + [False] * 2
    title = chart(title="小米锁单")
    assert Shown(title).texts[0] == "小米锁单"
    cells = [(40 + TITLE * n, 34, 40 + TITLE * (n + 1), 84) for n in range(5)]
    inked = [len(picture(title).crop(cell).getcolors(10_000)) > 1 for cell in cells]
    assert inked == [True] * 4 + [False]


def test_letters_the_font_lacks_lose_their_accent_or_become_question_marks_and_emoji_go():
    assert Shown(chart(title="Škoda, Łódź, é")).texts[0] == "Skoda, ?ódz, é"
    assert Shown(chart(title="\u0e01 SU7")).texts[0] == "? SU7"
    assert Shown(chart(title="SU7 🚗")).texts[0] == "SU7"


def test_markup_and_control_characters_in_words_are_only_words():
    assert Shown(chart(title="<b>&amp;</b>")).texts[0] == "<b>&amp;</b>"
    assert Shown(chart(title="a\x00\u202eb")).texts[0] == "ab"


@pytest.mark.parametrize("shape", ["points", "steps"])
@pytest.mark.parametrize(
    ("points", "known"),
    [
        pytest.param((), [], id="none"),
        pytest.param((Point(MIDNIGHT, 0, 0),), [1], id="a single zero"),
        pytest.param((Point(MIDNIGHT, 1, 1), Point(MIDNIGHT, 2, 2)), [1, 1], id="the same moment twice"),
        pytest.param((Point(MIDNIGHT, None, None), Point(MIDNIGHT + 1, None, None)), [], id="all unknown"),
        pytest.param((Point(MIDNIGHT, 1e12, 2e12), Point(MIDNIGHT, 1e-12, None)), [2, 1], id="huge and tiny"),
        pytest.param(tuple(Point(MIDNIGHT + n * DAY, n, n + 9) for n in range(500)), [2] * 500, id="five hundred"),
    ],
)
def test_any_number_of_figures_can_be_drawn(points, known, shape, monkeypatch):
    monkeypatch.setattr(Shown, "value_at", lambda self, y: y)  # not every label is a plain number here
    drawn = Shown(chart(*points, shape=shape))
    assert [len(bounds) for _, bounds, _ in drawn.marks()] == known
    assert all(0 <= y <= drawn.height for _, bounds, _ in drawn.marks() for y in bounds)
    assert ("no figures to draw" in drawn.texts) == (not points)
    assert picture(chart(*points, shape=shape)).width == 1200


bounds = st.none() | st.floats() | st.sampled_from([0.0, 88898.0, 1e12])
points = st.builds(
    Point, st.floats() | st.floats(0, 2e9), bounds, bounds, st.booleans(), st.none() | st.floats() | st.floats(0, 2e9)
)
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
        texts=st.just(WORDS),
    )
)
def test_no_chart_raises(drawn):
    assert draw(drawn).startswith(b"\x89PNG")


def test_making_a_chart_imports_neither_discord_nor_the_renderer():
    code = (
        "import sys, bot.charts.picture.page;"
        "print(sorted({'aggdraw', 'discord', 'msgspec', 'PIL', 'pylopdf_fonts_zh_cn'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
