"""Cells that hold an earliest and a latest time, and where days, months and years begin and end."""

from zoneinfo import available_timezones

import pytest

from salesbot.errors import TextError
from salesbot.values.moment import beginning, cell_time, ending, moment_of, relation, typed_time, utc_text
from salesbot.values.zones import is_iana_zone, zone_readings

BEIJING = zone_readings("Asia/Shanghai")


def span(stated):
    moment = stated.read(BEIJING)
    return utc_text(moment.earliest), utc_text(moment.latest)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03/2024-03",
        "2024-03-28/2024-03-28",
        "2024-03/2024-03-01",
        "2024-03-28T10:00+08:00/2024-03-28T10:00+08:00",
        "2024-03-28T10:00+08:00/2024-03-28T02:00Z",
        "2024-03-29T11:59:59Z/2024-03-28",  # the 28th lasts that long somewhere
        "2024-03-28/2024-03-27T10:00:00Z",  # and begins then
    ],
)
def test_the_earlier_time_may_be_no_later_than_the_other(text):
    assert cell_time(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "2024-04/2024-03",
        "2024-03-29/2024-03-28",
        "2024-03-28T10:00:01+08:00/2024-03-28T10:00+08:00",
        "2024-03-28T10:00Z/2024-03-28T10:00+08:00",
        "2024-03-29T12:00:00Z/2024-03-28",
        "2024-03-28/2024-03-27T09:59:59Z",
    ],
)
def test_a_time_that_is_surely_later_may_not_come_first(text):
    with pytest.raises(TextError) as error:
        cell_time(text)
    assert error.value.expected.key == "earlier_time_first"


@pytest.mark.parametrize(("year", "is_known"), [(1899, False), (1900, True), (2199, True), (2200, False)])
def test_years_from_1900_to_2199_are_taken(year, is_known):
    if is_known:
        assert cell_time(str(year)).days[0].year == year
        return
    with pytest.raises(TextError):
        cell_time(str(year))


@pytest.mark.parametrize(
    ("text", "begins", "is_over"),
    [
        ("2024-03-28", "2024-03-27T16:00:00Z", "2024-03-28T16:00:00Z"),
        ("2024-03", "2024-02-29T16:00:00Z", "2024-03-31T16:00:00Z"),
        ("2024", "2023-12-31T16:00:00Z", "2024-12-31T16:00:00Z"),
        ("2024-03-28T22:00+08:00", "2024-03-28T14:00:00Z", "2024-03-28T14:00:00Z"),
    ],
)
def test_a_day_month_or_year_begins_and_is_over(text, begins, is_over):
    assert span(beginning(cell_time(text))) == (begins, begins)
    assert span(ending(cell_time(text))) == (is_over, is_over)


def test_of_an_earliest_and_a_latest_day_each_may_begin_it_and_the_later_ends_it():
    stated = cell_time("2024-03-28/2024-03-30")
    assert span(beginning(stated)) == ("2024-03-27T16:00:00Z", "2024-03-29T16:00:00Z")
    assert span(ending(stated)) == ("2024-03-30T16:00:00Z", "2024-03-30T16:00:00Z")
    assert [day.isoformat() for day in stated.days] == ["2024-03-28", "2024-03-30"]
    assert (stated.is_day, stated.is_clock, stated.has_zone) == (False, False, False)


def test_a_time_between_two_clock_times_names_both_zones():
    stated = cell_time("2024-03-28T10:00+08:00/2024-03-28T10:00-05:00")
    assert span(stated) == ("2024-03-28T02:00:00Z", "2024-03-28T15:00:00Z")
    assert stated.read().zone == "UTC+08:00 to UTC-05:00"
    assert (stated.is_day, stated.is_clock, stated.has_zone) == (True, True, True)


def test_a_zone_at_one_end_only_leaves_the_other_to_the_place():
    stated = cell_time("2024-03-28/2024-03-29T10:00+08:00")
    assert (stated.has_zone, stated.is_clock) == (False, True)
    assert span(stated) == ("2024-03-27T16:00:00Z", "2024-03-29T02:00:00Z")
    assert stated.read(BEIJING).zone == "Asia/Shanghai"


def at(text):
    return cell_time(text).read()


@pytest.mark.parametrize(
    ("first", "second", "order", "gaps"),
    [
        ("2024-03-28T10:00Z/2024-03-28T11:00Z", "2024-03-28T11:00Z/2024-03-28T12:00Z", "cannot tell", (None, None)),
        ("2024-03-28T10:00Z/2024-03-28T11:00Z", "2024-03-28T11:00:01Z/2024-03-28T12:00Z", "before", (1, 7200)),
        ("2024-03-28T11:00:01Z/2024-03-28T12:00Z", "2024-03-28T10:00Z/2024-03-28T11:00Z", "after", (1, 7200)),
        ("2024-03-28T10:00Z", "2024-03-28T10:00Z", "same", (0, 0)),
        ("2024-03-28T10:00Z", "2024-03-28T10:00Z/2024-03-28T10:01Z", "cannot tell", (None, None)),
    ],
)
def test_moments_that_touch_have_no_order(first, second, order, gaps):
    found = relation(at(first), at(second))
    assert (found.order, (found.least, found.most)) == (order, gaps)


def test_about_stands_before_the_date_or_the_clock_time():
    assert typed_time("2024-03-28 about 10:00 UTC").read().span == typed_time("about 2024-03-28 10:00 UTC").read().span
    assert typed_time("about 2024-03-28 UTC").read().span == typed_time("2024-03-28 UTC").read().span


def test_an_instant_is_written_to_the_second_only_where_it_has_one():
    assert [moment_of(instant).text for instant in (0, 1)] == ["1970-01-01T00:00+00:00", "1970-01-01T00:00:01+00:00"]
    assert moment_of(0, text="the epoch").text == "the epoch"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("+14:00", "UTC+14:00"),
        ("-14:00", "UTC-14:00"),
        ("+0:59", "UTC+00:59"),
        ("UTC-0530", "UTC-05:30"),
        ("GMT+0", "UTC"),
        ("+14:01", None),
        ("+5:60", None),
    ],
)
def test_an_offset_lies_within_fourteen_hours(text, name):
    assert [zone.name for zone in zone_readings(text)] == ([name] if name else [])


def test_the_places_of_the_tz_database_are_known_by_their_own_names_only():
    known = available_timezones()
    others = ["posix/Asia/Shanghai", "right/Asia/Shanghai", "America", "Asia/", "Asia/Nowhere", "Etc/../Asia/Tokyo"]
    assert [text for text in (*sorted(known), *others, "asia/tokyo") if is_iana_zone(text)] == sorted(known)
    assert zone_readings("asia/tokyo") == zone_readings("Asia/Tokyo")
