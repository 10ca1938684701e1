"""What can go wrong between a bot and Discord: each fault is a value, and happens to the requests it is armed for."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from aiohttp import web

from tools.loopback_discord.payloads import dumped
from tools.loopback_discord.requests import Reply, Request

Commit: TypeAlias = Callable[[], Reply]
Match: TypeAlias = str | Callable[[Request], bool]
KINDS = frozenset(
    {
        "me",
        "application",
        "gateway",
        "handshake",
        "commands",
        "callback",
        "edit",
        "original",
        "delete",
        "followup",
        "upload",
        "cdn",
        "any",
    }
)
CLOUDFLARE_PAGE = "<html><head><title>{status}</title></head><body><h1>{status}</h1><hr>cloudflare</body></html>"


class Fault(Protocol):
    """One way to fail. ``commit`` carries the request out, as if all were well, and gives its true answer."""

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse: ...


@dataclass(frozen=True, slots=True)
class Status:
    """An error status: 500 is Discord's own JSON, 502, 503, 504 and 520 are a page of Cloudflare without ``Via``."""

    status: int
    commits: bool = False

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse:
        if self.commits:
            commit()
        if self.status == 500:
            return Reply(500, {"message": "500: Internal Server Error", "code": 0}).response()
        return web.Response(
            status=self.status, text=CLOUDFLARE_PAGE.format(status=self.status), content_type="text/html"
        )


@dataclass(frozen=True, slots=True)
class Limited:
    """A 429 for ``retry_after`` seconds; scope ``user``, ``shared`` or ``global``; without ``Via`` it is Cloudflare's."""

    scope: str = "user"
    retry_after: float = 0.3
    has_via: bool = True
    is_json: bool = True

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse:
        headers = {"Retry-After": f"{max(1, round(self.retry_after))}"}
        if not self.is_json:
            return web.Response(status=429, text="error code: 1015", headers=headers, content_type="text/plain")
        headers |= {"X-RateLimit-Scope": self.scope} | (
            {"X-RateLimit-Global": "true"} if self.scope == "global" else {}
        )
        body = {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.scope == "global",
        }
        return Reply(429, body, headers).response(has_via=self.has_via)


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset (RST; errno 104), before or after the request was carried out."""

    commits: bool = False

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse:
        if self.commits:
            commit()
        reset(request)
        return web.Response()


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The connection ends in good order (FIN), but without an answer."""

    commits: bool = False

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse:
        if self.commits:
            commit()
        if request.transport is not None:
            request.transport.close()
        return web.Response()


@dataclass(frozen=True, slots=True)
class Hang:
    """The answer takes ``seconds``; the request is carried out at once if it ``commits``, else at the end."""

    seconds: float
    commits: bool = False

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse:
        early = commit() if self.commits else None
        await asyncio.sleep(self.seconds)
        return (early or commit()).response()


@dataclass(frozen=True, slots=True)
class Held:
    """The request is carried out and answered after ``seconds``, or never if the client has gone by then.

    With an event the seconds count from when it is set.
    """

    seconds: float
    event: asyncio.Event | None = None

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse:
        if self.event is not None:
            await self.event.wait()
        await asyncio.sleep(self.seconds)
        is_here = request.transport is not None and not request.transport.is_closing()
        return commit().response() if is_here else web.Response()


@dataclass(frozen=True, slots=True)
class Truncated:
    """The request is carried out, but only half of the answer's body arrives; 204 has no body, so it is sent as ``{}``."""

    async def happen(self, request: web.Request, commit: Commit) -> web.StreamResponse:
        reply = commit()
        body = dumped(reply.body if reply.body is not None else {"cut": "here"})
        response = web.StreamResponse(
            status=200 if reply.status == 204 else reply.status, headers={"Via": "1.1 google"}
        )
        response.content_type = "application/json"
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.close()
        return response


def reset(request: web.Request) -> None:
    """Close the connection of a request so that the peer gets a reset."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


@dataclass(slots=True)
class Armed:
    """A fault waiting for its requests (only those with interaction token ``token``, if one is given); ``met`` holds those
    it happened to."""

    match: Match
    fault: Fault
    left: int
    token: str | None = None
    met: list[Request] = field(default_factory=list)

    def takes(self, request: Request) -> bool:
        if self.left <= 0 or self.token not in (None, request.variables.get("token")):
            return False
        if callable(self.match):
            return self.match(request)
        return self.match in ("any", request.kind) or (self.match == "upload" and bool(request.files))


class Faults:
    """The faults armed now; the first that fits a request happens to it."""

    def __init__(self) -> None:
        self._armed: list[Armed] = []

    def arm(self, match: Match, fault: Fault, times: int, token: str | None = None) -> Armed:
        if isinstance(match, str) and match not in KINDS:
            raise ValueError(f"{match!r} is no kind of request; there are {', '.join(sorted(KINDS))}")
        armed = Armed(match, fault, times, token)
        self._armed.append(armed)
        return armed

    def take(self, request: Request) -> Fault | None:
        for armed in self._armed:
            if armed.takes(request):
                armed.left -= 1
                armed.met.append(request)
                request.fault = armed.fault
                return armed.fault
        return None

    def clear(self) -> None:
        self._armed.clear()
