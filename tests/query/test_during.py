"""What was counted during a period: its own counts, the growth between its ends, or the bounds of that."""

import pytest

from salesbot.errors import QuestionError
from salesbot.values.quantity import bounds_text
from salesbot.words import words_for

WORDS = words_for()
ROW = "id,launch,metric,low,high,counting,gross,period_from,period_to,said_by,status\n"
MONTHS = """april,one,deliveries,1000,1000,new,yes,2024-04-01,2024-05-01,Acme,reported
may,one,deliveries,2000,2000,new,yes,2024-05-01,2024-06-01,Acme,reported
june,one,deliveries,3000,3000,new,yes,2024-06-01,2024-07-01,Acme,reported
plan,one,deliveries,9000,9000,new,yes,2024-05-01,2024-06-01,Acme,target
"""
TOTALS = """start,one,orders,5000,5000,cumulative,yes,,2024-05-01,Acme,reported
end,one,orders,8000,8000,cumulative,yes,,2024-06-01,Acme,reported
"""


def told(answer):
    return WORDS.headline(answer)


@pytest.mark.parametrize(
    ("during", "headline"),
    [
        ("2024-05", "One, May 2024: 2,000 deliveries"),
        ("May 2024", "One, May 2024: 2,000 deliveries"),
        ("2024年5月", "One, 2024年5月: 2,000 deliveries"),
        ("2024-05-01/2024-05-31", "One, 1 May 2024 to 31 May 2024: 2,000 deliveries"),
        ("2024-05/2024-06", "One, May 2024 to June 2024: 5,000 deliveries"),
        ("Q2 2024", "One, April 2024 to June 2024: 6,000 deliveries"),
        ("2024-Q2", "One, April 2024 to June 2024: 6,000 deliveries"),
        ("2024-07", "One, July 2024: cannot tell"),
    ],
)
def test_a_period_has_its_own_counts_and_sums(ask, during, headline):
    answer = ask(orders=ROW + MONTHS)(f'/orders total launch:one during:"{during}" metric:deliveries')
    assert told(answer) == headline


def test_what_does_not_count_of_the_period_is_told_and_nothing_of_others(ask):
    answer = ask(orders=ROW + MONTHS)("/orders total launch:one during:2024-05 metric:deliveries")
    assert [(one.figure.id, one.reason) for one in answer.passed_over] == [("plan", "target")]
    other = ask(orders=ROW + MONTHS)("/orders total launch:one during:2024-06 metric:deliveries")
    assert other.passed_over == ()


def test_a_sum_has_its_working(ask):
    answer = ask(orders=ROW + MONTHS)("/orders total launch:one during:2024-05/2024-06 metric:deliveries")
    [figure] = [one for one in answer.figures if one.role == "sum"]
    assert WORDS.working(answer, figure.id) == "2,000 + 3,000 = 5,000"


def test_the_growth_of_a_count_is_the_difference_of_its_ends(ask):
    answer = ask(orders=ROW + TOTALS)("/orders total launch:one during:2024-05 metric:orders")
    assert told(answer) == "One, May 2024: 3,000 orders"
    [figure] = [one for one in answer.figures if not one.is_operand]
    assert WORDS.working(answer, figure.id) == "8,000 − 5,000 = 3,000 orders"


@pytest.mark.parametrize("gross", ["yes", "unknown"])
def test_where_an_end_is_not_reported_the_growth_is_bounded(ask, gross):
    rows = ROW + TOTALS.replace(",yes,", f",{gross},")
    answer = ask(orders=rows)("/orders total launch:one during:2024-05-01/2024-05-15 metric:orders")
    [figure] = [one for one in answer.figures if not one.is_operand]
    assert bounds_text(figure.quantity) == ("0", "3000")
    assert WORDS.working(answer, figure.id) == "5,000–8,000 − 5,000 = 0–3,000 orders"
    assert any("net of refunds" in one for one in WORDS.notes(answer)[0]) is (gross == "unknown")


def test_reported_and_grown_are_compared(ask):
    rows = ROW + TOTALS + "own,one,orders,3500,3500,new,yes,2024-05-01,2024-06-01,Acme,reported\n"
    answer = ask(orders=rows)("/orders total launch:one during:2024-05 metric:orders")
    assert answer.verdict == "disagrees"


