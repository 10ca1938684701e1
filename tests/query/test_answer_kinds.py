"""Kinds of facts that were once answered wrongly, each by a small pack of its own."""

import pytest

from salesbot.errors import NotInFacts, QuestionError
from salesbot.values.quantity import bounds_text
from salesbot.words import words_for
from tests.small_packs import asking

WORDS = words_for()
AT_24H = "2024-03-29T22:00+08:00"
NAMES = "id,kind,name\nacme,brand,Acme\none,model,One\ntwo,model,Two\none,launch,One\ntwo,launch,Two\n"


def headline(answer):
    return WORDS.headline(answer)


def numbers(answer, name):
    return [bounds_text(f.quantity) for f in answer.figures if f.name == name and not f.is_operand]


# 1: a count that starts again

AGAIN = f"""id,launch,metric,low,high,counting,period_from,period_to,said_by
a,one,orders,4000,4000,cumulative,,{AT_24H},Acme
b,one,orders,7000,7000,cumulative,,2024-04-18,Acme
c,one,orders,300,300,cumulative,2024-06-01,2024-07-01,Acme"""


def test_a_count_that_starts_again_says_nothing_of_the_first(ask):
    asked = ask(orders=AGAIN)
    assert numbers(asked("/orders total launch:one within:1h metric:orders"), "orders") == [("0", "4000")]
    at_24h = asked("/orders total launch:one within:24h metric:orders")
    assert (numbers(at_24h, "orders"), at_24h.verdict) == ([("4000", "4000")], None)
    assert headline(asked("/orders total launch:one metric:orders")).startswith("One: 7,000 orders")
    progress = asked("/orders progress launch:one metric:orders")
    assert all(
        f.quantity.low is None or f.quantity.high is None or f.quantity.low <= f.quantity.high for f in progress.figures
    )
    assert not [f for f in progress.figures if f.name == "pace" and f.quantity.low is not None and f.quantity.low < 0]


# 2: names that keep their marks

PLUS = """id,brand,model,trim,low,high,valid_from
a,Acme,One,Lite,210,210,2024-01-01
b,Acme,One,Lite+,330,330,2024-01-01"""


def test_names_that_differ_by_a_plus_or_a_mark_are_two(ask):
    names = (
        NAMES
        + "x24,launch,X24\nx24-plus,launch,X24+\nx24,launch,काया\nx24-plus,launch,किया\nx24,model,X24\nx24-plus,model,X24+"
    )
    launches = "id,brand,model,market,currency,zone,opened,sources\none,Acme,One,China,CNY,Asia/Shanghai,,s1\ntwo,Acme,Two,China,CNY,Asia/Shanghai,,s1\n"
    launches += "x24,Acme,X24,China,CNY,Asia/Shanghai,,s1\nx24-plus,Acme,X24+,China,CNY,Asia/Shanghai,,s1"
    orders = "id,launch,metric,low,high,period_to,period_from\na,x24,orders,11,11,2024-04-01,\nb,x24-plus,orders,7,7,2024-04-01,"
    asked = ask(prices=PLUS, names=names, launches=launches, orders=orders)
    assert "210 CNY" in headline(asked("/prices show model:One trim:Lite on:2024-03-01"))
    both = headline(asked("/prices show model:One on:2024-03-01"))
    assert "Lite 210" in both and "Lite+ 330" in both
    kinds = [f.change.kind for f in asked("/prices changes model:One").figures if f.change and f.role == "change"]
    assert "rise" not in kinds
    for line, number in (("launch:X24", "11"), ('launch:"X24+"', "7"), ("launch:काया", "11"), ("launch:किया", "7")):
        assert numbers(asked(f"/orders total {line} metric:orders"), "orders") == [(number, number)]


# 3: regions

REGIONS = """id,brand,model,trim,region,currency,low,high,valid_from,valid_to
a,Acme,One,Base,Germany,EUR,31990,31990,2024-01-01,
b,Acme,One,Base,France,EUR,32490,32490,2024-01-01,
c,Acme,One,Base,Croatia,HRK,240000,240000,2022-01-01,2023-01-01
d,Acme,One,Base,Croatia,EUR,31850,31850,2023-01-01,
e,Acme,Two,Base,Germany,EUR,22990,22990,2024-01-01,
f,Acme,Two,Base,France,EUR,22990,22990,2024-01-01,"""


