"""Which counts of a launch stand for the whole, and which launches are alike enough to be compared."""

import pytest

from salesbot.answers.notes import (
    Contradiction,
    NothingAlike,
    PartsNotSummed,
    PlaceNotKnown,
    StoresOfBrand,
    StoresOutsideSpan,
)
from salesbot.values.quantity import bounds_text

OPENED = {"one": "2024-03-28T22:00+08:00", "two": "2024-04-28T22:00+08:00"}
HEAD = "id,launch,metric,low,high,period_from,period_to"
PLACES = "id,name,part_of,complete\nchina,China,,{}\nnorth,North,china,\nsouth,South,china,"
PARTS = """id,launch,metric,low,high,place,period_to
n,one,orders,10,10,north,2024-04-01T22:00+08:00
s,one,orders,20,20,south,2024-04-01T22:00+08:00"""
PLACE_NAMES = """id,kind,name
acme,brand,Acme
one,model,One
two,model,Two
one,launch,One
two,launch,Two
china,place,China
north,place,North
south,place,South"""


def bounds(answer, id):
    return bounds_text(answer.figure(id).quantity)


def ids(answer):
    return [figure.id for figure in answer.figures if not figure.is_operand]


@pytest.mark.parametrize(("ends", "is_compared"), [("21:00", False), ("22:00:01", True), ("23:00", True)])
def test_launches_are_compared_at_a_time_after_their_openings(facts, ends, is_compared):
    ask = facts(
        orders=f"""{HEAD}
a,one,orders,10,10,,2024-03-28T{ends}+08:00
b,two,orders,30,30,,2024-04-28T{ends}+08:00"""
    )
    answer = ask("/orders compare launches:one,two metric:orders")
    assert ids(answer) == (["a", "b", "difference-a-b"] if is_compared else [])
    assert any(isinstance(note, NothingAlike) for note in answer.missing) is not is_compared


def test_the_difference_of_two_launches_names_both_counts(facts):
    ask = facts(
        orders=f"""{HEAD}
a,one,orders,10,10,{OPENED["one"]},2024-03-28T23:00+08:00
b,two,orders,30,30,{OPENED["two"]},2024-04-28T23:00+08:00"""
    )
    answer = ask("/orders compare launches:one,two metric:orders")
    assert bounds(answer, "difference-a-b") == ("-20", "-20")
    assert answer.figure("difference-a-b").working.terms == (("a", 1), ("b", -1))


@pytest.mark.parametrize(("metric", "is_compared"), [("deliveries", True), ("orders", False)])
def test_only_deliveries_may_be_counted_from_another_day_than_the_opening(facts, metric, is_compared):
    ask = facts(
        orders=f"""{HEAD}
a,one,{metric},10,10,2024-03-29T22:00+08:00,2024-03-31T22:00+08:00
b,two,{metric},30,30,2024-04-29T22:00+08:00,2024-05-01T22:00+08:00"""
    )
    answer = ask(f"/orders compare launches:one,two metric:{metric} within:72h")
    assert ids(answer) == (["a", "b", "difference-a-b"] if is_compared else [])


def test_launches_are_compared_at_the_longest_time_that_each_has_reports_for(facts):
    ask = facts(
        orders=f"""{HEAD}
a,one,orders,10,10,{OPENED["one"]},2024-03-28T23:00+08:00
a2,one,orders,50,50,{OPENED["one"]},2024-03-29T22:00+08:00
b,two,orders,30,30,{OPENED["two"]},2024-04-28T23:00+08:00"""
    )
    assert ids(ask("/orders compare launches:one,two metric:orders")) == ["a", "b", "difference-a-b"]


@pytest.mark.parametrize(
    "line", ["/orders total launch:one metric:orders", "/orders total launch:one metric:orders within:96h"]
)
def test_parts_are_summed_only_where_they_are_all_of_the_market(facts, line):
    whole = facts(orders=PARTS, places=PLACES.format("yes"), names=PLACE_NAMES)(line)
    assert bounds(whole, "summed-orders-parts") == ("30", "30")
    assert whole.figure("summed-orders-parts").working.operands == ("n", "s")


