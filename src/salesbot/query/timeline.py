"""Which of two things came first, and by how much, under every reading of their times."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from salesbot.answers.answer import (
    AlsoTimed,
    Answer,
    EventFound,
    EventsFound,
    Note,
    OverlapInTime,
    Placed,
    ReadingFound,
    TimelineFound,
    WhenFound,
    ZoneAmbiguous,
    ZoneMissing,
)  # fmt: skip
from salesbot.errors import NotInFacts, shown
from salesbot.facts import Event
from salesbot.questions.names import Names
from salesbot.questions.question import TimelineCheck, TimelineEvents, TimelineGap, TimelineWhen
from salesbot.storage.snapshot import Store, earlier, sql
from salesbot.values.moment import Stated, calendar_gap, reading_relations, relation
from salesbot.values.quantity import Verdict
from salesbot.values.zones import ANYWHERE, zone_readings

EVENT = sql("select * from events where id = :id")
SAME_EVENTS = sql("""
    select * from events where id in (select event from same_events where same_as = :id union select :same_as) order by id
""")


def event_of(id: str, store: Store) -> Event:
    found = store.select(Event, EVENT, id=id)
    if not found:
        raise NotInFacts(f"{shown(id)} has no time in the facts", "events.csv would need a row for it")
    return found[0]


def placed(what: str | Stated, store: Store) -> Placed:
    """An event or a typed time, read in every zone it could mean."""
    if isinstance(what, Stated):
        moment = what.read()
        return Placed(None, what.text, moment, moment.zone)
    return of_event(event_of(what, store))


def of_event(event: Event) -> Placed:
    return Placed(event.id, event.name, event.at.read(zone_readings(event.zone)), event.zone, event.sources)


def order_of(question: TimelineCheck, store: Store) -> Answer:
    """The relation of the two, each reading apart, and other timings of the same things."""
    first, second = placed(question.first, store), placed(question.second, store)
    found = TimelineFound(first, second, relation(first.moment, second.moment), _readings(first, second))
    caveats = [*_zone_notes(first), *_zone_notes(second), *_also_timed(first, second, store)]
    missing: list[Note] = []
    if found.relation.order == "cannot tell":
        missing.append(OverlapInTime(first.name, second.name))
    verdict: Verdict | None = "cannot tell" if found.relation.order == "cannot tell" else None
    cited = [*first.sources, *second.sources]
    cited += [id for note in caveats if isinstance(note, AlsoTimed) for id in event_of(note.event, store).sources]
    return Answer(
        question, found, store.version, verdict=verdict, missing=tuple(missing), caveats=tuple(caveats),
        sources=tuple(store.sources(cited)),
    )  # fmt: skip


def _readings(first: Placed, second: Placed) -> tuple[ReadingFound, ...]:
    pairs = reading_relations(first.moment, second.moment)
    return tuple(ReadingFound(*pair) for pair in pairs) if len(pairs) > 1 else ()


def _zone_notes(side: Placed) -> list[Note]:
    zones = tuple(dict.fromkeys(reading.zone for reading in side.moment.readings))
    if len(side.moment.readings) > 1:
        return [ZoneAmbiguous(side.moment.text, zones)]
    if zones == (ANYWHERE.name,):
        return [ZoneMissing(side.moment.text)]
    return []


def _also_timed(first: Placed, second: Placed, store: Store) -> list[Note]:
    notes: list[Note] = []
    for side, other, is_first in ((first, second, True), (second, first, False)):
        if side.id is None:
            continue
        same_as = event_of(side.id, store).same_as
        for event in store.select(Event, SAME_EVENTS, id=side.id, same_as=same_as):
            if event.id == other.id:
                continue
            moment = of_event(event).moment
            pair = (moment, other.moment) if is_first else (other.moment, moment)
            notes.append(AlsoTimed(event.id, event.name, event.zone, relation(*pair)))
    return notes


def gap(question: TimelineGap, store: Store) -> Answer:
    """The relation, with the calendar gap between the dates as stated where each is one day."""
    answer = order_of(TimelineCheck(question.first, question.second), store)
    assert isinstance(answer.found, TimelineFound)
    first, second = (side.moment.stated.days for side in (answer.found.first, answer.found.second))
    is_dated = first[0] == first[1] and second[0] == second[1]
    calendar = calendar_gap(first[0], second[0]) if is_dated else None
    found = replace(answer.found, calendar=calendar, is_gap=True)
    return replace(answer, question=question, found=found)


def when(question: TimelineWhen, store: Store) -> Answer:
    """One moment, in every zone it could mean."""
    side = placed(question.what, store)
    sources = tuple(store.sources(side.sources))
    return Answer(question, WhenFound(side), store.version, caveats=tuple(_zone_notes(side)), sources=sources)


EVENTS = sql("select * from events where earliest between :first and :last order by earliest, latest, id")
EVENTS_OF = sql("""
    select events.* from events_who join events on events.id = events_who.event
    where events_who.who = :who and events_who.earliest between :first and :last
    order by events.earliest, events.latest, events.id
""")
ZONES = timedelta(days=1)  # a day as stated lies within a day of the same day in UTC
DAY = 86_400


def events(question: TimelineEvents, store: Store) -> Answer:
    """The events of a person or firm between two days; days are compared as stated."""
    since = question.since.days[0] if question.since else date.min
    until = question.until.days[1] if question.until else date.max
    bounds = {"first": _second(earlier(since, store.longest["events"] + ZONES)), "last": _second(until) + 2 * DAY}
    rows = store.select(Event, EVENTS_OF, who=question.who, **bounds) if question.who else store.select(Event, EVENTS, **bounds)
    found = [event for event in rows if event.at.days[0] <= until and event.at.days[1] >= since]
    listed = tuple(EventFound(of_event(event), event.who) for event in found)
    who = Names(store).shown("who", question.who) if question.who else None
    sources = store.sources(id for event in found for id in event.sources)
    detail = EventsFound(listed, who, question.since.text if question.since else None, question.until.text if question.until else None)
    return Answer(question, detail, store.version, sources=tuple(sources))


def _second(day: date) -> int:
    """The first second of a day in UTC."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY
