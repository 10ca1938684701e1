"""Prices hold from their first day until the next; moves are told once and told apart."""

import pytest

from salesbot.answers.notes import AnnouncedBefore, DayUnknown, Disputed, EndUnknown, SinceUnknown
from salesbot.errors import NotInFacts, QuestionError
from salesbot.values.moment import cell_time
from salesbot.values.quantity import bounds_text
from salesbot.words import words_for
from tests.small_packs import text_of_error

HEAD = "id,trim,low,high,valid_from,valid_to"


def level(answer):
    return [int(f.quantity.low) for f in answer.figures if f.name == "list_price"]


def moves(answer):
    return {f.id: f.change.kind for f in answer.figures if f.change and f.change.kind}


@pytest.mark.parametrize(
    ("day", "price"), [("2024-04-10", 263900), ("2024-03-31", 258900), ("2024-04-01", 263900), ("2024-04-25", 249900)]
)
def test_the_model_y_cost_this_on_that_day(seeds, day, price):
    assert level(seeds(f'/prices show model:"Model Y" trim:RWD on:{day}')) == [price]


def test_a_day_before_any_price_is_not_in_the_facts(seeds):
    with pytest.raises(NotInFacts) as error:
        seeds('/prices show model:"Model Y" trim:RWD on:2010-01-01')
    text = words_for().error(error.value)
    assert text.message == "the facts hold no price of Model Y RWD on 2010-01-01"
    assert "2023-11-14" in text.hint


def test_a_price_holds_from_its_first_day_until_the_day_out(facts):
    ask = facts(prices=f"{HEAD}\na,Base,10,10,2024-01-01,2024-02-01\nb,Base,12,12,2024-03-01,")
    assert level(ask("/prices show model:one on:2024-01-01")) == [10]
    assert level(ask("/prices show model:one on:2024-01-31")) == [10]
    with pytest.raises(NotInFacts):  # between the two nothing is known
        ask("/prices show model:one on:2024-02-01")
    answer = ask("/prices show model:one on:2024-05-01")
    assert level(answer) == [12]
    assert answer.caveats == (EndUnknown(("One Base",), cell_time("2024-03-01")),)


def test_a_price_without_a_first_day_says_so(seeds):
    answer = seeds("/prices show model:汉")
    assert answer.caveats == (SinceUnknown("Han cheapest", cell_time("2024-03-28")),)


def test_offers_and_subsidies_stand_apart_from_the_price(seeds):
    answer = seeds("/prices show model:G9 on:2024-04-10")
    assert [(f.name, bounds_text(f.quantity)) for f in answer.figures] == [
        ("starting_price", ("243900", "243900")),
        ("subsidy", ("0", "20000")),
    ]


def test_a_trim_is_found_by_a_part_of_its_name_and_a_wrong_one_lists_what_there_is(seeds):
    assert level(seeds('/prices show model:"Model Y" trim:long on:2024-04-10')) == [304900]
    with pytest.raises(QuestionError) as error:
        seeds('/prices show model:"Model Y" trim:turbo')
    assert "Performance" in error.value.candidates
    with pytest.raises(QuestionError) as error:
        seeds("/prices show model:L7 trim:a")
    assert "'a' could be several trims of L7" in text_of_error(error.value)
    assert error.value.candidates == ("Max", "Ultra")


WEEK = "/prices changes since:2024-03-28 until:2024-04-07"


def test_the_week_after_the_launch_has_each_move_once(seeds):
    answer = seeds(WEEK)
    assert moves(answer) == {
        "m7-plus-rwd-2024-04-01": "cut",
        "p7i-cut-2024-03": "cut",
        "g9-entry-2024-04-01": "disputed",
        "model-y-rwd-2024-04-01": "rise",
        "model-y-lr-2024-04-01": "rise",
        "model-y-performance-2024-04-01": "rise",
        "model-3-rwd-2024-04-01": "unchanged",
        "model-3-lr-2024-04-01": "unchanged",
        "nio-trade-in-2024-04-01": "offer",
        "chery-benefits-2024-04-01": "offer",
        "luxeed-s7-benefit-2024-03-31": "offer",
        "luxeed-s7-su7-compensation": "offer",
        "model-y-lapsed-benefits-2024-04-01": "offer",
        "zeekr-007-new-rwd-2024-04-01": "new variant",
        "su7-standard-2024-03-28": "first price",
        "su7-pro-2024-03-28": "first price",
        "su7-max-2024-03-28": "first price",
    }


