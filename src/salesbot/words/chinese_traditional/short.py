# Made from words/chinese by `make traditional`: change those, never this file.
"""The short answer in Chinese: what a phone screen holds, without the ids of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from salesbot.answers import Answer, Figure
from salesbot.answers import answer as a
from salesbot.answers import notes as n
from salesbot.errors import Message
from salesbot.words.answer_text import ShortLine, ShortText, clock
from salesbot.words.chinese_traditional import claims, notes, orders, prices, timeline
from salesbot.words.chinese_traditional.dates import days, ended, month_text, stated_text, with_zone, zone_name
from salesbot.words.chinese_traditional.numbers import UNKNOWN, time_text
from salesbot.words.chinese_traditional.terms import (
    CHANGES,
    MEASURES,
    ORDERS,
    STATUSES,
    counted,
    gap,
    listed,
    named,
    term_name,
    value,
    who,
)
from salesbot.words.choosing import is_of_one_time

MOST_READINGS = 3
LISTS = (a.ProgressResult, a.PricesResult, a.ChangesResult, a.HistoryResult, a.EventsResult, a.ClaimsResult)


def short_text(
    answer: Answer, headline: str, message: Callable[[Message], str], told: Callable[[a.ClaimLine], str]
) -> ShortText:
    """The short answer below its headline."""
    return ShortText(
        lead=tuple(_lead(answer, headline, told)),
        lines=tuple(_lines(answer, headline)),
        why=_why(answer, headline),
        to_know=tuple(_to_know(answer, message)),
        facts=_facts(answer),
        is_list=isinstance(answer.result, LISTS),
    )


def _facts(answer: Answer) -> str:
    """How far the facts reach, and when they were updated."""
    until, loaded = answer.version.until, clock(answer.version.loaded, is_day=True)
    return f"資料截至{month_text(until)}，更新於{loaded}" if until else f"資料更新於{loaded}"


# in one line below the headline


def _lead(answer: Answer, headline: str, told: Callable[[a.ClaimLine], str]) -> Iterator[str]:
    match answer.result:
        case a.TotalResult():
            yield from filter(None, [orders.total_lead(answer)])
        case a.TimelineResult() as result:
            yield from _sides(result)
        case a.WhenResult() as result:
            yield from timeline.when_lead(result).split("\n")
        case a.ClaimsResult(is_list=False) as result:
            yield from (claims.line_told(line, told) for line in result.claims[0].lines)
            yield from filter(None, [result.claims[0].note])
        case a.SourceResult() as result:
            yield from timeline.about_source(result)
            by_kind = {kind: sum(1 for one, _ in result.cited_by if one == kind) for kind, _ in result.cited_by}
            rest = listed(f"{timeline.KINDS.get(kind, kind)}{count}條" for kind, count in by_kind.items())
            yield f"引用它的資料：{rest or '無'}"
        case a.HistoryResult() | a.PricesResult() | a.ChangesResult():
            yield from _of_all(answer, headline)


def _sides(result: a.TimelineResult) -> Iterator[str]:
    """Both times as stated, an instant also on the reader's clock; each reading of an ambiguous one."""
    for side in (result.first, result.second):
        stated = with_zone(stated_text(side.moment.stated), side.zone)
        on_clock = f" · {clock(side.moment.earliest)}" if side.moment.is_instant else ""
        same = side.name == side.moment.stated.text
        yield f"{stated if same else f'{side.name}：{stated}'}{on_clock}"
    several = len({reading.first.zone for reading in result.readings}) > 1
    told = []
    for reading in result.readings[:MOST_READINGS]:
        zone, order = zone_name((reading.first if several else reading.second).zone), reading.relation.order
        told.append(f"{zone}：{ORDERS[order]}" + (gap(reading.relation) if order in ("before", "after") else ""))
    if told:
        yield f"不同理解：{'；'.join(told)}"


def _of_all(answer: Answer, headline: str) -> Iterator[str]:
    """What every price of the answer has in common, where the headline does not say it."""
    figures = [figure for figure in answer.figures if figure.role in ("level", "change") and not figure.is_operand]
    names = {figure.name for figure in figures if figure.role == "level"}
    regions = {figure.region for figure in figures if figure.region}
    kind = term_name(names.pop()) if len(names) == 1 else ""
    place = regions.pop() or "" if len(regions) == 1 else ""
    told = "，".join(part for part in (kind, place) if part and part not in headline)
    if told:
        yield told


