"""Price questions in Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from salesbot.answers import Answer, Figure
from salesbot.answers.answer import ChangesResult, HistoryResult, PricesResult
from salesbot.values.quantity import Quantity
from salesbot.words.answer_text import FigureLine
from salesbot.words.chinese.dates import between, days, stated_text
from salesbot.words.chinese.numbers import amount, currency, money, signed
from salesbot.words.chinese.terms import CHANGES, listed, teller, term_name, term_value, value
from salesbot.words.choosing import of_one_price
from salesbot.words.numbers import percent_text

LEVEL_KINDS = ("cut", "rise", "unchanged", "disputed", "offer ended")
MOST_TOLD = 4


def prices_headline(result: PricesResult, answer: Answer) -> str:
    levels = [figure for figure in answer.figures if figure.role == "level" and not figure.is_operand]
    when = f"，{stated_text(result.day)}" if result.day else "，最近已知"
    where = f"（{result.region}）" if result.region else ""
    if not levels:
        return f"{result.model}{where}{when}：价格不明"
    regions = {figure.region for figure in levels}
    alike = of_one_price(levels)
    if len(alike) == 1:
        return f"{levels[0].subject}{where}{when}：{_numbers(levels)}（{term_name(levels[0].name)}）"
    told = []
    has_types = len({figure.name for figure in levels}) > 1
    for figures in alike[:MOST_TOLD]:
        figure = figures[0]
        subject = figure.subject.removeprefix(result.model).strip() or figure.subject
        kind = f"（{term_name(figure.name)}）" if has_types else ""
        told.append(f"{subject} {_numbers(figures)}{kind}" + (f"（{figure.region}）" if len(regions) > 1 else ""))
    more = f"，另有{len(alike) - MOST_TOLD}项" if len(alike) > MOST_TOLD else ""
    return f"{result.model}{where}{when}：{'，'.join(told)}{more}"


def _numbers(figures: Sequence[Figure]) -> str:
    return "或".join(dict.fromkeys(map(value, figures)))


def history_headline(result: HistoryResult, answer: Answer) -> str:
    levels = [figure for figure in answer.figures if figure.role == "level" and not figure.is_operand]
    if not levels:
        return f"{result.model}：这段时间没有价格"
    series = list(dict.fromkeys((f.subject, f.region, f.quantity.unit, f.name) for f in levels))
    if len(series) > 1:
        subjects, regions = {one[0] for one in series}, {one[1] for one in series}
        what = f"{len(subjects)}个版本" if len(subjects) > 1 else next(iter(subjects))
        where = f"，{len(regions)}个地区" if len(regions) > 1 else ""
        return f"{result.model}：{what}共{len(levels)}个价格{where}"
    subject, _, unit, _ = series[0]
    numbers = " → ".join(value(figure).removesuffix(currency(unit)) for figure in levels)
    return f"{subject}：{numbers}{currency(unit)}"


def price_line(figure: Figure) -> FigureLine:
    """A price or an offer, with its region, its span and who said it."""
    parts = [figure.region or ""]
    if figure.valid_from or figure.valid_to:
        parts.append(days(figure.valid_from, figure.valid_to))
    if figure.said_by:
        parts.append("、".join(map(teller, figure.said_by)) + "所说")
    if figure.basis == "computed":
        parts.append("推算")
    if figure.note:
        parts.append(figure.note)
    number = value(figure)
    if figure.role == "offer" and figure.quantity.low == 0 and figure.quantity.high is not None:
        most = Quantity.exactly(figure.quantity.high, figure.quantity.unit)
        number = f"最高{value(replace(figure, quantity=most))}"
    return FigureLine(number, f"{figure.subject}，{term_name(figure.name)}", "；".join(filter(None, parts)))


def changes_headline(result: ChangesResult, answer: Answer) -> str:
    moves = [figure for figure in answer.figures if figure.role == "change"]
    window = _window(result)
    about = " ".join(filter(None, (result.about, result.trim)))
    nets = [figure for figure in answer.figures if figure.role == "net"]
    if not moves:
        return f"{about}{window if about else window.removeprefix('，')}：没有价格变动的记录"
    if about and len(nets) == 1 and nets[0].change and nets[0].change.previous and nets[0].quantity.low is not None:
        steps = [figure for figure in moves if figure.change and figure.change.kind in LEVEL_KINDS]
        told = "，再".join(term_value(figure) for figure in steps)
        net = f"，合计{signed(nets[0].quantity.low)}" if len(steps) > 1 and nets[0].quantity.is_point else ""
        if any(figure.quantity.is_open for figure in steps):
            told, net = f"合计{net_number(nets[0])}", ""
        base = amount(nets[0].change.previous)
        return f"{nets[0].subject}{window}：{told}{net}{currency(nets[0].quantity.unit)}（原价{base}）"
    counts: dict[str, int] = {}
    for figure in moves:
        kind = str(figure.change.kind if figure.change else None)
        counts[kind] = counts.get(kind, 0) + 1
    told = "，".join(f"{CHANGES.get(kind, kind)}{count}次" for kind, count in counts.items())
    return f"{about}{window if about else window.removeprefix('，')}共{len(moves)}次价格变动：{told}"


def _window(result: ChangesResult) -> str:
    after = f"「{result.after}」之后" if result.after else ""
    since = stated_text(result.since) if result.since else ""
    until = stated_text(result.until) if result.until else ""
    return f"，{after}{between(since, until)}" if after or since or until else ""


def change_line(figure: Figure) -> FigureLine:
    """A change of a price: its size, whose price it is, and when."""
    change = figure.change
    assert change is not None
    parts = [listed(term_name(kind) for kind in change.price_types), figure.region or ""]
    if figure.valid_from:
        parts.append(days(figure.valid_from, figure.valid_to))
    if change.announced and change.announced != figure.valid_from:
        parts.append(f"{stated_text(change.announced)}宣布")
    kind = CHANGES.get(str(change.kind), str(change.kind))
    return FigureLine(change_value(figure), f"{figure.subject}：{kind}", "；".join(filter(None, parts)))


def change_value(figure: Figure) -> str:
    """The size of a change of a price, with its sign."""
    change, quantity = figure.change, figure.quantity
    assert change is not None
    if change.kind in ("first price", "new variant"):
        return money(change.current) if change.current else "价格未给出"
    if quantity.low is None or quantity.high is None:
        return "幅度未给出"
    if quantity.low == quantity.high:
        if quantity.low == 0:
            return f"0（{money(change.previous)}）" if change.previous else "0"
        return f"{_sized(quantity.low, quantity.unit)}{_percent_of(figure)}"
    if quantity.high == 0:
        return f"最高降{_sized(-quantity.low, quantity.unit).lstrip('+')}"
    if quantity.low == 0:
        return f"最高涨{_sized(quantity.high, quantity.unit).lstrip('+')}"
    least = _sized(quantity.low, quantity.unit).removesuffix(currency(quantity.unit))
    return f"{least}至{_sized(quantity.high, quantity.unit)}"


def _sized(change: Fraction, unit: str) -> str:
    """A change with its sign and unit: ``−14,000元``, ``−5%``."""
    return f"{signed(change * 100)}%" if unit == "ratio" else f"{signed(change)}{currency(unit)}"


def _percent_of(figure: Figure) -> str:
    change = figure.change
    if change is None or change.percent is None or change.previous is None:
        return ""
    return f"（{percent_text(change.percent)}%，原价{amount(change.previous)}）"


def net_number(figure: Figure) -> str:
    """What several changes come to, with its sign."""
    low, high = figure.quantity.low, figure.quantity.high
    if low is None or high is None:
        return "幅度未给出"
    return signed(low) if low == high else f"{signed(low)}至{signed(high)}"


def net_line(figure: Figure) -> FigureLine:
    """What several changes come to together."""
    change = figure.change
    assert change is not None
    base = f"原价{amount(change.previous)}" if change.previous else ""
    unit = "" if figure.quantity.is_open else currency(figure.quantity.unit)
    return FigureLine(f"{net_number(figure)}{unit}", f"{figure.subject}：合计", base)
