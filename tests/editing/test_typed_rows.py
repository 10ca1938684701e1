"""A fact typed in a few options is the row that a moderator meant, or a question."""

import pytest

from salesbot.editing.found_rows import columns_like, edited_cell, removed_row, row_of, rows_like
from salesbot.editing.typed_rows import (
    TypedCount,
    TypedEvent,
    TypedPrice,
    TypedSource,
    corrected_row,
    count_rows,
    event_rows,
    price_rows,
    source_rows,
)
from salesbot.errors import QuestionError
from salesbot.packs.edits import edited
from salesbot.packs.reading import read_pack
from salesbot.settings import seed_pack
from salesbot.storage.snapshot_writer import open_facts
from salesbot.values.quantity import bounds_text
from salesbot.words import words_for

WORDS = words_for()
LINK = "https://www.daily.example/2024/xiaomi-sells-many-cars.html"


@pytest.fixture(scope="module")
def seeds():
    return read_pack(seed_pack())


@pytest.fixture(scope="module")
def snapshot(seeds, tmp_path_factory):
    opened = open_facts(seeds, tmp_path_factory.mktemp("snapshots"))
    yield opened
    opened.close()


def count(snapshot, value="5", when="April 2024", metric="deliveries", who="Xiaomi", link=LINK, place=""):
    edits = count_rows(TypedCount("小米SU7", metric, value, when, link, who, place), snapshot)
    return edits, edits.rows["orders"][0]


@pytest.mark.parametrize(
    ("typed", "low", "high", "stated", "precision"),
    [
        ("75,723", "75723", "75723", "exact", "1"),
        (">=70,000", "70000", None, "at_least", None),
        ("<= 40000", None, "40000", "at_most", None),
        ("about 4.5万", "45000", "45000", "about", "1000"),
        ("约10万", "100000", "100000", "about", "10000"),
        ("1800..2000", "1800", "2000", "range", None),
        ("4-5万", "40000", "50000", "range", None),
    ],
)
def test_a_value_is_read_with_how_closely_it_was_stated(snapshot, typed, low, high, stated, precision):
    _, cells = count(snapshot, typed)
    found = [cells.get(name) for name in ("low", "high", "stated", "precision")]
    assert found == [low, high, stated, precision]


@pytest.mark.parametrize(
    ("typed", "start", "end", "counting"),
    [
        ("April 2024", "2024-04-01", "2024-05-01", "new"),
        ("2024年4月", "2024-04-01", "2024-05-01", "new"),
        ("Q2 2024", "2024-04-01", "2024-07-01", "new"),
        ("2024", "2024-01-01", "2025-01-01", "new"),
        ("from 2024-04-08 to 2024-04-14", "2024-04-08", "2024-04-15", "new"),
        ("by 20 April 2024", None, "2024-04-21", "cumulative"),
        ("截至2024年4月20日", None, "2024-04-21", "cumulative"),
        ("20 April 2024", None, "2024-04-21", "cumulative"),
        ("by April 2024", None, "2024-05-01", "cumulative"),
        ("72h", None, "2024-03-31T22:00+08:00", "cumulative"),
        ("first 4 minutes", None, "2024-03-28T22:04+08:00", "cumulative"),
        ("2024-03-29 22:00", None, "2024-03-29T22:00+08:00", "cumulative"),
        ("2024-03-29 22:00 Beijing time", None, "2024-03-29T22:00+08:00", "cumulative"),
    ],
)
def test_a_period_is_read_as_people_say_it(snapshot, typed, start, end, counting):
    _, cells = count(snapshot, when=typed, metric="reservations")
    assert [cells.get(name) for name in ("period_from", "period_to", "counting")] == [start, end, counting]


def test_a_count_since_the_start_starts_where_the_others_of_its_metric_do(snapshot):
    _, cells = count(snapshot, when="by 30 April 2024")
    assert cells["period_from"] == "2024-04-03"


@pytest.mark.parametrize(
    ("value", "when", "named"),
    [
        ("20.000", "April 2024", "value"),
        ("many", "April 2024", "value"),
        ("5", "yesterday", "when"),
        ("5", "Apr 1", "when"),
    ],
)
def test_what_cannot_be_read_is_asked_again(snapshot, value, when, named):
    with pytest.raises(QuestionError) as error:
        count(snapshot, value, when)
    assert error.value.message.values["name"] == named


