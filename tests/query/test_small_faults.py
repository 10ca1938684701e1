"""Rules of the engine at their edges: where counts, prices, times and tables meet, end or are missing."""

from fractions import Fraction

import pytest

from salesbot.answers.notes import Contradiction, NoFigure, OtherSeries, PartsNotSummed
from salesbot.errors import PackRefused, TextError
from salesbot.packs.cell_text import column_letter
from salesbot.packs.reading import read_pack
from salesbot.values.moment import cell_time
from salesbot.values.post_ids import post_time
from salesbot.values.quantity import Quantity, bounds_text, quotient
from tests.small_packs import pack_folder

HEAD = "id,launch,metric,low,high,period_to"
PERIODS = "id,launch,metric,low,high,counting,period_from,period_to"
AT_1H, AT_24H, AT_72H = "2024-03-28T23:00+08:00", "2024-03-29T22:00+08:00", "2024-03-31T22:00+08:00"
PLACES = "id,name,part_of,complete\nchina,China,,yes\nnorth,North,china,\nsouth,South,china,"
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


def shown(answer):
    return {f.id: bounds_text(f.quantity)[0] for f in answer.figures if not f.is_operand}


def problems(folder):
    with pytest.raises(PackRefused) as refused:
        read_pack(folder)
    return refused.value.problems


# tables


def test_what_a_table_that_cannot_be_read_on_would_have_held_is_not_missed(tmp_path):
    folder = pack_folder(tmp_path / "pack")
    with (folder / "sources.csv").open("w", encoding="utf-8") as file:
        file.write('id,publisher,title,grade,link\ns4,Wire,A report,A,yes\ns1,"Press" and more,Another,B,yes\n')
    [problem] = problems(folder)
    assert (problem.table, problem.row, problem.expected.key) == ("sources", 3, "well_formed_csv")


def test_a_cell_under_a_column_with_almost_its_name_is_checked_as_that_column(tmp_path):
    folder = pack_folder(tmp_path / "pack")
    path = folder / "sources.csv"
    header, _, rows = path.read_text(encoding="utf-8").partition("\n")
    letter = column_letter(header.split(",").index("grade"))
    path.write_text(f"{header.replace('grade', 'gradee')}\n{rows.replace(',A,', ',Z,', 1)}", encoding="utf-8")
    found = [(problem.row, problem.column, problem.letter, problem.cell) for problem in problems(folder)]
    assert found == [(1, "gradee", letter, "gradee"), (2, "grade", letter, "Z")]


# claims


def test_a_claim_about_an_event_with_any_name_of_a_launch_in_it_is_of_the_launch(facts):
    names = (
        "id,kind,name\nacme,brand,Acme\none,model,One\none,launch,One\none,launch,Alpha\ntwo,launch,Two\ntwo,model,Two"
    )
    ask = facts(
        names=names,
        events="id,name,at\nx,The alpha evening,2024-03-28\ny,Another evening,2024-03-29",
        claims="""id,checks,expects
of,/timeline when what:x,2024-03
not,/timeline when what:y,2024-03""",
    )
    assert [claim.id for claim in ask("/claims list launch:one").result.claims] == ["of"]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("/orders total launch:one metric:orders within:24h", "disagrees"),
        ("/orders total launch:one metric:orders within:48h", "agrees"),  # reports bound it, and none is of it
    ],
)
def test_a_claim_that_nothing_is_reported_is_refuted_by_a_report_of_what_was_asked(facts, line, verdict):
    ask = facts(
        orders=f"{HEAD}\na,one,orders,10,10,{AT_24H}\nb,one,orders,30,30,{AT_72H}",
        claims=f"id,checks,expects\nc,{line},none",
    )
    assert ask("/claims check claim:c").verdict == verdict


# counts at a moment


def test_a_net_count_is_what_an_average_is_computed_of_where_no_gross_one_is_reported(facts):
    ask = facts(
        orders=f"{HEAD},gross\nn,one,orders,100,100,{AT_24H},no",
        stores="id,launch,metric,low,high\ns,one,sales_stores,10,10",
    )
    answer = ask("/orders total launch:one metric:orders_per_store within:24h")
    assert bounds(answer, "computed-orders-per-store") == ("10", "10")


def test_the_stores_of_a_metric_that_is_in_no_formula_are_told_at_a_moment(facts):
    ask = facts(stores="id,launch,metric,low,high,valid_from\nd,one,display_stores,76,76,2024-03-01")
    answer = ask("/orders total launch:one metric:display_stores at:2024-04-01")
    assert (ids(answer), bounds(answer, "d")) == (["d"], ("76", "76"))


@pytest.mark.parametrize(
    "line", ["/orders total launch:one metric:orders", "/orders total launch:one metric:orders within:72h"]
)
def test_parts_of_which_one_is_unknown_are_not_summed_and_that_one_is_named(facts, line):
    orders = (
        f"id,launch,metric,low,high,place,period_to\nn,one,orders,10,10,north,{AT_72H}\ns,one,orders,,,south,{AT_72H}"
    )
    answer = facts(orders=orders, places=PLACES, names=PLACE_NAMES)(line)
    assert ids(answer) == ["n", "s"]
    assert PartsNotSummed(("north", "south"), ("south",)) in answer.caveats


