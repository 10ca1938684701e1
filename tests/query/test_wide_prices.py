"""Prices of models of one name, changes for every trim or model, and moves that do not fit each other."""

import pytest

from salesbot.answers.notes import ChangeOfEvery, Disputed, PreviousDiffers, PricesDiffer
from salesbot.errors import PackRefused
from salesbot.values.quantity import bounds_text
from salesbot.words import words_for
from tests.small_packs import text_of_problems

WORDS = words_for()
HEAD = "id,brand,model,trim,low,high,previous,change_low,change_high,valid_from,status,sources\n"
NAMES = "id,kind,name\nacme,brand,Acme\nbolt,brand,Bolt\n{}two,model,Two\none,launch,One\ntwo,launch,Two\n"
SHARED = NAMES.format("one,model,One\n")
BASE = "a,Acme,One,Base,100,100,,,,2024-01-01,reported,s1\n"
PRO = "b,Acme,One,Pro,120,120,,,,2024-01-01,reported,s1\n"
TWO = "t,Acme,Two,Base,80,80,,,,2024-01-01,reported,s1\n"
BOLT = "z,Bolt,One,Base,55,55,,,,2024-02-01,reported,s1\n"


def bare(id, trim, change, day, *, brand="Acme", model="One", status="reported", source="s1"):
    return f"{id},{brand},{model},{trim},,,,{change},{change},{day},{status},{source}\n"


def level(id, price, day, *, previous="", change="", trim="Base"):
    return f"{id},Acme,One,{trim},{price},{price},{previous},{change},{change},{day},reported,s1\n"


def opened(facts, *rows, names=SHARED):
    return facts(names=names, prices=HEAD + "".join(rows))


def prices(answer):
    return {f.subject: bounds_text(f.quantity) for f in answer.figures if f.role == "level" and not f.is_operand}


def moves(answer):
    return {f.id: (f.change.kind, bounds_text(f.quantity)) for f in answer.figures if f.role == "change"}


def nets(answer):
    return {f.subject: bounds_text(f.quantity) for f in answer.figures if f.role == "net"}


def notes(answer, kind):
    return [note for note in answer.caveats if isinstance(note, kind)]


# models of one name


def test_models_of_two_brands_with_one_name_are_never_one_series(facts):
    ask = opened(facts, BASE, BOLT)
    assert prices(ask("/prices show model:one")) == {"Acme One Base": ("100", "100"), "Bolt One Base": ("55", "55")}
    for line in ("/prices changes model:one", "/prices changes"):
        assert {kind for kind, _ in moves(ask(line)).values()} == {"first price"}
        assert not nets(ask(line))


def test_a_change_of_every_model_is_of_its_own_brand(facts):
    ask = opened(facts, BASE, BOLT, bare("c", "all", -5, "2024-03-01", model="all"))
    assert prices(ask("/prices show model:one")) == {"Acme One Base": ("95", "95"), "Bolt One Base": ("55", "55")}


@pytest.mark.parametrize("names", ["acme-one,model,One\nbolt-one,model,One\n", "m,model,One\nn,model,One\nm,model,Acme One\nn,model,Bolt One\n"])  # fmt: skip
def test_of_models_of_one_name_a_row_is_of_that_called_by_its_brand_too(facts, names):
    ask = opened(facts, BASE, BOLT, names=NAMES.format(names))
    first, second = names.split(",")[0], names.split("\n")[1].split(",")[0]
    assert list(prices(ask(f"/prices show model:{first}")).values()) == [("100", "100")]
    assert list(prices(ask(f"/prices show model:{second}")).values()) == [("55", "55")]
    assert {f.subject for f in ask("/prices changes").figures if f.role == "change"} == {
        "Acme One Base",
        "Bolt One Base",
    }


def test_a_row_that_may_be_of_any_of_several_models_is_refused(facts):
    with pytest.raises(PackRefused) as refused:
        opened(facts, BASE, BOLT, names=NAMES.format("m,model,One\nn,model,One\n"))
    said = text_of_problems(refused.value)
    assert len(said) == 2
    assert all("write the id, one of m, n" in text for text in said)


