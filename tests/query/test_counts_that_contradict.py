"""Counts that cannot all be right, and counts that only look as if they could not: net ones, late starts, about."""

import pytest

from salesbot.answers.notes import BoundDoubtful, Contradiction, NetBesideGross
from salesbot.values.quantity import bounds_text
from salesbot.words import words_for

WORDS = words_for()
HEAD = "id,launch,metric,low,high,stated,counting,gross,period_from,period_to,variant\n"
TOTAL = "/orders total launch:one"
AT = f"{TOTAL} at:2024-04-30"
DAY = "2024-03-29T22:00+08:00"


def count(id, number, until="2024-05-01", *, metric="orders", gross="yes", launch="one", stated="", variant=""):
    start = {"one": "2024-03-28T22:00+08:00", "two": "2024-04-28T22:00+08:00"}[launch]
    return f"{id},{launch},{metric},{number},{number},{stated},cumulative,{gross},{start},{until},{variant}\n"


def new(id, number, since, until="2024-05-01", metric="orders"):
    return f"{id},one,{metric},{number},{number},,new,yes,{since},{until},\n"


def opened(facts, *rows):
    return facts(orders=HEAD + "".join(rows))


def contradictions(answer):
    return [(note.figure, note.other) for note in answer.caveats if isinstance(note, Contradiction)]


@pytest.mark.parametrize("line", [TOTAL, AT])
@pytest.mark.parametrize(
    ("part", "said"),
    [
        (count("b", 1100, variant="Pro"), "1,100 orders of Pro are more than 1,000 orders"),
        (count("b", 1100, gross="no"), "1,100 orders net of cancellations are more than 1,000 orders"),
        (new("b", 1100, "2024-04-01"), "1,100 orders since 1 April 2024 are more than 1,000 orders"),
        (count("b", 1100, metric="locked_orders"), "1,100 locked orders are more than 1,000 orders"),
    ],
)
def test_a_part_above_its_whole_is_said(facts, part, said, line):
    answer = opened(facts, count("a", 1000), part)(line)
    assert answer.verdict == "disagrees"
    assert contradictions(answer) == [("b", "a")]
    assert f"The facts contradict each other: {said}" in WORDS.notes(answer)[0]


@pytest.mark.parametrize("line", [TOTAL, AT])
@pytest.mark.parametrize(
    "other",
    [
        count("b", 900, variant="Pro"),
        count("b", 900, gross="no"),
        new("b", 900, "2024-04-01"),
        new("b", 1100, "2024-05-01", "2024-06-01"),  # after it
    ],
)
def test_a_part_below_its_whole_is_none(facts, other, line):
    answer = opened(facts, count("a", 1000), other)(line)
    assert not contradictions(answer)
    assert answer.verdict != "disagrees"


def test_what_was_counted_in_a_part_before_is_in_a_later_whole(facts):
    asked = opened(facts, count("a", 800, "2024-05-10"), count("b", 900, metric="locked_orders"))
    assert contradictions(asked(TOTAL)) == [("b", "a")]
    assert "900 locked orders by the end of 30 April 2024 are more than 800 orders by the end of 9 May 2024" in "; ".join(WORDS.notes(asked(TOTAL))[0])  # fmt: skip
    other_way = opened(facts, count("a", 800), count("b", 900, "2024-05-10", metric="locked_orders"))
    assert not contradictions(other_way(TOTAL))
    of_net = opened(facts, count("a", 800, "2024-05-10", gross="no"), count("b", 900, metric="locked_orders"))
    assert not contradictions(of_net(TOTAL))


def test_a_net_count_below_the_gross_one_before_it_contradicts_nothing(facts):
    asked = opened(facts, count("a", 1000, "2024-04-10"), count("b", 800, gross="no"))
    answer = asked(AT)
    assert answer.verdict is None
    assert "800 orders net of cancellations, at least 1,000 orders" in WORDS.headline(answer)


