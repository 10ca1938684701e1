"""Events that a text means without naming them in full: lines that are only offered.

Each word that tells something has to be in the name of the event: the same thing, the same word, or one of its meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from msgspec import Struct

from salesbot.asking.events_named import EVENT_CONCEPTS, EVENT_NAMES, EVENTS, THINGS
from salesbot.asking.lexicon import FILLER
from salesbot.asking.name_book import NameBook
from salesbot.asking.numbers import Number
from salesbot.asking.segments import Segment, segments
from salesbot.asking.text import pieces, plain
from salesbot.storage.snapshot import Snapshot

MOST_MEANT = 2  # events of one description
SPOKEN = {
    "/timeline when": frozenset({"when", "starts", "true", "would"}),
    "/timeline check": frozenset({"before", "after", "or", "true", "compare", "whether", "joins", "takes_place"}),
    "/timeline gap": frozenset({"gap", "between", "until", "after", "before", "how_many", "since", "would", "joins"})
    | {"by"},
}
TELLING = EVENT_CONCEPTS | {"announcing", "deliveries", "orders", "locked_orders", "stores", "price", "cut", "rise"}
LEAST = 2  # words that tell something, of each event


class Described(Struct, frozen=True):
    """What a name of an event says: things, what happened, numbers, and its other words and characters."""

    id: str
    things: frozenset[str]
    concepts: frozenset[str]
    numbers: frozenset[object]
    words: frozenset[str]


def event_lines(text: str, snapshot: Snapshot, names: NameBook) -> list[tuple[str, dict[str, str]]]:
    """The lines on events that a text in its plain form may mean, each a command and its options."""
    found = segments(text, names.without("event"))
    if any(one.value is not None and not isinstance(one.value, Number) for one in found):
        return []
    known = snapshot.cached("events described", lambda: tuple(_described(snapshot, names)))
    said = {concept for one in found for concept in one.concepts}
    if said & {"price", "cut", "rise", "move"} and "when" not in said:
        return []
    if "gap" in said:
        return _of_two("/timeline gap", found, known)
    if "when" in said:
        words = _telling(found, SPOKEN["/timeline when"])
        return [("/timeline when", {"what": id}) for id in _meant(words, known)]
    if said & {"before", "after", "or"}:
        return _of_two("/timeline check", found, known)
    return []


def _of_two(verb: str, found: Sequence[Segment], known: Sequence[Described]) -> list[tuple[str, dict[str, str]]]:
    """The two events that stand on both sides of some place; none where several places part them differently."""
    words = _telling(found, SPOKEN[verb])
    pairs: set[tuple[str, str]] = set()
    for place in range(1, len(words)):
        sides = [list(side) for side in _completed(words[:place], words[place:])]
        if {one.text for one in sides[0]} == {one.text for one in sides[1]}:
            continue  # of one event
        for first, second in product(*(_meant(side, known) for side in sides)):
            if first != second:
                pairs.add((first, second))
    return [(verb, {"first": first, "second": second}) for first, second in sorted(pairs)]


def _completed(first: Sequence[Segment], second: Sequence[Segment]) -> Iterator[Sequence[Segment]]:
    """Two sides, each with the things, or with what happened, of the other one where it says none itself."""
    for side, other in ((first, second), (second, first)):
        things = [one for one in other if one.names]
        happened = [one for one in other if not one.names]
        if not any(one.names for one in side):
            yield [*things, *side]
        elif all(one.names for one in side):
            yield [*side, *happened]
        else:
            yield side


def _telling(found: Sequence[Segment], spoken: frozenset[str]) -> list[Segment]:
    """The words that say which event is meant."""
    return [
        one
        for one in found
        if one.names or not (one.is_filler or (one.concepts & spoken and not one.concepts & TELLING))
    ]


def _meant(words: Sequence[Segment], known: Sequence[Described]) -> list[str]:
    """The events in whose name all of the words are; none where they are many or the words few."""
    if len(words) < LEAST:
        return []
    meant: dict[str, int] = {}
    for one in known:
        if all(_is_in(word, one) for word in words):
            left = len(one.words) + len(one.things)
            meant[one.id] = min(left, meant.get(one.id, left))
    nearest = [id for id, left in meant.items() if left == min(meant.values())]
    return nearest if len(nearest) <= MOST_MEANT else []


def _is_in(word: Segment, event: Described) -> bool:
    things = {id for kind in THINGS for id in word.names.get(kind, ())}
    if things:
        return bool(things & event.things)
    if isinstance(word.value, Number):
        return word.value.value in event.numbers
    if not event.concepts.isdisjoint(word.concepts & TELLING):
        return True
    told = pieces(word.text)
    return bool(told) and told <= event.words


def _described(snapshot: Snapshot, names: NameBook) -> Iterator[Described]:
    book = names.without("event")
    texts = [*snapshot.values(EVENTS), *snapshot.values(EVENT_NAMES)]
    texts += [(id, id.replace("-", " ")) for id, _ in snapshot.values(EVENTS)]
    for id, text in dict.fromkeys(texts):
        found = segments(plain(text), book)
        yield Described(
            id,
            frozenset(thing for one in found for kind in THINGS for thing in one.names.get(kind, ())),
            frozenset(concept for one in found for concept in one.concepts - {FILLER}),
            frozenset(one.value.value for one in found if isinstance(one.value, Number)),
            frozenset(piece for one in found if not one.names for piece in pieces(one.text)),
        )
