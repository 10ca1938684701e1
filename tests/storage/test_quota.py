"""What a server keeps is bounded, and what is lost is never lost for good: the versions, the trash, the files."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesbot.errors import QuestionError
from salesbot.storage.catalog import SHARED, Catalog
from salesbot.storage.snapshot_files import TRASH
from tests.storage.test_catalog import ANNE, BERLIN, DAY, TOKYO, live_id, served, snapshot_of

MANY = 1 << 40


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture
def catalog(tmp_path):
    catalog = Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots")
    yield catalog
    catalog.close()


@pytest.fixture
def publish(catalog, tmp_path):
    def of(n, scope=BERLIN):
        snapshot = snapshot_of(n, tmp_path)
        return catalog.publish(scope, snapshot, by=ANNE, why="import", at=n, expected=live_id(catalog, scope))

    return of


def numbers(catalog, scope=BERLIN):
    return [published.published for published in catalog.versions(scope)]


def undone(catalog, scope=BERLIN):
    """What each undo leads to, to the end."""
    found = []
    while True:
        try:
            catalog.undo(scope, by=ANNE, at=99)
        except QuestionError:
            return found
        found.append(served(catalog, scope))


def test_of_many_versions_the_newest_are_kept_and_undo_leads_over_the_gap(catalog, publish, tmp_path):
    for n in range(1, 8):
        publish(n)
    assert catalog.prune(BERLIN, 3, MANY) == 4
    assert numbers(catalog) == [7, 6, 5]
    assert undone(catalog) == [6, 5, None]
    gone = {path.name.partition("-")[0] for path in (tmp_path / "snapshots" / TRASH).iterdir()}
    assert gone == {f"old.{BERLIN}"} and len(list((tmp_path / "snapshots" / TRASH).iterdir())) == 4


def test_the_version_that_is_served_and_the_one_an_undo_leads_to_are_kept_however_old(catalog, publish):
    for n in range(1, 6):
        publish(n)
    first, second = (version.id for version in reversed(catalog.versions(BERLIN)[-2:]))
    catalog.activate(BERLIN, second, by=ANNE, at=9, expected=live_id(catalog))
    catalog.activate(BERLIN, first, by=ANNE, at=9, expected=live_id(catalog))
    catalog.prune(BERLIN, 2, MANY)
    assert numbers(catalog) == [5, 4, 2, 1]
    assert served(catalog) == 1
    assert undone(catalog)[:1] == [2]


def test_bytes_are_bounded_as_well(catalog, publish, tmp_path):
    for n in range(1, 6):
        publish(n)
    size = snapshot_of(1, tmp_path).stat().st_size
    catalog.prune(BERLIN, 30, int(size * 3.5))
    assert numbers(catalog) == [5, 4, 3]


def test_the_quota_of_one_server_takes_nothing_from_another(catalog, publish):
    for n in range(1, 5):
        publish(n), publish(n, TOKYO)
    catalog.prune(BERLIN, 2, MANY)
    assert numbers(catalog) == [4, 3] and numbers(catalog, TOKYO) == [4, 3, 2, 1]
    assert undone(catalog, TOKYO) == [3, 2, 1, None]


@given(
    changes=st.lists(st.sampled_from(["undo", "prune", 1, 2, 3, 4]), max_size=14),
    versions=st.integers(1, 4),
)
@settings(max_examples=40, deadline=None)
def test_undo_leads_back_the_way_it_came_past_what_was_dropped(changes, versions, workspace):
    """A stack from which versions vanish: what is on top and the one below stay, and no undo changes nothing."""
    stack: list[int | None] = [None]
    with tempfile.TemporaryDirectory() as aside:
        catalog = Catalog(Path(aside) / "catalog.sqlite", workspace / "snapshots")
        for change in changes:
            if change == "prune":
                catalog.prune(BERLIN, versions, MANY)
                kept = {*numbers(catalog), None}
                assert {*stack[-2:]} <= kept
                stack = [n for n in stack if n in kept]
                stack = [n for place, n in enumerate(stack) if place == 0 or n != stack[place - 1]]
            elif change != "undo":
                snapshot = snapshot_of(change, workspace)
                catalog.publish(BERLIN, snapshot, by=1, why="import", at=change, expected=live_id(catalog))
                stack += [change] if stack[-1] != change else []
            elif len(stack) > 1:
                catalog.undo(BERLIN, by=ANNE, at=1)
                stack.pop()
            assert served(catalog) == stack[-1]
            if change == "prune":
                for path in (workspace / "snapshots" / TRASH).glob("*"):  # back for the next example
                    path.replace(workspace / "snapshots" / path.name.partition("-")[2])
        assert undone(catalog) == stack[-2::-1]
        catalog.close()


def test_a_new_catalog_beside_old_snapshots_deletes_none(tmp_path):
    snapshots = {snapshot_of(n, tmp_path).name for n in range(1, 9)}
    for name in snapshots:
        os.utime(tmp_path / "snapshots" / name, (0, 0))
    Catalog(tmp_path / "catalog.sqlite", tmp_path / "snapshots").close()  # "move it away to start anew"
    assert {path.name for path in (tmp_path / "snapshots").glob("*.sqlite")} == snapshots


def test_what_a_catalog_no_longer_names_lies_in_the_trash_for_30_days(catalog, publish, tmp_path):
    publish(1)
    left = [snapshot_of(n, tmp_path) for n in range(2, 6)]
    for path in left:
        os.utime(path, (0, 0))  # however old the file is, its days in the trash count
    catalog.clean()
    trash = tmp_path / "snapshots" / TRASH
    assert sorted(path.name for path in trash.iterdir()) == sorted(f"unnamed-{path.name}" for path in left)
    assert trash.stat().st_mode & 0o777 == 0o700
    first, second, *rest = sorted(trash.iterdir())
    now = time.time()
    os.utime(first, (now, now - 30 * DAY - 10))
    os.utime(second, (now, now - 30 * DAY + 1000))
    catalog.clean()
    assert sorted(trash.iterdir()) == [second, *rest]
    assert served(catalog) == 1


def test_nothing_of_an_erased_server_is_left_in_the_trash_or_the_records(catalog, publish, tmp_path):
    for n in range(1, 5):
        publish(n)
    publish(4, TOKYO)
    catalog.prune(BERLIN, 2, MANY)
    catalog.set_aside(catalog.versions(BERLIN)[1].snapshot)
    catalog.erase(BERLIN)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as other, other:
        recorded = {name for (name,) in other.execute("select snapshot from files")}
    other.close()
    assert recorded == {catalog.snapshot_path(catalog.versions(TOKYO)[0]).name}
    assert served(catalog, TOKYO) == 4
    assert catalog.scopes() == [TOKYO]


def test_an_erased_server_takes_its_dropped_versions_along(catalog, publish, tmp_path):
    for n in range(1, 5):
        publish(n)
    catalog.prune(BERLIN, 2, MANY)
    catalog.erase(BERLIN)
    assert list((tmp_path / "snapshots" / TRASH).iterdir()) == []


def test_the_shared_pack_is_named_like_any_other(catalog, publish):
    publish(1, SHARED), publish(2, SHARED)
    assert served(catalog, SHARED) == 2 and undone(catalog, SHARED) == [1]
