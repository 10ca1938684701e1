"""How many orders, locked orders and deliveries a launch had: ``/orders total``."""

from __future__ import annotations

from salesbot.answers import Answer
from salesbot.answers.answer import TotalResult
from salesbot.answers.notes import NoFigure
from salesbot.errors import NotInFacts, QuestionError
from salesbot.query.orders.answering import answer_of
from salesbot.query.orders.at_moment import Gathered, figures_at, inputs_at
from salesbot.query.orders.during import figures_during
from salesbot.query.orders.identities import identities_of, missing_for
from salesbot.query.orders.latest import latest_figures
from salesbot.query.orders.launch_facts import LaunchFacts
from salesbot.questions.question import OrdersTotal
from salesbot.storage.snapshot import Snapshot
from salesbot.values.moment import StatedTime


def total(question: OrdersTotal, snapshot: Snapshot) -> Answer:
    """The totals at the moment asked, else the latest of each metric."""
    facts = LaunchFacts.load(question.launch, snapshot)
    if question.during is not None:
        return _total_during(question, question.during, facts, snapshot)
    at = facts.moment_asked(question.within, question.at)
    wanted = (question.metric,) if question.metric else facts.vocabulary.of_kind("count")
    if at is None:
        gathered = latest_figures(wanted, facts)
    else:
        gathered = figures_at(at, wanted, facts, with_unstated=True)
    if not gathered.figures and not _can_be_told(question.metric, facts):
        raise _nothing(question.metric, facts)
    if not gathered.figures and not gathered.missing and question.metric is None:
        known = inputs_at(at, facts).terms
        held = [metric for metric in wanted if metric in facts.metrics] or wanted[:1]
        gathered += Gathered(missing=tuple(NoFigure(one, missing_for(one, known, facts.vocabulary)) for one in held))
    if question.metric and not gathered.missing and all(figure.name != question.metric for figure in gathered.figures):
        lacks = missing_for(question.metric, inputs_at(at, facts).terms, facts.vocabulary)
        gathered += Gathered(missing=(NoFigure(question.metric, lacks),))
    result = TotalResult(facts.launch.id, facts.name, at, question.within, facts.launch.opened_as)
    return answer_of(gathered, question, result, snapshot)


def _total_during(question: OrdersTotal, during: StatedTime, facts: LaunchFacts, snapshot: Snapshot) -> Answer:
    """The totals of a period alone."""
    if question.within is not None or question.at is not None:
        raise QuestionError("moment_and_period")
    wanted = (question.metric,) if question.metric else facts.vocabulary.of_kind("count")
    if not _can_be_told(question.metric, facts):
        raise _nothing(question.metric, facts)
    gathered = figures_during(*facts.period_asked(during), wanted, facts)
    if not gathered.figures and not gathered.missing:
        held = [metric for metric in wanted if metric in facts.metrics] or wanted[:1]
        gathered += Gathered(missing=tuple(NoFigure(metric, is_of_period=True) for metric in held))
    result = TotalResult(facts.launch.id, facts.name, None, None, facts.launch.opened_as, during)
    return answer_of(gathered, question, result, snapshot)


def _can_be_told(metric: str | None, facts: LaunchFacts) -> bool:
    """Whether the facts hold the metric asked for at all, or others from which it would follow."""
    held = {report.metric for report in facts.reports} | {*facts.metrics, *facts.store_metrics}
    if metric is None:
        return bool(held & set(facts.vocabulary.of_kind("count")))
    return metric in held or any(True for _ in identities_of(metric, facts.vocabulary))


def _nothing(metric: str | None, facts: LaunchFacts) -> NotInFacts:
    stated = tuple(one for one in facts.metrics if one != "unstated")
    return NotInFacts("metric_not_in_facts", metric=metric, name=facts.name, metrics=stated)
