"""One server cannot hurt another through what is served: handles, caches, damaged files, proposals, quotas."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.state import waiting_proposals
from bot.state.waiting_proposals import WaitingProposals
from salesbot.errors import DamagedSnapshot, QuestionError, Refused, SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.serving.child_processes import ChildQueue
from salesbot.serving.served_packs import MOST_OPEN, SHARED, Quota, SentFile, ServedPacks
from salesbot.storage.snapshot import MOST_CONNECTIONS, sql
from salesbot.storage.snapshot_files import TRASH, file_digest
from salesbot.storage.snapshot_writer import write_snapshot
from tests.small_packs import pack_folder, text_of_error

A, B = 1001, 1002
LOW = sql("select low from orders", scans="orders")
ORDERS = "id,launch,metric,low,high,period_to\na,one,orders,{0},{0},2024-03-29T22:00+08:00\n"


class Here:
    """The child queue without its processes: work is done where it is handed in."""

    async def run(self, server, place, work, *args, **named):
        return work(*args, **named)


class World:
    """A data folder and its pack folder; ``packs`` is what a process has open."""

    def __init__(self, folder: Path, quota: Quota | None = None) -> None:
        self.folder, self.quota = folder, quota
        self.pack = pack_folder(folder / "pack", orders=ORDERS.format(1))
        self.packs = ServedPacks(self.pack, folder / "data", quota)

    def restart(self) -> ServedPacks:
        self.packs.catalog.close()
        self.packs = ServedPacks(self.pack, self.folder / "data", self.quota)
        return self.packs

    async def proposed(self, guild: int | str, n: int, padding: int = 0):
        rows = "".join(f"x{row},one,orders,{n},{n},2024-03-29T22:00+08:00\n" for row in range(padding))
        folder = pack_folder(self.folder / "upload", orders=ORDERS.format(n) + rows)
        return await self.packs.propose_upload(
            str(guild), SentFile("orders.csv", (folder / "orders.csv").read_bytes()), Here()
        )

    async def imported(self, guild: int | str, n: int):
        return await self.packs.accept(await self.proposed(guild, n), by=7)

    def says(self, guild: int | None) -> int:
        """The number that the facts of a place say; they are recovered as an answer would be."""
        for _ in range(2):
            served = self.packs.of_server(guild)
            try:
                served.snapshot.facts()  # every table is read
                ((low,),) = served.snapshot.values(LOW)
                return int(low)
            except DamagedSnapshot:
                self.packs.recover(served.scope)
        raise AssertionError

    def file(self, guild: int | str) -> Path:
        """The file that a scope serves."""
        return self.packs.catalog.snapshot_path(self.packs.catalog.active(str(guild)).published)

    @property
    def on_disk(self) -> set[str]:
        """Every file of the data folder but the databases' own."""
        found = (path for path in (self.folder / "data").rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder / "data")) for path in found if "catalog" not in path.name}


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path)


# handles and memory


def many_servers(world: World, count: int) -> list[int]:
    """So many servers with facts of their own: the same few files, published in each."""
    facts = world.packs.shared.snapshot.facts()
    files = [write_snapshot(replace(facts, version=f"{n + 1}"), world.packs.snapshots) for n in range(3)]
    digests = {path: file_digest(path) for path in files}
    for number in range(count):
        path = files[number % 3]
        world.packs.catalog.publish(
            str(5_000 + number), path, by=1, why="import", at=1, expected=None, digest=digests[path]
        )
    return [5_000 + number for number in range(count)]


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_so_many_servers_are_open_at_once_and_no_more(world):
    guilds, before = many_servers(world, MOST_OPEN + 40), handles()
    snapshots = {}
    for guild in guilds:
        served = world.packs.of_server(guild)
        served.snapshot.values(LOW)
        snapshots[guild] = served.snapshot
        assert len(world.packs._servers) <= MOST_OPEN
    assert handles() - before <= MOST_OPEN * MOST_CONNECTIONS
    closed = {guild for guild, snapshot in snapshots.items() if snapshot._is_closed}
    assert closed == set(guilds[:40])
    assert not any(snapshots[guild]._idle for guild in closed)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_server_whose_facts_were_closed_is_answered_again_also_by_who_still_holds_them(world):
    first, *others = many_servers(world, MOST_OPEN + 2)
    held = world.packs.of_server(first).snapshot
    for guild in others:
        world.packs.of_server(guild)
    before = handles()
    assert held.values(LOW) == [("1",)] and not held._idle  # a question that was under way
    assert handles() == before
    assert world.says(first) == 1
    assert world.packs.of_server(first).snapshot is not held


