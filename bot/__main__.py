"""``python -m bot``: start with nothing collected until the bot runs, as what a start makes stays."""

import gc
import sys

if __name__ == "__main__":
    gc.disable()
    from bot.running import main

    sys.exit(main())
