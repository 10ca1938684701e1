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
