"""Prices and changes of one trim, of all, of one month, with ends: what they determine together, and what they do not.

A row is written as ``id key=value …``: l a price, d a change, p the price before it, f and to its days, t the trim.
"""

import pytest

from salesbot.answers.notes import ChangeOfEvery, ForEvery, LevelUnknown, OrderUnknown, PreviousDiffers, PricesDiffer
from salesbot.values.quantity import bounds_text
from salesbot.words import words_for

WORDS = words_for()
NAMES = "id,kind,name\nacme,brand,Acme\nbolt,brand,Bolt\none,model,One\ntwo,model,Two\none,launch,One\ntwo,launch,Two\n"
KEYS = {
    "b": "brand", "m": "model", "t": "trim", "pt": "price_type", "p": "previous", "f": "valid_from", "to": "valid_to",
    "s": "sources", "v": "variant", "ch": "channel", "st": "status",
}  # fmt: skip
RANGES = {"l": ("low", "high"), "d": ("change_low", "change_high")}
COLUMNS = (*KEYS.values(), "low", "high", "change_low", "change_high")
SHOW, CHANGES, HISTORY = (f"/prices {verb} model:one" for verb in ("show", "changes", "history"))
COMPARE = "/prices compare models:one,two"
BASE, PRO = "a l=100 f=2024-01-01", "p t=Pro l=120 f=2024-01-01"


def opened(facts, *rows):
    table = [",".join(("id", *COLUMNS))]
    for text in rows:
        id, *pairs = text.split()
        cells = {"brand": "Acme", "model": "One", "trim": "Base", "price_type": "list_price", "sources": "s1"}
        cells["status"] = "reported"
        for key, _, value in (pair.partition("=") for pair in pairs):
            if key in RANGES:
                low, _, high = value.partition("..") if ".." in value else (value, "", value)
                cells |= dict(zip(RANGES[key], (low, high), strict=True))
            else:
                cells[KEYS[key]] = value
        table.append(",".join((id, *(cells.get(column, "") for column in COLUMNS))))
    return facts(names=NAMES, prices="\n".join(table) + "\n")


def price(answer):
    return {f.subject: bounds_text(f.quantity) for f in answer.figures if f.role == "level" and not f.is_operand}


def moves(answer):
    told = [f for f in answer.figures if f.role == "change" and not f.is_operand and f.change.kind != "first price"]
    return {f.id: (f.change.kind, *bounds_text(f.quantity)) for f in told}


def nets(answer):
    return {f.subject: bounds_text(f.quantity) for f in answer.figures if f.role == "net"}


def tally(answer):
    return {f.id: bounds_text(f.quantity) for f in answer.figures if f.role == "tally"}


def notes(answer, kind):
    return [note for note in (*answer.caveats, *answer.missing) if isinstance(note, kind)]


# of one trim, or of some


def test_a_change_that_names_no_trim_is_as_unsure_of_the_trim_asked_for(facts):
    ask = opened(facts, BASE, PRO, "b t= d=-5 f=2024-03-01")
    assert price(ask(f"{SHOW} trim:base")) == {"One Base": ("95", "100")}
    answer = ask(f"{CHANGES} trim:base")
    assert (moves(answer), tally(answer)) == ({"b": ("unknown", "-5", "0")}, {"cuts": ("0", "1"), "rises": ("0", "0")})
    assert tally(ask(CHANGES))["cuts"] == ("1", "1")


def test_it_is_of_the_trim_that_moved_by_itself_that_day(facts):
    ask = opened(facts, BASE, PRO, "b t= d=-5 f=2024-03-01", "c l=95 f=2024-03-01")
    assert price(ask(SHOW)) == {"One Base": ("95", "95"), "One Pro": ("120", "120")}
    assert moves(ask(CHANGES)) == {"c": ("cut", "-5", "-5")}


def test_a_change_for_all_and_one_trims_new_price_are_one_move(facts):
    answer = opened(facts, BASE, PRO, "b t=all d=-5 f=2024-03-01", "c l=95 f=2024-03-01")(CHANGES)
    assert moves(answer) == {"b": ("cut", "-5", "-5")}
    assert answer.figure("b").change.rows == ("b", "c")
    assert nets(answer) == {"One Base": ("-5", "-5"), "One Pro": ("-5", "-5")}


