"""The reference on counts whose right answer was worked out by hand: each test holds a pack, what is right, and what was wrong."""

from __future__ import annotations

import pytest

from .small import fig, is_right, is_wrong, small_pack

LATER_START = small_pack("""
    launches id=one
    orders id=d1 launch=one n=50000 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=d21 launch=one n=90000 period_from=2024-01-10T12:00Z period_to=2024-01-31T12:00Z
    orders id=june launch=one n=30000 period_from=2024-06-01T00:00Z period_to=2024-07-01T00:00Z
""")
JUNE = fig("orders", 30000, id="june", series_from="2024-06-01T00:00Z")


def test_a_count_that_starts_later_does_not_bound_the_launch() -> None:
    line = "/orders total launch:one within:1h metric:orders"
    assert is_right(LATER_START, line, fig("orders", 0, 50000), headline="One: 0–50,000 orders")
    assert is_wrong(LATER_START, line, fig("orders", 0, 0), fig("orders", 30000))


def test_a_report_that_nothing_refutes_has_no_verdict() -> None:
    line = "/orders total launch:one within:24h metric:orders"
    said = {"headline": "One: 50,000 orders"}
    assert is_right(LATER_START, line, fig("orders", 50000, id="d1"), **said)
    assert is_wrong(LATER_START, line, fig("orders", 50000, id="d1"), **said, verdict="disagrees")


def test_the_total_is_the_series_since_the_opening() -> None:
    line = "/orders total launch:one metric:orders"
    assert is_right(
        LATER_START, line, fig("orders", 90000, id="d21"), JUNE, headline="One: 90,000 orders by 31 January"
    )
    assert is_wrong(LATER_START, line, JUNE, headline="One: 30,000 orders")
    assert is_wrong(LATER_START, line, fig("orders", 90000, id="d21"), headline="One: 90,000 orders by 31 January")


def test_a_pace_stays_inside_one_series() -> None:
    line = "/orders progress launch:one metric:orders"
    points = [fig("orders", 50000, id="d1"), fig("orders", 90000, id="d21"), JUNE]
    unit = {"unit": "orders/hour"}
    paces = [fig("pace", "2083.333333", **unit), fig("pace", "83.333333", **unit), fig("pace", "41.666667", **unit)]
    assert is_right(LATER_START, line, *points, *paces)
    assert is_wrong(LATER_START, line, *points, *paces, fig("pace", "0", "5", operands=["june", "d21"], **unit))


NEW_COUNTS = small_pack("""
    launches id=one
    orders id=jan-page launch=one metric=deliveries n=9000 counting=new period_from=2024-01-01 period_to=2024-02-01 said_by=page sources=d1
    orders id=jan launch=one metric=deliveries n=7058 counting=new period_from=2024-01-01 period_to=2024-02-01
    orders id=feb launch=one metric=deliveries n=8000 counting=new period_from=2024-02-01 period_to=2024-03-01
""")


@pytest.mark.parametrize("moment", ["", ' at:"2024-03-01 00:00"', " at:2024-02-29", " at:2024-02"])
def test_new_counts_that_chain_are_summed_each_by_who_counts_most(moment: str) -> None:
    line = f"/orders total launch:one{moment} metric:deliveries"
    assert is_right(NEW_COUNTS, line, fig("deliveries", 15058), headline="One: 15,058 deliveries")
    assert is_wrong(NEW_COUNTS, line, fig("deliveries", 17000), headline="One: 17,000 deliveries")


PARTS = small_pack("""
    launches id=one market=India
    launches id=two market=EU
    orders id=o1 launch=one n=60 place=Delhi period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=o2 launch=one n=40 place=Mumbai period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=o3 launch=one place=Chennai period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=t1 launch=two n=30 place=Berlin period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=t2 launch=two n=20 place=Paris period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    stores id=s1 launch=one n=6 place=Delhi valid_from=2024-01-01
    stores id=s2 launch=one n=4 place=Mumbai valid_from=2024-01-01
    stores id=s3 launch=one place=Chennai valid_from=2024-01-01
""")


