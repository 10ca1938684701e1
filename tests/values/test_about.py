"""The step to which "about" a number is meant, and sums of such numbers."""

from fractions import Fraction

import pytest

from salesbot.values.quantity import Quantity, about_step, total


@pytest.mark.parametrize(
    ("number", "unit", "step"),
    [
        ("45000", "", "1000"),
        ("100000", "", "10000"),
        ("45100", "", "100"),
        ("7", "", "1"),
        ("0", "", "1"),
        ("0.25", "", "0.01"),
        ("0.7", "ratio", "0.01"),
        ("0.375", "ratio", "0.001"),
        ("0", "ratio", "0.01"),
    ],
)
def test_about_a_number_is_meant_to_the_step(number, unit, step):
    assert about_step(Fraction(number), unit) == Fraction(step)


def test_a_sum_is_about_where_a_part_is_and_its_steps_add_up():
    exact, about = Quantity.exactly(5), Quantity(Fraction(45000), Fraction(45000), "", "about")
    assert (total([exact, exact]).stated, total([exact, exact]).precision) == ("range", None)
    assert (total([exact, about]).stated, total([exact, about]).precision) == ("about", 1000)
    told = Quantity(Fraction(10), Fraction(10), "", "about", Fraction(3))
    assert total([told, about]).precision == 1003
