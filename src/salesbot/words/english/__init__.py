"""English. No other room holds an English sentence about the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from salesbot.answers import Answer, Figure, PassedOver
from salesbot.answers import answer as a
from salesbot.answers import notes as n
from salesbot.errors import Message, SalesbotError, quoted
from salesbot.facts import Source
from salesbot.facts.rows import ColumnInfo
from salesbot.questions.line import written
from salesbot.words.answer_text import (
    AnswerInShort,
    AnswerText,
    ErrorText,
    FigureLine,
    ShortText,
    SourceLine,
    Words,
    clock,
)
from salesbot.words.english import claims, notes, orders, prices, rows, template, timeline
from salesbot.words.english import errors as e
from salesbot.words.english import texts as t
from salesbot.words.english.short import short_text
from salesbot.words.english.terms import MARKS, change_text, listed, source_line, term_name, value
from salesbot.words.formatting import Template
from salesbot.words.numbers import amount, grouped

if TYPE_CHECKING:
    from salesbot.packs.summaries import NumbersOfColumn


class English(Words):
    """English words for answers, errors and the bot's own texts."""

    def __init__(self) -> None:
        self._template = Template(
            {
                "n": lambda value: grouped(str(value)),
                "l": lambda value: listed(map(str, _items(value))),
                "c": lambda value: ", ".join(map(str, _items(value))),
                "b": lambda value: listed(f"`{name}`" for name in (value if isinstance(value, tuple) else (value,))),
                "k": lambda value: e.KINDS.get(str(value), str(value)),
                "m": _metrics,
                "a": lambda value: e.ALTERED[str(value)],
                "h": lambda value: e.HEADERS[str(value)],
                "d": lambda value: f" on {value}" if value else "",
                "p": lambda value: quoted(str(value)) if value else "the pack",
                "s": _spans,
                "problems": _plural("problem", "problems"),
                "rows": _plural("row", "rows"),
                "cells": _plural("cell", "cells"),
                "tables": _plural("the table", "the tables"),
                "go": _plural("goes", "go"),
                "answers": _plural("answer changes", "answers change"),
            },
            self.message,
        )

    # answers

    def answer_in_short(self, answer: Answer) -> AnswerInShort:
        headline = self.headline(answer)
        return AnswerInShort(
            headline=headline,
            short=self._short(answer, headline),
            sources=tuple(map(self._source, answer.sources)),
            asked_as=written(answer.question),
        )

    def figure_lines(self, answer: Answer) -> tuple[FigureLine, ...]:
        shown = (figure for figure in answer.figures if not figure.is_operand and figure.role != "whole")
        return (*self._listed(answer), *(self._with_row(figure, answer) for figure in shown))

    def answer(self, answer: Answer) -> AnswerText:
        _, missing = self.notes(answer)
        operands = [figure for figure in answer.figures if figure.is_operand]
        caveats = (note for note in answer.caveats if not isinstance(note, n.ReadingsDiffer))
        in_short = self.answer_in_short(answer)
        return AnswerText(
            headline=in_short.headline,
            short=in_short.short,
            sources=in_short.sources,
            asked_as=in_short.asked_as,
            lead=self._lead(answer),
            figures=self.figure_lines(answer),
            workings=tuple(self._workings(answer)),
            operands=tuple(self._with_row(figure, answer) for figure in operands),
            caveats=tuple(self._note(note, answer) for note in caveats),
            missing=missing,
            passed_over=tuple(map(self._passed_over, answer.passed_over)),
            as_of=self.text("facts_as_of", version=answer.version.text, loaded=clock(answer.version.loaded)),
        )

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
        """How a line that decides a claim came out."""
        return lambda line: (
            self.headline(line.answer) if line.answer else self.message(line.error) if line.error else "no answer"
        )

    def _listed(self, answer: Answer) -> tuple[FigureLine, ...]:
        """What an answer lists that is no figure: events, claims."""
        match answer.result:
            case a.EventsResult() as result:
                return tuple(map(timeline.event_line, result.events))
            case a.ClaimsResult() as result:
                return claims.claim_lines(result)
        return ()

    def _with_row(self, figure: Figure, answer: Answer) -> FigureLine:
        row = figure.id.partition(":")[0] if figure.basis == "reported" else ""
        return replace(self._figure_line(figure, answer), row=row)

    def _figure_line(self, figure: Figure, answer: Answer) -> FigureLine:
        match figure.role:
            case "change" if figure.change is not None:
                return prices.change_line(figure)
            case "net":
                return prices.net_line(figure)
            case "tally":
                is_one = figure.quantity.high == 1
                return FigureLine(amount(figure.quantity), term_name(figure.name).removesuffix("s" if is_one else ""))
            case "difference":
                return orders.difference_line(figure)
            case "pace":
                return orders.pace_line(figure, answer)
            case "level" | "offer" | "change":
                return prices.price_line(figure)
            case "reading":
                mark = MARKS.get(figure.verdict or "", "")
                return FigureLine(
                    "", f"read as {term_name(figure.name)}", orders.comparison(figure, answer), mark, is_sub=True
                )
        mark = "" if figure.name == "unstated" else MARKS.get(figure.verdict or "", "")
        is_stores = isinstance(answer.result, a.StoresResult)
        label = orders.implied_label(figure, answer) if is_stores else term_name(figure.name)
        if figure.is_net:
            label = f"{label} net of cancellations"
        if isinstance(answer.result, a.CompareResult):
            label = f"{figure.subject}, {label}"
        number = value(figure) + orders.whole_words(figure, answer)
        return FigureLine(number, label, orders.basis(figure, answer), mark)

    def _workings(self, answer: Answer) -> Iterator[str]:
        """Each working once, after those it rests on."""
        done: set[str] = set()

        def of(figure: Figure) -> Iterator[str]:
            if figure.id in done or figure.working is None:
                return
            done.add(figure.id)
            for id in figure.working.operands:
                yield from of(answer.figure(id))
            if line := self.working(answer, figure.id):
                yield line

        for figure in answer.figures:
            yield from of(figure)

    def working(self, answer: Answer, figure_id: str) -> str:
        figure = answer.figure(figure_id)
        working = figure.working
        if working is None:
            return ""
        terms = [(answer.figure(id), power) for id, power in working.terms]
        what = term_name(figure.name)
        match working.form:
            case "product":
                return f"{orders.product(terms)} = {value(figure)} {what}"
            case "bracket":
                return f"{value(figure)} {what}, as {orders.bounds(terms)}"
            case "not started":
                return f"0 {what}: their count starts later ({orders.bounds(terms)})"
            case "sum":
                return orders.sum_text([one for one, _ in terms], figure)
            case "level after change":
                before, change = terms[0][0], terms[1][0]
                return f"{value(before)} changed by {change_text(change.quantity)} = {value(figure)}"
            case "lowest":
                return f"the lowest of {listed(f'{value(one)} ({one.subject})' for one, _ in terms)} = {value(figure)}"
            case "growth":
                less = value(terms[1][0])
                less = less if terms[1][0].quantity.is_point else f"({less})"
                return f"{value(terms[0][0])} − {less} = {value(figure)} {what}"
            case "difference":
                return f"{value(terms[0][0])} − {value(terms[1][0])} = {orders.difference_line(figure).value}"
            case "pace":
                before_text = value(terms[1][0]) if len(terms) > 1 else "0"
                grown, time = f"({value(terms[0][0])} − {before_text})", orders.elapsed_text(figure)
                return f"{grown} ÷ {time} = {orders.pace_text(figure)}"
        return ""

    def notes(self, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        caveats = tuple(self._note(note, answer) for note in answer.caveats)
        return caveats, tuple(self._note(note, answer) for note in answer.missing)

    def metric(self, name: str) -> str:
        return term_name(name)

    # errors and texts

    def error(self, error: SalesbotError) -> ErrorText:
        values = self._values(error.message)
        message, hint = e.ERRORS[error.message.key]
        return ErrorText(self._template.fill(message, values), self._template.fill(hint, values))

    def message(self, message: Message) -> str:
        template = e.EXPECTED.get(message.key) or t.CARDS.get(message.key)
        if template is None:
            text, hint = e.ERRORS[message.key]
            template = f"{text}; {hint}" if hint else text
        return self._template.fill(template, self._values(message))

    def _values(self, message: Message) -> dict[str, object]:
        """The values of a message, with those that the language adds."""
        values = message.values
        if "name" in values and str(values["name"]) in t.OPTIONS:
            values["about"] = t.OPTIONS[str(values["name"])]
        if message.key == "value_missing":
            values["about"] = self.column(str(values["table"]), str(values["column"]))
        return {"how": e.HOW_TO_SET_IT, **values}

    def text(self, key: str, /, **values: object) -> str:
        return self._template.fill(t.CARDS[key], values)

    def command(self, path: str) -> str:
        return t.COMMANDS[path]

    def option(self, name: str, command: str = "") -> str:
        return t.OPTIONS.get(f"{command}.{name}") or t.OPTIONS[name]

    def column(self, table: str, column: str) -> str:
        if not column:
            return t.TABLES[table]
        return t.COLUMNS.get(f"{table}.{column}") or t.COLUMNS[column]

    def row(self, table: str, cells: Mapping[str, str], titles: Mapping[str, str]) -> str:
        return rows.row_text(table, cells, titles)

    def numbers(self, numbers: NumbersOfColumn) -> str:
        return rows.numbers_text(numbers)

    def cell(self, info: ColumnInfo) -> str:
        return f"one of {', '.join(info.words)}" if info.words else t.CELLS[info.cell.name]

    def template_guide(self) -> tuple[str, ...]:
        return t.TEMPLATE_GUIDE

    def template_rows(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        return template.ROWS

    def template_headings(self) -> tuple[str, ...]:
        return t.TEMPLATE_HEADINGS

    def setting(self, name: str) -> str:
        return t.SETTINGS[name]

    def monitored(self, name: str) -> str:
        return t.MONITORED[name]

    def chart_texts(self) -> dict[str, object]:
        return dict(t.CHART)

    def glossary(self) -> dict[str, str]:
        return t.GLOSSARY


def _plural(one: str, several: str) -> Callable[[object], str]:
    return lambda value: one if value == 1 else several


def _metrics(value: object) -> str:
    if value is None:
        return "counts"
    names = (value,) if isinstance(value, str) else _items(value)
    return listed(term_name(name) for name in names) or "nothing yet"


def _items(value: object) -> tuple[Any, ...]:
    """The items of a value that is a tuple."""
    assert isinstance(value, tuple)
    return value


def _spans(value: object) -> str:
    spans = (f"from {start} to {end or 'an unknown day'}" for start, end in _items(value))
    return ", ".join(spans)
