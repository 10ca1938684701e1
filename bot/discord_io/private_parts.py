"""Every reach into discord.py's private parts, each with its reason.

``tests/bot/test_private_parts.py`` fails where an upgrade of discord.py breaks one.

- The webhook adapter of a task is a context variable, without a public setter: ``install_delivery``.
- A body that is encoded already goes to the adapter itself, past ``send_message``: see ``bot.discord_io.kept_replies``.
- What is answered without discord.py's objects needs its session for requests, which a partial webhook has: see
  ``bot.questions.repeated``.
- A shard's websocket class is a name in its module, the last acknowledgement is its heartbeat's: see
  ``bot.discord_io.gateway``.
- An event that cannot be parsed ends the process, and every server is kept whole: ``read_ids_only`` takes the place of
  the parsers of the connection state.
- An interaction that cannot be read raises inside ``CommandTree._call``: see ``bot.errors.Tree``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

import discord
from discord.webhook.async_ import async_context

from bot.discord_io.activity import Activity
from bot.discord_io.delivery import DeliveryAdapter
from bot.discord_io.servers import Servers
from bot.discord_io.sessions import Sessions

log = logging.getLogger(__name__)
READ_BY_DISCORD_PY = ("RESUMED",)
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)  # what JSON of another shape leads to


def install_delivery(sessions: Sessions, activity: Activity) -> None:
    """Send every reply of the process by our own adapter."""
    async_context.set(DeliveryAdapter(sessions, activity))


class Fast(Protocol):
    """A way to answer some interactions that is faster than discord.py's."""

    def take(self, data: Any, take_usually: Callable[[Any], None]) -> bool:
        """Whether it answers an interaction."""


def read_ids_only(
    client: discord.Client, servers: Servers, sessions: Sessions, activity: Activity, fast: Callable[[], Fast]
) -> None:
    """Read sessions and interactions by discord.py, of servers the ids alone, and nothing else.

    ``fast`` gives the way that an interaction is tried first.

    Dispatches ``server_join`` and ``server_leave``. Events that cannot be read are logged and skipped.
    """
    parsers = client._connection.parsers
    parse_ready, parse_interaction = parsers["READY"], parsers["INTERACTION_CREATE"]

    def ready(data: Any) -> None:
        parse_ready(servers.take_ready(data))

    def created(data: Any) -> None:
        if (joined := servers.take_create(data)) is not None:
            client.dispatch("server_join", joined)

    def deleted(data: Any) -> None:
        if (left := servers.take_delete(data)) is not None:
            client.dispatch("server_leave", left)

    def interaction(data: Any) -> None:
        sessions.arrive(str(data["token"]))
        activity.arrive(data)
        if not fast().take(data, parse_interaction):
            parse_interaction(data)

    own = {"READY": ready, "GUILD_CREATE": created, "GUILD_DELETE": deleted, "INTERACTION_CREATE": interaction}
    read = {event: own.get(event, parse) for event, parse in parsers.items() if event in (*own, *READ_BY_DISCORD_PY)}
    parsers.update({event: _contained(event, read.get(event, _ignored)) for event in parsers})


def take_interaction(client: discord.Client, data: Any) -> None:
    """Take in an interaction that did not come by the gateway."""
    client._connection.parsers["INTERACTION_CREATE"](data)


def _ignored(data: Any) -> None:
    """An event of which the bot needs nothing."""


def _contained(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def read(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:
            log.warning("an event that cannot be read, %s (%s)", event, type(error).__name__)

    return read
