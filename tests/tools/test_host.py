"""The host of a bot: proxies, settings files, terminals, signals, limits; each works or is one sentence."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from salesbot.serving import child
from tests.tools.proxy import running_proxy
from tools.loopback_discord.driver import REPOSITORY, environment, running, start
from tools.loopback_discord.payloads import MEMBER
from tools.loopback_discord.server import LoopbackDiscord, until


@pytest.fixture
async def discord():
    async with LoopbackDiscord() as discord:
        yield discord


def told(*command: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a program of ours prints, in a folder and an environment of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SALESBOT_")}
    paths = os.pathsep.join(map(str, (REPOSITORY, REPOSITORY / "src")))
    own = {"SALESBOT_DATA_DIR": str(cwd / "data"), "PYTHONPATH": paths} | variables
    kept = {name: value for name, value in (inherited | own).items() if value != "-"}
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=kept, capture_output=True, text=True, errors="replace", timeout=60
    )


# proxies


@pytest.mark.parametrize("variable", ["SALESBOT_PROXY", "HTTPS_PROXY", "all_proxy"])
async def test_discord_is_reached_by_a_proxy(discord, tmp_path, variable):
    async with running_proxy() as proxy:
        names = [name for one in ("https_proxy", "all_proxy", "no_proxy") for name in (one, one.upper())]
        clean = {name: "" for name in names if name.casefold() != variable.casefold()}
        nowhere = f"discord.invalid:{discord.port}"  # a host that only the proxy finds
        there = {"LOOPBACK_REST": f"http://{nowhere}/api/v10", "LOOPBACK_GATEWAY": f"ws://{nowhere}/gateway"}
        async with running(discord, data_dir=tmp_path, extra=clean | there | {variable: proxy.url}):
            asked = await discord.slash("orders total", MEMBER, launch="su7", within="72h")
            assert "106,200–118,000" in asked.text
        assert [target.split("?")[0] for target in proxy.asked] == [
            f"http://{nowhere}/api/v10/users/@me",
            f"ws://127.0.0.1:{discord.port}/gateway",
        ]


async def test_a_proxy_of_another_kind_is_one_sentence(discord, tmp_path):
    bot = await start(discord, data_dir=tmp_path, extra={"ALL_PROXY": "socks5://127.0.0.1:1", "https_proxy": ""})
    assert await bot.exited() == 4
    assert "ALL_PROXY is no http:// or https:// address" in bot.log and "Traceback" not in bot.log


# settings and folders


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_a_settings_file_is_read_in_each_usual_encoding(tmp_path, encoding):
    text = "SALESBOT_SERVER_ROWS=many\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    (tmp_path / ".env").write_bytes(data)
    shown = told("-m", "salesbot.cli", "/orders total launch:su7", cwd=tmp_path)
    assert (shown.returncode, "SALESBOT_SERVER_ROWS is wrong" in shown.stderr) == (4, True)


@pytest.mark.parametrize("data", [b"SALESBOT_PACK_DIR=\xe9\xff\n", b"\xff\xfeS"])
def test_a_settings_file_that_is_no_text_is_one_sentence(tmp_path, data):
    (tmp_path / ".env").write_bytes(data)
    shown = told("-m", "salesbot.cli", "/orders total launch:su7", cwd=tmp_path)
    assert shown.returncode == 4 and ".env cannot be read" in shown.stderr and "Traceback" not in shown.stderr


def test_a_tilde_is_the_home_folder(tmp_path):
    shown = told(
        "-m", "salesbot.cli", "/orders total launch:su7", cwd=tmp_path, HOME=str(tmp_path), SALESBOT_DATA_DIR="~/kept"
    )
    assert shown.returncode == 0 and (tmp_path / "kept" / "snapshots").is_dir() and not (tmp_path / "~").exists()


NO_HOME = """
import os, sys
os.path.expanduser = lambda path: path  # as for an account that the system does not list
from salesbot.cli.program import main
sys.argv = ["salesbot", "/orders total launch:su7"]
main()
"""


def test_an_account_without_a_home_is_told_what_to_set(tmp_path):
    shown = told("-c", NO_HOME, cwd=tmp_path, SALESBOT_DATA_DIR="-", HOME="-", XDG_CONFIG_HOME="-")
    assert shown.returncode == 4 and "set SALESBOT_DATA_DIR" in shown.stderr, shown.stderr
    assert not (tmp_path / "~").exists()


@pytest.mark.parametrize("program", [("-m", "bot"), ("-m", "salesbot.cli", "/orders total launch:su7")])
def test_a_data_folder_that_is_a_file_is_one_sentence(tmp_path, program):
    (tmp_path / "data").write_text("")
    shown = told(*program, cwd=tmp_path, SALESBOT_DISCORD_TOKEN=f"{'a' * 24}.{'b' * 6}.{'c' * 30}")
    assert shown.returncode == 4 and "SALESBOT_DATA_DIR" in shown.stderr and "Traceback" not in shown.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "gbk"])
def test_a_terminal_without_every_sign_prints_the_rest(tmp_path, encoding):
    shown = told(
        "-m",
        "salesbot.cli",
        "/orders total launch:su7 within:72h",
        cwd=tmp_path,
        PYTHONIOENCODING=encoding,
        PYTHONUTF8="0",
    )
    assert shown.returncode == 0 and "106,200" in shown.stdout and shown.stderr == ""


# limits


def test_a_limit_that_is_refused_is_taken_as_far_as_it_can_be_had(monkeypatch):
    resource = pytest.importorskip("resource")
    asked = []

    def setrlimit(kind, limits):
        asked.append((kind, limits))
        if kind == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda kind: (60, 60) if kind == resource.RLIMIT_CPU else (-1, -1))
    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    child._bound("RLIMIT_CPU", 120, 121)
    child._bound("RLIMIT_AS", 1 << 29, 1 << 29)
    child._bound("RLIMIT_OF_NO_SUCH_NAME", 1, 1)
    assert asked == [(resource.RLIMIT_CPU, (60, 60)), (resource.RLIMIT_AS, (1 << 29, 1 << 29))]


def test_without_a_module_for_limits_there_are_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    child._bound("RLIMIT_AS", 1 << 29, 1 << 29)


# signals


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="needs a process namespace, as root has on Linux"
)
async def test_the_first_process_of_a_container_ends_while_it_starts(discord, tmp_path):
    """One that has no handler yet would not hear SIGTERM at all."""
    await discord.stop_listening()
    command = ["unshare", "--pid", "--fork", "--kill-child", sys.executable, "-m", "bot"]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment(discord, tmp_path, None, {}), cwd=tmp_path, stderr=asyncio.subprocess.DEVNULL
    )
    await until(lambda: _child(process.pid) is not None)
    inner = _child(process.pid) or 0
    await until(lambda: _hears_sigterm(inner), 20)
    assert not (tmp_path / "catalog.sqlite").exists()  # it is still starting
    os.kill(inner, signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await process.wait() == 0


def _child(pid: int) -> int | None:
    """The bot that a program started, once it is one."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    is_bot = bool(children) and b"-m\0bot" in Path(f"/proc/{children[0]}/cmdline").read_bytes()
    return int(children[0]) if is_bot else None


def _hears_sigterm(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt")).split()[1]
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)