def test_more_locked_than_are_left_net_is_no_rate_above_1(facts):
    asked = opened(facts, count("a", 1000, gross="no"), count("b", 1100, metric="locked_orders"))
    answer = asked(f"{AT} metric:lock_in_rate")
    assert (answer.verdict, contradictions(answer)) == ("cannot tell", [])
    gross = opened(facts, count("a", 1000), count("b", 1100, metric="locked_orders"))
    assert gross(f"{AT} metric:lock_in_rate").verdict == "disagrees"


@pytest.mark.parametrize(("number", "is_said"), [(10200, False), (10600, True)])
def test_about_is_widened_before_it_contradicts(facts, number, is_said):
    asked = opened(facts, count("a", 10000, stated="about"), count("b", number, metric="locked_orders"))
    assert bool(contradictions(asked(TOTAL))) == is_said


def test_the_growth_that_the_counts_allow_is_told_where_a_report_of_the_period_is_above_it(facts):
    asked = opened(facts, count("a", 1000), new("b", 1100, "2024-04-01"))
    answer = asked(f"{TOTAL} during:2024-04")
    assert answer.verdict == "disagrees"
    assert bounds_text(answer.figure("grown-orders").quantity) == ("0", "1000")
    fits = opened(facts, count("a", 1000), new("b", 900, "2024-04-01"))(f"{TOTAL} during:2024-04")
    assert fits.verdict is None


# bounds that others doubt


@pytest.mark.parametrize("ends", [("2024-04-10", "2024-05-01"), ("2024-04-10", "2024-04-10")])
@pytest.mark.parametrize("is_turned", [False, True])
def test_a_bound_that_another_report_doubts_says_so(facts, ends, is_turned):
    rows = [count("a", 3000, ends[0]), count("b", 2000, ends[1])]
    answer = opened(facts, *(rows[::-1] if is_turned else rows))(f"{TOTAL} at:2024-05-20")
    assert bounds_text(answer.figure("bracket-orders").quantity) == ("3000", None)
    assert [note for note in answer.caveats if isinstance(note, BoundDoubtful)] == [BoundDoubtful("orders", "a", "b")]
    later = "is reported later" if ends[0] != ends[1] else "is reported for the same time"
    assert later in "; ".join(WORDS.notes(answer)[0])


def test_a_bound_from_above_is_doubted_by_its_tie(facts):
    answer = opened(facts, count("a", 3000), count("b", 2700))(f"{TOTAL} at:2024-04-02")
    assert [note for note in answer.caveats if isinstance(note, BoundDoubtful)] == [BoundDoubtful("orders", "b", "a")]


def test_a_count_that_rose_again_bounds_without_a_doubt(facts):
    rows = count("a", 3000, "2024-04-10"), count("b", 2000, "2024-04-20"), count("c", 3100)
    answer = opened(facts, *rows)(f"{TOTAL} at:2024-05-20")
    assert bounds_text(answer.figure("bracket-orders").quantity) == ("3100", None)
    assert not [note for note in answer.caveats if isinstance(note, BoundDoubtful)]


# launches beside each other


def test_reports_that_tie_are_all_compared(facts):
    two = count("c", 5000, "2024-04-29T22:00+08:00", launch="two")
    answer = opened(facts, count("a", 3000, DAY), count("b", 2700, DAY), two)("/orders compare launches:one,two within:24h")  # fmt: skip
    assert WORDS.headline(answer).endswith("One 3,000 or 2,700; Two 5,000")
    assert {bounds_text(f.quantity)[0] for f in answer.figures if f.role == "difference"} == {"-2000", "-2300"}


@pytest.mark.parametrize("line", ["/orders compare launches:one,two within:24h", "/orders compare launches:one,two"])
def test_a_net_count_is_not_compared_with_a_gross_one(facts, line):
    two = count("c", 5000, "2024-04-29T22:00+08:00", launch="two")
    answer = opened(facts, count("a", 3000, DAY, gross="no"), two)(f"{line} metric:orders")
    assert answer.verdict == "cannot tell"
    if "within" in line:
        assert answer.missing == (NetBesideGross("orders", ("One",), ("Two",)),)
    both = opened(facts, count("a", 3000, DAY, gross="no"), two.replace("yes", "no"))(line)
    assert [bounds_text(f.quantity)[0] for f in both.figures if f.role == "difference"] in (["-2000"], [])


