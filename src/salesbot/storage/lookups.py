"""What questions look rows up by: derived columns, and tables beside those of the pack.

Rows come as columns of texts, since a column is worked through faster than as many rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache

from salesbot.facts.cells import several
from salesbot.facts.named import NamedThings
from salesbot.facts.places import PlaceNames, names_of_code
from salesbot.facts.vocabulary import EVERY
from salesbot.storage.inserting import Record
from salesbot.storage.snapshot import MOST_CITED
from salesbot.values.moment import cell_time
from salesbot.values.name_keys import LONGEST_NAME, name_key
from salesbot.values.zones import zone_readings

DERIVED: dict[str, dict[str, type]] = {
    "names": {"key": str, "rank": int},
    "launches": {"brand_id": str, "market_id": str},
    "stores": {"brand_id": str, "place_id": str},
    "orders": {"place_id": str},
    "prices": {"brand_id": str, "model_id": str, "region_id": str, "first_day": str, "last_day": str, "out_day": str},
    "events": {"earliest": int, "latest": int},
}
BESIDE: dict[str, dict[str, type]] = {
    "citations": {"source": str, "fact": str, "kind": str},
    "events_who": {"who": str, "event": str, "earliest": int},
    "same_events": {"same_as": str, "event": str},
    "name_endings": {"kind": str, "key": str, "id": str, "name": str},
}
INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "names": (("kind", "key"), ("kind", "id", "rank"), ("kind", "rank")),
    "stores": (("launch",), ("brand_id", "launch")),
    "orders": (("launch", "metric"),),
    "prices": (
        ("model_id", "first_day"),
        ("brand_id", "first_day"),
        ("first_day",),
        ("out_day",),
        ("brand_id", "out_day"),
    ),
    "events": (("earliest",),),
    "claims": (("speaker",),),
    "citations": (("source",),),
    "events_who": (("who", "earliest"),),
    "same_events": (("same_as",),),
    "name_endings": (("kind", "key"),),
}
MOST_ENDINGS = 12
MOST_TOLD = 50_000
WORD = re.compile(r"\d+|[\u2e80-\u9fff\uac00-\ud7af]|[^\W\d_\u2e80-\u9fff\uac00-\ud7af]+")
Texts = dict[str, Sequence[str]]  # what the cells of a table say, by column
Values = Sequence[str | int | None]
OwnName = tuple[str, str, str, str]  # id, kind, name and language


class Lookups:
    """What questions look the rows of a pack by, noted while they come, table by table in pack order.

    ``insert`` takes records of a table beside. ``longest`` is how many days prices and events take at the most;
    ``until`` is the last day that a row tells of.
    """

    def __init__(self, insert: Callable[[str, Sequence[Record]], object]) -> None:
        self.longest = {"prices": 0, "events": 0}
        self.until: date | None = None
        self._insert = insert
        self._told: set[tuple[str, ...]] = set()  # cells of which ``until`` is told
        self._ids: dict[tuple[str, str], str] = {}
        self._things = NamedThings()
        self._ranks: dict[tuple[str, str], int] = {}
        self._cited: dict[str, int] = {}
        self._cited_enough: set[str] = set()  # cells whose sources have enough citations
        self._own_names: list[OwnName] = []
        self._speakers: dict[str, None] = {}
        self._places = PlaceNames()
        self._place_names: dict[str, dict[str, None]] = {}
        # looked up once, as the names that a pack lists come before what they name
        self._brand_of, self._place_of = cache(self._brand), cache(self._place)
        self._priced_brand, self._priced_model = cache(self._brand_with_prices), cache(self._model_with_prices)
        self._derive: dict[str, Callable[[Texts], Sequence[Values]]] = {
            "sources": self._of_sources,
            "names": self._of_names,
            "places": self._of_places,
            "launches": self._of_launches,
            "stores": self._of_stores,
            "orders": self._of_orders,
            "prices": self._of_prices,
            "events": self._of_events,
            "claims": self._of_claims,
        }

    def derived(self, table: str, texts: Texts) -> Sequence[Values]:
        """The derived columns of rows of a table, in the order of ``DERIVED``."""
        if last := LAST_DAYS.get(table):
            names, last_day = last
            told = set(zip(*(texts[name] for name in names), strict=True)) - self._told
            self.until = max(filter(None, (self.until, *(last_day(*cells) for cells in told))), default=None)
            if len(self._told) > MOST_TOLD:
                self._told.clear()
            self._told |= told
        if "sources" in texts:
            self._cite(table, texts)
        return self._derive[table](texts) if table in self._derive else ()

    def own_names(self) -> Iterator[Record]:
        """The names that things carry themselves, as records of the table of names."""
        listed = set(self._ranks)
        for name in (*self._own_names, *self._names_of_places(), *self._names_of_speakers()):
            id, kind, *_ = name
            if kind in ("claim", "place") or (kind, id) not in listed:
                yield (*name, *self._name_keys(kind, id, name[2]))

    def _cite(self, table: str, texts: Texts) -> None:
        enough = self._cited_enough
        for fact, cell in zip(texts["id"], texts["sources"], strict=True):
            if cell in enough:
                continue
            sources = several(cell)
            for source in sources:
                cited = self._cited[source] = self._cited.get(source, 0) + 1
                if cited <= MOST_CITED:
                    self._insert("citations", [(source, fact, table)])
            if all(self._cited[source] >= MOST_CITED for source in sources):
                enough.add(cell)

    # what a text of a column names

    def _brand(self, text: str) -> str:
        return self._ids.get(("brand", name_key(text)), name_key(text))

    def _place(self, text: str) -> str | None:
        if not text:
            return None
        id = self._places.id_of(text)
        self._place_names.setdefault(id, {})[text] = None
        return id

    def _brand_with_prices(self, text: str) -> str:
        return next(iter(self._things.brands(text)), EVERY)

    def _model_with_prices(self, brand: str, text: str) -> str | None:
        return next(iter(self._things.models(brand, text)), EVERY) if text else None

    # the derived columns by table

    def _of_sources(self, texts: Texts) -> Sequence[Values]:
        for id, publisher in zip(texts["id"], texts["publisher"], strict=True):
            self._own_names.append((id, "source", publisher, ""))
        return ()

    def _of_names(self, texts: Texts) -> Sequence[Values]:
        keys: list[tuple[str, int]] = []
        for kind, id, name in zip(texts["kind"], texts["id"], texts["name"], strict=True):
            self._ids.setdefault((kind, name_key(name)), id)
            self._ids[kind, name_key(id)] = id
            if kind in ("brand", "model"):
                self._things.add(kind, name, id)
            if kind == "place":
                self._places.add(name, id)
            keys.append(self._name_keys(kind, id, name))
        return list(zip(*keys, strict=True))

    def _name_keys(self, kind: str, id: str, name: str) -> tuple[str, int]:
        rank = self._ranks[kind, id] = self._ranks.get((kind, id), -1) + 1
        self._insert("name_endings", [(kind, ending, id, name) for ending in name_endings(name)])
        return name_key(name), rank

    def _of_places(self, texts: Texts) -> Sequence[Values]:
        for id, name in zip(texts["id"], texts["name"], strict=True):
            self._places.add(name, id)
            self._own_names.append((id, "place", name, ""))
        return ()

    def _of_launches(self, texts: Texts) -> Sequence[Values]:
        for id, brand, model in zip(texts["id"], texts["brand"], texts["model"], strict=True):
            has_brand = name_key(model).startswith(name_key(brand))
            for name in (model,) if has_brand else (f"{brand} {model}", model):
                self._own_names.append((id, "launch", name, ""))
        return [*map(self._brand_of, texts["brand"])], [*map(self._place_of, texts["market"])]

    def _of_stores(self, texts: Texts) -> Sequence[Values]:
        return [*map(self._brand_of, texts["brand"])], [*map(self._place_of, texts["place"])]

    def _of_orders(self, texts: Texts) -> Sequence[Values]:
        return ([*map(self._place_of, texts["place"])],)

    def _of_prices(self, texts: Texts) -> Sequence[Values]:
        starts, ends = ({text: _days(text) for text in set(texts[name]) if text} for name in ("valid_from", "valid_to"))
        for _, _, length in starts.values():
            self.longest["prices"] = max(self.longest["prices"], length)
        return (
            [*map(self._priced_brand, texts["brand"])],
            [*map(self._priced_model, texts["brand"], texts["model"])],
            [*map(self._place_of, texts["region"])],
            *([*map({text: days[side] for text, days in starts.items()}.get, texts["valid_from"])] for side in (0, 1)),
            [*map({text: first for text, (first, _, _) in ends.items()}.get, texts["valid_to"])],
        )

    def _of_events(self, texts: Texts) -> Sequence[Values]:
        moments: list[tuple[int, int]] = []
        names = ("id", "name", "who", "at", "zone", "same_as")
        for id, name, who, at, zone, same_as in zip(*(texts[column] for column in names), strict=True):
            self._own_names.append((id, "event", name, ""))
            time = cell_time(at)
            moment = time.read(zone_readings(zone))
            if same_as:
                self._insert("same_events", [(same_as, id)])
            first, last = time.days
            self.longest["events"] = max(self.longest["events"], (last - first).days)
            for key in map(name_key, several(who)):
                known = self._ids.get(("person", key)) or self._ids.get(("brand", key)) or key
                self._insert("events_who", [(known, id, moment.earliest)])
            moments.append((moment.earliest, moment.latest))
        return list(zip(*moments, strict=True))

    def _of_claims(self, texts: Texts) -> Sequence[Values]:
        for id, speaker, statement in zip(texts["id"], texts["speaker"], texts["statement"], strict=True):
            self._own_names.append((id, "claim", statement, ""))
            self._speakers[speaker] = None
        return ()

    # the names that things carry themselves

    def _names_of_places(self) -> Iterator[OwnName]:
        """Every name of each place that a row names: as the row writes it, then those of the CLDR."""
        for id, texts in self._place_names.items():
            aliases = dict(names_of_code(id.upper())) if len(id) in (2, 3) else {}
            for name in dict.fromkeys((*texts, *aliases)):
                yield id, "place", name, aliases.get(name) or ""

    def _names_of_speakers(self) -> Iterator[OwnName]:
        """Each speaker of a claim under each of its names, so that one is found by any of them."""
        for speaker in self._speakers:
            yield speaker, "speaker", speaker, ""


@lru_cache(maxsize=32768)
def _days(text: str) -> tuple[str, str, int]:
    """The first and the last day that a cell names, in ISO form, and how many days lie between."""
    first, last = cell_time(text).days
    return first.isoformat(), last.isoformat(), (last - first).days


def _last_day_of_order(status: str, period_to: str) -> date | None:
    """The last day of a period up to a moment; none of a plan, nor of a number that counts no more."""
    if not period_to or status not in ("reported", "revised"):
        return None
    out = cell_time(period_to)
    return out.days[1] if out.is_clock else out.days[0] - timedelta(days=1)


def _last_day(text: str) -> date | None:
    return cell_time(text).days[1] if text else None


# the last day that a row tells of, by columns: not of a plan, nor of when a price ends
LAST_DAYS: dict[str, tuple[tuple[str, ...], Callable[..., date | None]]] = {
    "orders": (("status", "period_to"), _last_day_of_order),
    "prices": (("valid_from",), _last_day),
    "stores": (("valid_from",), _last_day),
    "events": (("at",), _last_day),
}


def name_endings(name: str) -> Iterable[str]:
    """The keys of a name from its second word on, from its third, and so on: it is found by each of them."""
    words = [name_key(word) for word in WORD.findall(name[:LONGEST_NAME])]
    return ("".join(words[start:]) for start in range(1, min(len(words), MOST_ENDINGS + 1)))
