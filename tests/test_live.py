"""What is served after a start: the last version, read again only where the pack folder is another one."""

import shutil

import pytest

from salesbot.serving import ingest as intake
from salesbot.serving.served_packs import SHARED, Live
from salesbot.storage.snapshot import LAYOUT
from tests.packs import pack_folder

ORDERS = "id,launch,metric,low,high\na,one,orders,{0},{0}"


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start on the data folder as it is, with a pack folder that says n orders; whether it was read."""
    read = []
    take_in = intake.take_in
    monkeypatch.setattr(intake, "take_in", lambda *paths: (read.append(paths), take_in(*paths))[1])

    def of(n, note=""):
        folder = pack_folder(tmp_path / "pack", orders=ORDERS.format(n))
        if note:
            with (folder / "orders.csv").open("a") as file:
                file.write(note)
        read.clear()
        live = Live(folder, tmp_path / "data")
        return live, bool(read)

    return of


def orders(live):
    ((low,),) = live.shared.store.values("select low from orders")
    return int(low)


def test_a_pack_folder_is_read_once(start):
    live, was_read = start(5)
    assert (orders(live), was_read) == (5, True)
    live, was_read = start(5)
    assert (orders(live), was_read) == (5, False)
    assert len(live.catalog.history(SHARED)) == 1


def test_a_changed_folder_is_read_again_and_served(start):
    start(5)
    live, was_read = start(6)
    assert (orders(live), was_read) == (6, True)


def test_other_bytes_that_say_the_same_change_nothing_that_is_served(start):
    start(5)
    live, was_read = start(5, note=",,,\n")
    assert (orders(live), was_read) == (5, True)
    assert len(live.catalog.history(SHARED)) == 1


def test_a_folder_that_was_taken_back_stays_taken_back(start):
    start(5)
    live, _ = start(6)
    live.undo(SHARED, 42)
    live, was_read = start(6)
    assert (orders(live), was_read) == (5, False)


def test_a_snapshot_that_is_gone_is_built_again(start, tmp_path):
    live, _ = start(5)
    live.shared.store.close()
    shutil.rmtree(tmp_path / "data")
    live, was_read = start(5)
    assert (orders(live), was_read) == (5, True)


def test_a_version_of_an_earlier_layout_is_built_again_and_keeps_its_place_in_the_history(start, tmp_path):
    live, _ = start(5)
    now = live.shared.store.path
    old = now.with_name(now.name.replace(f"-v{LAYOUT}", "-v1"))
    live.catalog._connection.execute("update versions set snapshot = ?", [old.name])
    live.catalog._connection.execute("delete from readings")  # a new release does not trust what another one read
    now.rename(old)
    live.catalog.close()
    live, was_read = start(5)
    assert live.shared.store.path == now
    assert (orders(live), was_read, len(live.catalog.history(SHARED))) == (5, True, 1)
    assert live.catalog.history(SHARED)[0].published.snapshot == now.name
