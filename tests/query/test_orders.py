"""Stores, progress, comparisons and what-ifs."""

import pytest

from salesbot.answers.notes import MarketsDiffer, NoOpening, NothingAlike, OtherMetrics, PastLast, YourNumbers
from salesbot.errors import NotInFacts, QuestionError
from salesbot.values.quantity import bounds_text
from tests.small_packs import text_of_error

AT_72H, AT_24H = "2024-03-31T22:00+08:00", "2024-03-29T22:00+08:00"


def bounds(answer, id):
    return bounds_text(answer.figure(id).quantity)


def test_the_45000_imply_these_stores(seeds):
    answer = seeds("/orders stores launch:su7")
    shown = {
        (f.name, f.place): bounds_text(f.quantity) for f in answer.figures if f.basis == "reported" and not f.is_operand
    }
    assert shown == {
        ("sales_stores", None): ("59", "59"),
        ("sales_stores", "Beijing"): ("8", "8"),  # a part beside the whole
        ("display_stores", None): ("76", "76"),
        ("cities", None): ("29", "29"),
    }
    implied = "computed-sales-stores-from-su7-article-45000:locked_orders"
    assert bounds(answer, implied) == ("56.25", "71.428572")
    assert bounds(answer, f"{implied}:whole") == ("57", "71")
    assert (answer.figure(f"{implied}:whole").quantity.unit, answer.figure(implied).verdict) == (
        "whole stores",
        "agrees",
    )
    assert answer.figure("computed-sales-stores-from-su7-article-45000:orders").verdict == "disagrees"


def test_the_lock_share_that_59_stores_would_need_agrees_in_part(seeds):
    answer = seeds("/orders stores launch:su7")
    share = answer.figure("computed-lock-in-rate-from-su7-article-45000:locked_orders")
    assert bounds_text(share.quantity, 3) == ("0.381", "0.424")
    assert (share.verdict, share.against) == ("partly", ("su7-lock-in-rate-72h",))


def test_orders_per_store_at_24_hours(seeds):
    answer = seeds("/orders stores launch:su7")
    figure = answer.figure("computed-orders-per-store-at-su7-orders-24h")
    assert bounds_text(figure.quantity, 1) == ("1506.7", "1506.7")
    assert figure.quantity.high < 1800


def test_every_working_of_an_answer_names_figures_with_its_own_numbers(seeds):
    """Two derivations of one metric must not share an id: the working would show the wrong numbers."""
    answer = seeds("/orders stores launch:su7")
    for figure in answer.figures:
        if figure.working and figure.working.form == "product":
            low = 1
            for id, power in figure.working.terms:
                operand = answer.figure(id).quantity
                low *= operand.low**power if power > 0 else operand.high**power
            assert low == figure.quantity.low, figure.id


def test_a_moment_is_bracketed_and_past_the_last_point_it_says_so(seeds):
    answer = seeds("/orders progress launch:su7 at:1h")
    assert bounds(answer, "bracket-orders") == ("50000", "88898")
    assert OtherMetrics(("locked_orders", "deliveries")) in answer.caveats
    late = seeds("/orders progress launch:su7 at:2024-06-01")
    assert bounds(late, "bracket-orders") == ("100000", None)
    assert any(isinstance(note, PastLast) for note in late.caveats)


def test_the_pace_between_points(facts):
    ask = facts(
        orders=f"""id,launch,metric,low,high,period_to,gross
a,one,orders,1000,1000,2024-03-28T23:00+08:00,yes
b,one,orders,1600,1900,2024-03-29T01:00+08:00,yes
c,one,orders,2000,,{AT_24H},yes"""
    )
    answer = ask("/orders progress launch:one")
    assert bounds(answer, "pace-a") == ("1000", "1000")
    assert bounds(answer, "pace-b") == ("300", "450")
    assert bounds(answer, "pace-c") == ("4.761904", None)
    assert answer.figure("pace-b").quantity.unit == "orders/hour"
    assert [f.id for f in ask("/orders progress launch:one within:1h").figures] == ["a", "pace-a"]


def test_progress_of_what_nobody_counted_is_not_in_the_facts(seeds):
    with pytest.raises(NotInFacts) as error:
        seeds("/orders progress launch:su7 metric:reservations")
    assert "no cumulative reservations" in text_of_error(error.value)
    with pytest.raises(QuestionError) as error:
        seeds("/orders progress launch:su7 at:1h within:2h")
    assert "both name a moment" in text_of_error(error.value)


def test_launches_are_compared_at_the_same_time_since_opening(seeds):
    answer = seeds("/orders compare launches:su7,yu7 within:1h")
    assert bounds(answer, "bracket-orders:su7") == ("50000", "88898")
    assert bounds(answer, "yu7-orders-1h") == ("289000", "289000")
    difference = next(f for f in answer.figures if f.name == "difference")
    assert bounds_text(difference.quantity) == ("-239000", "-200102")


