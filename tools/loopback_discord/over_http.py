"""Interactions as Discord sends them over HTTP: signed, and given up after three seconds."""

from __future__ import annotations

import json
import socket
import time

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.asked import Asked
from tools.loopback_discord.payloads import Json

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def free_port() -> int:
    """A port of the loopback interface that nothing listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def post(url: str, data: Json, *, seconds: float = 3.0, key: Ed25519PrivateKey = KEY) -> tuple[int, str]:
    """The status and the body of the answer; status 0 where there was none."""
    body, stamp = json.dumps(data).encode(), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Signature-Ed25519": key.sign(stamp.encode() + body).hex(),
        "X-Signature-Timestamp": stamp,
    }
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=body, headers=headers) as response,
        ):
            return response.status, await response.text()
    except (aiohttp.ClientError, TimeoutError):
        return 0, ""


async def deliver(url: str, asked: Asked, *, seconds: float = 3.0) -> int:
    """Send an interaction that ``LoopbackDiscord.made`` made; the status of the answer."""
    asked.deliveries += 1
    return (await post(url, asked.payload, seconds=seconds))[0]
