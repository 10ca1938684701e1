"""Which thing a typed name means, and which names to suggest while typing. No look-up scans a table."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from msgspec import Struct

from salesbot.errors import QuestionError
from salesbot.facts.vocabulary import BUILT_IN, SOLD, SOLD_WORDS, Metric
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.many_names import ManyNames
from salesbot.values.name_keys import LONGEST_NAME, name_key, nearest
from salesbot.values.written_dates import NO_YEAR

AFTER_ALL = "\U0010ffff"  # sorts behind every key that begins alike
IDS_BY_KEY = sql("select distinct id from names where kind = :kind and key = :key limit 26")
IDS_BY_PREFIX = sql("select distinct id from names where kind = :kind and key >= :key and key < :end limit 26")
IS_ID = sql("select 1 from names where kind = :kind and id = :id limit 1")
FIRST_NAME = sql("select name from names where kind = :kind and id = :id and rank = 0")
NAME_IN_LANGUAGE = sql("""
    select name from names where kind = :kind and id = :id and (language = :language or language like :variants)
    order by rank limit 1
""")
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
TWO_LAUNCHES = sql("select id from launches limit 2", scans="launches")
OPENED = sql("select coalesce(opened, announced) from launches where id = :id")
DAYS_TOLD = {
    "launch": (
        sql("select distinct period_from, period_to from orders where launch = :id limit 5000"),
        sql("select distinct valid_from, valid_to from stores where launch = :id limit 5000"),
    ),
    "model": (sql("select distinct valid_from, valid_to from prices where model_id = :id limit 5000"),),
}
MONTH_DAY = re.compile(rf"{re.escape(NO_YEAR)}(-[0-9]{{2}}(?:-[0-9]{{2}})?)")
NEAR = 31  # days between a date without a year and one of the facts
IS_ACTOR = sql("select distinct who from events_who where who = :who limit 1")
MOST_SUGGESTED = 25
LONGEST_CHOICE = 100
LANGUAGES = {"zh-Hant": ("zh-Hant", "zh-TW", "zh-HK", "zh")}  # where a name is looked for, in order
KINDS = {"who": ("person", "brand")}


class Suggestion(Struct, frozen=True):
    """A choice while typing: what is shown, and the id or text it stands for."""

    shown: str
    id: str


class Names:
    """The names of one snapshot; things are shown by their first name in ``language``, where they have one."""

    def __init__(self, snapshot: Snapshot, language: str = "en") -> None:
        self.snapshot, self.language = snapshot, language

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
        if not ids and kind == "who" and self.snapshot.values(IS_ACTOR, who=name_key(text)):
            return name_key(text)
        if ids:
            candidates = [self._candidate(kind, id) for id in ids]
            error = QuestionError("ambiguous_name", candidates, text=text, kind=kind)
            raise error.offering([(self.shown(kind, id), id) for id in ids])
        raise self._unknown(kind, text)

    def _exact(self, kind: str, text: str) -> list[str]:
        kinds = KINDS.get(kind, (kind,))
        for one in kinds:
            if self.snapshot.values(IS_ID, kind=one, id=text.strip().casefold()):
                return [text.strip().casefold()]
        key = name_key(text)
        rows = (row for one in kinds for row in self.snapshot.values(IDS_BY_KEY, kind=one, key=key))
        return list(dict.fromkeys(id for (id,) in rows))

    def _beginning(self, kind: str, text: str) -> list[str]:
        key = name_key(text)
        if len(key) < (3 if key.isascii() else 2):
            return []
        kinds = KINDS.get(kind, (kind,))
        rows = (
            row for one in kinds for row in self.snapshot.values(IDS_BY_PREFIX, kind=one, key=key, end=key + AFTER_ALL)
        )
        return list(dict.fromkeys(id for (id,) in rows))

    def _speaking(self, text: str) -> list[str]:
        """The speakers of claims whom a text names by another of their names."""
        keys = [key for id in self._exact("who", text) for key in self.keys("who", id)]
        rows = (row for key in keys for row in self.snapshot.values(IDS_BY_KEY, kind="speaker", key=key))
        return list(dict.fromkeys(id for (id,) in rows))

    def _unknown(self, kind: str, text: str) -> QuestionError:
        names = self.snapshot.cached(("names", kind), lambda: ManyNames(self._names_of_kind(kind)))
        ids = dict.fromkeys(id for name in names.nearest(text) for id in self._exact(kind, name))
        error = QuestionError("unknown_name", [self._candidate(kind, id) for id in ids], text=text, kind=kind)
        return error.offering([(self.shown(kind, id), id) for id in ids])

    def _names_of_kind(self, kind: str) -> list[str]:
        kinds = KINDS.get(kind, (kind,))
        return [name for one in kinds for (name,) in self.snapshot.values(SOME_NAMES, kind=one)]

    def _candidate(self, kind: str, id: str) -> str:
        shown = self.shown(kind, id)
        return shown if shown == id else f"{shown} ({id})"

    def _source(self, text: str) -> str:
        """The source of an id, or of a publisher that has one."""
        id = text.strip().casefold()
        if self.snapshot.values(IS_SOURCE, id=id):
            return id
        ids = self._exact("source", text) or self._beginning("source", text)
        if len(ids) == 1:
            return ids[0]
        if not ids:
            near = [one.id for one in self.suggestions("source", id[:1])]
            raise QuestionError("unknown_source", nearest(id, near), text=text).offering([(one, one) for one in near])
        shown = [(one, self._titled(one)) for one in ids[:MOST_SUGGESTED]]
        error = QuestionError("ambiguous_name", [title for _, title in shown], text=text, kind="source")
        raise error.offering([(title, one) for one, title in shown])

    def _titled(self, source: str) -> str:
        ((_, title),) = self.snapshot.values(SOURCES_FROM, id=source)[:1]
        return _cut(f"{source}: {title}")

    def _metric(self, text: str) -> str:
        key = name_key(text)
        metrics = self.snapshot.vocabulary.metrics
        if text in metrics:
            return text
        named = [id for id, metric in metrics.items() if key in _keys_of_metric(metric)]
        if len(named) > 1:  # what a pack calls its own wins over another name of a built-in metric
            named = [id for id in named if metrics[id] is not BUILT_IN.get(id)] or named
        if len(named) == 1:
            return named[0]
        meant = SOLD if key in map(name_key, SOLD_WORDS) else ()
        stated = [id for id in metrics if id != "unstated"]
        near = named or list(meant) or nearest(text, stated) or stated
        raise QuestionError("unknown_metric", near, text=text).offering([(one.replace("_", " "), one) for one in near])

    # what an option leaves to be understood

    def only_launch(self) -> str | None:
        """The launch of facts that have a single one."""
        launches = self.snapshot.values(TWO_LAUNCHES)
        return str(launches[0][0]) if len(launches) == 1 else None

    def years_of(self, typed: Mapping[str, str], dates: Iterable[str]) -> list[int]:
        """The years that dates without one, as ``????-04-01``, can be in: those in which the facts tell of such a day.

        It has to be near one that they tell of the launch or model that options name, and not before its opening.
        """
        told, opened = self._days_told(typed)
        found: set[int] | None = None
        for month_day in (part for text in dates for part in MONTH_DAY.findall(text)):
            years = {year for year in _years_near(month_day, told) if opened <= f"{year:04}{month_day}"}
            found = years if found is None else found & years
        return sorted(found or ())

    def _days_told(self, typed: Mapping[str, str]) -> tuple[list[date], str]:
        """The days that the facts tell of the launches or models that options name, and the first opening of them."""
        days: set[str] = set()
        openings = []
        for kind, queries in DAYS_TOLD.items():
            names = [name for option in (kind, f"{kind}es", f"{kind}s") for name in typed.get(option, "").split(",")]
            ids = [self.resolve(kind, name.strip()) for name in names if name.strip()]
            if kind == "launch" and not ids and not typed.get("model") and not typed.get("models"):
                ids = [only for only in (self.only_launch(),) if only]
            for id in ids:
                days |= {
                    text for query in queries for row in self.snapshot.values(query, id=id) for text in row if text
                }
                openings += [text for (text,) in self.snapshot.values(OPENED, id=id) if text]
        whole = {text[:10] for text in (*days, *openings) if len(text) >= len("2024-04")}
        told = [date.fromisoformat(text if len(text) == len("2024-04-01") else f"{text[:7]}-15") for text in whole]
        return told, min(openings, default="")[:7]

    def years(self) -> list[int]:
        """The last three years that the facts tell of."""
        until = self.snapshot.version.until
        return [until.year - ago for ago in range(3)] if until else []

    # names of a known thing

    def shown(self, kind: str, id: str) -> str:
        """The first name of a thing, or its id where it has none; in another language than English its first there."""
        if self.language != "en" and (alias := self.in_language(kind, id)):
            return alias
        for one in KINDS.get(kind, (kind,)):
            if rows := self.snapshot.values(FIRST_NAME, kind=one, id=id):
                return str(rows[0][0])
        return id

    def in_language(self, kind: str, id: str) -> str | None:
        """The first name of a thing that its row says to be of the language, or of a variant of it, as ``zh-CN``."""
        for one in KINDS.get(kind, (kind,)):
            for tag in LANGUAGES.get(self.language, (self.language,)):
                if rows := self.snapshot.values(NAME_IN_LANGUAGE, kind=one, id=id, language=tag, variants=f"{tag}-%"):
                    return str(rows[0][0])
        return None

    def is_shared(self, kind: str, name: str) -> bool:
        """Whether several things have a name."""
        return len(self.snapshot.values(IDS_BY_KEY, kind=kind, key=name_key(name))) > 1

    def keys(self, kind: str, id: str) -> frozenset[str]:
        """The keys of every name of a thing, its id among them."""
        rows = (row for one in KINDS.get(kind, (kind,)) for row in self.snapshot.values(KEYS_OF_ID, kind=one, id=id))
        return frozenset((name_key(id), *(key for (key,) in rows)))

    # while typing

    def suggestions(self, kind: str, text: str) -> list[Suggestion]:
        """At most 25 choices for what is typed so far: names that begin with it, then those with a word that does."""
        if kind == "source":
            return self._sources_suggested(text)
        if kind == "metric":
            return self._metrics_suggested(text)
        key = name_key(text)
        names: dict[str, str] = {}
        if kind == "speaker" and key:
            speaking = (one for person in self.suggestions("who", text) for one in self._speaking(person.id))
            names |= {id: self.shown(kind, id) for id in speaking}
        for query in (SUGGESTED_BY_PREFIX, SUGGESTED_BY_WORD) if key else (SUGGESTED,):
            for one in KINDS.get(kind, (kind,)):
                for id, name in self.snapshot.values(query, kind=one, key=key, end=key + AFTER_ALL):
                    names.setdefault(id, name)
            if len(names) >= MOST_SUGGESTED:
                break
        return [self._suggestion(kind, id, name) for id, name in islice(names.items(), MOST_SUGGESTED)]

    def _sources_suggested(self, text: str) -> list[Suggestion]:
        """Sources by their id, then by a word of their publisher."""
        rows = self.snapshot.values(SOURCES_FROM, id=text.strip().casefold())
        titles = {id: name for id, name in rows if id.startswith(text.strip().casefold())}
        key = name_key(text)
        for query in (SUGGESTED_BY_PREFIX, SUGGESTED_BY_WORD) if key else ():
            for id, _ in self.snapshot.values(query, kind="source", key=key, end=key + AFTER_ALL):
                titles.setdefault(id, "")
        ids = list(titles)[:MOST_SUGGESTED]
        return [Suggestion(_cut(f"{id}: {titles[id]}") if titles[id] else self._titled(id), id) for id in ids]

    def _suggestion(self, kind: str, id: str, name: str) -> Suggestion:
        first = self.shown(kind, id)
        return Suggestion(_cut(first if name == first else f"{first} · {name}"), id[:LONGEST_CHOICE])

    def _metrics_suggested(self, text: str) -> list[Suggestion]:
        key = name_key(text)
        metrics = self.snapshot.vocabulary.metrics.values()
        fitting = [m for m in metrics if any(known.startswith(key) for known in _keys_of_metric(m))]
        return [Suggestion(_cut(m.plural or m.id.replace("_", " ")), m.id) for m in fitting[:MOST_SUGGESTED]]


def _keys_of_metric(metric: Metric) -> set[str]:
    return {name_key(name) for name in (metric.id, metric.name, metric.plural, *metric.aliases) if name}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CHOICE else text[: LONGEST_CHOICE - 1] + "…"


def _years_near(month_day: str, told: Iterable[date]) -> set[int]:
    """The years in which a date without one, as ``-04-01`` or ``-04``, lies near one of some days."""
    found = set()
    for day in told:
        for year in (day.year - 1, day.year, day.year + 1):
            with contextlib.suppress(ValueError):  # 29 February
                near = date.fromisoformat(f"{year:04}{month_day}" + ("-15" if len(month_day) == len("-04") else ""))
                if abs((near - day).days) <= NEAR:
                    found.add(year)
    return found
