"""Rows that need no look of their own: checked as if each had been looked at, whatever stood before."""

import random
from unittest.mock import Mock

import pytest

from salesbot.errors import PackRefused
from salesbot.facts import TABLES, columns, row_cells
from salesbot.packs import checks
from salesbot.packs.cell_text import unescaped
from salesbot.packs.checks import PackChecker, Sheet
from salesbot.packs.known_rows import KnownRows
from salesbot.words import words_for

# of each column some texts that are right, then some that are wrong or are right beside others only
TEXTS: dict[str, tuple[list[str], list[str]]] = {
    "launch": (["one", "two", " one "], ["three", "", "One"]),
    "metric": (["orders", "deliveries"], ["refund_rate", "unstated", "sales", ""]),
    "stores.metric": (["sales_stores", "display_stores"], ["orders", "cities", ""]),
    "could_be": (["", "orders;deliveries"], ["unstated", "nothing"]),
    "low": (
        ["", "5", "6", "7"],
        ["1", "0", "99", "0.5", "12.25", "07", "2", "35%", "0.5", "9.999", "20.000", "-3", "1e5"],
    ),
    "high": (["", "10", "99", "100"], ["0", "1", "9", "3", "0.5", "12.25", "35%", "0.25", "5.125", "-1", "many"]),
    "stated": (["", "range"], ["exact", "about", "at_least", "at_most", "roughly"]),
    "precision": (["", "100"], ["1.5"]),
    "counting": (["", "cumulative"], ["sum"]),
    "period_from": (["", "2024-03-28", "2024-03", "2024-03-28T22:00+08:00"], ["2024-05", "soon"]),
    "period_to": (["", "2024-04", "2024-04-29T22:00+08:00"], ["2024-02", "2024-03-28", "2024-03"]),
    "place": (["China", "", "Beijing"], ["n/a", "x\u200b"]),
    "said_by": (["Acme;Other", ""], []),
    "status": (["reported", "revised", " reported"], ["maybe", ""]),
    "superseded_by": ([""], ["a3", "a7", "nobody"]),
    "sources": (["s1", "s2;s1", "s2"], ["s9", "", "s1;s9"]),
    "note": (["", "a note", "'=said"], []),
    "variant": (["", "Long"], []),
    "brand": (["Acme", "acme"], ["Nobody", ""]),
    "model": (["One", "Two", ""], ["Three"]),
    "trim": (["", "Base"], []),
    "region": (["China"], [""]),
    "currency": (["CNY", "EUR"], ["RMB"]),
    "price_type": (["list_price", "discount"], ["subsidy", "price"]),
    "previous": (["", "30"], ["10%", "1.5"]),
    "change_low": (["", "5"], ["100", "-10", "5%"]),
    "change_high": (["", "20"], ["1", "-15"]),
    "valid_from": (["2024-03", "", "2024-03-28"], ["2024-06"]),
    "valid_to": (["", "2024-05"], ["2024-03-28", "2023"]),
    "announced": (["", "2024-03-01"], ["March"]),
    "channel": (["", "shop"], ["web"]),
    "name": (["Shown", "Sold"], [""]),
    "who": (["Acme", ""], []),
    "at": (["2024-03-28T10:00+08:00", "2024-03"], ["today"]),
    "zone": (["Asia/Shanghai", "UTC+8"], ["Nowhere/City"]),
    "same_as": ([""], ["a3", "a7", "nobody"]),
    "gross": (["", "yes"], ["perhaps"]),
}
FEW = {
    "sources": ["id,publisher,title,grade,link", "s1,Paper,One,A,yes", "s2,Paper,Two,A,yes"],
    "names": ["id,kind,name", "acme,brand,Acme", "one,model,One", "two,model,Two"],
    "launches": [
        "id,brand,model,market,currency,zone,sources",
        "one,Acme,One,China,CNY,Asia/Shanghai,s1",
        "two,Acme,Two,China,CNY,Asia/Shanghai,s1",
    ],
}


def rows_of(table: str, chance: random.Random, wrong: float, count: int) -> list[list[str]]:
    """Rows of random texts; of each cell the share ``wrong`` is taken from the texts that may be wrong."""
    found = []
    for number in range(count):
        cells = [f"a{number if chance.random() > wrong / 10 else 5}"]
        for name in list(columns(TABLES[table]))[1:]:
            right, others = TEXTS.get(f"{table}.{name}") or TEXTS[name]
            cells.append(chance.choice(others if others and chance.random() < wrong else right))
        found.append(cells)
    return found


def checked(table: str, rows: list[list[str]]) -> tuple[object, ...]:
    """What a checker hands on, and what it says of a pack with such a table."""
    taken = []

    def take(table, numbers, cells, rows):
        taken.extend(zip([table] * len(numbers), numbers, cells, map(row_cells, rows), strict=True))

    checker = PackChecker(take)
    for name, (header, *texts) in FEW.items():
        checker.check(Sheet(name, header.split(","), list(enumerate((t.split(",") for t in texts), 2)), unescaped))
    checker.check(Sheet(table, list(columns(TABLES[table])), list(enumerate(rows, 2)), unescaped))
    try:
        checker.finish("pack")
    except PackRefused as refused:
        return taken, [words_for().problem(problem) for problem in refused.problems], refused.problems
    return taken, checker.counts


