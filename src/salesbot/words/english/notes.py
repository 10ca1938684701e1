"""Caveats, what is missing, and why a fact did not count, in English."""

from __future__ import annotations

from salesbot.answers import answer as a
from salesbot.answers.answer import Answer, Note, PassedOver
from salesbot.words.english.terms import METRICS, REASONS, days, gap, last_day, listed, quoted, stated_text, value


def _has(has: str) -> str:
    return listed(METRICS.get(part, part) for part in has.split(", ") if part) or "no cumulative count"


def passed_over(passed: PassedOver) -> str:
    figure = passed.figure
    said = f" by {', '.join(figure.said_by)}" if figure.said_by else ""
    return f"{value(figure)} {METRICS[figure.name]}{said} ({figure.id}) did not count: {REASONS[passed.reason]}"


def note_text(note: Note, answer: Answer) -> str:
    """One caveat, or one thing that is missing, as a sentence."""
    match note:
        case a.StoresOutsideSpan():
            held = days(note.valid_from, note.valid_to) or "on an unknown day"
            figure = answer.figure(note.figure)
            count = f"{value(figure)} {METRICS[figure.name]}"
            return f"{count}: counted {held}, used as the nearest for {stated_text(note.asked.text)} ({note.figure})"
        case a.StoresOfBrand():
            return f"The store count {note.figure} is of the brand as a whole, not counted for this launch"
        case a.NotGross():
            return f"Bounds rest on counts that may be net of refunds ({', '.join(note.figures)}), so orders could have fallen between them"
        case a.CountFell():
            return f"{METRICS[note.metric]} fell between {note.earlier} and {note.later}, so these bound nothing between them"
        case a.NoFigure():
            needs = f"; {listed(METRICS[n] for n in note.needs)} at that moment would give it" if note.needs else ""
            return f"No figure of {METRICS[note.metric]} at that moment{needs}"
        case a.ReadingsDiffer():
            told = listed(f"{verdict} read as {METRICS[name]}" for name, verdict in note.verdicts)
            return f"{note.figure} does not say what it counts: {told}"
        case a.AnnouncedBefore():
            was = "was" if len(note.subjects) == 1 else "were"
            return f"{listed(note.subjects)} {was} announced {note.announced}, before {note.before}, so not in response to anything since"
        case a.DayUnknown():
            return f"{note.subject}: the day is not known, only {note.stated}, so it may lie outside the dates asked"
        case a.SameDay():
            return f"{note.subject}: on the day of the event itself, so which came first is not known"
        case a.EndUnknown():
            return f"{listed(note.subjects)}: no source gives an end, so it may have changed after {note.since or 'that'}"
        case a.Ended():
            return f"{note.subject}: this price held until {last_day(note.valid_to)}, and the facts hold no later one"
        case a.SinceUnknown():
            seen = f" (listed {note.listed})" if note.listed else ""
            return f"{note.subject}: since when it holds is not known{seen}"
        case a.Disputed():
            told = "; ".join(f"{METRICS[kind]} by {', '.join(ids)}" for kind, ids in note.told)
            return f"{note.subject}: sources tell this move differently: {told}"
        case a.ZoneAmbiguous():
            return f"'{note.stated}' has several readings: {listed(note.zones)}; each is counted, none chosen"
        case a.ZoneMissing():
            return f"'{note.stated}' names no zone, so every zone on Earth is counted (−12:00 to +14:00)"
        case a.AlsoTimed():
            by = f" by {gap(note.relation)}" if note.relation.least is not None else ""
            return f"The same thing by another source, {note.event} (zone {note.zone}): {note.relation.order}{by}"
        case a.OverlapInTime():
            return f"The times of {quoted(note.first)} and {quoted(note.second)} overlap; a narrower time or its zone would tell"
        case a.Parts():
            return f"Parts are shown, not summed, as not all are known: {listed(note.places)}"
        case a.PastLast():
            last = answer.figure(note.last)
            return f"That is after the last report of {METRICS[note.metric]} ({value(last)}, {note.last}); there is no bound above"
        case a.OtherMetrics():
            return f"The facts also hold {listed(METRICS[m] for m in note.metrics)}: add metric to see one"
        case a.NoOpening():
            return f"{note.name}: the instant its order book opened is not known, so no time since opening can be counted"
        case a.NotAlike():
            return "Only like is compared with like; there is " + "; ".join(f"for {name}: {_has(has)}" for name, has in note.has)
        case a.MarketsDiffer():
            return "The markets differ: " + listed(f"{name} in {market}" for name, market in note.markets)
        case a.YourNumbers():
            return f"{listed(METRICS[name] for name in note.names)}: your own numbers, not facts"
        case a.PreviousOnly():
            return f"{note.subject}: the first price is known only as the one before a move; since when it held is not known"
        case a.NoLine():
            if note.kind == "unverifiable":
                return f"{note.claim}: no figure at hand could settle it"
            return f"{note.claim}: the facts hold no figure that decides it; a row for it and a line in claims.csv would be needed"
        case a.LineFailed():
            return f"{note.claim}: {note.line} has no answer ({note.error})"
    raise TypeError(type(note).__name__)
