"""Questions answered from one snapshot: ``ask(question, snapshot) -> Answer``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from salesbot.answers import Answer
from salesbot.errors import QuestionError
from salesbot.query import sources, timeline
from salesbot.query.claims import check_claim, list_claims
from salesbot.query.names_read import names_read
from salesbot.query.orders import compare as orders_compare
from salesbot.query.orders import progress, stores, total, whatif
from salesbot.query.prices import changes, history, show
from salesbot.query.prices import compare as prices_compare
from salesbot.questions import question as q
from salesbot.questions.line import written
from salesbot.storage.snapshot import Snapshot

_ANSWERS: dict[type[q.Question], Callable[[Any, Snapshot], Answer]] = {
    q.OrdersTotal: total.total,
    q.OrdersStores: stores.stores,
    q.OrdersProgress: progress.progress,
    q.OrdersCompare: orders_compare.compare,
    q.OrdersWhatif: whatif.whatif,
    q.PricesShow: show.show,
    q.PricesChanges: changes.changes,
    q.PricesHistory: history.history,
    q.PricesCompare: prices_compare.compare,
    q.TimelineCheck: timeline.check,
    q.TimelineGap: timeline.gap,
    q.TimelineWhen: timeline.when,
    q.TimelineEvents: timeline.events,
    q.ClaimsList: lambda question, snapshot: list_claims(question, snapshot, ask),
    q.ClaimsCheck: lambda question, snapshot: check_claim(question, snapshot, ask),
    q.SourcesShow: sources.source,
}


def ask(question: q.Question, snapshot: Snapshot, language: str = "en") -> Answer:
    """The answer. Raises ``QuestionError``, or ``NotInFacts`` where the facts do not hold what was asked.

    In another language than English things have their names of that language. A snapshot never changes, so its
    answers are cached.
    """
    if language != "en":
        answer = ask(question, snapshot)
        return snapshot.answers.get_or_make((language, question), lambda: names_read(answer, snapshot, language))
    try:
        return snapshot.answers.get_or_make(question, lambda: _ANSWERS[type(question)](question, snapshot))
    except QuestionError as error:
        error.lines = error.lines or tuple(_lines_instead(question, error))
        raise


def _lines_instead(question: q.Question, error: QuestionError) -> Iterator[tuple[str, str]]:
    """The lines that can be asked instead, each with what is shown for it."""
    if error.option:
        for shown, value in error.instead:
            yield shown, written(replace(question, **{error.option: value}))
    instead: list[dict[str, object]] = []
    match error.message.key:
        case "two_moments" | "moment_and_period":
            instead = [
                {name: None for name in ("within", "at", "during") if name != kept and hasattr(question, name)}
                for kept in ("within", "at", "during")
                if getattr(question, kept, None) is not None
            ]
        case "since_after_until" if isinstance(question, q.PricesChanges) and question.since and question.until:
            instead = [{"since": question.until, "until": question.since}]
    for options in instead:
        line = written(replace(question, **options))
        yield line, line
