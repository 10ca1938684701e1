"""Getting an answer to Discord in time, once, when the road there fails.

discord.py's own webhook adapter sleeps past the three seconds that an interaction has, has no
timeout per try, and takes a 429 without a ``Via`` header for a ban. This one knows the deadline,
retries only what is safe to say twice, and takes "already acknowledged" after a try of its own for
what it is: success.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import aiohttp
from discord import File, Forbidden, HTTPException, NotFound, utils
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route, json_or_text
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

log = logging.getLogger(__name__)
MALFORMED = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)  # what JSON of another shape leads to
ALREADY_ACKNOWLEDGED = 40060
CALLBACK_BUDGET, CALLBACK_TRY, CALLBACK_PATIENCE = 2.7, 0.9, 0.5
EDIT_BUDGET, EDIT_TRY = 60.0, 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0


class Failed(Exception):
    """A try that may be made again, and how long Discord asks to wait first (seconds)."""

    def __init__(self, cause: Exception, wait: float = 0.0) -> None:
        super().__init__(str(cause))
        self.cause, self.wait = cause, wait


class Hanging(Failed):
    """No answer yet, which was waited for already."""


class Delivery(AsyncWebhookAdapter):
    """The road to Discord for answers; one request is one answer, however many tries it takes."""

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        *,
        payload: dict[str, Any] | None = None,
        multipart: list[dict[str, Any]] | None = None,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        files: Sequence[File] | None = None,
        reason: str | None = None,
        auth_token: str | None = None,
        params: dict[str, Any] | None = None,
    ) -> Any:
        """Send until it arrived or the time is up. Raises what discord.py would."""
        is_callback = route.path.endswith("/callback")
        is_hedged = is_callback and not files  # a file is read once at a time
        budget, longest = (CALLBACK_BUDGET, CALLBACK_TRY) if is_callback else (EDIT_BUDGET, EDIT_TRY)
        headers = _headers(payload, reason, auth_token)
        until, pause, number = time.monotonic() + budget, FIRST_PAUSE, 0
        tries: set[asyncio.Task[Any]] = set()
        try:
            while True:
                left = until - time.monotonic()
                for file in files or ():
                    file.reset(seek=number)
                body = _form(multipart) if multipart else None if payload is None else utils._to_json(payload)
                timeout = aiohttp.ClientTimeout(total=max(0.05, left if is_hedged else min(longest, left)))
                options: dict[str, Any] = {"proxy": proxy, "proxy_auth": proxy_auth, "params": params, "timeout": timeout}
                tries.add(asyncio.create_task(_once(session, route, body, headers, options, has_tried=number > 0)))
                try:
                    data = await _soonest(tries, CALLBACK_PATIENCE if is_hedged else None)
                    return {"interaction": {"id": str(route.webhook_id), "type": 2}} if is_callback else data  # nobody reads more of it
                except Failed as failed:
                    number += 1
                    wait = 0.0 if isinstance(failed, Hanging) else max(failed.wait, pause)
                    if not _may_repeat(route, failed) or time.monotonic() + wait >= until:
                        raise failed.cause from None
                    log.warning("%s failed (%s); trying again in %.1f s", route.path.rpartition("/")[2], type(failed.cause).__name__, wait)
                    await asyncio.sleep(wait)
                    pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            for left_over in tries:
                left_over.cancel()


async def _soonest(tries: set[asyncio.Task[Any]], patience: float | None) -> Any:
    """What the first try to end brings. One that hangs is not cut off: another goes beside it, and Discord takes only one."""
    done, _ = await asyncio.wait(tries, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
    if not done:
        raise Hanging(TimeoutError("no answer yet"))
    tries -= done
    return min(done, key=lambda ended: ended.exception() is not None).result()


def _headers(payload: dict[str, Any] | None, reason: str | None, auth_token: str | None) -> dict[str, str]:
    headers = {} if payload is None else {"Content-Type": "application/json"}
    if auth_token is not None:
        headers["Authorization"] = f"Bot {auth_token}"
    if reason is not None:
        headers["X-Audit-Log-Reason"] = quote(reason, safe="/ ")
    return headers


def _form(parts: list[dict[str, Any]]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for part in parts:
        form.add_field(**part)
    return form


def _may_repeat(route: Route, failed: Failed) -> bool:
    """Whether saying it again cannot say it twice: a callback is answered once, a PATCH, GET or DELETE
    is the same again; a new message is repeated only where Discord refused the first."""
    if route.method != "POST" or route.path.endswith("/callback"):
        return True
    return isinstance(failed.cause, HTTPException) and failed.cause.status == 429


async def _once(
    session: aiohttp.ClientSession, route: Route, body: Any, headers: dict[str, str], options: dict[str, Any], *, has_tried: bool
) -> Any:
    """One try. Raises ``Failed`` where another could help."""
    try:
        async with session.request(route.method, route.url, data=body, headers=headers, **options) as response:
            data: Any = await json_or_text(response)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise Failed(error) from None
    if 200 <= response.status < 300:
        return data
    if response.status == 429:
        raise Failed(HTTPException(response, _said(data)), _retry_after(response, data))
    if response.status >= 500:
        raise Failed(HTTPException(response, _said(data)))
    if has_tried and isinstance(data, dict) and data.get("code") == ALREADY_ACKNOWLEDGED:
        return None  # an earlier try of ours arrived
    kind = {403: Forbidden, 404: NotFound}.get(response.status, HTTPException)
    raise kind(response, _said(data))


def _said(data: Any) -> dict[str, Any] | str:
    """What an error says, as far as discord.py can read it whatever its shape."""
    return {"code": data.get("code", 0), "message": str(data.get("message", ""))[:500]} if isinstance(data, dict) else str(data)[:500]


def _retry_after(response: aiohttp.ClientResponse, data: Any) -> float:
    """Seconds that a 429 asks to wait, from its body or its header."""
    found = data.get("retry_after") if isinstance(data, dict) else response.headers.get("Retry-After")
    try:
        wait = float(found or 0)
    except (ValueError, TypeError, OverflowError):
        return 1.0
    return wait if math.isfinite(wait) else 1.0


class Seen:
    """The interactions handled so far; Discord may deliver one twice."""

    MOST = 10_000

    def __init__(self) -> None:
        self._ids: OrderedDict[int, None] = OrderedDict()

    def is_new(self, id: int) -> bool:
        """Whether an interaction was not handled yet; from now on it was."""
        if id in self._ids:
            return False
        self._ids[id] = None
        if len(self._ids) > self.MOST:
            self._ids.popitem(last=False)
        return True


def contained(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """A reader of events that passes over what it cannot read; discord.py's own would end the process."""

    def read(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:
            log.warning("an event that cannot be read, %s (%s)", event, type(error).__name__)

    return read


def install() -> None:
    """Use this road for every answer of the process, and survive a frame that is no JSON."""
    async_context.set(Delivery())  # type: ignore[no-untyped-call]
    original = DiscordWebSocket.received_message

    async def received_message(self: DiscordWebSocket, msg: Any, /) -> None:
        try:
            await original(self, msg)
        except MALFORMED as error:
            log.warning("a malformed frame from the gateway (%s); resuming", error)
            raise ReconnectWebSocket(self.shard_id, resume=True) from None

    DiscordWebSocket.received_message = received_message  # type: ignore[method-assign]
