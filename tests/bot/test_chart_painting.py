"""What is painted where: single shapes, read back as pixels."""

import io

import pytest

from bot.charts.picture.shapes import Area, Disc, Picture, Shape, Stroke, Text
from bot.charts.picture.style import COLOURS, PAPER, SMALL, TEXT, TITLE, WIDTH
from bot.charts.picture.text import text_width

Image = pytest.importorskip("PIL.Image")
ImageChops = pytest.importorskip("PIL.ImageChops")
pytest.importorskip("aggdraw")
pytest.importorskip("pylopdf_fonts_zh_cn")

from bot.charts.picture.painting import image_of, painted  # noqa: E402

RED, BLUE = "#ff0000", "#0000ff"


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def picture(*shapes: Shape):
    return image_of(Picture(100, shapes))


def inked(image, box: tuple[int, int, int, int]) -> bool:
    """Whether anything but paper is in a box: left, top, right, bottom."""
    return image.crop(box).getcolors() != [((box[2] - box[0]) * (box[3] - box[1]), rgb(PAPER))]


def test_nothing_is_paper():
    assert picture().size == (WIDTH, 100)
    assert picture().getcolors() == [(WIDTH * 100, rgb(PAPER))]


def crowded(colours: int) -> Picture:
    """Discs and faint areas over each other, in so many colours, and a text."""
    found = (*COLOURS, "#a07050", "#50a070")[: colours - 1]
    discs = [Disc((20 + 40 * number, 50), 15, found[number % len(found)]) for number in range(25)]
    faint = [
        Area(((x, 20), (x + 60, 30), (x + 50, 80)), found[x // 70 % len(found)], x / 1200) for x in range(10, 1100, 70)
    ]
    return Picture(100, (*discs, *faint, Text(600, 60, "SU7, 24 h", TITLE, RED)))


def test_what_has_few_colours_is_sent_with_a_palette_and_looks_like_what_was_painted():
    sent, full = Image.open(io.BytesIO(painted(crowded(9)))), image_of(crowded(9))
    assert (sent.mode, sent.size) == ("P", full.size)
    assert full.getcolors(256) is None
    worst = ImageChops.difference(sent.convert("RGB"), full).split()
    differences = ImageChops.lighter(ImageChops.lighter(worst[0], worst[1]), worst[2]).histogram()
    assert sum(differences[17:]) < full.width * full.height / 100
    assert sum(differences[48:]) == 0
    boxes = [(x, y, x + 6, y + 6) for x in range(0, 1200, 6) for y in range(0, 96, 6)]
    plain = [box for box in boxes if len(full.crop(box).getcolors()) == 1]
    assert len({full.getpixel(box[:2]) for box in plain}) > 20
    assert all(len(sent.crop(box).getcolors()) == 1 for box in plain)


def test_what_has_many_colours_keeps_all_its_shades():
    sent = Image.open(io.BytesIO(painted(crowded(10))))
    assert sent.mode == "RGB"
    assert sent.tobytes() == image_of(crowded(10)).tobytes()


def test_a_stroke_is_as_wide_as_it_says_and_ends_where_it_says():
    image = picture(Stroke((20, 50), (40, 50), RED, 4))
    column = [image.getpixel((30, y)) == rgb(RED) for y in range(40, 60)]
    assert (column.count(True), column.index(True)) == (4, 8)
    row = [image.getpixel((x, 50)) == rgb(RED) for x in range(10, 50)]
    assert (row.count(True), row.index(True)) == (20, 10)


def test_a_dashed_stroke_has_gaps_and_its_last_dash_ends_with_it():
    image = picture(Stroke((20, 50), (50, 50), RED, 4, dashes=(10, 15)))
    row = "".join("x" if image.getpixel((x, 50)) == rgb(RED) else "." for x in range(20, 60))
    assert row == "x" * 10 + "." * 15 + "x" * 5 + "." * 10
    point = picture(Stroke((20, 50), (20, 50), RED, 4, dashes=(10, 15)))
    assert point.getcolors() == picture().getcolors()


def test_what_is_faint_lets_through_what_is_below():
    low, high = rgb(PAPER)[0], rgb(RED)[0]
    image = picture(Area(((10, 10), (90, 10), (90, 90), (10, 90)), RED, 0.5))
    assert image.getpixel((50, 50))[0] == pytest.approx((low + high) / 2, abs=2)
    stroke = picture(Stroke((10, 50), (90, 50), RED, 6, opacity=0.25))
    assert stroke.getpixel((50, 50))[0] == pytest.approx(low + (high - low) / 4, abs=2)


def test_an_area_with_an_outline_is_larger_by_half_of_it_and_round_at_its_corners():
    square = ((40, 40), (60, 40), (60, 60), (40, 60))
    plain, outlined = picture(Area(square, RED)), picture(Area(square, RED, outline=20))
    assert plain.getpixel((41, 41)) == rgb(RED)
    assert not inked(plain, (20, 40, 39, 60))
    assert outlined.getpixel((31, 50)) == outlined.getpixel((50, 68)) == rgb(RED)
    assert not inked(outlined, (20, 40, 29, 60))
    assert outlined.getpixel((33, 40)) == rgb(RED)
    assert outlined.getpixel((35, 35)) == rgb(RED)
    assert not inked(outlined, (20, 20, 32, 32))  # a pointed corner would reach to 30, 30


def test_a_disc_is_round():
    image = picture(Disc((50, 50), 20, RED))
    assert image.getpixel((50, 50)) == image.getpixel((33, 50)) == image.getpixel((50, 67)) == rgb(RED)
    assert not inked(image, (30, 30, 35, 35))
    assert not inked(image, (20, 20, 29, 80))


@pytest.mark.parametrize(("anchor", "left", "right"), [("start", 600, 700), ("middle", 550, 650), ("end", 500, 600)])
def test_a_text_stands_on_its_line_where_it_is_anchored(anchor, left, right):
    size = 40
    words = "HHHH"
    wide = text_width(words, size)
    image = picture(Text(600, 60, words, size, RED, anchor))
    ink = Image.frombytes("1", image.size, image.convert("L").point(lambda v: 255 * (v > 60)).convert("1").tobytes())
    first, top, last, bottom = ink.getbbox()
    assert bottom == pytest.approx(60, abs=1)
    assert top == pytest.approx(60 - 0.73 * size, abs=2)
    expected = {"start": 600, "middle": 600 - wide / 2, "end": 600 - wide}[anchor]
    assert first == pytest.approx(expected, abs=6)
    assert last == pytest.approx(expected + wide, abs=6)


def test_texts_cover_shapes_and_a_halo_keeps_lines_away_from_letters():
    across = Stroke((0, 50), (WIDTH, 50), BLUE, 4)
    plain = picture(Text(100, 60, "1", 40, RED), across)
    halo = picture(Text(100, 60, "1", 40, RED, has_halo=True), across)
    reds = [[x for x in range(90, 140) if image.getpixel((x, 50)) == rgb(RED)] for image in (plain, halo)]
    assert reds[0] == reds[1] != []
    beside = reds[0][0] - 3
    assert plain.getpixel((beside, 50)) == rgb(BLUE)
    assert halo.getpixel((beside, 50)) == rgb(PAPER)


def test_a_bold_text_has_more_ink():
    plain, bold = (picture(Text(100, 60, "SU7", TITLE, is_bold=is_bold)) for is_bold in (False, True))
    assert sum(plain.convert("L").histogram()[150:]) < sum(bold.convert("L").histogram()[150:])


@pytest.mark.parametrize("size", [SMALL, TEXT, TITLE])
@pytest.mark.parametrize(
    "words", ["1,234,567", "小米汽车官方微博，中国", "Sources: China Daily, Beijing Impact, AVATR"]
)
def test_words_take_the_room_that_was_measured(words, size):
    end = round(20 + text_width(words, size))
    image = picture(Text(20, 60, words, size, RED))
    assert not inked(image, (end + 2, 0, WIDTH, 100))
    assert inked(image, (end - size, 0, end + 2, 100))
