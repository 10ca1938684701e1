"""What is offered while an option is typed: what the facts hold for the options chosen so far.

A choice that is offered can be asked: what is typed is offered only where it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

from salesbot.errors import QuestionError, TextError
from salesbot.facts.vocabulary import EVERY, LEVELS
from salesbot.questions.names import Names, Suggestion
from salesbot.questions.question import ChoiceKind, NameKind, Option
from salesbot.questions.typed_values import (
    LONGEST_DURATION,
    duration_text,
    looks_like_a_time,
    typed_duration,
    typed_moment,
    typed_quantity,
    typed_span,
)
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.moment import StatedTime, cell_time
from salesbot.values.name_keys import name_key
from salesbot.values.written_dates import lacks_year, with_year, without_year

MOST_CHOICES, LONGEST_CHOICE = 25, 100
CONTEXT = ("launch", "launches", "model", "models")  # the options that say what others can be
METRICS_OF_LAUNCH = sql("select distinct metric, could_be from orders where launch = :id limit 400")
ENDS_OF_COUNTS = sql("select distinct period_to from orders where launch = :id and period_to is not null limit 2000")
PERIODS_OF_COUNTS = sql("""
    select distinct period_from, period_to from orders
    where launch = :id and counting = 'new' and period_from is not null and period_to is not null limit 2000
