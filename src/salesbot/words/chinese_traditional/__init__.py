# Made from words/chinese by `make traditional`: change those, never this file.
"""Chinese (traditional). Texts of the programs and of the pack format are those of English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from salesbot.answers import Answer, Figure, PassedOver
from salesbot.answers import answer as a
from salesbot.answers import notes as n
from salesbot.errors import Message, SalesbotError
from salesbot.facts import Source
from salesbot.words.answer_text import ErrorText, FigureLine, ShortText, SourceLine
from salesbot.words.chinese_traditional import claims, moderators, notes, orders, prices, rows, timeline
from salesbot.words.chinese_traditional import errors as e
from salesbot.words.chinese_traditional import problems as pr
from salesbot.words.chinese_traditional import texts as t
from salesbot.words.chinese_traditional.short import short_text
from salesbot.words.chinese_traditional.terms import MARKS, change_text, counted, listed, source_line, term_name, value
from salesbot.words.english import English
from salesbot.words.formatting import Template
from salesbot.words.numbers import grouped

if TYPE_CHECKING:
    from salesbot.packs.summaries import NumbersOfColumn

CARDS = {**t.CARDS, **moderators.MODERATORS}
OPTIONS = {**t.OPTIONS, **moderators.OPTIONS}
EXPECTED = {**e.EXPECTED, **pr.PROBLEMS}


def _items(value: object) -> tuple[Any, ...]:
    assert isinstance(value, tuple)
    return value


def _metrics(value: object) -> str:
    if value is None:
        return "數字"
    names = (value,) if isinstance(value, str) else _items(value)
    return listed(term_name(name) for name in names) or "還沒有"


def _spans(value: object) -> str:
    return "、".join(f"{start}至{end or '不明'}" for start, end in _items(value))


class ChineseTraditional(English):
    """Chinese words for answers, errors and the bot's own texts."""

    language = "zh-Hant"

    def __init__(self) -> None:
        super().__init__()
        self._chinese = Template(
            {
                "n": lambda value: grouped(str(value)),
                "l": lambda value: listed(map(str, _items(value))),
                "c": lambda value: "、".join(map(str, _items(value))),
                "b": lambda value: listed(f"`{name}`" for name in (value if isinstance(value, tuple) else (value,))),
                "k": lambda value: e.KINDS.get(str(value), str(value)),
                "m": _metrics,
                "d": lambda value: f"{value}" if value else "",
                "a": lambda value: pr.ALTERED[str(value)],
                "h": lambda value: pr.HEADERS[str(value)],
                "tables": lambda value: "",
                "p": lambda value: f"「{value}」" if value else "資料",
                "s": _spans,
            },
            self.message,
        )

    # answers

    def _note(self, note: n.Note, answer: Answer) -> str:
        return notes.note_text(note, answer, self.message)

    def _passed_over(self, passed: PassedOver) -> str:
        return notes.passed_over(passed)

    def _source(self, source: Source) -> SourceLine:
        return source_line(source)

    def _short(self, answer: Answer, headline: str) -> ShortText:
        return short_text(answer, headline, self.message, self._outcome(answer))

    def headline(self, answer: Answer) -> str:
        match answer.result:
            case a.TotalResult() as result:
                return orders.total_headline(result, answer)
            case a.StoresResult() as result:
                return orders.stores_headline(result, answer)
            case a.ProgressResult() as result:
                return orders.progress_headline(result, answer)
            case a.CompareResult() as result:
                return orders.compare_headline(result, answer)
            case a.WhatifResult() as result:
                return orders.whatif_headline(result, answer)
            case a.PricesResult() as result:
                return prices.prices_headline(result, answer)
            case a.ChangesResult() as result:
                return prices.changes_headline(result, answer)
            case a.HistoryResult() as result:
                return prices.history_headline(result, answer)
            case a.TimelineResult() as result:
                is_announced = any(isinstance(note, n.AnnouncedFirst) for note in answer.caveats)
                return timeline.headline(result, is_announced=is_announced)
            case a.WhenResult() as result:
                return timeline.when_headline(result)
            case a.EventsResult() as result:
                return timeline.events_headline(result)
            case a.ClaimsResult() as result:
                return claims.headline(result)
            case a.SourceResult() as result:
                return timeline.source_headline(result)

    def _lead(self, answer: Answer) -> str:
        match answer.result:
            case a.TotalResult():
                return orders.total_lead(answer)
            case a.TimelineResult() as result:
                return timeline.lead(result)
            case a.WhenResult() as result:
                return timeline.when_lead(result)
            case a.ClaimsResult() as result:
                return claims.lead(result, self._outcome(answer))
            case a.SourceResult() as result:
                return timeline.source_lead(result)
        return ""

    def _outcome(self, answer: Answer) -> Callable[[a.ClaimLine], str]:
        return lambda line: (
            self.headline(line.answer) if line.answer else self.message(line.error) if line.error else "沒有答案"
        )

    def _listed(self, answer: Answer) -> tuple[FigureLine, ...]:
        match answer.result:
            case a.EventsResult() as result:
                return tuple(map(timeline.event_line, result.events))
            case a.ClaimsResult() as result:
                return claims.claim_lines(result)
        return ()

    def _figure_line(self, figure: Figure, answer: Answer) -> FigureLine:
        match figure.role:
            case "change" if figure.change is not None:
                return prices.change_line(figure)
            case "net":
                return prices.net_line(figure)
            case "tally":
                return FigureLine(counted(figure), term_name(figure.name))
            case "difference":
                return orders.difference_line(figure)
            case "pace":
                return orders.pace_line(figure, answer)
            case "level" | "offer" | "change":
                return prices.price_line(figure)
            case "reading":
                mark = MARKS.get(figure.verdict or "", "")
                told = orders.comparison(figure, answer)
                return FigureLine("", f"按{term_name(figure.name)}理解", told, mark, is_sub=True)
        mark = "" if figure.name == "unstated" else MARKS.get(figure.verdict or "", "")
        is_stores = isinstance(answer.result, a.StoresResult)
        label = orders.implied_label(figure, answer) if is_stores else term_name(figure.name)
        if figure.is_net:
            label = f"{label}（扣除退訂）"
        if isinstance(answer.result, a.CompareResult):
            label = f"{figure.subject}，{label}"
        number = counted(figure) + orders.whole_words(figure, answer)
        return FigureLine(number, label, orders.basis(figure, answer), mark)

    def working(self, answer: Answer, figure_id: str) -> str:
        figure = answer.figure(figure_id)
        working = figure.working
        if working is None:
            return ""
        terms = [(answer.figure(id), power) for id, power in working.terms]
        what = term_name(figure.name)
        match working.form:
            case "product":
                return f"{orders.product(terms)} = {what}{counted(figure)}"
            case "bracket":
                return f"{what}{counted(figure)}，因為{orders.bounds(terms)}"
            case "not started":
                return f"{what}0：統計從更晚開始（{orders.bounds(terms)}）"
            case "sum":
                return orders.sum_text([one for one, _ in terms], figure)
            case "level after change":
                before, change = terms[0][0], terms[1][0]
                return f"{value(before)}變動{change_text(change.quantity)} = {value(figure)}"
            case "lowest":
                return f"{listed(f'{value(one)}（{one.subject}）' for one, _ in terms)}中最低的 = {value(figure)}"
            case "growth":
                less = value(terms[1][0])
                less = less if terms[1][0].quantity.is_point else f"({less})"
                return f"{value(terms[0][0])} − {less} = {counted(figure)}"
            case "difference":
                return f"{value(terms[0][0])} − {value(terms[1][0])} = {orders.difference_line(figure).value}"
            case "pace":
                before_text = value(terms[1][0]) if len(terms) > 1 else "0"
                grown, time = f"({value(terms[0][0])} − {before_text})", orders.elapsed_text(figure)
                return f"{grown} ÷ {time} = {orders.pace_text(figure)}"
        return ""

    def metric(self, name: str) -> str:
        return term_name(name)

    # errors and texts

    def error(self, error: SalesbotError) -> ErrorText:
        key = error.message.key
        if key not in e.ERRORS:
            return super().error(error)
        values = self._values(error.message)
        message, hint = e.ERRORS[key]
        return ErrorText(self._chinese.fill(message, values), self._chinese.fill(hint, values))

    def message(self, message: Message) -> str:
        template = EXPECTED.get(message.key) or CARDS.get(message.key)
        if template is None and message.key in e.ERRORS:
            text, hint = e.ERRORS[message.key]
            template = f"{text}；{hint}" if hint else text
        return super().message(message) if template is None else self._chinese.fill(template, self._values(message))

    def _values(self, message: Message) -> dict[str, object]:
        values = super()._values(message)
        if "name" in message.values and str(message.values["name"]) in OPTIONS:
            values["about"] = OPTIONS[str(message.values["name"])]
        return {**values, "how": e.HOW_TO_SET_IT}

    def text(self, key: str, /, **values: object) -> str:
        return self._chinese.fill(CARDS[key], values) if key in CARDS else super().text(key, **values)

    def command(self, path: str) -> str:
        return t.COMMANDS.get(path) or super().command(path)

    def option(self, name: str, command: str = "") -> str:
        return OPTIONS.get(f"{command}.{name}") or OPTIONS.get(name) or super().option(name, command)

    def row(self, table: str, cells: Mapping[str, str], titles: Mapping[str, str]) -> str:
        return rows.row_text(table, cells, titles)

    def numbers(self, numbers: NumbersOfColumn) -> str:
        return rows.numbers_text(numbers)

    def chart_texts(self) -> dict[str, object]:
        return dict(t.CHART)

    def glossary(self) -> dict[str, str]:
        return t.GLOSSARY
