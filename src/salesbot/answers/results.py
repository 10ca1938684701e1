"""What each kind of question gives beside its figures; what claims give is in ``answer``, as they hold answers."""

from __future__ import annotations

from msgspec import Struct

from salesbot.facts import Source
from salesbot.values.moment import CalendarGap, Moment, Reading, Relation, StatedTime

TWO_DAYS = 2 * 86400  # seconds


class TotalResult(Struct, frozen=True):
    """Of ``/orders total``: ``within`` is seconds since the opening, where that was asked, ``during`` a period.

    ``opened_as`` is what the pack calls that opening, if it does.
    """

    launch: str
    name: str
    at: Moment | None
    within: int | None
    opened_as: str | None = None
    during: StatedTime | None = None


class StoresResult(Struct, frozen=True):
    """Of ``/orders stores``."""

    launch: str
    name: str


class ProgressResult(Struct, frozen=True):
    """Of ``/orders progress``: ``opening`` is in UTC seconds, ``others`` are the metrics with counts.

    ``opened_as`` is what the pack calls the opening, if it does.
    """

    launch: str
    name: str
    metric: str
    at: Moment | None
    opening: int | None
    others: tuple[str, ...]
    opened_as: str | None = None


class CompareResult(Struct, frozen=True):
    """Of a comparison: the things, the metric or price type, and the time since opening or the day."""

    names: tuple[str, ...]
    what: str | None
    within: int | None = None
    day: StatedTime | None = None


class WhatifResult(Struct, frozen=True):
    """Of ``/orders whatif``."""

    name: str | None
    at: Moment | None


class PricesResult(Struct, frozen=True):
    """Of ``/prices show``."""

    model: str
    trim: str | None
    region: str | None
    day: StatedTime | None


class ChangesResult(Struct, frozen=True):
    """Of ``/prices changes``: ``about`` is the model or brand asked for, ``after`` the event.

    ``covers`` says whether the facts hold prices from before the window to after it, so that a move would be known.
    """

    about: str | None
    trim: str | None
    region: str | None
    since: StatedTime | None
    until: StatedTime | None
    after: str | None
    covers: bool = False


class HistoryResult(Struct, frozen=True):
    """Of ``/prices history``."""

    model: str
    trim: str | None
    region: str | None


class TimelineSide(Struct, frozen=True):
    """One side of a timeline question: an event, or a time as typed."""

    id: str | None
    name: str
    moment: Moment
    zone: str
    sources: tuple[str, ...] = ()


class ReadingPair(Struct, frozen=True):
    """The relation under one reading of each side."""

    first: Reading
    second: Reading
    relation: Relation


class TimelineResult(Struct, frozen=True):
    """Of ``/timeline check`` and ``gap``; ``calendar`` only where both sides are known to the day."""

    first: TimelineSide
    second: TimelineSide
    relation: Relation
    readings: tuple[ReadingPair, ...]
    calendar: CalendarGap | None = None
    is_gap: bool = False

    @property
    def is_told_in_days(self) -> bool:
        """Whether days tell the distance: the dates come as the moments do, and no two days of clock times apart."""
        if self.calendar is None:
            return False
        first, second = self.first.moment.stated, self.second.moment.stated
        by_dates = (first.days[0] > second.days[0]) - (first.days[0] < second.days[0])
        is_of_hours = first.is_clock and second.is_clock and (self.relation.most or 0) < TWO_DAYS
        return by_dates == {"before": -1, "after": 1}.get(self.relation.order) and not is_of_hours


class WhenResult(Struct, frozen=True):
    """Of ``/timeline when``."""

    side: TimelineSide


class ListedEvent(Struct, frozen=True):
    """An event, and who did it."""

    side: TimelineSide
    who: tuple[str, ...]


class EventsResult(Struct, frozen=True):
    """Of ``/timeline events``."""

    events: tuple[ListedEvent, ...]
    who: str | None
    since: StatedTime | None
    until: StatedTime | None


class SourceResult(Struct, frozen=True):
    """Of ``/sources show``: the source, and table and id of each fact that cites it."""

    source: Source
    cited_by: tuple[tuple[str, str], ...]
