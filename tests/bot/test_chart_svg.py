"""What a chart must say, whatever figures and words it is given: read back from the drawing as a person reads it."""

import io
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.charts.svg.chart import Chart, ChartTexts, Line, Point
from bot.charts.svg.page import draw, svg
from bot.charts.svg.style import COLOURS, GRID, PAPER, SMALL, SOFT, TITLE
from bot.charts.svg.text import font
from salesbot.words import words_for

Image = pytest.importorskip("PIL.Image")
pytest.importorskip("resvg_py")
pytest.importorskip("pylopdf_fonts_zh_cn")

HOUR, DAY = 3600.0, 86400.0
MIDNIGHT = 1711584000.0  # 2024-03-28 00:00 UTC
WORDS = ChartTexts(**words_for().chart_texts())
BLUE = COLOURS[0]


def chart(*points: Point, **changes: object) -> Chart:
    whole = Chart("SU7", "date", "orders", "time", "points", (Line("locked", points),), "Sources: Xiaomi", WORDS)
    return replace(whole, **changes)


class Drawing:
    """A drawn chart: its texts, and its marks measured against the ticks that it shows itself."""

    def __init__(self, drawn: Chart) -> None:
        self.root = ElementTree.fromstring(svg(drawn))
        self.width, self.height = float(self.root.get("width")), float(self.root.get("height"))
        self.written = [(float(e.get("x")), float(e.get("y")), e.get("text-anchor"), e) for e in self._all("text")]
        self.texts = [element.text for *_, element in self.written]
        self.key = next((text for text in self.texts if text.startswith(("bar:", "band:", "arrow:", "hollow:"))), "")
        self.key = self.key or next((text for text in self.texts if text.startswith("dashed:")), "")

    def _all(self, tag: str, under: ElementTree.Element | None = None) -> list[ElementTree.Element]:
        return list((self.root if under is None else under).iter(f"{{http://www.w3.org/2000/svg}}{tag}"))

    def lines_across(self) -> list[float]:
        """The height in pixels of each grid line, from the lowest up."""
        return [corners(e)[0][1] for e in self._all("polyline") if e.get("stroke") == GRID]

    def value_at(self, y: float) -> float:
        """The value at a height, by the first and last label of the upright axis, to three digits."""
        labels = [element.text for *_, anchor, element in self.written if anchor == "end"]
        low, high = (float(label.replace(",", "")) for label in (labels[0], labels[-1]))
        bottom, *_, top = self.lines_across()
        return float(f"{low + (y - bottom) / (top - bottom) * (high - low):.3g}")

    def tick_at(self, label: str) -> float:
        """Where the tick of a label stands on the axis across, in pixels."""
        at = next(x for x, _, anchor, element in self.written if anchor == "middle" and element.text == label)
        ticks = [
            c[0][0] for e in self._all("polyline") if e.get("stroke") == SOFT and (c := corners(e))[0][0] == c[1][0]
        ]
        return min(ticks, key=lambda tick: abs(tick - at))

    def marks(self) -> list[tuple[float, tuple[float, ...], bool]]:
        """Each marker in the first colour, which is a circle: where, its known bounds, and whether it is hollow."""
        groups = [e for e in self._all("g") if e.get("fill") in (BLUE, PAPER) and not e.get("stroke")]
        outlines = [e for e in self._all("g") if e.get("stroke")]
        found = []
        for outline, inside in zip(outlines, groups, strict=True):
            circles = self._all("circle", inside)
            if circles:
                bounds = tuple(sorted(self.value_at(float(circle.get("cy"))) for circle in circles))
                is_hollow = (outline.get("stroke"), inside.get("fill")) == (BLUE, PAPER)
                found.append((float(circles[0].get("cx")), bounds, is_hollow))
        return found

    def arrow_heads(self) -> list[tuple[float, str]]:
        """Each arrow head in the first colour: where, and which way it points."""
        heads = []
        for element in self._all("polygon"):
            points = corners(element)
            if len(points) == 3 and element.get("fill") == BLUE and element.get("fill-opacity") is None:
                (x, tip), (_, neck), _ = points
                heads.append((x, "up" if tip < neck else "down"))
        return heads

    def levels(self) -> list[tuple[float, float, float]]:
        """Each stretch of a level in the first colour: from where to where, and its value."""
        flat = [corners(e) for e in self._all("polyline") if e.get("stroke") == BLUE]
        return [(a[0], b[0], self.value_at(a[1])) for a, b in flat if a[1] == b[1]]


def corners(element: ElementTree.Element) -> list[tuple[float, float]]:
    return [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]


def picture(drawn: Chart):
    return Image.open(io.BytesIO(draw(drawn))).convert("RGB")


def test_a_chart_is_1200_wide_and_750_high_as_drawing_and_as_picture():
    small = chart(Point(MIDNIGHT, 1, 1), x_label="", source="")
    drawn = Drawing(small)
    assert (drawn.width, drawn.height) == (1200, 750)
    assert picture(small).size == (1200, 750)


def test_long_words_make_it_higher_and_never_wider_and_are_all_written():
    title, source = ("A title that goes on " * 12).strip(), "来源：小米汽车官方微博，" * 9
    drawn = Drawing(chart(Point(MIDNIGHT, 1, 1), title=title, source=source))
    assert drawn.width == 1200
    assert drawn.height > 1000
    assert " ".join(words_of_size(drawn, TITLE)) == title
    assert "".join(words_of_size(drawn, SMALL)).endswith(source)


def words_of_size(drawn: Drawing, size: int) -> list[str]:
    return [element.text for *_, element in drawn.written if element.get("font-size") == str(size)]