# progress


def test_progress_tells_one_course(facts):
    asked = opened(facts, count("a", 1000, "2024-04-10"), count("b", 1200, "2024-04-20"), count("c", 800, gross="no"))
    answer = asked("/orders progress launch:one")
    assert WORDS.headline(answer) == "One: 1,000 orders by the end of 9 April 2024, 1,200 by the end of 19 April 2024"
    net = opened(facts, count("c", 800, gross="no"))("/orders progress launch:one")
    assert WORDS.headline(net) == "One: 800 orders net of cancellations by the end of 30 April 2024"


def test_progress_of_variants_alone_tells_the_last_of_each(facts):
    rows = (
        count(f"{v.lower()}{n}", n, f"2024-04-{d}", variant=v)
        for v in ("Pro", "Max")
        for n, d in ((100, 10), (200, 20))
    )
    answer = opened(facts, *rows)("/orders progress launch:one")
    assert WORDS.headline(answer) == "One: Pro 200, Max 200 orders"


# deliveries of periods


def test_deliveries_of_periods_alone_say_since_when(facts):
    asked = opened(facts, new("a", 8000, "2024-05-01", "2024-06-01", "deliveries"))
    assert WORDS.headline(asked(f"{TOTAL} at:2024-05-31")) == "One, by the end of 31 May 2024: 8,000 deliveries since 1 May 2024"  # fmt: skip
    first = "c,one,deliveries,9000,9000,,cumulative,yes,2024-05-01,2024-06-01,\n"
    asked = opened(facts, first)
    assert "since" not in WORDS.headline(asked(f"{TOTAL} at:2024-05-31"))


# ids of two tables


def test_a_store_count_may_have_the_id_of_an_order_count(facts):
    stores = "id,launch,metric,low,high,valid_from\na,one,sales_stores,50,50,2024-03-01\n"
    asked = facts(orders=HEAD + count("a", 1000), stores=stores)
    answer = asked("/orders total launch:one at:2024-04-30 metric:orders_per_store")
    shown = {figure.id: bounds_text(figure.quantity)[0] for figure in answer.figures}
    assert (shown["a"], shown["a:stores"]) == ("1000", "50")
    [computed] = [figure for figure in answer.figures if figure.basis == "computed"]
    assert WORDS.working(answer, computed.id) == "1,000 orders ÷ 50 stores = 20 orders per store"


# places, starts and moments

PLACED = "id,launch,metric,low,high,counting,gross,period_from,period_to,place,variant\n"
PLACES = "id,name,part_of,complete\nasia,Asia,,\nchina,China,asia,yes\nnorth,North,china,\nsouth,South,china,\n"
OPENED = "2024-03-28T22:00+08:00"


def placed(id, number, place, *, metric="orders", gross="yes", start=OPENED, until="2024-05-01", variant=""):
    return f"{id},one,{metric},{number},{number},cumulative,{gross},{start},{until},{place},{variant}\n"


def placing(facts, *rows, places=PLACES):
    return facts(orders=PLACED + "".join(rows), places=places)


@pytest.mark.parametrize("line", [TOTAL, AT])
@pytest.mark.parametrize(("place", "is_said"), [("North", True), ("Asia", False), ("Japan", False)])
def test_only_a_place_inside_the_market_can_contradict_it(facts, place, is_said, line):
    answer = placing(facts, placed("a", 1000, ""), placed("b", 1100, place))(line)
    assert bool(contradictions(answer)) == is_said


def test_parts_of_one_place_contradict_each_other(facts):
    rows = placed("a", 600, "North"), placed("b", 700, "North", metric="locked_orders")
    assert contradictions(placing(facts, *rows)(TOTAL)) == [("b", "a")]
    rows = placed("a", 600, "North"), placed("b", 700, "South", metric="locked_orders")
    assert not contradictions(placing(facts, *rows)(TOTAL))


