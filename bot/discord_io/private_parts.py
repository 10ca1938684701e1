"""Every reach into discord.py's private parts, each with its reason.

``tests/bot/test_private_parts.py`` fails where an upgrade of discord.py breaks one.

- The webhook adapter of a task is a context variable, without a public setter: ``install_delivery``.
- A shard's websocket class is a name in its module, the last acknowledgement is its heartbeat's: see
  ``bot.discord_io.gateway``.
- An event that cannot be parsed ends the process: ``contain_parsers`` wraps the parsers of the connection state.
- An interaction that cannot be read raises inside ``CommandTree._call``: see ``bot.errors.Tree``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import discord
from discord.webhook.async_ import async_context

from bot.discord_io.delivery import DeliveryAdapter

log = logging.getLogger(__name__)
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)  # what JSON of another shape leads to


def install_delivery() -> None:
    """Send every reply of the process by our own adapter."""
    async_context.set(DeliveryAdapter())  # type: ignore[no-untyped-call]


def contain_parsers(client: discord.Client) -> None:
    """Log and skip events that discord.py cannot parse."""
    parsers = client._connection.parsers
    parsers.update({event: _contained(event, parse) for event, parse in parsers.items()})


def _contained(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def read(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:
            log.warning("an event that cannot be read, %s (%s)", event, type(error).__name__)

    return read
