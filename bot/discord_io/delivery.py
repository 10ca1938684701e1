"""Replies that reach Discord in time and once, also when requests fail.

discord.py's own webhook adapter sleeps past the three seconds that an interaction has, has no timeout per try, and
takes a 429 without a ``Via`` header for a ban. This one knows the deadline, retries only what is idempotent, and takes
"already acknowledged" after an earlier try of its own as success. What an earlier process has acknowledged is
``TakenBefore``.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import aiohttp
from discord import File, Forbidden, HTTPException, NotFound, utils
from discord.http import Route, json_or_text
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.discord_io.activity import Activity
from bot.discord_io.sessions import Sessions

log = logging.getLogger(__name__)
ALREADY_ACKNOWLEDGED = 40060
DEFERS, COMPLETES = 5, 8  # types of a callback: that an answer is coming, and what is offered to somebody who types
LOADING = 1 << 7  # the flag of a message whose answer is coming
CALLBACK_BUDGET, CALLBACK_TRY, CALLBACK_HEDGE = 2.7, 0.9, 0.5
EDIT_BUDGET, EDIT_TRY = 60.0, 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0


class Failed(Exception):
    """A try that may be made again, and how long Discord asks to wait first (seconds)."""

    def __init__(self, cause: Exception, wait: float = 0.0) -> None:
        super().__init__(str(cause))
        self.cause, self.wait = cause, wait


class Hanging(Failed):
    """A try without an answer so far; the wait for it is over."""


class Encoded(dict[str, Any]):
    """The body of a callback as ``text``, encoded once; as a mapping it has its type alone."""

    def __init__(self, type: int, text: str) -> None:
        super().__init__(type=type)
        self.text = text


class TakenBefore(Exception):
    """An earlier process has acknowledged the interaction. Whether it has answered it too, the message shows."""


class DeliveryAdapter(AsyncWebhookAdapter):
    """Sends replies; one request is one reply, however many tries it takes.

    ``sessions`` and ``activity`` learn what is answered.
    """

    def __init__(self, sessions: Sessions, activity: Activity) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._sessions, self._activity = sessions, activity

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
        """Send until Discord has it or the time is up. Raises what discord.py would, or ``TakenBefore``."""
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
                body = _form(multipart) if multipart else _encoded(payload)
                timeout = aiohttp.ClientTimeout(total=max(0.05, left if is_hedged else min(longest, left)))
                options: dict[str, Any] = {
                    "proxy": proxy,
                    "proxy_auth": proxy_auth,
                    "params": params,
                    "timeout": timeout,
                }
                trying = asyncio.create_task(_once(session, route, body, headers, options, has_tried=number > 0))
                trying.add_done_callback(lambda done: done.cancelled() or done.exception())  # another may be heard
                tries.add(trying)
                try:
                    data = await _soonest(tries, CALLBACK_HEDGE if is_hedged else None)
                    self._activity.reply(str(route.webhook_token))
                    self._note(route, is_unfinished=_is_unfinished(route, payload, data))
                    return (
                        {"interaction": {"id": str(route.webhook_id), "type": 2}} if is_callback else data
                    )  # nobody reads more of it
                except Failed as failed:
                    number += 1
                    wait = 0.0 if isinstance(failed, Hanging) else max(failed.wait, pause)
                    if not _may_repeat(route, failed) or time.monotonic() + wait >= until:
                        raise failed.cause from None
                    log.warning(
                        "%s failed (%s); trying again in %.1f s",
                        route.path.rpartition("/")[2],
                        type(failed.cause).__name__,
                        wait,
                    )
                    await asyncio.sleep(wait)
                    pause = min(pause * 2, LONGEST_PAUSE)
        except TakenBefore:
            is_over = payload is not None and payload.get("type") == COMPLETES
            self._note(route, is_unfinished=not is_over)
            if is_over:
                return {}  # who typed has their choices
            raise
        except Exception:
            self._note(route, is_unfinished=False)  # as far as it can be
            raise
        finally:
            for left_over in tries:
                left_over.cancel()

    def _note(self, route: Route, *, is_unfinished: bool) -> None:
        note = self._sessions.defer if is_unfinished else self._sessions.answer
        note(str(route.webhook_token))


def _is_unfinished(route: Route, payload: dict[str, Any] | None, data: Any) -> bool:
    """Whether an answer is still to come after a request that arrived."""
    if route.path.endswith("/callback"):
        return payload is not None and payload.get("type") == DEFERS
    return route.method == "GET" and isinstance(data, dict) and bool(int(data.get("flags", 0)) & LOADING)


async def _soonest(tries: set[asyncio.Task[Any]], hedge_after: float | None) -> Any:
    """The result of the first try that ends. One that hangs goes on beside another; Discord takes one."""
    done, _ = await asyncio.wait(tries, timeout=hedge_after, return_when=asyncio.FIRST_COMPLETED)
    if not done:
        raise Hanging(TimeoutError("no answer yet"))
    tries -= done
    return min(done, key=lambda ended: ended.exception() is not None).result()


def _encoded(payload: dict[str, Any] | None) -> str | None:
    return payload.text if isinstance(payload, Encoded) else None if payload is None else utils._to_json(payload)


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
    """Whether a request is idempotent: Discord takes a callback once, and a PATCH, GET or DELETE repeats the same.

    A new message is repeated only where Discord refused the first.
    """
    if route.method != "POST" or route.path.endswith("/callback"):
        return True
    return isinstance(failed.cause, HTTPException) and failed.cause.status == 429


async def _once(
    session: aiohttp.ClientSession,
    route: Route,
    body: Any,
    headers: dict[str, str],
    options: dict[str, Any],
    *,
    has_tried: bool,
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
        raise Failed(HTTPException(response, _body_of(data)), _retry_after(response, data))
    if response.status >= 500:
        raise Failed(HTTPException(response, _body_of(data)))
    if isinstance(data, dict) and data.get("code") == ALREADY_ACKNOWLEDGED:
        if has_tried:
            return None  # an earlier try of ours arrived
        raise TakenBefore
    kind = {403: Forbidden, 404: NotFound}.get(response.status, HTTPException)
    raise kind(response, _body_of(data))


def _body_of(data: Any) -> dict[str, Any] | str:
    """The body of an error in a shape that discord.py can read, whatever it is."""
    return (
        {"code": data.get("code", 0), "message": str(data.get("message", ""))[:500]}
        if isinstance(data, dict)
        else str(data)[:500]
    )


def _retry_after(response: aiohttp.ClientResponse, data: Any) -> float:
    """Seconds that a 429 asks to wait, from its body or its header."""
    found = data.get("retry_after") if isinstance(data, dict) else response.headers.get("Retry-After")
    try:
        wait = float(found or 0)
    except (ValueError, TypeError, OverflowError):
        return 1.0
    return wait if math.isfinite(wait) else 1.0
