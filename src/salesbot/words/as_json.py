"""An answer as the JSON that programs rely on; docs/json.md states it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from msgspec import structs

from salesbot.answers import answer as a
from salesbot.answers.answer import Answer, Figure
from salesbot.errors import PackRefused, SalesbotError
from salesbot.facts import Source
from salesbot.questions.line import written
from salesbot.values.moment import Moment, Relation, utc_text
from salesbot.values.quantity import Quantity, bounds_text, decimal_text
from salesbot.words.answer_text import Words, plain

Json = dict[str, Any]


def as_json(answer: Answer, words: Words) -> Json:
    """The one object of ``--json``."""
    caveats, missing = words.notes(answer)
    return {
        "asked_as": written(answer.question),
        "headline": plain(words.headline(answer)),
        "verdict": answer.verdict,
        **_found(answer),
        "figures": [_figure(figure, answer, words) for figure in answer.figures],
        "missing": list(map(plain, missing)),
        "caveats": list(map(plain, caveats)),
        "passed_over": [{"id": p.figure.id, "reason": p.reason} for p in answer.passed_over],
        "sources": [_source(source) for source in answer.sources],
        "facts": {"version": answer.version.text, "loaded": utc_text(answer.version.loaded)},
    }


def error_json(error: SalesbotError) -> Json:
    found: Json = {"kind": error.kind, "message": error.message, "hint": error.hint, "candidates": list(error.candidates)}
    if isinstance(error, PackRefused):
        found["problems"] = [structs.asdict(problem) for problem in error.problems]
    return {"error": found}


def _figure(figure: Figure, answer: Answer, words: Words) -> Json:
    low, high = bounds_text(figure.quantity)
    found: Json = {
        "id": figure.id, "name": figure.name, "subject": figure.subject,
        "as_of": figure.as_of.text if figure.as_of else figure.valid_from,
        "low": low, "high": high, "unit": figure.quantity.unit, "basis": figure.basis, "status": figure.status,
        "verdict": figure.verdict, "against": list(figure.against),
        "working": plain(words.working(answer, figure.id)),
        "operands": list(figure.working.operands) if figure.working else [], "sources": list(figure.sources),
    }  # fmt: skip
    if figure.reading_of:
        found["reading_of"] = figure.reading_of
    if figure.read_as:
        found["read_as"] = figure.read_as
    if figure.said_by:
        found["said_by"] = list(figure.said_by)
    if figure.comparisons:
        found["comparisons"] = [{"with": c.other, "verdict": c.verdict} for c in figure.comparisons]
    if figure.change is not None:
        found |= _change(figure.change, figure.quantity)
    elif figure.valid_from or figure.valid_to:
        found |= {"valid_from": figure.valid_from, "valid_to": figure.valid_to}
    return found


def _change(change: a.Change, quantity: Quantity) -> Json:
    point = quantity.low if quantity.is_point else None
    previous = _point(change.previous)
    percent = None if point is None or not previous else decimal_text(point / previous * 100, "half-even", 2)
    found: Json = {
        "previous": None if previous is None else decimal_text(previous),
        "current": None if (current := _point(change.current)) is None else decimal_text(current),
        "change": None if point is None else decimal_text(point), "percent": _two_places(percent),
    }  # fmt: skip
    if change.kind is not None:
        found |= {
            "valid_from": change.valid_from, "valid_to": change.valid_to, "announced": change.announced,
            "kind": change.kind, "rows": list(change.rows), "price_types": list(change.price_types),
        }  # fmt: skip
    return found


def _two_places(text: str | None) -> str | None:
    if text is None:
        return None
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest:0<2}"


def _point(quantity: Quantity | None) -> Fraction | None:
    return quantity.low if quantity is not None and quantity.is_point else None


def _source(source: Source) -> Json:
    return {
        "id": source.id, "publisher": source.publisher, "title": source.title,
        "date": source.published.text if source.published else None, "url": source.url, "grade": source.grade,
    }  # fmt: skip


def _found(answer: Answer) -> Json:
    match answer.found:
        case a.TimelineFound() as found:
            return _timeline(found)
        case a.WhenFound() as found:
            return {"moment": moment_json(found.side.moment, found.side.zone), "id": found.side.id}
        case a.EventsFound() as found:
            return {"events": [_event(event) for event in found.events]}
        case a.ClaimsFound() as found:
            return {"claims": [_claim(claim) for claim in found.claims]}
        case a.SourceFound() as found:
            return {"cited_by": [{"table": table, "id": id} for table, id in found.cited_by]}
    return {}


def _event(event: a.EventFound) -> Json:
    side = event.placed
    return {
        "id": side.id, "name": side.name, "who": list(event.who), "at": side.moment.text, "zone": side.zone,
        "utc_earliest": utc_text(side.moment.earliest), "utc_latest": utc_text(side.moment.latest), "sources": list(side.sources),
    }  # fmt: skip


def _claim(claim: a.ClaimFound) -> Json:
    lines = [{"line": line.line, "expects": line.expects, "verdict": line.verdict, "error": line.error} for line in claim.lines]
    return {
        "id": claim.id, "speaker": claim.speaker, "statement": claim.statement, "kind": claim.kind, "verdict": claim.verdict,
        "lines": lines, "note": claim.note, "sources": list(claim.sources),
    }  # fmt: skip


def _calendar(found: a.TimelineFound) -> Json | None:
    return None if found.calendar is None else {key: str(number) for key, number in structs.asdict(found.calendar).items()}


def _timeline(found: a.TimelineFound) -> Json:
    return {
        **_relation(found.relation),
        "response": found.relation.response,
        "readings": [
            {"first_zone": r.first.zone, "second_zone": r.second.zone, "zone": _reading_zone(r, found), **_relation(r.relation)}
            for r in found.readings
        ],
        **({"calendar": _calendar(found)} if found.is_gap else {}),
        "first": _placed(found.first),
        "second": _placed(found.second),
    }


def _reading_zone(reading: a.ReadingFound, found: a.TimelineFound) -> str:
    """The zone that the ambiguous side is read in."""
    is_first = len(found.first.moment.readings) > 1
    is_second = len(found.second.moment.readings) > 1
    if is_first and is_second:
        return f"{reading.first.zone} / {reading.second.zone}"
    return reading.first.zone if is_first else reading.second.zone


def _relation(relation: Relation) -> Json:
    return {
        "relation": relation.order,
        "gap_least": None if relation.least is None else str(relation.least),
        "gap_most": None if relation.most is None else str(relation.most),
    }


def _placed(side: a.Placed) -> Json:
    return {"id": side.id, "name": side.name, **moment_json(side.moment, side.zone)}


def moment_json(moment: Moment, zone: str) -> Json:
    return {
        "as_stated": moment.text, "zone": zone,
        "utc_earliest": utc_text(moment.earliest), "utc_latest": utc_text(moment.latest),
    }  # fmt: skip
