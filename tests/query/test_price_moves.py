"""How a move of a price is told: what it started from, how far it went, and which rows tell the same one."""

import pytest

from salesbot.answers.notes import AnnouncedBefore, DayUnknown, Disputed, SameDay
from salesbot.values.moment import cell_time
from salesbot.values.quantity import bounds_text

HEAD = "id,trim,low,high,valid_from"
TOLD = "id,trim,price_type,low,high,previous,change_low,change_high,valid_from"
CHANGES = "/prices changes model:one"


def moves(answer):
    return {f.id: f.change.kind for f in answer.figures if f.change and f.change.kind}


def end(quantity):
    return None if quantity is None else bounds_text(quantity)[0]


def steps(answer):
    """From, to and change in percent of each move."""
    told = [figure for figure in answer.figures if figure.change and figure.change.kind]
    return {f.id: (end(f.change.previous), end(f.change.current), f.change.percent) for f in told}


def test_a_window_of_one_day_is_a_window(facts):
    ask = facts(prices=f"{HEAD}\na,Base,100,100,2024-01-01\nb,Base,90,90,2024-02-01\nc,Base,80,80,2024-02-02")
    assert moves(ask(f"{CHANGES} since:2024-02-01 until:2024-02-01")) == {"b": "cut"}


@pytest.mark.parametrize(
    ("since", "until", "covers"),
    [
        ("2024-02-01", "2024-03-01", True),  # a price is known before and after: a move between them would be known
        ("2024-01-01", "2024-03-01", True),
        ("2023-12-31", "2024-03-01", False),
        ("2024-02-01", "2024-05-31", True),
        ("2024-02-01", "2024-06-01", False),
        ("2024-02-01", None, False),
    ],
)
def test_no_move_is_sure_only_between_two_known_prices(facts, since, until, covers):
    ask = facts(prices=f"{HEAD}\na,Base,100,100,2024-01-01\nb,Base,90,90,2024-06-01")
    answer = ask(f"{CHANGES} since:{since}" + (f" until:{until}" if until else ""))
    assert answer.result.covers == covers


@pytest.mark.parametrize(
    ("row", "previous", "current", "percent"),
    [
        ("b,Base,list_price,90,90,,-10,-10", "100", "90", -10),  # the price less the change
        ("b,Base,list_price,90,90,120,,", "120", "90", -25),  # its own previous price wins over the level before
        ("b,Base,list_price,,,,-10,-10", "100", "90", -10),  # a change alone is added to the level before
        ("b,Base,list_price,90,95,,-10,-10", None, "90", None),
        ("b,Base,list_price,90,90,,-10,-5", None, "90", None),
    ],
)
def test_a_stated_change_starts_from(facts, row, previous, current, percent):
    ask = facts(prices=f"{TOLD}\na,Base,list_price,100,100,,,,2024-01-01\n{row},2024-02-01")
    answer = ask(f"{CHANGES} since:2024-01-15")
    assert steps(answer) == {"b": (previous, current, percent)}


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        ("-10", "-10", "cut"),
        ("-10", "0", "cut"),
        ("", "-1", "cut"),
        ("", "0", "cut"),
        ("10", "10", "rise"),
        ("0", "10", "rise"),
        ("1", "", "rise"),
        ("0", "0", "unchanged"),
        ("-5", "5", "unknown"),
        ("-5", "", "unknown"),
        ("", "5", "unknown"),
    ],
)
def test_the_ends_of_a_change_say_its_direction(facts, low, high, kind):
    ask = facts(prices=f"{TOLD}\na,Base,list_price,,,,{low},{high},2024-02-01")
    assert moves(ask(CHANGES)) == {"a": kind}


def test_a_row_that_contradicts_itself_is_disputed_and_leaves_the_number_of_cuts_open(facts):
    row = f"{TOLD}\na,Base,list_price,90,90,100,{{0}},{{0}},2024-02-01"
    assert moves(facts(prices=row.format("-10"))(CHANGES)) == {"a": "cut"}
    answer = facts(prices=row.format("-20"))(CHANGES)
    assert moves(answer) == {"a": "disputed"}
    assert bounds_text(answer.figure("cuts").quantity) == ("0", "1")
    assert bounds_text(answer.figure("rises").quantity) == ("0", "0")
    assert any(isinstance(note, Disputed) for note in answer.caveats)