def test_every_price_says_its_region_and_none_is_mixed(ask):
    asked = ask(prices=REGIONS)
    shown = asked("/prices show model:One on:2024-04-01")
    assert {(f.region, bounds_text(f.quantity)[0]) for f in shown.figures} == {
        ("Germany", "31990"),
        ("France", "32490"),
        ("Croatia", "31850"),
    }
    told = headline(asked("/prices history model:One"))
    assert "240,000 → 31,850" not in told and "31,990 → 32,490" not in told
    compared = asked("/prices compare models:One,Two on:2024-04-01")
    differences = {(f.region, bounds_text(f.quantity)[0]) for f in compared.figures if f.name == "difference"}
    assert differences <= {("Germany", "9000"), ("France", "9500")} and differences


# 4 and 5: what stands, and a change without a level


def test_a_later_rumour_hides_no_price(ask):
    prices = "id,low,high,valid_from,status\na,729,729,2024-01-01,reported\nb,629,629,2024-06-01,rumour"
    asked = ask(prices=prices)
    assert "729 CNY" in headline(asked("/prices show model:One on:2024-07-01"))
    assert "729 CNY" in headline(asked("/prices show model:One"))


def test_a_cut_without_a_level_changes_the_level(ask):
    prices = """id,model,low,high,change_low,change_high,valid_from
a,One,729,729,,,2024-01-01
b,One,,,-80,-80,2024-06-01
c,Two,310,310,,,2024-01-01
d,Two,,,,0,2024-06-01"""
    asked = ask(prices=prices)
    assert "649 CNY" in headline(asked("/prices show model:One on:2024-07-01"))
    assert "310 CNY" not in headline(asked("/prices show model:Two on:2024-07-01")).split(";")[0].split("(")[0]
    assert "729 → 649" in headline(asked("/prices history model:One"))


# 6: what is no new variant


def test_the_first_list_price_after_a_pre_sale_is_a_first_price(ask):
    prices = """id,price_type,low,high,valid_from,valid_to
a,pre_sale_price,340,340,2024-03-01,2024-06-01
b,list_price,320,320,2024-06-01,"""
    answer = ask(prices=prices)("/prices changes model:One since:2024-06-01 until:2024-06-30")
    assert [f.change.kind for f in answer.figures if f.role == "change"] == ["first price"]


# 7: sums choose the row that counts

SUMS = """id,launch,metric,low,high,counting,period_from,period_to,said_by,sources
bad,one,deliveries,9100,9100,new,2024-03-28T22:00+08:00,2024-05-01,somebody,s4
own,one,deliveries,6200,6200,new,2024-03-28T22:00+08:00,2024-05-01,Acme,s1
may,one,deliveries,7300,7300,new,2024-05-01,2024-06-01,Acme,s1"""


def test_a_sum_takes_the_row_that_counts_and_tells_the_other(ask):
    asked = ask(orders=SUMS)
    for line in ("metric:deliveries", "metric:deliveries at:2024-05-31"):
        answer = asked(f"/orders total launch:one {line}")
        assert headline(answer).split(":")[1].startswith(" 13,500 deliveries")
        assert [(one.figure.id, one.reason) for one in answer.passed_over] == [("bad", "known bad")]


# 8: parts

PARTS = f"""id,launch,metric,low,high,place,period_to
a,one,orders,70,70,Wuhan,{AT_24H}
b,one,orders,30,30,Harbin,{AT_24H}
c,one,orders,,,Dalian,{AT_24H}"""


def test_parts_are_never_the_whole_and_are_shown_at_every_moment(ask):
    asked = ask(
        orders=PARTS, stores="id,launch,metric,low,high,place,valid_from\ns,one,sales_stores,6,6,Wuhan,2024-03-01"
    )
    for line in ("/orders total launch:one", "/orders total launch:one within:24h metric:orders"):
        told = headline(asked(line))
        assert "Wuhan 70" in told and "Harbin 30" in told and "One: 70 orders" not in told
    assert "6" in headline(asked("/orders stores launch:one"))


# 9: pace


def test_a_pace_runs_between_points_of_one_series_and_may_fall_where_a_count_is_net(ask):
    orders = f"""id,launch,metric,low,high,gross,period_from,period_to
a,one,reservations,2400,2400,yes,2024-03-19T22:00+08:00,{AT_24H}
b,one,orders,1000,1000,unknown,,{AT_24H}
c,one,orders,880,880,unknown,,2024-03-30T22:00+08:00"""
    asked = ask(orders=orders)
    paces = [f for f in asked("/orders progress launch:one metric:reservations").figures if f.name == "pace"]
    assert [bounds_text(f.quantity) for f in paces] == [("10", "10")]
    paces = [f for f in asked("/orders progress launch:one metric:orders").figures if f.name == "pace"]
    assert ("-5", "-5") in [bounds_text(f.quantity) for f in paces]
    assert all(
        f.quantity.low <= f.quantity.high for f in paces if f.quantity.low is not None and f.quantity.high is not None
    )


