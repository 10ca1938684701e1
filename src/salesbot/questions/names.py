"""Which thing a typed name means, and which names to offer while typing."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from salesbot.errors import QuestionError, shown
from salesbot.storage.snapshot import Store, sql
from salesbot.values.name_keys import LONGEST, name_key, nearest

IDS_BY_KEY = sql("select distinct id from names where kind = :kind and key = :key")
IDS_BY_PREFIX = sql("select distinct id from names where kind = :kind and key >= :key and key < :end limit 26")
IS_ID = sql("select 1 from names where kind = :kind and id = :id limit 1")
FIRST_NAME = sql("select name from names where kind = :kind and id = :id and place = 0")
KEYS_OF_ID = sql("select key from names where kind = :kind and id = :id")
ALL_NAMES = sql("select name from names where kind = :kind limit 20000")
OFFERED = sql("select id, name from names where kind = :kind and place = 0 order by rowid limit 25")
OFFERED_BY_PREFIX = sql("""
    select id, name from names where kind = :kind and key >= :key and key < :end order by key limit 100
""")
OFFERED_INSIDE = sql("select id, name from endings where kind = :kind and key >= :key and key < :end order by key limit 100")
SOURCE_IDS = sql("select id from sources where id = :id")
SOURCES_OFFERED = sql("select id, publisher || ': ' || title from sources where id >= :id order by id limit 25")
SPEAKERS = sql("select name from speakers", reads_all="speakers")
WHO = sql("select distinct who from events_who where who = :who limit 1")
MOST_OFFERED = 25
KINDS = {"who": ("person", "brand")}


class Offer(Struct, frozen=True):
    """A choice while typing: what is shown, and the id it stands for."""

    shown: str
    id: str


class Names:
    """The names of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def resolve(self, kind: str, text: str) -> str:
        """The id that ``text`` names. Raises ``QuestionError`` with the candidates if none or several."""
        if len(text) > LONGEST:
            raise QuestionError(f"{shown(text)} is longer than any name", f"write at most {LONGEST} characters")
        if kind == "source":
            return self._source(text)
        if kind == "speaker":
            return self._speaker(text)
        found = self._exactly(kind, text) or self._beginning(kind, text)
        if len(found) == 1:
            return found[0]
        if not found and kind == "who" and self._store.values(WHO, who=name_key(text)):
            return name_key(text)
        if found:
            candidates = [f"{self.shown(kind, id)} ({id})" for id in found]
            raise QuestionError(f"{shown(text)} could be several things", "pick one, or write its id", candidates)
        raise self._unknown(kind, text)

    def _exactly(self, kind: str, text: str) -> list[str]:
        kinds = KINDS.get(kind, (kind,))
        for one in kinds:
            if self._store.values(IS_ID, kind=one, id=text.strip().casefold()):
                return [text.strip().casefold()]
        key = name_key(text)
        return list(dict.fromkeys(id for one in kinds for (id,) in self._store.values(IDS_BY_KEY, kind=one, key=key)))

    def _beginning(self, kind: str, text: str) -> list[str]:
        key = name_key(text)
        if len(key) < (3 if key.isascii() else 2):
            return []
        found = (
            id for one in KINDS.get(kind, (kind,)) for (id,) in self._store.values(IDS_BY_PREFIX, kind=one, key=key, end=key + "\U0010ffff")
        )
        return list(dict.fromkeys(found))

    def _unknown(self, kind: str, text: str) -> QuestionError:
        kinds = KINDS.get(kind, (kind,))
        names = self._store.remembered(
            ("names", kinds), lambda: [name for one in kinds for (name,) in self._store.values(ALL_NAMES, kind=one)]
        )  # fmt: skip
        ids = dict.fromkeys(i for name in nearest(text, names) for i in self._exactly(kind, name))
        candidates = [f"{self.shown(kind, id)} ({id})" for id in ids]
        return QuestionError(f"{shown(text)} is no {kind} known here", "pick a name while typing, or one of these", candidates)

    def _source(self, text: str) -> str:
        id = text.strip().casefold()
        if self._store.values(SOURCE_IDS, id=id):
            return id
        offers = [offer.id for offer in self.offers("source", id[:1])]
        raise QuestionError(f"{shown(text)} is no source known here", "every answer names the ids of its sources", nearest(id, offers))

    def _speaker(self, text: str) -> str:
        speakers = {name_key(name): name for (name,) in self._store.values(SPEAKERS)}
        keys = [name_key(text)]
        for id in self._exactly("person", text):
            keys += [key for (key,) in self._store.values(KEYS_OF_ID, kind="person", id=id)]
        for key in keys:
            if key in speakers:
                return str(speakers[key])
        raise QuestionError(f"{shown(text)} speaks in no claim here", "pick one of these", sorted(speakers.values()))

    def shown(self, kind: str, id: str) -> str:
        """The first name of a thing, or its id where it has none."""
        for one in KINDS.get(kind, (kind,)):
            if found := self._store.values(FIRST_NAME, kind=one, id=id):
                return str(found[0][0])
        return id

    def offers(self, kind: str, text: str) -> list[Offer]:
        """At most 25 choices for what is typed so far: names that begin with it, then that hold it."""
        if kind == "source":
            return [Offer(f"{id}: {name}"[:100], id) for id, name in self._store.values(SOURCES_OFFERED, id=text.strip().casefold())]
        if kind == "speaker":
            return [Offer(name, name) for (name,) in self._store.values(SPEAKERS) if name_key(text) in name_key(name)][:25]
        key = name_key(text)
        found: dict[str, str] = {}
        for query in (OFFERED_BY_PREFIX, OFFERED_INSIDE) if key else (OFFERED,):
            for one in KINDS.get(kind, (kind,)):
                for id, name in self._store.values(query, kind=one, key=key, end=key + "\U0010ffff"):
                    found.setdefault(id, name)
            if len(found) >= MOST_OFFERED:
                break
        return [self._offer(kind, id, name) for id, name in islice(found.items(), MOST_OFFERED)]

    def _offer(self, kind: str, id: str, name: str) -> Offer:
        first = self.shown(kind, id)
        text = first if name == first else f"{first} · {name}"
        return Offer(text if len(text) <= 100 else text[:99] + "…", id)
