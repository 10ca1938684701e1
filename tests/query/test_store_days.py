"""Which store count holds on a day, where one begins as another ends."""

import pytest

STORES = """
    id,launch,metric,low,high,valid_from,valid_to
    early,one,sales_stores,50,50,2024-03-01,2024-03-10
    late,one,sales_stores,60,60,2024-03-10,
"""


@pytest.mark.parametrize(
    ("at", "holds"),
    [("2024-03-09", "early"), ("2024-03-10", "late"), ('"2024-03-10 00:00"', "late"), ("2024-03-01", "early")],
)
def test_the_count_of_the_day_asked_is_shown_not_that_of_the_next(facts, at, holds):
    answer = facts(stores=STORES)(f"/orders stores launch:one at:{at}")
    assert [figure.id for figure in answer.figures if figure.name == "sales_stores"] == [holds]
    assert answer.caveats == ()