@pytest.mark.parametrize(
    "line", ["/orders total launch:one metric:orders", "/orders total launch:one metric:orders within:96h"]
)
def test_parts_that_may_not_be_all_are_not_summed(facts, line):
    answer = facts(orders=PARTS, places=PLACES.format(""), names=PLACE_NAMES)(line)
    assert ids(answer) == ["n", "s"]
    assert PartsNotSummed(("north", "south"), ()) in answer.caveats
    assert not any(isinstance(note, PlaceNotKnown) for note in answer.caveats)


def test_of_the_parts_of_a_market_the_number_known_is_said(facts):
    orders = PARTS.partition("\ns,")[0]
    answer = facts(orders=orders, places=PLACES.format("yes"), names=PLACE_NAMES)(
        "/orders total launch:one metric:orders"
    )
    assert ids(answer) == ["n"]
    assert PlaceNotKnown(1, 2) in answer.caveats


STORES = """id,launch,metric,low,high,valid_from,valid_to
early,{0},sales_stores,10,10,2024-03-01,2024-03-10
late,{0},sales_stores,20,20,2024-04-10,"""


@pytest.mark.parametrize(
    ("at", "stores", "is_inside"),
    [
        ("2024-03-05", "early", True),
        ("2024-03-12", "early", False),
        ("2024-04-08", "late", False),
        ("2024-04-10", "late", True),
        ("2025-01-01", "late", True),
    ],
)
def test_of_the_stores_of_a_brand_those_nearest_in_time_count(facts, at, stores, is_inside):
    answer = facts(stores=STORES.format(""))(f"/orders stores launch:one at:{at}")
    assert ids(answer) == [stores]
    assert StoresOfBrand(stores) in answer.caveats
    assert any(isinstance(note, StoresOutsideSpan) for note in answer.caveats) is not is_inside
    [passed] = answer.passed_over
    assert (passed.figure.id, passed.reason) == ({"early": "late", "late": "early"}[stores], "farther in time")


@pytest.mark.parametrize(("at", "stores"), [("2024-03-05", "early"), ("2024-03-12", "early"), ("2024-04-08", "late")])
def test_of_the_stores_of_a_launch_those_nearest_in_time_count(facts, at, stores):
    assert ids(facts(stores=STORES.format("one"))(f"/orders stores launch:one at:{at}")) == [stores]


def test_without_a_moment_the_latest_stores_count(facts):
    assert ids(facts(stores=STORES.format("one"))("/orders stores launch:one")) == ["late"]


def test_the_latest_sum_of_periods_stands_where_it_reaches_further_than_a_count(facts):
    months = """id,launch,metric,low,high,counting,period_from,period_to
m1,one,deliveries,10,10,new,2024-03-28,2024-04-28
m2,one,deliveries,20,20,new,2024-04-28,2024-05-28
c,one,deliveries,{0},{0},cumulative,2024-03-28T22:00+08:00,{1}"""
    ask = facts(orders=months.format(12, "2024-04-29T22:00+08:00"))
    assert ids(ask("/orders total launch:one metric:deliveries")) == ["summed-deliveries", "c"]


def test_a_count_that_reaches_as_far_as_the_sum_of_periods_stands_alone(facts):
    months = """id,launch,metric,low,high,counting,period_from,period_to
m1,one,deliveries,10,10,new,2024-03-28,2024-04-28
m2,one,deliveries,20,20,new,2024-04-28,2024-05-28
c,one,deliveries,30,30,cumulative,2024-03-28T22:00+08:00,2024-05-28"""
    assert ids(facts(orders=months)("/orders total launch:one metric:deliveries")) == ["c"]


