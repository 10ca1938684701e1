"""Quantities: exact, no wider than the truth, rounded outward, compared as the contract says."""

from fractions import Fraction as F
from itertools import product as every
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesbot.values.quantity import (
    Quantity,
    agreement,
    any_of,
    bounds_text,
    decimal_text,
    difference,
    ends_within,
    overall,
    product,
    rounded,
    whole,
)
from salesbot.words.numbers import amount, percent, signed, span

bound = st.fractions(min_value=0, max_value=10**6, max_denominator=1000)


def q(low, high=..., stated="range", precision=None):
    high = low if high is ... else high
    return Quantity(
        None if low is None else F(low), None if high is None else F(high), "", stated, precision and F(precision)
    )


closed = st.tuples(bound, bound).map(lambda pair: q(min(pair), max(pair)))
positive = st.tuples(bound.map(lambda x: x + 1), bound.map(lambda x: x + 1)).map(lambda pair: q(min(pair), max(pair)))


def test_the_worked_example_of_the_su7():
    orders = product([(q(1800, 2000), 1), (q(59), 1)])
    assert (orders.low, orders.high) == (106200, 118000)
    locked = product([(q(1800, 2000), 1), (q(59), 1), (q("0.35", "0.40"), 1)])
    assert (locked.low, locked.high) == (37170, 47200)
    stores = product([(q(45000), 1), (q(1800, 2000), -1), (q("0.35", "0.40"), -1)])
    assert bounds_text(stores) == ("56.25", "71.428572")
    assert (whole(stores, "stores").low, whole(stores, "stores").high) == (57, 71)


@given(closed, closed, positive)
def test_a_product_of_powers_is_exactly_its_corners(a, b, c):
    found = product([(a, 1), (b, 1), (c, -1)])
    corners = [x * y / z for x, y, z in every((a.low, a.high), (b.low, b.high), (c.low, c.high))]
    assert (found.low, found.high) == (min(corners), max(corners))


@pytest.mark.parametrize(
    ("factors", "low", "high"),
    [
        ([(q(10), 1), (q(5, None), -1)], 0, 2),  # n ÷ (at least m) is 0 to n/m
        ([(q(10, None), 1), (q(2), 1)], 20, None),
        ([(q(None, 40000), 1), (q(2), -1)], 0, 20000),  # nothing counted is below 0
        ([(q(0), 1), (q(5, None), 1)], 0, 0),
        ([(q(5), 1), (q(0, 2), -1)], F(5, 2), None),
    ],
)
def test_an_open_end_opens_the_product_only_where_it_must(factors, low, high):
    found = product(factors)
    assert (found.low, found.high) == (low, high)


def test_a_zero_divisor_is_an_error():
    with pytest.raises(ZeroDivisionError):
        product([(q(5), 1), (q(0), -1)])


def test_a_difference_of_independent_ranges_takes_opposite_ends():
    found = difference(q(20, 30), q(5, 6))
    assert (found.low, found.high) == (14, 25)
    assert difference(q(20, None), q(5, 6)).high is None


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (q(45000, stated="about", precision=1000), q(37170, 47200), "agrees"),
        (q(45000, stated="about", precision=1000), q(106200, 118000), "disagrees"),
        (q(37170, 47200), q(None, 40000), "partly"),
        (q(45000, stated="about", precision=1000), q(None, 40000), "disagrees"),
        (q(1, 3), q(2, 4), "partly"),
        (q(1, 2), q(2, 3), "partly"),  # they meet in one point
        (q(12000), q(10000, None), "agrees"),  # an open end agrees only if the other lies wholly inside
        (q(9000, 11000), q(10000, None), "partly"),
        (q(9000), q(10000, None), "disagrees"),
        (q(20, None), q(10, None), "agrees"),
        (q(None, None), q(1), "cannot tell"),
        (q(40400, stated="about", precision=1000), q(40000, stated="exact", precision=1000), "agrees"),
    ],
)
def test_agreement_follows_the_contract(one, other, verdict):
    assert agreement(one, other) == verdict
    assert agreement(other, one) == verdict


def test_precision_widens_a_comparison_but_never_arithmetic():
    about = q(45000, stated="about", precision=1000)
    assert product([(about, 1)]).high == 45000
    assert (about.widened().low, about.widened().high) == (44500, 45500)


def test_several_verdicts_are_one_when_equal_and_partly_when_not():
    assert overall(["agrees", "agrees"]) == "agrees"
    assert overall(["agrees", "disagrees"]) == "partly"
    assert overall(["cannot tell", "agrees"]) == "agrees"
    assert overall([]) is None


@pytest.mark.parametrize(
    ("value", "mode", "text"),
    [
        (F(1, 3), "floor", "0.333333"),
        (F(1, 3), "ceiling", "0.333334"),
        (F(2, 3), "half-even", "0.666667"),
        (F(45000, 630), "ceiling", "71.428572"),
        (F(5), "floor", "5"),
        (F(-1, 3), "floor", "-0.333334"),
        (F(1, 2**8), "half-even", "0.003906"),
        (F(10**40), "half-even", "1" + "0" * 40),
        (F(-14000), "half-even", "-14000"),
    ],
)
def test_numbers_print_exactly_where_they_end_and_rounded_where_they_do_not(value, mode, text):
    assert decimal_text(value, mode) == text


def test_a_range_rounds_outward_and_a_single_value_half_even():
    assert bounds_text(q(F(1, 3), F(2, 3))) == ("0.333333", "0.666667")
    assert bounds_text(q(F(2, 3))) == ("0.666667", "0.666667")
    assert bounds_text(q(None, 5)) == (None, "5")


@given(closed)
def test_what_is_printed_never_excludes_the_truth(range_):
    low, high = bounds_text(range_)
    if range_.low != range_.high:
        assert F(low) <= range_.low
        assert F(high) >= range_.high


def test_people_read_separators_signs_and_percent():
    assert amount(q(1800, 2000)) == "1,800–2,000"
    assert amount(q(10000, None)) == "at least 10,000"
    assert amount(q(45000, stated="about")) == "about 45,000"
    assert percent(q("0.35", "0.40")) == "35–40 %"
    assert (signed(F(5000)), signed(F(-14000)), signed(F(0))) == ("+5,000", "−14,000", "0")
    assert (span(73800), span(32400), span(0), span(24019200)) == ("20 h 30 min", "9 h", "0 s", "278 days")


@given(
    value=st.fractions(max_denominator=10**6) | st.decimals(allow_nan=False, allow_infinity=False, places=7).map(F),
    places=st.integers(0, 12),
)
def test_numbers_are_rounded_as_exact_fractions_are(value, places):
    step = F(1, 10**places)
    below, nearest, above = (F(rounded(value, places, mode)) for mode in ("floor", "half-even", "ceiling"))
    assert (below, above) == (floor(value / step) * step, ceil(value / step) * step)
    assert nearest == round(value / step) * step  # Python rounds half to even
    assert ends_within(value, places) == (below == value)


def test_any_of_several_ranges_goes_from_the_lowest_to_the_highest_end():
    assert any_of([Quantity(F(3), F(5)), Quantity(F(1), F(2))], "CNY") == Quantity(F(1), F(5), "CNY")
    assert any_of([Quantity.exactly(4), Quantity.exactly(4)]) == Quantity.exactly(4)


def test_any_of_several_is_open_where_one_is():
    assert any_of([Quantity(None, F(5)), Quantity(F(1), F(2))]) == Quantity(None, F(5))
    assert any_of([Quantity(F(3), None), Quantity(F(1), F(2))]) == Quantity(F(1), None)
    assert any_of([]).is_unknown
