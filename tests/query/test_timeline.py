"""Which of two things came first, under every reading."""

import pytest

from salesbot.answers.notes import AlsoTimed, AnnouncedFirst, ZoneAmbiguous, ZoneMissing
from salesbot.errors import QuestionError
from salesbot.words import words_for
from tests.small_packs import text_of_error


def test_musk_posted_before_the_launch_so_it_is_no_answer(seeds):
    answer = seeds("/timeline check first:musk-post second:su7-launch")
    relation = answer.result.relation
    assert (relation.order, relation.least, relation.most, relation.response) == ("before", 73800, 99000, "cannot be")
    also = next(note for note in answer.caveats if isinstance(note, AlsoTimed))
    assert (also.event, also.relation.order) == ("musk-post-stamp", "before")


def test_the_other_way_round_is_after_and_possible(seeds):
    relation = seeds("/timeline check first:su7-launch second:musk-post").result.relation
    assert (relation.order, relation.least, relation.most, relation.response) == ("after", 73800, 99000, "possible")


def test_an_ambiguous_zone_cannot_tell_and_names_each_reading(seeds):
    answer = seeds('/timeline check first:"2024-03-28 10:00 CST" second:su7-launch')
    assert (answer.verdict, answer.result.relation.response) == ("cannot tell", "cannot tell")
    readings = {r.first.zone: (r.relation.order, r.relation.least) for r in answer.result.readings}
    assert readings["CST, China"] == ("before", 32400)
    assert readings["CST, US Central"] == ("after", 18000)
    assert any(isinstance(note, ZoneAmbiguous) for note in answer.caveats)


def test_a_time_without_a_zone_counts_every_zone(seeds):
    answer = seeds('/timeline check first:"2024-03-29 20:00" second:su7-launch')
    assert answer.result.relation.order == "after"
    assert any(isinstance(note, ZoneMissing) for note in answer.caveats)
    assert seeds('/timeline check first:"2024-03-28 20:00" second:su7-launch').result.relation.order == "cannot tell"


def test_an_event_known_to_a_day_is_read_in_its_own_zone(seeds):
    result = seeds("/timeline check first:model-3-unveiled second:ff91-unveiled").result
    assert result.relation.order == "before"
    assert result.first.zone == "America/Los_Angeles"


def test_one_instant_is_the_same(seeds):
    assert seeds("/timeline check first:su7-launch second:su7-launch").result.relation.order == "same"


def test_a_named_event_without_a_row_cannot_happen_past_the_door(facts):
    ask = facts(events="id,name,at\nx,Something,2024-03-28")
    assert ask("/timeline check first:x second:2024-03-29").result.relation.order == "cannot tell"
    assert ask("/timeline check first:something second:2024-04-30").result.relation.order == "before"


def test_a_source_shows_what_rests_on_it(seeds):
    result = seeds("/sources show id:s006").result
    assert ("orders", "su7-orders-24h") in result.cited_by
    with pytest.raises(QuestionError) as error:
        seeds("/sources show id:s999")
    assert "no source has the id or publisher 's999'" in text_of_error(error.value)


def test_the_ff91_came_278_days_after_the_model_3_and_206_before_its_delivery(seeds):
    unveiled = seeds("/timeline gap first:model-3-unveiled second:ff91-unveiled").result
    assert (unveiled.relation.order, unveiled.calendar.total_days, unveiled.calendar.months) == ("before", 278, 9)
    delivered = seeds("/timeline gap first:ff91-unveiled second:model-3-first-delivery").result
    assert (delivered.relation.order, delivered.calendar.total_days) == ("before", 206)


def test_a_month_has_no_calendar_gap(seeds):
    assert seeds("/timeline gap first:li-one-first-delivery second:su7-launch").result.calendar is None


def test_when_shows_a_moment_and_each_reading(seeds):
    assert seeds("/timeline when what:su7-launch").result.side.zone == "Asia/Shanghai"
    assert len(seeds('/timeline when what:"2024-03-28 10:00 CST"').result.side.moment.readings) == 3


def test_events_are_found_by_who_did_them_and_by_day_as_stated(seeds):
    result = seeds('/timeline events who:"Jia Yueting" since:2024-02-01 until:2024-03-31').result
    assert [event.side.id for event in result.events] == [
        "jia-hiphi-comment",
        "ff-sues-human-horizons",
        "jia-hiphi-post",
    ]
    assert (
        seeds("/timeline events who:贾跃亭 since:2024-03-06 until:2024-03-06").result.events[0].side.id
        == "jia-hiphi-post"
    )
    assert seeds("/timeline events who:Reuters").result.events
    assert seeds("/timeline events since:1999 until:1999").result.events == ()


@pytest.mark.parametrize(
    ("announced", "is_said"), [("2024-03-20", True), ("2024-03-28", False), ("2024-04-01", False), (None, False)]
)
def test_what_was_announced_before_something_is_no_response_to_it(facts, announced, is_said):
    rows = (
        "id,name,at,zone\nrise,A rise,2024-04-02,Asia/Shanghai\nlaunch,A launch,2024-03-28T19:00+08:00,Asia/Shanghai\n"
    )
    rows += f"rise-announced,A rise is told,{announced},Asia/Shanghai\n" if announced else ""
    answer = facts(events=rows)("/timeline check first:rise second:launch")
    assert answer.result.relation.response == "possible"
    assert [note.event for note in answer.caveats if isinstance(note, AnnouncedFirst)] == (["rise-announced"] * is_said)
    assert ("but was announced before" in words_for().headline(answer)) == is_said
