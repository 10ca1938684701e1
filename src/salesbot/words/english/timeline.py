"""Timeline questions in English."""

from __future__ import annotations

from salesbot.answer import TimelineFound
from salesbot.words.english.terms import gap, quoted, three_clocks


def headline(found: TimelineFound) -> str:
    first, second = quoted(found.first.name), quoted(found.second.name)
    match found.relation.order:
        case "before":
            return f"Before, by {gap(found.relation)}: {first} came first, so it cannot be a response to {second}"
        case "after":
            return f"After, by {gap(found.relation)}: {first} came later, so it could be a response to {second}; that proves no more"
        case "same":
            return f"At the same instant: {first} and {second}, so neither can be a response to the other"
    return f"Cannot tell which came first: {first} or {second}"


def lead(found: TimelineFound) -> str:
    """Both times on three clocks, then each reading of an ambiguous one."""
    lines = [f"{quoted(side.name)}: {three_clocks(side)}" for side in (found.first, found.second)]
    several = len({reading.first.zone for reading in found.readings}) > 1
    for reading in found.readings:
        zone = reading.first.zone if several else reading.second.zone
        order = reading.relation.order
        lines.append(f"Read in {zone}: {order}" + (f", by {gap(reading.relation)}" if order != "cannot tell" else ""))
    return "\n".join(lines)