@pytest.mark.parametrize("line", [TOTAL, AT, f"{TOTAL} during:2024-04"])
@pytest.mark.parametrize("more", [{"gross": "no"}, {"start": "2024-04-20"}, {"variant": "Pro"}])
def test_parts_that_do_not_count_alike_are_not_summed(facts, more, line):
    if "during" in line:
        more = {"start": "2024-04-01"} | more
    answer = placing(facts, placed("a", 600, "North"), placed("b", 400, "South", **more))(line)
    assert not [figure for figure in answer.figures if figure.role == "sum"]


@pytest.mark.parametrize("line", [TOTAL, AT])
@pytest.mark.parametrize("more", [{"gross": "no"}, {"start": "2024-04-20"}])
def test_parts_that_count_alike_are_another_sum_than_the_whole(facts, more, line):
    rows = placed("a", 600, "North", **more), placed("b", 400, "South", **more), placed("w", 1200, "")
    answer = placing(facts, *rows)(line)
    [summed] = [figure for figure in answer.figures if figure.role == "sum"]
    assert (summed.is_net, summed.series_from is not None) == ("gross" in more, "start" in more)
    assert answer.verdict is None


@pytest.mark.parametrize("line", [TOTAL, f"{TOTAL} at:2024-05-31"])
def test_what_is_counted_in_a_period_may_belong_to_what_came_before(facts, line):
    may = new("a", 1000, "2024-05-01", "2024-06-01"), new("b", 1100, "2024-05-01", "2024-06-01", "locked_orders")
    assert not contradictions(opened(facts, *may)(line))
    wholes = count("w", 50000, "2024-06-01"), count("l", 30000, "2024-06-01", metric="locked_orders")
    assert not contradictions(opened(facts, *may, *wholes)(line))


def test_a_start_that_is_only_written_later_contradicts_nothing(facts):
    rows = "w,one,orders,1000,1000,,cumulative,yes,2024-04-10T12:00+08:00,2024-05-01,\n", "x,one,orders,1100,1100,,cumulative,yes,2024-04-10,2024-05-01,\n"  # fmt: skip
    assert not contradictions(opened(facts, *rows)(TOTAL))


def test_sums_of_periods_above_a_count_are_said(facts):
    answer = opened(facts, count("a", 1000), new("b", 600, "2024-04-01", "2024-04-16"), new("c", 600, "2024-04-16"))(TOTAL)  # fmt: skip
    assert answer.verdict == "disagrees"
    assert "1,200 orders since 1 April 2024 are more than 1,000 orders" in "; ".join(WORDS.notes(answer)[0])


@pytest.mark.parametrize(("gross", "is_said"), [("yes", True), ("unknown", False)])
def test_refunds_may_explain_a_later_whole_below_a_part(facts, gross, is_said):
    rows = count("a", 800, "2024-05-10", gross=gross), count("b", 900, metric="locked_orders")
    assert bool(contradictions(opened(facts, *rows)(TOTAL))) == is_said


def test_about_is_widened_in_a_rate_too(facts):
    rows = count("a", 10000, stated="about"), count("b", 10200, metric="locked_orders")
    assert opened(facts, *rows)(f"{AT} metric:lock_in_rate").verdict == "cannot tell"


def test_a_metric_asked_for_alone_is_held_against_its_whole(facts):
    rows = count("a", 1000), count("b", 1100, metric="locked_orders")
    for line in (f"{TOTAL} metric:locked_orders", f"{AT} metric:locked_orders"):
        assert opened(facts, *rows)(line).verdict == "disagrees"


# the start of a count


def test_a_start_on_the_day_of_the_opening_is_the_opening(facts):
    rows = "a,one,orders,1000,1000,,cumulative,yes,2024-03-28,2024-05-01,\n", count("b", 1100)
    answer = opened(facts, *rows)(TOTAL)
    assert (WORDS.headline(answer), answer.verdict) == ("One: 1,000 and 1,100 orders by the end of 30 April 2024", "disagrees")  # fmt: skip


