"""Several processes that share a database: what one changes all serve, and none of them needs it to answer."""

import asyncio
import threading
import time

import pytest

from salesbot.errors import ConfigError, DamagedSnapshot, Refused
from salesbot.facts.edits import RowEdits
from salesbot.serving import open_snapshots
from salesbot.serving.served_packs import KeptProposal
from salesbot.serving.shared_packs import SharedPacks
from salesbot.storage.catalog import SHARED, FactsMoved
from salesbot.storage.shared.sharing import Sharing
from salesbot.storage.snapshot import LAYOUT
from salesbot.storage.snapshot_files import TRASH, file_digest
from tests.serving.test_overlays import Here, lines
from tests.small_packs import pack_folder

BERLIN = 7
PATIENCE = 60.0


class Process:
    """One process of several, with a data folder of its own."""

    def __init__(self, pack, data_dir, url):
        self.sharing = Sharing(url)
        self.packs = SharedPacks(pack, data_dir, None, self.sharing)
        self.packs.follow(asyncio.get_running_loop())

    def says(self, guild=None):
        return {row.id: int(row.low) for row in self.packs.of_server(guild).snapshot.facts().orders}

    async def until(self, guild=None, **numbers):
        """Wait until it serves these counts."""

        def says() -> bool:
            try:
                return self.says(guild) == numbers
            except DamagedSnapshot:  # what is fetched meanwhile
                return False

        await until(says)

    async def propose(self, guild=BERLIN, **numbers):
        rows = tuple(
            {"id": id, "launch": "one", "metric": "orders", "low": str(n), "high": str(n), "status": "reported"}
            | {"period_to": "2024-03-29T22:00+08:00", "sources": "s1"}
            for id, n in numbers.items()
        )
        return await self.packs.propose_edits(str(guild), RowEdits({"orders": rows}, {}), Here())

    async def edit(self, guild=BERLIN, **numbers):
        return await self.packs.accept(await self.propose(guild, **numbers), by=7)


async def until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        await asyncio.sleep(0.01)


def kept(proposal):
    """A proposal as another process finds it."""
    return KeptProposal(**{name: getattr(proposal, name) for name in KeptProposal.__struct_fields__})


@pytest.fixture
def url(postgres):
    return postgres.new()


@pytest.fixture
async def start(tmp_path, url):
    """Start a process by its name; one that ran before keeps its data folder."""
    pack, running = pack_folder(tmp_path / "pack", orders=lines(a=1, b=2)), []

    def of(name, folder=pack):
        running.append(Process(folder, tmp_path / name, url))
        return running[-1]

    yield of
    for process in running:
        process.sharing.close()


async def test_what_one_process_changes_every_other_serves(start):
    one, two = start("one"), start("two")
    assert one.says(BERLIN) == two.says(BERLIN) == {"a": 1, "b": 2}
    await one.edit(a=5)
    assert one.says(BERLIN) == {"a": 5, "b": 2}
    await two.until(BERLIN, a=5, b=2)
    await two.packs.undo(str(BERLIN), by=8)
    await one.until(BERLIN, a=1, b=2)
    assert one.packs.catalog.history(str(BERLIN)) == two.packs.catalog.history(str(BERLIN))
    assert one.packs.catalog.history(SHARED) == two.packs.catalog.history(SHARED)
    assert len(one.packs.catalog.history(SHARED)) == 1  # the second found the pack folder published


async def test_a_change_is_confirmed_on_another_process_than_the_one_that_proposed_it(start):
    one, two = start("one"), start("two")
    proposal = kept(await one.propose(a=5))
    proposal.folder.rename(proposal.folder.with_name("elsewhere"))  # as if it were on another machine
    await two.packs.accept(proposal, by=7, asked=99)
    again = await two.packs.accept(proposal, by=7, asked=99)
    assert again.activation.by == 7 and len(two.packs.catalog.history(str(BERLIN))) == 1
    await one.until(BERLIN, a=5, b=2)


async def test_of_two_changes_at_once_one_is_told_that_the_facts_moved(start):
    one, two = start("one"), start("two")
    first, second = await one.propose(a=5), await two.propose(a=6)
    done = await asyncio.gather(one.packs.accept(first, by=7), two.packs.accept(second, by=8), return_exceptions=True)
    refused = [one for one in done if isinstance(one, FactsMoved)]
    assert len(refused) == 1
    await until(lambda: one.says(BERLIN) == two.says(BERLIN))
    assert one.says(BERLIN)["a"] in (5, 6)


async def test_without_the_database_answers_go_on_and_changes_are_refused_until_it_is_back(start, postgres):
    one, two = start("one"), start("two")
    await one.edit(a=5)
    await two.until(BERLIN, a=5, b=2)
    proposal = await one.propose(a=6)
    postgres.stop("immediate")
    try:
        assert one.says(BERLIN) == two.says(BERLIN) == {"a": 5, "b": 2}
        with pytest.raises(Refused) as refused:
            await one.packs.accept(proposal, by=7)
        assert refused.value.message.key == "database_away"
        assert one.says(BERLIN) == {"a": 5, "b": 2}
        two.sharing.close()
        later = start("two")  # started meanwhile: it serves what it has kept
        assert later.says(BERLIN) == {"a": 5, "b": 2}
        with pytest.raises(ConfigError) as needed:
            start("three")
        assert needed.value.message.key == "database_needed"
    finally:
        postgres.start()
    await one.packs.accept(proposal, by=7)  # the same Confirm, once it is back
    await later.until(BERLIN, a=6, b=2)