@pytest.mark.parametrize(
    ("other", "pro"),
    [("p t=Pro l=120 f=2024-06-01", ("120", "120")), ("p t=Pro l=120 f=2024-01-01 to=2024-02-01", None)],
)
def test_a_trim_that_did_not_exist_yet_or_no_more_is_not_changed(facts, other, pro):
    ask = opened(facts, BASE, "b t=all d=-5 f=2024-03-01", other)
    assert price(ask(f"{SHOW} on:2024-07-01")) == {"One Base": ("95", "95")} | ({"One Pro": pro} if pro else {})
    assert not notes(ask(SHOW), LevelUnknown)
    assert moves(ask(f"{CHANGES} since:2024-06-01")) == ({"p": ("new variant", None, None)} if pro else {})


def test_a_price_for_every_trim_is_that_of_each(facts):
    ask = opened(facts, BASE, "b t=all l=90 f=2024-05-12")
    assert price(ask(SHOW)) == {"One Base": ("90", "90")}
    assert [note.is_stated for note in notes(ask(SHOW), ForEvery)] == [True]
    assert moves(ask(CHANGES)) == {"b:base": ("cut", "-10", "-10")}
    untold = opened(facts, BASE, "b t= l=90 f=2024-05-12")
    assert price(untold(SHOW)) == {"One Base": ("100", "100"), "One": ("90", "90")}
    assert "of which trim is not told" in "; ".join(WORDS.notes(untold(SHOW))[0])
    assert moves(untold(CHANGES)) == {"b": ("unknown", None, None)}


def test_a_change_of_no_variant_is_of_all_of_them(facts):
    ask = opened(facts, "a v=128GB l=1000 f=2024-01-01", "b v=256GB l=1200 f=2024-01-01", "c d=-100 f=2024-03-01")
    assert price(ask(SHOW)) == {"One Base 128GB": ("900", "900"), "One Base 256GB": ("1100", "1100")}


def test_a_rumour_for_every_model_is_passed_over(facts):
    answer = opened(facts, BASE, "r m=all t=all d=-5 f=2024-03-01 st=rumour")(SHOW)
    assert [(one.figure.id, one.reason) for one in answer.passed_over] == [("r", "rumour")]


# alike, but not one move


@pytest.mark.parametrize(
    ("first", "other", "subjects"),
    [
        ("", "b=Bolt", {"Acme One Base", "Bolt One Base"}),
        ("v=128GB", "v=256GB", {"One Base 128GB", "One Base 256GB"}),
        ("pt=street_price ch=shop", "pt=street_price ch=street", {"One Base"}),
    ],
)
def test_the_same_amount_of_different_goods_is_two_moves(facts, first, other, subjects):
    rows = (f"a {first} l=100 f=2024-01-01", f"b {other} l=90 f=2024-01-01")
    ask = opened(facts, *rows, f"c {first} l=95 f=2024-03-01", f"d {other} l=85 f=2024-03-01")
    answer = ask(f"{CHANGES} since:2024-02-01")
    assert moves(answer) == {"c": ("cut", "-5", "-5"), "d": ("cut", "-5", "-5")}
    assert set(nets(answer)) == subjects
    assert tally(answer)["cuts"] == ("2", "2")
    assert not notes(answer, PricesDiffer)


def test_a_brand_asked_for_leaves_out_the_other_with_its_models_name(facts):
    answer = opened(facts, BASE, "z b=Bolt l=55 f=2024-01-01", "c l=95 f=2024-03-01")("/prices changes brand:bolt")
    assert [figure.id for figure in answer.figures if figure.role == "change"] == ["z"]


# prices with an end


def test_prices_with_an_end_inside_another_are_told_in_order(facts):
    ask = opened(facts, BASE, "b l=90 f=2024-03-01 to=2024-06-01", "c l=80 f=2024-04-01 to=2024-05-01")
    answer = ask(CHANGES)
    assert list(moves(answer)) == ["b", "c", "c:ended", "b:ended"]
    assert nets(answer) == {"One Base": ("0", "0")}
    assert not notes(answer, PreviousDiffers)


