"""A sentence with the facts that it is asked of, the line that it asks, and what intents share."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from msgspec import Struct

from salesbot.asking.name_book import NameBook
from salesbot.asking.segments import Segment
from salesbot.asking.sentence import Sentence
from salesbot.storage.snapshot import Snapshot, sql

METRICS = (
    "orders",
    "locked_orders",
    "deliveries",
    "reservations",
    "orders_per_store",
    "lock_in_rate",
    "cancellation_rate",
)


BRAND_OF_LAUNCH = sql("select brand_id from launches where id = :id")


BRAND_OF_MODEL = sql("select distinct brand_id from prices where model_id = :id limit 20")


LAUNCHES = sql("select id, brand_id from launches order by rowid limit 50", scans="launches")


MOST_OFFERED = 3


class Line(Struct, frozen=True):
    """A line that a sentence asks: its command and options as typed; one that is only ``offered`` is never answered.

    ``beside`` is what is told beside its answer: of a number asked about, as ``>80000``, or of ``cut`` or ``rise``.
    """

    verb: str
    typed: Mapping[str, str]
    is_offered: bool = False
    beside: str = ""


class Asking(Struct, frozen=True):
    """A sentence with the facts that it is asked of."""

    sentence: Sentence
    snapshot: Snapshot
    names: NameBook

    def ids(self, kind: str) -> list[str]:
        """The ids of a kind that are named, in order; names of several things are left out."""
        found = (word.names.get(kind, frozenset()) for word in self.sentence.words)
        return list(dict.fromkeys(id for ids in found if len(ids) == 1 for id in ids))

    def is_ambiguous(self, kind: str) -> bool:
        """Whether a name means several things of a kind."""
        return any(len(word.names.get(kind, ())) > 1 for word in self.sentence.words)

    def brands(self) -> list[str]:
        """The brands that are named by words that name no launch or model."""
        words = (word for word in self.sentence.words if "launch" not in word.names and "model" not in word.names)
        return list(dict.fromkeys(id for word in words for id in word.names.get("brand", ())))

    def brand_makes(self, things: list[str]) -> bool:
        """Whether the brands named make the launches or models named."""
        makers = {
            row[0]
            for thing in things
            for query in (BRAND_OF_LAUNCH, BRAND_OF_MODEL)
            for row in self.snapshot.values(query, id=thing)
        }
        return all(brand in makers for brand in self.brands())


def brands_fit(asking: Asking, things: list[str]) -> bool:
    """Whether the brands named make the things named; also where no thing is."""
    return not things or asking.brand_makes(things)


def launches_of(asking: Asking) -> list[str]:
    """The launches that may be meant where none is named: of the brand named, else every one."""
    brands = asking.brands()
    rows = asking.snapshot.values(LAUNCHES)
    return [id for id, brand in rows if not brands or brand in brands]


def is_by_another(sentence: Sentence) -> bool:
    """Whether a maker or a person buys, or is sold to."""
    words = [word for word in sentence.words if word.names or not word.is_filler or word.text == "to"]
    return any(
        (_is_buyer(word) and after.means("buying")) or (word.text == "to" and _is_buyer(after))
        for word, after in pairwise(words)
    )


def _is_buyer(word: Segment) -> bool:
    """Whether a word names a maker or a person and nothing that is sold."""
    return bool(word.names.keys() & {"brand", "person"}) and not word.names.keys() & {"launch", "model"}


def attests(sentence: Sentence) -> bool:
    """Whether it is asked if a number is official or exact; before a noun these words change nothing."""
    places = [place for place, word in enumerate(sentence.words) if word.means("attested")]
    if not places:
        return False
    if sentence.words[0].means("whether") or sentence.words[-1].means("whether"):
        return True
    after = [word for word in sentence.words[places[-1] + 1 :] if word.means("price", "stores", "sold", *METRICS)]
    return not after


def are_side_by_side(sentence: Sentence, kind: str) -> bool:
    """Whether things of a kind are compared: by a word that does, or one right after the other."""
    if sentence.has("compare", "joins", "cheaper"):
        return True
    words = [word for word in sentence.words if word.names or not word.is_filler]
    places = [place for place, word in enumerate(words) if kind in word.names]
    return places == list(range(places[0], places[-1] + 1))
