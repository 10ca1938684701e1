"""Questions that the facts of a snapshot answer, as examples for people who ask for the first time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from salesbot.errors import SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse, written
from salesbot.questions.names import Names
from salesbot.questions.question import Question
from salesbot.storage.snapshot import Snapshot, sql

MOST_EXAMPLES = 4
COMPARED_AT = ("1h", "24h", "72h")
LARGEST_LAUNCHES = sql(
    "select launch, count(*) as rows from orders group by launch order by rows desc, launch limit 3", scans="orders"
)
MOVING_MODEL = sql(
    "select model_id, count(*) as rows from prices where model_id is not null and first_day is not null"
    " group by model_id order by rows desc, model_id limit 1",
    scans="prices",
)
SOME_EVENT = sql("select id from events order by rowid desc limit 1", scans="events")
SOME_CLAIMS = sql("select id from claims where kind = 'checkable' limit 5", scans="claims")


def examples(snapshot: Snapshot) -> tuple[Question, ...]:
    """At most four questions that have an answer, one of a kind."""
    return snapshot.cached("examples", lambda: tuple(_examples(snapshot)))


def _examples(snapshot: Snapshot) -> Iterator[Question]:
    names, count = Names(snapshot), 0
    for lines in _kinds(snapshot):
        for line in lines:
            question = _answered(line, names, snapshot)
            if question is not None:
                yield question
                count += 1
                break
        if count == MOST_EXAMPLES:
            return


def _answered(line: str, names: Names, snapshot: Snapshot) -> Question | None:
    try:
        question = parse(line, names)
        is_told = ask(question, snapshot).verdict != "cannot tell"
    except SalesbotError:
        return None
    return question if is_told else None


def _kinds(snapshot: Snapshot) -> Iterator[list[str]]:
    """Lines kind by kind, of each kind the likeliest first."""
    launches = [launch for launch, _ in snapshot.values(LARGEST_LAUNCHES)]
    yield [f"/orders total launch:{launch}" for launch in launches]
    pairs = list(combinations(launches, 2))
    yield [f"/orders compare launches:{','.join(pair)} within:{at}" for pair in pairs for at in COMPARED_AT]
    yield [f"/prices history model:{model}" for model, _ in snapshot.values(MOVING_MODEL)]
    yield [f"/claims check claim:{claim}" for (claim,) in snapshot.values(SOME_CLAIMS)]
    yield [f"/timeline when what:{event}" for (event,) in snapshot.values(SOME_EVENT)]
    yield [f"/orders progress launch:{launch}" for launch in launches]


def lines(snapshot: Snapshot) -> tuple[str, ...]:
    """The examples as lines."""
    return tuple(map(written, examples(snapshot)))
