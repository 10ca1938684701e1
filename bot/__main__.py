"""``python -m bot``: nothing is garbage-collected until the bot runs, as what a start makes stays."""

import gc
import os
import sys

if __name__ == "__main__":
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through every installed package
    from bot.running import main

    sys.exit(main())
