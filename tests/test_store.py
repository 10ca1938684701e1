"""A snapshot holds what the pack says, is named by it, and cannot be written."""

import sqlite3
import subprocess
import sys

import pytest

from salesbot import packs as pack
from salesbot.errors import QuestionError
from salesbot.facts import TABLES, OrderFact
from salesbot.settings import seed_pack
from salesbot.storage.snapshot import Store
from salesbot.storage.snapshot_writer import build, open_store
from tests.packs import pack_folder


def test_every_row_of_the_pack_comes_back_as_it_was(seed_store):
    facts = pack.read(seed_pack())
    for table, model in TABLES.items():
        if table != "names":  # the store adds the names that things carry themselves
            assert sorted(seed_store.select(model, f"select * from {table}"), key=lambda row: row.id) == sorted(
                facts.rows(table), key=lambda row: row.id
            )


def test_equal_facts_are_one_snapshot_and_other_facts_another(tmp_path):
    one = pack.read(pack_folder(tmp_path / "a", orders="id,launch,metric,low,high\na,one,orders,1,1"))
    two = pack.read(pack_folder(tmp_path / "b", orders="id,launch,metric,low,high\na,one,orders,2,2"))
    folder = tmp_path / "snapshots"
    assert build(one, folder) == build(one, folder) != build(two, folder)
    assert len(list(folder.iterdir())) == 2  # nothing is left beside them


def test_tables_are_strict_and_numbers_exact(seed_store):
    database = sqlite3.connect(seed_store.path)
    strict = {name for _, name, kind, _, _, is_strict in database.execute("pragma table_list") if kind == "table" and is_strict}
    assert set(TABLES) <= strict
    assert database.execute("select typeof(low) from orders where id = 'su7-lock-in-rate-72h'").fetchone() == ("text",)
    database.close()


@pytest.mark.parametrize("query", ["delete from orders", "drop table orders", "attach 'x' as y", "pragma writable_schema = on"])
def test_a_store_only_reads(seed_store, query):
    with pytest.raises(sqlite3.DatabaseError):
        seed_store.values(query)


def test_a_query_that_runs_away_is_stopped(seed_store):
    with pytest.raises(QuestionError, match="too many"):
        seed_store.values("with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n")
    assert seed_store.values("select count(*) from launches") == [(4,)]


def test_the_version_names_pack_and_content(tmp_path):
    store = open_store(pack.read(pack_folder(tmp_path / "p")), tmp_path / "s")
    assert store.version.text.startswith("0+")
    assert store.version.loaded > 1_700_000_000
    again = Store(store.path, loaded=5)
    assert again.version.loaded == 5


def test_a_row_decodes_to_the_type_that_was_checked(seed_store):
    row = seed_store.select(OrderFact, "select * from orders where id = :id", id="su7-article-45000")[0]
    assert row.could_be == ("orders", "locked_orders", "deliveries")
    assert row.quantity.precision == 1000


MANY_THREADS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from salesbot.storage.snapshot import Store

sys.setswitchinterval(0.00001)
store = Store(Path(sys.argv[1]))
COUNT = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 30000) select count(*) from n"
asked = [f"{COUNT} where x > {n}" if n % 3 == 0 else f"select id, {n} from orders where launch = 'su7'" for n in range(600)]
with ThreadPoolExecutor(6) as threads:
    found = list(threads.map(store.values, asked))
print(sum(map(len, found)))
"""


def test_threads_ask_one_store_at_once_without_waiting_for_each_other_for_ever(seed_store):
    rows = len(seed_store.values("select id from orders where launch = 'su7'"))
    done = subprocess.run([sys.executable, "-c", MANY_THREADS, str(seed_store.path)], capture_output=True, text=True, timeout=100)
    assert done.stdout.strip() == str(200 + 400 * rows), done.stderr[-500:]
