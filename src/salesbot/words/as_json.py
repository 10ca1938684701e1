"""An answer as the JSON that programs rely on; docs/json.md describes it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from msgspec import structs

from salesbot.answers import Answer, Change, Figure
from salesbot.answers import answer as a
from salesbot.answers.results import ListedEvent, ReadingPair, TimelineSide
from salesbot.errors import Notice, PackRefused, Problem, SalesbotError
from salesbot.facts import Source
from salesbot.questions.line import written
from salesbot.values.moment import Moment, Relation, StatedTime, utc_text
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
        **_result(answer, words),
        "figures": [_figure(figure, answer, words) for figure in answer.figures],
        "missing": list(map(plain, missing)),
        "caveats": list(map(plain, caveats)),
        "passed_over": [{"id": passed.figure.id, "reason": passed.reason} for passed in answer.passed_over],
        "sources": [_source(source) for source in answer.sources],
        "facts": {"version": answer.version.text, "loaded": utc_text(answer.version.loaded)},
    }


def error_json(error: SalesbotError, words: Words) -> Json:
    """The one object of ``--json`` for an error."""
    text = words.error(error)
    found: Json = {
        "kind": error.kind,
        "message": text.message,
        "hint": text.hint,
        "candidates": list(error.candidates),
    }
    if (words_not_understood := getattr(error, "words", None)) is not None:
        found["words"] = list(words_not_understood)
    if not isinstance(error, PackRefused):
        return {"error": found}
    found["problems"] = [_problem(problem, words) for problem in error.problems]
    notices = [notice_json(notice, words) for notice in error.notices]
    return {"error": found, "rows": dict(error.rows), "notices": notices}


def notice_json(notice: Notice, words: Words) -> Json:
    """Something seen in an upload, with its place."""
    return {**structs.asdict(notice), "message": words.message(notice.message)}


def _problem(problem: Problem, words: Words) -> Json:
    return {**structs.asdict(problem), "expected": words.message(problem.expected)}


def _figure(figure: Figure, answer: Answer, words: Words) -> Json:
    low, high = bounds_text(figure.quantity)
    found: Json = {
        "id": figure.id,
        "name": figure.name,
        "subject": figure.subject,
        "as_of": figure.as_of.text if figure.as_of else _text(figure.valid_from),
        "low": low,
        "high": high,
        "unit": figure.quantity.unit,
        "basis": figure.basis,
        "status": figure.status,
        "verdict": figure.verdict,
        "against": list(figure.against),
        "working": plain(words.working(answer, figure.id)),
        "operands": list(figure.working.operands) if figure.working else [],
        "sources": list(figure.sources),
    }
    for key in ("reading_of", "read_as", "region", "place", "variant", "channel"):
        if (value := getattr(figure, key)) is not None:
            found[key] = value
    if figure.series_from is not None:
        found["series_from"] = figure.series_from.text
    if figure.said_by:
        found["said_by"] = list(figure.said_by)
    if figure.comparisons:
        found["comparisons"] = [{"with": one.other, "verdict": one.verdict} for one in figure.comparisons]
    if figure.change is not None:
        found |= _change(figure, figure.change)
    elif figure.valid_from or figure.valid_to or figure.role in ("level", "offer"):
        found |= {"valid_from": _text(figure.valid_from), "valid_to": _text(figure.valid_to)}
    return found


def _text(stated: StatedTime | None) -> str | None:
    return None if stated is None else stated.text


def _change(figure: Figure, change: Change) -> Json:
    quantity = figure.quantity
    point = quantity.low if quantity.is_point else None
    previous, current = _point(change.previous), _point(change.current)
    percent = None if change.percent is None else decimal_text(change.percent, "half-even", 2)
    found: Json = {
        "previous": None if previous is None else decimal_text(previous),
        "current": None if current is None else decimal_text(current),
        "change": None if point is None else decimal_text(point),
        "percent": _two_places(percent),
    }
    if change.kind is not None:
        found |= {
            "valid_from": _text(figure.valid_from),
            "valid_to": _text(figure.valid_to),
            "announced": _text(change.announced),
            "kind": change.kind,
            "rows": list(change.rows),
            "price_types": list(change.price_types),
        }
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
        "id": source.id,
        "publisher": source.publisher,
        "title": source.title,
        "date": _text(source.published),
        "url": source.url,
        "grade": source.grade,
    }


def _result(answer: Answer, words: Words) -> Json:
    """The keys of one kind of question."""
    match answer.result:
        case a.TimelineResult() as result:
            return _timeline(result)
        case a.WhenResult() as result:
            return {"moment": _moment(result.side.moment, result.side.zone), "id": result.side.id}
        case a.EventsResult() as result:
            return {"events": [_event(event) for event in result.events]}
        case a.ClaimsResult() as result:
            return {"claims": [_claim(claim, words) for claim in result.claims]}
        case a.SourceResult() as result:
            return {"cited_by": [{"table": table, "id": id} for table, id in result.cited_by]}
    return {}


def _event(event: ListedEvent) -> Json:
    side = event.side
    return {
        "id": side.id,
        "name": side.name,
        "who": list(event.who),
        "at": side.moment.text,
        "zone": side.zone,
        "utc_earliest": utc_text(side.moment.earliest),
        "utc_latest": utc_text(side.moment.latest),
        "sources": list(side.sources),
    }


def _claim(claim: a.CheckedClaim, words: Words) -> Json:
    return {
        "id": claim.id,
        "speaker": claim.speaker,
        "statement": claim.statement,
        "kind": claim.kind,
        "verdict": claim.verdict,
        "lines": [_claim_line(line, words) for line in claim.lines],
        "note": claim.note,
        "sources": list(claim.sources),
    }


def _claim_line(line: a.ClaimLine, words: Words) -> Json:
    found: Json = {
        "line": line.line,
        "expects": line.expects,
        "verdict": line.verdict,
        "error": words.message(line.error) if line.error else None,
    }
    return {**found, "fits": True} if line.is_only_fit else found


def _timeline(result: a.TimelineResult) -> Json:
    calendar = None if result.calendar is None else {k: str(v) for k, v in structs.asdict(result.calendar).items()}
    return {
        **_relation(result.relation),
        "response": result.relation.response,
        "readings": [_reading(reading, result) for reading in result.readings],
        **({"calendar": calendar} if result.is_gap else {}),
        "first": _side(result.first),
        "second": _side(result.second),
    }


def _reading(reading: ReadingPair, result: a.TimelineResult) -> Json:
    zones = {"first_zone": reading.first.zone, "second_zone": reading.second.zone}
    return {**zones, "zone": _reading_zone(reading, result), **_relation(reading.relation)}


def _reading_zone(reading: ReadingPair, result: a.TimelineResult) -> str:
    """The zone that the ambiguous side is read in."""
    is_first = len(result.first.moment.readings) > 1
    is_second = len(result.second.moment.readings) > 1
    if is_first and is_second:
        return f"{reading.first.zone} / {reading.second.zone}"
    return reading.first.zone if is_first else reading.second.zone


def _relation(relation: Relation) -> Json:
    return {
        "relation": relation.order,
        "gap_least": None if relation.least is None else str(relation.least),
        "gap_most": None if relation.most is None else str(relation.most),
    }


def _side(side: TimelineSide) -> Json:
    return {"id": side.id, "name": side.name, **_moment(side.moment, side.zone)}


def _moment(moment: Moment, zone: str) -> Json:
    return {
        "as_stated": moment.text,
        "zone": zone,
        "utc_earliest": utc_text(moment.earliest),
        "utc_latest": utc_text(moment.latest),
    }
