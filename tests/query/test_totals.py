"""Totals: derived and reported side by side, and what decides which fact counts."""

import pytest

from salesbot.answers.notes import CountFell, NoFigure, NotGross, ReadingsDiffer, StoresOutsideSpan
from salesbot.errors import NotInFacts, QuestionError
from salesbot.values.quantity import bounds_text
from tests.small_packs import text_of_error

ORDERS = "id,metric,low,high,stated,period_to,said_by,sources,launch"
AT_72H, AT_24H = "2024-03-31T22:00+08:00", "2024-03-29T22:00+08:00"


def bounds(answer, id):
    return bounds_text(answer.figure(id).quantity)


def ids(answer, name, basis=None):
    """The figures of a metric, without the readings of a figure whose kind is not stated."""
    return [
        figure.id
        for figure in answer.figures
        if figure.name == name
        and not figure.is_operand
        and figure.role != "reading"
        and (basis is None or figure.basis == basis)
    ]


def readings(answer):
    return {figure.id: figure.verdict for figure in answer.figures if figure.role == "reading"}


def test_the_su7_after_72_hours(seeds):
    answer = seeds("/orders total launch:su7 within:72h")
    assert bounds(answer, "computed-orders") == ("106200", "118000")
    assert bounds(answer, "computed-locked-orders") == ("37170", "47200")
    verdicts = {f.name: f.verdict for f in answer.figures if f.reading_of == "su7-article-45000"}
    assert verdicts == {"orders": "disagrees", "locked_orders": "agrees", "deliveries": "disagrees"}
    look_back = answer.figure("su7-locked-72h-look-back")
    assert (look_back.verdict, look_back.against) == ("disagrees", ("su7-article-45000:locked_orders",))
    assert answer.figure("computed-locked-orders").verdict == "partly"
    assert answer.verdict == "partly"
    assert {type(note) for note in answer.caveats} == {StoresOutsideSpan, ReadingsDiffer}
    assert [p.figure.id for p in answer.passed_over] == ["su7-sales-stores-2024-03-25"]


def test_every_computed_figure_names_operands_and_sources_that_are_there(seeds):
    answer = seeds("/orders total launch:su7 within:72h")
    sources = {source.id for source in answer.sources}
    for figure in answer.figures:
        assert set(figure.sources) <= sources
        if figure.basis == "computed" and figure.working.form == "product":
            assert figure.sources
        for operand in figure.working.operands if figure.working else ():
            assert answer.figure(operand)


def test_24_hours_are_as_the_maker_reported_them(seeds):
    answer = seeds("/orders total launch:su7 within:24h metric:orders")
    assert bounds(answer, "su7-orders-24h") == ("88898", "88898")
    assert answer.verdict is None


def test_a_moment_nobody_reported_is_bracketed_by_its_neighbours(seeds):
    answer = seeds("/orders total launch:su7 at:1h metric:orders")
    assert bounds(answer, "bracket-orders") == ("50000", "88898")
    assert answer.figure("bracket-orders").working.operands == ("su7-orders-27min", "su7-orders-24h")


def test_without_a_moment_the_latest_cumulative_figures_stand_with_the_makers_own(seeds):
    answer = seeds("/orders total launch:su7")
    assert ids(answer, "locked_orders") == ["su7-locked-2024-05-15", "su7-locked-2024-04-30"]
    assert ids(answer, "orders") == ["su7-orders-2024-04-03"]
    assert bounds(answer, "summed-deliveries") == ("394854", "394854")
    assert readings(answer) == {  # a figure whose kind is not stated is shown under every reading
        "su7-results-call-248000:orders": "agrees",
        "su7-results-call-248000:locked_orders": "agrees",
    }


def test_within_needs_a_known_opening(seeds):
    with pytest.raises(NotInFacts) as error:
        seeds("/orders total launch:model-3 within:24h")
    assert "do not say at what time the order book of Model 3 opened" in text_of_error(error.value)
    assert ids(seeds("/orders total launch:model-3"), "reservations") == ["model-3-reservations-2017-07-28"]


def test_a_metric_without_any_fact_is_not_in_the_facts(seeds):
    with pytest.raises(NotInFacts) as error:
        seeds("/orders total launch:su7 metric:reservations")
    assert "the facts hold no reservations of SU7" in text_of_error(error.value)


def test_within_and_at_together_are_refused(seeds):
    with pytest.raises(QuestionError) as error:
        seeds("/orders total launch:su7 within:72h at:24h")
    assert "within and at both name a moment" in text_of_error(error.value)


def test_a_denied_figure_never_counts_but_is_named(facts):
    ask = facts(
        orders=f"id,launch,metric,low,high,period_to,status\na,one,orders,10,10,{AT_72H},denied\nb,one,orders,20,20,{AT_72H},reported"
    )
    answer = ask("/orders total launch:one within:72h metric:orders")
    assert ids(answer, "orders") == ["b"]
    assert [(p.figure.id, p.reason) for p in answer.passed_over] == [("a", "denied")]


@pytest.mark.parametrize(
    ("rows", "counted", "passed"),
    [
        ("a,one,orders,10,10,Acme,s3\nb,one,orders,20,20,press,s1", ["a"], [("b", "not the maker")]),
        ("a,one,orders,10,10,press,s2\nb,one,orders,20,20,press,s1", ["b"], [("a", "weaker source")]),
        ("a,one,orders,10,10,press,s1\nb,one,orders,20,20,press,s1", ["a", "b"], []),
        ("a,one,orders,10,10,x;Acme,s3\nb,one,orders,20,20,ACME,s3", ["a", "b"], []),
    ],
)
def test_which_of_several_facts_counts(facts, rows, counted, passed):
    lines = rows.replace("\n", f",{AT_72H}\n") + f",{AT_72H}"
    answer = facts(orders=f"id,launch,metric,low,high,said_by,sources,period_to\n{lines}")(
        "/orders total launch:one within:72h metric:orders"
    )
    assert ids(answer, "orders") == counted
    assert [(p.figure.id, p.reason) for p in answer.passed_over] == passed


