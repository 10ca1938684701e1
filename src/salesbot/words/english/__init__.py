"""The answers in English. No other room holds an English sentence about the facts."""

from __future__ import annotations

from salesbot import answer as a
from salesbot.answer import Answer, Figure
from salesbot.line import written
from salesbot.words.english import notes, prices, timeline, totals
from salesbot.words.english.sources import source_lead
from salesbot.words.english.terms import MARKS, METRICS, source_line, term_value, value
from salesbot.words.numbers import amount
from salesbot.words.said import FigureLine, Said, Words, clock


class English(Words):
    """English words for answers."""

    def say(self, answer: Answer) -> Said:
        _, missing = self.notes(answer)
        shown = [figure for figure in answer.figures if not figure.is_operand]
        return Said(
            headline=self.headline(answer), lead=self._lead(answer),
            figures=tuple(self._figure_line(figure, answer) for figure in shown),
            workings=tuple(line for figure in answer.figures if (line := self.working(answer, figure.id))),
            operands=tuple(self._figure_line(figure, answer) for figure in answer.figures if figure.is_operand),
            caveats=tuple(notes.note_text(n, answer) for n in answer.caveats if not isinstance(n, a.ReadingsDiffer)), missing=missing,
            passed_over=tuple(map(notes.passed_over, answer.passed_over)),
            sources=tuple(map(source_line, answer.sources)),
            asked_as=written(answer.question),
            as_of=f"Facts as of version {answer.version.text}, loaded {clock(answer.version.loaded)}",
        )  # fmt: skip

    def headline(self, answer: Answer) -> str:
        match answer.found:
            case a.TotalFound() as found:
                return totals.headline(found, answer)
            case a.PricesFound() as found:
                return prices.prices_headline(found, answer)
            case a.ChangesFound() as found:
                return prices.changes_headline(found, answer)
            case a.TimelineFound() as found:
                return timeline.headline(found)
            case a.SourceFound() as found:
                return f"{found.source.id} is {found.source.title}, by {found.source.publisher}"

    def _lead(self, answer: Answer) -> str:
        match answer.found:
            case a.TotalFound() as found:
                return totals.lead(found, answer)
            case a.TimelineFound() as found:
                return timeline.lead(found)
            case a.SourceFound() as found:
                return source_lead(found)
        return ""

    def _figure_line(self, figure: Figure, answer: Answer) -> FigureLine:
        mark = MARKS.get(figure.verdict or "", "")
        if figure.change is not None and figure.change.kind is not None:
            return prices.change_line(figure)
        if figure.name == "net" and figure.change:
            return prices.net_line(figure)
        if figure.name in ("cuts", "rises"):
            is_one = figure.quantity.high == 1
            return FigureLine(amount(figure.quantity), METRICS[figure.name].removesuffix("s") if is_one else METRICS[figure.name])
        if isinstance(answer.found, a.PricesFound):
            return prices.price_line(figure)
        if figure.reading_of:
            return FigureLine("", f"read as {METRICS[figure.name]}", totals.standing(figure, answer), mark, is_sub=True)
        mark = "" if figure.name == "unstated" else mark
        return FigureLine(value(figure), METRICS[figure.name], totals.basis(figure, answer), mark)

    def working(self, answer: Answer, figure_id: str) -> str:
        figure = answer.figure(figure_id)
        working = figure.working
        if working is None:
            return ""
        terms = [(answer.figure(id), power) for id, power in working.terms]
        match working.form:
            case "product":
                return f"{totals.product(terms)} = {value(figure)} {METRICS[figure.name]}"
            case "bracket":
                return f"{value(figure)} {METRICS[figure.name]}, as {totals.bracket(terms)}"
            case "not yet":
                return f"0 {METRICS[figure.name]}: their count starts later ({totals.bracket(terms)})"
            case "sum":
                parts = " + ".join(term_value(term) for term, _ in terms)
                return f"{parts.replace('+ −', '− ').replace('+ +', '+ ')} = {term_value(figure)}"
        return ""

    def notes(self, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        caveats = tuple(notes.note_text(note, answer) for note in answer.caveats)
        return caveats, tuple(notes.note_text(note, answer) for note in answer.missing)
