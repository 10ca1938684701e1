"""What an upload would change: cell by cell, and in the answers."""

import random
import sqlite3
from contextlib import closing

import pytest

from salesbot.facts import content_hash
from salesbot.packs.reading import read_pack
from salesbot.serving.changed_answers import changed_answers
from salesbot.storage.difference import MOST_LISTED, difference
from salesbot.storage.snapshot import Snapshot
from salesbot.storage.snapshot_writer import open_facts, write_snapshot
from tests.small_packs import pack_folder

ONE = {
    "orders": "id,launch,metric,low,high,period_to\na,one,orders,10,10,2024-03-31T22:00+08:00\nb,one,deliveries,1,1,2024-04-30",
    "prices": "id,low,high,valid_from\np,100,100,2024-03-28",
    "events": "id,name,at\nx,First,2024-03-28",
    "claims": "id,checks,expects\nc,/prices show model:one on:2024-04-10,100",
}


@pytest.fixture
def snapshot(tmp_path):
    def of(name, **changes):
        tables = dict(ONE)
        for table, (old, new) in changes.items():
            assert old in tables[table]
            tables[table] = tables[table].replace(old, new)
        return write_snapshot(read_pack(pack_folder(tmp_path / name, **tables)), tmp_path / "s")

    return of


def test_rows_are_added_removed_and_changed_cell_by_cell(snapshot):
    after = snapshot("new", orders=("a,one,orders,10,10", "a,one,orders,12,12"), events=("x,First", "y,Second"))
    found = difference(snapshot("old"), after)
    orders, events = found.tables
    changes = [(change.row, change.column, change.before, change.after) for change in orders.changed.first]
    assert changes == [("a", "low", "10", "12"), ("a", "high", "10", "12")]
    assert dict(orders.changed.first[0].cells)["high"] == "12"
    [added], [removed] = events.added.first, events.removed.first
    assert (added.name, dict(added.cells)["name"]) == ("y", "Second")
    assert (removed.name, dict(removed.cells)["name"]) == ("x", "First")
    assert found.rows("orders") == {"a"}


def test_the_order_of_rows_and_spelling_of_numbers_is_no_difference(snapshot):
    turned = snapshot("new", orders=("a,one,orders,10,10", "a,one,orders,10.0,10"))
    assert difference(snapshot("old"), turned).is_empty


@pytest.mark.parametrize("seed", range(8))
def test_rows_are_told_by_their_ids_wherever_they_stand(tmp_path, seed):
    chance = random.Random(seed)
    before = {f"e{n}": str(chance.randrange(3)) for n in range(30)}
    after = {id: chance.choice((name, name, name, "9")) for id, name in before.items() if chance.random() < 0.9}
    after |= {f"new{n}": "1" for n in range(chance.randrange(1, 12))}
    orders = [list(before), list(after)]
    if seed % 2:
        chance.shuffle(orders[1])

    def written(name, rows, order):
        events = "id,name,at\n" + "\n".join(f"{id},N {rows[id]},2024" for id in order)
        return write_snapshot(read_pack(pack_folder(tmp_path / name, events=events)), tmp_path / "s")

    found = difference(written("old", before, orders[0]), written("new", after, orders[1]))
    for table in found.tables:
        assert table.table == "events"
        assert [row.name for row in table.added.first] == [id for id in orders[1] if id not in before]
        assert [row.name for row in table.removed.first] == [id for id in orders[0] if id not in after]
        assert [change.row for change in table.changed.first] == [
            id for id in orders[1] if id in before and before[id] != after[id]
        ]
    assert len(found.tables) == 1


def test_the_answers_that_change_are_shown_before_and_after(snapshot):
    before, after = snapshot("old"), snapshot("new", prices=("100,100", "90,90"))
    snapshots = [Snapshot(path) for path in (before, after)]
    changes = {c.line: (c.before, c.after) for c in changed_answers(*snapshots, difference(before, after))}
    assert changes["/prices show model:one"] == (
        "One Base, last known: 100 CNY (list price)",
        "One Base, last known: 90 CNY (list price)",
    )
    assert changes["/claims check claim:c"][1].startswith("Disagrees with the facts")
    assert "/orders total launch:one" not in changes


def test_an_answer_that_stops_being_one_says_why(snapshot):
    before, after = snapshot("old"), snapshot("new", prices=("p,100,100,2024-03-28", ""))
    snapshots = [Snapshot(path) for path in (before, after)]
    changes = {c.line: c.after for c in changed_answers(*snapshots, difference(before, after))}
    assert "hold no list price of One" in changes["/prices show model:one"]


def test_a_snapshot_gives_back_the_pack_it_was_built_from(tmp_path):
    facts = read_pack(pack_folder(tmp_path / "p", **ONE))
    snapshot = open_facts(facts, tmp_path / "s")
    assert snapshot.facts() == facts
    assert snapshot.content == content_hash(snapshot.facts()) == content_hash(facts)


def test_aliases_are_told_by_what_they_name_and_how(tmp_path):
    old = "id,kind,name\nacme,brand,Acme\none,model,One\none,launch,One\ntwo,model,Two\ntwo,launch,Two"
    before, after = (
        write_snapshot(read_pack(pack_folder(tmp_path / name, names=names)), tmp_path / "s")
        for name, names in (("a", old), ("b", old.replace("acme,brand,Acme", "acme,brand,Acme\nacme,brand,ACME Ltd")))
    )
    (names,) = difference(before, after).tables
    assert [row.name for row in names.added.first] == ["brand acme: ACME Ltd"]
    assert (names.removed.count, names.changed.count) == (0, 0)


def test_an_alias_is_new_also_where_a_row_named_itself_so(tmp_path):
    old = "id,kind,name,language\nacme,brand,Acme,\none,model,One,\ntwo,model,Two,\none,launch,One,\ntwo,launch,Two,"
    first = write_snapshot(read_pack(pack_folder(tmp_path / "a", names=old)), tmp_path / "s")
    with closing(sqlite3.connect(first)) as connection:
        [(place,)] = connection.execute("select rowid from names where name = 'China'")
    more = [f"acme,brand,Acme {n}," for n in range(6, place)] + ["cn,place,China,en"]
    then = write_snapshot(read_pack(pack_folder(tmp_path / "b", names="\n".join((old, *more)))), tmp_path / "s")
    (names,) = difference(first, then).tables
    assert names.added.first[-1].name == "place cn: China"
    assert names.added.count == len(more)


def test_an_alias_that_stood_twice_and_stands_once_is_told(tmp_path):
    old = "id,kind,name,language\nacme,brand,Acme,en\nacme,brand,Acme,zh\none,model,One,\ntwo,model,Two,"
    before, after = (
        write_snapshot(read_pack(pack_folder(tmp_path / name, names=names)), tmp_path / "s")
        for name, names in (("a", old), ("b", old.replace("\nacme,brand,Acme,zh", "")))
    )
    assert not difference(before, after).is_empty


def test_of_many_rows_the_first_are_listed_and_all_are_counted(tmp_path):
    rows = "id,launch,metric,low,high\n" + "\n".join(f"a{n},one,orders,{n},{n}" for n in range(MOST_LISTED + 7))
    before, after = (
        write_snapshot(read_pack(pack_folder(tmp_path / name, orders=orders)), tmp_path / "s")
        for name, orders in (("a", "id,launch,metric,low,high"), ("b", rows))
    )
    (orders,) = difference(before, after).tables
    assert (len(orders.added.first), orders.added.count) == (MOST_LISTED, MOST_LISTED + 7)