@pytest.mark.parametrize("table", ["orders", "stores", "prices", "events"])
@pytest.mark.parametrize("wrong", [0.0, 0.003, 0.02])
def test_they_are_taken_or_refused_as_if_each_had_been_looked_at(table, wrong, monkeypatch):
    monkeypatch.setattr(checks, "BATCH", 20)
    looked_at = Mock()
    check_row = PackChecker._check_row
    monkeypatch.setattr(PackChecker, "_check_row", lambda *given: (looked_at(), check_row(*given))[1])
    for seed in range(12):
        rows = rows_of(table, random.Random(seed), wrong, 300)
        found = checked(table, rows)
        with monkeypatch.context() as slowly:
            slowly.setattr(KnownRows, "unlike", lambda self, said: set(range(len(said[0]) if said else 0)))
            slowly.setattr(PackChecker, "_check_row", check_row)
            assert checked(table, rows) == found
        assert wrong or len(found[0]) == 7 + 300
    assert wrong or looked_at.call_count < 12 * 300 / 2


@pytest.mark.parametrize("table", ["orders", "prices"])
def test_fewer_rows_at_once_are_all_checked(table, monkeypatch):
    for seed in range(3):
        rows = rows_of(table, random.Random(seed), 0.003, 300)
        found = checked(table, rows)
        with monkeypatch.context() as slowly:
            slowly.setattr(checks, "BATCH", 1)
            assert checked(table, rows) == found


def test_a_known_row_with_the_id_of_another_is_refused(monkeypatch):
    monkeypatch.setattr(checks, "BATCH", 10)
    rows = rows_of("events", random.Random(1), 0, 1) * 20
    for number, row in enumerate(rows):
        rows[number] = [f"a{number}", *row[1:]]
    assert len(checked("events", rows)[0]) == 7 + 20
    rows[15] = [rows[14][0], *rows[15][1:]]
    assert [(p.row, p.column) for p in checked("events", rows)[-1]] == [(17, "id")]


@pytest.mark.parametrize(("to", "key"), [("a7", ""), ("nobody", "id_of_table"), ("a3", "superseded_by_circle")])
def test_what_a_known_row_says_of_its_table_is_looked_at(to, key, monkeypatch):
    monkeypatch.setattr(checks, "BATCH", 10)
    rows = [[f"a{n}", *row[1:]] for n, row in enumerate(rows_of("orders", random.Random(1), 0, 1) * 20)]
    place = list(columns(TABLES["orders"])).index("superseded_by")
    rows[15][place], rows[3][place] = to, "a15"
    found = checked("orders", rows)
    assert [problem.expected.key for problem in found[-1]] == [key] if key else len(found[0]) == 7 + 20


@pytest.mark.parametrize(
    ("before", "then", "is_known"),
    [
        ("low=5 high=9", "low=7 high=8", True),
        ("low=5 high=9", "low=9 high=5", False),
        ("low=5 high=9", "low=5.5 high=9", False),
        ("low=5 high=9", "low=50% high=9", False),
        ("low=1 high=1", "low=0 high=0", True),
        ("low=1 high=1", "low=2 high=2", False),
        ("low=0.5 high=", "low=50% high=", False),
        ("low=0.5 high=0.5", "low=0.25 high=0.25", True),
        ("low=0.5 high=0.5", "low=1.5 high=1.5", False),
        ("low=0.5 high=0.5", "low=0.125 high=0.125", False),
        ("low=12.5 high=12.5", "low=7.25 high=7.25", True),
        ("low=12.5 high=12.5", "low=12 high=12", False),
        ("low=12.5 high=12.5", "low=7.00 high=7.00", False),
        ("low=12.5 high=12.5", "low=-7.5 high=-7.5", False),
        ("low=5 high=5 stated=exact", "low=5 high=6 stated=exact", False),
        ("low=5 high=", "low= high=5", False),
        ("low=5 high=", "low=5 high= could_be=orders", False),
        ("low=5 high= note=a", "low=6 high= note=b said_by=c id=z", True),
        ("low=5 high= launch=one", "low=5 high= launch=two", False),
        ("low=5 high= period_from=2024 period_to=2025", "low=5 high= period_from=2025 period_to=2025", False),
        ("low=5 high=", "low=5 high= superseded_by=a", True),  # what it names is looked at beside
    ],
)
def test_a_row_is_known_by_each_of_its_cells_and_the_groups_of_them(before, then, is_known):
    names = list(columns(TABLES["orders"]))

    def texts(said: str) -> dict[str, list[str]]:
        return {name: [dict(part.split("=") for part in said.split()).get(name, "")] for name in names}

    known = KnownRows(TABLES["orders"], ("launch", "metric", "could_be", "sources"))
    said = known.said(texts(before))
    assert known.unlike(said) == {0}
    known.learn(said, [])
    assert known.unlike(said) == {0}
    known.learn(said, [0])
    assert (known.unlike(known.said(texts(then))) == set()) is is_known