""")
OPENED = sql("select opened from launches where id = :id")
TRIMS = sql("select distinct trim, price_type from prices where model_id = :id and trim is not null limit 400")
REGIONS = sql("select distinct region_id from prices where model_id = :id and region_id is not null limit 200")
DAYS_OF_MODEL = sql("select distinct first_day from prices where model_id = :id order by first_day desc limit 100")
DAYS = sql("select distinct first_day from prices order by first_day desc limit 100", scans="prices")


def choices(verb: str, option: Option, text: str, chosen: Mapping[str, str], names: Names) -> list[Suggestion]:
    """At most 25 choices for the text typed so far, each of at most 100 characters; ``chosen`` are other options."""
    offered = _choices(verb, option, text.strip(), chosen, names)
    fitting = {one.id: one for one in offered if max(len(one.shown), len(one.id)) <= LONGEST_CHOICE}
    return list(fitting.values())[:MOST_CHOICES]


def _choices(verb: str, option: Option, text: str, chosen: Mapping[str, str], names: Names) -> Iterable[Suggestion]:
    kind = option.kind
    if isinstance(kind, ChoiceKind):
        shown = ((word, word.replace("_", " ")) for word in kind.words)
        return [Suggestion(text_, word) for word, text_ in shown if text.casefold() in text_]
    if isinstance(kind, NameKind):
        if kind.many:
            return _after_comma(kind.thing, text, names)
        return _names(verb, kind.thing, text, chosen, names)
    match kind.form:
        case "trim":
            return _trims(verb, text, chosen, names)
        case "duration":
            return [*_durations_typed(text), *_moments(text, chosen, names, days=False)]
        case "duration or time":
            return [
                *_durations_typed(text),
                *_time_typed(text, chosen, names),
                *_moments(text, chosen, names, days=True),
            ]
        case "event or time":
            typed = _time_typed(text, chosen, names) if looks_like_a_time(text) else []
            return [*typed, *names.suggestions("event", text)]
        case "day":
            days = _price_days(text, chosen, names) if option.name != "at" else []
            return [*_time_typed(text, chosen, names), *days]
        case "period":
            return [*_periods(text, chosen, names), *_time_typed(text, chosen, names, typed_span)]
        case "number":
            return _read(text or kind.example, typed_quantity)
    return []


def _after_comma(thing: str, text: str, names: Names) -> Iterator[Suggestion]:
    head, _, tail = text.rpartition(",")
    taken = {part.strip() for part in head.split(",")}
    for one in names.suggestions(thing, tail):
        if one.id not in taken:
            yield Suggestion(f"{head}, {one.shown}".lstrip(", "), f"{head},{one.id}".lstrip(","))


def _names(verb: str, thing: str, text: str, chosen: Mapping[str, str], names: Names) -> Iterable[Suggestion]:
    offered = names.suggestions(thing, text)
    if thing == "metric" and (launch := _chosen("launch", chosen, names)):
        stated, known = names.snapshot.cached(("metrics of", launch), lambda: _metrics(launch, names.snapshot))
        return [one for one in offered if one.id in (stated if verb == "/orders progress" else known)]
    if thing == "place" and (model := _chosen("model", chosen, names)):
        ids = [id for (id,) in names.snapshot.values(REGIONS, id=model) if id != EVERY]
        return [one for one in (Suggestion(names.shown("place", id), id) for id in ids) if _fits(text, one.shown)]
    return offered


def _metrics(launch: str, snapshot: Snapshot) -> tuple[frozenset[str], frozenset[str]]:
    """The metrics that a launch has rows of; these and what could follow from them."""
    rows = snapshot.values(METRICS_OF_LAUNCH, id=launch)
    stated = {metric for metric, _ in rows}
    known = stated | {metric for _, could_be in rows for metric in (could_be or "").split(";")}
    identities = [(whole, *parts) for whole, parts in snapshot.vocabulary.identities]
    for _ in identities:
        for three in identities:
            if len(known & set(three)) == 2:
                known |= set(three)
    return frozenset(stated - {"unstated"}), frozenset(known - {"", "unstated"})


def _chosen(thing: str, chosen: Mapping[str, str], names: Names) -> str | None:
    """The id of the launch or model that the other options name, or the first of several."""
    for name in (thing, f"{thing}s" if thing == "model" else "launches"):
        if text := chosen.get(name, "").split(",")[0].strip():
            try:
                return names.resolve(thing, text)
            except QuestionError:
                return None
    return names.only_launch() if thing == "launch" else None


def _fits(text: str, *shown: str) -> bool:
    key = name_key(text)
    return not key or any(key in name_key(one) for one in shown)


def _trims(verb: str, text: str, chosen: Mapping[str, str], names: Names) -> list[Suggestion]:
    """The trims of the model chosen that have a price; for changes also those of offers."""
    model = _chosen("model", chosen, names)
    rows = names.snapshot.values(TRIMS, id=model) if model else []
    trims = dict.fromkeys(trim for trim, kind in rows if kind in LEVELS or verb == "/prices changes")
    return [Suggestion(trim, trim) for trim in trims if name_key(trim) != EVERY and _fits(text, trim)]


def _moments(text: str, chosen: Mapping[str, str], names: Names, *, days: bool) -> Iterator[Suggestion]:
    """The moments at which a launch was counted: the time since it opened, and days."""
    launch = _chosen("launch", chosen, names)
    if launch is None:
        return
    elapsed, dates = names.snapshot.cached(("moments of", launch), lambda: _counted(launch, names.snapshot))
    typed = text.casefold().replace(" ", "")
    for one in (*elapsed, *(dates if days else ())):
        if one.startswith(typed):
            yield Suggestion(one, one)


def _counted(launch: str, snapshot: Snapshot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    opened = next((cell_time(text) for (text,) in snapshot.values(OPENED, id=launch) if text), None)
    start = opened.read().earliest if opened is not None and opened.is_clock and opened.has_zone else None
    seconds: set[int] = set()
    days: set[str] = set()
    for (text,) in snapshot.values(ENDS_OF_COUNTS, id=launch):
        end = cell_time(text)
        if end.is_clock and end.has_zone and start is not None:
            seconds.add(end.read().earliest - start)
        elif not end.is_clock and "/" not in text:
            days.add(text)
    kept = sorted(second for second in seconds if 0 < second <= LONGEST_DURATION and second % 60 == 0)
    return tuple(duration_text(second) for second in kept), tuple(sorted(days))


def _periods(text: str, chosen: Mapping[str, str], names: Names) -> Iterator[Suggestion]:
    """The periods of which a launch has counts of their own."""
    launch = _chosen("launch", chosen, names)
    rows = names.snapshot.values(PERIODS_OF_COUNTS, id=launch) if launch else []
    spans = (_span_text(cell_time(first), cell_time(after)) for first, after in rows)
    for one in sorted(filter(None, set(spans))):
        if one.casefold().startswith(text.casefold().replace(" ", "")):
            yield Suggestion(one, one)


def _span_text(start: StatedTime, end: StatedTime) -> str:
    """A period as it is typed, of its first day in and its first day out: ``2024-05``; empty for one of hours."""
    if start.is_clock or end.is_clock:
        return ""
    first, after = start.days[0], end.days[0]
    months = (after.year - first.year) * 12 + after.month - first.month
    if first.day != 1 or after.day != 1 or months not in (1, 3, 12) or (first.month - 1) % months:
        last = after - timedelta(days=1)
        return first.isoformat() if last == first else f"{first.isoformat()}/{last.isoformat()}"
    return {1: f"{first:%Y-%m}", 3: f"{first:%Y}-Q{(first.month + 2) // 3}", 12: f"{first:%Y}"}[months]


def _price_days(text: str, chosen: Mapping[str, str], names: Names) -> Iterator[Suggestion]:
    """The days on which prices began, the latest first: of the model chosen, else of every one."""
    model = _chosen("model", chosen, names)
    snapshot = names.snapshot
    rows = snapshot.cached(
        ("days of prices", model),
        lambda: snapshot.values(DAYS_OF_MODEL, id=model) if model else snapshot.values(DAYS),
    )
    for (day,) in rows:
        if day and day.startswith(text) and date.min.isoformat() < day:
            yield Suggestion(day, day)


def _durations_typed(text: str) -> list[Suggestion]:
    if text.isascii() and text.isdigit() and len(text) <= 3 and int(text):
        return [Suggestion(f"{int(text)}{unit}", f"{int(text)}{unit}") for unit in ("h", "d", "m")]
    return _read(text, typed_duration)


def _time_typed(
    text: str, chosen: Mapping[str, str], names: Names, read: Callable[[str], object] = typed_moment
) -> list[Suggestion]:
    if not lacks_year(text):
        return _read(text, read)
    try:
        years = names.years_of(chosen, [without_year(text)])
    except QuestionError:
        return []
    return [one for year in years for one in _read(with_year(text, year), read)]


def _read(text: str, read: Callable[[str], object]) -> list[Suggestion]:
    """What is typed, where it can be read."""
    if not text:
        return []
    try:
        read(text)
    except TextError:
        return []
    return [Suggestion(text, text)]
