"""What was found, as data: figures with their working, verdicts, what is missing, and the sources.

Nothing here is a sentence. ``words`` makes sentences of it in the reader's language, ``cards`` and
the command line lay them out, ``words.as_json`` writes the contract's JSON.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from salesbot.facts import Source, Status
from salesbot.questions.question import Question
from salesbot.storage.snapshot import Version
from salesbot.values.moment import CalendarGap, Moment, Reading, Relation
from salesbot.values.quantity import Quantity, Verdict

Basis = Literal["reported", "computed", "asked"]
MoveKind = Literal[
    "rise", "cut", "unchanged", "first price", "new variant", "offer", "subsidy", "disputed", "unknown"
]  # fmt: skip


class Working(Struct, frozen=True):
    """How a figure was computed: a product of its operands (figure ids, each with its power), or
    the other forms by name."""

    form: Literal["product", "bracket", "not yet", "sum", "difference", "pace", "whole", "count"]
    terms: tuple[tuple[str, int], ...] = ()

    @property
    def operands(self) -> tuple[str, ...]:
        return tuple(id for id, _ in self.terms)


class Comparison(Struct, frozen=True):
    """How one figure stands to another."""

    other: str
    verdict: Verdict


class Change(Struct, frozen=True):
    """A price move: money of ``currency``; ``percent`` is of ``previous``, to two decimals."""

    kind: MoveKind | None
    previous: Quantity | None
    current: Quantity | None
    valid_from: str | None
    valid_to: str | None
    announced: str | None
    rows: tuple[str, ...]
    price_types: tuple[str, ...]


class Figure(Struct, frozen=True):
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


class PassedOver(Struct, frozen=True):
    """A fact that did not count, and why."""

    figure: Figure
    reason: Reason


class Note(Struct, frozen=True):
    """Something an answer must say beside its figures; one subclass a thing to say."""


class StoresOutsideSpan(Note, frozen=True):
    """The store count in use does not cover the moment asked."""

    figure: str
    valid_from: str | None
    valid_to: str | None
    asked: Moment


class StoresOfBrand(Note, frozen=True):
    figure: str


class NotGross(Note, frozen=True):
    """A bracket rests on counts that may be net of refunds."""

    figures: tuple[str, ...]


class CountFell(Note, frozen=True):
    """An earlier report is above a later one, so they bound nothing between them."""

    metric: str
    earlier: str
    later: str


class NoFigure(Note, frozen=True):
    """No figure of a metric at the moment asked, and what would give one."""

    metric: str
    needs: tuple[str, ...] = ()


class ReadingsDiffer(Note, frozen=True):
    """A figure whose kind is not stated, read each way."""

    figure: str
    verdicts: tuple[tuple[str, Verdict], ...]


class AnnouncedBefore(Note, frozen=True):
    """Moves told before the window or the event, so they cannot be a response to it."""

    figures: tuple[str, ...]
    subjects: tuple[str, ...]
    announced: str
    before: str


class DayUnknown(Note, frozen=True):
    """A move whose day is not known, so it may lie outside the window."""

    figure: str
    subject: str
    stated: str


class SameDay(Note, frozen=True):
    """A move on the event's own day: which came first is not known."""

    figure: str
    subject: str


class EndUnknown(Note, frozen=True):
    """Prices that may have changed since: no source gives their end."""

    subjects: tuple[str, ...]
    since: str | None


class Ended(Note, frozen=True):
    subject: str
    valid_to: str


class SinceUnknown(Note, frozen=True):
    """Listed, but since when is not known."""

    subject: str
    listed: str | None


class Disputed(Note, frozen=True):
    """One move that sources tell differently."""

    figure: str
    subject: str
    told: tuple[tuple[str, tuple[str, ...]], ...]


class ZoneAmbiguous(Note, frozen=True):
    """A time whose zone could be several."""

    stated: str
    zones: tuple[str, ...]


class ZoneMissing(Note, frozen=True):
    """A time without a zone: every zone counts."""

    stated: str


class AlsoTimed(Note, frozen=True):
    """The same thing as another source times it, and its own relation."""

    event: str
    name: str
    zone: str
    relation: Relation


