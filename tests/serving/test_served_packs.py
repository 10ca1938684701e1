"""What is served after a start: the last version, read again only where the pack folder is another one."""

import errno
import os
import shutil
import threading
from pathlib import Path

import pytest

from salesbot.errors import PackRefused
from salesbot.packs.reading import read_pack
from salesbot.serving import ingest, open_snapshots
from salesbot.serving.child_processes import ChildQueue
from salesbot.serving.served_packs import SHARED, KeptProposal, ServedPacks
from salesbot.storage.catalog import ChangeNote
from salesbot.storage.snapshot import LAYOUT, sql
from salesbot.storage.snapshot_files import facts_in, file_digest
from salesbot.words import words_for
from tests.small_packs import pack_folder

LOW = sql("select low from orders", scans="orders")
ORDERS = "id,launch,metric,low,high\na,one,orders,{0},{0}"


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start on the data folder as it is, with a pack folder that says n orders; whether it was read."""
    read = []
    ingest_folder = ingest.ingest_folder
    monkeypatch.setattr(ingest, "ingest_folder", lambda *paths: (read.append(paths), ingest_folder(*paths))[1])

    def of(n, note=""):
        folder = pack_folder(tmp_path / "pack", orders=ORDERS.format(n))
        if note:
            with (folder / "orders.csv").open("a") as file:
                file.write(note)
        read.clear()
        packs = ServedPacks(folder, tmp_path / "data")
        return packs, bool(read)

    return of


def orders(packs):
    ((low,),) = packs.shared.snapshot.values(LOW)
    return int(low)


def test_a_pack_folder_is_read_once(start):
    packs, was_read = start(5)
    assert (orders(packs), was_read) == (5, True)
    packs, was_read = start(5)
    assert (orders(packs), was_read) == (5, False)
    assert len(packs.catalog.history(SHARED)) == 1


def test_a_changed_folder_is_read_again_and_served(start):
    start(5)
    packs, was_read = start(6)
    assert (orders(packs), was_read) == (6, True)


def test_other_bytes_that_say_the_same_change_nothing_that_is_served(start):
    start(5)
    packs, was_read = start(5, note=",,,\n")
    assert (orders(packs), was_read) == (5, True)
    assert len(packs.catalog.history(SHARED)) == 1


async def test_a_folder_that_was_taken_back_stays_taken_back(start):
    start(5)
    packs, _ = start(6)
    await packs.undo(SHARED, 42)
    packs, was_read = start(6)
    assert (orders(packs), was_read) == (5, False)


def test_a_snapshot_that_is_gone_is_built_again(start, tmp_path):
    packs, _ = start(5)
    packs.shared.snapshot.close()
    shutil.rmtree(tmp_path / "data")
    packs, was_read = start(5)
    assert (orders(packs), was_read) == (5, True)


def test_a_version_of_an_earlier_layout_is_built_again_and_keeps_its_place_in_the_history(start, tmp_path):
    packs, _ = start(5)
    now = packs.shared.snapshot.path
    old = now.with_name(now.name.replace(f"-v{LAYOUT}", "-v1"))
    packs.catalog._connection.execute("update versions set snapshot = ?", [old.name])
    packs.catalog._connection.execute("pragma user_version = 5")  # when versions still named a file
    packs.catalog._connection.execute("delete from readings")  # a new release does not trust what another one read
    now.rename(old)
    packs.catalog.close()
    packs, was_read = start(5)
    assert packs.shared.snapshot.path == now
    assert (orders(packs), was_read, len(packs.catalog.history(SHARED))) == (5, True, 1)
    assert packs.catalog.history(SHARED)[0].published.snapshot == facts_in(now.name)


def test_what_is_under_construction_is_not_cleaned_up(start, tmp_path):
    packs, _ = start(5)
    waiting, old, building = (tmp_path / "data" / "proposals" / (digit * 16) for digit in "abc")
    for folder in (waiting, old, building):
        folder.mkdir(parents=True)
    for folder in (waiting, old):
        os.utime(folder, (0, 0))
    packs.remove_proposals(but=[waiting], seconds_old=3600)
    assert (waiting.exists(), old.exists(), building.exists()) == (True, False, True)


def test_a_proposal_deletes_nothing_but_its_own_folder(tmp_path):
    own, other = tmp_path / "proposals" / ("a" * 16), tmp_path / "somewhere"
    for folder in (own, other):
        folder.mkdir(parents=True)
        path = str(folder / "x.sqlite")
        KeptProposal(scope="7", path=path, digest="", note=ChangeNote(), expected=None, why="import").discard()
    assert (own.exists(), other.exists()) == (False, True)


async def test_no_file_is_read_whole_on_the_event_loop_when_facts_are_swapped(start, tmp_path, monkeypatch):
    packs, _ = start(5)
    pack_folder(tmp_path / "pack", orders=ORDERS.format(6))
    queue, read_in = ChildQueue(), []

    def noted(path):
        read_in.append(threading.current_thread())
        return file_digest(path)

    monkeypatch.setattr(open_snapshots, "file_digest", noted)
    await packs.accept(await packs.propose_folder(queue), None)
    assert orders(packs) == 6
    await packs.undo(SHARED, 1)
    assert orders(packs) == 5
    await packs.activate(SHARED, packs.catalog.versions(SHARED)[0].id, 1)
    assert orders(packs) == 6
    read_before = len(read_in)
    await packs.verify()
    assert len(read_in) == read_before + 1
    assert threading.main_thread() not in read_in


async def test_a_hash_that_was_read_ahead_does_not_stand_for_a_file_that_is_to_be_read_again(start):
    packs, _ = start(5)
    published, path = packs.shared.activation.published, packs.shared.snapshot.path
    await packs.opened.read_ahead(path)
    assert packs.opened.is_sound(published)
    await packs.opened.read_ahead(path)
    state = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1  # as a disk does that goes bad
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert not packs.opened.is_sound(published, again=True)


async def test_the_hourly_check_finds_a_bit_that_turned_though_the_file_was_verified_just_now(start):
    packs, _ = start(5)
    path = packs.shared.snapshot.path
    state, whole = path.stat(), path.read_bytes()
    data = bytearray(whole)
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    await packs.verify()
    assert orders(packs) == 5
    assert path.read_bytes() == whole


async def test_a_folder_that_was_reloaded_is_not_read_again_at_the_next_start(start, tmp_path):
    packs, _ = start(5)
    pack_folder(tmp_path / "pack", orders=ORDERS.format(7))
    queue = ChildQueue()
    try:
        await packs.accept(await packs.propose_folder(queue), by=42)
    finally:
        queue.close()
    assert orders(packs) == 7
    packs, was_read = start(7)
    assert (orders(packs), was_read) == (7, False)
    packs, was_read = start(8)
    assert (orders(packs), was_read) == (8, True)


@pytest.fixture
def unreadable(monkeypatch):
    """The tables of orders cannot be read from now on."""

    def begin():
        opened = Path.open
        refused = PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        def open_(path, *mode, **more):
            if path.name == "orders.csv" and "w" not in "".join(mode):
                raise refused
            return opened(path, *mode, **more)

        monkeypatch.setattr(Path, "open", open_)

    return begin


def test_a_folder_that_cannot_be_read_is_told_and_no_fault_of_the_data_folder(start, tmp_path, unreadable):
    folder = pack_folder(tmp_path / "pack", orders=ORDERS.format(5))
    unreadable()
    with pytest.raises(PackRefused) as refused:
        ServedPacks(folder, tmp_path / "data")
    assert words_for().problems(refused.value) == ["orders: the file orders.csv cannot be read (Permission denied)"]


def test_what_was_served_before_is_served_where_the_folder_cannot_be_read(start, tmp_path, unreadable, caplog):
    start(5)
    unreadable()
    packs = ServedPacks(tmp_path / "pack", tmp_path / "data")
    assert orders(packs) == 5 and "cannot be read (orders.csv: Permission denied)" in caplog.text


def test_every_table_that_cannot_be_read_is_a_problem_beside_the_others(tmp_path, unreadable):
    folder = pack_folder(
        tmp_path / "pack", orders=ORDERS.format(5), stores="id,launch,metric,low,high\na,one,sales_stores,many,5"
    )
    unreadable()
    with pytest.raises(PackRefused) as refused:
        read_pack(folder)
    assert {problem.table for problem in refused.value.problems} >= {"orders", "stores"}
