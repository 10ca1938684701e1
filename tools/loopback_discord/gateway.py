"""The loopback gateway: sessions that outlive their connections, and every way a connection can go wrong."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import zstandard
from aiohttp import ClientConnectionResetError, WSMsgType, web

from tools.loopback_discord.payloads import APPLICATION, Json, Snowflakes, self_user

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
GUILDS_INTENT = 1
PRIVILEGED_INTENTS = 1 << 1 | 1 << 8 | 1 << 15
MOST_EVENTS_KEPT = 50_000


class Encoder(Protocol):
    def __call__(self, text: str) -> str | bytes: ...


def encoder(compression: str | None) -> Encoder:
    """How one connection's frames are written: as text, or as one compressed stream flushed after each frame."""
    if compression == "zstd-stream":
        zstd = zstandard.ZstdCompressor().compressobj()
        return lambda text: zstd.compress(text.encode()) + zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    if compression == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda text: deflate.compress(text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return lambda text: text


def frame(op: int, data: object = None, event: str | None = None, seq: int | None = None) -> str:
    return json.dumps({"op": op, "d": data, "s": seq, "t": event}, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Ending:
    """The last thing in an outbox: close with this code, or (``None``) drop the connection without a word."""

    code: int | None


@dataclass(slots=True)
class Session:
    """What survives a lost connection: the sequence, and the events that a RESUME replays."""

    id: str
    shard: int
    intents: int
    seq: int = 0
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=MOST_EVENTS_KEPT))
    connection: Connection | None = None

    def dispatch(self, event: str, data: object, *, is_kept: bool = True) -> None:
        self.seq += 1
        text = frame(DISPATCH, data, event, self.seq)
        if is_kept:
            self.events.append((self.seq, text))
        if self.connection is not None:
            self.connection.put(text)

    def can_resume_from(self, seq: int) -> bool:
        oldest = self.events[0][0] if self.events else self.seq + 1
        return oldest - 1 <= seq <= self.seq


