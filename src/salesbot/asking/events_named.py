"""Which event a few words mean: by its names and its id, where they hold all of the words."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from salesbot.asking.name_book import NameBook
from salesbot.asking.segments import Segment, segments
from salesbot.asking.text import plain
from salesbot.storage.snapshot import Snapshot, sql

EVENTS = sql("select id, name from events order by rowid limit 3000", scans="events")
EVENT_NAMES = sql("select id, name from names where kind = 'event' limit 10000")
EVENT_CONCEPTS = frozenset({"launch_event", "unveiled", "opening", "first_delivery", "posting", "recall", "announcing"})
THINGS = ("launch", "model", "brand", "person")
MAKERS = (
    sql("select brand_id from launches where id = :id"),
    sql("select distinct brand_id from prices where model_id = :id limit 20"),
)
Mark = tuple[str, str]


class Signature(Struct, frozen=True):
    """What a name of an event says: things and concepts; ``rest`` counts the words beside them."""

    marks: frozenset[Mark]
    rest: int


def marks_of(words: Sequence[Segment]) -> frozenset[Mark] | None:
    """The things and concepts that words name; ``None`` if a word is neither."""
    marks: set[Mark] = set()
    is_first = any(word.means("first") for word in words)
    for word in words:
        if word.kind == "word" and (word.is_filler or word.means("first")):
            continue
        if is_first and word.means("deliveries"):
            marks.add(("any", "first_delivery"))
            continue
        found = {("thing", id) for kind in THINGS for id in word.names.get(kind, ())}
        concepts = {("concept", concept) for concept in word.concepts & EVENT_CONCEPTS}
        if not found and not concepts:
            return None
        marks |= found or {("any", "/".join(sorted(word.concepts & EVENT_CONCEPTS)))}
    return frozenset(marks)


def event_of(words: Sequence[Segment], snapshot: Snapshot, names: NameBook) -> str | None:
    """The one event that words name; ``None`` if there is none, or several are as near."""
    words = _without_makers(words, snapshot)
    content = [word for word in words if not (word.is_filler and word.kind == "word")]
    direct = {id for word in content for id in word.names.get("event", ())}
    if len(content) == 1 and len(direct) == 1:
        return next(iter(direct))
    marks = marks_of(words)
    if not marks or not any(kind == "thing" for kind, _ in marks) or not any(kind == "any" for kind, _ in marks):
        return None
    known = snapshot.cached("events by their words", lambda: _signatures(snapshot, names))
    costs: dict[str, int] = {}
    for id, signature in known:
        if _holds(signature, marks):
            cost = len(signature.marks) - len(marks) + 2 * signature.rest
            costs[id] = min(cost, costs.get(id, cost))
    least = [id for id, cost in costs.items() if cost == min(costs.values())]
    return least[0] if len(least) == 1 else None


def _without_makers(words: Sequence[Segment], snapshot: Snapshot) -> list[Segment]:
    """The words without the brands that make a launch or model that is named as well."""
    things = {id for word in words for kind in ("launch", "model") for id in word.names.get(kind, ())}
    makers = {row[0] for id in things for query in MAKERS for row in snapshot.values(query, id=id)}
    return [
        word
        for word in words
        if not ("brand" in word.names and word.names["brand"] <= makers and not word.names.keys() & {"launch", "model"})
    ]


def _holds(signature: Signature, marks: frozenset[Mark]) -> bool:
    for kind, value in marks:
        if kind == "thing" and (kind, value) not in signature.marks:
            return False
        if kind == "any" and not any(("concept", one) in signature.marks for one in value.split("/")):
            return False
    return True


def _signatures(snapshot: Snapshot, names: NameBook) -> tuple[tuple[str, Signature], ...]:
    """What each name and id of each event says."""
    book = names.without("event")
    texts = [*snapshot.values(EVENTS), *snapshot.values(EVENT_NAMES)]
    texts += [(id, id.replace("-", " ")) for id, _ in snapshot.values(EVENTS)]
    return tuple((id, _signature(text, book)) for id, text in dict.fromkeys(texts))


def _signature(text: str, book: NameBook) -> Signature:
    marks: set[Mark] = set()
    rest = 0
    for word in segments(plain(text), book):
        things = {("thing", id) for kind in THINGS for id in word.names.get(kind, ())}
        concepts = {("concept", concept) for concept in word.concepts & EVENT_CONCEPTS}
        marks |= things | concepts
        rest += not (things or concepts or word.is_filler)
    return Signature(frozenset(marks), rest)
