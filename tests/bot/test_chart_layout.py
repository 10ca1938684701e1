"""What a chart must say, whatever figures and words it is given: read back from its shapes as a person reads it."""

import io
import itertools
import math
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.charts.picture.chart import Chart, ChartTexts, Line, Point
from bot.charts.picture.jobs import draw
from bot.charts.picture.marks import MARKERS
from bot.charts.picture.page import picture_of
from bot.charts.picture.shapes import Area, Disc, Stroke, Text
from bot.charts.picture.style import COLOURS, GRID, PAD, PAPER, SMALL, SOFT, TEXT, TITLE, WIDTH
from bot.charts.picture.text import has_glyph, text_width, wrapped, writable
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


# what stands where


def strokes(drawn: Shown, colour: str) -> list[Stroke]:
    return drawn._all(Stroke, colour)


def test_each_figure_has_its_value_beside_it_where_it_can_be_read():
    close = tuple(Point(n, 50 + n % 3, 50 + n % 3, label=f"{50 + n % 3:,} cars") for n in range(40))
    drawn = Shown(chart(Point(12, 90, 90, label="90"), *close, x_kind="hours"))
    values = [text for text in drawn.written if text.has_halo]
    assert "90" in [text.words for text in values]
    assert 3 < len(values) < 30
    boxes = [(t.x, t.y - t.size, t.x + text_width(t.words, t.size), t.y) for t in values]
    assert all(left > 0 and right < WIDTH for left, _, right, _ in boxes)
    assert not any(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in itertools.combinations(boxes, 2)
    )


def test_marks_cover_the_grid_and_the_axis_covers_marks():
    shapes = Shown(chart(Point(0, 0, 0), Point(24, 50, 50), x_kind="hours")).shapes
    last_of_grid = max(n for n, one in enumerate(shapes) if isinstance(one, Stroke) and one.colour == GRID)
    discs = [n for n, one in enumerate(shapes) if isinstance(one, Disc)]
    first_of_axis = min(n for n, one in enumerate(shapes) if isinstance(one, Stroke) and one.colour == SOFT)
    assert last_of_grid < min(discs) <= max(discs) < first_of_axis


def test_title_and_axes_stand_where_they_belong():
    drawn = Shown(chart(Point(0, 0, 0), Point(24, 50, 50), x_kind="hours", x_label="hours since"))
    title, name = drawn.written[0], next(text for text in drawn.written if text.words == "hours since")
    assert title.is_bold
    bottom = drawn.lines_across()[0]
    across = next(stroke for stroke in strokes(drawn, GRID))
    assert (name.anchor, name.x) == ("middle", pytest.approx((across.start[0] + across.end[0]) / 2))
    labels = [text for text in drawn.written if text.words in ("0", "24 h") and text.anchor == "middle"]
    assert [text.y - bottom for text in labels] == [pytest.approx(44)] * len(labels)
    notes = [text for text in drawn.written if text.anchor == "start" and text.y > bottom]
    assert notes
    assert all(name.y < text.y < drawn.height - 10 for text in notes)


def test_labels_of_an_axis_do_not_touch():
    for days in range(1, 400, 7):
        drawn = Shown(chart(*(Point(MIDNIGHT + n * days * DAY / 5, n, n) for n in range(6))))
        rows: dict[float, list[tuple[float, float]]] = {}
        for text in drawn.written:
            if text.anchor == "middle" and text.size == TEXT:
                half = text_width(text.words, text.size) / 2
                rows.setdefault(text.y, []).append((text.x - half, text.x + half))
        assert rows
        for spans in rows.values():
            assert all(end < start for (_, end), (start, _) in itertools.pairwise(sorted(spans))), days


def test_a_legend_begins_another_row_before_the_picture_ends():
    names = [f"A line with a long name {n}" for n in range(8)]
    drawn = Shown(chart(lines=tuple(Line(name, (Point(MIDNIGHT, n, n),)) for n, name in enumerate(names))))
    entries = [text for text in drawn.written if text.words in names]
    assert all(text.x + text_width(text.words, text.size) <= WIDTH - PAD for text in entries)
    assert len({text.y for text in entries}) > 2
    for number, text in enumerate(entries):
        beside = [
            shape
            for shape in drawn.shapes
            if isinstance(shape, Area | Disc)
            and shape.colour == COLOURS[number]
            and is_at(shape, text.x - 28, text.y - 12)
        ]
        assert beside, text.words


def is_at(shape: Area | Disc, x: float, y: float) -> bool:
    points = [shape.centre] if isinstance(shape, Disc) else shape.corners
    middle = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
    return math.dist(middle, (x, y)) < 5


def test_each_line_has_a_marker_of_its_own():
    lines = tuple(Line(str(n), (Point(MIDNIGHT + n * DAY, 10 * n, 10 * n),)) for n in range(7))
    drawn = Shown(chart(lines=lines))
    corners = [{len(area.corners) for area in drawn._all(Area, colour)} for colour in COLOURS[:7]]
    assert corners == [set()] + [{len(outline)} for outline in MARKERS[1:]]


def test_a_range_is_a_bar_between_its_bounds():
    drawn = Shown(chart(Point(0, 0, 0), Point(24, 50, 80), x_kind="hours"))
    (bar,) = [area for area in drawn._all(Area, BLUE) if len(area.corners) == 4 and area.opacity == 1]
    assert sorted({drawn.value_at(y) for _, y in bar.corners}) == [50, 80]


def test_an_arrow_begins_at_its_figure_and_stays_in_the_plot():
    drawn = Shown(chart(Point(0, 0, 0), Point(24, 50, None), Point(48, 100, None), x_kind="hours"))
    shafts = [s for s in strokes(drawn, BLUE) if s.start[0] == s.end[0]]
    assert [drawn.value_at(shaft.start[1]) for shaft in shafts] == [50, 100]
    top = drawn.lines_across()[-1]
    heads = [area for area in drawn._all(Area, BLUE) if len(area.corners) == 3]
    assert all(top - 12 <= y for area in heads for _, y in area.corners)


@pytest.mark.parametrize(
    ("second", "is_dotted", "has_band"),
    [
        pytest.param(Point(24, 50, 50), False, False, id="two figures"),
        pytest.param(Point(24, 50, 80), False, True, id="a range"),
        pytest.param(Point(24, 50, None), True, False, id="an open bound"),
    ],
)
def test_faint_lines_lead_from_figure_to_figure(second, is_dotted, has_band):
    drawn = Shown(chart(Point(0, 10, 10), second, x_kind="hours"))
    guides = [s for s in strokes(drawn, BLUE) if s.start[0] < s.end[0]]
    assert [drawn.value_at(guides[0].start[1]), drawn.value_at(guides[0].end[1])] == [10, 50]
    assert {guide.dashes is not None for guide in guides} == {is_dotted}
    assert all(guide.opacity < 1 for guide in guides)
    bands = [area for area in drawn._all(Area, BLUE) if area.opacity < 1]
    assert bool(bands) is has_band
    assert all(band.opacity < 0.3 for band in bands)


def test_where_nothing_is_known_dashes_go_over_the_whole_height():
    drawn = Shown(chart(Point(0, 10, 10), Point(24, None, None), x_kind="hours"))
    (dashed,) = [s for s in strokes(drawn, BLUE) if s.dashes is not None]
    bottom, *_, top = drawn.lines_across()
    assert {dashed.start[1], dashed.end[1]} == {bottom, top}


@pytest.mark.parametrize(("low", "is_dashed"), [(0, False), (900, True)])
def test_the_foot_of_a_plot_is_dashed_where_it_is_not_0(low, is_dashed):
    drawn = Shown(chart(Point(0, low, low), Point(24, 1000, 1000), x_kind="hours", shape="steps"))
    foot = next(s for s in strokes(drawn, SOFT) if s.start[1] == s.end[1])
    assert (foot.dashes is not None) is is_dashed


def test_levels_say_what_is_computed_what_is_a_range_and_where_they_meet():
    points = (
        Point(0, 100, 100, x_until=24.0, is_computed=True),
        Point(24, 200, 300, x_until=48.0),
        Point(48, 400, 400),
    )
    drawn = Shown(chart(*points, x_kind="hours", shape="steps"))
    inside = [s for s in strokes(drawn, PAPER) if s.start[1] == s.end[1]]
    assert [drawn.value_at(s.start[1]) for s in inside] == [100]
    bands = [area for area in drawn._all(Area, BLUE) if len(area.corners) == 4 and 0.2 < area.opacity < 0.4]
    assert [sorted({drawn.value_at(y) for _, y in band.corners}) for band in bands] == [[200, 300]]
    upright = [s for s in strokes(drawn, BLUE) if s.start[0] == s.end[0]]
    assert [sorted(round(drawn.value_at(y), -1) for y in (s.start[1], s.end[1])) for s in upright] == [
        pytest.approx([100, 200], abs=11),
        pytest.approx([300, 400], abs=11),
    ]
    (rightwards,) = [area for area in drawn._all(Area, BLUE) if len(area.corners) == 3 and area.opacity == 0.5]
    assert drawn.value_at(rightwards.corners[0][1]) == 400


def test_a_level_without_an_end_grows_fainter():
    drawn = Shown(chart(Point(24, 100, 100), Point(240, 0, 0, x_until=241.0), x_kind="hours", shape="steps"))
    pieces = [s for s in strokes(drawn, BLUE) if drawn.value_at(s.start[1]) == 100 == drawn.value_at(s.end[1])]
    opacities = [piece.opacity for piece in pieces]
    assert opacities == sorted(opacities, reverse=True)
    assert opacities[0] - opacities[-1] > 0.5
    assert all(a.end[0] < b.start[0] for a, b in itertools.pairwise(pieces))


@pytest.mark.parametrize(
    "words", ["A title that goes on " * 30, "x" * 400, "小米汽车官方微博，" * 40, "д" * 300 + " j" * 90]
)
def test_rows_are_as_wide_as_they_may_be_and_no_wider(words):
    rows = wrapped(words, SMALL, 700, most=6)
    widths = [text_width(row, SMALL) for row in rows]
    assert len(rows) == 6
    assert max(widths) <= 700
    assert all(width > 500 for width in widths[:-1])
    assert rows[-1].endswith("…")


def test_of_words_without_end_a_few_thousand_letters_are_looked_at():
    assert len(writable("x" * 1_000_000)) == 2000


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


def test_who_asks_for_a_picture_imports_nothing_that_draws():
    code = (
        "import sys, bot.charts.picture.jobs;"
        "print(sorted({'aggdraw', 'bot.charts.picture.page', 'discord', 'msgspec', 'PIL'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