# the main figures, or what is listed


def _lines(answer: Answer, headline: str) -> Iterator[ShortLine]:
    match answer.result:
        case a.EventsResult() as result:
            yield from (ShortLine(stated_text(e.side.moment.stated), e.side.name) for e in result.events)
        case a.ClaimsResult() as result:
            yield from (claims.short_line(claim, result) for claim in result.claims if result.is_list)
        case a.ProgressResult() as result:
            yield from _grown(answer, result)
        case a.PricesResult() | a.HistoryResult():
            yield from _prices(answer)
        case a.ChangesResult():
            yield from _changes(answer)
        case _:
            yield from _counts(answer, headline)


def _main(answer: Answer) -> list[Figure]:
    return [one for one in answer.figures if not (one.is_operand or one.reading_of or one.role == "whole")]


def _counts(answer: Answer, headline: str) -> Iterator[ShortLine]:
    """The figures that say more than the headline: who, when, of what."""
    for figure in _main(answer):
        what = term_name(figure.name)
        is_said = named(figure) in headline
        if figure.name == "unstated":
            yield ShortLine(value(figure), "，".join((*_told(figure, answer), "未說明統計標準")))
            continue
        if is_said and figure.basis in ("computed", "asked") and not (figure.place or figure.variant):
            continue
        if figure.role == "difference":
            line = orders.difference_line(figure)
            yield ShortLine(line.value, "，".join(filter(None, (line.label, line.detail))))
            continue
        if isinstance(answer.result, a.StoresResult):
            what = orders.implied_label(figure, answer)
        if isinstance(answer.result, a.CompareResult):
            what = (
                figure.subject if figure.is_money or figure.name == answer.result.what else f"{figure.subject}，{what}"
            )
        of = figure.place or figure.variant or ""
        yield ShortLine(
            counted(figure) + orders.whole_words(figure, answer),
            "，".join(filter(None, (f"{what}（扣除退訂）" if figure.is_net else what, of, *_told(figure, answer)))),
        )


def _told(figure: Figure, answer: Answer) -> Iterator[str]:
    """Who says a figure, and of when it is where the question does not say it."""
    if figure.role == "not started":
        yield f"自{stated_text(figure.series_from)}起計數" if figure.series_from else "尚未開始計數"
        return
    if figure.said_by and figure.basis == "reported":
        yield f"{who(figure)}所說"
    elif figure.basis == "computed" and figure.role in ("derived", "bracket", "sum", "implied"):
        yield "推算"
    has_own_time = not (is_of_one_time(answer) and not figure.is_operand)
    if figure.is_money:
        yield days(figure.valid_from, figure.valid_to)
    elif figure.valid_from:
        yield stated_text(figure.valid_from)
    elif figure.as_of and has_own_time and figure.role not in ("derived", "bracket"):
        yield ended(figure.as_of)
    if figure.series_from is not None:
        yield f"自{stated_text(figure.series_from)}起"
    if figure.status not in ("reported", "revised"):
        yield STATUSES.get(figure.status, figure.status)


def _grown(answer: Answer, result: a.ProgressResult) -> Iterator[ShortLine]:
    """Each report of a growth, with the time since the opening and the pace up to it; or what bounds a moment."""
    bracket = next((one for one in answer.figures if one.role in orders.OPEN_OR_BOUND), None)
    if bracket is not None and bracket.working:
        points = [answer.figure(id) for id in bracket.working.operands]
    else:
        points = [figure for figure in _main(answer) if figure.role not in ("pace", *orders.OPEN_OR_BOUND)]
    paces = {one.working.operands[0]: one for one in answer.figures if one.role == "pace" and one.working}
    for figure in points:
        of = [figure.place or figure.variant or ""]
        of += [term_name(figure.name)] if figure.name != result.metric else []
        of += ["扣除退訂"] if figure.is_net else []
        since = _since_opening(figure, result)
        told = [since or (ended(figure.as_of) if figure.as_of else "")]
        told += [f"自{stated_text(figure.series_from)}起"] if figure.series_from is not None else []
        told += [f"{who(figure)}所說"] if figure.said_by else []
        if bracket is None and figure.id in paces:
            told.append(orders.pace_text(paces[figure.id]))
        yield ShortLine(counted(figure), "，".join(filter(None, (*of, *told))))


