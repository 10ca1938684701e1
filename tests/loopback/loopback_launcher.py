"""Run a bot's module as ``python -m`` would, with discord.py pointed at a loopback Discord.

LOOPBACK_REST=http://127.0.0.1:PORT/api/v10 LOOPBACK_GATEWAY=ws://127.0.0.1:PORT/gateway python loopback_launcher.py bot
"""

from __future__ import annotations

import os
import runpy
import sys


def point_at(rest: str, gateway: str) -> None:
    """Send every REST request and every new session there instead of to Discord."""
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = rest
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


if __name__ == "__main__":
    point_at(os.environ["LOOPBACK_REST"], os.environ["LOOPBACK_GATEWAY"])
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