def test_each_count_says_its_own_start(facts):
    head = "id,launch,metric,low,high,period_from,period_to\n"
    rows = "a,one,deliveries,900,900,2024-04-03,2024-05-01\nb,one,deliveries,700,700,2024-04-20,2024-05-01\n"
    told = "900 deliveries since 3 April 2024 and 700 since 20 April 2024"
    for line in (TOTAL, AT):
        assert told in WORDS.headline(facts(orders=head + rows)(line))


@pytest.mark.parametrize(
    "earlier", [new("a", 100, "2024-04-01", "2024-05-01", "deliveries"), "a,one,deliveries,100,100,,cumulative,yes,2024-04-03,2024-06-01,Pro\n"]
)  # fmt: skip
def test_deliveries_before_a_later_start_are_not_none(facts, earlier):
    later = "b,one,deliveries,5000,5000,,cumulative,yes,2024-05-01,2024-06-01,\n"
    ask = opened(facts, earlier, later)
    assert ask(f"{TOTAL} at:2024-04-20 metric:deliveries").verdict == "cannot tell"
    assert "5,000 deliveries since 1 May 2024" in WORDS.headline(ask(f"{TOTAL} at:2024-05-31"))
    may = ask(f"{TOTAL} during:2024-05 metric:deliveries")
    assert WORDS.headline(may) == "One, May 2024: 5,000 deliveries"


def test_a_count_that_ends_on_one_of_several_days_says_so(facts):
    answer = opened(facts, count("a", 1000, "2024-04-10/2024-04-12"))(TOTAL)
    assert WORDS.headline(answer) == "One: 1,000 orders by the end of 9–11 April 2024"


# what a net count leads to


def test_what_follows_from_a_net_count_is_net(facts):
    stores = "id,launch,metric,low,high,valid_from\ns,one,sales_stores,50,50,2024-03-01\n"
    per_store = "p,one,orders_per_store,40,40,,cumulative,,2024-03-28T22:00+08:00,2024-05-01,\n"
    ask = facts(orders=HEAD + count("a", 1000, gross="no") + per_store, stores=stores)
    answer = ask(f"{AT} metric:orders_per_store")
    assert answer.verdict is None
    assert [figure.is_net for figure in answer.figures if figure.basis == "computed"] == [True]
    assert "1,000 orders net of cancellations ÷ 50 stores" in WORDS.working(answer, "computed-orders-per-store")
    assert ask("/orders stores launch:one").verdict is None


def test_an_unstated_number_is_read_beside_its_like_only(facts):
    head = "id,launch,metric,could_be,low,high,gross,period_from,period_to,variant\n"
    unstated = f"u,one,unstated,orders;deliveries,1000,1000,,{OPENED},2024-05-01,\n"
    for other in (f"o,one,orders,,900,900,no,{OPENED},2024-05-01,\n", f"o,one,orders,,900,900,,{OPENED},2024-05-01,Pro\n"):  # fmt: skip
        assert facts(orders=head + unstated + other)(AT).verdict != "disagrees"


# stores, suppositions, rows passed over


def test_store_counts_of_a_channel_are_not_the_whole(facts):
    head = "id,launch,metric,low,high,valid_from,channel\n"
    stores = head + "s,one,sales_stores,50,50,2024-03-01,shop\nt,one,sales_stores,20,20,2024-03-01,street\n"
    ask = facts(orders=HEAD + count("a", 1000), stores=stores)
    assert ask(f"{AT} metric:orders_per_store").verdict == "cannot tell"
    assert WORDS.headline(ask("/orders stores launch:one")) == "One: shop 50 sales stores, street 20 sales stores"


