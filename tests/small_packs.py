"""Small packs in the pack's own notation: only the columns that matter are written in a test."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Callable
from pathlib import Path

from salesbot.answers.answer import Answer
from salesbot.errors import PackRefused, SalesbotError
from salesbot.facts import TABLES, columns
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.storage.snapshot import Snapshot
from salesbot.words import words_for

Ask = Callable[[str], Answer]


def asking(snapshot: Snapshot) -> Ask:
    """Ask a snapshot a slash line."""
    names = Names(snapshot)
    return lambda line: ask(parse(line, names), snapshot)


DEFAULTS = {
    "sources": """
        id,publisher,title,grade,link
        s1,Wire,A report,A,yes
        s2,Press,Another,B,yes
        s3,Copy,A copy,C,no
        s4,Known bad,A slip,D,no
    """,
    "names": """
        id,kind,name
        acme,brand,Acme
        one,model,One
        two,model,Two
        one,launch,One
        two,launch,Two
    """,
    "launches": """
        id,brand,model,market,currency,zone,opened,sources
        one,Acme,One,China,CNY,Asia/Shanghai,2024-03-28T22:00+08:00,s1
        two,Acme,Two,China,CNY,Asia/Shanghai,2024-04-28T22:00+08:00,s1
    """,
}
FILLED = {
    "stores": {"brand": "Acme", "place": "China", "status": "reported", "sources": "s1"},
    "orders": {
        "place": "China",
        "status": "reported",
        "sources": "s1",
        "period_from": "2024-03-28T22:00+08:00",
        "counting": "cumulative",
    },
    "prices": {
        "brand": "Acme",
        "model": "One",
        "trim": "Base",
        "region": "China",
        "currency": "CNY",
        "price_type": "list_price",
        "status": "reported",
        "sources": "s1",
    },
    "events": {"zone": "Asia/Shanghai", "sources": "s1"},
    "claims": {"speaker": "somebody", "statement": "It is so.", "kind": "checkable", "sources": "s1"},
}


def pack_folder(folder: Path, **tables: str) -> Path:
    """A pack folder with the tables given, the rest by default; missing columns are filled."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, model in TABLES.items():
        rows = list(csv.DictReader(io.StringIO(textwrap.dedent(tables.get(table, DEFAULTS.get(table, ""))).strip())))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns(model)), lineterminator="\n")
            writer.writeheader()
            writer.writerows(FILLED.get(table, {}) | row for row in rows)
    return folder


def text_of_error(error: SalesbotError) -> str:
    """What a person reads of an error."""
    text = words_for().error(error)
    return f"{text.message} {text.hint}".strip()


def text_of_problems(refused: PackRefused) -> list[str]:
    """What a person reads of each problem of a pack."""
    return [words_for().problem(problem) for problem in refused.problems]
