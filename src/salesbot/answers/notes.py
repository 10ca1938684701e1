"""What an answer must say beside its figures: one struct a thing to say, without words.

``salesbot.words`` makes a sentence of each. Names of figures are ids.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from salesbot.errors import Message
from salesbot.values.moment import Moment, Relation, StatedTime
from salesbot.values.quantity import Quantity, Verdict


class Note(Struct, frozen=True):
    """Something an answer must say beside its figures."""


# counts


class StoresOutsideSpan(Note, frozen=True):
    """The store count in use does not cover the moment asked."""

    figure: str
    valid_from: StatedTime | None
    valid_to: StatedTime | None
    asked: Moment


class StoresOfBrand(Note, frozen=True):
    """The store count in use is of the brand as a whole, not of the launch."""

    figure: str


class NotGross(Note, frozen=True):
    """A bracket rests on counts that may be net of refunds."""

    figures: tuple[str, ...]


class CountFell(Note, frozen=True):
    """An earlier report is above a later one, so they bound nothing between them."""

    metric: str
    earlier: str
    later: str


class BoundDoubtful(Note, frozen=True):
    """A bound rests on one report, though another of the same moment, or a later one, is less."""

    metric: str
    figure: str
    other: str


class NoFigure(Note, frozen=True):
    """No figure of a metric at the moment or of the period asked, and the metrics that would give one."""

    metric: str
    needs: tuple[str, ...] = ()
    is_of_period: bool = False


class ReadingsDiffer(Note, frozen=True):
    """A figure whose kind is not stated, read each way."""

    figure: str
    verdicts: tuple[tuple[str, Verdict], ...]


class PartsNotSummed(Note, frozen=True):
    """Figures of parts of the market are shown but not summed."""

    places: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    are_of_one_moment: bool = True
    are_alike: bool = True


class PlaceNotKnown(Note, frozen=True):
    """Parts that should make a whole, without a figure of each."""

    known: int
    count: int


class OtherSeries(Note, frozen=True):
    """A count that starts at another time than the opening, and so is another figure."""

    figure: str
    start: StatedTime


class PastLast(Note, frozen=True):
    """A moment after the last report of a count."""

    metric: str
    last: str


class OtherMetrics(Note, frozen=True):
    """Other counts that the same question could be asked of."""

    metrics: tuple[str, ...]


class Contradiction(Note, frozen=True):
    """A part above its whole: more locked than ordered, a rate above 1."""

    figure: str
    other: str | None = None


class NoOpening(Note, frozen=True):
    """A launch whose opening instant is not known."""

    name: str


class DifferenceUnknown(Note, frozen=True):
    """Prices beside each other of which one has no known end, so that their difference has none either."""

    names: tuple[str, ...]


class NothingAlike(Note, frozen=True):
    """Why things cannot be compared: what each of them has."""

    metrics: tuple[tuple[str, tuple[str, ...]], ...] = ()
    prices: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = ()


class NetBesideGross(Note, frozen=True):
    """Counts net of cancellations of some launches, and of others only counts that are not."""

    metric: str
    net: tuple[str, ...]
    gross: tuple[str, ...]


class MarketsDiffer(Note, frozen=True):
    """Things compared are of different markets."""

    markets: tuple[tuple[str, str], ...]


class YourNumbers(Note, frozen=True):
    """Operands that are the asker's own, not facts."""

    names: tuple[str, ...]


# prices


class AnnouncedBefore(Note, frozen=True):
    """Changes told before the window or the event, so they cannot be a response to it."""

    figures: tuple[str, ...]
    subjects: tuple[str, ...]
    announced: StatedTime
    before: str


class DayUnknown(Note, frozen=True):
    """A price or change of which only the month or year is known."""

    figure: str
    subject: str
    stated: StatedTime


class SameDay(Note, frozen=True):
    """A change on the event's own day: which came first is not known."""

    figure: str
    subject: str


