"""Questions that the facts of a snapshot answer, as examples for people who ask for the first time."""

from __future__ import annotations

from collections.abc import Iterator

from salesbot.errors import SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse, written
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot, sql

MOST_EXAMPLES = 5
LARGEST_LAUNCHES = sql(
    "select launch, count(*) as rows from orders group by launch order by rows desc, launch limit 2", scans="orders"
)
MOVING_MODEL = sql(
    "select model_id, count(*) as rows from prices where model_id is not null and first_day is not null"
    " group by model_id order by rows desc, model_id limit 1",
    scans="prices",
)
SOME_EVENT = sql("select id from events order by rowid desc limit 1", scans="events")
SOME_CLAIM = sql("select id from claims limit 1", scans="claims")


def examples(snapshot: Snapshot) -> tuple[str, ...]:
    """At most five lines that have an answer, one of a kind."""
    return snapshot.cached("examples", lambda: tuple(_answered(snapshot)))


def _answered(snapshot: Snapshot) -> Iterator[str]:
    names, count = Names(snapshot), 0
    for line in _lines(snapshot):
        try:
            question = parse(line, names)
            ask(question, snapshot)
        except SalesbotError:
            continue
        yield written(question)
        count += 1
        if count == MOST_EXAMPLES:
            return


def _lines(snapshot: Snapshot) -> Iterator[str]:
    launches = [launch for launch, _ in snapshot.values(LARGEST_LAUNCHES)]
    for launch in launches[:1]:
        yield f"/orders total launch:{launch}"
        yield f"/orders progress launch:{launch}"
    if len(launches) == 2:
        yield f"/orders compare launches:{','.join(launches)} within:24h"
    for model, _ in snapshot.values(MOVING_MODEL):
        yield f"/prices history model:{model}"
    for (claim,) in snapshot.values(SOME_CLAIM):
        yield f"/claims check claim:{claim}"
    for (event,) in snapshot.values(SOME_EVENT):
        yield f"/timeline when what:{event}"
