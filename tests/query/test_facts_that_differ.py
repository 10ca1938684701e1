"""Facts that differ, or lie at different times: all of them are shown, none silently wins, none are mixed."""

import re

import pytest

from salesbot.values.quantity import bounds_text
from salesbot.words import words_for

WORDS = words_for()
ROW = "id,launch,metric,low,high,counting,period_from,period_to,place,said_by\n"
HALVES = "id,name,part_of,complete\nchina,China,,yes\nnorth,North,china,\nsouth,South,china,\n"


def told(answer):
    return WORDS.headline(answer), answer.verdict


def caveats(answer):
    return "; ".join(WORDS.notes(answer)[0])


APRIL = (
    "a,one,deliveries,1000,1000,new,2024-04-01,2024-05-01,,Acme\n",
    "b,one,deliveries,700,700,new,2024-04-01,2024-05-01,,Acme\n",
)
MAY = "c,one,deliveries,2000,2000,new,2024-05-01,2024-06-01,,Acme\n"


@pytest.mark.parametrize("rows", [APRIL, APRIL[::-1]])
def test_two_counts_of_one_period_both_count(ask, rows):
    asked = ask(orders=ROW + "".join(rows))
    both = {"One: 1,000 and 700 deliveries", "One: 700 and 1,000 deliveries"}
    for line in ("/orders total launch:one", "/orders total launch:one at:2024-04-30"):
        answer = asked(line)
        assert answer.verdict == "disagrees"
        told = re.sub(",? by the end of 30 April 2024", "", WORDS.headline(answer))
        assert told.replace(" since 1 April 2024", "") in both
        assert told.endswith(" since 1 April 2024")  # whether any was delivered before, the facts do not say


@pytest.mark.parametrize("rows", [APRIL, APRIL[::-1]])
def test_each_of_them_has_its_sum(ask, rows):
    answer = ask(orders=ROW + "".join(rows) + MAY)("/orders total launch:one")
    sums = [figure for figure in answer.figures if figure.role == "sum"]
    assert {bounds_text(one.quantity) for one in sums} == {("3000", "3000"), ("2700", "2700")}
    assert {WORDS.working(answer, one.id) for one in sums} == {"1,000 + 2,000 = 3,000", "700 + 2,000 = 2,700"}
    assert answer.verdict == "disagrees"


def test_counts_that_say_the_same_are_one(ask):
    same = APRIL[0] + APRIL[0].replace("a,one", "b,one")
    assert told(ask(orders=ROW + same + MAY)("/orders total launch:one")) == (
        "One: 3,000 deliveries since 1 April 2024 by the end of 31 May 2024",
        None,
    )


def test_of_many_ways_to_sum_the_least_and_the_greatest_are_told(ask):
    rows = [
        f"a{month}{n},one,deliveries,{n},{n},new,2024-{month:02}-01,2024-{month + 1:02}-01,,Acme\n"
        for month in range(4, 9)
        for n in (10, 20, 30)
    ]
    answer = ask(orders=ROW + "".join(rows))("/orders total launch:one")
    assert told(answer) == ("One: 50 and 150 deliveries since 1 April 2024 by the end of 31 August 2024", "disagrees")


def test_a_sum_that_starts_late_says_so(ask):
    asked = ask(orders=ROW + APRIL[0] + "d,one,deliveries,9000,9000,new,2024-07-01,2024-08-01,,Acme\n")
    headline, _ = told(asked("/orders total launch:one at:2024-07-31"))
    assert headline == "One, by the end of 31 July 2024: 9,000 deliveries since 1 July 2024"


NORTH = "a,one,orders,20000,20000,cumulative,,2024-04-03,North,Acme\n"
SOUTH = "b,one,orders,30000,30000,cumulative,,{},South,Acme\n"
WHOLE = "c,one,orders,{},{},cumulative,,2024-04-03,,Acme\n"


@pytest.mark.parametrize("line", ["/orders total launch:one", "/orders total launch:one at:2024-04-02"])
@pytest.mark.parametrize(("whole", "verdict"), [("45000", "disagrees"), ("50000", "agrees")])
def test_the_whole_is_compared_with_the_sum_of_its_parts(ask, line, whole, verdict):
    rows = ROW + NORTH + SOUTH.format("2024-04-03") + WHOLE.format(whole, whole)
    answer = ask(places=HALVES, orders=rows)(line)
    assert answer.verdict == verdict
    assert [figure.verdict for figure in answer.figures if figure.role == "sum"] == [verdict]
    assert not [figure for figure in answer.figures if figure.role == "bracket"]


def test_parts_of_different_moments_are_not_summed(ask):
    answer = ask(places=HALVES, orders=ROW + NORTH + SOUTH.format("2024-04-10"))("/orders total launch:one")
    assert told(answer)[0] == "One: North 20,000, South 30,000"
    assert "not summed, as they end at different times: North and South" in caveats(answer)


LOCKED = "b,one,locked_orders,6000,6000,cumulative,,{},,Acme\n"


def test_a_part_above_its_whole_is_said_without_a_moment_too(ask):
    orders = "a,one,orders,5000,5000,cumulative,,2024-04-02,,Acme\n"
    asked = ask(orders=ROW + orders + LOCKED.format("2024-04-02"))
    for line in ("/orders total launch:one", "/orders total launch:one at:2024-04-01"):
        answer = asked(line)
        assert answer.verdict == "disagrees" and "6,000 locked orders are more than 5,000 orders" in caveats(answer)
    later = ask(orders=ROW + orders + LOCKED.format("2024-05-02"))("/orders total launch:one")
    assert later.verdict is None and caveats(later) == ""  # the orders of a later day may be more


