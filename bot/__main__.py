"""``python -m bot``: nothing is garbage-collected until the bot runs, as what a start makes stays."""

import gc
import os
import signal
import sys


def end(number: int, frame: object) -> None:
    """End in good order: as the first process of a container, one without a handler would not end at all."""
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through every installed package
    from bot.running import main

    sys.exit(main())