def test_a_number_of_the_asker_replaces_the_fact_and_what_follows_from_it(facts):
    ask = facts(
        orders="""id,launch,metric,low,high,period_to
o,one,orders,100,100,2024-03-31T22:00+08:00
l,one,lock_in_rate,0.4,0.4,2024-03-31T22:00+08:00
p,one,orders_per_store,10,10,2024-03-31T22:00+08:00"""
    )
    answer = ask("/orders whatif launch:one within:72h stores:20")
    assert bounds(answer, "computed-orders") == ("200", "200")  # 20 × 10, not the 100 reported
    assert bounds(answer, "computed-locked-orders") == ("80", "80")
    assert "o" in [figure.id for figure in answer.figures]


def test_a_number_of_the_asker_leaves_a_fact_that_does_not_follow_from_it(facts):
    ask = facts(orders="id,launch,metric,low,high,period_to\no,one,orders,100,100,2024-03-31T22:00+08:00")
    answer = ask("/orders whatif launch:one within:72h stores:20")
    assert bounds(answer, "computed-orders-per-store") == ("5", "5")


def test_numbers_of_the_asker_that_agree_may_be_a_whole_and_all_its_parts(facts):
    answer = facts(orders="")("/orders whatif orders:100 stores:10 orders_per_store:10 lock_in_rate:0.5")
    assert bounds(answer, "computed-locked-orders") == ("50", "50")


def test_a_rate_wholly_above_one_is_a_contradiction_not_one(facts):
    ask = facts(
        orders="""id,launch,metric,low,high,period_to
l,one,locked_orders,40,40,2024-03-31T22:00+08:00
o,one,orders,10,10,2024-03-31T22:00+08:00"""
    )
    answer = ask("/orders total launch:one within:72h metric:lock_in_rate")
    assert "computed-lock-in-rate" not in ids(answer)
    assert Contradiction("l", "o") in answer.caveats


def test_a_rate_of_the_asker_that_is_at_least_something_is_at_most_all(facts):
    answer = facts(orders="")("/orders whatif orders:100 lock_in_rate:>=0.5")
    assert bounds(answer, "computed-locked-orders") == ("50", "100")


def test_the_places_of_another_market_are_no_parts_of_this_one(facts):
    places = PLACES.format("yes") + "\njapan,Japan,,\ntokyo,Tokyo,japan,"
    names = PLACE_NAMES + "\njapan,place,Japan\ntokyo,place,Tokyo"
    answer = facts(orders=PARTS, places=places, names=names)("/orders total launch:one metric:orders")
    assert bounds(answer, "summed-orders-parts") == ("30", "30")


PACES = """id,launch,metric,low,high,period_to,gross
a,one,orders,1000,1000,2024-03-29T22:00+08:00,{2}
b,one,orders,{0},{1},{3},{2}"""


@pytest.mark.parametrize(
    ("low", "high", "gross", "ends", "pace"),
    [
        (1600, 2200, "yes", "2024-03-30T00:00+08:00", ("300", "600")),
        (1600, "", "yes", "2024-03-30T00:00+08:00", ("300", None)),
        ("", 1600, "yes", "2024-03-30T00:00+08:00", ("0", "300")),  # what is counted gross never falls
        ("", 1600, "no", "2024-03-30T00:00+08:00", (None, "300")),
        (900, 1600, "yes", "2024-03-30T00:00+08:00", ("0", "300")),
        (900, 1600, "no", "2024-03-30T00:00+08:00", ("-50", "300")),
        (1600, 2200, "yes", "2024-03-29T21:00+08:00/2024-03-30T00:00+08:00", None),  # it may end before the other
        (1600, 2200, "yes", "2024-03-29T22:00+08:00/2024-03-30T00:00+08:00", None),
        ("", "", "no", "2024-03-30T00:00+08:00", None),
    ],
)
def test_the_pace_from_one_count_to_the_next(facts, low, high, gross, ends, pace):
    answer = facts(orders=PACES.format(low, high, gross, ends))("/orders progress launch:one")
    found = [bounds_text(figure.quantity) for figure in answer.figures if figure.id == "pace-b"]
    assert found == ([] if pace is None else [pace])