class EndUnknown(Note, frozen=True):
    """Prices that may have changed since: no source gives their end."""

    subjects: tuple[str, ...]
    since: StatedTime | None


class Ended(Note, frozen=True):
    """A price that no longer holds, without a later one in the facts."""

    subject: str
    valid_to: StatedTime


class SinceUnknown(Note, frozen=True):
    """A price that is listed, but since when is not known."""

    subject: str
    listed: StatedTime | None


class LevelUnknown(Note, frozen=True):
    """A price changed by an unknown size, or changed one that is not known; ``figure`` is the last known one."""

    subject: str
    figure: str
    since: StatedTime | None
    is_size_known: bool = False


class Disputed(Note, frozen=True):
    """One change that sources tell differently: the price type, the sources and how far each says that it went."""

    figure: str
    subject: str
    told: tuple[tuple[str, tuple[str, ...], Quantity | None], ...]


class PreviousOnly(Note, frozen=True):
    """A price known only as the one before a change."""

    figure: str
    subject: str


class PreviousDiffers(Note, frozen=True):
    """A move that is told from another price than the one that held before it: one is missing between, or wrong."""

    figure: str
    subject: str
    at: StatedTime
    previous: Quantity
    before: Quantity


class ChangeOfEvery(Note, frozen=True):
    """A price computed with a change of every model or every trim, or with one that may be of another trim or price."""

    figure: str
    subject: str
    row: str
    of: Literal["model", "trim", "some trim", "some price"]


class ChangeOfSome(Note, frozen=True):
    """A change told while a price with an end held: of that price, or of the one that returns after it."""

    figure: str
    subject: str


class MoveOrderUnknown(Note, frozen=True):
    """A move that may have come before or after another of its month."""

    figure: str
    subject: str
    at: StatedTime


class OrderUnknown(Note, frozen=True):
    """A price beside another of the same month: which of the two came last is not known."""

    figure: str
    subject: str
    other: Quantity
    other_since: StatedTime
    since: StatedTime


class PricesDiffer(Note, frozen=True):
    """Reports of one price that differ, each with its figure."""

    figure: str
    subject: str
    told: tuple[tuple[str, Quantity], ...]


class ForEvery(Note, frozen=True):
    """A figure that holds for every trim, or for every model of the brand; or one that does not say of which trim."""

    figure: str
    subject: str
    is_stated: bool = True


class ToldBy(Note, frozen=True):
    """A newer price is told by someone who counts less than the one before it."""

    figure: str
    subject: str
    said_by: tuple[str, ...]


# timeline


class ZoneAmbiguous(Note, frozen=True):
    """A time whose zone could be several."""

    stated: str
    zones: tuple[str, ...]


class ClockTwice(Note, frozen=True):
    """A clock time that comes twice in its zone, as the clocks are put back."""

    stated: str
    zone: str


class ZoneMissing(Note, frozen=True):
    """A time without a zone: every zone counts."""

    stated: str


class PostIdRead(Note, frozen=True):
    """A time read out of the id of a post."""

    stated: str
    site: str
    milliseconds: int


class AlsoTimed(Note, frozen=True):
    """The same thing as another source times it, and its own relation."""

    event: str
    name: str
    zone: str
    relation: Relation


class AnnouncedFirst(Note, frozen=True):
    """A thing that took effect after another, but was announced before it."""

    event: str
    name: str
    at: StatedTime
    other: str


class OverlapInTime(Note, frozen=True):
    """Why an order of two moments cannot be told."""

    first: str
    second: str


# claims


class NoLine(Note, frozen=True):
    """A claim that no question decides."""

    claim: str
    kind: str


class LineFailed(Note, frozen=True):
    """A line of a claim that has no answer."""

    claim: str
    line: str
    error: Message


class OnlyFits(Note, frozen=True):
    """A claim's number that merely fits a bracket, a computed range or an open bound: not shown by it."""

    claim: str
    line: str
