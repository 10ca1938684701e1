"""Times and gaps that a claim expects, up to their very ends."""

import pytest

EVENTS = """id,name,at
x,First,{0}
y,Second,{1}"""


def verdict(facts, line, expects, first="2024-03-28", second="2024-03-29T10:00+08:00"):
    ask = facts(claims=f'id,checks,expects\nc,"{line}","{expects}"', events=EVENTS.format(first, second))
    answer = ask("/claims check claim:c")
    [claim] = answer.result.claims
    [line] = claim.lines
    assert answer.verdict == claim.verdict == line.verdict
    return line.verdict


@pytest.mark.parametrize(
    ("at", "expects", "found"),
    [
        ("2024-03-01", "2024-03", "agrees"),
        ("2024-03-31", "2024-03", "agrees"),
        ("2024-02-29", "2024-03", "disagrees"),
        ("2024-04-01", "2024-03", "disagrees"),
        ("2024-03", "2024-03-31", "partly"),
        ("2024-03-28T10:00+08:00", "2024-03-28T02:00Z", "agrees"),
        ("2024-03-28T10:00+08:00", "2024-03-28T02:00:01Z", "disagrees"),
        ("2024-03-28T10:00+08:00/2024-03-28T11:00+08:00", "2024-03-28T02:00Z/2024-03-28T03:00Z", "agrees"),
        ("2024-03-28T10:00+08:00/2024-03-28T11:00+08:00", "2024-03-28T02:00Z/2024-03-28T02:59Z", "partly"),
        ("2024-03-28T10:00+08:00/2024-03-28T11:00+08:00", "2024-03-28T03:00Z/2024-03-28T04:00Z", "partly"),
    ],
)
def test_a_moment_agrees_where_it_lies_wholly_in_the_time_claimed(facts, at, expects, found):
    assert verdict(facts, "/timeline when what:x", expects, first=at) == found


@pytest.mark.parametrize("expects", ["before 1 day", "1 day", "before", "possible", "a response"])
def test_where_the_order_cannot_be_told_nothing_can(facts, expects):
    line = "/timeline gap first:x second:y" if "day" in expects else "/timeline check first:x second:y"
    assert verdict(facts, line, expects, first="2024-03-29") == "cannot tell"


@pytest.mark.parametrize(
    ("expects", "found"),
    [
        ("before 1 day", "agrees"),
        ("after 1 day", "disagrees"),
        ("1 day", "agrees"),
        ("2 days", "disagrees"),
        ("24 hours", "agrees"),
        (">=1 days", "agrees"),
        ("<=0.9 days", "disagrees"),
        ("1 month", "disagrees"),
    ],
)
def test_a_gap_is_compared_in_the_unit_claimed(facts, expects, found):
    line = "/timeline gap first:x second:y"
    assert verdict(facts, line, expects, first="2024-03-28T10:00+08:00") == found


@pytest.mark.parametrize("expects", ["before", "2024-03", "has x", "1 day", "a response"])
def test_an_answer_of_another_kind_says_nothing_of_a_time(facts, expects):
    ask = facts(
        claims=f'id,checks,expects\nc,"/prices show model:one on:2024-02-02","{expects}"',
        prices="id,low,high,valid_from\na,100,100,2024-02-01",
    )
    [line] = ask("/claims check claim:c").result.claims[0].lines
    assert line.verdict == "cannot tell"


@pytest.mark.parametrize(("expects", "found"), [("list_price 97000", "agrees"), ("list_price 100000", "disagrees")])
def test_a_claim_of_a_price_is_not_met_by_the_one_that_it_was_worked_out_from(facts, expects, found):
    prices = "id,low,high,change_low,change_high,valid_from\na,100000,100000,,,2024-01-01\nb,,,-3000,-3000,2024-02-01"
    ask = facts(claims=f'id,checks,expects\nc,"/prices show model:one on:2024-02-10","{expects}"', prices=prices)
    assert ask("/claims check claim:c").verdict == found
