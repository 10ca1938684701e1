"""Generated packs: every answer against a slow evaluation of its own, and no answer moved by a stranger."""

import re
import textwrap
from fractions import Fraction as F
from itertools import product as every

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesbot.errors import NotInFacts
from salesbot.packs.reading import read_pack
from salesbot.storage.snapshot_writer import open_facts
from salesbot.values.quantity import bounds_text
from tests.small_packs import asking, pack_folder

OPENED = 1711634400  # 2024-03-28T22:00+08:00
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
number = st.integers(min_value=1, max_value=10**6)
span = st.tuples(number, number).map(sorted)
rate = st.tuples(st.integers(1, 99), st.integers(1, 99)).map(sorted).map(lambda pair: [f"0.{n:02}" for n in pair])


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Ask a pack written in the test."""

    def of(**tables):
        folder = tmp_path_factory.mktemp("pack")
        facts = read_pack(pack_folder(folder / "pack", **tables))
        return asking(open_facts(facts, folder / "snapshots"))

    return of


def corners(form, *ranges):
    values = [form(*corner) for corner in every(*[[F(end) for end in ends] for ends in ranges])]
    return min(values), max(values)


@FEW
@given(span, span, rate)
def test_totals_are_the_corners_of_their_operands(asked, per_store, stores, lock_in):
    ask = asked(
        orders=f"id,launch,metric,low,high,period_to\na,one,orders_per_store,{per_store[0]},{per_store[1]},2024-03-31T22:00+08:00\n"
        f"b,one,lock_in_rate,{lock_in[0]},{lock_in[1]},2024-03-31T22:00+08:00",
        stores=f"id,launch,metric,low,high,valid_from\ns,one,sales_stores,{stores[0]},{stores[1]},2024-03-01",
    )
    answer = ask("/orders total launch:one within:72h")
    orders, locked = answer.figure("computed-orders").quantity, answer.figure("computed-locked-orders").quantity
    assert (orders.low, orders.high) == corners(lambda p, s: p * s, per_store, stores)
    assert (locked.low, locked.high) == corners(lambda p, s, r: p * s * r, per_store, stores, lock_in)


@FEW
@given(span, span, rate)
def test_implied_stores_are_the_corners_turned_round(asked, locked, per_store, lock_in):
    ask = asked(
        orders=f"id,launch,metric,low,high,period_to\na,one,locked_orders,{locked[0]},{locked[1]},2024-03-31T22:00+08:00\n"
        f"b,one,orders_per_store,{per_store[0]},{per_store[1]},2024-03-31T22:00+08:00\n"
        f"c,one,lock_in_rate,{lock_in[0]},{lock_in[1]},2024-03-31T22:00+08:00",
    )
    found = ask("/orders stores launch:one").figure("computed-sales-stores-from-a").quantity
    assert (found.low, found.high) == corners(lambda n, p, r: n / p / r, locked, per_store, lock_in)


points = st.lists(
    st.tuples(st.integers(1, 500), st.integers(0, 10**6), st.sampled_from(["exact", "at_least", "at_most"])),
    min_size=1,
    max_size=8,
)


def stated(minute, count, how):
    low, high = (count, "") if how == "at_least" else ("", count) if how == "at_most" else (count, count)
    return minute, low, high, how


@FEW
@given(points, st.integers(1, 600))
def test_a_bracket_is_the_tightest_bounds_of_all_reports(asked, found, minute):
    rows = {stated(*point)[0]: stated(*point) for point in found}
    lines = [
        f"p{m},one,orders,{low},{high},{how},2024-03-{28 + (22 * 60 + m) // 1440:02}T{(22 + m // 60) % 24:02}:{m % 60:02}+08:00,yes"
        for m, low, high, how in rows.values()
    ]
    answer = asked(orders="id,launch,metric,low,high,stated,period_to,gross\n" + "\n".join(lines))(
        f"/orders progress launch:one at:{minute}m"
    )
    low = max([F(row[1]) for row in rows.values() if row[0] <= minute and row[1] != ""], default=F(0))
    high = min([F(row[2]) for row in rows.values() if row[0] >= minute and row[2] != ""], default=None)
    bracket = next((f for f in answer.figures if f.id == "bracket-orders"), None)
    if bracket is None:
        assert (high is None and low == 0) or (high is not None and low > high)
    else:
        assert (bracket.quantity.low, bracket.quantity.high) == (low, high)


levels = st.lists(
    st.tuples(st.integers(1, 28), st.integers(1, 12), number), min_size=1, max_size=6, unique_by=lambda level: level[:2]
)


@FEW
@given(levels, st.integers(1, 28), st.integers(1, 12))
def test_a_price_on_a_day_is_the_last_that_began(asked, found, day, month):
    rows = [f"p{d}-{m},{price},{price},2024-{m:02}-{d:02}" for d, m, price in found]
    ask = asked(prices="id,low,high,valid_from\n" + "\n".join(rows))
    begun = [(m, d, price) for d, m, price in found if (m, d) <= (month, day)]
    try:
        answer = ask(f"/prices show model:one on:2024-{month:02}-{day:02}")
    except NotInFacts:
        assert not begun
        return
    assert [int(f.quantity.low) for f in answer.figures] == [max(begun)[2]]


LINES = [
    "/orders total launch:one within:72h",
    "/orders total launch:one",
    "/orders stores launch:one",
    "/orders progress launch:one at:5h",
    "/prices show model:one on:2024-04-10",
    "/prices changes model:one",
    "/prices history model:one",
    "/timeline check first:x second:y",
    "/timeline gap first:x second:y",
    "/claims check claim:c",
]
MINE = {
    "orders": """id,launch,metric,low,high,period_to,said_by
        a,one,orders_per_store,10,20,2024-03-31T22:00+08:00,press
        b,one,lock_in_rate,0.3,0.4,2024-03-31T22:00+08:00,press
        c,one,orders,150,150,2024-03-29T22:00+08:00,Acme""",
    "stores": "id,launch,metric,low,high,valid_from\ns,one,sales_stores,9,11,2024-03-01",
    "prices": "id,low,high,valid_from\np,100,100,2024-03-28\nq,90,90,2024-04-01",
    "events": "id,name,at\nx,First,2024-03-28\ny,Second,2024-04-28",
    "claims": "id,checks,expects\nc,/prices show model:one on:2024-04-10,90",
}
STRANGERS = {
    "orders": "\nz,two,orders,7,7,2024-04-30T22:00+08:00,Acme",
    "stores": "\nz,two,sales_stores,3,3,2024-03-01",
    "events": "\nz,Stranger,2024-03-29",
    "claims": "\nz,/prices show model:one on:2024-04-10,5",
}


def without_facts(answer):
    return re.sub(r"version=Version\([^)]*\)", "", repr(answer_parts(answer)))


def answer_parts(answer):
    return (
        answer.figures,
        answer.verdict,
        answer.missing,
        answer.caveats,
        answer.passed_over,
        answer.sources,
        answer.result,
    )


def test_an_unrelated_fact_changes_nothing_but_the_version(asked):
    plain = asked(**MINE)
    for table, row in STRANGERS.items():
        more = asked(**MINE | {table: textwrap.dedent(MINE[table]) + row})
        for line in LINES:
            one, other = plain(line), more(line)
            assert without_facts(one) == without_facts(other), (table, line)
            assert one.version.text != other.version.text


def test_what_is_printed_of_any_total_contains_it(asked):
    answer = asked(**MINE)("/orders total launch:one within:72h")
    for figure in answer.figures:
        low, high = bounds_text(figure.quantity)
        assert low is None or F(low) <= figure.quantity.low
        assert high is None or F(high) >= figure.quantity.high