def test_all_that_was_counted_by_its_end_where_nothing_was_at_its_start(ask):
    asked = ask(orders=ROW + TOTALS)
    for during in ("2024", "2024-03/2024-04", "2024-03-01/2024-04-30"):
        assert (
            "5,000 orders" in told(asked(f"/orders total launch:one during:{during} metric:orders")) or during == "2024"
        )
    assert "at least 8,000 orders" in told(asked("/orders total launch:one during:2024 metric:orders"))


def test_a_rate_has_no_growth(ask):
    rows = ROW + "rate,one,lock_in_rate,0.3,0.3,,,,2024-05-10,Acme,reported\n" + TOTALS
    assert (
        told(ask(orders=rows)("/orders total launch:one during:2024-05 metric:lock_in_rate"))
        == "One, May 2024: cannot tell"
    )


@pytest.mark.parametrize("other", ["within:72h", "at:2024-05-01"])
def test_a_period_and_a_moment_are_refused_with_each_alone(ask, other):
    with pytest.raises(QuestionError) as refused:
        ask(orders=ROW + TOTALS)(f"/orders total launch:one during:2024-05 {other}")
    lines = [line for _, line in refused.value.lines]
    assert len(lines) == 2 and "/orders total launch:one during:2024-05" in lines


@pytest.mark.parametrize("during", ["2024-05-01 10:00", "soon", "2024-06/2024-05", "2024-13"])
def test_what_is_no_period_is_refused(ask, during):
    with pytest.raises(QuestionError):
        ask(orders=ROW + TOTALS)(f'/orders total launch:one during:"{during}"')


# what a reviewer found


def test_a_count_that_fell_has_no_growth(ask):
    rows = ROW + TOTALS.replace("8000,8000", "4000,4000")
    answer = ask(orders=rows)("/orders total launch:one during:2024-05 metric:orders")
    assert told(answer) == "One, May 2024: cannot tell"
    assert "The reports of orders fall, from 5,000 to 4,000" in WORDS.notes(answer)[1][0]


def test_a_quarter_is_compared_with_its_months(ask):
    rows = ROW + MONTHS + "quarter,one,deliveries,6100,6100,new,yes,2024-04-01,2024-07-01,Acme,reported\n"
    answer = ask(orders=rows)("/orders total launch:one during:2024-Q2 metric:deliveries")
    assert (told(answer), answer.verdict) == ("One, April 2024 to June 2024: 6,100 and 6,000 deliveries", "disagrees")


OTHERS = """rate,one,lock_in_rate,0.7,0.7,,,2024-05-01,2024-06-01,Acme,reported
net,one,reservations,100,100,new,no,2024-05-01,2024-06-01,Acme,reported
"""


def test_rates_and_net_counts_of_the_very_period_are_told(ask):
    asked = ask(orders=ROW + TOTALS + OTHERS)
    assert (
        told(asked("/orders total launch:one during:2024-05 metric:lock_in_rate")) == "One, May 2024: 70 % lock-in rate"
    )
    line = "/orders total launch:one during:2024-05 metric:reservations"
    assert told(asked(line)) == "One, May 2024: 100 reservations net of cancellations"


def test_parts_and_variants_of_the_period_are_told(ask):
    head = "id,launch,metric,low,high,counting,gross,period_from,period_to,place,variant,said_by\n"
    rows = "a,one,deliveries,60,60,new,yes,2024-05-01,2024-06-01,Beijing,,Acme\nb,one,deliveries,40,40,new,yes,2024-05-01,2024-06-01,China,Max,Acme\n"
    assert (
        told(ask(orders=head + rows)("/orders total launch:one during:2024-05")) == "One, May 2024: Max 40, Beijing 60"
    )


@pytest.mark.parametrize(
    ("during", "span"),
    [
        ("2024-W20", "13 May 2024 to 19 May 2024"),
        ("2024-Q1/2024-Q2", "January 2024 to June 2024"),
        ("2024年第二季度", "April 2024 to June 2024"),
    ],
)
def test_weeks_and_quarters_are_periods(ask, during, span):
    assert told(ask(orders=ROW + MONTHS)(f"/orders total launch:one during:{during}")).startswith(f"One, {span}: ")


def test_what_is_missing_is_said_of_the_period_and_only_then(ask):
    asked = ask(orders=ROW + TOTALS + MONTHS)
    assert WORDS.notes(asked("/orders total launch:one during:2024-05"))[1] == ()
    missing = WORDS.notes(asked("/orders total launch:one during:2024-09 metric:deliveries"))[1]
    assert missing == ("No figure of deliveries of that period",)