@pytest.mark.parametrize("moment", ["", " within:24h metric:orders"])
def test_parts_are_shown_and_never_stand_for_the_whole(moment: str) -> None:
    line = f"/orders total launch:one{moment}"
    figures = [fig("orders", 60, id="o1"), fig("orders", 40, id="o2"), fig("orders", None, None, id="o3")]
    assert is_right(PARTS, line, *figures, headline="One: 60 orders in Delhi, 40 orders in Mumbai, Chennai not known")
    assert is_wrong(PARTS, line, *figures, headline="One: 60 orders")
    assert is_wrong(PARTS, line, exit=3)


def test_store_counts_of_places_are_an_answer() -> None:
    figures = [
        fig("sales_stores", 6, id="s1"),
        fig("sales_stores", 4, id="s2"),
        fig("sales_stores", None, None, id="s3"),
    ]
    assert is_right(PARTS, "/orders stores launch:one", *figures)
    assert is_wrong(PARTS, "/orders stores launch:one", exit=3)


PACES = small_pack("""
    launches id=one
    orders id=r launch=one metric=reservations n=24000 period_from=2024-01-01T12:00Z period_to=2024-01-11T12:00Z
    orders id=n1 launch=one n=1000 gross=no period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=n2 launch=one n=900 gross=no period_from=2024-01-10T12:00Z period_to=2024-01-12T12:00Z
""")


def test_the_first_pace_runs_from_where_the_count_starts() -> None:
    line = "/orders progress launch:one metric:reservations"
    point, unit = fig("reservations", 24000, id="r"), {"unit": "reservations/hour"}
    assert is_right(PACES, line, point, fig("pace", 100, **unit), headline="One: 24,000 reservations")
    assert is_wrong(PACES, line, point, fig("pace", 1000, **unit), headline="One: 24,000 reservations")
    twice = "One: 24,000 reservations by 11 January, 24,000 by 11 January"
    assert is_wrong(PACES, line, point, fig("pace", 100, **unit), headline=twice)


def test_a_net_count_may_fall_and_low_is_never_above_high() -> None:
    line, unit = "/orders progress launch:one metric:orders", {"unit": "orders/hour"}
    figures = [fig("orders", 1000, id="n1"), fig("orders", 900, id="n2"), fig("pace", "41.666667", **unit)]
    assert is_right(PACES, line, *figures, fig("pace", "-4.166667", **unit))
    assert is_wrong(PACES, line, *figures, fig("pace", "0", "-4.166666", **unit))


ZERO = small_pack("""
    launches id=one
    orders id=d launch=one metric=deliveries n=0 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=l launch=one metric=lock_in_rate n=0.9999 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=c launch=one metric=cancellation_rate n=0.0004 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
""")


@pytest.mark.parametrize(
    ("metric", "number", "right", "wrong"),
    [
        ("deliveries", "0", "One: 0 deliveries", "One: cannot tell"),
        ("lock_in_rate", "0.9999", "One: 99.99 % lock-in rate", "One: 100 % lock-in rate"),
        ("cancellation_rate", "0.0004", "One: 0.04 % cancellation rate", "One: 0 % cancellation rate"),
    ],
)
def test_words_never_round_an_exact_figure(metric: str, number: str, right: str, wrong: str) -> None:
    line = f"/orders total launch:one within:24h metric:{metric}"
    figure = fig(metric, number, id=metric[0])
    assert is_right(ZERO, line, figure, headline=right)
    assert is_wrong(ZERO, line, figure, headline=wrong)


MAKERS_OWN = small_pack("""
    launches id=one
    launches id=two
    launches id=tie
    orders id=p launch=one metric=orders_per_store low=100 high=140 stated=range period_to=2024-01-11T12:00Z said_by=press sources=c1
    orders id=o1 launch=one n=1250 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=o2 launch=two n=1300 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=t1 launch=tie n=100 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=t2 launch=tie n=120 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    stores id=s launch=one n=10 valid_from=2024-01-01
""")


def test_launches_are_compared_by_the_counts_that_lead() -> None:
    line = "/orders compare launches:one,two within:24h metric:orders"
    assert is_right(MAKERS_OWN, line, fig("orders", 1250), fig("orders", 1300), fig("difference", -50))
    assert is_wrong(MAKERS_OWN, line, fig("orders", 1000, 1400), fig("orders", 1300), fig("difference", -300, 100))


