"""/timeline check, gap, when and events: what came first, and how far apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .asked import Refused
from .expectation import Answer, Expectation, NoOpinion
from .lines import Line
from .moments import (
    ANYWHERE,
    US_ZONES,
    NeverComes,
    NotATime,
    Reading,
    Span,
    cell_span,
    hull,
    stated_days,
    typed,
    whole_days,
    written,
)
from .naming import name_key
from .tables import Pack, Row, cells


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its span under each reading, and its date where it is known to the day."""

    readings: tuple[Span, ...]
    day: date | None
    has_day_opinion: bool
    event: Row | None = None

    @property
    def span(self) -> Span:
        return hull(list(self.readings))


def event_clocks(row: Row) -> Reading:
    if name_key(row["zone"]) == name_key("not stated"):
        return ANYWHERE
    if row["zone"].startswith("US,"):
        return US_ZONES
    return (ZoneInfo(row["zone"]),)


def side_of(pack: Pack, text: str) -> Side:
    """An event by its id or a name, or a typed time. Refused where it is neither."""
    ids = pack.ids("event", text) or [row["id"] for row in pack.rows("events") if row["id"] == text]
    if len(ids) > 1:
        raise Refused("5: a name that two things share is ambiguous when typed", 2)
    if ids:
        return _event_side(next(row for row in pack.rows("events") if row["id"] == ids[0]))
    if not text[:4].isdigit() and not text.startswith("about "):
        raise NoOpinion("2: a name that fits nothing exactly may still be matched by its beginning")
    try:
        time = typed(text)
        spans = time.spans((ANYWHERE,))
    except NotATime:
        raise Refused("2: what is no time is a wrong question", 2) from None
    except NeverComes:
        raise Refused("2: a clock time that never comes is exit 2", 2) from None
    is_day = time.time.precision in ("day", "clock")
    near_midnight = time.is_about and (time.time.first.time() < (datetime.min + timedelta(minutes=31)).time()
                                       or time.time.first.hour == 23)  # fmt: skip
    return Side(tuple(spans), time.time.first.date() if is_day else None, not near_midnight)


def _event_side(row: Row) -> Side:
    span = cell_span(row["at"], event_clocks(row))
    first, last = written(row["at"])
    days = stated_days(row["at"])
    if days[0] != days[1]:
        has_opinion = "T" not in row["at"]
        return Side((span,), None, has_opinion, row)
    is_as_stated = len(event_clocks(row)) == 1 and all(
        part.zone is None
        or part.first.replace(tzinfo=part.zone).astimezone(event_clocks(row)[0]).replace(tzinfo=None) == part.first
        for part in (first, last)
    )
    return Side((span,), days[0], is_as_stated or "T" not in row["at"], row)


def relation(first: Span, second: Span) -> tuple[str, int | None, int | None]:
    """The order of the first to the second, and the least and greatest gap in seconds (section 3)."""
    if first.latest < second.earliest:
        return "before", second.earliest - first.latest, second.latest - first.earliest
    if second.latest < first.earliest:
        return "after", first.earliest - second.latest, first.latest - second.earliest
    if first.is_instant and first == second:
        return "same", 0, 0
    return "cannot tell", None, None


RESPONSE = {"before": "cannot be", "same": "cannot be", "after": "possible", "cannot tell": "cannot tell"}