@pytest.mark.parametrize(
    "rows",
    [
        (new("a", 600, OPENED, "2024-04-10"), new("b", 400, "2024-04-10")),
        (count("a", 1000), count("b", 1200, "2024-05-01T00:00+08:00")),
    ],
)
def test_what_if_has_every_operand(facts, rows):
    answer = opened(facts, *rows)("/orders whatif launch:one stores:50")
    assert all(WORDS.working(answer, figure.id) for figure in answer.figures if figure.basis == "computed")
    assert len([figure for figure in answer.figures if figure.name == "orders_per_store"]) == (1 if rows[0].startswith("a,one,orders,600") else 2)  # fmt: skip


def test_a_number_of_the_askers_that_contradicts_is_named_as_that(facts):
    rows = count("a", 2000), count("b", 1200, metric="locked_orders")
    answer = opened(facts, *rows)("/orders whatif launch:one orders:1100")
    assert "Your number contradicts the facts" in "; ".join(WORDS.notes(answer)[0])


def test_a_rumour_alone_is_listed_without_a_moment_too(facts):
    head = "id,launch,metric,low,high,period_from,period_to,status\n"
    answer = facts(orders=f"{head}a,one,orders,1000,1000,{OPENED},2024-05-01,rumour\n")(TOTAL)
    assert [(one.figure.id, one.reason) for one in answer.passed_over] == [("a", "rumour")]


def test_the_pace_from_each_report_that_ties(facts):
    rows = count("a", 1000, "2024-04-10"), count("b", 1100, "2024-04-10"), count("c", 2000, "2024-04-20")
    answer = opened(facts, *rows)("/orders progress launch:one")
    paces = {figure.id: WORDS.working(answer, figure.id) for figure in answer.figures if figure.role == "pace"}
    assert paces["pace-c"].startswith("(2,000 − 1,000)")
    assert paces["pace-c-from-b"].startswith("(2,000 − 1,100)")


# every figure that an answer speaks of is in it


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ((count("a", 300), count("b", 320, metric="locked_orders")), "/orders whatif launch:one orders:400"),
        (
            (new("a", 100, OPENED, "2024-04-11"), new("b", 100, "2024-04-11"), count("d", 600, metric="deliveries")),
            f"{TOTAL} metric:deliveries",
        ),
    ],
)
def test_every_figure_that_is_spoken_of_is_there(facts, rows, line):
    answer = opened(facts, *rows)(line)
    for language in ("en", "zh", "zh-Hant"):
        assert words_for(language).answer(answer).headline


def test_net_counts_are_compared_at_the_time_that_both_have(facts):
    rows = count("a", 3000, DAY, gross="no"), count("b", 2000, "2024-04-29T22:00+08:00", gross="no", launch="two")
    answer = opened(facts, *rows)("/orders compare launches:one,two")
    assert [bounds_text(f.quantity)[0] for f in answer.figures if f.role == "difference"] == ["1000"]
    mixed = opened(facts, rows[0], rows[1].replace(",no,", ",yes,"))("/orders compare launches:one,two metric:orders")
    assert mixed.missing == (NetBesideGross("orders", ("One",), ("Two",)),)


def test_a_rumour_hides_no_other_count(facts):
    head = "id,launch,metric,low,high,gross,period_from,period_to,status\n"
    rows = f"a,one,orders,500,500,yes,{OPENED},2024-04-11,rumour\nb,one,locked_orders,300,300,yes,{OPENED},2024-04-11,reported\n"
    answer = facts(orders=head + rows)("/orders progress launch:one")
    assert WORDS.headline(answer) == "One: 300 locked orders by the end of 10 April 2024"


def test_reports_that_tie_are_no_course(facts):
    answer = opened(facts, count("a", 300, "2024-04-11"), count("b", 280, "2024-04-11"))("/orders progress launch:one")
    assert WORDS.headline(answer) == "One: 300 and 280 orders by the end of 10 April 2024"


def test_a_count_of_one_day_says_that_day_once(facts):
    row = "a,one,deliveries,30,30,,new,yes,2024-04-03,2024-04-04,\n"
    assert WORDS.headline(opened(facts, row)(TOTAL)) == "One: 30 deliveries on 3 April 2024"