class Connection:
    """One websocket: frames go out in the order they were put."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.session: Session | None = None
        self.is_ending = False
        self._request = request
        self._encode = encoder(request.query.get("compress"))
        self._outbox: asyncio.Queue[str | bytes | Ending] = asyncio.Queue()

    def put(self, item: str | bytes | Ending) -> None:
        self._outbox.put_nowait(item)

    async def write(self) -> None:
        """Send what is put, until an ending or the connection is lost."""
        try:
            while not isinstance(item := await self._outbox.get(), Ending):
                await self._send(self._encode(item) if isinstance(item, str) else item)
            await self._end(item)
        except (ConnectionResetError, ClientConnectionResetError):
            return

    async def _send(self, content: str | bytes) -> None:
        if isinstance(content, str):
            await self.socket.send_str(content)
        else:
            await self.socket.send_bytes(content)

    async def _end(self, ending: Ending) -> None:
        self.is_ending = True
        if ending.code is not None:
            await self.socket.close(code=ending.code)
        elif self._request.transport is not None:
            self._request.transport.abort()


class Gateway:
    """Every session and connection of the bot, what it sent, and the faults of the gateway."""

    def __init__(self, token: str, guilds: Mapping[int, Json], ids: Snowflakes, shards: int) -> None:
        self.url = ""  # known once the server listens
        self.shards = shards
        self.is_acking = True
        self.closes_before_hello = 0  # how many of the next connections end without a word
        self.heartbeat_interval = 41.25  # seconds
        self.has_privileged_intents = False
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.heartbeats = 0
        self.lost: list[Json] = []
        self.connections: set[Connection] = set()
        self.sessions: dict[str, Session] = {}
        self._current: dict[int, Session] = {}
        self._token, self._guilds, self._ids = token, guilds, ids

    # --- faults -------------------------------------------------------------------------------

    def close(self, code: int, *, ends_sessions: bool = False) -> None:
        """Close every connection; with ``ends_sessions`` a RESUME after it gets op 9 false."""
        if ends_sessions:
            self.end_sessions()
        self._put_all(Ending(code))

    def drop(self) -> None:
        """Cut every connection without a closing frame."""
        self._put_all(Ending(None))

    def ask_to_reconnect(self) -> None:
        """Op 7."""
        self._put_all(frame(RECONNECT))

    def invalidate(self, *, is_resumable: bool) -> None:
        """Op 9."""
        if not is_resumable:
            self.end_sessions()
        self._put_all(frame(INVALID_SESSION, is_resumable))

    def send_spoilt(self, data: bytes) -> None:
        """A frame of bytes as they are, whatever the compression."""
        self._put_all(data)

    def send_malformed(self, text: str = '{"op":0,"t":"INTERACTION_CREATE","d":{"id":') -> None:
        """A frame that is no JSON."""
        self._put_all(text)

    def end_sessions(self) -> None:
        self.sessions.clear()
        self._current.clear()

    def _put_all(self, item: str | bytes | Ending) -> None:
        for connection in self.connections:
            connection.put(item)

    # --- events -------------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """Whether a session is connected for every shard."""
        live = {session.shard for session in self._current.values() if session.connection is not None}
        return live == set(range(self.shards))

    def dispatch(self, event: str, data: Json, guild_id: int | None = None) -> bool:
        """Send an event to its shard's session, which keeps it while disconnected; without a session it is lost."""
        session = self._current.get(((guild_id or 0) >> 22) % self.shards)
        if session is None:
            self.lost.append(data)
            return False
        session.dispatch(event, data)
        return True

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one websocket until it ends."""
        socket = web.WebSocketResponse(timeout=1.0, compress=False, max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        if self.closes_before_hello:
            self.closes_before_hello -= 1
            await socket.close(code=1001)
            return socket
        connection.put(
            frame(HELLO, {"heartbeat_interval": round(self.heartbeat_interval * 1000), "_trace": ["loopback"]})
        )
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write())
        try:
            async for received in socket:
                if received.type in (WSMsgType.TEXT, WSMsgType.BINARY):  # hikari sends bytes
                    self._receive(connection, received.data)
        finally:
            self.connections.discard(connection)
            if not connection.is_ending:
                writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            self._part(connection)
        return socket

    def _part(self, connection: Connection) -> None:
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        if (
            connection.socket.close_code in (1000, 1001) and not connection.is_ending
        ):  # the bot's own wish: its session is over
            self.sessions.pop(session.id, None)
            if self._current.get(session.shard) is session:
                del self._current[session.shard]

    def _receive(self, connection: Connection, text: str | bytes) -> None:
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            connection.put(Ending(4002))
            return
        if op == HEARTBEAT:
            self._beat(connection)
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif connection.session is None:
            connection.put(Ending(4003))

    def _beat(self, connection: Connection) -> None:
        self.heartbeats += 1
        if self.is_acking:
            connection.put(frame(ACK))

    def _identify(self, connection: Connection, data: Json) -> None:
        self.identifies.append(data)
        shard, count = data.get("shard") or (0, 1)
        wrong = self._identify_fault(connection, data, shard, count)
        if wrong is not None:
            connection.put(Ending(wrong))
            return
        session = Session(self._ids.next(), shard, data["intents"], connection=connection)
        connection.session = session
        self.sessions[session.id] = self._current[shard] = session
        self._welcome(session, count)

    def _identify_fault(self, connection: Connection, data: Json, shard: int, count: int) -> int | None:
        """The close code an IDENTIFY earns, if any."""
        if connection.session is not None:
            return 4005
        if data.get("token") != self._token:
            return 4004
        if count != self.shards or shard not in range(count):
            return 4010
        if data.get("intents", 0) & PRIVILEGED_INTENTS and not self.has_privileged_intents:
            return 4014
        return None

    def _welcome(self, session: Session, count: int) -> None:
        mine = {
            guild_id: guild for guild_id, guild in self._guilds.items() if (guild_id >> 22) % count == session.shard
        }
        ready = {
            "v": 10,
            "user": self_user(),
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard, count],
            "application": {"id": str(APPLICATION), "flags": 0},
            "private_channels": [],
            "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in mine],
            "_trace": ["loopback"],
        }
        session.dispatch("READY", ready)
        if session.intents & GUILDS_INTENT:
            for guild in mine.values():
                session.dispatch("GUILD_CREATE", guild)

    def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes.append(data)
        session = self.sessions.get(str(data.get("session_id")))
        seq = data.get("seq") or 0
        if data.get("token") != self._token:
            connection.put(Ending(4004))
        elif session is None or not session.can_resume_from(seq):
            connection.put(frame(INVALID_SESSION, False))
        else:
            self._replay(session, connection, seq)

    def _replay(self, session: Session, connection: Connection, seq: int) -> None:
        if session.connection is not None:
            session.connection.put(Ending(4000))
        session.connection, connection.session = connection, session
        self._current[session.shard] = session
        for number, text in session.events:
            if number > seq:
                connection.put(text)
        session.dispatch("RESUMED", {"_trace": ["loopback"]}, is_kept=False)
