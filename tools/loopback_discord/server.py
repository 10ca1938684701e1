"""A Discord on the loopback interface, with real sockets: the unmodified bot connects to it and is asked things.

async with LoopbackDiscord() as discord:
    async with running(discord, data_dir=tmp_path):            # driver
        asked = await discord.slash("orders total", launch="su7")
        pressed = await discord.click(asked.buttons["Show working"])
"""

from __future__ import annotations

import asyncio
import copy
import socket
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import Self

from aiohttp import web

from benchmarks.asked import Asked
from tools.loopback_discord.commands import OptionValue, Typed
from tools.loopback_discord.faults import Armed, Fault, Faults, Hang, Match
from tools.loopback_discord.gateway import Gateway
from tools.loopback_discord.payloads import (
    COMPONENTS_V2,
    GUILDS,
    MEMBER,
    Asker,
    Json,
    Snowflakes,
    bot_token,
    interaction,
    message,
    walk,
)
from tools.loopback_discord.requests import Reply, Request, read_request
from tools.loopback_discord.rest import Rest

SLASH, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
API = "/api/v10"
LARGEST_BODY = 128 * 1024 * 1024
ROUTES = (
    ("GET", f"{API}/users/@me", "me"),
    ("GET", f"{API}/oauth2/applications/@me", "application"),
    ("GET", f"{API}/applications/@me", "application"),
    ("GET", f"{API}/gateway/bot", "gateway"),
    ("*", f"{API}/applications/{{application}}/commands", "commands"),
    ("POST", f"{API}/interactions/{{interaction}}/{{token}}/callback", "callback"),
    ("POST", f"{API}/webhooks/{{application}}/{{token}}", "followup"),
    ("GET", f"{API}/webhooks/{{application}}/{{token}}/messages/{{message}}", "original"),
    ("PATCH", f"{API}/webhooks/{{application}}/{{token}}/messages/{{message}}", "edit"),
    ("DELETE", f"{API}/webhooks/{{application}}/{{token}}/messages/{{message}}", "delete"),
    ("GET", "/cdn/{file}/{name}", "cdn"),
    ("*", "/{rest:.*}", "unknown"),
)


async def until(condition: Callable[[], bool], seconds: float = 20.0, what: str = "") -> None:
    """Wait until ``condition()`` is true. Raises ``AssertionError`` saying ``what`` after ``seconds``."""
    end = perf_counter() + seconds
    while not condition():
        if perf_counter() > end:
            raise AssertionError(f"waited {seconds} s in vain: {what or condition}")
        await asyncio.sleep(0.005)


