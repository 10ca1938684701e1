"""Caveats, what is missing, and why a fact does not count, in English."""

from __future__ import annotations

from collections.abc import Callable

from salesbot.answers import Answer, Figure, PassedOver
from salesbot.answers import notes as n
from salesbot.errors import Message
from salesbot.values.moment import utc_text
from salesbot.values.quantity import Quantity
from salesbot.words.choosing import differ_in_time
from salesbot.words.english.dates import last_day, stated_text
from salesbot.words.english.terms import (
    REASONS,
    change_text,
    days,
    end_of,
    ended,
    gap,
    in_quotes,
    listed,
    money,
    term_name,
    value,
)


def passed_over(passed: PassedOver) -> str:
    """A fact that does not count, and why."""
    figure = passed.figure
    by = f" by {', '.join(figure.said_by)}" if figure.said_by else ""
    return f"{value(figure)} {term_name(figure.name)}{by} ({figure.id}) does not count: {REASONS[passed.reason]}"


Cite = Callable[..., str]


def cited(*ids: str) -> str:
    """Rows, beside what is said of them: `` (su7-orders-24h)``."""
    return f" ({', '.join(ids)})"


def not_cited(*_: str) -> str:
    """Nothing, where rows are not named."""
    return ""


def note_text(note: n.Note, answer: Answer, message: Callable[[Message], str], cite: Cite = cited) -> str:
    """One caveat, or one thing that is missing, as a sentence; ``cite`` writes the rows it is about."""
    text = (
        _of_counts(note, answer, cite)
        or _of_prices(note, answer, cite)
        or _of_times(note, cite)
        or _of_claims(note, message, cite)
    )
    if text is None:
        raise TypeError(type(note).__name__)
    return text


def _of_counts(note: n.Note, answer: Answer, cite: Cite) -> str | None:
    match note:
        case n.StoresOutsideSpan():
            held = days(note.valid_from, note.valid_to) or "on an unknown day"
            figure = answer.figure(note.figure)
            count = f"{value(figure)} {term_name(figure.name)}"
            return f"{count}: counted {held}, used as the nearest for {end_of(note.asked)}{cite(note.figure)}"
        case n.StoresOfBrand():
            return f"The store count is of the brand as a whole, not of this launch{cite(note.figure)}"
        case n.NotGross():
            told = f"The bounds rest on counts that may be net of refunds{cite(*note.figures)}"
            return f"{told}, so the count could have fallen between them"
        case n.CountFell():
            fell = " to ".join(value(answer.figure(id)) for id in (note.earlier, note.later))
            told = f"The reports of {term_name(note.metric)} fall, from {fell}{cite(note.earlier, note.later)}"
            return f"{told}, so these bound nothing between them"
        case n.BoundDoubtful():
            figure, other = answer.figure(note.figure), answer.figure(note.other)
            when = "later" if differ_in_time(figure, other) else "for the same time"
            told = f"The bound of {term_name(note.metric)} rests on {value(figure)}{cite(note.figure)}"
            return f"{told}, though {value(other)}{cite(note.other)} is reported {when}"
        case n.NoFigure():
            needs = f"; {listed(map(term_name, note.needs))} at that moment would give it" if note.needs else ""
            when = "of that period" if note.is_of_period else "at that moment"
            return f"No figure of {term_name(note.metric)} {when}{needs}"
        case n.ReadingsDiffer():
            told = listed(f"{verdict} read as {term_name(name)}" for name, verdict in note.verdicts)
            return f"One figure does not say what it counts{cite(note.figure)}: {told}"
        case n.PartsNotSummed():
            unknown = f"; {listed(note.unknown)} not known" if note.unknown else ""
            not_whole = "as the facts do not say that they make the whole"
            why = not_whole if note.are_of_one_moment else "as they end at different times"
            why = why if note.are_alike else "as they do not count alike: starts, cancellations or variants differ"
            return f"Counts of places are shown, not summed, {why}: {listed(note.places)}{unknown}"
        case n.PlaceNotKnown():
            return f"{note.known} of {note.count} parts that make the whole are known"
        case n.OtherSeries():
            figure = answer.figure(note.figure)
            what = f"{value(figure)} {term_name(figure.name)}"
            return f"{what}{cite(figure.id)}: counted only since {stated_text(note.start)}, not since the opening"
        case n.PastLast():
            last = answer.figure(note.last)
            told = f"That is after the last report of {term_name(note.metric)}, {value(last)}{cite(note.last)}"
            return f"{told}; there is no bound above"
        case n.OtherMetrics():
            return f"The facts also hold {listed(map(term_name, note.metrics))}: add metric to see one"
        case n.Contradiction():
            return _contradiction(note, answer)
        case n.NoOpening():
            return (
                f"{note.name}: the instant its order book opened is not known, so no time since opening can be counted"
            )
        case n.DifferenceUnknown():
            return f"How far {listed(note.names)} lie apart: a price is known from one side only"
        case n.NothingAlike():
            return "Only like is compared with like; there is " + _alike(note)
        case n.NetBesideGross():
            what = term_name(note.metric)
            return f"The {what} of {listed(note.net)} are net of cancellations, those of {listed(note.gross)} are not"
        case n.MarketsDiffer():
            return "The markets differ: " + listed(f"{name} in {market}" for name, market in note.markets)
        case n.YourNumbers():
            return f"{listed(map(term_name, note.names))}: your own numbers, not facts"
    return None


