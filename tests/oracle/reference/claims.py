"""/claims check and list: what the facts say of a statement (sections 4, 5, 8.12)."""

from __future__ import annotations

import re

from .asked import Refused, known, moment_of
from .changes import Window
from .counts import Book
from .derived import computed, told_at
from .expectation import Answer, Expectation, NoOpinion
from .levels import FOREVER, OFFERS
from .lines import Line, WrongLine, read_line
from .moments import Span
from .moves import Moves, offer_moves
from .naming import name_key
from .numbers import Range, cell_number, half_step, inside, meet, typed_range
from .price_asked import Asked
from .prices import day_of
from .tables import Pack, Row
from .timeline import RESPONSE, relation, side_of

RATES = ("lock_in_rate", "cancellation_rate", "orders_per_store")
VERDICTS = ("agrees", "partly", "disagrees", "cannot tell", "opinion")


def expect_claim(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    id = known(pack, "claim", line.options["claim"])
    row = next(row for row in pack.rows("claims") if row["id"] == id)
    found.exits("3: a verdict is an answer", 0)
    verdict, why = verdict_of(pack, row)
    found.top(why, "verdict", verdict)
    return found


def expect_claims(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    if line.get("launch"):
        raise NoOpinion("2: which claims are about a launch")
    wanted, speaker = line.get("verdict"), line.get("speaker")
    if wanted is not None and wanted not in VERDICTS:
        raise Refused("2: a verdict that there is not", 2)
    if speaker is not None and not any(name_key(row["speaker"]) == name_key(speaker) for row in pack.rows("claims")):
        raise NoOpinion("2: a speaker who speaks in no claim")
    for row in pack.rows("claims"):
        found.part(lambda row=row: _listed(found, pack, row, wanted, speaker))  # type: ignore[misc]
    return found


def _listed(found: Expectation, pack: Pack, row: Row, wanted: str | None, speaker: str | None) -> None:
    verdict, why = verdict_of(pack, row)
    is_in = wanted in (None, verdict) and (speaker is None or name_key(row["speaker"]) == name_key(speaker))

    def test(answer: Answer) -> str | None:
        got = [claim for claim in answer.json.get("claims") or () if claim.get("id") == row["id"]]
        if bool(got) != is_in:
            return f"{row['id']} is {'missing' if is_in else 'listed'}"
        return f"{row['id']}: {got[0].get('verdict')}" if got and got[0].get("verdict") != verdict else None

    found.custom(why, test, f"{row['id']}: {verdict}{'' if is_in else ', not listed'}")


def verdict_of(pack: Pack, row: Row) -> tuple[str, str]:
    """The verdict of a claim and the rule that gives it. No opinion where a line is not determined."""
    if row["kind"] == "opinion":
        return "opinion", "3: an opinion has the verdict opinion"
    if row["kind"] == "unverifiable":
        return "cannot tell", "4: what nothing can decide cannot be told"
    checks, expects = (
        [part.strip() for part in row[column].split(";") if part.strip()] for column in ("checks", "expects")
    )
    if not checks:
        raise NoOpinion("5: a checkable claim without a line")
    verdicts = [_line(pack, check, expected) for check, expected in zip(checks, expects, strict=True)]
    if len(set(verdicts)) == 1:
        return verdicts[0], _rule(checks[0]) if len(checks) == 1 else "5: all lines met agrees, none met disagrees"
    if "cannot tell" in verdicts:
        raise NoOpinion("5: a claim with a line that cannot be told")
    if "agrees" not in verdicts:
        raise NoOpinion("5, 8.12: a line that only fits beside one that is not met")
    return "partly", "5: some lines met, some not, is partly"


def _rule(check: str) -> str:
    if "timeline" in check:
        return "4, 5: relation and response met or not"
    if "prices changes" in check:
        return "5: a kind of change, which any figure may meet"
    return "4, 8.12: a number against its own metric and moment"


def _line(pack: Pack, check: str, expected: str) -> str:
    try:
        line = read_line(check)
    except WrongLine:
        raise NoOpinion("5: a line that is wrong") from None
    if line.verb in ("/timeline check", "/timeline gap"):
        return _relation(pack, line, expected)
    if line.verb == "/orders total":
        return _number(pack, line, expected)
    if line.verb == "/prices changes" and line.get("model"):
        return _kind(pack, line, expected)
    if line.verb == "/prices show":
        return _price(pack, line, expected)
    raise NoOpinion("5: a line that the reference does not judge")


def _kind(pack: Pack, line: Line, expected: str) -> str:
    """Whether any change of the window is of a kind, or ("none") there is none."""
    if expected not in ("cut", "rise", "unchanged", "first price", "new variant", "none"):
        raise NoOpinion("5: an expectation that the reference does not judge")
    notes = Expectation()
    asked, window = Asked(pack, line, notes, line.options["model"]), Window(pack, line)
    moves = [move for key in asked.series for move in Moves(pack, asked.series, asked.own).of(key)]
    moves += offer_moves(pack, asked.own)
    if notes.unsure or any(row.key.type in OFFERS for row in asked.own):
        raise NoOpinion("5: changes that are not all determined")
    inside = [(move, window.has(move.first, move.day)) for move in moves]
    if any(is_in is None for _, is_in in inside) or any(len(move.kinds) > 1 for move, _ in inside):
        raise NoOpinion("5: changes that are not all determined")
    kinds = [move.kinds[0] for move, is_in in inside if is_in]
    if not kinds and expected != "none":
        raise NoOpinion("5: a kind expected where nothing changed")
    return "agrees" if (expected == "none" and not kinds) or expected in kinds else "disagrees"


def _price(pack: Pack, line: Line, expected: str) -> str:
    """A number against the one price of a day."""
    notes = Expectation()
    asked = Asked(pack, line, notes, line.options["model"])
    day = day_of(line) or FOREVER
    if (
        notes.unsure
        or len(asked.series) != 1
        or any(row.key not in asked.series for row in (*asked.rows, *asked.brand_wide))
    ):
        raise NoOpinion("8.12: a claim beside several prices")
    series = next(iter(asked.series.values()))
    held = None if series.may_change(day) else series.on(day)
    if held is None or held.range is None or held.is_computed or not held.range.is_single or len(held.step.winners) > 1:
        raise NoOpinion("8.12: a claim beside no certain price")
    return "agrees" if meet(_claimed(expected), held.range) else "disagrees"


def _relation(pack: Pack, line: Line, expected: str) -> str:
    first, second = side_of(pack, line.options["first"]), side_of(pack, line.options["second"])
    if (
        first.event and second.event and (first.event.get("same_as") or second.event.get("same_as"))
    ) or first == second:
        raise NoOpinion("3: an event against its other timing")
    order, _, _ = relation(first.span, second.span)
    if expected not in ("before", "after", "same", "cannot be", "possible"):
        raise NoOpinion("5: an expectation that the reference does not judge")
    if order == "cannot tell":
        return "cannot tell"
    return "agrees" if expected in (order, RESPONSE[order]) else "disagrees"


def _number(pack: Pack, line: Line, expected: str) -> str:
    """A number against the one report of its own metric at the moment; against a bracket it only fits."""
    book = Book(pack, pack.launches[known(pack, "launch", line.options["launch"])])
    metric, moment = line.get("metric"), moment_of(line, book)
    if metric is None or moment is None or not (book.is_count(metric) or metric in RATES):
        raise NoOpinion("8.12: a claim of no count, or without a moment")
    claimed = _claimed(expected)
    if any(metric in c.row["could_be"] and c.end == Span(moment, moment) for c in book.every("unstated")):
        raise NoOpinion("8.12: an unstated figure of the moment")
    if any(c.row["counting"] == "new" for c in book.of(metric)):
        raise NoOpinion("8.12: a claim about new counts")
    if computed(book, metric, moment):
        raise NoOpinion("8.12: a computed range beside what is reported")
    if metric in RATES:
        return _rate(book, metric, moment, claimed)
    points = book.points(book.main(metric))
    if book.opening_instant is None or moment < book.opening_instant or (metric == "deliveries" and not points):
        raise NoOpinion("8.12: a moment before the series")
    point = told_at(book, metric, moment)
    if point is None:
        if not points:
            raise NoOpinion("8.12: nothing to hold a claim against")
        bracket = book.bracket(points, moment)
        if bracket.low == 0 and bracket.high is None:
            raise NoOpinion("8.12: a bracket that says nothing")
        if inside(bracket, claimed):
            raise NoOpinion("8.12: a claim that every number of a bracket meets")
        return "partly" if meet(claimed, bracket) else "disagrees"
    if len(point.winners) != 1 or point.losers or point.is_mixed:
        raise NoOpinion("6: reports that tie, or others that count less")
    book.bracket(points, moment)
    return _against(claimed, point.winners[0].range, point.winners[0].row)


def _rate(book: Book, metric: str, moment: int, claimed: Range) -> str:
    point = told_at(book, metric, moment)
    if point is None or len(point.winners) != 1 or point.losers:
        raise NoOpinion("8.12: a claim beside no certain rate")
    return _against(claimed, point.winners[0].range, point.winners[0].row)


def _claimed(expected: str) -> Range:
    about = re.fullmatch(r"about (.+)|(.+) about", expected)
    if about:
        range_ = typed_range(about[1] or about[2])
        if range_ is None or not range_.is_single or range_.low is None:
            raise NoOpinion("5: an expectation that the reference does not judge")
        return range_.widened(half_step(range_.low))
    range_ = typed_range(expected)
    if range_ is None:
        raise NoOpinion("5: an expectation that the reference does not judge")
    return range_


def _against(claimed: Range, told: Range, row: Row) -> str:
    """Section 4: inside is agrees, overlapping is partly, apart is disagrees; an open end never agrees."""
    if row["stated"] == "about":
        precision = cell_number(row["precision"])
        assert told.low is not None
        told = told.widened(half_step(told.low) if precision is None else precision / 2)
    if not meet(claimed, told):
        return "disagrees"
    if None in (told.low, told.high) or None in (claimed.low, claimed.high):
        if None in (told.low, told.high):
            return "partly"
        return "agrees" if inside(told, claimed) else "partly"
    return "agrees" if inside(claimed, told) or inside(told, claimed) else "partly"
