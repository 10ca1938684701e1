"""The connection to Discord's gateway: whatever fails in it is a new connection that resumes, never the end.

discord.py ends the process where a frame cannot be unpacked, where a handshake is refused and the next socket closes
before it says hello, or where the first connection is refused often enough; and it takes a connection whose heartbeats
are not acknowledged for a good one as long as any event comes. Only a close that Discord means as final goes on to it.

A session that an earlier process had is resumed, see ``bot.discord_io.sessions``.
"""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any, Self

import discord
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.discord_io.sessions import KeptSession, Sessions

log = logging.getLogger(__name__)
SECONDS_TO_CONNECT = 20.0
SECONDS_TO_CLOSE = 3.0
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 30.0  # with the time to connect less than discord.py grants a reconnect, 60
TRIES_TO_RESUME = 3  # at the address that the session was given; then at Discord's general one


class Pauses:
    """How long to wait before each try to connect: not at all at first, then twice as long each time.

    A try counts as failed until Discord has said that the session stands, so that a session which is refused again and
    again does not use up the day's identifications.
    """

    def __init__(self) -> None:
        self.tries = 0

    def succeeded(self) -> None:
        """A session stands."""
        self.tries = 0

    def next(self) -> float:
        """The seconds before the next try, less than the whole by chance, so that not all bots come at once."""
        self.tries += 1
        if self.tries == 1:
            return 0.0
        longest: float = min(FIRST_PAUSE * 2 ** min(self.tries - 2, 10), LONGEST_PAUSE)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class Gateway(DiscordWebSocket):
    """discord.py's websocket, which connects again after every failure but a final close."""

    pauses = Pauses()  # of all shards
    sessions: Sessions  # of all shards
    _is_read = False  # frames are taken in once a session was asked for, which may have to wait its turn
    _client = ""
    _acknowledged_before: float | None = None

    @classmethod
    async def from_client(
        cls, client: discord.Client, *, gateway: yarl.URL | None = None, resume: bool = False, **options: Any
    ) -> Self:
        """A connection that said hello. Raises ``ReconnectWebSocket`` where a later one has to be tried again.

        The first connection of a shard is tried here until it stands, as discord.py would nest every try in the last.
        """
        is_first = gateway is not None and not resume
        general = gateway if is_first else None
        kept = cls.sessions.of(options["shard_id"], _client_of(client)) if is_first else None
        if kept is not None:
            log.info("resuming the session of the process before")
            gateway, resume = yarl.URL(kept.address), True
            options |= {"session": kept.id, "sequence": kept.sequence}
        while True:
            await asyncio.sleep(cls.pauses.next())
            address = general if resume and cls.pauses.tries > TRIES_TO_RESUME else gateway
            try:
                connecting = super().from_client(client, gateway=address, resume=resume, **options)
                connected = await asyncio.wait_for(connecting, SECONDS_TO_CONNECT)
                connected._client = _client_of(client)
                connected._is_read = True
                if kept is not None:
                    cls.sessions.begin(options["shard_id"], connected._client, kept)
                return connected
            except discord.ConnectionClosed:
                raise  # for good
            except Exception as error:
                log.warning("the gateway cannot be reached (%s); trying again", said(error))
                if not is_first:
                    raise ReconnectWebSocket(options.get("shard_id"), resume=resume) from None

    async def poll_event(self) -> None:
        """Take in the next frame. Raises ``ReconnectWebSocket``, or ``discord.ConnectionClosed`` if that is final."""
        try:
            await super().poll_event()
        except (ReconnectWebSocket, discord.ConnectionClosed):
            raise
        except Exception as error:
            log.warning("the gateway sent what cannot be read (%s); resuming", said(error))
            await self.close()
            raise ReconnectWebSocket(self.shard_id, resume=True) from None

    async def received_message(self, msg: Any, /) -> None:
        """Take in a frame, and note how far the session has come."""
        before = self.session_id
        try:
            await super().received_message(msg)
        finally:
            if self.session_id is None and before is not None:
                self.sessions.forget(self.shard_id or 0)
        if self.session_id is not None and self.sequence is not None:
            if self.session_id != before:
                session = KeptSession(self.session_id, str(self.gateway), self.sequence)
                self.sessions.begin(self.shard_id or 0, self._client, session)
            self.sessions.receive(self.shard_id or 0, self.sequence)

    async def send_heartbeat(self, data: Any) -> None:
        """Send a heartbeat, or close the connection if the one before was not acknowledged."""
        acknowledged = self._keep_alive._last_ack if self._keep_alive is not None else None
        if self._is_read and acknowledged is not None and acknowledged == self._acknowledged_before:
            log.warning("the gateway does not acknowledge heartbeats; resuming")
            await self.close()
            return
        self._acknowledged_before = acknowledged if self._is_read else None
        await super().send_heartbeat(data)

    async def close(self, code: int = 4000) -> None:
        """Close, without waiting long for an answer that may never come.

        At 1000 Discord ends the session, unless it is to outlive the process.
        """
        if code == 1000 and self.sessions.outlive_process:
            code = 4000
        elif code == 1000:
            self.sessions.forget(self.shard_id or 0)
        try:
            await asyncio.wait_for(super().close(code), SECONDS_TO_CLOSE)
        except TimeoutError:
            log.info("the gateway did not answer the close of a connection")


def _client_of(client: discord.Client) -> str:
    """What a session is bound to: the application, the number of shards, the intents."""
    return f"{client.application_id} {client.shard_count} {client.intents.value}"


def install_gateway(sessions: Sessions) -> None:
    """Let every shard of the process connect by ``Gateway``."""
    Gateway.sessions = sessions
    discord.shard.DiscordWebSocket = Gateway  # type: ignore[misc]


def said(error: BaseException) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
