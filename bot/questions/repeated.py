"""A fast path: a question that was asked before is answered without making discord.py's objects of it.

Of an answer that is kept, most of the cost was reading its interaction as discord.py does, and finding the command.
Here its options are read as Discord sends them, and what is kept with the facts is sent as it is. Whatever is not as
expected, or fails, goes the usual way; a test compares what both send, byte for byte.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import discord
from discord import utils
from discord.http import Route
from discord.webhook.async_ import async_context
from msgspec import Struct

from bot.discord_io.delivery import COMPLETES, DeliveryAdapter, Encoded
from bot.discord_io.kept_replies import encoded
from bot.questions.answering import Asked
from bot.questions.completing import Completion
from bot.questions.origin import Origin, origin_in
from bot.services import HasServices, Services
from salesbot.questions.question import BY_VERB, options

log = logging.getLogger(__name__)
COMMAND, COMPLETION = 2, 4  # types of an interaction
SUBCOMMAND = 1
CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"
TYPES = {"private": bool}  # of an option's value; the others are texts
TASK = "repeated-question"


class Typed(Struct, frozen=True):
    """The options of a command as Discord sends them, in their order, and the one that is being typed."""

    verb: str
    values: dict[str, Any]
    focused: str | None


class RepeatedQuestions:
    """Answers what was asked before; ``client`` has the servers and the session for requests."""

    def __init__(self, services: Services, client: discord.Client) -> None:
        self._services, self._client = services, client
        self._session = discord.Webhook.partial(0, "", client=client).session
        self._sending: set[asyncio.Task[None]] = set()

    def take(self, data: Mapping[str, Any], take_usually: Callable[[Any], None]) -> bool:
        """Whether an interaction is answered here; where that fails, ``take_usually`` is called later."""
        try:
            body = self._body(data)
        except Exception:  # whatever it is, the usual way says it
            return False
        if body is None:
            return False
        id = int(data["id"])
        if data["type"] == COMMAND and not self._services.seen.is_new(id):
            return True
        sending = asyncio.create_task(self._send(id, data, body, take_usually), name=TASK)
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)
        return True

    async def _send(self, id: int, data: Mapping[str, Any], body: Encoded, take_usually: Callable[[Any], None]) -> None:
        http, token = self._client.http, data["token"]
        route = Route("POST", CALLBACK, webhook_id=id, webhook_token=token)
        try:
            await async_context.get().request(  # without asking for the message, which nobody reads
                route, self._session, payload=body, proxy=http.proxy, proxy_auth=http.proxy_auth
            )
        except Exception as error:
            log.info("an answer that is kept was not taken (%s)", type(error).__name__)
            self._services.seen.forget(id)
            take_usually(data)

    def _body(self, data: Mapping[str, Any]) -> Encoded | None:
        """The body of the callback that answers an interaction, if it is kept."""
        if data["type"] not in (COMMAND, COMPLETION) or not isinstance(async_context.get(), DeliveryAdapter):
            return None
        typed = _typed(data["data"])
        if typed is None:
            return None
        servers: HasServices = self._client  # type: ignore[assignment]
        origin = origin_in(data, servers.servers.ids)
        if data["type"] == COMPLETION:
            return self._choices(origin, typed)
        return self._page(origin, typed)

    def _page(self, origin: Origin, typed: Typed) -> Encoded | None:
        declared = (option.name for option in options(BY_VERB[typed.verb]))
        given = {name: typed.values[name] for name in declared if name in typed.values}
        asked = Asked.of(self._services, origin, typed.verb, given, is_private=typed.values.get("private"))
        page = asked.known(self._services.packs.of_server(origin.server))
        return encoded(page, asked.is_private) if page is not None and not page.alt else None

    def _choices(self, origin: Origin, typed: Typed) -> Encoded | None:
        option = next((one for one in options(BY_VERB[typed.verb]) if one.name == typed.focused), None)
        if option is None:
            return None
        current = typed.values[option.name]
        asked = Completion.of(self._services, origin, typed.verb, option, current, typed.values.items())
        facts = self._services.packs.of_server(origin.server)
        offered = asked.known(facts)
        if offered is None:
            return None
        return facts.snapshot.replies.get_or_make(("body", asked.key), lambda: _completing(asked.shown(offered)))


def _typed(data: Any) -> Typed | None:
    """The options of a question; ``None`` for any other command, and for values of another type."""
    (subcommand,) = data["options"]
    verb = f"/{data['name']} {subcommand['name']}"
    if verb not in BY_VERB or subcommand["type"] != SUBCOMMAND:
        return None
    values: dict[str, Any] = {}
    focused = None
    for one in subcommand.get("options") or ():
        name, value = one["name"], one["value"]
        if not isinstance(value, TYPES.get(name, str)):
            return None
        values[name] = value
        if one.get("focused"):
            focused = name
    known = {option.name for option in options(BY_VERB[verb])} | TYPES.keys()
    return Typed(verb, values, focused) if values.keys() <= known else None


def _completing(shown: list[tuple[str, str]]) -> Encoded:
    choices = [{"name": name, "value": value} for name, value in shown]
    return Encoded(COMPLETES, utils._to_json({"type": COMPLETES, "data": {"choices": choices}}))