def test_the_row_is_filled_in_and_is_a_row_of_the_pack(seeds, snapshot):
    edits, cells = count(snapshot)
    assert cells["id"] == "su7-deliveries-2024-04-01"
    assert (cells["place"], cells["said_by"], cells["status"]) == ("China", "Xiaomi", "reported")
    facts = edited(seeds, edits).facts
    assert facts.orders[-1].id == cells["id"] and len(facts.orders) == len(seeds.orders) + 1
    source = facts.sources[-1]
    assert (source.publisher, source.title) == ("daily.example", "xiaomi sells many cars")
    assert (source.grade, source.link) == ("C", "no")


def test_a_link_that_is_known_is_its_source(seeds, snapshot):
    known = next(source for source in seeds.sources if source.url)
    edits, cells = count(snapshot, link=known.url)
    assert cells["sources"] == known.id and not edits.rows["sources"]
    _, cells = count(snapshot, link=known.id.upper())
    assert cells["sources"] == known.id


@pytest.mark.parametrize("link", ["not a link", "ftp://a.example", ""])
def test_what_is_no_link_is_asked_again(snapshot, link):
    with pytest.raises(QuestionError) as error:
        count(snapshot, link=link)
    assert error.value.message.values["name"] == "link"


def test_a_price_takes_market_and_currency_of_its_model_unless_one_is_typed(seeds, snapshot):
    edits = price_rows(TypedPrice("su7", "215,900", "1 April 2024", LINK, "Pro", "list_price", "Xiaomi"), snapshot)
    [cells] = edits.rows["prices"]
    assert (cells["region"], cells["currency"], cells["low"], cells["valid_from"]) == (
        "China",
        "CNY",
        "215900",
        "2024-04-01",
    )
    assert edited(seeds, edits).facts.prices[-1].trim == "Pro"
    [cells] = price_rows(TypedPrice("su7", "30,000 usd", "2024-04", LINK), snapshot).rows["prices"]
    assert (cells["currency"], cells["valid_from"]) == ("USD", "2024-04")


@pytest.mark.parametrize(
    ("when", "zone", "at", "stated"),
    [
        ("3 April 2024", "", "2024-04-03", "not stated"),
        ("2024-03-28 19:00 Beijing time", "", "2024-03-28T19:00+08:00", "Beijing time"),
        ("2024-03-28 19:00", "Asia/Shanghai", "2024-03-28T19:00+08:00", "Asia/Shanghai"),
    ],
)
def test_an_event_keeps_its_zone_as_it_was_stated(seeds, snapshot, when, zone, at, stated):
    edits = event_rows(TypedEvent("A test drive begins", when, LINK, "Xiaomi", zone), snapshot)
    [cells] = edits.rows["events"]
    assert (cells["at"], cells["zone"]) == (at, stated)
    assert edited(seeds, edits).facts.events[-1].name == "A test drive begins"


@pytest.mark.parametrize("when", ["2024-03-28 19:00", "2024-03-28 19:00 CST", "2024-03-28 19:00 nowhere"])
def test_a_clock_time_of_no_one_zone_is_asked_again(snapshot, when):
    with pytest.raises(QuestionError):
        event_rows(TypedEvent("A post", when, LINK), snapshot)


def test_only_good_sources_are_linked(seeds, snapshot):
    [a] = source_rows(TypedSource(LINK, "Daily", "A title", "2024-04-01", "A"), snapshot).rows["sources"]
    [c] = source_rows(TypedSource(LINK), snapshot).rows["sources"]
    assert (a["link"], c["link"]) == ("yes", "no")
    with pytest.raises(QuestionError):
        source_rows(TypedSource("s001"), snapshot)


def test_a_row_is_found_by_what_it_says(snapshot):
    found = rows_like("deliveries april 7,058", snapshot, WORDS)
    assert [row.value for row in found] == ["orders/su7-deliveries-2024-04"]
    assert found[0].text == "SU7 · deliveries · 7,058 · April 2024 · China · said by Xiaomi"
    assert rows_like("nothing says this", snapshot, WORDS) == []
    assert len(rows_like("", snapshot, WORDS)) == 25