def test_servers_asked_again_and_again_stay_open(world):
    guilds = many_servers(world, MOST_OPEN + 20)
    favourite = world.packs.of_server(guilds[0]).snapshot
    for guild in guilds[1:]:
        world.packs.of_server(guild)
        assert world.packs.of_server(guilds[0]).snapshot is favourite


def test_the_answers_of_all_servers_share_one_budget(world):
    guilds = many_servers(world, 6)
    budget = world.packs.opened.caches.cache
    for guild in (*guilds, None):
        served = world.packs.of_server(guild)
        served.snapshot.cached("question", lambda: "x" * 1_000)
        assert served.snapshot.cache._shared is budget
        assert served.snapshot.answers._shared is world.packs.opened.caches.answers is not budget
        assert served.snapshot.replies._shared is world.packs.opened.caches.replies is not budget
    assert len(budget) >= 4  # three files, and the shared one


# whose facts they are


async def test_facts_that_changed_are_looked_up_in_this_scope_and_the_shared_one(world):
    await world.imported(A, 111)
    mine = world.packs.of_server(A).snapshot
    await world.imported(A, 112)
    for digits in (mine.content[:8], mine.content):
        assert world.packs.earlier_version(str(A), digits) == mine.path
        assert world.packs.earlier_version(str(B), digits) is None
        assert world.packs.earlier_version(SHARED, digits) is None
    shared = world.packs.shared.snapshot
    assert world.packs.earlier_version(str(B), shared.content[:8]) == shared.path


async def test_a_short_or_strange_prefix_opens_nothing_of_another_server(world):
    await world.imported(A, 111)
    for digits in ("", "%", "_" * 8, "0", "a", "*"):
        found = world.packs.earlier_version(str(B), digits)
        assert found in (None, world.packs.shared.snapshot.path)


async def test_two_servers_with_equal_facts_have_a_history_each(world):
    await world.imported(A, 111), await world.imported(B, 111)
    assert world.file(A) == world.file(B)
    await world.packs.undo(str(A), by=7)
    assert (world.says(A), world.says(B)) == (1, 111)
    await world.packs.forget(A)
    assert world.says(B) == 111 and world.file(B).exists()


# a catalog that was lost


async def test_a_start_without_the_catalog_deletes_no_snapshot(world):
    for n in range(10, 18):
        await world.imported(A, n)
    before = {path.name for path in world.packs.snapshots.glob("*.sqlite")}
    for path in before:
        os.utime(world.packs.snapshots / path, (0, 0))
    world.packs.catalog.close()
    for path in (world.folder / "data").glob("catalog.sqlite*"):
        path.unlink()
    for _ in range(3):  # later starts have a catalog that names the shared pack alone
        world.restart()
        assert world.says(A) == 1
    kept = {path.name for path in world.packs.snapshots.glob("*.sqlite")}
    trash = {path.name.removeprefix("unnamed-") for path in (world.packs.snapshots / TRASH).glob("*")}
    assert before <= kept | trash


# damaged files


