"""A whole answer as data. Nothing here is a sentence: ``salesbot.words`` makes those, in the reader's language."""

from __future__ import annotations

from msgspec import Struct

from salesbot.answers.figures import Figure, PassedOver
from salesbot.answers.notes import Note
from salesbot.answers.results import (
    ChangesResult,
    CompareResult,
    EventsResult,
    HistoryResult,
    PricesResult,
    ProgressResult,
    SourceResult,
    StoresResult,
    TimelineResult,
    TotalResult,
    WhatifResult,
    WhenResult,
)
from salesbot.errors import Message
from salesbot.facts import Source
from salesbot.questions.question import Question
from salesbot.storage.snapshot import Version
from salesbot.values.quantity import Verdict

__all__ = [
    "Answer",
    "ChangesResult",
    "CheckedClaim",
    "ClaimLine",
    "ClaimsResult",
    "CompareResult",
    "EventsResult",
    "HistoryResult",
    "PricesResult",
    "ProgressResult",
    "Result",
    "SourceResult",
    "StoresResult",
    "TimelineResult",
    "TotalResult",
    "WhatifResult",
    "WhenResult",
]


class ClaimLine(Struct, frozen=True):
    """One line that decides a claim: what the claim expects of it, and how it came out."""

    line: str
    expects: str
    verdict: Verdict
    is_only_fit: bool = False
    answer: Answer | None = None
    error: Message | None = None


class CheckedClaim(Struct, frozen=True):
    """A claim with its verdict as of now."""

    id: str
    speaker: str
    statement: str
    verdict: Verdict
    kind: str
    note: str | None
    lines: tuple[ClaimLine, ...]
    sources: tuple[str, ...]


class ClaimsResult(Struct, frozen=True):
    """Of ``/claims list`` and ``check``, with the filters asked for."""

    claims: tuple[CheckedClaim, ...]
    is_list: bool
    speaker: str | None = None
    launch: str | None = None
    verdict: Verdict | None = None


Result = (
    TotalResult
    | StoresResult
    | ProgressResult
    | CompareResult
    | WhatifResult
    | PricesResult
    | ChangesResult
    | HistoryResult
    | TimelineResult
    | WhenResult
    | EventsResult
    | ClaimsResult
    | SourceResult
)


class Answer(Struct, frozen=True):
    """What was computed for one question, resting on one version of the facts."""

    question: Question
    result: Result
    version: Version
    figures: tuple[Figure, ...] = ()
    verdict: Verdict | None = None
    missing: tuple[Note, ...] = ()
    caveats: tuple[Note, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    sources: tuple[Source, ...] = ()

    def figure(self, id: str) -> Figure:
        """The figure of that id, also among those passed over. Raises ``KeyError``."""
        for figure in self.figures:
            if figure.id == id:
                return figure
        for passed in self.passed_over:
            if passed.figure.id == id:
                return passed.figure
        raise KeyError(id)
