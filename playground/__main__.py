"""``make try``: serve the playground and print its address."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import tempfile
from pathlib import Path

from playground.world import keep_time, world
from salesbot.errors import ConfigError, SalesbotError
from salesbot.settings import settings
from salesbot.words import words_for


async def serve(port: int) -> None:
    """Serve until interrupted, with a data folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="salesbot-try-") as folder:
        chosen = settings()
        chosen.data_dir = Path(folder)
        async with world(chosen) as place:
            viewers = [place.member, place.moderator]
            async with place.env.preview(place.channel, viewers=viewers, layout="channel", port=port) as preview:
                print(words_for().text("playground", url=preview.url), flush=True)
                clock = asyncio.create_task(keep_time(place.env))
                try:
                    await asyncio.Event().wait()
                finally:
                    clock.cancel()


def main() -> int:
    port = os.environ.get("PORT", "8808")
    if not port.isdigit() or not 0 < int(port) < 65536:
        return _failed(ConfigError("bad_port", text=port))
    try:
        with socket.socket() as free:  # tried first, as the preview says less of what is wrong
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", int(port)))
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(int(port)))
    except SalesbotError as error:
        return _failed(error)
    except OSError as error:
        return _failed(ConfigError("port_in_use", port=port, error=error.strerror))
    return 0


def _failed(error: SalesbotError) -> int:
    text = words_for().error(error)
    print(f"{text.message}; {text.hint}", file=sys.stderr)
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
