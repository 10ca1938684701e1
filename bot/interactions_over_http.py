"""Interactions that Discord sends over HTTP, signed, instead of the gateway: any number of processes may take them.

The answer to a request is 202 once the interaction was acknowledged by its callback, so that all replies take the same
road as those of the gateway, and a load balancer may send a request that a process did not answer to another one.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.client import SalesBot
from bot.discord_io.http_address import HttpAddress
from bot.discord_io.private_parts import take_interaction
from bot.discord_io.servers import JoinedServer
from bot.state.seen_interactions import SeenInteractions

log = logging.getLogger(__name__)
MOST_BYTES = 1 << 20
SECONDS_TO_ACKNOWLEDGE = 10.0  # Discord waits three; a request that is over is of no use to anybody
SECONDS_TO_FINISH = 10.0
PING = 1
INSTALLED, IN_A_SERVER = "APPLICATION_AUTHORIZED", 0


class InteractionsOverHttp:
    """A bot's interactions, served at an address ``host:port``.

    ``POST /interactions`` and ``POST /events`` are Discord's; a load balancer asks ``GET /ready``.
    """

    def __init__(self, bot: SalesBot, address: str) -> None:
        self._bot, self._where = bot, address
        self._address = HttpAddress(
            "SALESBOT_LISTEN", address, most_bytes=MOST_BYTES, seconds_to_finish=SECONDS_TO_FINISH
        )
        self._key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(bot.verify_key))
        self._taken = SeenInteractions()
        self._is_leaving = False

    async def start(self) -> None:
        """Listen. Raises ``ConfigError`` where the address cannot be had."""
        await self._address.open(
            (
                web.post("/interactions", self.interactions),
                web.post("/events", self.events),
                web.get("/ready", self.ready),
            )
        )
        log.info("taking interactions at http://%s/interactions", self._where)

    async def stop(self) -> None:
        """Take no more, and answer what was taken."""
        self._is_leaving = True
        await self._address.close()

    async def ready(self, _: web.Request) -> web.Response:
        """Whether a load balancer may send interactions here."""
        return web.json_response({"ready": not self._is_leaving}, status=503 if self._is_leaving else 200)

    async def interactions(self, request: web.Request) -> web.Response:
        """Take an interaction, and answer once Discord has heard of it."""
        data = await self._signed(request)
        if data.get("type") == PING:
            return web.json_response({"type": PING})
        try:
            id, token = int(data["id"]), str(data["token"])
        except (KeyError, TypeError, ValueError):
            raise web.HTTPBadRequest from None
        if self._taken.is_new(id):
            take_interaction(self._bot, data)
            self._bot.services.sessions.receive(0, 0)
        heard = self._bot.services.sessions.heard(token)
        if heard is not None:
            await asyncio.wait({heard}, timeout=SECONDS_TO_ACKNOWLEDGE)
        return web.Response(status=202)

    async def events(self, request: web.Request) -> web.Response:
        """Discord's webhook events, of which the bot wants to know the servers that it is added to."""
        data = await self._signed(request)
        event = data.get("event")
        if isinstance(event, dict) and event.get("type") == INSTALLED:
            joined = _joined(event.get("data"))
            if joined is not None:
                self._bot.dispatch("server_join", joined)
        return web.Response(status=204)

    async def _signed(self, request: web.Request) -> Mapping[str, Any]:
        """The body of a request, which Discord has signed."""
        body = await request.read()
        try:
            signature = bytes.fromhex(request.headers.get("X-Signature-Ed25519", ""))
            said = request.headers.get("X-Signature-Timestamp", "").encode() + body
            self._key.verify(signature, said)
        except (InvalidSignature, ValueError):
            raise web.HTTPUnauthorized from None
        try:
            data = json.loads(body)
        except ValueError:
            raise web.HTTPBadRequest from None
        if not isinstance(data, dict):
            raise web.HTTPBadRequest
        return data


def _joined(data: Any) -> JoinedServer | None:
    """The server that an installation was into; ``None`` for a person's own, and for what cannot be read."""
    try:
        if data["integration_type"] != IN_A_SERVER:
            return None
        guild, channel = data["guild"], data["guild"].get("system_channel_id")
        locale = str(guild.get("preferred_locale") or "en-US")
        return JoinedServer(int(guild["id"]), int(channel) if channel else None, locale)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
