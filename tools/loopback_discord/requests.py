"""What the bot asked of the REST API, and what it got: one record a request."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from aiohttp import BodyPartReader, web

from tools.loopback_discord.limits import Refusal
from tools.loopback_discord.payloads import Json, Upload, dumped


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the API; a body of ``None`` is sent as nothing, with bytes as they are."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def response(self, *, has_via: bool = True) -> web.Response:
        headers = self.headers | ({"Via": "1.1 google"} if has_via else {})
        if self.body is None:
            return web.Response(status=self.status, headers=headers)
        if isinstance(self.body, bytes):
            return web.Response(status=self.status, body=self.body, headers=headers)
        return web.Response(
            status=self.status, body=dumped(self.body), content_type="application/json", headers=headers
        )


def refused(refusal: Refusal) -> Reply:
    return Reply(refusal.status, refusal.body())


@dataclass(slots=True)
class Request:
    """One request of the bot. ``at`` and ``took`` are seconds (of ``perf_counter``); ``status`` and ``answer`` are what the
    API decided, ``None`` if a fault kept it from being carried out."""

    method: str
    path: str
    kind: str
    query: dict[str, str]
    variables: dict[str, str]
    authorization: str
    at: float
    body: Any = None
    files: list[Upload] = field(default_factory=list)
    fault: object | None = None
    status: int | None = None
    answer: Any = None
    took: float | None = None

    @property
    def data(self) -> Json:
        """The message that the body carries: ``data`` of a callback, else the body itself."""
        body = self.body if isinstance(self.body, dict) else {}
        found = body.get("data", {}) if self.kind == "callback" else body
        return found if isinstance(found, dict) else {}


async def read_request(incoming: web.Request, kind: str) -> Request:
    """The whole request, its JSON decoded and its files taken out of the form. A body that is no JSON reads as ``None``."""
    found = Request(
        incoming.method,
        incoming.path,
        kind,
        dict(incoming.query),
        dict(incoming.match_info),
        incoming.headers.get("Authorization", ""),
        perf_counter(),
    )
    if incoming.content_type == "multipart/form-data":
        await _read_form(incoming, found)
    elif incoming.can_read_body:
        found.body = _decoded(await incoming.read())
    return found


async def _read_form(incoming: web.Request, found: Request) -> None:
    async for part in await incoming.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            found.body = _decoded(content)
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            found.files.append(Upload(part.filename or "", content, kind))


def _decoded(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None