def test_an_id_is_of_one_model_though_another_has_it_as_a_name(facts):
    ask = opened(facts, BASE, names=NAMES.format("one,model,One\nold,model,One\n"))
    assert prices(ask("/prices show model:one")) == {"Acme One Base": ("100", "100")}


# changes for every trim or model


def test_a_change_for_every_trim_changes_each_price_and_is_one_move(facts):
    ask = opened(facts, BASE, PRO, bare("c", "all", -5, "2024-03-01"))
    answer = ask("/prices show model:one")
    assert prices(answer) == {"One Base": ("95", "95"), "One Pro": ("115", "115")}
    assert {note.of for note in notes(answer, ChangeOfEvery)} == {"trim"}
    assert WORDS.working(answer, "c:base") == "100 CNY changed by −5 = 95 CNY"
    assert prices(ask("/prices show model:one on:2024-02-01")) == {"One Base": ("100", "100"), "One Pro": ("120", "120")}  # fmt: skip
    answer = ask("/prices changes model:one since:2024-02-01")
    assert moves(answer) == {"c": ("cut", ("-5", "-5"))}
    assert nets(answer) == {"One Base": ("-5", "-5"), "One Pro": ("-5", "-5")}
    assert [bounds_text(f.quantity) for f in answer.figures if f.id == "cuts"] == [("1", "1")]


def test_a_change_for_every_model_changes_each_price(facts):
    ask = opened(facts, BASE, TWO, bare("c", "all", -5, "2024-03-01", model="all"))
    assert prices(ask("/prices show model:one")) == {"One Base": ("95", "95")}
    assert prices(ask("/prices show model:two")) == {"Two Base": ("75", "75")}
    for line in ("/prices changes since:2024-02-01", "/prices changes brand:acme since:2024-02-01"):
        assert moves(ask(line)) == {"c": ("cut", ("-5", "-5"))}
    assert moves(ask("/prices changes model:one since:2024-02-01")) == {"c": ("cut", ("-5", "-5"))}
    assert [f.change.previous for f in ask("/prices changes").figures if f.id == "c"] == [None]
    assert bounds_text(next(f for f in ask("/prices compare models:one,two").figures if f.role == "difference").quantity) == ("20", "20")  # fmt: skip


def test_a_change_that_names_no_trim_may_be_of_any(facts):
    ask = opened(facts, BASE, PRO, bare("c", "", -5, "2024-03-01"))
    answer = ask("/prices show model:one")
    assert prices(answer) == {"One Base": ("95", "100"), "One Pro": ("115", "120")}
    assert {note.of for note in notes(answer, ChangeOfEvery)} == {"some trim"}
    answer = ask("/prices changes model:one since:2024-02-01")
    assert moves(answer) == {"c": ("cut", ("-5", "-5"))}
    assert nets(answer) == {"One Base": ("-5", "0"), "One Pro": ("-5", "0")}
    only = opened(facts, BASE, bare("c", "", -5, "2024-03-01"))
    assert prices(only("/prices show model:one")) == {"One Base": ("95", "95")}


def test_a_change_for_every_trim_that_does_not_stand_changes_nothing(facts):
    ask = opened(facts, BASE, PRO, bare("c", "all", -5, "2024-03-01", status="rumour"))
    answer = ask("/prices show model:one")
    assert prices(answer) == {"One Base": ("100", "100"), "One Pro": ("120", "120")}
    assert not moves(ask("/prices changes model:one since:2024-02-01"))


def test_a_trim_that_is_only_rumoured_is_not_changed(facts):
    rumoured = BASE.replace("reported", "rumour")
    answer = opened(facts, rumoured, PRO, bare("c", "all", -5, "2024-03-01"))("/prices show model:one")
    assert prices(answer) == {"One Pro": ("115", "115")}


def test_a_change_for_every_trim_beside_a_new_price_is_the_same_move(facts):
    ask = opened(facts, BASE, PRO, bare("c", "all", -5, "2024-03-01"), level("d", 95, "2024-03-01"))
    assert prices(ask("/prices show model:one")) == {"One Base": ("95", "95"), "One Pro": ("115", "115")}
    answer = ask("/prices changes model:one trim:base since:2024-02-01")
    assert moves(answer) == {"d": ("cut", ("-5", "-5"))}
    assert next(f for f in answer.figures if f.id == "d").change.rows == ("d", "c")


