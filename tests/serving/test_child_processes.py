"""Work in other processes ends with the bot's own."""

import os
import signal
import subprocess
import sys
import time

import pytest

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
