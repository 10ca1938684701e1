"""The command line beside questions: tables, packs and files asked, terminals and pipes, backups, the browser."""

import csv
import gc
import io
import json
import os
import pty
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from click.shell_completion import ShellComplete

from salesbot import __version__
from salesbot.cli import main
from salesbot.errors import ConfigError
from salesbot.packs.export import workbook_of
from salesbot.packs.reading import read_pack
from salesbot.serving.served_packs import ServedPacks
from salesbot.settings import seed_pack
from salesbot.storage.backups import restore_backup, write_backup
from salesbot.storage.catalog import SHARED, live_snapshot
from salesbot.words import words_for

LINE = "/orders total launch:su7 within:72h"
SALESBOT = [sys.executable, "-m", "salesbot.cli"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def env(home):
    return {**os.environ, "SALESBOT_DATA_DIR": str(home / "data"), "PYTHONUTF8": "1", "COLUMNS": "60", "LINES": "40"}


def run(env, *words, **more):
    return subprocess.run([*SALESBOT, *words], env=env, capture_output=True, text=True, check=False, **more)


def test_the_version_and_the_list_of_questions(env):
    assert run(env, "--version").stdout == f"salesbot {__version__}\n"
    for words in (["questions"], ["/help"], ["help"]):
        found = run(env, *words)
        assert found.returncode == 0
        for part in ("/orders total launch:… [within:…]", "verdict:agrees|", "salesbot '/orders total launch:"):
            assert part in found.stdout, words


def test_help_shows_its_examples_a_line_each(env):
    assert "\n  salesbot '/orders total launch:su7 within:72h'\n" in run(env, "--help").stdout


def test_figures_as_a_table(env):
    rows = list(csv.DictReader(io.StringIO(run(env, LINE, "--csv").stdout)))
    figures = json.loads(run(env, LINE, "--json").stdout)["figures"]
    assert [row["id"] for row in rows] == [figure["id"] for figure in figures]
    first = rows[0]
    assert (first["low"], first["high"], first["unit"]) == ("106200", "118000", "orders")
    assert first["sources"] == ";".join(figures[0]["sources"])
    assert first["working"] == figures[0]["working"]


def test_another_pack_is_asked_as_a_folder_and_as_a_file(env, tmp_path):
    folder = tmp_path / "pack"
    shutil.copytree(seed_pack(), folder)
    orders = folder / "orders.csv"
    orders.write_text(orders.read_text("utf-8").replace("88898,88898", "88899,88899", 1), "utf-8")
    book = tmp_path / "pack.xlsx"
    book.write_bytes(workbook_of(read_pack(folder)))
    for pack in (folder, book):
        found = run(env, "/orders total launch:su7 within:24h", "--pack", str(pack))
        assert "88,899" in found.stdout, found.stderr
    missing = run(env, LINE, "--pack", str(tmp_path / "nowhere"))
    assert missing.returncode == 4 and "nowhere" in missing.stderr


def test_lines_are_broken_only_in_a_terminal_and_addresses_never(env):
    piped = run(env, LINE).stdout.splitlines()
    assert max(map(len, piped)) > 120 and not any(line.endswith(" ") for line in piped)
    addresses = [line.strip() for line in piped if "://" in line]
    assert addresses
    shown = in_terminal([*SALESBOT, LINE], env)
    for address in addresses:
        assert address in shown
    assert max(len(line) for line in shown.splitlines() if "://" not in line) <= 60


def in_terminal(command, env):
    """What a program writes to a terminal of 60 columns, without its colours."""
    leader, follower = pty.openpty()
    with subprocess.Popen(command, env={**env, "TERM": "dumb"}, stdout=follower, stdin=follower) as process:
        os.close(follower)
        found = b""
        try:
            while data := os.read(leader, 65536):
                found += data
        except OSError:
            pass  # how a terminal ends
        finally:
            os.close(leader)
        assert process.wait() == 0
    return found.decode().replace("\r\n", "\n")


def test_a_reader_that_wants_no_more_is_no_error(env):
    command = f"{sys.executable} -m salesbot.cli '/prices changes' | head -1; exit ${{PIPESTATUS[0]}}"
    found = subprocess.run(["bash", "-c", command], env=env, capture_output=True, text=True, check=False)
    assert found.returncode in (0, 141)
    assert found.stderr == "" and "price moves" in found.stdout


# completion


def completed(*words):
    shell = ShellComplete(main, {}, "salesbot", "_SALESBOT_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.mark.parametrize(
    ("words", "some"),
    [
        (["ask", "/ord"], ["/orders"]),
        (["ask", "/orders", "t"], ["total"]),
        (["ask", "/orders", "total", "l"], ["launch:"]),
        (["ask", "/orders", "total", "launch:su"], ["launch:su7"]),
        (["ask", "/orders", "total", "launch:su7", "metric:lock"], ["metric:locked_orders", "metric:lock_in_rate"]),
        (["ask", "/prices", "show", "model:su7", "trim:"], ["trim:Standard", "trim:Pro", "trim:Max"]),
        (["che"], ["check"]),
    ],
)
def test_words_are_completed(env, monkeypatch, words, some):
    monkeypatch.setenv("SALESBOT_DATA_DIR", env["SALESBOT_DATA_DIR"])
    assert set(some) <= set(completed(*words))


def test_what_is_typed_already_is_not_offered_again(env, monkeypatch):
    monkeypatch.setenv("SALESBOT_DATA_DIR", env["SALESBOT_DATA_DIR"])
    assert "launch:" not in completed("ask", "/orders", "total", "launch:su7", "")
    assert completed("ask", "/orders", "nothing", "") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(env, shell):
    found = run(env, "completion", shell)
    assert found.returncode == 0 and "_SALESBOT_COMPLETE" in found.stdout


# backups


@pytest.fixture
def kept(tmp_path):
    """A data folder as a bot leaves it."""
    serve_once(seed_pack(), tmp_path / "data")
    return tmp_path / "data"


def serve_once(pack, data):
    """Let a bot read a pack and end; returns the snapshot that it served."""
    packs = ServedPacks(pack, data)
    packs.shared.snapshot.close()
    packs.catalog.close()
    return packs.shared.snapshot.path


def test_a_backup_put_back_serves_the_same(kept, tmp_path):
    listed = write_backup(kept, tmp_path / "kept.zip")
    assert "catalog.sqlite" in listed and any(name.startswith("snapshots/") for name in listed)
    again = tmp_path / "again"
    assert restore_backup(tmp_path / "kept.zip", again) == listed
    before, after = live_snapshot(kept, SHARED), live_snapshot(again, SHARED)
    assert before is not None and after is not None
    assert (before.name, before.read_bytes()) == (after.name, after.read_bytes())
    assert serve_once(seed_pack(), again) == after


def test_a_backup_is_written_while_somebody_writes(kept, tmp_path):
    with closing(sqlite3.connect(kept / "catalog.sqlite", isolation_level=None)) as writer:
        writer.execute("begin immediate")
        write_backup(kept, tmp_path / "kept.zip")


def test_a_damaged_backup_is_refused_and_nothing_is_put_anywhere(kept, tmp_path):
    file = tmp_path / "kept.zip"
    write_backup(kept, file)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    with pytest.raises(ConfigError, match="backup_damaged"):
        restore_backup(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["data", "kept.zip"]


def test_a_folder_that_holds_something_is_not_written_over(kept, tmp_path):
    write_backup(kept, tmp_path / "kept.zip")
    with pytest.raises(ConfigError, match="folder_not_empty"):
        restore_backup(tmp_path / "kept.zip", kept)
    with pytest.raises(ConfigError, match="file_exists"):
        write_backup(kept, tmp_path / "kept.zip")
    with pytest.raises(ConfigError, match="nothing_to_back_up"):
        write_backup(tmp_path / "nowhere", tmp_path / "other.zip")
    with pytest.raises(ConfigError, match="no_such_file"):
        restore_backup(tmp_path / "other.zip", tmp_path / "again")


def test_a_program_backs_up_and_restores(env, kept, tmp_path):
    found = run({**env, "SALESBOT_DATA_DIR": str(kept)}, "backup", str(tmp_path / "kept.zip"))
    assert found.returncode == 0 and "kept.zip" in found.stdout, found.stderr
    found = run({**env, "SALESBOT_DATA_DIR": str(tmp_path / "again")}, "restore", str(tmp_path / "kept.zip"))
    assert found.returncode == 0 and "each checked" in found.stdout, found.stderr


# the facts in a browser

LEAVES_CONNECTIONS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def site():
    """The app of ``salesbot browse``. Datasette does not close its connections, of which Python 3.13 warns."""
    from salesbot.cli.browser import site

    yield site
    gc.collect()


async def page(shown, path):
    response = await shown.client.get(path, follow_redirects=True)
    return response.status_code, response.text


@LEAVES_CONNECTIONS
async def test_the_facts_are_shown_with_titles_and_links(site, seed_snapshot):
    shown = site(lambda: seed_snapshot.path)
    await shown.invoke_startup()
    status, text = await page(shown, "/facts")
    assert status == 200 and "Launch-sales facts" in text and "citations" not in text.split("hidden table")[0]
    _, text = await page(shown, "/facts/orders/su7-orders-24h")
    assert '<a href="/facts/launches/su7">su7</a>' in text and '<a href="/facts/sources/s006">' in text
    _, text = await page(shown, "/facts/sources/s003")
    assert "/facts/citations?source=s003" in text
    _, text = await page(shown, "/facts/orders")
    assert words_for().column("orders", "gross")[:30] in text


@LEAVES_CONNECTIONS
async def test_nothing_can_be_written_through_it(site, seed_snapshot):
    before = seed_snapshot.path.read_bytes()
    shown = site(lambda: seed_snapshot.path)
    await shown.invoke_startup()
    for query in ("delete from orders", "update orders set low = 1", "drop table orders"):
        response = await shown.client.get("/facts.json", params={"sql": query})
        assert response.status_code == 400, query
    assert seed_snapshot.path.read_bytes() == before


@LEAVES_CONNECTIONS
async def test_new_facts_are_taken_up(site, tmp_path, monkeypatch, seed_snapshot):
    pack = tmp_path / "pack"
    shutil.copytree(seed_pack(), pack)
    serve_once(pack, tmp_path / "data")
    monkeypatch.setattr("salesbot.cli.browser.SECONDS_BETWEEN_LOOKS", 0)
    shown = site(lambda: live_snapshot(tmp_path / "data") or seed_snapshot.path)
    await shown.invoke_startup()
    assert "88898" in (await page(shown, "/facts/orders/su7-orders-24h"))[1]
    orders = pack / "orders.csv"
    orders.write_text(orders.read_text("utf-8").replace("88898,88898", "88899,88899", 1), "utf-8")
    serve_once(pack, tmp_path / "data")
    assert "88899" in (await page(shown, "/facts/orders/su7-orders-24h"))[1]


def test_a_port_in_use_is_said(env):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = run(env, "browse", "--port", str(taken.getsockname()[1]))
    assert found.returncode == 4 and "--port 8899" in found.stderr