def truncated(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(4096)


def emptied(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(0)


def one_digit(path: Path) -> None:
    """Another number under the same name and the same size, written as SQLite writes it."""
    connection = sqlite3.connect(path)
    connection.execute("update orders set low = '9' where id = 'a'")
    connection.commit()
    connection.close()


def one_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[random.Random(4).randrange(4096, len(data))] ^= 1
    path.write_bytes(data)


def missing(path: Path) -> None:
    path.unlink()


DAMAGES = [truncated, emptied, one_digit, one_bit, missing]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_of_a_damaged_version_at_start_the_one_before_is_served(world, damage):
    await world.imported(A, 111), await world.imported(A, 112), await world.imported(B, 222)
    damage(world.file(A))
    world.restart()
    assert (world.says(A), world.says(B), world.says(None)) == (111, 222, 1)
    assert world.packs.of_server(A).is_fallback and not world.packs.of_server(B).is_fallback


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_server_without_a_whole_version_has_an_error_and_the_others_their_answers(world, damage):
    await world.imported(A, 111), await world.imported(B, 222)
    damage(world.file(A))
    world.restart()
    for _ in range(2):
        with pytest.raises(DamagedSnapshot) as told:
            world.says(A)
        assert "/data import" in text_of_error(told.value)
    assert (world.says(B), world.says(None)) == (222, 1)


@pytest.mark.parametrize("damage", DAMAGES)
async def test_to_import_again_repairs(world, damage):
    await world.imported(A, 111)
    damage(world.file(A))
    world.restart()
    served = await world.imported(A, 111)
    assert not served.is_fallback and world.says(A) == 111
    world.restart()
    assert world.says(A) == 111 and not world.packs.of_server(A).is_fallback


@pytest.mark.parametrize("damage", DAMAGES)
async def test_the_shared_pack_is_built_again_from_its_folder(world, damage):
    await world.imported(A, 111)
    damage(world.file(SHARED))
    world.restart()
    assert (world.says(None), world.says(A)) == (1, 111)
    assert not world.packs.shared.is_fallback


@pytest.mark.parametrize("damage", [truncated, emptied])
async def test_a_file_that_is_cut_while_it_is_read_ends_no_process(world, damage):
    """No file is mapped into memory, where reading past its end would be a signal and not an error."""
    await world.imported(A, 111), await world.imported(A, 112), await world.imported(B, 222)
    assert (world.says(A), world.says(B)) == (112, 222)
    damage(world.file(A))
    world.packs.of_server(A).snapshot._idle.pop().connection.close()  # what it remembers of the file is gone
    assert (world.says(A), world.says(B), world.says(None)) == (111, 222, 1)


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_file_that_changes_while_it_is_served_is_found_by_the_hourly_check(world, damage):
    await world.imported(A, 111), await world.imported(A, 112), await world.imported(B, 222)
    assert (world.says(A), world.says(B)) == (112, 222)
    damage(world.file(A))
    await world.packs.verify()
    assert (world.says(A), world.says(B), world.says(None)) == (111, 222, 1)


@pytest.mark.parametrize("damage", DAMAGES)
async def test_the_shared_file_that_changes_while_it_is_served_is_built_again(world, damage):
    damage(world.file(SHARED))
    await world.packs.verify()
    assert world.says(None) == 1 and not world.packs.shared.is_fallback


@pytest.mark.parametrize("damage", [truncated, one_digit, one_bit])
async def test_a_damaged_file_is_kept_aside_and_never_served_under_its_hash(world, damage):
    await world.imported(A, 111), await world.imported(A, 112)
    path = world.file(A)
    content = world.packs.of_server(A).snapshot.content
    damage(path)
    world.restart()
    world.says(A)
    assert not path.exists() and (world.packs.snapshots / TRASH / f"damaged-{path.name}").exists()
    assert world.packs.earlier_version(str(A), content) is None


def test_nothing_maps_a_snapshot_into_memory(world):
    with world.packs.shared.snapshot._reader() as reader:
        reader.connection.set_authorizer(None)
        assert reader.connection.execute("pragma mmap_size").fetchone() in (None, (0,))


async def test_a_damaged_version_of_the_history_cannot_be_served_again(world):
    await world.imported(A, 111), await world.imported(A, 112)
    first = world.packs.catalog.versions(str(A))[-1]
    one_digit(world.packs.catalog.snapshot_path(first))
    with pytest.raises(SalesbotError):
        await world.packs.activate(str(A), first.id, by=7)
    assert world.says(A) == 112


# proposals


async def test_a_proposal_that_is_not_confirmed_leaves_nothing(world, monkeypatch):
    before = world.on_disk
    dropped = await world.proposed(A, 111)
    assert world.on_disk > before
    dropped.discard()
    assert world.on_disk == before

    waiting = WaitingProposals(world.folder / "proposals.sqlite")
    waiting.add(await world.proposed(A, 112), user=7)
    now = waiting_proposals.time.time()
    monkeypatch.setattr("bot.state.waiting_proposals.time.time", lambda: now + 15 * 60 - 1)
    waiting.remove_expired()
    assert world.on_disk > before
    monkeypatch.setattr("bot.state.waiting_proposals.time.time", lambda: now + 15 * 60)
    waiting.remove_expired()
    assert world.on_disk == before

    monkeypatch.undo()
    await world.proposed(A, 113)  # no card has shown it when its process ends
    token = waiting.add(await world.proposed(B, 222), user=7)
    world.restart()
    waiting = WaitingProposals(world.folder / "proposals.sqlite")
    world.packs.remove_proposals(but=waiting.folders())
    await world.packs.accept(waiting.of(token, 7), by=7)
    waiting.remove(token)
    assert world.on_disk - before == {f"snapshots/{world.file(B).name}"}


async def test_an_upload_that_is_refused_leaves_nothing(world):
    before = world.on_disk
    for data in (b"id,nothing\n1,2\n", b"PK\x03\x04" + b"\0" * 100):
        for name in ("orders.csv", "pack.zip"):
            with pytest.raises(SalesbotError):
                await world.packs.propose_upload(str(A), SentFile(name, data), Here())
    assert world.on_disk == before


async def test_the_proposals_that_wait_of_one_server_are_few_however_many_moderate_it(world):
    waiting, before = WaitingProposals(world.folder / "proposals.sqlite"), world.on_disk
    theirs = waiting.add(await world.proposed(B, 222), user=1)
    tokens = [waiting.add(await world.proposed(A, 300 + user), user=user) for user in range(12)]
    folders = {name.split("/")[1] for name in world.on_disk - before}
    assert len(folders) == waiting_proposals.MOST_A_SERVER + 1
    assert waiting.of(theirs, 1).scope == str(B)
    assert waiting.of(tokens[-1], 11).scope == str(A)
    with pytest.raises(Refused):
        waiting.of(tokens[0], 0)


async def test_a_confirmed_proposal_leaves_its_snapshot_alone(world):
    before = world.on_disk
    await world.imported(A, 111)
    assert world.on_disk - before == {f"snapshots/{world.file(A).name}"}


async def test_a_child_that_dies_leaves_nothing(world):
    class Dies(Here):
        async def run(self, server, place, work, live, folder):
            work(live, folder)
            raise QuestionError("child_limit")

    before = world.on_disk
    data = (pack_folder(world.folder / "upload", orders=ORDERS.format(5)) / "orders.csv").read_bytes()
    with pytest.raises(QuestionError):
        await world.packs.propose_upload(str(A), SentFile("orders.csv", data), Dies())
    assert world.on_disk == before
    assert world.packs._importing == set()


# quotas


async def test_a_server_may_have_so_many_rows(tmp_path):
    world = World(tmp_path, Quota(rows=60, versions=3))
    before = world.on_disk
    await world.imported(A, 111)
    with pytest.raises(QuestionError) as told:
        await world.proposed(A, 112, padding=60)
    assert told.value.message.key == "too_many_rows" and "a server may have 60" in text_of_error(told.value)
    assert world.on_disk - before == {f"snapshots/{world.file(A).name}"}


async def test_a_server_keeps_so_many_versions_and_can_go_back(tmp_path):
    world = World(tmp_path, Quota(versions=3))
    await world.imported(B, 222)
    for n in range(10, 18):
        await world.imported(A, n)
    assert len(world.packs.catalog.versions(str(A))) == 3
    seen = [world.says(A)]
    for _ in range(3):
        await world.packs.undo(str(A), by=7)
        seen.append(world.says(A))
    assert seen == [17, 16, 15, 1]
    assert world.says(B) == 222


async def test_the_bytes_of_a_server_are_bounded(tmp_path):
    world = World(tmp_path, Quota(bytes=1))
    for n in range(10, 15):
        await world.imported(A, n)
    assert len(world.packs.catalog.versions(str(A))) == 2  # what is served, and what an undo returns to
    assert world.says(A) == 14


async def test_of_a_server_one_import_is_read_at_a_time_and_another_server_reads_its_own(world):
    class Held(Here):
        def __init__(self) -> None:
            self.go = asyncio.Event()

        async def run(self, server, place, work, *args):
            await self.go.wait()
            return work(*args)

    held = Held()
    data = (pack_folder(world.folder / "upload", orders=ORDERS.format(5)) / "orders.csv").read_bytes()
    running = asyncio.ensure_future(world.packs.propose_upload(str(A), SentFile("orders.csv", data), held))
    await asyncio.sleep(0)
    with pytest.raises(Refused) as told:
        await world.packs.propose_upload(str(A), SentFile("orders.csv", data), Here())
    assert told.value.message.key == "import_running"
    await world.imported(B, 222)
    held.go.set()
    (await running).discard()
    await world.imported(A, 111)
    assert (world.says(A), world.says(B)) == (111, 222)


async def test_the_real_child_says_the_same(world):
    """What the tests above do in this process is done in a child for people."""
    data = (pack_folder(world.folder / "upload", orders=ORDERS.format(5)) / "orders.csv").read_bytes()
    proposal = await world.packs.propose_upload(str(A), SentFile("orders.csv", data), ChildQueue())
    await world.packs.accept(proposal, by=7)
    assert world.says(A) == 5
    answer = ask(parse("/orders total launch:one", world.packs.of_server(A).names), world.packs.of_server(A).snapshot)
    assert answer.figures


# the disk


async def test_a_full_disk_at_an_import_changes_nothing(world, monkeypatch):
    await world.imported(A, 111)
    proposal = await world.proposed(A, 112)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("salesbot.storage.snapshot_files.SnapshotFiles.put", full)
        with pytest.raises(OSError, match="No space"):
            await world.packs.accept(proposal, by=7)
        assert world.says(A) == 111
    await world.packs.accept(proposal, by=7)  # the same Confirm, once there is room
    assert world.says(A) == 112


async def test_a_busy_catalog_uses_up_no_proposal(world, monkeypatch):
    proposal = await world.proposed(A, 112)
    world.packs.catalog._connection.execute("pragma busy_timeout = 1")
    other = sqlite3.connect(world.folder / "data" / "catalog.sqlite", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(Refused) as told:
        await world.packs.accept(proposal, by=7)
    assert told.value.message.key == "catalog_busy"
    assert proposal.change.path.exists()
    other.close()
    await world.packs.accept(proposal, by=7)
    assert world.says(A) == 112


def test_what_other_programs_left_in_the_data_folder_is_left_alone(world):
    (world.folder / "data" / "notes.txt").write_text("mine")
    (world.packs.snapshots / "readme").write_text("mine")
    world.restart()
    assert {"notes.txt", "snapshots/readme"} <= world.on_disk
    assert world.says(None) == 1
