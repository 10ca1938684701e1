"""Which of two things came first, and by how much, under every reading of their times."""

from __future__ import annotations

from salesbot.answer import (
    AlsoTimed,
    Answer,
    Note,
    OverlapInTime,
    Placed,
    ReadingFound,
    TimelineFound,
    ZoneAmbiguous,
    ZoneMissing,
)  # fmt: skip
from salesbot.errors import NotInFacts, shown
from salesbot.facts import Event
from salesbot.moment import Stated, reading_relations, relation
from salesbot.quantity import Verdict
from salesbot.question import TimelineCheck
from salesbot.store import Store
from salesbot.zones import ANYWHERE, zone_readings

EVENT = "select * from events where id = :id"
SAME_EVENTS = "select * from events where same_as = :id or id = :same_as order by id"


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