@pytest.mark.parametrize(
    "other",
    [
        "w,one,orders,300,300,cumulative,2024-05-01,2024-06-01,,Acme\n",  # another start
        "w,one,orders,20,20,new,2024-07-01,2024-08-01,,Acme\n",
    ],
)
def test_a_count_with_another_start_is_no_whole(ask, other):
    rows = "a,one,orders,6000,6000,cumulative,,2024-06-01,,Acme\nb,one,locked_orders,500,500,cumulative,,2024-06-01,,Acme\n"
    assert "contradict" not in caveats(ask(orders=ROW + rows + other)("/orders total launch:one"))


# stores and times

STORE = "id,brand,launch,metric,low,high,valid_from,valid_to,said_by\n"
OWN = "a,Acme,one,sales_stores,59,59,2024-03-12,2024-03-29,Acme\n"
BRAND = "b,Acme,,sales_stores,200,200,2024-12-31,,Acme\n"


@pytest.mark.parametrize(
    ("at", "headline"),
    [
        ("2024-03-20", "One: 59 sales stores"),
        ("2024-04-01", "One: 59 sales stores (12 March 2024)"),
        ("2024-12-31", "One: 200 sales stores"),
        ("2024-10-01", "One: 200 sales stores (31 December 2024)"),
    ],
)
def test_the_count_nearest_to_the_day_is_told_with_its_own(ask, at, headline):
    answer = ask(stores=STORE + OWN + BRAND)(f"/orders stores launch:one at:{at}")
    assert WORDS.headline(answer) == headline
    assert ("of the brand as a whole" in caveats(answer)) is ("200" in headline)


def test_the_day_asked_about_is_named_as_it_was_asked(ask):
    answer = ask(stores=STORE + OWN)("/orders stores launch:one at:2024-02-01")
    assert "used as the nearest for the end of 1 February 2024" in caveats(answer)


def test_a_pace_is_told_between_the_ends_of_its_days(ask):
    rows = "a,one,orders,1000,1000,cumulative,,2024-04-03,,Acme\nb,one,orders,3000,3000,cumulative,,2024-04-05,,Acme\n"
    answer = ask(orders=ROW + rows)("/orders progress launch:one")
    lines = [line.detail for line in WORDS.answer(answer).figures if line.label == "pace"]
    assert lines[-1] == "from the end of 2 April 2024 to the end of 4 April 2024"


@pytest.mark.parametrize(
    ("first", "second", "headline"),
    [
        ("2024-03-28 19:00 +08:00", "2024-03-28 22:00 +08:00", "came 3 h before"),
        ("2024-03-28 22:00 +08:00", "2024-03-28 19:00 +08:00", "came 3 h after"),
        ("2024-11-03 23:00 -10:00", "2024-11-04 23:00 +14:00", "came at the same instant"),
        ("2024-11-04 00:30 +14:00", "2024-11-03 23:00 -10:00", "came 22 h 30 min before"),
        ("2024-03-28 23:30 +08:00", "2024-03-29 00:30 +08:00", "came 1 h before"),
        ("2024-03-28", "2024-04-03", "came 6 days before"),
        ("2024-03-28 22:00 +08:00", "2024-04-03 08:00 +08:00", "came 6 days before"),
        ("2024-03-28", "2024-03-28 19:00 +08:00", "which came first cannot be told"),
    ],
)
def test_a_distance_of_hours_is_told_in_hours(ask, first, second, headline):
    asked = ask(orders=ROW + APRIL[0])
    assert headline in WORDS.headline(asked(f'/timeline gap first:"{first}" second:"{second}"'))


PRICES = "id,brand,model,trim,region,currency,price_type,low,high,change_low,change_high,valid_from,said_by\n"
FIRST = "a,Acme,One,Base,China,CNY,list_price,100000,100000,,,2024-01-01,Acme\n"


@pytest.mark.parametrize(
    ("rows", "price", "change"),
    [
        (["92000,92000,,", "90000,90000,,"], (90000, 92000), (-10000, -8000)),
        ([",,-5000,-5000", ",,-6000,-6000"], (94000, 95000), (-6000, -5000)),
        (["92000,92000,,", "92000,92000,,"], (92000, 92000), (-8000, -8000)),
    ],
)
def test_two_prices_of_one_day_are_one_move_between_both(ask, rows, price, change):
    told_twice = (
        f"{id},Acme,One,Base,China,CNY,list_price,{row},2024-02-01,Acme\n" for id, row in zip("bc", rows, strict=True)
    )
    asked = ask(prices=PRICES + FIRST + "".join(told_twice))
    shown = [one.quantity for one in asked("/prices show model:one on:2024-02-02").figures if not one.is_operand]
    assert [(one.low, one.high) for one in shown] == [price]
    moves = [
        one.quantity for one in asked("/prices changes model:one").figures if one.change and one.change.kind == "cut"
    ]
    assert [(one.low, one.high) for one in moves] == [change]


def test_no_price_is_below_0(ask):
    cut = "b,Acme,One,Base,China,CNY,list_price,,,-200000,-200000,2024-02-01,Acme\n"
    answer = ask(prices=PRICES + FIRST + cut)("/prices show model:one on:2024-02-02")
    assert not [one for one in answer.figures if one.quantity.low is not None and one.quantity.low < 0]
    assert "-" not in WORDS.headline(answer) and "−" not in WORDS.headline(answer)