def test_ties_that_disagree_are_both_shown_and_say_so(facts):
    ask = facts(orders=f"id,launch,metric,low,high,period_to\na,one,orders,10,10,{AT_72H}\nb,one,orders,20,20,{AT_72H}")
    answer = ask("/orders total launch:one within:72h metric:orders")
    assert [f.verdict for f in answer.figures] == ["disagrees", "disagrees"]
    assert answer.verdict == "disagrees"


def test_the_missing_operand_is_named(facts):
    answer = facts(orders=f"id,launch,metric,low,high,period_to\na,one,lock_in_rate,0.4,0.4,{AT_72H}")(
        "/orders total launch:one within:72h metric:lock_in_rate"
    )
    assert ids(answer, "lock_in_rate") == ["a"]
    with pytest.raises(NotInFacts):
        facts(orders="")("/orders total launch:one within:72h")


def test_a_bracket_rests_on_no_source_known_to_be_bad(facts):
    ask = facts(
        orders=f"""id,launch,metric,low,high,period_to,sources,gross
a,one,orders,10,10,2024-03-28T23:00+08:00,s1,yes
bad,one,orders,90,90,{AT_24H},s4,yes
b,one,orders,100,100,{AT_72H},s1,unknown"""
    )
    answer = ask("/orders total launch:one within:48h metric:orders")
    assert bounds(answer, "bracket-orders") == ("10", "100")
    assert answer.caveats == (NotGross(("b",)),)


def test_only_rows_of_the_whole_market_stand_for_the_whole(facts):
    ask = facts(
        orders="id,launch,metric,low,high,period_to,place\na,one,orders,10,10,2024-04-01,Beijing\nb,one,orders,90,90,2024-03-31,China"
    )
    answer = ask("/orders total launch:one")
    assert ids(answer, "orders") == ["b", "a"]
    assert answer.figure("a").subject == "One, Beijing"


MONTHS = """id,launch,metric,low,high,counting,period_from,period_to
m1,one,deliveries,10,10,new,2024-03-01,2024-04-01
m2,one,deliveries,20,20,new,2024-04-01,2024-05-01
gap,one,deliveries,99,99,new,2024-06-01,2024-07-01"""


def test_new_counts_that_follow_each_other_are_summed(facts):
    answer = facts(orders=MONTHS)("/orders total launch:one metric:deliveries")
    assert ids(answer, "deliveries") == ["summed-deliveries"]
    assert answer.figure("summed-deliveries").working.operands == ("m1", "m2")
    assert bounds(answer, "summed-deliveries") == ("30", "30")


def test_of_new_counts_that_cover_the_same_time_the_fewest_rows_count_and_one_alone_is_itself(facts):
    ask = facts(orders=f"{MONTHS}\nq,one,deliveries,28,32,new,2024-03-01,2024-05-01")
    answer = ask("/orders total launch:one metric:deliveries")
    assert ids(answer, "deliveries") == ["q"]
    assert bounds(answer, "q") == ("28", "32")
    assert answer.figure("q").working is None


def test_a_derivation_that_a_report_refutes_says_so(facts):
    ask = facts(
        orders=f"id,launch,metric,low,high,period_to\na,one,orders_per_store,10,20,{AT_72H}\nb,one,orders,500,500,{AT_72H}",
        stores="id,launch,metric,low,high,valid_from\ns,one,sales_stores,10,10,2024-03-01",
    )
    answer = ask("/orders total launch:one within:72h metric:orders")
    assert (answer.figure("computed-orders").verdict, answer.verdict) == ("disagrees", "disagrees")


def test_every_identity_is_used_in_every_direction(facts):
    ask = facts(
        orders=f"id,launch,metric,low,high,period_to\na,one,locked_orders,40,48,{AT_72H}\nb,one,lock_in_rate,0.4,0.5,{AT_72H}",
        stores="id,launch,metric,low,high,valid_from\ns,one,sales_stores,8,8,2024-03-01",
    )
    assert bounds(ask("/orders total launch:one within:72h metric:orders"), "computed-orders") == ("80", "120")
    per_store = ask("/orders total launch:one within:72h metric:orders_per_store")
    assert bounds(per_store, "computed-orders-per-store") == ("10", "15")


def test_a_rate_never_exceeds_one(facts):
    ask = facts(
        orders=f"id,launch,metric,low,high,period_to\na,one,locked_orders,40,200,{AT_72H}\nb,one,orders,100,100,{AT_72H}"
    )
    assert bounds(ask("/orders total launch:one within:72h metric:lock_in_rate"), "computed-lock-in-rate") == (
        "0.4",
        "1",
    )


def test_what_is_missing_for_a_figure_is_said(facts):
    ask = facts(
        orders=f"""id,launch,metric,low,high,period_to,could_be
u,one,unstated,40,40,{AT_72H},orders;locked_orders
a,one,orders_per_store,40,40,{AT_72H},"""
    )
    answer = ask("/orders total launch:one within:72h")
    assert NoFigure("orders", ("sales_stores",)) in answer.missing
    assert answer.figure("u:orders").verdict is None


def test_a_count_that_fell_brackets_nothing_and_says_so(facts):
    ask = facts(orders=f"id,launch,metric,low,high,period_to\na,one,orders,20,20,{AT_24H}\nb,one,orders,10,10,{AT_72H}")
    answer = ask("/orders total launch:one within:48h metric:orders")
    assert ids(answer, "orders") == []
    assert CountFell("orders", "a", "b") in answer.missing
