"""/sources show: a source, and every fact that rests on it."""

from __future__ import annotations

from .expectation import Answer, Expectation
from .lines import Line
from .tables import Pack, cells

CITING = ("launches", "stores", "orders", "prices", "events", "claims")


def expect_source(pack: Pack, line: Line) -> Expectation:
    found = Expectation()
    id = line.options["id"].strip().casefold()
    if id not in pack.grades:
        found.exits("2: a source that there is not", 2)
        return found
    wanted = {(table, row["id"]) for table in CITING for row in pack.rows(table) if id in cells(row, "sources")}

    def test(answer: Answer) -> str | None:
        got = {(item.get("table"), item.get("id")) for item in answer.json.get("cited_by") or ()}
        return None if got == wanted else f"missing {sorted(wanted - got)}, extra {sorted(map(str, got - wanted))}"

    found.exits("3: a source is an answer", 0)
    found.custom("3 (json.md): cited_by lists each fact that rests on the source", test, str(sorted(wanted)))
    row = next(row for row in pack.rows("sources") if row["id"] == id)

    def cited(answer: Answer) -> str | None:
        got = [source for source in answer.json.get("sources") or () if source.get("id") == id]
        if not got:
            return "the source is not among sources"
        pairs = (
            ("publisher", "publisher"),
            ("title", "title"),
            ("date", "published"),
            ("url", "url"),
            ("grade", "grade"),
        )
        wrong = [key for key, column in pairs if (got[0].get(key) or "") != row[column]]
        return f"{', '.join(wrong)} differ" if wrong else None

    found.custom("3: a source's publisher, title, date, url and grade", cited, "as sources.csv has them")
    return found