class OverlapInTime(Note, frozen=True):
    """Why an order of two moments cannot be told."""

    first: str
    second: str


class Parts(Note, frozen=True):
    """Figures of parts of the market that are shown but not summed."""

    places: tuple[str, ...]


class PastLast(Note, frozen=True):
    """A moment after the last report of a count."""

    metric: str
    last: str


class OtherMetrics(Note, frozen=True):
    """Other counts that the same question could be asked of."""

    metrics: tuple[str, ...]


class NoOpening(Note, frozen=True):
    """A launch whose opening instant is not known."""

    name: str


class NotAlike(Note, frozen=True):
    """Why things cannot be compared: what each of them has."""

    has: tuple[tuple[str, str], ...]


class MarketsDiffer(Note, frozen=True):
    markets: tuple[tuple[str, str], ...]


class YourNumbers(Note, frozen=True):
    """Operands that are the asker's own, not facts."""

    names: tuple[str, ...]


class PreviousOnly(Note, frozen=True):
    """A level known only as the price before a move."""

    figure: str
    subject: str


class NoLine(Note, frozen=True):
    """A claim that no question decides."""

    claim: str
    kind: str


class LineFailed(Note, frozen=True):
    claim: str
    line: str
    error: str


# What each kind of question found, beside its figures


class TotalFound(Struct, frozen=True):
    launch: str
    name: str
    at: Moment | None
    within: int | None


class PricesFound(Struct, frozen=True):
    model: str
    trim: str | None
    day: str | None


class ChangesFound(Struct, frozen=True):
    about: str | None
    trim: str | None
    since: str | None
    until: str | None
    after: str | None


class Placed(Struct, frozen=True):
    """One side of a timeline question: an event, or a time as typed."""

    id: str | None
    name: str
    moment: Moment
    zone: str
    sources: tuple[str, ...] = ()


class ReadingFound(Struct, frozen=True):
    first: Reading
    second: Reading
    relation: Relation


class TimelineFound(Struct, frozen=True):
    first: Placed
    second: Placed
    relation: Relation
    readings: tuple[ReadingFound, ...]
    calendar: CalendarGap | None = None
    is_gap: bool = False


class SourceFound(Struct, frozen=True):
    source: Source
    cited_by: tuple[tuple[str, str], ...]


class StoresFound(Struct, frozen=True):
    launch: str
    name: str


class ProgressFound(Struct, frozen=True):
    launch: str
    name: str
    metric: str
    at: Moment | None
    opening: int | None
    others: tuple[str, ...]


class CompareFound(Struct, frozen=True):
    """Things compared, and the time since opening or the day they are compared at."""

    names: tuple[str, ...]
    what: str | None
    within: int | None = None
    day: str | None = None


class WhatifFound(Struct, frozen=True):
    name: str | None
    at: Moment | None


class HistoryFound(Struct, frozen=True):
    model: str
    trim: str | None


class WhenFound(Struct, frozen=True):
    side: Placed


class EventFound(Struct, frozen=True):
    placed: Placed
    who: tuple[str, ...]


class EventsFound(Struct, frozen=True):
    events: tuple[EventFound, ...]
    who: str | None
    since: str | None
    until: str | None


class LineFound(Struct, frozen=True):
    """One line that decides a claim: what the claim expects of it and how it came out."""

    line: str
    expects: str
    verdict: Verdict
    answer: Answer | None = None
    error: str | None = None


class ClaimFound(Struct, frozen=True):
    id: str
    speaker: str
    statement: str
    verdict: Verdict
    kind: str
    note: str | None
    lines: tuple[LineFound, ...]
    sources: tuple[str, ...]


class ClaimsFound(Struct, frozen=True):
    claims: tuple[ClaimFound, ...]
    is_list: bool
    speaker: str | None = None
    launch: str | None = None
    verdict: Verdict | None = None


Found = (
    TotalFound | StoresFound | ProgressFound | CompareFound | WhatifFound | PricesFound | ChangesFound | HistoryFound
    | TimelineFound | WhenFound | EventsFound | ClaimsFound | SourceFound
)  # fmt: skip


class Answer(Struct, frozen=True):
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
