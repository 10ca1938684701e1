"""Work in other processes: what it returns and raises comes back, and it ends with the bot's own."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time

import pytest

from salesbot.errors import QuestionError
from salesbot.serving.child_processes import ChildQueue, Place, WarmProcess

BOT = """
import asyncio, os, sys
from salesbot.serving.child_processes import WarmProcess

async def main():
    warm_process = WarmProcess()
    print(await warm_process.run(os.getpid), flush=True)
    await asyncio.sleep(100)

if __name__ == "__main__":
    asyncio.run(main())
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_child_process_ends_with_a_bot_that_is_killed(tmp_path):
    script = tmp_path / "killed.py"
    script.write_text(BOT)
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": os.getcwd()}
    ) as bot:
        child = int(bot.stdout.readline())
        assert is_running(child)
        bot.send_signal(signal.SIGKILL)
    until = time.monotonic() + 60
    while is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(child)


@pytest.fixture
def process():
    warm_process = WarmProcess()
    yield warm_process
    warm_process.close()


def printed(text):
    print(text)
    sys.stdout.flush()
    return text


def refused(key, tried):
    with open(tried, "a") as file:
        file.write("x")
    raise QuestionError(key, text="soon")


async def test_what_a_job_returns_comes_back_however_large(process):
    data = bytes(range(256)) * 40_000
    assert await process.run(bytes.__add__, data, b"!") == data + b"!"
    assert await process.run(os.getpid) != os.getpid()


async def test_a_process_keeps_the_memory_that_a_picture_needed(process):
    kept = ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")
    assert all([int(await process.run(os.getenv, name)) > 16 << 20 for name in kept])
    assert await ChildQueue().run("a server", Place(), os.getenv, kept[0]) == os.environ.get(kept[0])


async def test_what_a_job_prints_is_no_result(process):
    assert [await process.run(printed, text) for text in ("one", "two")] == ["one", "two"]


async def test_what_a_job_raises_is_raised_here_once_and_the_process_stays(process, tmp_path):
    before = await process.run(os.getpid)
    with pytest.raises(QuestionError) as told:
        await process.run(refused, "unknown_name", tmp_path / "tried")
    assert (tmp_path / "tried").read_text() == "x"
    assert told.value.message.values == {"text": "soon"}
    assert await process.run(os.getpid) == before


async def test_a_process_that_ended_is_replaced(process):
    before = await process.run(os.getpid)
    os.kill(before, signal.SIGKILL)
    after = await process.run(os.getpid)
    assert after != before
    with pytest.raises(QuestionError) as told:
        await process.run(os._exit, 3)
    assert told.value.message.key == "child_limit"
    assert await process.run(os.getpid) != after


async def test_a_job_that_nobody_waits_for_any_more_gives_no_result_to_the_next(process):
    await process.run(os.getpid)
    waiting = asyncio.ensure_future(process.run(time.sleep, 0.2))
    await asyncio.sleep(0.05)
    waiting.cancel()
    assert await process.run(str, "next") == "next"


async def test_a_process_that_nobody_needs_any_more_while_it_starts_ends(process, monkeypatch):
    started = []
    start = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda *given, **more: started.append(start(*given, **more)) or started[0])
    waiting = asyncio.ensure_future(process.run(os.getpid))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(60):
        while not started or started[0].stdout is None or not started[0].stdout.closed:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert started[0].returncode == -signal.SIGKILL


async def test_a_process_that_is_forgotten_ends():
    forgotten = WarmProcess()
    child = await forgotten.run(os.getpid)
    del forgotten
    with pytest.raises(ProcessLookupError):
        await gone(child)


async def gone(pid):
    async with asyncio.timeout(60):
        while True:  # the thread that waited for its result may hold it for a moment
            gc.collect()
            os.kill(pid, 0)
            await asyncio.sleep(0.01)


async def test_after_the_end_no_process_is_started(process):
    process.close()
    with pytest.raises(QuestionError) as told:
        await process.run(os.getpid)
    assert told.value.message.key == "child_limit"


async def test_control_c_is_for_the_bot(process):
    child = await process.run(os.getpid)
    os.kill(child, signal.SIGINT)
    assert await process.run(os.getpid) == child


async def test_a_process_imports_little_before_its_first_job(process):
    """Whoever waits for a chart or for a pack waits for this as well."""
    imported = set(await process.run(eval, "sorted(__import__('sys').modules)"))
    assert not imported & {"asyncio", "discord", "msgspec", "multiprocessing", "salesbot.errors", "subprocess"}
