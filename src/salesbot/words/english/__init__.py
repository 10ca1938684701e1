"""The answers in English. No other room holds an English sentence about the facts."""

from __future__ import annotations

from collections.abc import Iterator

from salesbot.answers import answer as a
from salesbot.answers.answer import Answer, Figure
from salesbot.questions.line import written
from salesbot.words.answer_text import FigureLine, Said, Words, clock
from salesbot.words.english import claims, notes, orders, prices, timeline, totals
from salesbot.words.english.sources import source_lead
from salesbot.words.english.terms import MARKS, METRICS, source_line, term_value, value
from salesbot.words.numbers import amount


class English(Words):
    """English words for answers."""

    def say(self, answer: Answer) -> Said:
        _, missing = self.notes(answer)
        shown = [figure for figure in answer.figures if not figure.is_operand and not orders.is_whole(figure)]
        return Said(
            headline=self.headline(answer), lead=self._lead(answer),
            figures=(*self._listed(answer), *(self._figure_line(figure, answer) for figure in shown)),
            workings=tuple(self._workings(answer)),
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
            case a.StoresFound() as found:
                return orders.stores_headline(found, answer)
            case a.ProgressFound() as found:
                return orders.progress_headline(found, answer)
            case a.CompareFound() as found:
                return orders.compare_headline(found, answer)
            case a.WhatifFound() as found:
                return orders.whatif_headline(found, answer)
            case a.HistoryFound() as found:
                return prices.history_headline(found, answer)
            case a.TimelineFound() as found:
                return timeline.headline(found)
            case a.WhenFound() as found:
                return timeline.when_headline(found)
            case a.EventsFound() as found:
                return timeline.events_headline(found)
            case a.ClaimsFound() as found:
                return claims.headline(found)
            case a.SourceFound() as found:
                return f"{found.source.id} is {found.source.title}, by {found.source.publisher}"

    def _lead(self, answer: Answer) -> str:
        match answer.found:
            case a.TotalFound() as found:
                return totals.lead(found, answer)
            case a.TimelineFound() as found:
                return timeline.lead(found)
            case a.WhenFound() as found:
                return timeline.when_lead(found)
            case a.ClaimsFound() as found:
                return claims.lead(found, self._headlines(found))
            case a.SourceFound() as found:
                return source_lead(found)
        return ""

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

    def _headlines(self, found: a.ClaimsFound) -> dict[str, str]:
        """The headline of each line that decides a claim."""
        return {line.line: self.headline(line.answer) for claim in found.claims for line in claim.lines if line.answer}

    def _listed(self, answer: Answer) -> tuple[FigureLine, ...]:
        """What an answer lists that is no figure: events, claims."""
        match answer.found:
            case a.EventsFound() as found:
                return tuple(map(timeline.event_line, found.events))
            case a.ClaimsFound() as found:
                return claims.claim_lines(found, answer)
        return ()

    def _figure_line(self, figure: Figure, answer: Answer) -> FigureLine:
        mark = MARKS.get(figure.verdict or "", "")
        if figure.change is not None and figure.change.kind is not None:
            return prices.change_line(figure)
        if figure.name == "net" and figure.change:
            return prices.net_line(figure)
        if figure.name in ("cuts", "rises"):
            is_one = figure.quantity.high == 1
            return FigureLine(amount(figure.quantity), METRICS[figure.name].removesuffix("s") if is_one else METRICS[figure.name])
        if figure.name == "difference":
            return orders.difference_line(figure)
        if figure.name == "pace":
            return orders.pace_line(figure, answer)
        if len(figure.quantity.unit) == 3 and figure.quantity.unit.isupper():
            return prices.price_line(figure)
        if figure.reading_of:
            return FigureLine("", f"read as {METRICS[figure.name]}", totals.standing(figure, answer), mark, is_sub=True)
        mark = "" if figure.name == "unstated" else mark
        label = orders.implied_label(figure, answer) if isinstance(answer.found, a.StoresFound) else METRICS[figure.name]
        if isinstance(answer.found, a.CompareFound):
            label = f"{figure.subject}, {label}"
        return FigureLine(value(figure) + orders.whole_words(figure, answer), label, totals.basis(figure, answer), mark)

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
            case "difference":
                return f"{value(terms[0][0])} − {value(terms[1][0])} = {orders.difference_line(figure).value}"
            case "pace":
                line = orders.pace_line(figure, answer)
                before = value(terms[1][0]) if len(terms) > 1 else "0"
                return f"({value(terms[0][0])} − {before}) ÷ the time between = {line.value}"
        return ""

    def notes(self, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        caveats = tuple(notes.note_text(note, answer) for note in answer.caveats)
        return caveats, tuple(notes.note_text(note, answer) for note in answer.missing)
