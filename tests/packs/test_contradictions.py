"""Rows that contradict others, or the calendar, are taken only with a question."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from msgspec.structs import replace

from salesbot.errors import PackRefused
from salesbot.facts import Name, PriceFact
from salesbot.packs.uploads.upload import read_upload
from salesbot.values.moment import cell_time
from salesbot.words import words_for
from tests.packs.test_upload_kinds import LIVE, ORDERS, PRICES, price, row
from tests.small_packs import text_of_problems

WORDS = words_for()
OPENED = replace(LIVE.launches[0], opened=cell_time("2024-03-28T22:00+08:00"))


def counted(id, number, end, metric="orders", **more):
    low = Fraction(number)
    cells = {"id": id, "metric": metric, "low": low, "high": low, "counting": "cumulative", "gross": "yes"}
    return replace(LIVE.orders[0], **cells, period_from=None, period_to=cell_time(end), **more)


FACTS = replace(
    LIVE,
    launches=(OPENED,),
    orders=(*LIVE.orders, counted("early", 1000, "2024-04-02"), counted("late", 3000, "2024-04-12")),
)


def asked(text, name="orders.csv", facts=FACTS):
    """What is questioned of the rows of a table, without their places."""
    return [WORDS.message(notice.message) for notice in read_upload(name, text.encode(), facts).notices]


def order(**cells):
    usual = {"metric": "orders", "counting": "cumulative", "gross": "yes", "period_from": "", "said_by": "Acme"}
    return f"{ORDERS}\n{row(**(usual | cells))}\n"


@pytest.mark.parametrize(
    ("cells", "question"),
    [
        ({"low": "900", "high": "900", "period_to": "2024-04-05"}, "less than the 1,000 of early, which ends earlier"),
        ({"low": "3500", "high": "3500", "period_to": "2024-04-05"}, "more than the 3,000 of late, which ends later"),
        (
            {"metric": "locked_orders", "low": "1200", "high": "1200", "period_to": "2024-04-02"},
            "more than the 1,000 orders of early on that day, of which it is a part",
        ),
        ({"low": "1000", "high": "1000", "period_to": "2024-04-02"}, "it says the same as early"),
        ({"low": "10", "high": "10", "period_to": "2024-03-20"}, "it ends before orders opened, on 2024-03-28"),
    ],
)
def test_a_count_against_another_is_questioned(cells, question):
    assert any(question in one for one in asked(order(**cells)))


@pytest.mark.parametrize(
    "cells",
    [
        {"low": "2000", "high": "2000", "period_to": "2024-04-05"},
        {"low": "900", "high": "900", "period_to": "2024-04-05", "gross": "no"},
        {"low": "900", "high": "900", "period_to": "2024-04-05", "status": "denied"},
        {"low": "900", "high": "900", "period_to": "2024-04-05", "period_from": "2024-04-01"},
        {"low": "900", "high": "900", "period_to": "2024-04-05", "place": "Germany"},
        {"metric": "reservations", "low": "10", "high": "10", "period_to": "2024-03-20"},
        {"metric": "locked_orders", "low": "900", "high": "900", "period_to": "2024-04-02"},
        {"low": "1000", "high": "1000", "period_to": "2024-04-02", "said_by": "Others"},
    ],
)
def test_a_count_that_can_be_is_not(cells):
    words = ("less than the", "more than the", "says the same", "before orders opened", "still to come")
    assert [one for one in asked(order(**cells)) if any(word in one for word in words)] == []


def test_a_count_of_a_day_to_come_is_questioned_unless_it_is_a_target():
    end = (date.today() + timedelta(days=40)).isoformat()
    assert any("still to come; is it a target?" in one for one in asked(order(low="4000", high="4000", period_to=end)))
    target = order(low="4000", high="4000", period_to=end, status="target")
    assert not any("still to come" in one for one in asked(target))


@pytest.mark.parametrize(
    ("cells", "question"),
    [
        ({"low": "0", "high": "0"}, "a price of 0"),
        (
            {"price_type": "limited_time_offer", "low": "195000", "high": "195000"},
            "an offer of more than half of the price",
        ),
        ({"price_type": "subsidy", "change_low": "5000", "change_high": "5000"}, "an offer makes a price lower"),
        ({"low": "21590", "high": "21590"}, "21,590 is 5 times off the others like it"),
        ({"low": "2159000", "high": "2159000"}, "2,159,000 is 5 times off the others like it"),
    ],
)
def test_an_odd_price_is_questioned(cells, question):
    assert any(question in one for one in asked(f"{PRICES}\n{price(**cells)}\n", "prices.csv"))
    assert not any(question in one for one in asked(f"{PRICES}\n{price(low='200000', high='200000')}\n", "prices.csv"))


@pytest.mark.parametrize(
    ("at", "zone", "is_asked"),
    [
        ("2024-03-28T19:00+08:00", "America/New_York", True),
        ("2024-01-15T12:00-04:00", "America/New_York", True),  # that of summer
        ("2024-07-15T12:00-04:00", "America/New_York", False),
        ("2024-03-28T19:00+08:00", "Beijing time", False),
        ("2024-03-28T19:00+08:00", "not stated", False),
        ("2024-03-28", "America/New_York", False),
    ],
)
def test_an_offset_that_a_zone_does_not_have_is_questioned(at, zone, is_asked):
    text = f"id,name,who,at,zone,place,sources,note\ne-1,It begins,Acme,{at},{zone},,wire,\n"
    assert any("one of the two is wrong" in one for one in asked(text, "events.csv")) is is_asked


def test_the_seeds_question_nothing_of_themselves_but_what_is_so():
    """Every row of the seeds as if it had just come: what is questioned there is a fact that people argue about."""
    from salesbot.packs.doubts import FINDERS
    from salesbot.packs.reading import read_pack
    from salesbot.settings import seed_pack

    facts = read_pack(seed_pack())
    found = []
    for table in ("orders", "prices", "events"):
        rows = list(enumerate(facts.rows(table), 2))
        for find in FINDERS:
            found += [(facts.rows(table)[number - 2].id, said.key) for number, (_, said) in find(rows, facts)]
    assert found == []


PERIOD = {"counting": "new", "period_from": "2024-04-01"}


@pytest.mark.parametrize(
    ("cells", "question"),
    [
        ({"low": "1100", "high": "1100", "period_to": "2024-04-02"}, "early says 1,000 for the same time"),
        (
            PERIOD | {"low": "3100", "high": "3100", "period_to": "2024-04-12"},
            "more than the 3,000 of late, which counts all",
        ),
        (
            PERIOD | {"low": "1100", "high": "1100", "period_to": "2024-04-02"},
            "more than the 1,000 of early, which counts all",
        ),
    ],
)
def test_a_count_that_another_speaks_against_is_questioned(cells, question):
    told = FACTS.orders
    same = (*told[:-2], replace(told[-2], said_by=("Acme",)), told[-1])
    assert any(question in one for one in asked(order(**cells), facts=replace(FACTS, orders=same)))


@pytest.mark.parametrize(
    "cells",
    [
        {"low": "1100", "high": "1100", "period_to": "2024-04-02", "said_by": "Others"},
        {"low": "1000", "high": "1200", "period_to": "2024-04-02"},
        PERIOD | {"low": "2900", "high": "2900", "period_to": "2024-04-12"},
        PERIOD | {"low": "3100", "high": "3100", "period_to": "2024-04-20"},
        PERIOD | {"low": "3100", "high": "3100", "period_to": "2024-04-12", "gross": "no"},
        PERIOD | {"low": "3100", "high": "3100", "period_to": "2024-04-12", "status": "target"},
        PERIOD | {"low": "3100", "high": "3100", "period_to": "2024-04-12", "place": "Germany"},
    ],
)
def test_a_count_that_no_other_speaks_against_is_not(cells):
    words = ("for the same time", "counts all", "only a part")
    assert [one for one in asked(order(**cells)) if any(word in one for word in words)] == []


def test_a_count_of_all_below_that_of_a_period_is_questioned():
    may = replace(counted("may", 2500, "2024-04-09"), counting="new", period_from=cell_time("2024-04-03"))
    facts = replace(FACTS, orders=(*FACTS.orders, may))
    text = order(low="2000", high="2000", period_to="2024-04-10")
    assert any("less than the 2,500 of may, which counts only a part" in one for one in asked(text, facts=facts))


def test_a_step_below_0_is_refused():
    with pytest.raises(PackRefused) as refused:
        asked(order(low="2000", high="2000", period_to="2024-04-10", precision="-100"))
    assert ["a step of 0 or more" in text for text in text_of_problems(refused.value)] == [True]


@pytest.mark.parametrize(
    ("cells", "question"),
    [
        ({"low": "210000", "high": "210000", "valid_from": "2024-05-01"}, "says 200,000 for the same day"),
        ({"low": "210000", "high": "210000", "previous": "215000"}, "the price before it is 200,000 (base)"),
        ({"low": "210000", "high": "210000", "previous": "200000", "change_low": "-210000", "change_high": "-210000"}, "a change as large as the price (200,000)"),
        ({"currency": "USD", "low": "210000", "high": "210000"}, "other prices there are in CNY (base)"),
        ({"brand": "Bolt", "low": "210000", "high": "210000"}, "the prices of Acme have a model of that name as well (base)"),
        ({"low": "210000", "high": "210000", "announced": "2024-06-05"}, "announced after it began, on 2024-06-01"),
    ],
)  # fmt: skip
def test_a_price_that_another_speaks_against_is_questioned(cells, question):
    base = one_price("base", 200000, "2024-05-01")
    names = (*FACTS.names, Name(id="bolt", kind="brand", name="Bolt", language="en"))
    facts = replace(FACTS, prices=(base,), names=names)
    assert any(question in one for one in asked(f"{PRICES}\n{price(**cells)}\n", "prices.csv", facts))


@pytest.mark.parametrize(
    "cells",
    [
        {"low": "210000", "high": "210000"},
        {"low": "210000", "high": "210000", "previous": "200000", "change_low": "10000", "change_high": "10000"},
        {"low": "210000", "high": "210000", "valid_from": "2024-05-01", "trim": "Pro"},
        {"low": "200000", "high": "200000", "valid_from": "2024-05-01"},
        {"low": "210000", "high": "210000", "valid_from": "2024-05-01", "status": "revised"},
        {"low": "210000", "high": "210000", "valid_from": "2024-05-01", "status": "rumour"},
        {"low": "30000", "high": "30000", "currency": "USD", "region": "US"},
        {"low": "210000", "high": "210000", "announced": "2024-05-20"},
        {"low": "210000", "high": "210000", "region": "中国"},
    ],
)
def test_a_price_that_no_other_speaks_against_is_not(cells):
    words = ("for the same day", "the price before it", "as large as", "prices there are", "of that name", "announced after")  # fmt: skip
    facts = replace(FACTS, prices=(one_price("base", 200000, "2024-05-01"),))
    text = f"{PRICES}\n{price(**cells)}\n"
    assert [one for one in asked(text, "prices.csv", facts) if any(word in one for word in words)] == []


def test_a_place_under_another_of_its_names_is_the_same_place():
    facts = replace(FACTS, prices=(one_price("base", 200000, "2024-05-01"),))
    text = f"{PRICES}\n{price(low='210000', high='210000', region='中国', valid_from='2024-05-01')}\n"
    assert any("says 200,000 for the same day" in one for one in asked(text, "prices.csv", facts))


def one_price(id, amount, day):
    cells = {"brand": "Acme", "model": "One", "trim": "Base", "region": "China", "currency": "CNY"}
    ends = {"low": Fraction(amount), "high": Fraction(amount), "valid_from": cell_time(day)}
    return PriceFact(id=id, **cells, **ends, price_type="list_price", status="reported", sources=("wire",))
