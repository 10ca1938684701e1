"""Numbers, durations and dates in free text."""

from fractions import Fraction

import pytest

from salesbot.asking.dates import day_at
from salesbot.asking.numbers import chinese_number, duration_at, number_at
from salesbot.asking.text import plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("45,000", 45000),
        ("45k", 45000),
        ("4.5万", 45000),
        ("4万5", 45000),
        ("四万五", 45000),
        ("四万五千", 45000),
        ("十", 10),
        ("一百零五", 105),
        ("1.2 million", 1_200_000),
        ("35%", Fraction(35, 100)),
        ("五成", Fraction(1, 2)),
        ("3成半", Fraction(35, 100)),
        ("88898", 88898),
    ],
)
def test_a_number_is_exact(text, value):
    found = number_at(plain(text), 0)
    assert found is not None and found.end == len(text) and found.value == value


@pytest.mark.parametrize("text", ["两三", "四万万", "一二三", "万", "百十", "45,00", "1.2.3"])
def test_what_is_not_well_formed_is_no_number(text):
    found = number_at(plain(text), 0)
    assert found is None or found.end < len(text)


DIGITS = "零一二三四五六七八九"


def written(number):
    """A number below a hundred million in Chinese."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        rest = "" if not low else ("零" if low < 1000 else "") + written(low)
        return written(high) + "万" + rest
    text, is_zero = "", False
    for size, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            text += ("零" if is_zero else "") + DIGITS[digit] + sign
            is_zero = False
        elif text:
            is_zero = True
    return text


@pytest.mark.parametrize("start", range(1, 40))
def test_what_is_written_is_read_again(start):
    for number in range(start, 100_000, 397):
        assert chinese_number(written(number)) == number, written(number)
        grouped = number_at(f"{number:,}", 0)
        assert grouped is not None and grouped.value == number
        in_ten_thousands = number_at(f"{number / 10_000:.4f}万", 0)
        assert in_ten_thousands is not None and in_ten_thousands.value == number


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("72h", 259200), ("3 days", 259200), ("24小时", 86400), ("first hour", 3600), ("首小时", 3600), ("半小时", 1800)],
)
def test_a_duration(text, seconds):
    found = duration_at(plain(text), 0)
    assert found is not None and (found.seconds, found.end) == (seconds, len(text))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("10 april 2024", "2024-04-10"),
        ("april 10th, 2024", "2024-04-10"),
        ("the end of april 2024", "2024-04-30"),
        ("end of 2024", "2024-12-31"),
        ("2024年4月10日", "2024-04-10"),
        ("4月10号", "????-04-10"),
        ("4月底", "????-04-30"),
        ("2024年底", "2024-12-31"),
        ("2024年3月", "2024-03"),
        ("march 2024", "2024-03"),
        ("2024-04-10", "2024-04-10"),
    ],
)
def test_a_date(text, iso):
    found = day_at(plain(text), 0)
    assert found is not None and (found.iso, found.end) == (iso, len(text))
