"""An answer with things named in a reader's language: by the first alias that the facts hold in it."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from salesbot.answers import Answer, Figure
from salesbot.answers.notes import Note
from salesbot.answers.results import (
    ChangesResult,
    CompareResult,
    EventsResult,
    HistoryResult,
    ListedEvent,
    PricesResult,
    ProgressResult,
    StoresResult,
    TimelineResult,
    TimelineSide,
    TotalResult,
    WhatifResult,
    WhenResult,
)
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.name_keys import name_key

T = TypeVar("T")
IDS_NAMED = sql("select distinct id from names where kind = :kind and key = :key and rank = 0 limit 2")
THINGS = ("launch", "model", "brand", "person", "speaker", "event", "place")
SOLD = ("launch", "model")  # what a subject may begin with, before a trim or a place
# fields that hold ids, lines, kinds or what a source says: never names to be put into another language
NO_NAMES = frozenset(
    [
        "id",
        "figure",
        "figures",
        "other",
        "metric",
        "metrics",
        "verdicts",
        "earlier",
        "later",
        "line",
        "claim",
        "kind",
        "zone",
        "zones",
        "stated",
        "site",
        "role",
        "sources",
        "launch",
        "what",
        "needs",
        "reason",
    ]
)
FIGURE_NAMES = ("subject", "region", "place", "said_by")
RESULTS = (
    TotalResult,
    StoresResult,
    ProgressResult,
    CompareResult,
    WhatifResult,
    PricesResult,
    ChangesResult,
    HistoryResult,
    TimelineResult,
    TimelineSide,
    WhenResult,
    EventsResult,
    ListedEvent,
)


def names_read(answer: Answer, snapshot: Snapshot, language: str) -> Answer:
    """The answer with the names of a language, as ``zh``; its ids, lines, numbers and quotations stay."""
    names = _Names(snapshot, language)
    return replace(
        answer,
        result=names.put(answer.result),
        figures=tuple(names.figure(figure) for figure in answer.figures),
        missing=names.put(answer.missing),
        caveats=names.put(answer.caveats),
        passed_over=tuple(replace(passed, figure=names.figure(passed.figure)) for passed in answer.passed_over),
    )


class _Names:
    def __init__(self, snapshot: Snapshot, language: str) -> None:
        self._snapshot, self._names, self._language = snapshot, Names(snapshot, language), language

    def figure(self, figure: Figure) -> Figure:
        changed: dict[str, Any] = {name: self._put_field(name, getattr(figure, name)) for name in FIGURE_NAMES}
        return replace(figure, **changed)

    def put(self, value: T) -> T:
        """A result, notes or a part of them, with every name in it replaced."""
        if isinstance(value, tuple):
            return tuple(map(self.put, value))  # type: ignore[return-value]
        if not isinstance(value, (Note, *RESULTS)):
            return value
        fields = {name: getattr(value, name) for name in value.__struct_fields__ if name not in NO_NAMES}
        return replace(value, **{name: self._put_field(name, field) for name, field in fields.items()})

    def _put_field(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            return self.subject(value) if name in ("subject", "subjects") else self.name(value, THINGS)
        if isinstance(value, tuple):
            return tuple(self._put_field(name, one) for one in value)
        return self.put(value) if isinstance(value, Struct) else value

    def subject(self, text: str) -> str:
        """What a figure is of: a launch or a model, with a trim or a place behind; of a difference both of them."""
        if " − " in text:
            return " − ".join(map(self.subject, text.split(" − ")))
        for end in (len(text), *(place for place in range(len(text) - 1, 0, -1) if text[place] in " ,")):
            named = self.name(text[:end], SOLD)
            if named != text[:end]:
                return named + text[end:]
        return self.name(text, THINGS)

    def name(self, text: str, kinds: tuple[str, ...]) -> str:
        """The name of what ``text`` is the first name of; the text itself where that is nothing, or several things."""
        return self._snapshot.cached(
            ("name read", self._language, kinds, text), lambda: self._name(text, kinds) if text else text
        )

    def _name(self, text: str, kinds: tuple[str, ...]) -> str:
        found: dict[str, None] = {}
        for kind in kinds:
            ids = self._snapshot.values(IDS_NAMED, kind=kind, key=name_key(text))
            alias = self._names.in_language(kind, ids[0][0]) if len(ids) == 1 else None
            found |= {alias: None} if alias else {}
        return next(iter(found)) if len(found) == 1 else text
