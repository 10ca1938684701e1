"""Run a bot's module as ``python -m`` would, with discord.py pointed at a loopback Discord.

LOOPBACK_REST=http://127.0.0.1:PORT/api/v10 LOOPBACK_GATEWAY=ws://127.0.0.1:PORT/gateway python -m tools.loopback_discord.launcher bot

With LOOPBACK_HEARTBEAT=FILE the bot's event loop carries a heartbeat, with LOOPBACK_SLOW=MILLISECONDS its log names the
callbacks that ran longer.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections.abc import Mapping
from pathlib import Path


def point_at(rest: str, gateway: str) -> None:
    """Send every REST request and every new session there instead of to Discord."""
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = rest
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


def observe(wanted: Mapping[str, str]) -> None:
    """Start what the environment asks to be measured; nothing is imported for what it does not ask."""
    if "LOOPBACK_HEARTBEAT" in wanted:
        import discord

        from tools.loopback_discord.heartbeat import carry

        carry(discord.Client, Path(wanted["LOOPBACK_HEARTBEAT"]))
    if "LOOPBACK_SLOW" in wanted:
        from tools.loopback_discord.slow import Watch

        Watch(float(wanted["LOOPBACK_SLOW"])).install()


if __name__ == "__main__":
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # where the bench runs in the background, a shell has it ignored
    point_at(os.environ["LOOPBACK_REST"], os.environ["LOOPBACK_GATEWAY"])
    observe(os.environ)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