class LoopbackDiscord:
    """One application on a Discord of its own, listening on 127.0.0.1.

    ``deadline`` is the time for the first answer, ``patience`` how long an awaited interaction may take;
    both are seconds. ``commands`` are those already registered (those of an earlier server, say).
    """

    def __init__(
        self,
        *,
        guilds: Mapping[int, Json] = GUILDS,
        shards: int = 1,
        deadline: float = 3.0,
        patience: float = 20.0,
        commands: Sequence[Json] = (),
    ) -> None:
        self.token = bot_token()
        self.deadline = deadline
        self.patience = patience
        self.requests: list[Request] = []
        self.faults = Faults()
        self.port = 0
        self._ids = Snowflakes()
        self._under_way = 0
        self._last_request = perf_counter()
        self._reservation: socket.socket | None = None
        self._site: web.TCPSite | None = None
        self._runner: web.AppRunner | None = None
        self.gateway = Gateway(self.token, guilds, self._ids, shards)
        self.rest = Rest(self.token, self._ids, commands)
        self.rest.shards = shards

    # --- its sockets --------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self._reserve_port()
        self._runner = web.AppRunner(self._application(), shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None and self._reservation is not None
        self.gateway.drop()
        await self._runner.cleanup()
        self._reservation.close()

    def _reserve_port(self) -> None:
        """Hold a port without listening, so that it stays ours while connections to it are refused."""
        self._reservation = socket.socket()
        self._reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._reservation.bind(("127.0.0.1", 0))
        self.port = self._reservation.getsockname()[1]
        self.gateway.url = self.rest.gateway_url = self.gateway_url
        self.rest.url = f"http://127.0.0.1:{self.port}"

    async def listen(self) -> None:
        """Accept connections (again)."""
        assert self._runner is not None and self._site is None
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_port=True)
        await self._site.start()

    async def stop_listening(self) -> None:
        """Refuse new connections; those that stand go on."""
        assert self._site is not None
        await self._site.stop()
        self._site = None

    @property
    def rest_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_get("/gateway", partial(self._serve, "handshake"))
        for method, path, kind in ROUTES:
            application.router.add_route(method, path, partial(self._serve, kind))
        return application

    async def _serve(self, kind: str, incoming: web.Request) -> web.StreamResponse:
        request = await read_request(incoming, kind)
        self.requests.append(request)
        asked = self.rest.asked_by(request)
        if asked is not None:
            asked.requests.append(request)
        fault = self.faults.take(request)
        if kind == "handshake" and (fault is None or isinstance(fault, Hang)):
            await asyncio.sleep(fault.seconds if fault is not None else 0)
            return await self.gateway.connect(incoming)
        self._under_way += 1
        try:
            commit = partial(self.rest.carry_out, request) if kind != "handshake" else partial(Reply, 503)
            return await fault.happen(incoming, commit) if fault is not None else commit().response()
        finally:
            self._under_way -= 1
            self._last_request = perf_counter()
            request.took = self._last_request - request.at

    # --- faults ---------------------------------------------------------------------------------

    def fail(self, match: Match, fault: Fault, times: int = 1, *, on: Asked | None = None) -> Armed:
        """Make the next ``times`` requests that fit fail: by kind (see ``faults.KINDS``) or by a predicate.

        With ``on``, only requests about that interaction: arm right after sending it, before the next ``await``, and a
        retry for an earlier interaction takes none of the faults.
        """
        return self.faults.arm(match, fault, times, on.token if on is not None else None)

    async def quiet(self, seconds: float = 1.0, within: float = 30.0) -> None:
        """Wait until no request was under way for ``seconds``."""

        def is_quiet() -> bool:
            return self._under_way == 0 and perf_counter() - self._last_request >= seconds

        await until(is_quiet, within, "the bot goes on making requests")

    def forget(self) -> None:
        """Drop every request, interaction, message and file so far; ask nothing about them afterwards."""
        self.requests.clear()
        self.rest.forget()

    # --- interactions ---------------------------------------------------------------------------

    @property
    def commands(self) -> list[Json]:
        return self.rest.commands

    def of_kind(self, kind: str) -> list[Request]:
        return [request for request in self.requests if request.kind == kind]

    def slash(self, path: str, asker: Asker = MEMBER, /, **options: OptionValue) -> Asked:
        """Send a slash command, ``orders total``; raises ``NotRegistered`` for what Discord's client would not send."""
        typed = self._typed()
        return self._sent(SLASH, typed.data(path, options), asker, typed)

    def autocomplete(
        self, path: str, option: str, text: str, asker: Asker = MEMBER, /, **options: OptionValue
    ) -> Asked:
        """Type ``text`` into an option; the choices offered are ``choices`` of the result."""
        typed = self._typed()
        return self._sent(AUTOCOMPLETE, typed.data(path, options | {option: text}, focused=option), asker, typed)

    def click(
        self, custom_id: str, asker: Asker = MEMBER, /, *, on: Json | None = None, values: Sequence[str] = ()
    ) -> Asked:
        """Press a button, or choose ``values`` of a select: of the message ``on``, else of the newest that has it,
        else of one that only Discord remembers."""
        source = on or self._newest_with(custom_id) or self._remembered(custom_id, asker)
        component = next(
            (found for found in walk(source["components"]) if found.get("custom_id") == custom_id), {"type": 2}
        )
        data: Json = {"custom_id": custom_id, "component_type": component["type"], "id": component.get("id", 1)}
        if component["type"] != 2:
            data["values"] = list(values)
        return self._sent(COMPONENT, data, asker, source=source)

    def submit(self, modal: Asked, fields: Mapping[str, str | Sequence[str]], asker: Asker = MEMBER, /) -> Asked:
        """Send a modal that the bot opened, its fields filled in by custom id."""
        assert modal.modal is not None
        data = {
            "custom_id": modal.modal["custom_id"],
            "components": [filled(outer, fields) for outer in modal.modal["components"]],
        }
        return self._sent(MODAL, data, asker, source=modal.payload.get("message"))

    def send(self, kind: int, data: Json, asker: Asker = MEMBER, /) -> Asked:
        """Any interaction, its ``data`` as it stands: what no client would send, or a command of an older release."""
        return self._sent(kind, data, asker)

    def deliver(self, asked: Asked) -> bool:
        """Send an interaction that exists (again); whether there was a session to send it to."""
        asked.deliveries += 1
        return self.gateway.dispatch("INTERACTION_CREATE", asked.payload, asked.asker.guild_id)

    def _typed(self) -> Typed:
        return Typed(self.commands, self._ids, self.rest.url)

    def _sent(
        self, kind: int, data: Json, asker: Asker, typed: Typed | None = None, source: Json | None = None
    ) -> Asked:
        if typed is not None:
            self.rest.files.update(typed.uploads)
        asked = self.made(kind, data, asker, source)
        self.deliver(asked)
        return asked

    def made(self, kind: int, data: Json, asker: Asker = MEMBER, source: Json | None = None, /) -> Asked:
        """An interaction that may be answered, but was not sent; ``deliver`` sends it."""
        payload = interaction(self._ids.next(), kind, data, asker, self.rest.attachment_size_limit)
        if source is not None:
            payload["message"] = copy.deepcopy(source)
        asked = Asked(payload, asker, deadline=self.deadline, patience=self.patience)
        self.rest.keep(asked)
        return asked

    def _newest_with(self, custom_id: str) -> Json | None:
        for found in reversed(self.rest.messages.values()):
            if any(component.get("custom_id") == custom_id for component in walk(found["components"])):
                return found
        return None

    def _remembered(self, custom_id: str, asker: Asker) -> Json:
        """A message of an earlier life of the bot with one button."""
        asked = interaction(self._ids.next(), SLASH, {}, asker, self.rest.attachment_size_limit)
        button = {"type": 2, "style": 2, "label": "Old", "custom_id": custom_id, "id": 2}
        made = message(self._ids.next(), asked, asker) | {
            "flags": COMPONENTS_V2,
            "components": [{"type": 1, "id": 1, "components": [button]}],
        }
        self.rest.messages[made["id"]] = made
        return made


def filled(component: Json, fields: Mapping[str, str | Sequence[str]]) -> Json:
    """A component of a modal as a client submits it."""
    kept: Json = {name: component[name] for name in ("type", "id", "custom_id") if name in component}
    if "custom_id" in component and component["custom_id"] in fields:
        value = fields[component["custom_id"]]
        kept |= {"value": value} if isinstance(value, str) else {"values": list(value)}
    if "components" in component:
        kept["components"] = [filled(inner, fields) for inner in component["components"]]
    if "component" in component:
        kept["component"] = filled(component["component"], fields)
    return kept
