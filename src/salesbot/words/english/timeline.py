"""Timeline questions in English."""

from __future__ import annotations

from salesbot.answers.answer import EventFound, EventsFound, TimelineFound, WhenFound
from salesbot.words.answer_text import FigureLine
from salesbot.words.english.terms import gap, quoted, stated_text, three_clocks, utc


def headline(found: TimelineFound) -> str:
    if found.is_gap:
        return gap_headline(found)
    first, second = quoted(found.first.name), quoted(found.second.name)
    match found.relation.order:
        case "before":
            return f"Before, by {gap(found.relation)}: {first} came first, so it cannot be a response to {second}"
        case "after":
            return f"After, by {gap(found.relation)}: {first} came later, so it could be a response to {second}; that proves no more"
        case "same":
            return f"At the same instant: {first} and {second}, so neither can be a response to the other"
    return f"Cannot tell which came first: {first} or {second}"


def gap_headline(found: TimelineFound) -> str:
    first, second, order = quoted(found.first.name), quoted(found.second.name), found.relation.order
    if found.calendar is not None:
        days = f"{found.calendar.total_days} day{'' if found.calendar.total_days == 1 else 's'}"
        parts = [(found.calendar.years, "year"), (found.calendar.months, "month"), (found.calendar.days, "day")]
        named = " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)
        distance = f"{days} ({named})" if found.calendar.total_days > 27 else days
        if order == "cannot tell" or found.calendar.total_days == 0:
            return f"{distance} by the dates as stated; which came first cannot be told: {first} or {second}"
        return f"{first} came {distance} {order} {second}, by the dates as stated"
    if order == "cannot tell":
        return f"Cannot tell how far {first} and {second} lie apart: their times overlap"
    return f"{first} came {gap(found.relation)} {order} {second}"


def when_headline(found: WhenFound) -> str:
    side = found.side
    return f"{quoted(side.name)}: {stated_text(side.moment.text)} ({side.zone})" if side.id else three_clocks(side)


def when_lead(found: WhenFound) -> str:
    lines = [] if found.side.id is None else [three_clocks(found.side)]
    readings = found.side.moment.readings
    if len(readings) > 1:
        lines += [f"Read in {r.zone}: {utc(r.earliest)}" + (f" to {utc(r.latest)}" if r.latest != r.earliest else "") for r in readings]
    return "\n".join(lines)


def events_headline(found: EventsFound) -> str:
    n = len(found.events)
    by = f" by {found.who}" if found.who else ""
    span = "".join([f" since {found.since}" if found.since else "", f" until {found.until}" if found.until else ""])
    return f"{n} event{'' if n == 1 else 's'}{by}{span}" if n else f"No event{by}{span} is in the facts"


def event_line(event: EventFound) -> FigureLine:
    who = ", ".join(event.who)
    when = stated_text(event.placed.moment.text)
    return FigureLine(when, event.placed.name, "; ".join(filter(None, (who, event.placed.zone, event.placed.id))))


def lead(found: TimelineFound) -> str:
    """Both times on three clocks, then each reading of an ambiguous one."""
    lines = [f"{quoted(side.name)}: {three_clocks(side)}" for side in (found.first, found.second)]
    several = len({reading.first.zone for reading in found.readings}) > 1
    for reading in found.readings:
        zone = reading.first.zone if several else reading.second.zone
        order = reading.relation.order
        lines.append(f"Read in {zone}: {order}" + (f", by {gap(reading.relation)}" if order != "cannot tell" else ""))
    return "\n".join(lines)