def test_the_disputed_g9_cites_every_source_and_the_m7_its_end(seeds):
    answer = seeds(WEEK)
    g9, m7 = answer.figure("g9-entry-2024-04-01"), answer.figure("m7-plus-rwd-2024-04-01")
    assert bounds_text(g9.quantity) == ("-20000", "-20000")
    assert set(g9.sources) == {"s024", "s025", "s026", "s028"}
    assert any(isinstance(note, Disputed) and note.figure == g9.id for note in answer.caveats)
    assert (m7.valid_to.text, m7.change.rows) == ("2024-05-01", ("m7-plus-rwd-2024-04-01", "m7-offer-2024-04-01"))


def test_a_cut_of_unknown_size_has_no_number_and_no_day(seeds):
    answer = seeds(WEEK)
    p7i = answer.figure("p7i-cut-2024-03")
    assert (p7i.quantity.low, p7i.quantity.high, p7i.change.previous) == (None, 0, None)
    assert DayUnknown("p7i-cut-2024-03", "P7i", cell_time("2024-03")) in answer.caveats


def test_a_rise_told_before_the_event_is_no_response_to_it(seeds):
    answer = seeds("/prices changes model:model-y after:su7-launch until:2024-04-04")
    note = next(note for note in answer.caveats if isinstance(note, AnnouncedBefore))
    assert note.announced == cell_time("2024-03-20")
    assert len(note.subjects) == 4


def test_percentages_print_their_base(seeds):
    values = [line.value for line in words_for().answer(seeds(WEEK)).figures]
    for text in ("+1.93 % from 258,900", "+1.67 % from 299,900", "+1.37 % from 363,900", "−8.01 % from 249,800"):
        assert any(text in value for value in values), text


def test_the_net_of_several_moves(seeds):
    answer = seeds('/prices changes model:"Model Y" trim:RWD since:2024-03-15 until:2024-04-25')
    net = next(f for f in answer.figures if f.name == "net")
    assert (int(net.quantity.low), int(net.change.previous.low)) == (-9000, 258900)
    assert {f.name: bounds_text(f.quantity) for f in answer.figures if f.name in ("cuts", "rises")} == {
        "cuts": ("1", "1"),
        "rises": ("1", "1"),
    }


def test_a_level_beside_an_earlier_one_is_its_change(facts):
    ask = facts(
        prices=f"{HEAD}\na,Base,100,100,2024-01-01,\nb,Base,90,90,2024-02-01,\nc,Plus,95,95,2024-02-01,\nd,Base,90,90,2024-03-01,"
    )
    answer = ask("/prices changes model:one since:2024-02-01")
    assert moves(answer) == {"b": "cut", "c": "new variant", "d": "unchanged"}
    assert bounds_text(answer.figure("b").quantity) == ("-10", "-10")


def test_prices_of_another_region_or_type_are_no_comparison(facts):
    ask = facts(
        prices="""id,region,currency,price_type,low,high,valid_from
a,China,CNY,list_price,100,100,2024-01-01
b,Japan,JPY,list_price,90,90,2024-02-01
c,China,CNY,starting_price,80,80,2024-03-01"""
    )
    assert moves(ask("/prices changes model:one since:2024-02-01")) == {"b": "first price", "c": "first price"}


def test_rows_that_tell_one_move_differently_are_settled_by_the_written_order(facts):
    ask = facts(
        prices="""id,trim,low,high,previous,valid_from,sources
a,Base,90,90,100,2024-02-01,s2
b,Base,85,85,100,2024-02-01,s1"""
    )
    answer = ask("/prices changes model:one")
    assert moves(answer) == {"b": "cut"}
    assert [(p.figure.id, p.reason) for p in answer.passed_over] == [("a", "weaker source")]


def test_a_deposit_is_no_change(facts):
    ask = facts(prices="id,price_type,low,high,valid_from\na,deposit,10,10,2024-02-01")
    assert moves(ask("/prices changes model:one")) == {}


def test_no_move_is_an_answer_and_no_price_at_all_is_not(seeds):
    assert moves(seeds("/prices changes model:su7 since:2024-06-01 until:2024-06-30")) == {}
    with pytest.raises(QuestionError) as error:
        seeds("/prices changes since:2024-05 until:2024-04")
    assert "since lies after until" in text_of_error(error.value)
    with pytest.raises(QuestionError) as error:
        seeds("/prices changes trim:RWD")
    assert "a trim needs its model" in text_of_error(error.value)