# 10: 0 and rounding


def test_0_is_said_and_nothing_exact_is_rounded_to_all_or_nothing(ask):
    orders = f"""id,launch,metric,low,high,period_to
a,one,deliveries,0,0,{AT_24H}
b,one,lock_in_rate,0.9998,0.9998,{AT_24H}
c,one,cancellation_rate,0.0003,0.0003,{AT_24H}"""
    asked = ask(orders=orders)
    told = {
        m: headline(asked(f"/orders total launch:one within:24h metric:{m}"))
        for m in ("deliveries", "lock_in_rate", "cancellation_rate")
    }
    assert ": 0 deliveries" in told["deliveries"]
    assert "99.98 %" in told["lock_in_rate"] and "0.03 %" in told["cancellation_rate"]


# 11: what-if


def test_the_askers_numbers_replace_every_fact_of_their_metric(ask):
    orders = f"id,launch,metric,low,high,period_to\na,one,orders,8000,8000,{AT_24H}"
    asked = ask(orders=orders)
    answer = asked("/orders whatif launch:one stores:20 orders_per_store:100..120 lock_in_rate:25% within:24h")
    assert ("500", "600") in numbers(answer, "locked_orders") and ("2000", "2000") not in numbers(
        answer, "locked_orders"
    )
    assert ("0", "0") in numbers(asked("/orders whatif launch:one lock_in_rate:0 within:24h"), "locked_orders")
    assert ("15200", "19000") in numbers(asked("/orders whatif orders:4-5万 lock_in_rate:38%"), "locked_orders")
    assert ("2800", "3200") in numbers(
        asked("/orders whatif launch:one lock_in_rate:35-40% within:24h"), "locked_orders"
    )


# 12: the maker's own count


def test_the_makers_count_leads_and_ties_are_both_said(ask):
    orders = f"""id,launch,metric,low,high,period_to,said_by
a,one,orders,1150,1150,{AT_24H},Acme
b,one,orders_per_store,100,130,{AT_24H},press
c,two,orders,90,90,2024-04-29T22:00+08:00,Acme
d,two,orders,130,130,2024-04-29T22:00+08:00,Acme"""
    stores = "id,launch,metric,low,high,valid_from\ns,one,sales_stores,10,10,2024-03-01"
    asked = ask(orders=orders, stores=stores)
    assert ": 1,150 orders" in headline(asked("/orders total launch:one within:24h metric:orders"))
    tie = asked("/orders total launch:two within:24h metric:orders")
    assert "90 and 130 orders" in headline(tie) and tie.verdict == "disagrees"


# 13: clock changes


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("about 2024-11-03 02:15 America/New_York", "6:45", "7:45"),
        ("about 2024-03-10 03:15 America/Los_Angeles", "9:45", "10:45"),
    ],
)
def test_about_is_half_an_hour_of_elapsed_time(ask, text, first, last):
    moment = ask()(f'/timeline when what:"{text}"').result.side.moment
    assert len(moment.readings) == 1
    clocks = [f"{at // 3600 % 24}:{at // 60 % 60:02}" for at in moment.span]
    assert clocks == [first, last]


def test_a_clock_time_that_never_comes_is_asked_again(ask):
    launches = "id,brand,model,market,currency,zone,opened,sources\none,Acme,One,USA,USD,America/New_York,,s1\ntwo,Acme,Two,USA,USD,America/New_York,,s1"
    asked = ask(
        launches=launches, orders="id,launch,metric,low,high,period_to,period_from\na,one,orders,5,5,2025-03-01,"
    )
    with pytest.raises(QuestionError):
        asked('/orders total launch:one at:"2025-03-09 02:30" metric:orders')


# 14: a price known only from above


def test_a_price_known_only_from_above_is_at_most(ask):
    asked = ask(prices="id,trim,low,high,valid_from\na,Top,,240000,2024-04-08")
    assert "at most 240,000 CNY" in headline(asked("/prices show model:One trim:Top on:2024-04-10"))
    assert "at most 240,000" in headline(asked("/prices history model:One"))
    with pytest.raises(NotInFacts):
        asked("/prices show model:Two")


def test_changes_of_a_region_pass_over_models_that_have_no_price_there(seed_snapshot):
    seeds = asking(seed_snapshot)
    everywhere, china = (
        seeds("/prices changes since:2024-03-28"),
        seeds("/prices changes since:2024-03-28 region:China"),
    )
    assert 0 < len(china.figures) <= len(everywhere.figures)
    with pytest.raises(QuestionError, match="no_price_in_region"):
        seeds("/prices changes model:ff91 region:China")