def expect_pair(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    first, second = side_of(pack, line.options["first"]), side_of(pack, line.options["second"])
    if first.event is not None and second.event is not None:
        a, b = first.event, second.event
        if a["id"] == b["id"] or a.get("same_as") == b["id"] or b.get("same_as") == a["id"]:
            raise NoOpinion("3: an event against itself, or against its other timing")
    order, least, most = relation(first.span, second.span)
    found.exits("3: an order is an answer, also cannot tell", 0)
    found.top("3: relation of first to second", "relation", order)
    found.top("3: could the first be a response to the second", "response", RESPONSE[order])
    found.top("3: the least gap in seconds", "gap_least", least)
    found.top("3: the greatest gap in seconds", "gap_most", most)
    if len(first.readings) > 1 or len(second.readings) > 1:
        _readings(found, first, second)
    if line.verb == "/timeline gap":
        _calendar(found, first, second)
    return found


def _readings(found: Expectation, first: Side, second: Side) -> None:
    wanted = sorted(str(relation(a, b)) for a in first.readings for b in second.readings)

    def test(answer: Answer) -> str | None:
        got = sorted(
            str((r.get("relation"), _whole(r.get("gap_least")), _whole(r.get("gap_most"))))
            for r in answer.json.get("readings") or ()
        )
        return None if set(got) == set(wanted) else f"readings {got}"

    found.custom("3: readings: one for each reading of an ambiguous time", test, str(wanted))


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _calendar(found: Expectation, first: Side, second: Side) -> None:
    if not (first.has_day_opinion and second.has_day_opinion):
        return
    if first.day is None or second.day is None:
        found.top("3: no calendar gap where a side is not known to the day", "calendar", None)
        return
    early, late = sorted((first.day, second.day))
    found.top("3: the days between the dates", "calendar.total_days", (late - early).days)
    if early.day <= 28 and late.day <= 28:
        months = (late.year - early.year) * 12 + late.month - early.month - (late.day < early.day)
        year, month = divmod(early.year * 12 + early.month - 1 + months, 12)
        found.top("3: the whole years between the dates", "calendar.years", months // 12)
        found.top("3: the months between the dates", "calendar.months", months % 12)
        found.top("3: the days over the months", "calendar.days", (late - date(year, month + 1, early.day)).days)


def expect_when(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    side = side_of(pack, line.options["what"])
    found.exits("3: a moment is an answer", 0)

    def test(answer: Answer) -> str | None:
        moment = answer.json.get("moment") or {}
        got = tuple(_seconds(moment.get(key)) for key in ("utc_earliest", "utc_latest"))
        return (
            None
            if got == (side.span.earliest, side.span.latest)
            else f"{moment.get('utc_earliest')} to {moment.get('utc_latest')}"
        )

    found.custom(
        "2, 3: the moment in UTC, over every reading", test, f"{_utc(side.span.earliest)} to {_utc(side.span.latest)}"
    )
    return found


def _seconds(text: Any) -> int | None:
    if text is None:
        return None
    return round(datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp())


def _utc(seconds: int) -> str:
    return (datetime(1970, 1, 1) + timedelta(seconds=seconds)).isoformat() + "Z"


def window_days(text: str, last: bool) -> date:
    """The first or last day of a typed date, month or year, as stated."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or not 1 <= len(parts) <= 3:
        raise NoOpinion("2: a window that is no date")
    year, month, day = (*parts, None, None)[:3]
    try:
        time = whole_days(str(year), month, day)
    except ValueError:
        raise Refused("2: what is no date is a wrong question", 2) from None
    return (time.last if last else time.first).date()


def expect_events(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    since = window_days(line.options["since"], False) if line.get("since") else date.min
    until = window_days(line.options["until"], True) if line.get("until") else date.max
    who = line.get("who")
    if who is not None and not _is_known(pack, who):
        raise NoOpinion("2: a name that fits nothing exactly may still be matched by its beginning")
    if since > until:
        raise NoOpinion("2: a window that runs backward")
    within, outside = [], []
    for row in pack.rows("events"):
        first, last = stated_days(row["at"])
        if (who is not None and not _did(pack, row, who)) or last < since or first > until:
            outside.append(row["id"])
        elif first >= since and last <= until:
            within.append(row["id"])

    def test(answer: Answer) -> str | None:
        listed = [event.get("id") for event in answer.json.get("events") or ()]
        missing, extra = [id for id in within if id not in listed], [id for id in outside if id in listed]
        if missing:
            return f"{', '.join(missing)} missing"
        return f"{', '.join(extra)} listed" if extra else None

    found.exits("3: a list of events is an answer", *((0,) if within else (0, 3)))
    found.custom("2: events whose dates as stated lie in the window, until included", test, ", ".join(within))
    _listed_moments(found, pack, within)
    return found


def _listed_moments(found: Expectation, pack: Pack, within: list[str]) -> None:
    spans = {row["id"]: cell_span(row["at"], event_clocks(row)) for row in pack.rows("events") if row["id"] in within}

    def test(answer: Answer) -> str | None:
        for event in answer.json.get("events") or ():
            span = spans.get(event.get("id"))
            got = (_seconds(event.get("utc_earliest")), _seconds(event.get("utc_latest")))
            if span is not None and got != (span.earliest, span.latest):
                return f"{event['id']}: {event.get('utc_earliest')} to {event.get('utc_latest')}"
        return None

    found.custom("5: an event's earliest and latest instant in UTC", test, "as the row's date and zone say")


def _is_known(pack: Pack, who: str) -> bool:
    named = any(pack.ids(kind, who) for kind in ("person", "brand"))
    return named or any(name_key(who) == name_key(one) for row in pack.rows("events") for one in cells(row, "who"))


def _did(pack: Pack, row: Row, who: str) -> bool:
    return any(pack.same(kind, one, who) for one in cells(row, "who") for kind in ("person", "brand"))
