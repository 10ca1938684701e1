"""What was found, as data: figures with their working, verdicts, what is missing, and the sources.

Nothing here is a sentence. ``words`` makes sentences of it in the reader's language, ``cards`` and
the command line lay them out, ``words.as_json`` writes the contract's JSON.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from salesbot.facts import Source, Status
from salesbot.moment import CalendarGap, Moment, Reading, Relation
from salesbot.quantity import Quantity, Verdict
from salesbot.question import Question
from salesbot.store import Version

Basis = Literal["reported", "computed", "asked"]
MoveKind = Literal[
    "rise", "cut", "unchanged", "first price", "new variant", "offer", "subsidy", "disputed", "unknown"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Working:
    """How a figure was computed: a product of its operands (figure ids, each with its power), or
    the other forms by name."""

    form: Literal["product", "bracket", "not yet", "sum", "difference", "pace", "whole", "count"]
    terms: tuple[tuple[str, int], ...] = ()

    @property
    def operands(self) -> tuple[str, ...]:
        return tuple(id for id, _ in self.terms)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one figure stands to another."""

    other: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """A price move: money of ``currency``; ``percent`` is of ``previous``, to two decimals."""

    kind: MoveKind | None
    previous: Quantity | None
    current: Quantity | None
    valid_from: str | None
    valid_to: str | None
    announced: str | None
    rows: tuple[str, ...]
    price_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of an answer. ``id`` is the row's id, or names what was computed."""

    id: str
    name: str
    subject: str
    quantity: Quantity
    basis: Basis
    as_of: Moment | None = None
    status: Status = "reported"
    working: Working | None = None
    sources: tuple[str, ...] = ()
    said_by: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    verdict: Verdict | None = None
    against: tuple[str, ...] = ()
    reading_of: str | None = None
    read_as: str | None = None
    is_operand: bool = False
    change: Change | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    note: str | None = None