def test_a_change_during_a_price_with_an_end_may_be_of_either(facts):
    ask = opened(facts, BASE, "b l=90 f=2024-05-01 to=2024-06-01", "c d=-5 f=2024-05-15")
    assert price(ask(f"{SHOW} on:2024-05-20")) == {"One Base": ("85", "90")}
    answer = ask(f"{SHOW} on:2024-06-10")
    assert price(answer) == {"One Base": ("95", "100")}
    assert {note.of for note in notes(answer, ChangeOfEvery)} == {"some price"}
    after = opened(facts, BASE, "b l=90 f=2024-05-01 to=2024-06-01", "c d=-5 f=2024-06-15")
    assert price(after(f"{SHOW} on:2024-06-20")) == {"One Base": ("95", "95")}


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_price_with_an_end_begins_over_the_one_of_its_day(facts, is_turned):
    rows = ["a l=110 f=2024-04-10", "b l=95 f=2024-04-10 to=2024-07-01"]
    ask = opened(facts, *(rows[::-1] if is_turned else rows))
    assert price(ask(f"{SHOW} on:2024-06-15")) == {"One Base": ("95", "95")}
    assert price(ask(f"{SHOW} on:2024-07-15")) == {"One Base": ("110", "110")}
    assert moves(ask(CHANGES)) == {"b": ("cut", "-15", "-15"), "b:ended": ("offer ended", "15", "15")}
    assert len([f for f in ask(HISTORY).figures if f.role == "level"]) == 2


def test_an_offer_that_says_its_price_ends(facts):
    offer = "b pt=limited_time_offer l=90 p=100 d=-10 f=2024-03-01 to=2024-04-01"
    answer = opened(facts, BASE, offer)(CHANGES)
    assert moves(answer) == {"b": ("cut", "-10", "-10"), "b:ended": ("offer ended", "10", "10")}
    assert nets(answer) == {"One Base": ("0", "0")}


def test_an_end_known_to_its_month_is_found_by_a_day_in_it(facts):
    ask = opened(facts, BASE, "b l=90 f=2024-03-01 to=2024-04")
    assert moves(ask("/prices changes since:2024-04-15")) == {"b:ended": ("offer ended", "10", "10")}


def test_a_price_of_a_month_does_not_hold_after_its_end(facts):
    assert price(opened(facts, BASE, "b l=90 f=2024-03 to=2024-03-20")(f"{SHOW} on:2024-03-25")) == {"One Base": ("100", "100")}  # fmt: skip


def test_a_pre_sale_price_of_no_trim_ends_where_a_trim_is_listed(facts):
    ask = opened(facts, "x pt=pre_sale_price t= l=100 f=2024-01-01", "a l=105 f=2024-03-01")
    assert price(ask(f"{SHOW} on:2024-04-01")) == {"One Base": ("105", "105")}


# moves of one month


def test_a_price_comes_before_the_one_that_names_it_as_its_previous(facts):
    ask = opened(facts, BASE, "b l=90 p=100 d=-10 f=2024-05", "c l=85 p=90 d=-5 f=2024-05-20")
    for line in (SHOW, f"{SHOW} on:2024-06-10"):
        assert price(ask(line)) == {"One Base": ("85", "85")}
        assert not notes(ask(line), OrderUnknown)
    assert nets(ask(CHANGES)) == {"One Base": ("-15", "-15")}


def test_where_the_order_is_not_known_the_price_says_so(facts):
    answer = opened(facts, BASE, "b l=90 f=2024-05-12", "c l=95 f=2024-05")(SHOW)
    assert [bounds_text(note.other)[0] for note in notes(answer, OrderUnknown)] == ["90"]
    assert "90 CNY from 12 May 2024 came before or after the price from May 2024" in "; ".join(WORDS.notes(answer)[0])


def test_a_change_of_a_month_may_have_come_before_a_price_in_it(facts):
    answer = opened(facts, BASE, "b l=90 f=2024-05-12", "c d=-3 f=2024-05")(CHANGES)
    assert moves(answer) == {"b": ("cut", "-10", "-7"), "c": ("cut", "-3", "-3")}
    assert tally(answer)["cuts"] == ("2", "2")


def test_of_changes_known_to_one_month_one_or_all_happened(facts):
    assert price(opened(facts, BASE, "b d=-5 f=2024-05", "c d=-3 f=2024-05")(SHOW)) == {"One Base": ("92", "97")}
    assert price(opened(facts, BASE, "b d=-5 f=2024-05-01", "c d=-3 f=2024-05-01")(SHOW)) == {"One Base": ("95", "97")}


def test_a_move_of_unknown_kind_leaves_the_numbers_of_cuts_and_rises_open(facts):
    answer = opened(facts, BASE, "b d=-5..5 f=2024-05-01")(CHANGES)
    assert tally(answer) == {"cuts": ("0", "1"), "rises": ("0", "1")}


def test_what_reports_of_one_move_have_in_common_counts(facts):
    ask = opened(facts, BASE, "b d=-5 f=2024-03-01", "c d=..0 f=2024-03-01")
    assert price(ask(SHOW)) == {"One Base": ("95", "95")}
    assert moves(ask(CHANGES)) == {"b": ("cut", "-5", "-5")}


# what a row says of itself


