# Made from words/chinese by `make traditional`: change those, never this file.
"""Order questions in Chinese."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import groupby

from salesbot.answers import Answer, Figure, course
from salesbot.answers.answer import CompareResult, ProgressResult, StoresResult, TotalResult, WhatifResult
from salesbot.values.moment import Moment, StatedTime
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import FigureLine
from salesbot.words.chinese_traditional.dates import end_of, ended, stated_text
from salesbot.words.chinese_traditional.numbers import amount, currency, signed, time_text
from salesbot.words.chinese_traditional.terms import (
    MEASURES,
    STATUSES,
    briefly,
    counted,
    listed,
    named,
    term,
    term_name,
    term_value,
    value,
    who,
    without_about,
)
from salesbot.words.choosing import is_of_one_day, is_of_one_time, is_outside_span, of_part, told_in_headline

OPEN_OR_BOUND = ("bracket", "not started")
CANNOT_TELL = "無法判斷"


def since_opening(within: int, opened_as: str | None = None) -> str:
    """A time since the opening: ``開訂後72小時``."""
    return f"{f'{opened_as} ' if opened_as else '開訂'}後{time_text(within)}"


def at_moment(moment: Moment) -> str:
    """A moment asked for, inside a headline."""
    return stated_text(moment.stated) if moment.stated.is_clock else ended(moment)


def total_headline(result: TotalResult, answer: Answer) -> str:
    when = ""
    if result.within:
        when = f"，{since_opening(result.within, result.opened_as)}"
    elif result.at:
        when = f"，{at_moment(result.at)}"
    elif result.during:
        when = f"，{stated_text(result.during)}"
    leading, dated, with_start = told_in_headline(result, answer)
    told = (
        [_told(one, with_date=place in dated, with_start=with_start) for place, one in enumerate(leading)]
        or [named(figure) for figure in answer.figures if figure.name == "unstated"]
        or _parts(answer)
    )
    return f"{result.name}{when}：{'，'.join(told) or CANNOT_TELL}"


def _told(leading: list[Figure], *, with_date: bool, with_start: bool) -> str:
    first = leading[0]
    net = "（扣除退訂）" if first.is_net else ""
    date = ended(first.as_of) if with_date and first.as_of is not None else ""
    by_start: dict[StatedTime | None, list[str]] = {}
    for figure in leading:
        by_start.setdefault(figure.series_from, []).append(_bounded(figure))
    told: list[str] = []
    for start, numbers in by_start.items():
        is_told = start is not None and (with_start or len(by_start) > 1 or first.name != "deliveries")
        since = f"（自{stated_text(start)}起）" if start is not None and is_told else ""
        if since and len(by_start) == 1 and date and is_of_one_day(first):
            since, date = "", stated_text(first.series_from) if first.series_from else ""
        told.append(f"{listed(dict.fromkeys(numbers))}{MEASURES.get(first.name, '')}{net}{since}")
    return f"{date}{term_name(first.name)}{listed(told)}"


def _bounded(figure: Figure) -> str:
    quantity = figure.quantity
    if figure.role == "bracket" and quantity.low == 0 and quantity.high:
        return amount(Quantity(None, quantity.high, quantity.unit))
    return value(figure)


def _parts(answer: Answer) -> list[str]:
    parts = [figure for figure in answer.figures if figure.place or figure.variant]
    return [f"{figure.place or figure.variant} {value(figure)}" for figure in parts[:6]]


def _parts_of(answer: Answer, metric: str) -> list[str]:
    """The last figure of each part and variant of a metric."""
    last = {f.place or f.variant: f for f in answer.figures if f.name == metric and (f.place or f.variant)}
    return [f"{part} {value(figure)}" for part, figure in list(last.items())[:6]]


def total_lead(answer: Answer) -> str:
    """The verdict in one sentence."""
    readings = [figure for figure in answer.figures if figure.reading_of]
    if readings:
        return _reading_lead(readings, answer.figure(readings[0].reading_of or ""))
    verdicts = {"agrees": "各數字相符。", "partly": "各數字部分相符。", "disagrees": "各數字不符。"}
    return verdicts.get(answer.verdict or "", "")


def _reading_lead(readings: list[Figure], whole: Figure) -> str:
    fits = [term_name(figure.name) for figure in readings if figure.verdict == "agrees"]
    told = f"{who(whole)}所說的{without_about(amount(whole.quantity))}"
    if len(fits) == len(readings):
        return f"{told}按哪種統計標準都說得通。"
    return f"{told}只有作為{listed(fits)}才說得通。" if fits else f"{told}按哪種統計標準都說不通。"


def basis(figure: Figure, answer: Answer) -> str:
    """Where a figure comes from, and how it compares with the others."""
    parts = []
    if figure.place or figure.variant:
        parts.append(figure.place or figure.variant or "")
    if figure.role == "not started":
        parts.append("尚未開始計數")
    elif figure.basis == "computed":
        parts.append("推算")
    elif figure.basis == "asked":
        parts.append("你給的數字")
    elif figure.said_by:
        parts.append(f"{who(figure)}所說")
    if figure.valid_from:
        parts.append(f"{stated_text(figure.valid_from)}統計")
    elif figure.as_of and not (is_of_one_time(answer) and not figure.is_operand):
        parts.append(ended(figure.as_of))
    if figure.series_from is not None:
        parts.append(f"自{stated_text(figure.series_from)}起")
    if figure.status not in ("reported", "revised"):
        parts.append(STATUSES.get(figure.status, figure.status))
    if figure.name != "unstated" and figure.verdict and figure.comparisons:
        parts.append(comparison(figure, answer))
    return "；".join(parts)


def comparison(figure: Figure, answer: Answer) -> str:
    """How a figure compares with those it was held against."""
    others = [answer.figure(id) for id in figure.against]
    verbs = {"agrees": "相符", "partly": "部分相符", "disagrees": "不符"}
    verb = verbs.get(figure.verdict or "")
    if verb is None or not others:
        return "無法比較"
    if figure.verdict == "agrees" and any(other.quantity.is_open for other in (figure, *others)):
        verb = "僅不矛盾"
    return f"與{listed(dict.fromkeys(map(briefly, others)))}{verb}"


def product(terms: list[tuple[Figure, int]], teller: Callable[[Figure], str] = lambda _: "") -> str:
    """``1,800–2,000單/店 × 59家``, divisors after a ÷."""
    above = [term(figure) + teller(figure) for figure, power in terms if power > 0]
    below = [term(figure) + teller(figure) for figure, power in terms if power < 0]
    text = " × ".join(above) or "1"
    if not below:
        return text
    return f"{text} ÷ {below[0] if len(below) == 1 else '(' + ' × '.join(below) + ')'}"


def sum_text(parts: Sequence[Figure], whole: Figure) -> str:
    """``+5,000 − 14,000 = −9,000``."""
    terms = [term_value(part) for part in parts]
    if len(terms) == 1 and parts[0].quantity == whole.quantity and whole.role == "net":
        return terms[0]
    text = " + ".join(f"（{one}）" if "至" in one and len(terms) > 1 else one for one in terms)
    return f"{text.replace('+ −', '− ').replace('+ +', '+ ')} = {term_value(whole)}"


def bounds(terms: list[tuple[Figure, int]]) -> str:
    """The reports that a bracket rests on."""
    return listed(f"{ended(one.as_of) if one.as_of else ''}{counted(one)}（{one.id}）" for one, _ in terms)


def stores_headline(result: StoresResult, answer: Answer) -> str:
    reported = [figure for figure in answer.figures if figure.basis == "reported" and not figure.is_operand]
    counts = [_store_count(figure, answer) for figure in reported if not of_part(figure)]
    counts = counts or [f"{of_part(figure)}{_store_count(figure, answer)}" for figure in reported]
    implied = [figure for figure in answer.figures if figure.role == "whole" and figure.verdict == "agrees"]
    text = f"{result.name}：{'，'.join(counts) or '沒有門店數'}"
    if implied:
        text += f"；{amount(implied[0].quantity)}家門店可對應{_total_of(implied[0], answer)}"
    return text


def _store_count(figure: Figure, answer: Answer) -> str:
    """A store count, with its day where that is not the one asked about."""
    day = f"（{stated_text(figure.valid_from)}）" if is_outside_span(figure, answer) and figure.valid_from else ""
    return f"{named(figure)}{day}"


def _total_of(figure: Figure, answer: Answer) -> str:
    total = answer.figure(figure.implied_by or "")
    reading = f"（按{term_name(figure.read_as)}理解）" if figure.read_as else ""
    return f"{without_about(value(total))}{reading}"


def implied_label(figure: Figure, answer: Answer) -> str:
    """What a computed figure of the stores answer is: implied by a total, or per store at a moment."""
    what = term_name(figure.name)
    if figure.implied_by is None:
        return what
    total = answer.figure(figure.implied_by)
    reading = f"（按{term_name(figure.read_as)}理解）" if figure.read_as else term_name(total.name)
    return f"{what}，由{who(total)}所說的{without_about(value(total))}{reading}推出"


def whole_words(figure: Figure, answer: Answer) -> str:
    """The whole stores inside an implied number of stores: ``（整數57–71）``."""
    inside = [
        one for one in answer.figures if one.role == "whole" and one.working and figure.id in one.working.operands
    ]
    return f"（整數{amount(inside[0].quantity)}）" if inside else ""


def progress_headline(result: ProgressResult, answer: Answer) -> str:
    what, measure = term_name(result.metric), MEASURES.get(result.metric, "")
    if result.at is not None:
        bracket = next((figure for figure in answer.figures if figure.role in OPEN_OR_BOUND), None)
        since = 0
        if result.opening is not None and result.at.is_instant:
            since = result.at.earliest - result.opening
        when = since_opening(since, result.opened_as) if since > 0 else at_moment(result.at)
        told = between(bracket.quantity, measure) if bracket else CANNOT_TELL
        return f"{result.name}，{when}：{what}{told}"
    points = course(answer.figures, result.metric)
    if not points and (parts := _parts_of(answer, result.metric)):
        return f"{result.name}：{what}{'，'.join(parts)}"
    if not points:
        return f"{result.name}：這段時間沒有{what}的數字"
    moments = [list(group) for _, group in groupby(points, key=lambda point: point.as_of and point.as_of.span)]
    first, *rest = [moments[0], *moments[1:][-1:]]
    net = "（扣除退訂）" if first[0].is_net else ""
    if first[0].series_from is not None and first[0].name != "deliveries" and not is_of_one_day(first[0]):
        net += f"（自{stated_text(first[0].series_from)}起）"
    course_told = [
        f"{_ended(first[0])}{what}{_values(first)}{net}",
        *(f"{_ended(last[0])}{_values(last)}" for last in rest),
    ]
    return f"{result.name}：{'，'.join(course_told)}"


def _values(figures: Sequence[Figure]) -> str:
    """The numbers of figures of one moment."""
    return listed(dict.fromkeys(map(counted, figures)))


def _ended(figure: Figure) -> str:
    return ended(figure.as_of) if figure.as_of else ""


def between(quantity: Quantity, measure: str) -> str:
    """A bracket in words: nobody reported it."""
    low, high = quantity.low, quantity.high
    if low is not None and high is not None and low != high:
        return f"在{amount(quantity).replace('–', '與')}{measure}之間"
    return f"{amount(quantity)}{measure}"


def compare_headline(result: CompareResult, answer: Answer) -> str:
    names = listed(result.names)
    if answer.verdict == "cannot tell":
        return f"無法比較{names}：沒有同一類的數字"
    figures = [figure for figure in answer.figures if not figure.is_operand and figure.role != "difference"]
    several = len({figure.region for figure in figures}) > 1
    numbers: dict[tuple[str, str], list[str]] = {}
    for figure in figures:
        where = f"（{figure.region}）" if several and figure.region else ""
        numbers.setdefault((figure.subject, where), []).append(counted(figure))
    shown = [f"{subject} {'或'.join(of_one)}{where}" for (subject, where), of_one in numbers.items()]
    when = f"，{since_opening(result.within)}" if result.within else ""
    when = when or (f"，{stated_text(result.day)}" if result.day else "")
    net = "（扣除退訂）" if any(figure.is_net for figure in figures) else ""
    return f"{term_name(result.what) if result.what else '數字'}{net}{when}：{'；'.join(shown)}"


def difference_line(figure: Figure) -> FigureLine:
    """A difference, with its sign."""
    low, high = figure.quantity.low, figure.quantity.high
    ahead = ""
    if low is None or high is None:
        number = CANNOT_TELL
        if low is not None:
            number = f"至少{signed(low)}"
        elif high is not None:
            number = f"至多{signed(high)}"
    else:
        number = signed(low) if low == high else f"{signed(low)}至{signed(high)}"
        ahead = "誰領先無法判斷" if low < 0 < high else ""
    unit = currency(figure.quantity.unit) if figure.is_money and (low is not None or high is not None) else ""
    return FigureLine(f"{number}{unit}", f"差，{figure.subject}", ahead)


PACES = ((3 * 86400, 24, "每天"), (2 * 3600, 1, "每小時"), (0, Fraction(1, 60), "每分鐘"))  # from that long on


def pace_text(figure: Figure) -> str:
    """A pace in the unit that its time is counted in: ``每分鐘3,333.33``."""
    length = figure.elapsed[1] if figure.elapsed else 0
    times, unit = next((times, unit) for least, times, unit in PACES if length >= least)
    quantity = figure.quantity
    low, high = (None if end is None else end * times for end in (quantity.low, quantity.high))
    return f"{unit}{amount(Quantity(low, high, '', quantity.stated))}"


def elapsed_text(figure: Figure) -> str:
    """The time of a pace: ``3分鐘``, ``10天至11天``."""
    least, most = (time_text(seconds) for seconds in figure.elapsed or (0, 0))
    return least if least == most else f"{least}至{most}"


def pace_line(figure: Figure, answer: Answer) -> FigureLine:
    """A pace, and from when to when."""
    terms = [answer.figure(id) for id in figure.working.operands] if figure.working else []
    times = [end_of(one.as_of) if one.as_of else "?" for one in terms]
    start = stated_text(figure.series_from) if figure.series_from is not None else "開訂"
    when = f"{times[1]}至{times[0]}" if len(times) == 2 else f"{start}至{times[0]}" if times else ""
    return FigureLine(pace_text(figure), term_name("pace"), when)


def whatif_headline(result: WhatifResult, answer: Answer) -> str:
    asked = listed(named(figure) for figure in answer.figures if figure.basis == "asked")
    computed = [figure for figure in answer.figures if figure.basis == "computed" and not figure.is_operand]
    told = listed(named(figure) for figure in computed)
    about = f"{result.name}，按" if result.name else "按"
    return f"{about}你給的{asked}：{told or CANNOT_TELL}"
