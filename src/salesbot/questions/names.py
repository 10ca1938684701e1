"""Which thing a typed name means, and which names to suggest while typing. No look-up scans a table."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from salesbot.errors import QuestionError
from salesbot.facts.vocabulary import Metric
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.name_keys import LONGEST_NAME, name_key, nearest

AFTER_ALL = "\U0010ffff"  # sorts behind every key that begins alike
IDS_BY_KEY = sql("select distinct id from names where kind = :kind and key = :key limit 26")
IDS_BY_PREFIX = sql("select distinct id from names where kind = :kind and key >= :key and key < :end limit 26")
IS_ID = sql("select 1 from names where kind = :kind and id = :id limit 1")
FIRST_NAME = sql("select name from names where kind = :kind and id = :id and rank = 0")
NAMES_OF_ID = sql("select name from names where kind = :kind and id = :id limit 200")
KEYS_OF_ID = sql("select key from names where kind = :kind and id = :id limit 200")
SOME_NAMES = sql("select name from names where kind = :kind limit 20000")
SUGGESTED = sql("select id, name from names where kind = :kind and rank = 0 order by rowid limit 25")
SUGGESTED_BY_PREFIX = sql("""
    select id, name from names where kind = :kind and key >= :key and key < :end order by key limit 100
""")
SUGGESTED_BY_WORD = sql("""
    select id, name from name_endings where kind = :kind and key >= :key and key < :end order by key limit 100
