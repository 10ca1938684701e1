"""Timeline and source questions in English."""

from __future__ import annotations

from salesbot.answers.answer import EventsResult, SourceResult, TimelineResult, WhenResult
from salesbot.answers.results import ListedEvent
from salesbot.words.answer_text import FigureLine
from salesbot.words.english.dates import stated_text
from salesbot.words.english.terms import GRADES, counted, gap, in_quotes, three_clocks, utc, with_zone


def headline(result: TimelineResult, *, is_announced: bool = False) -> str:
    """Which came first; ``is_announced`` says that the first was announced before the second."""
    if result.is_gap:
        return gap_headline(result)
    first, second = in_quotes(result.first.name), in_quotes(result.second.name)
    match result.relation.order:
        case "before":
            return f"Before, by {gap(result.relation)}: {first} came first, so it cannot be a response to {second}"
        case "after":
            told = f"After, by {gap(result.relation)}: {first} came later"
            if is_announced:
                return f"{told}, but was announced before {second}"
            return f"{told}, so it could be a response to {second}; that proves no more"
        case "same":
            return f"At the same instant: {first} and {second}, so neither can be a response to the other"
    return f"Cannot tell which came first: {first} or {second}"


def gap_headline(result: TimelineResult) -> str:
    first, second, order = in_quotes(result.first.name), in_quotes(result.second.name), result.relation.order
    calendar = result.calendar
    if calendar is not None and (order == "cannot tell" or result.is_told_in_days):
        parts = [(calendar.years, "year"), (calendar.months, "month"), (calendar.days, "day")]
        named = " ".join(counted(number, unit) for number, unit in parts if number)
        days = counted(calendar.total_days, "day")
        distance = f"{days} ({named})" if calendar.total_days > 27 else days
        if order == "cannot tell":
            return f"{distance} by the dates as stated; which came first cannot be told: {first} or {second}"
        return f"{first} came {distance} {order} {second}, by the dates as stated"
    if order == "cannot tell":
        return f"Cannot tell how far {first} and {second} lie apart: their times overlap"
    if order == "same":
        return f"{first} and {second} came at the same instant"
    return f"{first} came {gap(result.relation)} {order} {second}"


def lead(result: TimelineResult) -> str:
    """Both times on three clocks, then each reading of an ambiguous one."""
    lines = [f"{in_quotes(side.name)}: {three_clocks(side)}" for side in (result.first, result.second)]
    several = len({reading.first.zone for reading in result.readings}) > 1
    for reading in result.readings:
        zone = reading.first.zone if several else reading.second.zone
        order = reading.relation.order
        lines.append(f"Read in {zone}: {order}" + (f", by {gap(reading.relation)}" if order != "cannot tell" else ""))
    return "\n".join(lines)


def when_headline(result: WhenResult) -> str:
    side = result.side
    if not side.id:
        return three_clocks(side)
    return f"{in_quotes(side.name)}: {with_zone(stated_text(side.moment.stated), side.zone)}"


def when_lead(result: WhenResult) -> str:
    """The moment on three clocks, and each reading of an ambiguous one."""
    lines = [] if result.side.id is None else [three_clocks(result.side)]
    readings = result.side.moment.readings
    if len(readings) > 1:
        for reading in readings:
            until = f" to {utc(reading.latest)}" if reading.latest != reading.earliest else ""
            lines.append(f"Read in {reading.zone}: {utc(reading.earliest)}{until}")
    return "\n".join(lines)


def events_headline(result: EventsResult) -> str:
    by = f" by {result.who}" if result.who else ""
    since = f" since {stated_text(result.since)}" if result.since else ""
    until = f" until {stated_text(result.until)}" if result.until else ""
    count = len(result.events)
    return f"{counted(count, 'event')}{by}{since}{until}" if count else f"No event{by}{since}{until} is in the facts"


def event_line(event: ListedEvent) -> FigureLine:
    """An event of a list."""
    side = event.side
    detail = "; ".join(filter(None, (", ".join(event.who), side.zone, side.id)))
    return FigureLine(stated_text(side.moment.stated), side.name, detail)


def source_headline(result: SourceResult) -> str:
    return f"{in_quotes(result.source.title)}, by {result.source.publisher} ({result.source.id})"


def source_lead(result: SourceResult) -> str:
    """What is known of the source, and what rests on it."""
    lines = about_source(result)
    kinds: dict[str, list[str]] = {}
    for kind, fact in result.cited_by:
        kinds.setdefault(kind, []).append(fact)
    lines += [f"{len(ids)} in {kind}: {', '.join(ids)}" for kind, ids in kinds.items()]
    return "\n".join(lines if kinds else [*lines, "No fact rests on it"])


def about_source(result: SourceResult) -> list[str]:
    """What is known of a source."""
    source = result.source
    linked = "linked" if source.link == "yes" else "named, not linked"
    lines = [f"Grade {source.grade} ({GRADES[source.grade]}), {linked}"]
    if source.published:
        lines.append(f"Published {stated_text(source.published)}")
    if source.url and source.link != "yes":
        lines.append(f"Address: {source.url}")
    if source.note:
        lines.append(source.note)
    return lines
