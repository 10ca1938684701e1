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
EVENT_CONCEPTS = frozenset({"launch_event", "unveiled", "opening", "first_delivery", "posting", "recall"})
THINGS = ("launch", "model", "brand", "person")
MAKERS = (
    sql("select brand_id from launches where id = :id"),
    sql("select distinct brand_id from prices where model_id = :id limit 20"),
)


class Signature(Struct, frozen=True):
    """What words say of an event: the things, what happened to them, and how many other words there are."""

    things: frozenset[str]
    concepts: frozenset[frozenset[str]]
    rest: int


def marks_of(words: Sequence[Segment]) -> Signature | None:
    """The things and what happened that words name; ``None`` if a word is neither."""
    things: set[str] = set()
    concepts: set[frozenset[str]] = set()
    is_first = any(word.means("first") and word.kind == "word" for word in words)
    for word in words:
        if word.kind == "word" and (word.is_filler or word.means("first")):
            continue
        found = {id for kind in THINGS for id in word.names.get(kind, ())}
        happened = word.concepts & EVENT_CONCEPTS
        if is_first and word.means("deliveries") and not word.names:
            happened, is_first = frozenset({"first_delivery"}), False
        if not found and not happened:
            return None
        things |= found
        concepts |= set() if found else {happened}
    return None if is_first else Signature(frozenset(things), frozenset(concepts), 0)


def event_of(words: Sequence[Segment], snapshot: Snapshot, names: NameBook) -> str | None:
    """The one event that words name; ``None`` if there is none, or several are as near."""
    words = _without_makers(words, snapshot)
    content = [word for word in words if not (word.is_filler and word.kind == "word")]
    direct = {id for word in content for id in word.names.get("event", ())}
    if len(content) == 1 and len(direct) == 1:
        return next(iter(direct))
    asked = marks_of(words)
    if asked is None or not asked.things or not asked.concepts:
        return None
    known = snapshot.cached("events by their words", lambda: _signatures(snapshot, names))
    found = {id for id, signature in known if _is_named(signature, asked)}
    return found.pop() if len(found) == 1 else None


def _without_makers(words: Sequence[Segment], snapshot: Snapshot) -> list[Segment]:
    """The words without the brands that make a launch or model that is named as well."""
    things = {id for word in words for kind in ("launch", "model") for id in word.names.get(kind, ())}
    makers = {row[0] for id in things for query in MAKERS for row in snapshot.values(query, id=id)}
    return [
        word
        for word in words
        if not ("brand" in word.names and word.names["brand"] <= makers and not word.names.keys() & {"launch", "model"})
    ]


def _is_named(signature: Signature, asked: Signature) -> bool:
    """Whether a name of an event says the same things and what happened, and nothing else."""
    if signature.rest or signature.things != asked.things or len(signature.concepts) != len(asked.concepts):
        return False
    return all(any(one >= other for one in asked.concepts) for other in signature.concepts)


def _signatures(snapshot: Snapshot, names: NameBook) -> tuple[tuple[str, Signature], ...]:
    """What each name and id of each event says."""
    book = names.without("event")
    texts = [*snapshot.values(EVENTS), *snapshot.values(EVENT_NAMES)]
    texts += [(id, id.replace("-", " ")) for id, _ in snapshot.values(EVENTS)]
    return tuple((id, _signature(text, book, snapshot)) for id, text in dict.fromkeys(texts))


def _signature(text: str, book: NameBook, snapshot: Snapshot) -> Signature:
    things: set[str] = set()
    concepts: set[frozenset[str]] = set()
    rest = 0
    words = _without_makers(segments(plain(text), book), snapshot)
    is_first = any(word.means("first") and word.kind == "word" for word in words)
    for word in words:
        found = {id for kind in THINGS for id in word.names.get(kind, ())}
        happened = word.concepts & EVENT_CONCEPTS
        if is_first and word.means("deliveries") and not word.names:
            happened = frozenset({"first_delivery"})
        things |= found
        concepts |= {happened} if happened and not found else set()
        is_counted = found or happened or word.is_filler or (word.means("first") and word.kind == "word")
        rest += not is_counted
    return Signature(frozenset(things), frozenset(concepts), rest)