def _since_opening(figure: Figure, result: a.ProgressResult) -> str:
    """How long after the opening a count ends, if both are instants: ``27分鐘``."""
    if result.opening is None or figure.as_of is None or not figure.as_of.is_instant or figure.series_from is not None:
        return ""
    seconds = figure.as_of.earliest - result.opening
    return time_text(seconds) if seconds > 0 else ""


def _prices(answer: Answer) -> Iterator[ShortLine]:
    figures = _main(answer)
    levels = [figure for figure in figures if figure.role == "level"]
    several = {
        "subject": len({one.subject for one in levels}) > 1,
        "name": len({one.name for one in levels}) > 1,
        "region": len({one.region for one in figures if one.region}) > 1,
    }
    for figure in figures:
        line = prices.price_line(figure)
        is_level = figure.role == "level"
        told = [
            figure.subject if several["subject"] or not is_level else "",
            term_name(figure.name) if several["name"] or not is_level else "",
            figure.region or "" if several["region"] else "",
            days(figure.valid_from, figure.valid_to),
        ]
        if len(levels) == 1 and figure.said_by:
            told.append(f"{who(figure)}所說")
        number = "" if line.value == UNKNOWN else line.value
        yield ShortLine(number, "，".join(filter(None, told)))


def _changes(answer: Answer) -> Iterator[ShortLine]:
    """Each change, its subject where the question does not name it; a net where there are several."""
    result = answer.result
    about = " ".join(filter(None, (result.about, result.trim))) if isinstance(result, a.ChangesResult) else ""
    nets = [figure for figure in answer.figures if figure.role == "net"]
    for figure in answer.figures:
        if figure.role == "net" and len(nets) > 1:
            yield ShortLine(prices.net_line(figure).value, f"合計，{figure.subject}")
        change = figure.change
        if figure.role != "change" or change is None:
            continue
        number = prices.change_value(figure)
        number = number.partition("（")[0]
        is_plain = change.kind in ("rise", "cut") and number[:1] in "+−"
        subject = "" if figure.subject == about else figure.subject
        kind = "" if is_plain else CHANGES.get(str(change.kind), str(change.kind))
        told = (subject, kind, days(figure.valid_from, figure.valid_to))
        yield ShortLine(number, "，".join(filter(None, told)))


# why, and what to know


def _why(answer: Answer, headline: str) -> str:
    """How the first computed figure of the headline was worked out, with who gave each number."""
    for figure in answer.figures:
        working = figure.working
        if working is None or figure.is_operand or figure.role in ("pace", "difference", "whole", "tally"):
            continue
        if value(figure) not in headline and prices.net_number(figure) not in headline:
            continue
        terms = [(answer.figure(id), power) for id, power in working.terms]
        if working.form == "product":
            number = f"{value(figure)}{MEASURES.get(figure.name, '')}"
            return f"{orders.product([(one, power) for one, power in terms], teller)} = {number}"
        if working.form == "bracket" and not isinstance(answer.result, a.ProgressResult):
            return listed(f"{ended(one.as_of) if one.as_of else ''}{counted(one)}{teller(one)}" for one, _ in terms)
        if working.form == "sum":
            return orders.sum_text([one for one, _ in terms], figure)
    return ""


def teller(figure: Figure) -> str:
    """Who gave a number, beside it: ``（小米）``."""
    if figure.basis == "asked":
        return "（你給的）"
    return f"（{who(figure)}）" if figure.said_by else ""


def _to_know(answer: Answer, message: Callable[[Message], str]) -> Iterator[str]:
    """What is missing, then the caveats, one of each kind."""
    if not isinstance(answer.result, a.ClaimsResult) or not answer.result.is_list:
        yield from (notes.note_text(note, answer, message, notes.not_cited) for note in answer.missing)
    kinds: dict[type, n.Note] = {}
    for note in answer.caveats:
        if not isinstance(note, n.ReadingsDiffer):
            kinds.setdefault(type(note), note)
    yield from (notes.note_text(note, answer, message, notes.not_cited) for note in kinds.values())
