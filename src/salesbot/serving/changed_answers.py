"""Which answers a change of facts changes: the headline of each question it touches, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from salesbot.errors import SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.storage.difference import Difference
from salesbot.storage.snapshot import Store, sql
from salesbot.values.name_keys import name_key
from salesbot.words import plain, words_for

MOST_LINES = 200
LAUNCH_LINES = (
    "/orders total launch:{0}", "/orders total launch:{0} within:24h", "/orders total launch:{0} within:72h",
    "/orders stores launch:{0}",
)  # fmt: skip
CLAIM_IDS = sql("select id from claims order by rowid limit 100", reads_all="claims")
MODEL_IDS = sql("select distinct model_id from prices where id = :id and model_id is not null and model_id != 'all'")
LAUNCH_OF = {
    "orders": sql("select launch from orders where id = :id"),
    "stores": sql("select launch from stores where id = :id and launch is not null"),
}
BRAND_OF = sql("select brand from stores where id = :id and launch is null")
BRANDS = sql("select id, brand from launches", reads_all="launches")
IS_LAUNCH = sql("select 1 from launches where id = :id")


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A question whose headline differs; where it has no answer, the reason stands."""

    line: str
    before: str
    after: str


def changed_answers(before: Store, after: Store, found: Difference) -> list[AnswerChange]:
    """The questions that the difference touches and that now read otherwise."""
    lines = list(dict.fromkeys(_lines(before, after, found)))[:MOST_LINES]
    changes = (AnswerChange(line, _headline(line, before), _headline(line, after)) for line in lines)
    return [change for change in changes if change.before != change.after]


def _headline(line: str, store: Store) -> str:
    try:
        return plain(words_for().headline(ask(parse(line, Names(store)), store)))
    except SalesbotError as error:
        return error.message


def _lines(before: Store, after: Store, found: Difference) -> Iterator[str]:
    stores = (before, after)
    for launch in _launches(stores, found):
        yield from (line.format(launch) for line in LAUNCH_LINES)
    for model in _models(stores, found):
        yield f"/prices show model:{model}"
        yield f"/prices history model:{model}"
    for event in sorted(found.rows("events")):
        yield f"/timeline when what:{event}"
    for store in stores:
        for (id,) in store.values(CLAIM_IDS):
            yield f"/claims check claim:{id}"


def _launches(stores: Iterable[Store], found: Difference) -> list[str]:
    launches = dict.fromkeys(found.rows("launches"))
    for store in stores:
        for table, query in LAUNCH_OF.items():
            for row in sorted(found.rows(table)):
                launches |= dict.fromkeys(id for (id,) in store.values(query, id=row))
                if table == "stores":
                    launches |= dict.fromkeys(_launches_of_brand(store, row))
    return [launch for launch in launches if any(_is_launch(store, launch) for store in stores)]


def _launches_of_brand(store: Store, row: str) -> Iterator[str]:
    for (brand,) in store.values(BRAND_OF, id=row):
        for id, of in store.values(BRANDS):
            if name_key(of) == name_key(brand):
                yield id


def _is_launch(store: Store, id: str) -> bool:
    return bool(store.values(IS_LAUNCH, id=id))


def _models(stores: Iterable[Store], found: Difference) -> list[str]:
    models = (id for store in stores for row in sorted(found.rows("prices")) for (id,) in store.values(MODEL_IDS, id=row))
    return list(dict.fromkeys(models))