def _contradiction(note: n.Contradiction, answer: Answer) -> str:
    figure = answer.figure(note.figure)
    if note.other is None:
        return f"A {term_name(figure.name)} of {value(figure)} is more than all: the facts contradict each other"
    other = answer.figure(note.other)
    with_date, with_start = differ_in_time(figure, other), figure.series_from != other.series_from
    part, whole = (_counted(one, with_date=with_date, with_start=with_start) for one in (figure, other))
    if "asked" in (figure.basis, other.basis):
        return f"Your number contradicts the facts: {part} are more than {whole}"
    return f"The facts contradict each other: {part} are more than {whole}"


def _counted(figure: Figure, *, with_date: bool, with_start: bool) -> str:
    net = " net of cancellations" if figure.is_net else ""
    of = f" of {figure.place or figure.variant}" if figure.place or figure.variant else ""
    date = f" {ended(figure.as_of)}" if with_date and figure.as_of else ""
    since = f" since {stated_text(figure.series_from)}" if with_start and figure.series_from else ""
    return f"{value(figure)} {term_name(figure.name)}{net}{of}{since}{date}"


def _alike(note: n.NothingAlike) -> str:
    if note.metrics:
        told = ((name, listed(map(term_name, metrics)) or "no cumulative count") for name, metrics in note.metrics)
    else:
        prices = (
            (name, "; ".join(f"{term_name(kind)} in {region}, {unit}" for kind, region, unit in has))
            for name, has in note.prices
        )
        told = ((name, has or "no price on that day") for name, has in prices)
    return "; ".join(f"for {name}: {has}" for name, has in told)