def test_a_change_from_a_price_that_it_names_leads_from_there(facts):
    ask = opened(facts, BASE, "b p=95 d=-10 f=2024-03-01")
    assert price(ask(SHOW)) == {"One Base": ("85", "85")}
    assert len(notes(ask(SHOW), PreviousDiffers)) == len(notes(ask(CHANGES), PreviousDiffers)) == 1
    alone = opened(facts, "b p=95 d=-10 f=2024-03-01")
    assert price(alone(SHOW)) == {"One Base": ("85", "85")}


def test_a_row_whose_change_does_not_fit_its_prices_nets_these(facts):
    answer = opened(facts, BASE, "b l=90 p=95 d=-10 f=2024-03-01")(CHANGES)
    assert moves(answer) == {"b": ("disputed", "-10", "-10")}
    assert nets(answer) == {"One Base": ("-5", "-5")}
    assert "does not fit the prices before and after it" in "; ".join(WORDS.notes(answer)[0])


def test_a_price_without_a_day_is_told_beside_a_change_of_unknown_base(facts):
    ask = opened(facts, "a l=100", "b d=-5 f=2024-03-01")
    assert price(ask(SHOW)) == {"One Base": ("100", "100")}
    assert "from a price that is not known" in "; ".join(WORDS.notes(ask(SHOW))[0])
    assert price(ask(HISTORY)) == {"One Base": ("100", "100")}


# the lowest price of a model


@pytest.mark.parametrize(
    ("rows", "lowest", "difference"),
    [
        ((BASE, "b d=..0 f=2024-03-01", "r t=Max l=130 f=2024-01-01"), (None, "130"), (None, "10")),
        (("a l=..100 f=2024-01-01", "p t=Pro l=90 f=2024-01-01"), (None, "90"), (None, "-30")),
        ((BASE, "b l=90 f=2024-03"), ("90", "100"), ("-30", "-20")),
        ((BASE, PRO), ("100", "100"), ("-20", "-20")),
    ],
)
def test_the_lowest_price_is_as_wide_as_the_prices_leave_it(facts, rows, lowest, difference):
    answer = opened(facts, *rows, "z m=Two l=120 f=2024-01-01")(f"{COMPARE} on:2024-03-10")
    first, _ = [figure for figure in answer.figures if figure.role == "level" and not figure.is_operand]
    assert bounds_text(first.quantity) == lowest
    assert [bounds_text(figure.quantity) for figure in answer.figures if figure.role == "difference"] == [difference]
    assert all(WORDS.working(answer, figure.id) for figure in answer.figures if figure.basis == "computed")


def test_a_change_of_every_model_keeps_them_apart(facts):
    rows = (BASE, "p m=Two l=120 f=2024-01-01", "w m=all t=all d=-5 f=2024-03-01", "x m=all t=all d=-3 f=2024-04-01")
    answer = opened(facts, *rows)(COMPARE)
    assert price(answer) == {"One Base": ("92", "92"), "Two Base": ("112", "112")}
    assert len({figure.id for figure in answer.figures}) == len(answer.figures)


# found by reading the rooms again


def test_a_change_of_no_trim_is_not_one_by_another_amount(facts):
    ask = opened(facts, PRO, "m t=Max l=130 f=2024-03-01", "c t= d=-5 f=2024-03-01")
    assert price(ask(f"{SHOW} on:2024-04-01")) == {"One Pro": ("115", "115"), "One Max": ("130", "130")}
    again = opened(facts, BASE, PRO, "m l=100 f=2024-03-01", "c t= d=-5 f=2024-03-01")
    assert price(again(SHOW))["One Pro"] == ("115", "120")


def test_a_net_goes_by_the_order_of_the_levels(facts):
    rows = "a l=100 f=2024-01-01", "b l=90 p=100 f=2024-05-12", "c l=95 p=92 f=2024-05"
    low, high = (float(end) for end in nets(opened(facts, *rows)(CHANGES))["One Base"])
    assert low <= -5 <= high
    wide = opened(facts, BASE, "b l=90 f=2024-05-12", "c l=95 f=2024-05")(CHANGES)
    assert nets(wide) == {"One Base": ("-10", "-5")}
    assert "may have come before or after another one" in "; ".join(WORDS.notes(wide)[0])


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(
    ("rows", "cuts"),
    [
        (("w t=all d=-5 f=2024-03-01", "x t=all d=-3 f=2024-03-01"), ("1", "1")),
        (("w d=-5 f=2024-03-01", "x t=all d=-3 f=2024-03-01"), ("2", "2")),
    ],
)
def test_wide_changes_of_one_day_are_told_alike_in_any_order(facts, rows, cuts, is_turned):
    answer = opened(facts, BASE, PRO, *(rows[::-1] if is_turned else rows))(CHANGES)
    assert nets(answer)["One Base"] == ("-5", "-3")
    assert tally(answer)["cuts"] == cuts
    assert len({figure.id for figure in answer.figures}) == len(answer.figures)


