"""A large pack is inserted by a process of its own: the same file, the same errors, and no process that is left."""

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from salesbot.serving.ingest import ingest_folder
from salesbot.settings import seed_pack
from salesbot.storage import snapshot_writer
from salesbot.storage.disk import refused_by_disk
from salesbot.storage.inserting import Inserter, InserterApart, InserterHere
from tools.loopback_discord.server import until

INSERT = "insert into t values (?, nullif(?, ''))"


def fill(inserting: Inserter) -> None:
    for number in range(100):
        inserting.insert(INSERT, [(f"{number} {n}", "x" * 500) for n in range(100)])
    inserting.end()


@pytest.fixture
def table(tmp_path) -> Path:
    path = tmp_path / "t.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table t (id text primary key, word text)")
    return path


def test_a_pack_that_another_process_inserts_is_the_same_file(tmp_path, monkeypatch):
    here = ingest_folder(seed_pack(), tmp_path / "here")
    apart = []

    class Noted(InserterApart):
        def insert(self, statement, records):
            apart.append(len(records))
            super().insert(statement, records)

    monkeypatch.setattr(snapshot_writer, "MANY", 40)
    monkeypatch.setattr(snapshot_writer, "CHUNK", 7)
    monkeypatch.setattr(snapshot_writer, "InserterApart", Noted)
    there = ingest_folder(seed_pack(), tmp_path / "there")
    assert sum(apart) > 200
    assert there.name == here.name
    with closing(sqlite3.connect(here)) as one, closing(sqlite3.connect(there)) as other:
        assert list(one.iterdump()) == list(other.iterdump())
    assert list((tmp_path / "there").iterdir()) == [there]


@pytest.mark.parametrize("inserter", [InserterHere, InserterApart])
def test_everything_is_in_the_file_once_it_has_ended(table, inserter):
    inserting = inserter(table)
    inserting.insert(INSERT, [("a", "x"), ("b", "")])
    inserting.insert(INSERT, [("c", "z")])
    inserting.end()
    with closing(sqlite3.connect(table)) as connection:
        assert connection.execute("select * from t").fetchall() == [("a", "x"), ("b", None), ("c", "z")]


@pytest.mark.parametrize("inserter", [InserterHere, InserterApart])
def test_what_a_disk_refuses_is_told_as_by_this_process(table, inserter):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))  # as a disk that is full
    inserting = inserter(table)
    try:
        with pytest.raises(sqlite3.OperationalError) as refused:
            fill(inserting)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        inserting.kill()
    assert refused_by_disk(refused.value) is not None


def test_a_process_that_is_killed_has_not_ended_well(table):
    inserting = InserterApart(table)
    os.kill(inserting._process.pid, signal.SIGKILL)
    with pytest.raises(MemoryError):
        fill(inserting)
    inserting.kill()


STARTS = """
import os, sys
from pathlib import Path
from salesbot.storage.inserting import InserterApart
inserting = InserterApart(Path(sys.argv[1]))
inserting.insert("insert into t values (?, ?)", [("a", "x")])
print(inserting._process.pid, flush=True)
os.kill(os.getpid(), 9)
"""


async def test_the_process_ends_with_the_one_that_started_it(table):
    started = await asyncio.create_subprocess_exec(sys.executable, "-c", STARTS, table, stdout=asyncio.subprocess.PIPE)
    pid = int((await started.communicate())[0])

    def has_ended() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
        except FileNotFoundError:
            return True

    await until(has_ended, 20, "the process stays")
    with closing(sqlite3.connect(table)) as connection:
        assert connection.execute("select count(*) from t").fetchone() == (0,)


def test_a_pack_is_taken_where_no_other_process_can_be_started(tmp_path, monkeypatch, caplog):
    here = ingest_folder(seed_pack(), tmp_path / "here")
    monkeypatch.setattr(snapshot_writer, "MANY", 40)
    monkeypatch.setattr(snapshot_writer, "CHUNK", 7)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    there = ingest_folder(seed_pack(), tmp_path / "there")
    with closing(sqlite3.connect(here)) as one, closing(sqlite3.connect(there)) as other:
        assert list(one.iterdump()) == list(other.iterdump())
    assert caplog.text.count("no process could be started") == 1


def test_a_disk_that_is_full_at_once_leaves_no_file(tmp_path):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        with pytest.raises(sqlite3.OperationalError):
            snapshot_writer.SnapshotWriter(tmp_path / "s")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list((tmp_path / "s").iterdir()) == []
