"""From what was gathered to an answer."""

from __future__ import annotations

from msgspec.structs import replace

from salesbot.answers import Answer, once
from salesbot.answers.answer import Result
from salesbot.query.orders.at_moment import Gathered
from salesbot.questions.question import Question
from salesbot.storage.snapshot import Snapshot
from salesbot.values.quantity import overall


def answer_of(gathered: Gathered, question: Question, result: Result, snapshot: Snapshot) -> Answer:
    """The answer: each figure once, the verdict of all comparisons, and the sources of what is shown."""
    figures = once([*gathered.figures, *(replace(figure, is_operand=True) for figure in gathered.operands)])
    verdicts = [
        comparison.verdict for figure in figures if figure.basis != "asked" for comparison in figure.comparisons
    ]
    verdicts += [figure.verdict for figure in figures if figure.verdict is not None and not figure.comparisons]
    shown = {figure.id for figure in figures}
    passed = {passed.figure.id: passed for passed in reversed(gathered.passed) if passed.figure.id not in shown}
    cited = [id for figure in figures for id in figure.sources]
    cited += [id for one in passed.values() for id in one.figure.sources]
    asked = [figure for figure in gathered.figures if figure.basis != "asked"]
    return Answer(
        question=question,
        result=result,
        version=snapshot.version,
        figures=figures,
        verdict=overall(verdicts) if asked else "cannot tell",
        missing=tuple(dict.fromkeys(gathered.missing)),
        caveats=tuple(dict.fromkeys(gathered.caveats)),
        passed_over=tuple(reversed(passed.values())),
        sources=tuple(snapshot.sources(cited)),
    )