def test_a_cell_is_changed_and_the_others_stay(seeds, snapshot):
    row = row_of("orders/su7-deliveries-2024-04", snapshot, WORDS)
    assert ("period_to", "2024-05-01") in columns_like(row, "period")
    facts = edited(seeds, edited_cell(row, "note", "seen twice")).facts
    [changed] = [one for one in facts.orders if one.id == row.id]
    assert (changed.note, changed.low, len(facts.orders)) == ("seen twice", 7058, len(seeds.orders))
    emptied = edited(seeds, edited_cell(row, "note", "")).facts
    assert next(one for one in emptied.orders if one.id == row.id).note is None


@pytest.mark.parametrize("column", ["id", "colour"])
def test_no_other_column_is_changed(snapshot, column):
    with pytest.raises(QuestionError):
        edited_cell(row_of("orders/su7-deliveries-2024-04", snapshot, WORDS), column, "x")


@pytest.mark.parametrize("value", ["orders/none", "su7", "nothing/x", "meta/version", ""])
def test_a_row_that_is_none_is_asked_again(snapshot, value):
    with pytest.raises(QuestionError):
        row_of(value, snapshot, WORDS)


def test_a_row_is_removed(seeds, snapshot):
    facts = edited(seeds, removed_row(row_of("orders/su7-deliveries-2024-04", snapshot, WORDS))).facts
    assert "su7-deliveries-2024-04" not in {row.id for row in facts.orders}
    assert len(facts.orders) == len(seeds.orders) - 1


# what is not taken for something else


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("5%", "list_price", "an amount or a count, not a share"),
        ("5％", "subsidy", "an amount or a count, not a share"),
        ("20%", "street_price", "an amount or a count, not a share"),
        ("about 216000", "list_price", "a number without 'about'"),
        ("约21.6万", "list_price", "a number without 'about'"),
    ],
)
def test_a_price_is_no_share_and_about_nothing(snapshot, value, kind, expected):
    with pytest.raises(QuestionError) as refused:
        price_rows(TypedPrice("su7", value, "2024-04-01", LINK, "", kind), snapshot)
    assert expected in WORDS.error(refused.value).hint


def test_a_discount_in_per_cent_stays_that(seeds, snapshot):
    edits = price_rows(TypedPrice("su7", "5..10%", "2024-04-01", LINK, "Pro", "discount"), snapshot)
    facts = edited(seeds, edits).facts
    assert (facts.prices[-1].quantity.unit, bounds_text(facts.prices[-1].quantity)) == ("ratio", ("0.05", "0.1"))
    [cells] = edits.rows["prices"]
    assert (cells["low"], cells["high"]) == ("5%", "10%")


@pytest.mark.parametrize(("metric", "value", "low"), [("deliveries", "5%", None), ("lock-in rate", "35%", "0.35")])
def test_only_a_rate_is_counted_in_per_cent(snapshot, metric, value, low):
    if low is None:
        with pytest.raises(QuestionError):
            count(snapshot, value, "by 2024-05-01", metric)
    else:
        assert count(snapshot, value, "by 2024-05-01", metric)[1]["low"] == low


def test_a_correction_is_no_share_either(snapshot):
    for row, value in (("orders/su7-deliveries-2024-04", "5%"), ("prices/su7-pro-2024-03-28", "about 200000")):
        with pytest.raises(QuestionError):
            corrected_row(row_of(row, snapshot, WORDS), value, "", snapshot)


@pytest.mark.parametrize(
    ("when", "zone", "at"),
    [
        ("2024-03-28 19:00 Beijing time", "America/New_York", None),
        ("2024-03-28T19:00+08:00", "America/New_York", None),
        ("2024-03-28 19:00 +08:00", "Europe/London", None),
        ("2024-03-28 19:00 Beijing time", "Asia/Shanghai", "2024-03-28T19:00+08:00"),
        ("2024-03-28T19:00+08:00", "Asia/Shanghai", "2024-03-28T19:00+08:00"),
        ("2024-03-28 19:00", "Asia/Shanghai", "2024-03-28T19:00+08:00"),
    ],
)
def test_two_zones_that_differ_are_a_question(snapshot, when, zone, at):
    typed = TypedEvent("A post", when, LINK, "", zone)
    if at is None:
        with pytest.raises(QuestionError) as refused:
            event_rows(typed, snapshot)
        assert refused.value.message.key == "zones_differ"
    else:
        assert event_rows(typed, snapshot).rows["events"][0]["at"] == at
