"""Which level of a price holds, what is said of it, and which offers stand beside it."""

import pytest

from salesbot.answers.notes import DayUnknown, LevelUnknown, PreviousOnly, SinceUnknown, ToldBy
from salesbot.errors import NotInFacts
from salesbot.values.moment import cell_time
from salesbot.values.quantity import bounds_text

HEAD = "id,trim,low,high,valid_from"
TOLD = "id,trim,price_type,low,high,previous,change_low,change_high,valid_from,valid_to,sources"


def shown(answer):
    return {f.id: bounds_text(f.quantity)[0] for f in answer.figures if not f.is_operand}


def test_a_change_is_added_to_the_level_before_and_names_both(facts):
    ask = facts(
        prices=f"{TOLD}\na,Base,list_price,100,100,,,,2024-01-01,,s1\nb,Base,list_price,,,,-10,-10,2024-02-01,,s1"
    )
    answer = ask("/prices show model:one on:2024-02-01")
    assert shown(answer) == {"b": "90"}
    assert answer.figure("b").working.terms == (("a", 1), ("b:change", 1))
    assert {f.id: bounds_text(f.quantity)[0] for f in answer.figures if f.is_operand} == {"a": "100", "b:change": "-10"}


def test_after_a_change_of_unknown_size_the_last_known_price_is_named(facts):
    ask = facts(prices=f"{TOLD}\na,Base,list_price,100,100,,,,2024-01-01,,s1\nb,Base,list_price,,,,,0,2024-02-01,,s1")
    answer = ask("/prices show model:one on:2024-02-01")
    assert answer.verdict == "cannot tell"
    assert answer.missing == (LevelUnknown("One Base", "a", cell_time("2024-02-01")),)
    answer = ask("/prices history model:one")
    assert LevelUnknown("One Base", "a", cell_time("2024-02-01")) in answer.caveats


def test_a_change_of_unknown_size_without_a_price_before_it_is_not_in_the_facts(facts):
    ask = facts(prices=f"{TOLD}\nb,Base,list_price,,,,,0,2024-02-01,,s1")
    for line in ("/prices show model:one on:2024-02-01", "/prices history model:one"):
        with pytest.raises(NotInFacts):
            ask(line)


@pytest.mark.parametrize(("before", "after", "is_said"), [("s1", "s3", True), ("s3", "s1", False), ("s1", "s1", False)])
def test_a_newer_price_told_by_a_weaker_source_says_so(facts, before, after, is_said):
    rows = f"a,Base,list_price,100,100,,,,2024-01-01,,{before}\nb,Base,list_price,90,90,,,,2024-02-01,,{after}"
    answer = facts(prices=f"{TOLD}\n{rows}")("/prices show model:one on:2024-02-01")
    assert [note.figure for note in answer.caveats if isinstance(note, ToldBy)] == (["b"] if is_said else [])


@pytest.mark.parametrize(
    ("day", "price", "is_unsure"),
    [
        ("2024-01-31", ["a"], False),
        ("2024-02-01", ["a", "b"], True),
        ("2024-02-28", ["a", "b"], True),
        ("2024-02-29", ["b"], True),
        ("2024-03-01", ["b"], False),
    ],
)
def test_a_price_of_which_only_the_month_is_known_may_hold_in_it_and_surely_does_after(facts, day, price, is_unsure):
    answer = facts(prices=f"{HEAD}\na,Base,100,100,2024-01-01\nb,Base,90,90,2024-02")(
        f"/prices show model:one on:{day}"
    )
    assert list(shown(answer)) == price
    assert any(isinstance(note, DayUnknown) for note in answer.caveats) == is_unsure


def test_the_price_before_a_first_known_move_holds_on_no_day(facts):
    ask = facts(prices=f"{TOLD}\na,Base,list_price,90,90,100,,,2024-02-01,,s1")
    with pytest.raises(NotInFacts):
        ask("/prices show model:one on:2024-01-31")
    assert shown(ask("/prices show model:one on:2024-02-01")) == {"a": "90"}
    answer = ask("/prices history model:one")
    assert shown(answer) == {"a:previous": "100", "a": "90"}
    assert PreviousOnly("a:previous", "One Base") in answer.caveats


OFFERS = f"""{TOLD}
a,Base,list_price,100,100,,,,2024-01-01,,s1
before,,subsidy,5,5,,,,2024-01-01,2024-02-01,s1
within,,subsidy,6,6,,,,2024-02-10,2024-02-20,s1
after,,subsidy,7,7,,,,2024-03-01,,s1
denied,,subsidy,8,8,,,,2024-02-10,2024-02-20,s4"""


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ("", ["before", "within", "after"]),
        (" since:2024-01-31", ["before", "within", "after"]),
        (" since:2024-02-01", ["within", "after"]),
        (" since:2024-02-01 until:2024-02-29", ["within"]),
        (" since:2024-02-01 until:2024-02-10", ["within"]),
        (" since:2024-02-01 until:2024-02-09", []),
        (" since:2024-02-01 until:2024-03-01", ["within", "after"]),
    ],
)
def test_history_lists_the_offers_of_the_days_asked(facts, window, found):
    answer = facts(prices=OFFERS)(f"/prices history model:one{window}")
    assert [figure.id for figure in answer.figures if figure.role == "offer" and figure.id != "denied"] == found


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2024-01-31", ["before"]),
        ("2024-02-01", []),
        ("2024-02-10", ["within"]),
        ("2024-02-19", ["within"]),
        ("2024-02-20", []),
        ("2024-03-01", ["after"]),
    ],
)
def test_an_offer_stands_beside_the_price_from_its_first_day_until_the_day_out(facts, day, found):
    answer = facts(prices=OFFERS)(f"/prices show model:one on:{day}")
    assert [figure.id for figure in answer.figures if figure.role == "offer" and figure.id != "denied"] == found


def test_without_a_day_only_offers_without_an_end_stand(facts):
    answer = facts(prices=OFFERS)("/prices show model:one")
    assert [figure.id for figure in answer.figures if figure.role == "offer"] == ["after"]


def test_a_price_without_a_first_day_is_in_the_history_where_no_dated_one_is(facts):
    undated = "u,Base,list_price,100,100,,,,,,s1"
    answer = facts(prices=f"{TOLD}\n{undated}")("/prices history model:one")
    assert shown(answer) == {"u": "100"}
    assert answer.caveats == (SinceUnknown("One Base", None),)


def test_a_price_without_a_first_day_gives_way_to_dated_ones_in_the_history(facts):
    rows = f"{TOLD}\nu,Base,list_price,100,100,,,,,,s1\na,Base,list_price,90,90,,,,2024-02-01,,s1"
    assert shown(facts(prices=rows)("/prices history model:one")) == {"a": "90"}


def test_a_pre_sale_price_ends_where_the_list_price_begins(facts):
    rows = f"{TOLD}\np,Base,pre_sale_price,110,110,,,,2024-01-01,,s1\na,Base,list_price,100,100,,,,2024-02-01,,s1"
    ask = facts(prices=rows)
    assert shown(ask("/prices show model:one on:2024-01-31")) == {"p": "110"}
    assert shown(ask("/prices show model:one on:2024-02-01")) == {"a": "100"}


def test_a_comparison_names_the_two_prices_it_takes_apart(facts):
    ask = facts(prices="id,model,low,high,valid_from\na,One,100,100,2024-01-01\nb,Two,120,120,2024-01-01")
    answer = ask("/prices compare models:one,two on:2024-02-01")
    difference = answer.figure("difference-a-b")
    assert bounds_text(difference.quantity) == ("-20", "-20")
    assert difference.working.terms == (("a", 1), ("b", -1))


def test_each_region_that_both_models_have_is_compared_the_home_market_first(facts):
    ask = facts(
        prices="""id,model,region,currency,low,high,valid_from
aj,One,Japan,JPY,900,900,2024-01-01
ac,One,China,CNY,100,100,2024-01-01
bj,Two,Japan,JPY,800,800,2024-01-01
bc,Two,China,CNY,120,120,2024-01-01"""
    )
    answer = ask("/prices compare models:one,two on:2024-02-01")
    assert [f.id for f in answer.figures if f.name == "difference"] == ["difference-ac-bc", "difference-aj-bj"]


@pytest.mark.parametrize(
    ("line", "passed"),
    [
        ("on:2024-01-31", []),
        ("on:2024-02-01", ["weak"]),
        ("on:2024-03-01", ["weak"]),
        ("", ["weak"]),
    ],
)
def test_a_row_passed_over_is_named_from_its_first_day_on(facts, line, passed):
    ask = facts(
        prices=f"""{HEAD},sources
a,Base,100,100,2024-01-01,s1
weak,Base,95,95,2024-02-01,s3
b,Base,90,90,2024-02-01,s1"""
    )
    assert [one.figure.id for one in ask(f"/prices show model:one {line}").passed_over] == passed
