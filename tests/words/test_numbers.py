"""Numbers and spans of time as people read them."""

from fractions import Fraction

import pytest

from salesbot.values.quantity import Quantity
from salesbot.words.numbers import amount, number_text, percent_text, signed, span


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("14000", "14,000"),
        ("-14000", "−14,000"),
        ("0.1234", "0.1234"),
        ("0", "0"),
        ("10/3", "3.33"),
        ("4/3", "1.33"),
        ("1/3", "0.33"),
        ("1/3000", "0.00033"),  # never rounded down to 0
        ("-10/3", "−3.33"),
    ],
)
def test_a_number(value, text):
    assert number_text(Fraction(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("5000", "+5,000"), ("-14000", "−14,000"), ("0", "0"), ("0.5", "+0.50"), ("1", "+1")]
)
def test_a_change_has_its_sign(value, text):
    assert signed(Fraction(value)) == text


@pytest.mark.parametrize(("value", "text"), [("1.934", "+1.93"), ("-0.001", "−0.001"), ("0", "0"), ("0.01", "+0.01")])
def test_a_percentage_that_is_not_0_never_reads_0(value, text):
    assert percent_text(Fraction(value)) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("1", "2", "1–2"),
        ("1", None, "at least 1"),
        (None, "2", "at most 2"),
        (None, None, "unknown"),
        ("2", "2", "2"),
        ("1/3", "2/3", "0.33–0.67"),
    ],
)
def test_an_amount_is_rounded_outward(low, high, text):
    ends = [None if end is None else Fraction(end) for end in (low, high)]
    assert amount(Quantity(*ends)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (3600, "1 h"),
        (73800, "20 h 30 min"),
        (86400, "24 h"),
        (2 * 86400 + 3600, "49 h"),
        (3 * 86400, "3 days"),
        (4 * 86400 + 13 * 3600 + 60, "4 days 13 h"),
    ],
)
def test_a_span_of_time_in_its_two_largest_units(seconds, text):
    assert span(seconds) == text