@pytest.mark.parametrize(
    ("offer", "found"),
    [
        ("subsidy,,,,-20,0", {"cut": "disputed"}),  # "up to 20" holds the cut of 10
        ("discount,,,,-20,0", {"cut": "cut"}),
        ("subsidy,,,,-10,-10", {"cut": "disputed"}),
        ("subsidy,,,,-9,0", {"cut": "cut", "offer": "subsidy"}),
        ("subsidy,,,,-20,-11", {"cut": "cut", "offer": "subsidy"}),
        ("subsidy,,,,,0", {"cut": "cut", "offer": "subsidy"}),  # an open end holds nothing for sure
        ("subsidy,,,,-20,", {"cut": "cut", "offer": "subsidy"}),
    ],
)
def test_an_offer_over_a_cut_of_its_day_tells_the_same_move(facts, offer, found):
    ask = facts(prices=f"{TOLD}\ncut,Base,list_price,,,,-10,-10,2024-02-01\noffer,all,{offer},2024-02-01")
    assert moves(ask(CHANGES)) == found


@pytest.mark.parametrize(
    ("trim", "day", "found"),
    [
        ("Base", "2024-02-01", {"cut": "disputed"}),
        ("all", "2024-02-01", {"cut": "disputed"}),
        ("Plus", "2024-02-01", {"cut": "cut", "offer": "subsidy"}),
        ("Base", "2024-02-02", {"cut": "cut", "offer": "subsidy"}),
    ],
)
def test_an_offer_for_another_trim_or_of_another_day_is_a_move_of_its_own(facts, trim, day, found):
    cut = "cut,Base,list_price,,,,-10,-10,2024-02-01"
    assert moves(facts(prices=f"{TOLD}\n{cut}\noffer,{trim},subsidy,,,,-20,0,{day}")(CHANGES)) == found


def test_a_cut_from_nothing_has_no_percent(facts):
    answer = facts(prices=f"{TOLD}\na,Base,list_price,0,0,,,,2024-01-01\nb,Base,list_price,5,5,,,,2024-02-01")(CHANGES)
    assert steps(answer)["b"] == ("0", "5", None)


def test_moves_are_counted_and_netted_in_their_own_series(facts):
    answer = facts(
        prices=f"""{HEAD}
a,Base,100,100,2024-01-01
b,Base,90,90,2024-02-01
c,Base,95,95,2024-03-01
d,Plus,200,200,2024-01-01
e,Plus,180,180,2024-02-01"""
    )("/prices changes since:2024-01-15")
    assert bounds_text(answer.figure("cuts").quantity) == ("2", "2")
    assert bounds_text(answer.figure("rises").quantity) == ("1", "1")
    nets = {
        f.id: (bounds_text(f.quantity)[0], f.change.percent, f.working.terms) for f in answer.figures if f.name == "net"
    }
    assert nets == {"net-b": ("-5", -5, (("b", 1), ("c", 1)))}  # one move alone has no net beside it


def test_a_move_on_the_day_of_the_event_may_have_come_first(facts):
    ask = facts(
        prices=f"{HEAD}\na,Base,100,100,2024-01-01\nb,Base,90,90,2024-02-01\nc,Base,80,80,2024-02-02",
        events="id,name,at\nx,Event X,2024-02-01T10:00+08:00",
        names="id,kind,name\nacme,brand,Acme\none,model,One\ntwo,model,Two\none,launch,One\ntwo,launch,Two\nx,event,Event X",
    )
    answer = ask(f"{CHANGES} after:x")
    assert moves(answer) == {"b": "cut", "c": "cut"}
    assert [note for note in answer.caveats if isinstance(note, SameDay)] == [SameDay("b", "One Base")]


@pytest.mark.parametrize(("announced", "is_told"), [("2024-01-31", True), ("2024-02-01", False), ("2024-02", False)])
def test_a_move_told_before_the_days_asked_says_so(facts, announced, is_told):
    answer = facts(prices=f"{HEAD},announced\na,Base,100,100,2024-01-01,\nb,Base,90,90,2024-03-01,{announced}")(
        f"{CHANGES} since:2024-02-01"
    )
    told = [note for note in answer.caveats if isinstance(note, AnnouncedBefore)]
    assert told == ([AnnouncedBefore(("b",), ("One Base",), cell_time(announced), "2024-02-01")] if is_told else [])


def test_a_move_known_to_the_month_is_in_a_window_that_touches_the_month(facts):
    ask = facts(prices=f"{HEAD}\na,Base,100,100,2024-01-01\nb,Base,90,90,2024-02")
    for window, found in (
        ("since:2024-02-29", {"b": "cut"}),
        ("since:2024-03-01", {}),
        ("since:2024-01-15 until:2024-02-01", {"b": "cut"}),
        ("since:2024-01-15 until:2024-01-31", {}),
    ):
        answer = ask(f"{CHANGES} {window}")
        assert moves(answer) == found, window
        assert [n for n in answer.caveats if isinstance(n, DayUnknown)] == (
            [DayUnknown("b", "One Base", cell_time("2024-02"))] if found else []
        )