def test_the_latest_unstated_figure_shows_what_its_readings_were_compared_with(facts):
    ask = facts(
        orders=f"""{HEAD},could_be
u,one,unstated,45,45,{AT_24H},orders;locked_orders
a,one,orders,45,45,{AT_24H},
b,one,orders,90,90,{AT_72H},"""
    )
    answer = ask("/orders total launch:one metric:orders")
    assert answer.figure("u:orders").against == ("a",)
    assert (answer.figure("a").is_operand, bounds(answer, "a")) == (True, ("45", "45"))


def test_a_total_that_is_told_only_as_a_contradiction_says_what_it_lacks(facts):
    ask = facts(orders=f"{HEAD}\nl,one,locked_orders,40,40,{AT_72H}\no,one,orders,10,10,{AT_72H}")
    answer = ask("/orders total launch:one within:72h metric:lock_in_rate")
    assert Contradiction("l", "o") in answer.caveats
    assert [note.metric for note in answer.missing if isinstance(note, NoFigure)] == ["lock_in_rate"]


# how counts grew


def test_a_count_with_another_start_and_one_report_says_its_start(facts):
    ask = facts(
        orders=f"""{HEAD},period_from
a,one,orders,10,10,{AT_24H},2024-03-28T22:00+08:00
b,one,orders,5,5,{AT_72H},2024-03-30T22:00+08:00"""
    )
    answer = ask("/orders progress launch:one")
    assert OtherSeries("b", cell_time("2024-03-30T22:00+08:00")) in answer.caveats


def test_progress_before_the_first_report_has_no_figure(facts):
    answer = facts(orders=f"{HEAD}\na,one,orders,10,10,{AT_24H}")("/orders progress launch:one within:1h")
    assert (answer.figures, answer.missing) == ((), (NoFigure("orders"),))


def test_progress_at_a_moment_before_the_opening_has_no_bounds_then(facts):
    ask = facts(orders=f"{HEAD}\na,one,orders,10,10,{AT_24H}")
    assert ids(ask("/orders progress launch:one at:2024-03-27")) == ["a", "pace-a"]
    assert ids(ask("/orders progress launch:one at:2024-03-28")) == ["bracket-orders", "a", "pace-a"]


def test_the_pace_from_a_report_of_unsure_time_is_as_unsure_as_the_time(facts):
    ask = facts(
        orders=f"""{HEAD},gross
a,one,orders,1000,1000,{AT_1H}/2024-03-29T00:00+08:00,yes
b,one,orders,1600,1600,2024-03-29T02:00+08:00,yes"""
    )
    assert bounds(ask("/orders progress launch:one"), "pace-b") == ("200", "300")


# sums of periods


def test_deliveries_known_only_by_a_period_are_zero_before_it(facts):
    ask = facts(orders=f"{PERIODS}\nm,one,deliveries,10,10,new,2024-05-01,2024-06-01")
    answer = ask("/orders total launch:one metric:deliveries at:2024-04-10")
    assert bounds(answer, "bracket-deliveries") == ("0", "0")
    assert answer.figure("bracket-deliveries").role == "not started"
    assert answer.figure("bracket-deliveries").working.terms == (("m", 1),)


@pytest.mark.parametrize("order", ["long,first,second", "first,second,long"])
def test_of_sums_that_end_together_the_one_with_the_fewest_periods_counts(facts, order):
    rows = {
        "long": "long,one,deliveries,31,31,new,2024-03-28,2024-05-28",
        "first": "first,one,deliveries,10,10,new,2024-03-28,2024-04-28",
        "second": "second,one,deliveries,20,20,new,2024-04-28,2024-05-28",
    }
    ask = facts(orders="\n".join([PERIODS, *(rows[id] for id in order.split(","))]))
    answer = ask("/orders total launch:one metric:deliveries")
    assert (ids(answer), bounds(answer, "long")) == (["long"], ("31", "31"))


# prices


def test_a_pre_sale_price_that_ended_before_a_list_price_of_unsure_day_keeps_its_end(facts):
    ask = facts(
        prices="""id,price_type,low,high,valid_from,valid_to
p,pre_sale_price,110,110,2024-04-01,2024-05-01
l,list_price,100,100,2024-05,"""
    )
    assert "p" in shown(ask("/prices show model:one on:2024-04-30"))
    assert shown(ask("/prices show model:one on:2024-05-15")) == {"l": "100"}


@pytest.mark.parametrize(("day", "is_known"), [("2024-04-09", False), ("2024-04-10", True), ("2024-04-11", True)])
def test_a_price_without_a_first_day_holds_from_the_day_it_was_listed(facts, day, is_known):
    ask = facts(
        sources="id,publisher,title,grade,link,published\ns1,Wire,A report,A,yes,2024-04-10",
        prices="id,trim,low,high,valid_from\na,Base,100,100,\nb,Long,200,200,2024-01-01",
    )
    assert ("a" in shown(ask(f"/prices show model:one on:{day}"))) is is_known


# times and numbers


def test_a_post_that_x_numbered_one_by_one_says_no_time():
    with pytest.raises(TextError) as error:
        post_time("https://x.com/jack/status/20")
    assert error.value.expected.key == "post_id_without_time"


def test_an_early_post_on_discord_says_its_time():
    post = post_time("https://discord.com/channels/1/2/4194304000")
    assert [(reading.zone, reading.earliest) for reading in post.readings] == [("UTC (Discord)", 1_420_070_401)]


def test_what_is_divided_by_at_least_something_may_be_as_little_as_zero():
    assert quotient(Quantity.exactly(10), Quantity(Fraction(2), None)) == Quantity(Fraction(0), Fraction(5))
