"""Questions on what is on record: claims and sources, which are named by their ids and by words of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from salesbot.asking.intents.asking import MOST_OFFERED, Line
from salesbot.asking.lexicon import ASIDE, FILLER
from salesbot.asking.name_book import NameBook
from salesbot.asking.segments import Segment, segments
from salesbot.asking.text import pieces, plain
from salesbot.storage.snapshot import Snapshot, sql

CLAIMS = sql("select id, statement from claims order by rowid limit 5000", scans="claims")
SPEAKERS = sql("select distinct speaker from claims limit 500", scans="claims")
SOURCES = sql("select id, publisher from sources order by rowid limit 5000", scans="sources")
VERDICTS = {
    "sorts_true": "agrees",
    "sorts_false": "disagrees",
    "sorts_partly": "partly",
    "sorts_open": "cannot tell",
}
BESIDE = frozenset(
    {
        *VERDICTS,
        "claims",
        "sources",
        "tells_of_source",
        "lists",
        "true",
        "whether",
        "everyone",
        "deeds",
        "how_many",
        FILLER,
    }
)
KINDS = ("claims", "sources", "whether", "own_source")  # what may stand beside an id and asks nothing else
SPEAKER = "speaker_"  # how the concept of a kind of speakers begins in the lexicon
LEAST_OF_CLAIM = 2  # words of a statement that name it
_ID = re.compile(r"(?<![a-z0-9_-])[a-z0-9]+(?:-[a-z0-9]+)*(?![a-z0-9_-])")


class Recorded(Struct, frozen=True):
    """A claim or a source: its id, and what the words of its text say."""

    id: str
    things: frozenset[str]
    pieces: frozenset[str]


def record_lines(text: str, snapshot: Snapshot, names: NameBook) -> list[Line]:
    """The lines on claims and sources that a text in its plain form asks; most are only offered."""
    found = [one for one in segments(text, names) if one.names or not one.means(ASIDE)]
    has = {concept for one in found for concept in one.concepts}
    if "claims" in has:
        return [*_of_ids(text, snapshot, "claims"), *_listed(found, snapshot)] or [
            Line("/claims check", {"claim": id}, is_offered=True) for id in _said(found, "claims", snapshot, names)
        ]
    by_id = _of_ids(text, snapshot, "sources")
    if by_id or "sources" not in has:
        return by_id
    meant = _said(found, "sources", snapshot, names)
    return [Line("/sources show", {"id": id}, is_offered=True) for id in meant]


def _of_ids(text: str, snapshot: Snapshot, table: str) -> list[Line]:
    """The record whose id stands in a text."""
    ids = snapshot.cached(("ids", table), lambda: frozenset(one.id for one in _records(table, snapshot, None)))
    named = [id for id in dict.fromkeys(_ID.findall(text)) if id in ids]
    if len(named) != 1 or (table == "claims" and "-" not in named[0]):
        return []
    rest = segments(text.replace(named[0], " "), NameBook({}))
    if any(one.means("denies", "compare") or one.text.startswith("除") for one in rest):
        return []
    is_sure = all(one.kind == "word" and (one.is_filler or one.means(*KINDS)) for one in rest)
    if table == "claims":
        return [Line("/claims check", {"claim": named[0]}, is_offered=not is_sure)]
    return [Line("/sources show", {"id": named[0]}, is_offered=not is_sure)]


def _listed(found: list[Segment], snapshot: Snapshot) -> Iterator[Line]:
    """The claims of a speaker, on a launch, or of a verdict; every word has to say that."""
    speakers = {plain(speaker): speaker for (speaker,) in snapshot.values(SPEAKERS, most=500)}
    options: dict[str, str] = {}
    for one in found:
        kinds = one.concepts & VERDICTS.keys()
        speaker = _speaker(one, speakers)
        if speaker:
            options["speaker"] = speaker
        elif "launch" in one.names and len(one.names["launch"]) == 1:
            options["launch"] = next(iter(one.names["launch"]))
        elif one.names or one.kind != "word":
            return
        elif kinds:
            verdict = VERDICTS[min(kinds)] if len(kinds) == 1 else ""
            if not verdict or options.get("verdict", verdict) != verdict:
                return
            options["verdict"] = verdict
        elif not one.concepts & BESIDE:
            return
    yield Line("/claims list", options, is_offered=True)


def _speaker(word: Segment, speakers: dict[str, str]) -> str:
    """The speaker of claims that a word names: a kind of people, or a person."""
    for concept in word.concepts:
        if concept.startswith(SPEAKER) and (kind := concept.removeprefix(SPEAKER)) in speakers.values():
            return kind
    text = word.text.removesuffix("'s")
    for form in (text, text.removesuffix("s")):
        if form in speakers:
            return speakers[form]
    people = word.names.get("person", frozenset())
    named = [speaker for form, speaker in speakers.items() if any(form.replace(" ", "-") == id for id in people)]
    return named[0] if len(named) == 1 else ""


def _said(found: list[Segment], table: str, snapshot: Snapshot, names: NameBook) -> list[str]:
    """The records in whose text all of the telling words are; none where they are many or the words few."""
    telling = [one for one in found if one.names or not one.concepts & BESIDE]
    told = frozenset(piece for one in telling if not one.names for piece in pieces(one.text))
    things = [{id for ids in one.names.values() for id in ids} for one in telling if one.names]
    if len(told) + len(things) < (LEAST_OF_CLAIM if table == "claims" else 1):
        return []
    known = snapshot.cached(("records", table), lambda: tuple(_records(table, snapshot, names)))
    meant = [one.id for one in known if told <= one.pieces and all(ids & one.things for ids in things)]
    return meant if len(meant) <= MOST_OFFERED else []


def _records(table: str, snapshot: Snapshot, names: NameBook | None) -> Iterator[Recorded]:
    for id, text in snapshot.values(CLAIMS if table == "claims" else SOURCES, most=5000):
        found = segments(plain(text), names) if names is not None else []
        things = frozenset(thing for one in found for ids in one.names.values() for thing in ids)
        yield Recorded(id, things, pieces(plain(text)) | pieces(id.replace("-", " ")))
