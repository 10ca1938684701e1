"""The catalog serves one version a scope, keeps them all, and leads back the way it came."""

import gc
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesbot.errors import ConfigError, QuestionError, Refused, SalesbotError
from salesbot.facts import TABLES, Facts, content_hash
from salesbot.packs.reading import read_pack
from salesbot.storage.catalog import SHARED, Activation, Catalog, FactsMoved
from salesbot.storage.shared.database import Database
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.storage.snapshot_files import TRASH
from salesbot.storage.snapshot_writer import write_snapshot
from tests.small_packs import pack_folder, text_of_error

BERLIN, TOKYO = "1001", "1002"
DAY = 86_400
ANNE = 42
Publish = Callable[..., Activation]
LOW = sql("select low from orders", scans="orders")


def snapshot_of(n: int, workspace: Path) -> Path:
    """The snapshot of a pack that says: n orders."""
    folder = pack_folder(
        workspace / f"pack-{n}",
        orders=f"id,launch,metric,low,high,period_to\na,one,orders,{n},{n},2024-03-29T22:00+08:00",
    )
    return write_snapshot(read_pack(folder), workspace / "snapshots")


@pytest.fixture(params=["a file", "a shared database"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    database = Database(request.getfixturevalue("postgres").new()) if request.param != "a file" else None
    catalog = Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots", database)
    yield catalog
    catalog.close()
    if database is not None:
        database.close()


@pytest.fixture
def publish(catalog: Catalog, tmp_path: Path) -> Publish:
    """Publish the pack that says n orders, on top of what is live."""

    def of(n: int, scope: str = BERLIN) -> Activation:
        return catalog.publish(
            scope, snapshot_of(n, tmp_path), by=ANNE, why="import", at=n, expected=live_id(catalog, scope)
        )

    return of


def live_id(catalog: Catalog, scope: str = BERLIN) -> int | None:
    active = catalog.active(scope)
    return active.id if active else None


def served(catalog: Catalog, scope: str = BERLIN) -> int | None:
    """The number of orders that a scope's own facts say; None for the shared pack."""
    active = catalog.active(scope)
    if active is None or active.published is None:
        return None
    snapshot = Snapshot(catalog.snapshot_path(active.published))
    ((low,),) = snapshot.values(LOW)
    snapshot.close()
    return int(low)


@contextmanager
def raises(kind: type[SalesbotError], text: str) -> Iterator[None]:
    """What is run raises an error of this kind that says this."""
    with pytest.raises(kind) as caught:
        yield
    assert text in text_of_error(caught.value)


# publishing


def test_what_is_published_is_live_and_tells_what_it_is(catalog, publish, tmp_path):
    assert catalog.active(BERLIN) is None
    activation = publish(5)
    assert catalog.active(BERLIN) == activation
    assert (activation.at, activation.by, activation.why) == (5, ANNE, "import")
    published = activation.published
    assert catalog.snapshot_path(published) == snapshot_of(5, tmp_path)
    assert (published.scope, published.version, published.published, published.by, published.why) == (
        BERLIN,
        "0",
        5,
        ANNE,
        "import",
    )
    assert published.content == content_hash(read_pack(tmp_path / "pack-5"))
    assert dict(published.counts)["orders"] == 1


def test_the_operator_publishes_as_nobody(catalog, tmp_path):
    activation = catalog.publish(SHARED, snapshot_of(1, tmp_path), by=None, why="start", at=1, expected=None)
    assert activation.by is None
    assert activation.published.by is None


def test_the_same_content_published_again_keeps_its_number(catalog, publish):
    first, _, again = publish(1), publish(2), publish(1)
    assert again.published == first.published
    assert again.id > first.id
    assert [published.id for published in catalog.versions(BERLIN)] == [2, 1]


@pytest.mark.parametrize("expected", [None, 1, 3, 99])
def test_a_change_prepared_against_another_version_is_refused_and_changes_nothing(catalog, publish, tmp_path, expected):
    publish(1), publish(2)
    before = catalog.history(BERLIN), catalog.versions(BERLIN)
    with raises(FactsMoved, "changed meanwhile"):
        catalog.publish(BERLIN, snapshot_of(3, tmp_path), by=ANNE, why="import", at=3, expected=expected)
    with pytest.raises(FactsMoved):
        catalog.activate(BERLIN, 1, by=ANNE, at=3, expected=expected)
    assert (catalog.history(BERLIN), catalog.versions(BERLIN)) == before


def test_a_snapshot_that_was_cleaned_away_is_not_published(catalog, publish, tmp_path):
    publish(1)
    gone = snapshot_of(2, tmp_path)
    gone.unlink()
    with raises(QuestionError, "no longer exists"):
        catalog.publish(BERLIN, gone, by=ANNE, why="import", at=2, expected=1)
    assert served(catalog) == 1


def test_servers_do_not_see_each_other(catalog, publish):
    publish(1, SHARED), publish(2, BERLIN), publish(3, TOKYO)
    assert [served(catalog, scope) for scope in (SHARED, BERLIN, TOKYO)] == [1, 2, 3]
    assert [len(catalog.history(scope)) for scope in (SHARED, BERLIN, TOKYO, "1003")] == [1, 1, 1, 0]
    catalog.undo(BERLIN, by=ANNE, at=4)
    assert [served(catalog, scope) for scope in (SHARED, BERLIN, TOKYO)] == [1, None, 3]


# going back


def test_any_version_of_a_server_can_be_served_again(catalog, publish):
    number = publish(1).published.id
    publish(2), publish(3)
    activation = catalog.activate(BERLIN, number, by=ANNE, at=9, expected=3)
    assert (activation.why, activation.at, activation.published.id) == ("activate", 9, number)
    assert served(catalog) == 1


@pytest.mark.parametrize("number", [0, 2, 99, 10**30], ids=["none", "another server's", "unknown", "huge"])
def test_a_number_that_is_not_this_servers_is_not_served(catalog, publish, number):
    publish(1, BERLIN), publish(2, TOKYO)
    with raises(QuestionError, f"{number} is not one of the versions here"):
        catalog.activate(BERLIN, number, by=ANNE, at=3, expected=1)
    assert served(catalog) == 1


def test_undo_goes_further_back_each_time_and_ends_at_the_shared_pack(catalog, publish):
    publish(1), publish(2), publish(3)
    seen = [served(catalog)]
    for _ in range(3):
        activation = catalog.undo(BERLIN, by=ANNE, at=9)
        seen.append(served(catalog))
    assert seen == [3, 2, 1, None]
    assert (activation.published, activation.why, activation.by) == (None, "undo", ANNE)
    with raises(QuestionError, "nothing to undo"):
        catalog.undo(BERLIN, by=ANNE, at=9)


def test_the_shared_pack_is_never_taken_away(catalog, publish):
    with raises(QuestionError, "nothing to undo"):
        catalog.undo(SHARED, by=None, at=9)
    publish(1, SHARED), publish(2, SHARED)
    catalog.undo(SHARED, by=None, at=9)
    with raises(QuestionError, "nothing to undo"):
        catalog.undo(SHARED, by=None, at=9)
    assert served(catalog, SHARED) == 1


def test_what_is_already_live_is_no_step_on_the_way_back(catalog, publish):
    publish(1), publish(2), publish(2)
    catalog.undo(BERLIN, by=ANNE, at=9)
    assert served(catalog) == 1


@pytest.mark.parametrize("change", ["undo", "reset", "activate", "publish"])
def test_a_change_that_an_interaction_asked_for_is_made_once(catalog, publish, tmp_path, change):
    first = publish(1)
    publish(2)
    live, another = live_id(catalog), snapshot_of(3, tmp_path)

    def make(asked):
        if change == "publish":
            return catalog.publish(BERLIN, another, by=ANNE, why="import", at=9, expected=live, asked=asked)
        if change == "activate":
            return catalog.activate(BERLIN, first.published.id, by=ANNE, at=9, expected=live, asked=asked)
        return getattr(catalog, change)(BERLIN, by=ANNE, at=9, asked=asked)

    made, now = make(777), served(catalog)
    assert make(777) == made and served(catalog) == now
    assert len(catalog.history(BERLIN)) == 3


@given(changes=st.lists(st.sampled_from(["undo", 1, 2, 3]), max_size=12))
@settings(max_examples=30, deadline=None)
def test_undo_unwinds_whatever_was_done(changes, workspace):
    """A stack is what people expect: to publish is to lay on top, to undo is to take the top off."""
    stack = [None]
    with tempfile.TemporaryDirectory() as aside:
        catalog = Catalog(Path(aside) / "catalog.sqlite", workspace / "snapshots")
        for change in changes:
            if change != "undo":
                catalog.publish(
                    BERLIN, snapshot_of(change, workspace), by=ANNE, why="import", at=1, expected=live_id(catalog)
                )
                stack += [change] if stack[-1] != change else []
            elif len(stack) > 1:
                catalog.undo(BERLIN, by=ANNE, at=1)
                stack.pop()
            assert served(catalog) == stack[-1]
        catalog.close()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


def test_the_history_is_newest_first_and_as_long_as_asked(catalog, publish):
    publish(1), publish(2)
    catalog.undo(BERLIN, by=7, at=3)
    assert [(a.why, a.by, a.at, a.published.published) for a in catalog.history(BERLIN)] == [
        ("undo", 7, 3, 1),
        ("import", ANNE, 2, 2),
        ("import", ANNE, 1, 1),
    ]
    assert [a.at for a in catalog.history(BERLIN, 2)] == [3, 2]


# servers that were left


@pytest.mark.parametrize(("after", "erased"), [(30 * DAY - 1, []), (30 * DAY, [BERLIN])])
def test_a_server_is_erased_on_the_30th_day_after_the_bot_left(catalog, publish, after, erased):
    publish(1), publish(2, TOKYO)
    catalog.left(BERLIN, 1_000_000)
    assert catalog.erase_departed(1_000_000 + after) == erased
    assert len(catalog.history(BERLIN)) == len(catalog.versions(BERLIN)) == (0 if erased else 1)
    assert served(catalog, TOKYO) == 2
    assert catalog.erase_departed(1_000_000 + after) == []


def test_a_server_that_took_the_bot_back_keeps_its_facts(catalog, publish):
    publish(1)
    catalog.left(BERLIN, 0)
    catalog.returned(BERLIN)
    assert catalog.erase_departed(99 * DAY) == []
    assert served(catalog) == 1


def test_a_server_left_twice_is_kept_from_the_second_time(catalog, publish):
    publish(1)
    catalog.left(BERLIN, 0)
    catalog.left(BERLIN, 20 * DAY)
    assert catalog.erase_departed(49 * DAY) == []
    assert catalog.erase_departed(50 * DAY) == [BERLIN]


def test_erasing_takes_the_snapshots_that_no_other_server_uses(catalog, publish, tmp_path):
    publish(1), publish(2), publish(2, TOKYO)
    catalog.left(BERLIN, 0)
    catalog.erase_departed(30 * DAY)
    assert list((tmp_path / "snapshots").iterdir()) == [snapshot_of(2, tmp_path)]
    assert served(catalog, TOKYO) == 2


def test_nothing_of_an_erased_server_is_left_in_the_file(catalog, tmp_path):
    catalog.publish("998877665544332211", snapshot_of(1, tmp_path), by=None, why="import", at=1, expected=None)
    assert is_on_disk(tmp_path, b"998877665544332211")
    catalog.left("998877665544332211", 0)
    catalog.erase_departed(30 * DAY)
    assert not is_on_disk(tmp_path, b"998877665544332211")


def is_on_disk(folder: Path, text: bytes) -> bool:
    return any(text in path.read_bytes() for path in folder.glob("catalog.sqlite*"))


def test_an_erased_server_starts_anew(catalog, publish):
    publish(1)
    catalog.left(BERLIN, 0)
    catalog.erase_departed(30 * DAY)
    publish(1)
    assert served(catalog) == 1
    catalog.undo(BERLIN, by=ANNE, at=1)
    assert served(catalog) is None


# the files


def test_leftovers_of_dead_builders_go_and_those_of_living_ones_stay(catalog, tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = {
        name: tmp_path / "snapshots" / f".building-{name}.sqlite"
        for name in (f"{dead.pid}-a", "nobody", f"{os.getpid()}-b", f"{os.getpid()}-c")
    }
    for path in left.values():
        path.touch()
    os.utime(left[f"{os.getpid()}-c"], (0, 0))  # hours old: the number was taken over by another process
    catalog.clean()
    assert [name for name, path in left.items() if path.exists()] == [f"{os.getpid()}-b"]


def test_snapshots_that_nothing_names_go_after_an_hour(catalog, publish, tmp_path):
    named = catalog.snapshot_path(publish(1).published)
    old, young, other = snapshot_of(2, tmp_path), snapshot_of(3, tmp_path), tmp_path / "snapshots" / "notes.txt"
    other.touch()
    for path in (named, old, other):
        os.utime(path, (0, 0))
    catalog.clean()
    assert [path.exists() for path in (named, old, young, other)] == [True, False, True, True]
    assert [path.name for path in (tmp_path / "snapshots" / TRASH).iterdir()] == [f"unnamed-{old.name}"]


def test_cleaning_does_not_disturb_a_build_that_runs(catalog, tmp_path):
    facts = read_pack(pack_folder(tmp_path / "p"))
    seen = set()

    class Watched(Facts, frozen=True):
        def rows(self, table):
            catalog.clean()
            seen.update(path.name.rpartition("-")[0] for path in (tmp_path / "snapshots").iterdir())
            return super().rows(table)

    write_snapshot(Watched(**{name: getattr(facts, name) for name in ("version", *TABLES)}), tmp_path / "snapshots")
    assert seen == {f".building-{os.getpid()}"}
    assert len(list((tmp_path / "snapshots").iterdir())) == 1


def test_a_catalog_opened_again_goes_on_where_it_was(catalog, publish, tmp_path):
    publish(1), publish(2)
    history = catalog.history(BERLIN)
    catalog.close()
    again = Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots")
    assert again.history(BERLIN) == history
    again.undo(BERLIN, by=ANNE, at=3)
    assert served(again) == 1
    again.close()


def test_tables_are_strict(catalog, tmp_path):
    database = sqlite3.connect(tmp_path / "catalog.sqlite")
    strict = {
        name
        for _, name, kind, _, _, is_strict in database.execute("pragma table_list")
        if kind == "table" and is_strict
    }
    database.close()
    assert strict - {"shared_revision"} == {"versions", "activations", "departures", "readings", "files"}


@pytest.mark.parametrize(
    "spoil",
    [lambda data: b"no database" * 999, lambda data: data[:8192] + b"\xff" * 4096 + data[12288:]],
    ids=["other", "torn"],
)
def test_a_damaged_catalog_is_named_not_served(catalog, publish, tmp_path, spoil):
    publish(1)
    catalog.close()
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ConfigError) as caught:
        Catalog(path, tmp_path / "snapshots")
    assert "is damaged" in text_of_error(caught.value)
    assert "backup" in text_of_error(caught.value)


def test_a_catalog_of_a_newer_release_is_left_alone(tmp_path):
    database = sqlite3.connect(tmp_path / "catalog.sqlite")
    database.execute("pragma user_version = 99")
    database.close()
    with raises(ConfigError, "newer release"):
        Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots")


def test_a_catalog_that_cannot_be_opened_says_so(tmp_path):
    (tmp_path / "catalog.sqlite").mkdir()
    with raises(ConfigError, "cannot be opened"):
        Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots")


# several at once

PUBLISHER = """
import sys
from pathlib import Path
from salesbot.storage.catalog import Catalog, FactsMoved
folder, snapshot = map(Path, sys.argv[1:])
catalog = Catalog(folder / "catalog.sqlite", folder / "snapshots")
expected = catalog.active("1001").id
print("ready", flush=True)
sys.stdin.readline()
try:
    catalog.publish("1001", snapshot, by=1, why="import", at=1, expected=expected)
    print("won")
except FactsMoved:
    print("moved")
catalog.close()
"""


def test_of_two_processes_that_publish_at_once_one_wins(catalog, publish, tmp_path):
    publish(1)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, tmp_path, snapshot_of(n, tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in (2, 3)
    ]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * 2
    for process in started:
        process.stdin.write("now\n")
        process.stdin.flush()
    told = [process.communicate()[0].strip() for process in started]
    assert sorted(told) == ["moved", "won"]
    assert served(catalog) == (2, 3)[told.index("won")]
    assert len(catalog.history(BERLIN)) == 2


def test_readers_never_wait_and_a_second_change_is_told_to_come_again(tmp_path, monkeypatch):
    monkeypatch.setattr("salesbot.storage.catalog_file.BUSY_SECONDS", 0.01)
    catalog = Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots")
    catalog.publish(BERLIN, snapshot_of(1, tmp_path), by=ANNE, why="import", at=1, expected=None)
    other = sqlite3.connect(tmp_path / "catalog.sqlite", isolation_level=None)
    other.execute("begin immediate")
    assert served(catalog) == 1
    with raises(Refused, "another change is being saved"):
        catalog.undo(BERLIN, by=ANNE, at=2)
    other.close()
    catalog.undo(BERLIN, by=ANNE, at=2)
    catalog.close()


def test_a_catalog_that_is_forgotten_in_another_thread_leaves_no_exception(tmp_path):
    catalogs = [Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots")]
    faults = []
    thread = threading.Thread(target=catalogs.clear)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "unraisablehook", faults.append)
        thread.start()
        thread.join()
        gc.collect()
    assert faults == []


def test_a_catalog_is_changed_by_its_own_thread_alone(tmp_path):
    catalog, faults = Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots"), []

    def change() -> None:
        try:
            catalog.left("1", at=1)
        except RuntimeError as error:
            faults.append(str(error))

    thread = threading.Thread(target=change)
    thread.start()
    thread.join()
    assert faults == ["a catalog is changed by the thread that opened it"] and catalog.departed() == set()
    catalog.close()
