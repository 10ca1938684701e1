"""Levels over time, and models beside each other."""

import pytest

from salesbot.answers.notes import NothingAlike, PreviousOnly
from salesbot.errors import NotInFacts

HEAD = "id,trim,low,high,previous,valid_from,valid_to"


def levels(answer):
    """First day, day out and price of each level, the days as stated."""
    return [
        (f.valid_from and f.valid_from.text, f.valid_to and f.valid_to.text, int(f.quantity.low))
        for f in answer.figures
        if f.name == "list_price"
    ]


def test_the_model_y_over_time(seeds):
    answer = seeds('/prices history model:"Model Y" trim:RWD')
    assert levels(answer) == [
        (None, "2023-11-14", 263900),
        ("2023-11-14", "2024-01-12", 266400),
        ("2024-01-12", "2024-04-01", 258900),
        ("2024-04-01", "2024-04-21", 263900),
        ("2024-04-21", None, 249900),
    ]
    assert any(isinstance(note, PreviousOnly) for note in answer.caveats)


def test_equal_neighbours_are_one_level(seeds):
    assert ("2024-01-12", "2024-04-21", 245900) in levels(seeds('/prices history model:"Model 3" trim:RWD'))


def test_a_level_ends_where_the_next_begins_and_a_gap_stays_a_gap(facts):
    ask = facts(
        prices=f"""{HEAD}
a,Base,10,10,,2024-01-01,2024-02-01
b,Base,12,12,,2024-02-01,2024-03-01
c,Base,12,12,,2024-05-01,"""
    )
    assert levels(ask("/prices history model:one")) == [
        ("2024-01-01", "2024-02-01", 10),
        ("2024-02-01", "2024-03-01", 12),
        ("2024-05-01", None, 12),
    ]


def test_a_standing_price_returns_as_a_limited_one_ends(facts):
    ask = facts(
        prices=f"{HEAD}\na,Base,10,10,,2024-01-01,\nb,Base,12,12,,2024-02-01,2024-03-01\nc,Base,12,12,,2024-05-01,"
    )
    assert levels(ask("/prices history model:one")) == [
        ("2024-01-01", "2024-02-01", 10),
        ("2024-02-01", "2024-03-01", 12),
        ("2024-03-01", "2024-05-01", 10),
        ("2024-05-01", None, 12),
    ]


def test_history_keeps_to_the_days_asked(seeds):
    found = levels(seeds('/prices history model:"Model Y" trim:RWD since:2024-02-01 until:2024-04-05'))
    assert [price for _, _, price in found] == [258900, 263900]


def test_models_are_compared_by_their_lowest_list_price(seeds):
    answer = seeds('/prices compare models:"SU7,Model 3" on:2024-04-02')
    assert [(f.subject, int(f.quantity.low)) for f in answer.figures] == [
        ("SU7 Standard", 215900),
        ("Model 3 RWD", 245900),
        ("SU7 Standard − Model 3 RWD", -30000),
    ]


@pytest.mark.parametrize("models", ["SU7,P7", "SU7,FF91"])
def test_prices_of_another_type_or_currency_are_not_compared(seeds, models):
    answer = seeds(f'/prices compare models:"{models}"')
    assert (answer.verdict, answer.figures) == ("cannot tell", ())
    assert isinstance(answer.missing[0], NothingAlike)


def test_a_model_without_a_price_is_not_in_the_facts(seeds):
    with pytest.raises(NotInFacts):
        seeds("/prices compare models:su7,p7i")
    with pytest.raises(NotInFacts):
        seeds("/prices history model:p7i")
