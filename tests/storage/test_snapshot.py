"""A snapshot holds what the pack says, is named by it, and cannot be written."""

import sqlite3
import subprocess
import sys

import pytest

from salesbot.errors import DamagedSnapshot, QuestionError
from salesbot.facts import TABLES, OrderFact
from salesbot.packs.reading import read_pack
from salesbot.settings import seed_pack
from salesbot.storage.lru_cache import LruCache
from salesbot.storage.snapshot import LAYOUT, Caches, Snapshot
from salesbot.storage.snapshot_writer import open_facts, write_snapshot
from tests.small_packs import pack_folder, text_of_error


def test_every_row_of_the_pack_comes_back_as_it_was(seed_snapshot):
    facts = read_pack(seed_pack())
    for table, model in TABLES.items():
        if table != "names":  # the snapshot adds the names that things carry themselves
            assert sorted(seed_snapshot.select(model, f"select * from {table}"), key=lambda row: row.id) == sorted(
                facts.rows(table), key=lambda row: row.id
            )


def test_equal_facts_are_one_snapshot_and_other_facts_another(tmp_path):
    one = read_pack(pack_folder(tmp_path / "a", orders="id,launch,metric,low,high\na,one,orders,1,1"))
    two = read_pack(pack_folder(tmp_path / "b", orders="id,launch,metric,low,high\na,one,orders,2,2"))
    folder = tmp_path / "snapshots"
    assert write_snapshot(one, folder) == write_snapshot(one, folder) != write_snapshot(two, folder)
    assert len(list(folder.iterdir())) == 2  # nothing is left beside them


def test_tables_are_strict_and_numbers_exact(seed_snapshot):
    database = sqlite3.connect(seed_snapshot.path)
    strict = {
        name
        for _, name, kind, _, _, is_strict in database.execute("pragma table_list")
        if kind == "table" and is_strict
    }
    assert set(TABLES) <= strict
    assert database.execute("select typeof(low) from orders where id = 'su7-lock-in-rate-72h'").fetchone() == ("text",)
    database.close()


@pytest.mark.parametrize(
    "query", ["delete from orders", "drop table orders", "attach 'x' as y", "pragma writable_schema = on"]
)
def test_a_snapshot_only_reads(seed_snapshot, query):
    with pytest.raises(DamagedSnapshot) as refused:
        seed_snapshot.values(query)
    assert "not authorized" in str(refused.value.__cause__)
    assert seed_snapshot.values("select count(*) from launches") == [(4,)]


def test_a_query_that_runs_away_is_stopped(seed_snapshot):
    with pytest.raises(QuestionError) as stopped:
        seed_snapshot.values("with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n")
    assert "too many" in text_of_error(stopped.value)
    assert seed_snapshot.values("select count(*) from launches") == [(4,)]


def test_the_version_names_pack_and_content(tmp_path):
    snapshot = open_facts(read_pack(pack_folder(tmp_path / "p")), tmp_path / "s")
    assert snapshot.version.text == f"0+{snapshot.content[:8]}"
    assert snapshot.path.name == f"0-{snapshot.content}-v{LAYOUT}.sqlite"
    assert snapshot.version.loaded > 1_700_000_000
    again = Snapshot(snapshot.path, loaded=5)
    assert again.version.loaded == 5


def test_a_row_decodes_to_the_type_that_was_checked(seed_snapshot):
    row = seed_snapshot.select(OrderFact, "select * from orders where id = :id", id="su7-article-45000")[0]
    assert row.could_be == ("orders", "locked_orders", "deliveries")
    assert row.precision == 1000


MANY_THREADS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from salesbot.storage.snapshot import Snapshot

sys.setswitchinterval(0.00001)
snapshot = Snapshot(Path(sys.argv[1]))
COUNT = "with recursive n(x) as (select 1 union all select x + 1 from n where x < 30000) select count(*) from n"
asked = [f"{COUNT} where x > {n}" if n % 3 == 0 else f"select id, {n} from orders where launch = 'su7'" for n in range(600)]
with ThreadPoolExecutor(6) as threads:
    found = list(threads.map(snapshot.values, asked))
print(sum(map(len, found)))
"""


def test_threads_ask_one_snapshot_at_once_without_waiting_for_each_other_for_ever(seed_snapshot):
    rows = len(seed_snapshot.values("select id from orders where launch = 'su7'"))
    done = subprocess.run(
        [sys.executable, "-c", MANY_THREADS, str(seed_snapshot.path)], capture_output=True, text=True, timeout=100
    )
    assert done.stdout.strip() == str(200 + 400 * rows), done.stderr[-500:]


def test_snapshots_share_caches_and_nothing_in_them(tmp_path):
    path = write_snapshot(read_pack(pack_folder(tmp_path / "a")), tmp_path / "snapshots")
    caches = Caches(LruCache(10_000), LruCache(10_000), LruCache(10_000))
    first, again = (Snapshot(path, loaded=at, caches=caches) for at in (1, 2))
    for name in ("cache", "answers", "replies"):
        made = [
            getattr(one, name).get_or_make("a", lambda value=value: value) for one, value in ((first, 5), (again, 6))
        ]
        assert made == [5, 6]
        assert len(getattr(caches, name)) >= 2
    assert len(caches.answers) == len(caches.replies) == 2