def test_the_makers_exact_count_leads_before_a_computed_range() -> None:
    line = "/orders total launch:one within:24h metric:orders"
    figures = [fig("orders", 1250, id="o1"), fig("orders", 1000, 1400)]
    assert is_right(MAKERS_OWN, line, *figures, headline="One: 1,250 orders", verdict="agrees")
    assert is_wrong(MAKERS_OWN, line, *figures, headline="One: 1,000–1,400 orders", verdict="agrees")


def test_two_reports_that_tie_are_both_said_and_disagree() -> None:
    line = "/orders total launch:tie within:24h metric:orders"
    figures = [fig("orders", 100, id="t1"), fig("orders", 120, id="t2")]
    assert is_right(MAKERS_OWN, line, *figures, headline="Tie: 100 and 120 orders", verdict="disagrees")
    assert is_wrong(MAKERS_OWN, line, *figures, headline="Tie: 100 orders", verdict="disagrees")
    assert is_wrong(MAKERS_OWN, line, *figures, headline="Tie: 100 and 120 orders", verdict=None)


WHAT_IF = small_pack("""
    launches id=one
    launches id=two
    orders id=o1 launch=one n=9000 period_from=2024-01-10T12:00Z period_to=2024-01-11T12:00Z
    orders id=p launch=two metric=orders_per_store low=10 high=12 stated=range period_to=2024-01-11T12:00Z
    orders id=l launch=two metric=lock_in_rate n=0.5 period_to=2024-01-11T12:00Z
    orders id=k launch=two metric=locked_orders high=700 stated=at_most period_to=2024-01-11T12:00Z
""")
ASKED = {"basis": "asked"}


def test_the_askers_numbers_count_all_the_way_down() -> None:
    line = "/orders whatif launch:one stores:30 orders_per_store:100..110 lock_in_rate:33% within:24h"
    asked = [
        fig("sales_stores", 30, **ASKED),
        fig("orders_per_store", 100, 110, **ASKED),
        fig("lock_in_rate", "0.33", **ASKED),
    ]
    assert is_right(WHAT_IF, line, *asked, fig("orders", 3000, 3300), fig("locked_orders", 990, 1089))
    assert is_wrong(WHAT_IF, line, *asked, fig("orders", 3000, 3300), fig("locked_orders", 2970))


def test_a_rate_of_0_divides_nothing() -> None:
    line = "/orders whatif launch:one lock_in_rate:0 within:24h"
    assert is_right(WHAT_IF, line, fig("lock_in_rate", 0, **ASKED), fig("locked_orders", 0))
    assert is_wrong(WHAT_IF, line, exit=2)


def test_an_open_operand_has_its_open_result() -> None:
    line = "/orders whatif launch:two stores:>=60 within:24h"
    asked = fig("sales_stores", 60, None, **ASKED)
    reported = fig("locked_orders", None, 700, id="k", basis="reported", sources=["a1"])
    assert is_right(WHAT_IF, line, asked, fig("orders", 600, None), fig("locked_orders", 300, None), reported)
    assert is_wrong(WHAT_IF, line, asked, fig("orders", 600, None))


@pytest.mark.parametrize(
    ("numbers", "orders", "rate", "locked"),
    [
        ("orders:4-5万 lock_in_rate:38%", (40000, 50000), ("0.38",), (15200, 19000)),
        ("launch:one lock_in_rate:35-40% within:24h", None, ("0.35", "0.4"), (3150, 3600)),
    ],
)
def test_a_sign_after_the_last_number_holds_for_both(
    numbers: str, orders: tuple[int, int] | None, rate: tuple[str, ...], locked: tuple[int, int]
) -> None:
    asked = [fig("lock_in_rate", *rate, **ASKED)] + ([fig("orders", *orders, **ASKED)] if orders else [])
    assert is_right(WHAT_IF, f"/orders whatif {numbers}", *asked, fig("locked_orders", *locked))
    assert is_wrong(WHAT_IF, f"/orders whatif {numbers}", *asked, fig("locked_orders", "1.52", 19000))


SPRING = small_pack("""
    launches id=one zone=America/Los_Angeles opened=2025-03-09T01:30-08:00
    orders id=a launch=one n=100 period_from=2025-03-09T01:30-08:00 period_to=2025-03-10
""")