Reason = Literal[
    "denied", "rumour", "target", "superseded", "not the maker", "weaker source", "farther in time",
    "another place", "no place", "no time", "known bad",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A fact that did not count, and why."""

    figure: Figure
    reason: Reason


class Note:
    """Something an answer must say beside its figures; one subclass a thing to say."""


@dataclass(frozen=True, slots=True)
class StoresOutsideSpan(Note):
    """The store count in use does not cover the moment asked."""

    figure: str
    valid_from: str | None
    valid_to: str | None
    asked: Moment


@dataclass(frozen=True, slots=True)
class StoresOfBrand(Note):
    figure: str


@dataclass(frozen=True, slots=True)
class NotGross(Note):
    """A bracket rests on counts that may be net of refunds."""

    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountFell(Note):
    """An earlier report is above a later one, so they bound nothing between them."""

    metric: str
    earlier: str
    later: str


@dataclass(frozen=True, slots=True)
class NoFigure(Note):
    """No figure of a metric at the moment asked, and what would give one."""

    metric: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingsDiffer(Note):
    """A figure whose kind is not stated, read each way."""

    figure: str
    verdicts: tuple[tuple[str, Verdict], ...]


@dataclass(frozen=True, slots=True)
class AnnouncedBefore(Note):
    """Moves told before the window or the event, so they cannot be a response to it."""

    figures: tuple[str, ...]
    subjects: tuple[str, ...]
    announced: str
    before: str


@dataclass(frozen=True, slots=True)
class DayUnknown(Note):
    """A move whose day is not known, so it may lie outside the window."""

    figure: str
    subject: str
    stated: str


@dataclass(frozen=True, slots=True)
class SameDay(Note):
    """A move on the event's own day: which came first is not known."""

    figure: str
    subject: str


@dataclass(frozen=True, slots=True)
class EndUnknown(Note):
    """Prices that may have changed since: no source gives their end."""

    subjects: tuple[str, ...]
    since: str | None


@dataclass(frozen=True, slots=True)
class Ended(Note):
    subject: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class SinceUnknown(Note):
    """Listed, but since when is not known."""

    subject: str
    listed: str | None


@dataclass(frozen=True, slots=True)
class Disputed(Note):
    """One move that sources tell differently."""

    figure: str
    subject: str
    told: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ZoneAmbiguous(Note):
    """A time whose zone could be several."""

    stated: str
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneMissing(Note):
    """A time without a zone: every zone counts."""

    stated: str


@dataclass(frozen=True, slots=True)
class AlsoTimed(Note):
    """The same thing as another source times it, and its own relation."""

    event: str
    name: str
    zone: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class OverlapInTime(Note):
    """Why an order of two moments cannot be told."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Parts(Note):
    """Figures of parts of the market that are shown but not summed."""

    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastLast(Note):
    """A moment after the last report of a count."""

    metric: str
    last: str


@dataclass(frozen=True, slots=True)
class OtherMetrics(Note):
    """Other counts that the same question could be asked of."""

    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoOpening(Note):
    """A launch whose opening instant is not known."""

    name: str


@dataclass(frozen=True, slots=True)
class NotAlike(Note):
    """Why things cannot be compared: what each of them has."""

    has: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MarketsDiffer(Note):
    markets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class YourNumbers(Note):
    """Operands that are the asker's own, not facts."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviousOnly(Note):
    """A level known only as the price before a move."""

    figure: str
    subject: str


@dataclass(frozen=True, slots=True)
class NoLine(Note):
    """A claim that no question decides."""

    claim: str
    kind: str


@dataclass(frozen=True, slots=True)
class LineFailed(Note):
    claim: str
    line: str
    error: str


# What each kind of question found, beside its figures


@dataclass(frozen=True, slots=True)
class TotalFound:
    launch: str
    name: str
    at: Moment | None
    within: int | None


@dataclass(frozen=True, slots=True)
class PricesFound:
    model: str
    trim: str | None
    day: str | None


@dataclass(frozen=True, slots=True)
class ChangesFound:
    about: str | None
    trim: str | None
    since: str | None
    until: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """One side of a timeline question: an event, or a time as typed."""

    id: str | None
    name: str
    moment: Moment
    zone: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingFound:
    first: Reading
    second: Reading
    relation: Relation


@dataclass(frozen=True, slots=True)
class TimelineFound:
    first: Placed
    second: Placed
    relation: Relation
    readings: tuple[ReadingFound, ...]
    calendar: CalendarGap | None = None
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class SourceFound:
    source: Source
    cited_by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class StoresFound:
    launch: str
    name: str


@dataclass(frozen=True, slots=True)
class ProgressFound:
    launch: str
    name: str
    metric: str
    at: Moment | None
    opening: int | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompareFound:
    """Things compared, and the time since opening or the day they are compared at."""

    names: tuple[str, ...]
    what: str | None
    within: int | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True)
class WhatifFound:
    name: str | None
    at: Moment | None


@dataclass(frozen=True, slots=True)
class HistoryFound:
    model: str
    trim: str | None


@dataclass(frozen=True, slots=True)
class WhenFound:
    side: Placed


@dataclass(frozen=True, slots=True)
class EventFound:
    placed: Placed
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventsFound:
    events: tuple[EventFound, ...]
    who: str | None
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class LineFound:
    """One line that decides a claim: what the claim expects of it and how it came out."""

    line: str
    expects: str
    verdict: Verdict
    answer: Answer | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimFound:
    id: str
    speaker: str
    statement: str
    verdict: Verdict
    kind: str
    note: str | None
    lines: tuple[LineFound, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimsFound:
    claims: tuple[ClaimFound, ...]
    is_list: bool
    speaker: str | None = None
    launch: str | None = None
    verdict: Verdict | None = None


Found = (
    TotalFound | StoresFound | ProgressFound | CompareFound | WhatifFound | PricesFound | ChangesFound | HistoryFound
    | TimelineFound | WhenFound | EventsFound | ClaimsFound | SourceFound
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything found for one question, resting on one version of the facts."""

    question: Question
    found: Found
    version: Version
    figures: tuple[Figure, ...] = ()
    verdict: Verdict | None = None
    missing: tuple[Note, ...] = ()
    caveats: tuple[Note, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    sources: tuple[Source, ...] = ()

    def figure(self, id: str) -> Figure:
        """The figure of that id, also among those passed over."""
        for figure in self.figures:
            if figure.id == id:
                return figure
        for passed in self.passed_over:
            if passed.figure.id == id:
                return passed.figure
        raise KeyError(id)
