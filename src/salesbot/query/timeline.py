"""Which of two things came first, and by how much, under every reading of their times: ``/timeline``."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from salesbot.answers import Answer
from salesbot.answers.answer import EventsResult, TimelineResult, WhenResult
from salesbot.answers.notes import (
    AlsoTimed,
    AnnouncedFirst,
    ClockTwice,
    Note,
    OverlapInTime,
    PostIdRead,
    ZoneAmbiguous,
    ZoneMissing,
)
from salesbot.answers.results import ListedEvent, ReadingPair, TimelineSide
from salesbot.errors import NotInFacts, QuestionError, TextError
from salesbot.facts import Event
from salesbot.questions.names import Names
from salesbot.questions.question import TimelineCheck, TimelineEvents, TimelineGap, TimelineWhen
from salesbot.storage.snapshot import Snapshot, earlier, sql
from salesbot.values.moment import Relation, StatedTime, calendar_gap, reading_relations, relation
from salesbot.values.post_ids import milliseconds, posts_named
from salesbot.values.quantity import Verdict
from salesbot.values.zones import ANYWHERE, zone_readings

EVENT = sql("select * from events where id = :id")
SAME_EVENTS = sql("""
    select * from events where id in (select event from same_events where same_as = :id union select :same_as)
    order by id
""")
EVENTS = sql("select * from events where earliest between :first and :last order by earliest, latest, id")
EVENTS_OF = sql("""
    select events.* from events_who join events on events.id = events_who.event
    where events_who.who = :who and events_who.earliest between :first and :last
    order by events.earliest, events.latest, events.id
""")
ONE_DAY = timedelta(days=1)  # a day as stated lies within a day of the same day in UTC
DAY = 86_400
ANNOUNCED = "-announced"  # behind the id of an event: when it was announced


def event_named(id: str, snapshot: Snapshot) -> Event:
    """The event of an id. Raises ``NotInFacts`` if the facts hold no time of it."""
    rows = snapshot.select(Event, EVENT, id=id)
    if not rows:
        raise NotInFacts("event_not_in_facts", id=id)
    return rows[0]


def side_of(what: str | StatedTime, snapshot: Snapshot) -> TimelineSide:
    """An event or a typed time, read in every zone it could mean."""
    if isinstance(what, StatedTime):
        try:
            moment = what.read()
        except TextError as error:
            raise QuestionError("bad_value", name="time", text=what.text, expected=error.expected) from None
        return TimelineSide(None, what.text, moment, moment.zone)
    return side_of_event(event_named(what, snapshot))


def side_of_event(event: Event) -> TimelineSide:
    """An event as one side."""
    return TimelineSide(event.id, event.name, event.at.read(zone_readings(event.zone)), event.zone, event.sources)


def check(question: TimelineCheck | TimelineGap, snapshot: Snapshot) -> Answer:
    """The relation of the two, each reading apart, and other timings of the same things."""
    first, second = side_of(question.first, snapshot), side_of(question.second, snapshot)
    result = TimelineResult(first, second, relation(first.moment, second.moment), _readings(first, second))
    caveats = [*_zone_notes(first), *_zone_notes(second), *_also_timed(first, second, snapshot)]
    caveats += _announced(first, second, result.relation, snapshot)
    missing: tuple[Note, ...] = ()
    verdict: Verdict | None = None
    if result.relation.order == "cannot tell":
        missing, verdict = (OverlapInTime(first.name, second.name),), "cannot tell"
    cited = [*first.sources, *second.sources]
    named = [note.event for note in caveats if isinstance(note, AlsoTimed | AnnouncedFirst)]
    cited += [id for event in named for id in event_named(event, snapshot).sources]
    return Answer(
        question,
        result,
        snapshot.version,
        verdict=verdict,
        missing=missing,
        caveats=tuple(caveats),
        sources=tuple(snapshot.sources(cited)),
    )


def _readings(first: TimelineSide, second: TimelineSide) -> tuple[ReadingPair, ...]:
    pairs = reading_relations(first.moment, second.moment)
    return tuple(ReadingPair(*pair) for pair in pairs) if len(pairs) > 1 else ()


def _zone_notes(side: TimelineSide) -> list[Note]:
    """What must be said of a time whose zone or clock can be read in several ways, or that a post's id says."""
    moment = side.moment
    zones = tuple(dict.fromkeys(reading.zone for reading in moment.readings))
    if side.id is None and moment.stated.readings:
        times = [(post, milliseconds(post)) for post in posts_named(moment.text)]
        return [PostIdRead(moment.text, post.site, at) for post, at in times if at is not None]
    if len(zones) > 1:
        return [ZoneAmbiguous(moment.text, zones)]
    if len(moment.readings) > 1:
        return [ClockTwice(moment.text, zones[0])]
    if zones == (ANYWHERE.name,):
        return [ZoneMissing(moment.text)]
    return []