async def test_a_database_that_hangs_holds_nobody_up(start, postgres):
    one, two = start("one"), start("two")
    proposal = await one.propose(a=5)
    began = time.monotonic()
    with postgres.frozen():
        change = asyncio.create_task(one.packs.accept(proposal, by=7))
        await asyncio.sleep(0)
        assert one.says() == {"a": 1, "b": 2}  # the event loop is free
        with pytest.raises(Refused) as refused:
            await change
    assert refused.value.message.key == "database_silent"
    assert time.monotonic() - began < 30
    await until(lambda: one.says(BERLIN) == two.says(BERLIN))  # whether it was made or not, all agree
    if one.says(BERLIN)["a"] == 1:
        await one.packs.accept(proposal, by=7)
    await two.until(BERLIN, a=5, b=2)


async def test_processes_that_start_at_once_publish_the_pack_once(start):
    processes = await asyncio.gather(*(asyncio.to_thread(_quiet, start, f"p{n}") for n in range(4)))
    assert {len(one.packs.catalog.history(SHARED)) for one in processes} == {1}


def _quiet(start, name):
    async def begin():
        return start(name)

    return asyncio.run(begin())


async def test_a_version_that_is_not_here_is_fetched_when_it_is_served_again(start):
    one = start("one")
    await one.edit(a=5)
    await one.edit(a=6)
    two = start("two")  # has the one that is served
    history = two.packs.catalog.history(str(BERLIN))
    assert not two.packs.catalog.snapshot_path(history[1].published).exists()
    await two.packs.undo(str(BERLIN), by=8)
    assert two.says(BERLIN) == {"a": 5, "b": 2}
    await one.until(BERLIN, a=5, b=2)
    await two.packs.activate(str(BERLIN), history[0].published.id, by=8)
    await one.until(BERLIN, a=6, b=2)


async def test_the_shared_facts_that_another_process_reloads_are_read_in_a_thread(start, monkeypatch):
    one, two = start("one"), start("two")
    read_in = []

    def noted(path):
        read_in.append(threading.current_thread())
        return file_digest(path)

    monkeypatch.setattr(open_snapshots, "file_digest", noted)
    assert two.says(None) == {"a": 1, "b": 2}
    pack_folder(one.packs.pack_dir, orders=lines(a=7, b=2))
    await one.packs.accept(await one.packs.propose_folder(Here()), None)
    await two.until(None, a=7, b=2)
    assert len(read_in) >= 2
    assert threading.main_thread() not in read_in


async def test_a_damaged_snapshot_is_fetched_again(start):
    one = start("one")
    await one.edit(a=5)
    await one.edit(a=6)
    two = start("two")
    assert two.says(BERLIN) == {"a": 6, "b": 2}
    path = two.packs.of_server(BERLIN).snapshot.path
    path.write_bytes(path.read_bytes()[:-100] + b"x" * 100)
    await two.packs.verify()
    await two.until(BERLIN, a=6, b=2)
    assert not two.packs.of_server(BERLIN).is_fallback


async def test_what_a_server_forgets_is_gone_everywhere(start, postgres, url):
    one, two = start("one"), start("two")
    await one.edit(a=5)
    await two.until(BERLIN, a=5, b=2)
    path = two.packs.of_server(BERLIN).snapshot.path
    await one.packs.forget(BERLIN)
    await two.until(BERLIN, a=1, b=2)
    await until(lambda: not path.exists())
    assert two.packs.catalog.versions(str(BERLIN)) == []
    stored = one.sharing.database.another()
    digests = {row[0] for row in stored.connection().execute("select digest from salesbot.stored").fetchall()}
    named = {row[0] for row in stored.connection().execute("select digest from salesbot.catalog_files").fetchall()}
    assert digests == named and len(named) == 1  # the shared pack's
    stored.close()


async def test_a_folder_with_facts_of_its_own_is_no_copy(start, tmp_path):
    from salesbot.serving.served_packs import ServedPacks

    ServedPacks(pack_folder(tmp_path / "other", orders=lines(a=9)), tmp_path / "one").catalog.close()
    with pytest.raises(ConfigError) as refused:
        start("one")
    assert refused.value.message.key == "not_a_copy"


async def test_a_snapshot_of_an_earlier_layout_is_rebuilt_and_one_of_a_later_left_alone(start, url):
    one = start("one")
    await one.edit(a=5)
    database = one.sharing.database.another()

    def rename(old, new):
        """As if a process of another release had written the last version."""
        query = "update salesbot.catalog_files set snapshot = replace(snapshot, %s, %s)"
        database.connection().execute(query, [f"-v{old}.", f"-v{new}."])

    rename(LAYOUT, LAYOUT - 1)
    two = start("two")
    assert two.says(BERLIN) == {"a": 5, "b": 2}
    rename(LAYOUT - 1, LAYOUT)
    await one.edit(a=6)
    await two.until(BERLIN, a=6, b=2)
    rename(LAYOUT, LAYOUT + 1)
    three = start("three")
    assert three.packs.shared is not None and three.says() == {"a": 1, "b": 2}  # from its own pack folder
    database.close()


async def test_nothing_of_another_process_is_lost_when_the_word_of_it_is(start, url):
    """A process that was not listening finds what is new when it looks."""
    one, two = start("one"), start("two")
    two.sharing.close()
    for n in range(5, 9):
        await one.edit(a=n)
    assert two.says(BERLIN) == {"a": 1, "b": 2}
    again = start("two")
    assert again.says(BERLIN) == {"a": 8, "b": 2}
    assert not (again.packs.snapshots / TRASH).exists()