def test_a_comparison_without_an_opening_is_refused_with_the_reason(seeds):
    answer = seeds("/orders compare launches:su7,model-3 within:24h")
    assert (answer.verdict, answer.figures) == ("cannot tell", ())
    assert NoOpening("Model 3") in answer.missing


def test_a_comparison_of_unlike_counts_is_refused(facts):
    ask = facts(
        orders=f"""id,launch,metric,low,high,period_from,period_to
a,one,orders,1,1,2024-03-28T22:00+08:00,{AT_24H}
b,two,locked_orders,1,1,2024-04-28T22:00+08:00,2024-04-29T22:00+08:00"""
    )
    answer = ask("/orders compare launches:one,two")
    assert answer.verdict == "cannot tell"
    assert isinstance(answer.missing[0], NothingAlike)


def test_markets_that_differ_are_said(facts):
    launches = """id,brand,model,market,currency,zone,opened,sources
one,Acme,One,China,CNY,Asia/Shanghai,2024-03-28T22:00+08:00,s1
two,Acme,Two,Japan,JPY,Asia/Tokyo,2024-04-28T22:00+09:00,s1"""
    orders = f"""id,launch,metric,low,high,period_from,period_to,place
a,one,orders,5,5,2024-03-28T22:00+08:00,{AT_24H},China
b,two,orders,3,3,2024-04-28T22:00+09:00,2024-04-29T22:00+09:00,Japan"""
    answer = facts(launches=launches, orders=orders)("/orders compare launches:one,two")
    assert MarketsDiffer((("One", "China"), ("Two", "Japan"))) in answer.caveats
    assert bounds(answer, "difference-a-b") == ("2", "2")


def test_60_stores_would_give_this(seeds):
    answer = seeds("/orders whatif launch:su7 stores:60 within:72h")
    assert bounds(answer, "computed-locked-orders") == ("37800", "48000")
    assert answer.figure("asked-stores").basis == "asked"
    assert YourNumbers(("sales_stores",)) in answer.caveats


def test_a_what_if_needs_no_launch_when_the_operands_are_given(seeds):
    answer = seeds("/orders whatif orders_per_store:1800..2000 stores:59.5 lock_in_rate:38%")
    assert bounds(answer, "computed-orders") == ("107100", "119000")
    assert bounds(answer, "computed-locked-orders") == ("40698", "45220")


def test_n_divided_by_at_least_m(seeds):
    answer = seeds("/orders whatif orders:900 stores:>=30")
    assert bounds(answer, "computed-orders-per-store") == ("0", "30")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("/orders whatif launch:su7", "whatif needs a number"),
        ("/orders whatif orders:900 stores:0", "stores is 0, and nothing can be divided by it"),
        ("/orders whatif launch:su7 lock_in_rate:38", "more than all orders"),
        ("/orders whatif stores:60 within:72h", "need a launch"),
        ("/orders whatif stores:60..55 launch:su7", "write the smaller number first: 55..60"),
    ],
)
def test_a_what_if_that_cannot_be_says_why(seeds, line, message):
    with pytest.raises(QuestionError) as error:
        seeds(line)
    assert message in text_of_error(error.value)


def test_no_stores_take_no_orders(seeds):
    answer = seeds("/orders whatif launch:su7 stores:0 within:72h")
    assert bounds(answer, "computed-orders") == ("0", "0")
    assert bounds(answer, "computed-locked-orders") == ("0", "0")


def test_a_what_if_that_lacks_an_operand_names_it(seeds):
    answer = seeds("/orders whatif stores:60")
    assert answer.verdict == "cannot tell"
    assert answer.missing


def test_a_comparison_at_a_calendar_time_says_to_count_from_the_openings(seeds):
    assert (
        seeds("/orders compare launches:su7,yu7 at:1h").figures
        == seeds("/orders compare launches:su7,yu7 within:1h").figures
    )
    with pytest.raises(QuestionError) as error:
        seeds("/orders compare launches:su7,yu7 at:2024-04-01")
    assert "each launch opened at its own time" in text_of_error(error.value)


@pytest.mark.parametrize(
    "line",
    [
        "/orders compare launches:su7,yu7 within:3d metric:locked_orders",
        "/orders compare launches:su7,yu7 within:72h metric:sales_stores",
    ],
)
def test_every_figure_that_a_comparison_names_is_in_it(seeds, line):
    answer = seeds(line)
    for figure in answer.figures:
        for id in (*figure.against, *(figure.working.operands if figure.working else ())):
            assert answer.figure(id)
    for note in answer.caveats:
        assert not hasattr(note, "figure") or answer.figure(note.figure)