def test_a_change_during_a_price_with_an_end_says_so_in_changes(facts):
    answer = opened(facts, BASE, "b l=80 f=2024-02-01 to=2024-06-01", "c d=-5 f=2024-03-01")(CHANGES)
    assert answer.figure("c").change.previous is None
    assert nets(answer) == {"One Base": ("-5", "0")}
    assert "may be of the price with an end" in "; ".join(WORDS.notes(answer)[0])


def test_prices_of_a_trim_and_of_a_variant_of_one_name_are_two(facts):
    ask = opened(facts, "a t=Base l=100 f=2024-01-01", "p t= v=Base l=120 f=2024-01-01", "w t=all d=-5 f=2024-03-01")
    levels = [one for one in ask(SHOW).figures if one.role == "level" and not one.is_operand]
    assert {one.id: bounds_text(one.quantity)[0] for one in levels} == {"w:base": "95", "w:one::base": "115"}


def test_changes_during_a_price_with_an_end_have_workings_that_add_up(facts):
    rows = BASE, "b l=80 f=2024-02-01 to=2024-06-01", "c d=-5 f=2024-03-01", "d d=-3 f=2024-04-01"
    answer = opened(facts, *rows)(HISTORY)
    last = [figure for figure in answer.figures if figure.role == "level" and not figure.is_operand][-1]
    assert WORDS.working(answer, last.id) == "95–100 CNY changed by −3 to 0 = 92–100 CNY"


def test_a_thousand_changes_in_a_row_are_answered(facts):
    days = (f"c{n} d=-1 f={2000 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" for n in range(1100))
    ask = opened(facts, "a l=100000 f=1999-01-01", *days)
    assert price(ask(SHOW)) == {"One Base": ("98900", "98900")}
    assert bounds_text(ask(HISTORY).figures[-1].quantity)


@pytest.mark.parametrize(
    ("row", "cuts", "rises"),
    [
        ("b l=110 p=100 d=5 f=2024-03-01", ("0", "0"), ("0", "1")),
        ("b l=90 p=100 d=5 f=2024-03-01", ("0", "1"), ("0", "1")),
    ],
)
def test_a_disputed_move_is_counted_as_what_it_may_be(facts, row, cuts, rises):
    assert tally(opened(facts, BASE, row)(CHANGES)) == {"cuts": cuts, "rises": rises}


@pytest.mark.parametrize("is_turned", [False, True])
def test_changes_that_end_at_different_times_do_not_go_by_their_rows(facts, is_turned):
    rows = ["c d=-10 f=2024-04-01 to=2024-05-15", "d d=5 f=2024-04-01 to=2024-06-15"]
    ask = opened(facts, BASE, *(rows[::-1] if is_turned else rows))
    told = [price(ask(f"{SHOW} on:{day}"))["One Base"] for day in ("2024-05-01", "2024-06-01", "2024-07-01")]
    assert told == [("95", "95"), ("105", "105"), ("100", "100")]


def test_a_span_never_ends_before_it_begins(facts):
    answer = opened(facts, BASE, "b l=90 f=2024-05-12", "c l=95 f=2024-05")(HISTORY)
    told = " ".join(f"{one.label} {one.detail}" for one in WORDS.answer(answer).figures)
    assert "to some day of May 2024" in told
    assert "30 April" not in told


def test_a_price_for_every_model_is_a_move_of_its_brand(facts):
    answer = opened(facts, "a l=90 f=2024-01-01", "w m=all t=all l=80 f=2024-04-01")("/prices changes brand:acme since:2024-02-05")  # fmt: skip
    assert "w" in {figure.id for figure in answer.figures}


def test_a_model_without_trims_is_not_asked_for_one(facts):
    assert not notes(opened(facts, "a t= l=100 f=2024-01-01")(SHOW), ForEvery)
    assert [note.is_stated for note in notes(opened(facts, "a t= l=100 f=2024-01-01", PRO)(SHOW), ForEvery)] == [False]
    assert [note.is_stated for note in notes(opened(facts, "a t=all l=100 f=2024-01-01")(SHOW), ForEvery)] == [True]