def _of_prices(note: n.Note, answer: Answer, cite: Cite) -> str | None:
    match note:
        case n.AnnouncedBefore():
            was = "was" if len(note.subjects) == 1 else "were"
            told = f"{listed(note.subjects)} {was} announced {stated_text(note.announced)}, before {note.before}"
            return f"{told}, so not in response to anything since"
        case n.DayUnknown():
            only = stated_text(note.stated)
            return f"{note.subject}: the day is not known, only {only}"
        case n.SameDay():
            return f"{note.subject}: on the day of the event itself, so which came first is not known"
        case n.EndUnknown():
            since = stated_text(note.since) if note.since else "that"
            return f"{listed(note.subjects)}: no source gives an end, so it may have changed after {since}"
        case n.Ended():
            return f"{note.subject}: this price held until {last_day(note.valid_to)}, and the facts hold no later one"
        case n.SinceUnknown():
            listed_on = f" (listed {stated_text(note.listed)})" if note.listed else ""
            return f"{note.subject}: since when it holds is not known{listed_on}"
        case n.LevelUnknown():
            since = f" from {stated_text(note.since)}" if note.since else ""
            how = ", from a price that is not known" if note.is_size_known else " by an unknown size"
            if not note.figure:
                return f"{note.subject}: changed{since}{how}, so its price is not known"
            last = answer.figure(note.figure)
            until = f", {days(last.valid_from, last.valid_to)}" if last.valid_from or last.valid_to else ""
            told = f"{note.subject}: changed{since}{how}, so its price since is not known"
            return f"{told}; the last known one is {value(last)}{until}"
        case n.Disputed():
            ways = [_told(kind, change) + cite(*ids) for kind, ids, change in note.told]
            if len(ways) == 1:
                return f"{note.subject}: the change told does not fit the prices before and after it ({ways[0]})"
            return f"{note.subject}: sources tell this move differently: {'; '.join(f'as {one}' for one in ways)}"
        case n.PreviousOnly():
            told = f"{note.subject}: the first price is known only as the one before a move"
            return f"{told}; since when it held is not known"
        case n.PreviousDiffers():
            told = f"{note.subject}: the move of {stated_text(note.at)} is told from {money(note.previous)}"
            why = "a move between them is missing, or one of the two is wrong"
            return f"{told}{cite(note.figure)}, but the price before it is {money(note.before)}: {why}"
        case n.ChangeOfEvery():
            told = f"{note.subject}: computed with a change"
            if note.of in ("model", "trim"):
                return f"{told} of every {note.of}{cite(note.row)}"
            told += cite(note.row)
            if note.of == "some price":
                return f"{told}, which may be of the price with an end or of the one that returns after it"
            if note.of == "some trim":
                return f"{told} that does not say of which trim, so it may be of another"
        case n.PricesDiffer():
            told = listed(f"{money(price)}{cite(id)}" for id, price in note.told)
            return f"{note.subject}: reports of one time differ: {told}; none is preferred"
        case n.ChangeOfSome():
            return f"{note.subject}: this change may be of the price with an end or of the one that returns after it"
        case n.MoveOrderUnknown():
            told = f"the move of {stated_text(note.at)} may have come before or after another one"
            return f"{note.subject}: {told}, so its size covers both"
        case n.OrderUnknown():
            other = f"{money(note.other)} from {stated_text(note.other_since)}"
            told = f"whether {other} came before or after the price from {stated_text(note.since)}"
            return f"{note.subject}: {told} is not known"
        case n.ForEvery():
            if not note.is_stated:
                return f"{note.subject}: of which trim is not told{cite(note.figure)}"
            return f"{note.subject}: holds for every trim{cite(note.figure)}"
        case n.ToldBy():
            teller = listed(note.said_by) or "a weaker source"
            return f"{note.subject}: told by {teller}, who counts less than who told the price before it"
    return None


def _told(kind: str, change: Quantity | None) -> str:
    """How a source tells a move: ``list price by −5,000``."""
    size = f" by {change_text(change)}" if change is not None and not change.is_open else ""
    return f"{term_name(kind)}{size}"


def _of_times(note: n.Note, cite: Cite) -> str | None:
    match note:
        case n.ZoneAmbiguous():
            return f"'{note.stated}' has several readings: {listed(note.zones)}; each is counted, none chosen"
        case n.ClockTwice():
            return f"'{note.stated}' comes twice in {note.zone}, as the clocks are put back; both are counted"
        case n.ZoneMissing():
            return f"'{note.stated}' names no zone, so every zone on Earth is counted (−12:00 to +14:00)"
        case n.PostIdRead():
            seconds, rest = divmod(note.milliseconds, 1000)
            return f"'{note.stated}' was made at {_utc(seconds)}.{rest:03} UTC, by its id on {note.site}"
        case n.AlsoTimed():
            by = f" by {gap(note.relation)}" if note.relation.least is not None else ""
            return f"As another source times it{cite(note.event)} (zone {note.zone}): {note.relation.order}{by}"
        case n.AnnouncedFirst():
            told = f"It was announced before {in_quotes(note.other)}: {in_quotes(note.name)}, {stated_text(note.at)}"
            return f"{told}{cite(note.event)}, so what was announced cannot be a response"
        case n.OverlapInTime():
            first, second = in_quotes(note.first), in_quotes(note.second)
            return f"The times of {first} and {second} overlap; a narrower time or its zone would tell"
    return None


def _utc(seconds: int) -> str:
    return utc_text(seconds).replace("T", " ").removesuffix("Z")


def _of_claims(note: n.Note, message: Callable[[Message], str], cite: Cite) -> str | None:
    match note:
        case n.NoLine():
            if note.kind == "unverifiable":
                return f"No figure at hand could settle it{cite(note.claim)}"
            needed = "a row for it and a line in claims.csv would be needed"
            return f"The facts hold no figure that decides it{cite(note.claim)}; {needed}"
        case n.LineFailed():
            return f"No answer ({message(note.error)}){cite(note.claim, note.line)}"
        case n.OnlyFits():
            return f"The number claimed fits the facts and is not shown by them{cite(note.line)}"
    return None
