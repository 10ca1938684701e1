"""``make try``: serve the playground and print its address."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from pathlib import Path

from playground.world import keep_time, world
from salesbot.errors import SalesbotError
from salesbot.settings import settings

GREETING = """
salesbot is ready in your browser:

  {url}

Type / in the channel and pick a command, for instance
  /orders total launch:su7 within:72h
Switch between mei (a member) and mo (a moderator, for /data) at the top. Stop with Ctrl-C.
"""


async def serve(port: int) -> None:
    """Serve until interrupted, with a data folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="salesbot-try-") as folder:
        chosen = settings()
        chosen.data_dir = Path(folder)
        async with world(chosen) as place:
            viewers = [place.member, place.moderator]
            async with place.env.preview(place.channel, viewers=viewers, layout="channel", port=port) as preview:
                print(GREETING.format(url=preview.url), flush=True)
                clock = asyncio.create_task(keep_time(place.env))
                try:
                    await asyncio.Event().wait()
                finally:
                    clock.cancel()


def main() -> int:
    port = os.environ.get("PORT", "8808")
    if not port.isdigit() or not 0 < int(port) < 65536:
        print(f"PORT is '{port}'; write a number from 1 to 65535, as in: make try PORT=8899", file=sys.stderr)
        return 4
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(int(port)))
    except SalesbotError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"cannot serve on port {port}: {error.strerror}; choose another, as in: make try PORT=8899", file=sys.stderr)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main())