""")
IS_SOURCE = sql("select id from sources where id = :id")
SOURCES_FROM = sql("select id, publisher || ': ' || title from sources where id >= :id order by id limit 25")
IS_ACTOR = sql("select distinct who from events_who where who = :who limit 1")
MOST_SUGGESTED = 25
LONGEST_CHOICE = 100
KINDS = {"who": ("person", "brand")}


class Suggestion(Struct, frozen=True):
    """A choice while typing: what is shown, and the id or text it stands for."""

    shown: str
    id: str


class Names:
    """The names of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def resolve(self, kind: str, text: str) -> str:
        """The id that ``text`` names; an exact name wins over the beginning of one.

        Raises ``QuestionError`` with the candidates if it names none or several.
        """
        if len(text) > LONGEST_NAME:
            raise QuestionError("name_too_long", text=text, most=LONGEST_NAME)
        if kind == "source":
            return self._source(text)
        if kind == "metric":
            return self._metric(text)
        ids = (
            self._exact(kind, text)
            or (self._speaking(text) if kind == "speaker" else [])
            or self._beginning(kind, text)
        )
        if len(ids) == 1:
            return ids[0]
        if not ids and kind == "who" and self._snapshot.values(IS_ACTOR, who=name_key(text)):
            return name_key(text)
        if ids:
            raise QuestionError("ambiguous_name", [self._candidate(kind, id) for id in ids], text=text, kind=kind)
        raise self._unknown(kind, text)

    def _exact(self, kind: str, text: str) -> list[str]:
        kinds = KINDS.get(kind, (kind,))
        for one in kinds:
            if self._snapshot.values(IS_ID, kind=one, id=text.strip().casefold()):
                return [text.strip().casefold()]
        key = name_key(text)
        rows = (row for one in kinds for row in self._snapshot.values(IDS_BY_KEY, kind=one, key=key))
        return list(dict.fromkeys(id for (id,) in rows))

    def _beginning(self, kind: str, text: str) -> list[str]:
        key = name_key(text)
        if len(key) < (3 if key.isascii() else 2):
            return []
        kinds = KINDS.get(kind, (kind,))
        rows = (
            row for one in kinds for row in self._snapshot.values(IDS_BY_PREFIX, kind=one, key=key, end=key + AFTER_ALL)
        )
        return list(dict.fromkeys(id for (id,) in rows))

    def _speaking(self, text: str) -> list[str]:
        """The speakers of claims whom a text names by another of their names."""
        keys = [key for id in self._exact("who", text) for key in self.keys("who", id)]
        rows = (row for key in keys for row in self._snapshot.values(IDS_BY_KEY, kind="speaker", key=key))
        return list(dict.fromkeys(id for (id,) in rows))

    def _unknown(self, kind: str, text: str) -> QuestionError:
        names = self._snapshot.cached(("names", kind), lambda: self._names_of_kind(kind))
        ids = dict.fromkeys(id for name in nearest(text, names) for id in self._exact(kind, name))
        return QuestionError("unknown_name", [self._candidate(kind, id) for id in ids], text=text, kind=kind)

    def _names_of_kind(self, kind: str) -> list[str]:
        kinds = KINDS.get(kind, (kind,))
        return [name for one in kinds for (name,) in self._snapshot.values(SOME_NAMES, kind=one)]

    def _candidate(self, kind: str, id: str) -> str:
        shown = self.shown(kind, id)
        return shown if shown == id else f"{shown} ({id})"

    def _source(self, text: str) -> str:
        id = text.strip().casefold()
        if self._snapshot.values(IS_SOURCE, id=id):
            return id
        ids = [one.id for one in self.suggestions("source", id[:1])]
        raise QuestionError("unknown_source", nearest(id, ids), text=text)

    def _metric(self, text: str) -> str:
        key = name_key(text)
        metrics = self._snapshot.vocabulary.metrics
        if text in metrics:
            return text
        named = [id for id, metric in metrics.items() if key in _keys_of_metric(metric)]
        if len(named) == 1:
            return named[0]
        raise QuestionError("unknown_metric", named or nearest(text, list(metrics)) or list(metrics), text=text)

    # names of a known thing

    def shown(self, kind: str, id: str) -> str:
        """The first name of a thing, or its id where it has none."""
        for one in KINDS.get(kind, (kind,)):
            if rows := self._snapshot.values(FIRST_NAME, kind=one, id=id):
                return str(rows[0][0])
        return id

    def keys(self, kind: str, id: str) -> frozenset[str]:
        """The keys of every name of a thing, its id among them."""
        rows = (row for one in KINDS.get(kind, (kind,)) for row in self._snapshot.values(KEYS_OF_ID, kind=one, id=id))
        return frozenset((name_key(id), *(key for (key,) in rows)))

    # while typing

    def suggestions(self, kind: str, text: str) -> list[Suggestion]:
        """At most 25 choices for what is typed so far: names that begin with it, then those with a word that does."""
        if kind == "source":
            rows = self._snapshot.values(SOURCES_FROM, id=text.strip().casefold())
            return [Suggestion(_cut(f"{id}: {name}"), id) for id, name in rows]
        if kind == "metric":
            return self._metrics_suggested(text)
        key = name_key(text)
        names: dict[str, str] = {}
        for query in (SUGGESTED_BY_PREFIX, SUGGESTED_BY_WORD) if key else (SUGGESTED,):
            for one in KINDS.get(kind, (kind,)):
                for id, name in self._snapshot.values(query, kind=one, key=key, end=key + AFTER_ALL):
                    names.setdefault(id, name)
            if len(names) >= MOST_SUGGESTED:
                break
        return [self._suggestion(kind, id, name) for id, name in islice(names.items(), MOST_SUGGESTED)]

    def _suggestion(self, kind: str, id: str, name: str) -> Suggestion:
        first = self.shown(kind, id)
        return Suggestion(_cut(first if name == first else f"{first} · {name}"), id[:LONGEST_CHOICE])

    def _metrics_suggested(self, text: str) -> list[Suggestion]:
        key = name_key(text)
        metrics = self._snapshot.vocabulary.metrics.values()
        fitting = [m for m in metrics if any(known.startswith(key) for known in _keys_of_metric(m))]
        return [Suggestion(_cut(m.plural or m.id.replace("_", " ")), m.id) for m in fitting[:MOST_SUGGESTED]]


def _keys_of_metric(metric: Metric) -> set[str]:
    return {name_key(name) for name in (metric.id, metric.name, metric.plural, *metric.aliases) if name}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CHOICE else text[: LONGEST_CHOICE - 1] + "…"