def test_words_too_many_for_their_rows_end_in_an_ellipsis():
    rows = words_of_size(Drawing(chart(Point(MIDNIGHT, 1, 1), title="A title that goes on " * 60)), TITLE)
    assert len(rows) == 8
    assert rows[-1].endswith("…")


def test_a_chart_names_its_title_its_axes_its_figures_and_its_sources():
    texts = Drawing(chart(Point(MIDNIGHT, 100, 250), title="SU7, 24 h", y_label="locked orders")).texts
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
    until = replace(point, x_until=36.0)
    fixed = (Point(0, 0, 0, x_until=1.0), Point(48, 100, 100, x_until=49.0))
    drawn = Drawing(chart(fixed[0], until, fixed[1], x_kind="hours", shape=shape))
    at = drawn.tick_at("12 h")
    figures = [(known, hollow) for x, known, hollow in drawn.marks() if abs(x - at) < 1]
    assert figures == ([] if bounds is None else [(bounds, is_hollow)])
    assert [direction for _, direction in drawn.arrow_heads()] == arrows
    words = {"arrow": "arrow: at least (or at most) that many", "hollow": "hollow: computed"}
    words["range"] = "bar: range" if shape == "points" else "band: range"
    assert drawn.key == "; ".join(words[sign] for sign in ("range", "arrow", "hollow") if sign in signs)


def test_figures_stand_where_the_axes_say():
    points = (Point(0, 0, 0), Point(24, 25000, 75000), Point(72, 100000, 100000), Point(96, 120000, 120000))
    drawn = Drawing(chart(*points, x_kind="hours"))
    assert [known for _, known, _ in drawn.marks()] == [(0,), (25000, 75000), (100000,), (120000,)]
    ticks = [drawn.tick_at(label) for label in ("0", "24 h", "72 h", "96 h")]
    assert [x for x, _, _ in drawn.marks()] == pytest.approx(ticks, abs=0.2)


def test_days_stand_where_the_axis_says():
    drawn = Drawing(chart(*(Point(MIDNIGHT + day * DAY, day, day) for day in range(6))))
    ticks = [drawn.tick_at(label) for label in ("28 Mar", "30 Mar", "1 Apr")]
    marks = [x for x, _, _ in drawn.marks()]
    assert [marks[0], marks[2], marks[4]] == pytest.approx(ticks, abs=0.2)


def test_a_level_ends_where_its_end_is_known():
    drawn = Drawing(chart(Point(24, 216000, 216000, x_until=72), x_kind="hours", shape="steps"))
    assert drawn.levels() == [
        (pytest.approx(drawn.tick_at("24 h"), abs=0.2), pytest.approx(drawn.tick_at("72 h"), abs=0.2), 216000)
    ]
    assert drawn.key == ""


def test_a_level_whose_end_is_unknown_fades_out_and_the_chart_says_so():
    drawn = Drawing(
        chart(Point(24, 216000, 216000), Point(0, 200000, 200000, x_until=24), x_kind="hours", shape="steps")
    )
    fading = [level for level in drawn.levels() if level[2] == 216000]
    assert len(fading) > 1
    assert drawn.key == "dashed: end unknown"


def test_an_axis_that_does_not_begin_at_0_says_so():
    steps = chart(
        Point(MIDNIGHT, 259900, 259900), Point(MIDNIGHT + DAY, 249900, 249900), shape="steps", y_label="price, CNY"
    )
    drawn = Drawing(steps)
    lowest = next(element.text for *_, anchor, element in drawn.written if anchor == "end")
    assert lowest != "0"
    assert f"price, CNY (axis starts at {lowest}, not 0)" in drawn.texts


def test_a_chart_of_several_lines_names_each_beside_its_own_marker():
    lines = tuple(Line(name, (Point(MIDNIGHT, 10, 10),)) for name in ("SU7", "YU7", "小米SU7 Ultra"))
    drawn = Drawing(chart(lines=lines))
    assert {"SU7", "YU7", "小米SU7 Ultra"} <= set(drawn.texts)
    many = Drawing(chart(lines=tuple(Line(f"line {n}", (Point(MIDNIGHT, n, n),)) for n in range(15))))
    assert "line 11" in many.texts
    assert "line 12" not in many.texts
    assert "and 3 more" in many.texts


def test_chinese_characters_are_glyphs_not_boxes():
    glyphs = [font().glyph(character) for character in "小米锁单"]
    assert len({0, *glyphs}) == 5
    title = chart(title="小米锁单")
    assert Drawing(title).texts[0] == "小米锁单"
    cells = [(40 + TITLE * n, 34, 40 + TITLE * (n + 1), 84) for n in range(5)]
    inked = [len(picture(title).crop(cell).getcolors(10_000)) > 1 for cell in cells]
    assert inked == [True] * 4 + [False]


def test_letters_the_font_lacks_become_question_marks_and_emoji_go():
    assert Drawing(chart(title="\u0e01 SU7")).texts[0] == "? SU7"
    assert Drawing(chart(title="SU7 🚗")).texts[0] == "SU7"


def test_markup_and_control_characters_in_words_are_only_words():
    assert Drawing(chart(title="<b>&amp;</b>")).texts[0] == "<b>&amp;</b>"
    assert Drawing(chart(title="a\x00\u202eb")).texts[0] == "ab"


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
    monkeypatch.setattr(Drawing, "value_at", lambda self, y: y)  # not every label is a plain number here
    drawn = Drawing(chart(*points, shape=shape))
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
        "import sys, bot.charts.svg.page;"
        "print(sorted({'discord', 'resvg_py', 'pylopdf_fonts_zh_cn'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