def test_a_time_that_never_comes_in_the_launchs_zone_is_a_wrong_question() -> None:
    line = '/orders total launch:one at:"2025-03-09 02:30" metric:orders'
    assert is_right(SPRING, line, exit=2)
    assert is_wrong(SPRING, line, exit=1)


def test_by_a_day_includes_the_day() -> None:
    line = "/orders total launch:one at:2025-03-09 metric:orders"
    assert is_right(SPRING, line, fig("orders", 100, id="a"), headline="One: 100 orders")
    assert is_wrong(SPRING, line, fig("orders", 0, 100), headline="One: 0–100 orders")


ALIASES = small_pack("""
    names id=s24 kind=launch name=काया
    names id=s24-plus kind=launch name=किया
    launches id=s24 model="Galaxy S24"
    launches id=s24-plus model="Galaxy S24+"
    orders id=a launch=s24 n=100 period_to=2024-01-11T12:00Z
    orders id=b launch=s24-plus n=60 period_to=2024-01-11T12:00Z
""")


@pytest.mark.parametrize(
    ("name", "id", "number"), [('"Galaxy S24"', "a", 100), ('"Galaxy S24+"', "b", 60), ("काया", "a", 100)]
)
def test_names_differ_by_a_plus_or_a_combining_mark(name: str, id: str, number: int) -> None:
    line = f"/orders total launch:{name} metric:orders"
    assert is_right(ALIASES, line, fig("orders", number, id=id), headline=f"It: {number} orders")
    assert is_wrong(ALIASES, line, exit=2)


SUPERSEDED = small_pack("""
    launches id=one
    orders id=first launch=one n=5000 period_to=2024-01-11T12:00Z superseded_by=second
    orders id=second launch=one n=6000 period_to=2024-01-11T12:00Z status=denied
""")


def test_a_row_superseded_by_one_that_does_not_stand_stands() -> None:
    line = "/orders total launch:one within:24h metric:orders"
    passed = [{"id": "second", "reason": "denied"}]
    assert is_right(SUPERSEDED, line, fig("orders", 5000, id="first"), headline="One: 5,000 orders", passed_over=passed)
    assert is_wrong(SUPERSEDED, line, fig("orders", 5000, id="first"), headline="One: 5,000 orders")
    assert is_wrong(SUPERSEDED, line, fig("orders", 6000, id="second"), headline="One: 6,000 orders")


PLACES = """
    launches id=one market=India
    places id=india name=India complete={complete}
    places id=delhi name=Delhi part_of=india
    places id=mumbai name=Mumbai part_of=india
    orders id=o1 launch=one n=60 place=Delhi period_to=2024-01-11T12:00Z
    orders id=o2 launch=one n=40 place=Mumbai period_to=2024-01-11T12:00Z
"""


def test_parts_are_summed_only_where_they_make_the_whole() -> None:
    line = "/orders total launch:one within:24h metric:orders"
    parts = [fig("orders", 60, id="o1"), fig("orders", 40, id="o2")]
    said = {"headline": "One: 100 orders, Delhi 60, Mumbai 40"}
    assert is_right(small_pack(PLACES.format(complete="yes")), line, fig("orders", 100), *parts, **said)
    assert is_wrong(small_pack(PLACES.format(complete="yes")), line, *parts, **said)
    assert is_right(small_pack(PLACES.format(complete="no")), line, *parts, **said)
    assert is_wrong(small_pack(PLACES.format(complete="no")), line, fig("orders", 100), *parts, **said)


IDENTITIES = small_pack("""
    launches id=one
    orders id=p launch=one metric=orders_per_store low=1800 high=2000 stated=range period_to=2024-01-11T12:00Z
    orders id=l launch=one metric=lock_in_rate low=0.35 high=0.4 stated=range period_to=2024-01-11T12:00Z
    stores id=s launch=one n=59 valid_from=2024-01-01
""")


def test_orders_and_locked_orders_follow_from_the_identities() -> None:
    line = "/orders total launch:one within:24h"
    assert is_right(IDENTITIES, line, fig("orders", 106200, 118000), fig("locked_orders", 37170, 47200))
    assert is_wrong(IDENTITIES, line, fig("orders", 106200, 118000))
