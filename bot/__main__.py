"""``python -m bot``: check everything, then connect."""

from __future__ import annotations

import logging
import sys

from bot import delivery
from bot.client import SalesBot
from bot.live import Live
from salesbot.errors import PackRefused, SalesbotError
from salesbot.settings import settings, token


def main() -> int:
    """Run until stopped. Settings, token and facts are checked before anything connects."""
    try:
        chosen = settings()
        secret = token(chosen)
        chosen.data_dir.mkdir(parents=True, exist_ok=True)
        live = Live(chosen.pack_dir, chosen.data_dir)
    except SalesbotError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        if isinstance(error, PackRefused):
            print("\n".join(f"  {problem}" for problem in error.problems), file=sys.stderr)
        return error.exit_code
    logging.getLogger("discord.http").setLevel(logging.INFO)
    delivery.install()
    SalesBot(chosen, live).run(secret, log_level=logging.INFO)
    return 0


if __name__ == "__main__":
    sys.exit(main())
