"""The gateway's sessions, kept on the disk so that the next process resumes them: no question is lost by a restart.

Discord sends a session again what came after the event named when it is resumed. The event kept is the one before the
oldest interaction without an answer, so that what a process could not answer any more reaches the next one. Which of
those were answered all the same, Discord knows: see ``bot.discord_io.delivery``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from salesbot.errors import Refused
from salesbot.storage.small_database import SmallDatabase

TABLES = {"sessions": {"shard": int, "client": str, "session": str, "address": str, "sequence": int}}
FIND = "select session, address, sequence from sessions where shard = ? and client = ?"
STORE = "insert or replace into sessions (shard, client, session, address, sequence) values (?, ?, ?, ?, ?)"
MOVE = "update sessions set sequence = ? where shard = ?"
SECONDS_BEHIND = 0.05  # what the file says may be as old; the events since come twice, and are answered once
SECONDS_REFUSED = 10.0  # before another write, where the disk takes none
SECONDS_TO_ACKNOWLEDGE, SECONDS_TO_ANSWER = 10.0, 15 * 60.0  # Discord takes none after 3 s, and after 15 min


class KeptSession(Struct, frozen=True):
    """A session of an earlier process: its id, the address to resume it at, and the event to go on after."""

    id: str
    address: str
    sequence: int


class _Unanswered(Struct):
    """An interaction that waits for its answer, and until when one could still arrive (``time.monotonic``)."""

    shard: int
    sequence: int
    until: float
    heard: asyncio.Future[None] | None = None

    def is_heard(self) -> None:
        """Discord has heard of it."""
        if self.heard is not None and not self.heard.done():
            self.heard.set_result(None)


class Sessions:
    """The sessions of every shard, in the file at ``path``; on the event loop alone."""

    def __init__(self, path: Path) -> None:
        self._database = SmallDatabase(path, TABLES, is_lasting=False)  # without the machine no session stands
        self._sequences: dict[int, int] = {}
        self._changed: set[int] = set()
        self._arrived: list[str] = []
        self._unanswered: dict[str, _Unanswered] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False
        self.outlive_process = False

    def of(self, shard: int, client: str) -> KeptSession | None:
        """The session that an earlier process had, if it was the same client: application, shards and intents."""
        row = self._database.row(FIND, [shard, client])
        return KeptSession(*row) if row else None

    def begin(self, shard: int, client: str, session: KeptSession) -> None:
        """Keep a session that stands."""
        self._sequences[shard] = session.sequence
        self._write([(STORE, (shard, client, session.id, session.address, self._to_keep(shard)))])

    def forget(self, shard: int) -> None:
        """A session is over; what it had is not sent again."""
        self._sequences.pop(shard, None)
        self._unanswered = {token: one for token, one in self._unanswered.items() if one.shard != shard}
        self._write([("delete from sessions where shard = ?", (shard,))])

    def arrive(self, token: str) -> None:
        """An interaction is in the frame that is being read."""
        self._arrived.append(token)

    def receive(self, shard: int, sequence: int) -> None:
        """A frame was read, the event of this number."""
        until = time.monotonic() + SECONDS_TO_ACKNOWLEDGE
        for token in self._arrived:
            self._unanswered[token] = _Unanswered(shard, sequence, until)
        self._arrived.clear()
        if self._sequences.get(shard, sequence) != sequence:
            self._sequences[shard] = sequence
            self._move(shard)

    def defer(self, token: str) -> None:
        """Discord knows that an answer is coming."""
        if waiting := self._unanswered.get(token):
            waiting.until = time.monotonic() + SECONDS_TO_ANSWER
            waiting.is_heard()

    def answer(self, token: str) -> None:
        """An answer has arrived, or none can arrive any more."""
        if waiting := self._unanswered.pop(token, None):
            waiting.is_heard()
            self._move(waiting.shard)

    def heard(self, token: str) -> asyncio.Future[None] | None:
        """Done once Discord has heard of an interaction that waits; ``None`` for one that does not."""
        waiting = self._unanswered.get(token)
        if waiting is None:
            return None
        if waiting.heard is None:
            waiting.heard = asyncio.get_running_loop().create_future()
        return waiting.heard

    def _move(self, shard: int) -> None:
        self._changed.add(shard)
        if self._timer is None and not self._is_closed:
            self._timer = asyncio.get_running_loop().call_later(SECONDS_BEHIND, self._store)

    def _store(self) -> None:
        self._timer = None
        moved, self._changed = [shard for shard in self._changed if shard in self._sequences], set()
        if not self._write((MOVE, (self._to_keep(shard), shard)) for shard in moved):
            self._changed.update(moved)
            self._timer = asyncio.get_running_loop().call_later(SECONDS_REFUSED, self._store)

    def _to_keep(self, shard: int) -> int:
        """The event before the oldest interaction of a shard without an answer, else the last one."""
        now = time.monotonic()
        for token in [token for token, one in self._unanswered.items() if one.until < now]:
            del self._unanswered[token]
        waiting = (one.sequence - 1 for one in self._unanswered.values() if one.shard == shard)
        return min(waiting, default=self._sequences[shard])

    def _write(self, changes: Iterable[tuple[str, tuple[object, ...]]]) -> bool:
        """Whether the disk took it; the bot goes on without."""
        if self._is_closed:
            return True
        try:
            for query, values in changes:
                self._database.write(query, values)
        except Refused:
            return False
        return True

    def close(self) -> None:
        """Store where each session stands, and close the file."""
        if self._timer is not None:
            self._timer.cancel()
            self._write((MOVE, (self._to_keep(shard), shard)) for shard in self._changed if shard in self._sequences)
        self._is_closed = True
        self._database.close()
