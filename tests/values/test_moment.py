"""Moments: what a text can mean on the clocks of the world."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesbot.errors import TextError
from salesbot.values.moment import (
    beginning,
    calendar_gap,
    cell_time,
    moment_of,
    reading_relations,
    relation,
    typed_time,
    utc_text,
)
from salesbot.values.zones import zone_readings
from salesbot.words import words_for

BEIJING = zone_readings("Asia/Shanghai")
LAUNCH = cell_time("2024-03-28T19:00+08:00").read()


def text_of(error):
    """What a person reads of a text that is no time."""
    return words_for().message(error.value.expected)


def span(text, zones=None):
    moment = typed_time(text).read(zones) if zones else typed_time(text).read()
    return utc_text(moment.earliest), utc_text(moment.latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("about 2024-03-27 04:00 US time", "2024-03-27T07:30:00Z", "2024-03-27T14:30:00Z"),
        ("2024-03-28 19:00 Beijing time", "2024-03-28T11:00:00Z", "2024-03-28T11:00:00Z"),
        ("2024-03-28T19:00+08:00", "2024-03-28T11:00:00Z", "2024-03-28T11:00:00Z"),
        ("2024-03-28 10:20 +07:00", "2024-03-28T03:20:00Z", "2024-03-28T03:20:00Z"),
        ("2024-03-28 10:20+07:00", "2024-03-28T03:20:00Z", "2024-03-28T03:20:00Z"),
        ("2014 UTC", "2014-01-01T00:00:00Z", "2014-12-31T23:59:59Z"),
        ("2024-03 Asia/Shanghai", "2024-02-29T16:00:00Z", "2024-03-31T15:59:59Z"),
        ("2024年3月28日 19:00 北京时间", "2024-03-28T11:00:00Z", "2024-03-28T11:00:00Z"),
        ("2024-03-28", "2024-03-27T10:00:00Z", "2024-03-29T11:59:59Z"),  # every zone on Earth
        ("2024-03-28 24:00 UTC", "2024-03-29T00:00:00Z", "2024-03-29T00:00:00Z"),
        ("2024-07-01 12:00 Eastern", "2024-07-01T16:00:00Z", "2024-07-01T16:00:00Z"),
        ("2024-07-01 12:00 EST", "2024-07-01T17:00:00Z", "2024-07-01T17:00:00Z"),
        ("２０２４-03-28 19:00 GMT", "2024-03-28T19:00:00Z", "2024-03-28T19:00:00Z"),
    ],
)
def test_a_typed_time_spans_all_it_can_mean(text, earliest, latest):
    assert span(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("word", "zones"),
    [
        ("CST", 3),
        ("PST", 2),
        ("BST", 2),
        ("IST", 3),
        ("CDT", 2),
        ("EST", 1),
        ("Beijing time", 1),
        ("US time", 1),
        ("太平洋时间", 1),
    ],
)
def test_an_ambiguous_zone_has_all_its_readings(word, zones):
    assert len(zone_readings(word)) == zones


@pytest.mark.parametrize(
    "word",
    [
        "UTC",
        "GMT",
        "Eastern",
        "Central",
        "Mountain",
        "Pacific",
        "CST",
        "CDT",
        "EST",
        "EDT",
        "MST",
        "MDT",
        "PST",
        "PDT",
        "BST",
        "IST",
        "CET",
        "CEST",
        "JST",
        "KST",
        "HKT",
        "SGT",
        "AEST",
        "AEDT",
        "北京时间",
        "美国东部时间",
        "美国中部时间",
        "美国太平洋时间",
        "美国时间",
        "+08:00",
        "UTC+8",
        "Asia/Shanghai",
        "america/new_york",
    ],
)
def test_every_zone_word_of_the_contract_is_known(word):
    assert zone_readings(word)


def test_cst_before_the_launch_in_china_and_after_it_in_chicago():
    found = {
        a.zone: (r.order, r.least) for a, _, r in reading_relations(typed_time("2024-03-28 10:00 CST").read(), LAUNCH)
    }
    assert found["CST, China"] == ("before", 32400)
    assert found["CST, US Central"] == ("after", 18000)
    assert relation(typed_time("2024-03-28 10:00 CST").read(), LAUNCH).order == "cannot tell"


def test_a_clock_time_that_comes_twice_has_two_readings():
    assert [utc_text(r.earliest) for r in typed_time("2024-11-03 01:30 America/New_York").read().readings] == [
        "2024-11-03T05:30:00Z",
        "2024-11-03T06:30:00Z",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("soon", "write it as 2024-03-28"),
        ("2024-13", "a date and time that exist"),
        ("2024-02-30", "a date and time that exist"),
        ("1066", "a year from 1900 to 2199"),
        ("2024-03-28 25:00", "a date and time that exist"),
        ("2024-03-28 10:00 Narnia", "'Narnia' is not a known zone; write an offset"),
        ("2024-03 10:00", "a whole date before the clock time"),
        ("24", "write it as 2024-03-28"),
        ("2024-03-28 5", "write it as 2024-03-28"),
    ],
)
def test_what_is_no_time_says_how_to_write_one(text, expected):
    with pytest.raises(TextError) as error:
        typed_time(text).read()
    assert expected in text_of(error)


def test_a_clock_time_that_never_comes_is_refused():
    with pytest.raises(TextError) as error:
        typed_time("2024-03-10 02:30 America/New_York").read()
    assert text_of(error) == "a clock time that comes in its zone; this one is skipped in America/New_York"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-3-28", "an ISO 8601 date"),
        ("2024-03-28 19:00", "an ISO 8601 date"),
        ("2024-03-28T19:00", "a date-time with its offset"),
        ("2024-05/2024-04", "the earlier one first"),
        ("2024-03-28T19:00+15:00", "an offset between -14:00 and +14:00"),
        ("a/b/c", "an ISO 8601 date"),
    ],
)
def test_a_pack_cell_is_stricter_than_a_person(text, expected):
    with pytest.raises(TextError) as error:
        cell_time(text)
    assert expected in text_of(error)


def test_musk_posted_before_the_launch_and_cannot_have_answered_it():
    found = relation(typed_time("about 2024-03-27 04:00 US time").read(), LAUNCH)
    assert (found.order, found.least, found.most, found.response) == ("before", 73800, 99000, "cannot be")
    turned = relation(LAUNCH, typed_time("about 2024-03-27 04:00 US time").read())
    assert (turned.order, turned.least, turned.most, turned.response) == ("after", 73800, 99000, "possible")


def test_one_instant_is_the_same_on_two_clocks_and_no_response():
    found = relation(typed_time("2024-03-28 11:00 UTC").read(), LAUNCH)
    assert (found.order, found.least, found.response) == ("same", 0, "cannot be")
    assert relation(typed_time("2024-03-28 UTC").read(), LAUNCH).order == "cannot tell"


def test_a_count_to_a_day_ends_as_that_day_begins():
    moment = beginning(cell_time("2024-04-25")).read(BEIJING)
    assert moment.is_instant
    assert utc_text(moment.earliest) == "2024-04-24T16:00:00Z"


def test_the_calendar_gap_counts_months_and_all_days():
    model_3, ff91, delivery = (cell_time(t).days[0] for t in ("2016-03-31", "2017-01-03", "2017-07-28"))
    assert (calendar_gap(model_3, ff91).total_days, calendar_gap(delivery, ff91).total_days) == (278, 206)
    assert calendar_gap(ff91, model_3) == calendar_gap(model_3, ff91)


@given(st.integers(min_value=0, max_value=2**32))
def test_an_instant_survives_its_own_text(epoch):
    moment = moment_of(epoch, BEIJING[0])
    assert cell_time(moment.text).read().earliest == epoch


moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(
    lambda t: cell_time(t.strftime("%Y-%m-%dT%H:%M:%SZ")).read()
)
loose = st.dates(datetime(1990, 1, 1).date(), datetime(2100, 1, 1).date()).map(
    lambda d: cell_time(d.isoformat()).read()
)


@given(st.one_of(moments, loose), st.one_of(moments, loose))
def test_turning_a_question_round_turns_the_order_and_keeps_the_gaps(first, second):
    one, other = relation(first, second), relation(second, first)
    assert {"before": "after", "after": "before"}.get(one.order, one.order) == other.order
    assert (one.least, one.most) == (other.least, other.most)
    if one.order == "before":
        assert 0 < one.least <= one.most


def test_times_are_aware_of_utc():
    assert LAUNCH.earliest == int(datetime(2024, 3, 28, 11, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "typed", ["Asia/Shanghai", "asia/shanghai", "ASIA/SHANGHAI", "Asia／Shanghai", " Asia / Shanghai"]
)
def test_a_place_of_the_tz_database_is_known_however_it_is_typed(typed):
    assert [zone.name for zone in zone_readings(typed)] == ["Asia/Shanghai"]


@pytest.mark.parametrize("typed", ["Egypt", "PRC", "Nowhere/Place", "/"])
def test_what_is_no_place_of_the_tz_database_is_no_zone(typed):
    assert zone_readings(typed) == ()
