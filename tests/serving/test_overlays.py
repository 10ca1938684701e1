"""A server keeps only its own rows; every other follows the shared pack."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from salesbot.errors import PackRefused, QuestionError
from salesbot.facts.edits import RowEdits
from salesbot.serving.overlays import rebased
from salesbot.serving.served_packs import SHARED, ServedPacks
from salesbot.serving.shared_packs import SharedPacks
from salesbot.storage.catalog_file import MIGRATIONS
from salesbot.storage.shared.sharing import Sharing
from tests.serving.test_attacks import A, B, Here
from tests.small_packs import pack_folder

HEADER = "id,launch,metric,low,high,period_to\n"


def lines(**numbers):
    return HEADER + "".join(f"{id},one,orders,{n},{n},2024-03-29T22:00+08:00\n" for id, n in numbers.items())


class World:
    def __init__(self, folder, url=None):
        self.folder, self.url = folder, url
        self.pack = pack_folder(folder / "pack", orders=lines(a=1, b=2))
        self.open()

    def open(self):
        if self.url is None:
            self.packs = ServedPacks(self.pack, self.folder / "data")
        else:
            self.packs = SharedPacks(self.pack, self.folder / "data", None, Sharing(self.url))
            self.packs.follow(asyncio.get_running_loop())

    def close(self):
        if self.url is not None:
            self.packs.sharing.close()
        self.packs.catalog.close()

    def says(self, guild):
        facts = self.packs.of_server(guild).snapshot.facts()
        return {row.id: int(row.low) for row in facts.orders}

    def restart(self, **numbers):
        """A start with another pack folder."""
        self.close()
        pack_folder(self.folder / "pack", orders=lines(**numbers))
        self.open()

    async def edit(self, guild, removed=(), **numbers):
        rows = tuple(
            {"id": id, "launch": "one", "metric": "orders", "low": str(n), "high": str(n), "status": "reported"}
            | {"period_to": "2024-03-29T22:00+08:00", "sources": "s1"}
            for id, n in numbers.items()
        )
        edits = RowEdits({"orders": rows}, {"orders": [(id,) for id in removed]})
        proposal = await self.packs.propose_edits(str(guild), edits, Here())
        return await self.packs.accept(proposal, by=7)

    async def follow(self):
        return [await self.packs.follow_shared(scope, Here()) for scope in self.packs.behind()]


@pytest.fixture(params=["files", "a shared database"])
async def world(request, tmp_path):
    url = request.getfixturevalue("postgres").new() if request.param != "files" else None
    world = World(tmp_path, url)
    yield world
    world.close()


async def test_own_rows_stay_and_every_other_follows_the_shared_pack(world):
    await world.edit(A, c=3)
    await world.edit(A, b=20)
    world.restart(a=10, b=2, d=4)
    assert world.packs.behind() == [str(A)]
    assert world.says(A) == {"a": 1, "b": 20, "c": 3}  # the old one serves until then
    [served] = await world.follow()
    assert world.says(A) == {"a": 10, "b": 20, "d": 4, "c": 3}
    assert world.packs.behind() == []
    assert (served.activation.why, served.activation.by) == ("shared", None)
    assert served.activation.note.own == (1, 2, 0)
    assert world.says(B) == {"a": 10, "b": 2, "d": 4}


async def test_a_row_removed_here_stays_removed_and_one_removed_there_goes(world):
    await world.edit(A, removed=["a"], c=3)
    world.restart(a=11)
    await world.follow()
    assert world.says(A) == {"c": 3}


async def test_a_row_changed_on_both_sides_keeps_the_servers_and_is_told(world):
    await world.edit(A, a=5)
    world.restart(a=6, b=2)
    [served] = await world.follow()
    assert world.says(A)["a"] == 5
    assert served.activation.note.conflicts == ("orders a",)


@pytest.mark.parametrize("shared", [{"a": 5, "b": 2}, {"a": 1, "b": 3}])
async def test_what_only_one_side_changed_or_both_alike_is_no_conflict(world, shared):
    await world.edit(A, a=5)
    world.restart(**shared)
    [served] = await world.follow()
    assert served.activation.note.conflicts == ()


async def test_undo_passes_over_what_only_followed(world):
    await world.edit(A, c=3)
    await world.edit(A, d=4)
    world.restart(a=10, b=2)
    await world.follow()
    assert world.says(A) == {"a": 10, "b": 2, "c": 3, "d": 4}
    await world.packs.undo(str(A), by=7)
    await world.follow()
    assert world.says(A) == {"a": 10, "b": 2, "c": 3}
    await world.packs.undo(str(A), by=7)
    assert world.says(A) == {"a": 10, "b": 2}
    assert world.packs.of_server(A).scope == SHARED


async def test_reset_drops_the_overlay_and_can_be_taken_back(world):
    await world.edit(A, c=3)
    await world.packs.reset(str(A), by=7)
    assert world.packs.of_server(A).scope == SHARED
    with pytest.raises(QuestionError):
        await world.packs.reset(str(A), by=7)
    await world.packs.undo(str(A), by=7)
    assert world.says(A)["c"] == 3


async def test_a_change_confirmed_on_the_old_shared_pack_follows_later(world):
    rows = RowEdits({"orders": ({"id": "a", "low": "5", "high": "5"},)})
    proposal = await world.packs.propose_edits(str(A), rows, Here())
    pack_folder(world.folder / "pack", orders=lines(a=1, b=9))
    await world.packs.accept(await world.packs.propose_folder(Here()), by=7)
    await world.packs.accept(proposal, by=7)
    assert world.says(A) == {"a": 5, "b": 2}
    await world.follow()
    assert world.says(A) == {"a": 5, "b": 9}


async def test_what_is_served_meanwhile_wins(world):
    await world.edit(A, c=3)
    world.restart(a=10, b=2)

    class Slow(Here):
        async def run(self, server, place, work, *args, **named):
            made = await super().run(server, place, work, *args, **named)
            await world.packs.undo(str(A), by=7)
            return made

    assert await world.packs.follow_shared(str(A), Slow()) is None
    assert world.says(A) == {"a": 10, "b": 2}


async def test_facts_that_cannot_be_combined_stay_as_they_are(world, monkeypatch):
    await world.edit(A, c=3)
    world.restart(a=10, b=2)
    monkeypatch.setattr("salesbot.serving.overlays._keep_what_is_named", lambda tables, own: tables["sources"].clear())
    with pytest.raises(PackRefused):
        await world.follow()
    assert world.says(A) == {"a": 1, "b": 2, "c": 3}


async def test_a_row_that_the_shared_pack_gives_up_stays_where_an_own_row_needs_it(world):
    await world.edit(A, c=3)
    world.packs.catalog.close()
    sources = "id,publisher,title,grade,link\ns2,Press,Another,B,yes"
    launches = "id,brand,model,market,currency,zone,sources\none,Acme,One,China,CNY,Asia/Shanghai,s2\ntwo,Acme,Two,China,CNY,Asia/Shanghai,s2"
    orders = "id,launch,metric,low,high,period_to,sources\na,one,orders,1,1,2024-03-29T22:00+08:00,s2"
    pack_folder(world.folder / "pack", sources=sources, launches=launches, orders=orders)
    world.open()
    await world.follow()
    assert world.says(A) == {"a": 1, "c": 3}
    assert "s1" in {source.id for source in world.packs.of_server(A).snapshot.facts().sources}


async def test_a_fork_of_an_earlier_release_becomes_an_overlay(world):
    await world.edit(A, c=3)
    if world.url is not None:
        pytest.skip("no earlier release had a database")
    catalog = world.packs.catalog._path
    world.close()
    with closing(sqlite3.connect(catalog)) as connection, connection:
        connection.execute("alter table versions drop column base")
        for column in ("note", "asked"):
            connection.execute(f"alter table activations drop column {column}")
        connection.execute(f"pragma user_version = {len(MIGRATIONS) - 3}")
    world.open()
    world.restart(a=10, b=2)
    await world.follow()
    assert world.says(A) == {"a": 10, "b": 2, "c": 3}


async def test_a_server_that_was_left_does_not_follow(world):
    await world.edit(A, c=3)
    await world.packs.leave(A)
    world.restart(a=10, b=2)
    assert world.packs.behind() == []


async def test_the_history_says_what_a_version_changed(world):
    await world.edit(A, c=3)
    await world.edit(A, a=5)
    newest = world.packs.catalog.history(str(A))[0]
    assert newest.note.tables == (("orders", 0, 2, 0),)
    change = await world.packs.difference_of(str(A), newest.published.id, Here())
    [orders] = change.difference.tables
    assert [(one.row, one.column, one.after) for one in orders.changed.first] == [("a", "low", "5"), ("a", "high", "5")]
    first = world.packs.catalog.versions(str(A))[-1]
    change = await world.packs.difference_of(str(A), first.id, Here())
    assert [row.name for row in change.difference.tables[0].added.first] == ["c"]
    with pytest.raises(QuestionError):
        await world.packs.difference_of(str(A), 10_000, Here())


def test_facts_on_their_own_base_are_themselves(world):
    facts = world.packs.shared.snapshot.facts()
    assert rebased(facts, facts, facts) == (facts, ())
