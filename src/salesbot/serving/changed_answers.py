"""Which answers a change of facts changes: the headline of each question it touches, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from salesbot.errors import SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.storage.difference import Difference
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.words import plain, words_for

MOST_LINES = 200
LONGEST_ANSWER = 4000
LAUNCH_LINES = (
    "/orders total launch:{0}",
    "/orders total launch:{0} within:24h",
    "/orders total launch:{0} within:72h",
    "/orders stores launch:{0}",
)
CLAIM_IDS = sql("select id from claims order by rowid limit 100", scans="claims")
MODEL_IDS = sql("select distinct model_id from prices where id = :id and model_id is not null and model_id != 'all'")
LAUNCH_OF = {
    "orders": sql("select launch from orders where id = :id"),
    "stores": sql("select launch from stores where id = :id and launch is not null"),
}
BRAND_OF = sql("select brand_id from stores where id = :id and launch is null")
LAUNCHES_OF_BRAND = sql("select id from launches where brand_id = :brand limit 50", scans="launches")
IS_LAUNCH = sql("select 1 from launches where id = :id")


class AnswerChange(Struct, frozen=True):
    """A question whose answer differs: its headline before and after, and the whole answers.

    Where it has no answer, the reason stands instead. Headlines are equal where only the working or a source differs.
    """

    line: str
    before: str
    after: str
    whole_before: str = ""
    whole_after: str = ""


def changed_answers(before: Snapshot, after: Snapshot, difference: Difference) -> list[AnswerChange]:
    """The questions that the difference touches and that are now answered otherwise."""
    lines = list(dict.fromkeys(_lines(before, after, difference)))[:MOST_LINES]
    changes = (AnswerChange(line, *_both(_told(line, before), _told(line, after))) for line in lines)
    found = [change for change in changes if change.whole_before != change.whole_after]
    return sorted(found, key=lambda change: change.before == change.after)  # changed headlines first


def _both(before: tuple[str, str], after: tuple[str, str]) -> tuple[str, str, str, str]:
    return before[0], after[0], before[1][:LONGEST_ANSWER], after[1][:LONGEST_ANSWER]


def _told(line: str, snapshot: Snapshot) -> tuple[str, str]:
    """The headline of an answer, and all of it that does not say when the facts were loaded."""
    words = words_for()
    try:
        text = words.answer(ask(parse(line, Names(snapshot)), snapshot))
    except SalesbotError as error:
        return words.error(error).message, words.error(error).message
    figures = (f"{figure.value} {figure.label} ({figure.detail})" for figure in (*text.figures, *text.operands))
    sources = (source.text for source in text.sources)
    whole = (
        text.headline,
        text.lead,
        *figures,
        *text.workings,
        *text.caveats,
        *text.missing,
        *text.passed_over,
        *sources,
    )
    return plain(text.headline), plain("\n".join(filter(None, whole)))


def _lines(before: Snapshot, after: Snapshot, difference: Difference) -> Iterator[str]:
    snapshots = (before, after)
    for launch in _launches(snapshots, difference):
        yield from (line.format(launch) for line in LAUNCH_LINES)
    for model in _models(snapshots, difference):
        yield f"/prices show model:{model}"
        yield f"/prices history model:{model}"
    for event in sorted(difference.rows("events")):
        yield f"/timeline when what:{event}"
    for snapshot in snapshots:
        for (id,) in snapshot.values(CLAIM_IDS):
            yield f"/claims check claim:{id}"


def _launches(snapshots: Iterable[Snapshot], difference: Difference) -> list[str]:
    launches = dict.fromkeys(sorted(difference.rows("launches")))
    for snapshot in snapshots:
        for table, query in LAUNCH_OF.items():
            for row in sorted(difference.rows(table)):
                launches |= dict.fromkeys(id for (id,) in snapshot.values(query, id=row))
                for (brand,) in snapshot.values(BRAND_OF, id=row) if table == "stores" else ():
                    launches |= dict.fromkeys(id for (id,) in snapshot.values(LAUNCHES_OF_BRAND, brand=brand))
    return [launch for launch in launches if any(snapshot.values(IS_LAUNCH, id=launch) for snapshot in snapshots)]


def _models(snapshots: Iterable[Snapshot], difference: Difference) -> list[str]:
    rows = sorted(difference.rows("prices"))
    models = (id for snapshot in snapshots for row in rows for (id,) in snapshot.values(MODEL_IDS, id=row))
    return list(dict.fromkeys(models))
