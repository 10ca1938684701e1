"""A data folder moves into a database and back, and nothing is lost on the way."""

import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from salesbot.cli.program import main
from salesbot.serving.served_packs import SHARED, ServedPacks
from salesbot.serving.shared_packs import SharedPacks
from salesbot.storage.data_folder import lock_data_folder
from salesbot.storage.shared.sharing import Sharing
from salesbot.storage.small_database import SmallDatabase
from tests.serving.test_overlays import World, lines
from tests.small_packs import pack_folder

TABLES = {"languages": {"guild": int, "language": str}}


@pytest.fixture
def url(postgres):
    return postgres.new()


@pytest.fixture
async def data(tmp_path):
    """A data folder with a server's own facts, one version taken back, and a setting."""
    world = World(tmp_path)
    await world.edit(7, a=5)
    await world.edit(7, a=6)
    await world.packs.undo("7", by=8)
    world.close()
    choices = SmallDatabase(tmp_path / "data" / "choices.sqlite", TABLES)
    choices.write("insert into languages values (7, 'zh')")
    choices.close()
    return tmp_path / "data"


def everything(folder):
    """All that a data folder says, of every file that is shared."""
    found = {}
    for path in sorted(folder.glob("*.sqlite")):
        with closing(sqlite3.connect(path)) as connection:
            tables = connection.execute("select name from sqlite_master where type = 'table' order by name").fetchall()
            for (table,) in tables:
                if table not in ("shared_revision", "readings"):
                    rows = connection.execute(f"select * from [{table}]").fetchall()
                    found[path.name, table] = sorted(rows, key=repr)
    snapshots = {path.name: path.read_bytes() for path in (folder / "snapshots").glob("[!.]*")}
    return found, snapshots


def run(*arguments):
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_there_and_back(data, url, tmp_path):
    before = everything(data)
    done = run("catalog", "copy", str(data), url)
    assert done.exit_code == 0 and "3 snapshots copied" in done.output
    assert run("catalog", "copy", url, str(tmp_path / "back")).exit_code == 0
    assert everything(tmp_path / "back") == before
    packs = ServedPacks(tmp_path / "pack", tmp_path / "back")
    assert [int(row.low) for row in packs.of_server(7).snapshot.facts().orders] == [5, 2]
    packs.catalog.close()


async def test_a_bot_goes_on_with_the_folder_that_was_copied_and_another_starts_beside_it(data, url, tmp_path):
    assert run("catalog", "copy", str(data), url).exit_code == 0
    pack = pack_folder(tmp_path / "pack", orders=lines(a=1, b=2))
    for folder in (data, tmp_path / "new"):
        sharing = Sharing(url)
        packs = SharedPacks(pack, folder, None, sharing)
        choices = SmallDatabase(folder / "choices.sqlite", TABLES, sharing)
        assert [int(row.low) for row in packs.of_server(7).snapshot.facts().orders] == [5, 2]
        assert len(packs.catalog.history(SHARED)) == 1 and len(packs.catalog.history("7")) == 3
        assert choices.rows("select * from languages") == [(7, "zh")]
        sharing.close()


def test_what_cannot_be_copied_is_said(data, url, postgres, tmp_path):
    with lock_data_folder(data):
        assert "another salesbot uses" in run("catalog", "copy", str(data), url).output
    assert "nothing of salesbot's" in run("catalog", "copy", url, str(tmp_path / "none")).output
    assert run("catalog", "copy", str(data), url).exit_code == 0
    assert "has facts already" in run("catalog", "copy", str(data), url).output
    assert "one of the two must be" in run("catalog", "copy", str(data), str(tmp_path)).output
    assert "is not empty" in run("catalog", "copy", url, str(data)).output
    nowhere = "postgresql://nobody@localhost:1/none"
    done = run("catalog", "copy", str(data), nowhere)
    assert done.exit_code == 4 and "cannot be reached" in done.output


def test_a_backup_is_made_of_the_database(data, url, tmp_path, monkeypatch):
    before = everything(data)
    run("catalog", "copy", str(data), url)
    monkeypatch.setenv("SALESBOT_DATABASE_URL", url)
    monkeypatch.setenv("SALESBOT_DATA_DIR", str(tmp_path / "elsewhere"))
    assert run("backup", str(tmp_path / "backup.zip")).exit_code == 0
    monkeypatch.setenv("SALESBOT_DATABASE_URL", (again := url.replace("?", "_again?")))
    with Sharing(url).database.connection() as connection:
        connection.autocommit = True
        name = again.partition("?")[0].rpartition("/")[2]
        connection.execute(f"create database {name}")
    done = run("restore", str(tmp_path / "backup.zip"))
    assert done.exit_code == 0 and "snapshots copied" in done.output
    monkeypatch.delenv("SALESBOT_DATABASE_URL")
    done = run("catalog", "copy", again, str(tmp_path / "back"))
    assert done.exit_code == 0, done.output
    assert everything(tmp_path / "back") == before