def _also_timed(first: TimelineSide, second: TimelineSide, snapshot: Snapshot) -> list[Note]:
    notes: list[Note] = []
    for side, other, is_first in ((first, second, True), (second, first, False)):
        if side.id is None:
            continue
        same_as = event_named(side.id, snapshot).same_as
        for event in snapshot.select(Event, SAME_EVENTS, id=side.id, same_as=same_as):
            if event.id == other.id:
                continue
            moment = side_of_event(event).moment
            pair = (moment, other.moment) if is_first else (other.moment, moment)
            notes.append(AlsoTimed(event.id, event.name, event.zone, relation(*pair)))
    return notes


def _announced(first: TimelineSide, second: TimelineSide, found: Relation, snapshot: Snapshot) -> list[Note]:
    """A note where the first thing could be a response, but was announced before the second, by an event of its own."""
    if first.id is None or found.response == "cannot be":
        return []
    notes: list[Note] = []
    for event in snapshot.select(Event, EVENT, id=f"{first.id}{ANNOUNCED}"):
        earlier_one = relation(side_of_event(event).moment, second.moment)
        if event.id != second.id and earlier_one.response == "cannot be":
            notes.append(AnnouncedFirst(event.id, event.name, event.at, second.name))
    return notes


def gap(question: TimelineGap, snapshot: Snapshot) -> Answer:
    """The relation, with the calendar gap between the dates as stated where each is one day."""
    answer = check(question, snapshot)
    assert isinstance(answer.result, TimelineResult)
    first, second = (side.moment.stated for side in (answer.result.first, answer.result.second))
    calendar = calendar_gap(first.days[0], second.days[0]) if first.is_day and second.is_day else None
    return replace(answer, result=replace(answer.result, calendar=calendar, is_gap=True))


def when(question: TimelineWhen, snapshot: Snapshot) -> Answer:
    """One moment, in every zone it could mean."""
    side = side_of(question.what, snapshot)
    sources = tuple(snapshot.sources(side.sources))
    return Answer(question, WhenResult(side), snapshot.version, caveats=tuple(_zone_notes(side)), sources=sources)


def events(question: TimelineEvents, snapshot: Snapshot) -> Answer:
    """The events of a person or firm between two days; days are compared as stated."""
    since = question.since.days[0] if question.since else date.min
    until = question.until.days[1] if question.until else date.max
    first = earlier(since, snapshot.longest["events"] + ONE_DAY)
    bounds = {"first": _first_second(first), "last": _first_second(until) + 2 * DAY}
    if question.who:
        rows = snapshot.select(Event, EVENTS_OF, who=question.who, **bounds)
    else:
        rows = snapshot.select(Event, EVENTS, **bounds)
    inside = [event for event in rows if event.at.days[0] <= until and event.at.days[1] >= since]
    listed = tuple(ListedEvent(side_of_event(event), event.who) for event in inside)
    who = Names(snapshot).shown("who", question.who) if question.who else None
    sources = snapshot.sources(id for event in inside for id in event.sources)
    result = EventsResult(listed, who, question.since, question.until)
    return Answer(question, result, snapshot.version, sources=tuple(sources))


def _first_second(day: date) -> int:
    """The first second of a day in UTC."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY
