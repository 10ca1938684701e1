"""A snapshot is built of rows that come one by one; what questions would read from end to end is found out."""

import sqlite3
from contextlib import closing

import pytest

from benchmarks.big_pack import big_pack
from salesbot.serving.ingest import ingest_folder
from salesbot.storage import lookups
from salesbot.storage import snapshot as snapshot_module
from salesbot.storage.lookups import name_endings
from salesbot.storage.snapshot import Snapshot, sql
from tests.small_packs import asking, pack_folder


@pytest.fixture
def declared(monkeypatch):
    monkeypatch.setattr(snapshot_module, "DECLARED", dict(snapshot_module.DECLARED))


def test_no_question_reads_a_large_table_from_end_to_end(tmp_path):
    snapshot = Snapshot(ingest_folder(big_pack(tmp_path / "big", 20_000), tmp_path / "s"))
    assert snapshot.rows_by_table["orders"] > 10_000


def test_a_query_that_would_read_a_large_table_stops_the_build(tmp_path, declared):
    sql("select * from orders where said_by = :who")
    with pytest.raises(RuntimeError, match="said_by = :who' scans orders"):
        ingest_folder(big_pack(tmp_path / "big", 20_000), tmp_path / "s")
    assert list((tmp_path / "s").iterdir()) == []


def test_a_query_may_say_that_it_means_to(tmp_path, declared):
    sql("select * from orders where said_by = :who", scans="orders")
    ingest_folder(big_pack(tmp_path / "big", 5_000), tmp_path / "s")


def test_every_query_that_is_asked_was_declared(seed_snapshot, monkeypatch):
    asked = set()
    values = Snapshot.values

    def noted(self, query, /, *most, **parameters):
        asked.add(query)
        return values(self, query, *most, **parameters)

    monkeypatch.setattr(Snapshot, "values", noted)
    ask = asking(Snapshot(seed_snapshot.path))
    for line in (
        "/orders total launch:su7 within:72h",
        "/prices changes since:2024-03-01 until:2024-04-30",
        "/claims list",
        "/timeline events",
    ):
        ask(line)
    assert len(asked) > 8
    assert asked <= snapshot_module.DECLARED.keys()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Model Y RWD", ["yrwd", "rwd"]),
        ("SU7", ["7"]),
        ("小米汽车", ["米汽车", "汽车", "车"]),
        ("one", []),
        ("", []),
        ("a-b", ["b"]),
    ],
)
def test_a_name_is_found_by_each_of_its_words(name, expected):
    assert list(name_endings(name)) == expected


def test_a_snapshot_says_how_long_its_spans_are(tmp_path):
    folder = pack_folder(
        tmp_path / "p",
        prices="id,low,high,valid_from\np,1,1,2024\nq,2,2,2024-03-01",
        events="id,name,at\nx,X,2024-02-01/2024-02-11",
    )
    snapshot = Snapshot(ingest_folder(folder, tmp_path / "s"))
    assert (snapshot.longest["prices"].days, snapshot.longest["events"].days) == (365, 10)


def test_a_source_is_listed_with_what_cites_it_up_to_a_number(tmp_path, monkeypatch):
    monkeypatch.setattr(lookups, "MOST_CITED", 3)
    cells = ["s1"] * 4 + ["s1;s2"] * 2 + ["s2"] * 4
    folder = pack_folder(
        tmp_path / "p",
        sources="id,publisher,title,grade,link\ns1,A,A,A,yes\ns2,B,B,A,yes",
        events="id,name,at,sources\n" + "\n".join(f"e{n},E,2024,{cell}" for n, cell in enumerate(cells)),
    )
    with closing(sqlite3.connect(ingest_folder(folder, tmp_path / "s"))) as database:
        cited = database.execute("select source, fact from citations where kind = 'events'").fetchall()
    by_source = {source: [fact for cited_source, fact in cited if cited_source == source] for source in ("s1", "s2")}
    assert by_source["s2"] == ["e4", "e5", "e6"]
    assert len(by_source["s1"]) <= 3


@pytest.mark.parametrize(
    ("status", "period_to", "until"),
    [
        ("reported", "2024-05", "2024-04-30"),
        ("revised", "2024-05-02T10:00+08:00", "2024-05-02"),
        ("target", "2025-05", "2024-03-01"),
        ("rumour", "2025-05", "2024-03-01"),
        ("reported", "", "2024-03-01"),
    ],
)
def test_a_snapshot_says_the_last_day_that_it_tells_of(tmp_path, status, period_to, until):
    folder = pack_folder(
        tmp_path / "p",
        orders=f"id,launch,metric,low,high,status,period_to\na,one,orders,1,1,{status},{period_to}",
        prices="id,low,high,valid_from,valid_to\np,1,1,2024-02,2026-01-01",
        events="id,name,at\nx,X,2024-03-01",
    )
    assert str(Snapshot(ingest_folder(folder, tmp_path / "s")).version.until) == until


def test_a_price_of_a_whole_year_is_in_a_window_inside_it(facts):
    moves = facts(prices="id,low,high,valid_from\np,100,100,2023-01-01\nq,90,90,2024")(
        "/prices changes since:2024-06-01 until:2024-06-30"
    )
    assert "q" in {figure.id for figure in moves.figures}


def test_an_event_known_to_the_year_only_is_listed_in_a_month_of_it(facts):
    found = facts(events="id,name,at\nx,X,2024\ny,Y,2023-11-05")("/timeline events since:2024-06-01 until:2024-06-30")
    assert [event.side.id for event in found.result.events] == ["x"]


def test_strict_tables_beside_the_packs_own(seed_snapshot):
    database = sqlite3.connect(seed_snapshot.path)
    strict = {
        name
        for _, name, kind, _, _, is_strict in database.execute("pragma table_list")
        if kind == "table" and is_strict
    }
    assert {"citations", "name_endings", "same_events", "events_who", "meta"} <= strict
    database.close()


@pytest.mark.parametrize("rows", [1_500, 5_000])
def test_a_large_table_may_be_of_one_launch_or_model_alone(tmp_path, rows):
    folder = pack_folder(
        tmp_path / "p",
        orders="id,launch,metric,low,high,period_to\n"
        + "\n".join(
            f"o{n},one,orders,{n},{n},2024-03-{29 + n % 2}T{n % 24:02}:{n // 24 % 60:02}+08:00" for n in range(rows)
        ),
        prices="id,low,high,valid_from\n"
        + "\n".join(f"p{n},{n + 9},{n + 9},2024-04-{n % 28 + 1:02}" for n in range(rows)),
        stores="id,launch,metric,low,high,valid_from\n"
        + "\n".join(f"s{n},one,sales_stores,{n},{n},2024-04-{n % 28 + 1:02}" for n in range(rows)),
    )
    snapshot = Snapshot(ingest_folder(folder, tmp_path / "s"))
    assert snapshot.rows_by_table["orders"] == rows
