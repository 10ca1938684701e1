"""A version whose file was damaged on its disk is not served again by undo or by its number."""

import pytest

from salesbot.errors import DamagedSnapshot
from salesbot.packs.reading import read_pack
from salesbot.serving.served_packs import ServedPacks
from salesbot.settings import seed_pack
from salesbot.storage.snapshot_writer import write_snapshot
from tests.small_packs import pack_folder

ONE, OTHER = "id,launch,metric,low,high\no1,one,orders,1,1", "id,launch,metric,low,high\no1,one,orders,2,2"


@pytest.fixture
def packs(tmp_path):
    served = ServedPacks(seed_pack(), tmp_path / "data")
    for number, orders in enumerate((ONE, OTHER)):
        facts = read_pack(pack_folder(tmp_path / f"pack{number}", orders=orders))
        path = write_snapshot(facts, served.snapshots)
        expected = served.activation_id("7")
        served.catalog.publish("7", path, by=1, why="import", at=number + 1, expected=expected)
    return served


def damage(packs, number):
    version = packs.catalog.versions("7")[number]
    path = packs.catalog.snapshot_path(version)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    return version


async def test_a_damaged_version_is_not_activated_and_what_is_served_stays(packs):
    old = damage(packs, 1)
    before = packs.of_server(7).snapshot.content
    with pytest.raises(DamagedSnapshot):
        await packs.activate("7", old.id, by=1)
    assert packs.of_server(7).snapshot.content == before
    assert packs.catalog.active("7").published.id != old.id


async def test_an_undo_to_a_damaged_version_serves_the_newest_whole_one_and_says_so(packs):
    damage(packs, 1)
    newest = packs.catalog.versions("7")[0]
    served = await packs.undo("7", by=1)
    assert served.snapshot.content == newest.content
    assert served.is_fallback
