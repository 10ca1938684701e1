"""Which files of the folder of snapshots are found, and what becomes of them."""

import os
import time

import pytest

from salesbot.storage.snapshot_files import DAY, SnapshotFiles


@pytest.fixture
def files(tmp_path):
    found = SnapshotFiles(tmp_path)
    long_ago = time.time() - 2 * DAY
    for name in ("a-v4.sqlite", "a-v5.sqlite", "ab-v5.sqlite", "b-vx.sqlite", ".building-1-a-v5.sqlite", "notes.txt"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (long_ago, long_ago))
    return found


def names(paths):
    return sorted(path.name for path in paths)


def test_the_files_of_facts_are_those_of_any_layout_and_of_no_others(files):
    assert names(files.of("a")) == ["a-v4.sqlite", "a-v5.sqlite"]
    assert names(files.of("c")) == []


def test_what_nothing_names_is_found_and_so_is_an_old_layout_but_nothing_else(files):
    assert names(files.unnamed(["a", "ab"])) == ["a-v4.sqlite", "b-vx.sqlite"]
    assert names(files.unnamed([])) == ["a-v4.sqlite", "a-v5.sqlite", "ab-v5.sqlite", "b-vx.sqlite"]


def test_the_trash_is_emptied_by_reason_and_by_age(files, tmp_path):
    files.empty_trash(0)  # where there is none yet
    assert not (tmp_path / ".trash").exists()
    files.to_trash([tmp_path / "a-v5.sqlite"], "damaged")
    files.to_trash([tmp_path / "ab-v5.sqlite"], "erased")
    files.erase_trash_of("erased")
    trash = tmp_path / ".trash"
    assert names(trash.iterdir()) == ["damaged-a-v5.sqlite"]
    files.empty_trash(1)
    assert names(trash.iterdir()) == ["damaged-a-v5.sqlite"]
    files.empty_trash(0)
    assert names(trash.iterdir()) == []
