"""What an upload would change: cell by cell, and in the answers."""

import pytest
from packs import pack_folder

from salesbot import pack
from salesbot.consequences import changed_answers
from salesbot.difference import CellChange, difference
from salesbot.store import open_store

ONE = {
    "orders": "id,launch,metric,low,high,period_to\na,one,orders,10,10,2024-03-31T22:00+08:00\nb,one,deliveries,1,1,2024-04-30",
    "prices": "id,low,high,valid_from\np,100,100,2024-03-28",
    "events": "id,name,at\nx,First,2024-03-28",
    "claims": "id,checks,expects\nc,/prices show model:one on:2024-04-10,100",
}


@pytest.fixture
def facts(tmp_path):
    def of(name, **changes):
        tables = dict(ONE)
        for table, (old, new) in changes.items():
            assert old in tables[table]
            tables[table] = tables[table].replace(old, new)
        return pack.read(pack_folder(tmp_path / name, **tables))

    return of


def test_rows_are_added_removed_and_changed_cell_by_cell(facts):
    after = facts("new", orders=("a,one,orders,10,10", "a,one,orders,12,12"), events=("x,First", "y,Second"))
    found = difference(facts("old"), after)
    orders, events = found.tables
    assert orders.changed == (CellChange("a", "low", "10", "12"), CellChange("a", "high", "10", "12"))
    assert (events.added, events.removed) == (("y",), ("x",))
    assert found.rows("orders") == {"a"}


def test_the_order_of_rows_and_spelling_of_numbers_is_no_difference(facts):
    turned = facts("new", orders=("a,one,orders,10,10", "a,one,orders,10.0,10"))
    assert difference(facts("old"), turned).is_empty


def test_the_answers_that_change_are_shown_before_and_after(facts, tmp_path):
    before, after = facts("old"), facts("new", prices=("100,100", "90,90"))
    stores = [open_store(found, tmp_path / "s") for found in (before, after)]
    changes = {c.line: (c.before, c.after) for c in changed_answers(*stores, difference(before, after))}
    assert changes["/prices show model:one"] == ("One Base, last known: 100 CNY (list price)", "One Base, last known: 90 CNY (list price)")
    assert changes["/claims check claim:c"][1].startswith("Disagrees with the facts")
    assert "/orders total launch:one" not in changes


def test_an_answer_that_stops_being_one_says_why(facts, tmp_path):
    before, after = facts("old"), facts("new", prices=("p,100,100,2024-03-28", ""))
    stores = [open_store(found, tmp_path / "s") for found in (before, after)]
    changes = {c.line: c.after for c in changed_answers(*stores, difference(before, after))}
    assert "hold no list price of One" in changes["/prices show model:one"]


def test_a_snapshot_gives_back_the_pack_it_was_built_from(facts, tmp_path):
    before = facts("old")
    assert difference(before, open_store(before, tmp_path / "s").facts()).is_empty
    assert pack.content_hash(open_store(before, tmp_path / "s").facts()) == pack.content_hash(before)