# moves that do not fit each other


def test_a_net_goes_by_the_prices_where_the_moves_do_not_meet(facts):
    ask = opened(facts, BASE, level("b", 90, "2024-03-01", change=-10), level("c", 70, "2024-05-01", previous=85))
    answer = ask("/prices changes model:one")
    assert nets(answer) == {"One Base": ("-30", "-30")}
    assert WORDS.working(answer, "net-b") == "70 CNY − 100 CNY = −30 CNY"
    [note] = notes(answer, PreviousDiffers)
    assert (note.figure, bounds_text(note.previous), bounds_text(note.before)) == ("c", ("85", "85"), ("90", "90"))
    assert "85 CNY (c), but the price before it is 90 CNY" in "; ".join(WORDS.notes(answer)[0])


def test_a_net_over_a_price_that_is_not_known_goes_by_the_first_and_the_last(facts):
    unknown = "u,Acme,One,Base,,,,,0,2024-03-01,reported,s1\n"
    ask = opened(facts, BASE, level("b", 90, "2024-02-01"), unknown, level("c", 70, "2024-05-01"))
    answer = ask("/prices changes model:one")
    assert nets(answer) == {"One Base": ("-30", "-30")}
    assert moves(answer)["c"] == ("unknown", (None, None))


@pytest.mark.parametrize("month", ["2024-05", "2024"])
@pytest.mark.parametrize("by_change", [True, False])
def test_a_move_that_is_told_to_the_day_and_to_the_month_is_one(facts, month, by_change):
    again = bare("c", "Base", -10, month) if by_change else level("c", 90, month, change=-10)
    ask = opened(facts, BASE, level("b", 90, "2024-05-12", change=-10), again)
    answer = ask("/prices changes model:one since:2024-02-01")
    assert moves(answer) == {"b": ("cut", ("-10", "-10"))}
    assert next(f for f in answer.figures if f.id == "b").change.rows == ("b", "c")
    assert prices(ask("/prices show model:one")) == {"One Base": ("90", "90")}


def test_moves_whose_order_is_not_known_go_from_either_price(facts):
    ask = opened(facts, BASE, level("b", 90, "2024-05-12"), level("c", 95, "2024-05"))
    found = moves(ask("/prices changes model:one since:2024-02-01"))
    assert found == {"b": ("cut", ("-10", "-5")), "c": ("unknown", ("-5", "5"))}
    apart = opened(facts, BASE, level("b", 90, "2024-05-12"), level("c", 95, "2024-06"))
    found = moves(apart("/prices changes model:one since:2024-02-01"))
    assert found == {"b": ("cut", ("-10", "-10")), "c": ("rise", ("5", "5"))}


@pytest.mark.parametrize(("change", "kind"), [(-10, "cut"), (-8, "disputed")])
def test_a_change_beside_a_price_of_the_same_day_has_to_fit_it(facts, change, kind):
    ask = opened(facts, BASE, level("b", 90, "2024-05-12"), bare("c", "Base", change, "2024-05-12"))
    answer = ask("/prices changes model:one since:2024-02-01")
    assert moves(answer) == {"b": (kind, ("-10", "-10"))}
    assert bool(notes(answer, Disputed)) == (kind == "disputed")
    if kind == "disputed":
        assert "by −10 (s1); as list price by −8 (s1)" in "; ".join(WORDS.notes(answer)[0])


def test_reports_of_one_day_that_differ_are_named(facts):
    ask = opened(facts, BASE, level("b", 90, "2024-05-12"), level("c", 92, "2024-05-12"))
    for line in ("/prices show model:one", "/prices history model:one", "/prices changes model:one"):
        [note] = notes(ask(line), PricesDiffer)
        assert [(id, bounds_text(price)[0]) for id, price in note.told] == [("b", "90"), ("c", "92")]
    same = opened(facts, BASE, level("b", 90, "2024-05-12"), level("c", 90, "2024-05-12"))
    assert not notes(same("/prices show model:one"), PricesDiffer)
