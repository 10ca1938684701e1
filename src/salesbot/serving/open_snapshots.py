"""The snapshots open for reading: those asked last, each checked against its recorded hash before it is used."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

from salesbot.errors import DamagedSnapshot, QuestionError
from salesbot.facts import content_hash
from salesbot.questions.names import Names
from salesbot.storage.catalog import Activation, Catalog, Published
from salesbot.storage.lru_cache import LruCache
from salesbot.storage.snapshot import Caches, Snapshot
from salesbot.storage.snapshot_files import file_digest

log = logging.getLogger(__name__)
CACHE_BYTES = 6 << 20  # of what answers of all servers are made of
ANSWER_BYTES = 1 << 20  # of answers, some 28 KiB each, whose buttons are pressed next; larger ones go into the other
REPLY_BYTES = 2 << 20  # of pages and choices, about five hundred pages
SECONDS_AHEAD = 60.0  # for which the hash of a file that was read ahead counts
SECONDS_VERIFIED = 3600.0  # after which a file is read again to see whether it is still the one that was written

FileState = tuple[int, int, int]  # inode, size in bytes, modification time in nanoseconds


class OpenSnapshots:
    """Opens the versions of a catalog; all share the same caches.

    ``on_loss`` is called with a version whose file is gone or damaged.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.on_loss: Callable[[Published], None] = lambda published: None
        cache = LruCache(CACHE_BYTES)
        self.caches = Caches(cache, LruCache(ANSWER_BYTES, for_larger=cache), LruCache(REPLY_BYTES))
        self._verified: OrderedDict[str, tuple[FileState, float]] = OrderedDict()
        self._read_ahead: dict[str, tuple[FileState, str, float]] = {}  # the hash of the file read last, and when

    def open(self, activation: Activation) -> tuple[Snapshot, Names]:
        """The snapshot of an activation, verified. Raises ``DamagedSnapshot``."""
        assert activation.published is not None
        published = activation.published
        if not self.is_sound(published):
            raise DamagedSnapshot("snapshot_damaged")
        path = self._catalog.snapshot_path(published)
        snapshot = Snapshot(path, loaded=activation.at, caches=self.caches)
        return snapshot, Names(snapshot)

    async def read_ahead(self, path: Path) -> None:
        """Read a file in a thread before it is served, so that ``is_sound`` need not: 200 MB take 0.2 s."""
        with contextlib.suppress(OSError, QuestionError):
            state = _state(path)
            self._read_ahead = {path.name: (state, await asyncio.to_thread(file_digest, path), time.monotonic())}

    async def is_still_sound(self, published: Published) -> bool:
        """Whether the file of a version is the one that was written, read now, in a thread."""
        await self.read_ahead(self._catalog.snapshot_path(published))
        self._verified.pop(published.snapshot, None)
        return self.is_sound(published)

    def _is_verified(self, published: Published, state: FileState) -> bool:
        known = self._verified.get(published.snapshot)
        return known is not None and known[0] == state and time.monotonic() - known[1] < SECONDS_VERIFIED

    def is_sound(self, published: Published, *, again: bool = False) -> bool:
        """Whether the file of a version is the one that was written; one that is not is set aside.

        A file that was verified within the hour is not read ``again`` unless that is asked for.
        """
        path = self._catalog.snapshot_path(published)
        ahead = self._read_ahead.pop(path.name, None)
        try:
            state = _state(path)
        except FileNotFoundError:
            self.on_loss(published)
            return False
        if not again and self._is_verified(published, state):
            return True
        is_recent = ahead is not None and ahead[0] == state and time.monotonic() - ahead[2] < SECONDS_AHEAD
        if not self._is_as_written(published, ahead[1] if ahead and is_recent and not again else None):
            self._verified.pop(published.snapshot, None)
            log.error("the snapshot %s is damaged, and is set aside", published.snapshot)
            self._catalog.set_aside(published.snapshot)
            self.on_loss(published)
            return False
        self._verified[published.snapshot] = (state, time.monotonic())
        while len(self._verified) > 20_000:
            self._verified.popitem(last=False)
        return True

    def _is_as_written(self, published: Published, digest: str | None) -> bool:
        path = self._catalog.snapshot_path(published)
        recorded = self._catalog.digest(path.name)
        try:
            digest = digest or file_digest(path)
        except (OSError, QuestionError):
            return False
        if recorded is not None:
            return digest == recorded
        if not _says(path, published.content):  # of a release that recorded no hash
            return False
        self._catalog.note_digest(path.name, digest)
        return True

    def first_sound(self, activations: Iterable[Activation]) -> Activation | None:
        """The first activation whose file is sound."""
        return next((one for one in activations if one.published is not None and self.is_sound(one.published)), None)


def _state(path: Path) -> FileState:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def _says(path: Path, content: str) -> bool:
    """Whether the rows of a snapshot are the facts of this hash."""
    try:
        snapshot = Snapshot(path)
    except DamagedSnapshot:
        return False
    try:
        return content_hash(snapshot.facts()) == content
    except (DamagedSnapshot, ValueError):
        return False
    finally:
        snapshot.close()
