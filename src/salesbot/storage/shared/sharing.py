"""What a process does with the shared database: it makes changes in one thread, and follows those of others in another.

Nothing waits for the database but who asked for a change. While it is away, the copies answer, and changes are refused.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from salesbot.errors import ConfigError, Refused
from salesbot.storage.disk import close_with
from salesbot.storage.shared.database import Database, NotThere
from salesbot.storage.shared.mirrored_file import MirroredFile, Newer

log = logging.getLogger(__name__)
T = TypeVar("T")
Fetch = Callable[[Database], None]
SECONDS_TO_CHANGE, SECONDS_TO_ANSWER = 2.0, 2.5  # a change is given up after the first, who asked for it told by then
SECONDS_BETWEEN_LOOKS = 10.0  # at what is new, also where no word of it came
SECONDS_TO_WAIT = 0.5  # for word of a change, before what this process needs is looked at again
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 1.0  # seconds between tries to reach the database
SECONDS_BUSY = 2.0
MOST_LATER = 10_000


class Copy(Struct, frozen=True):
    """A file that is a copy.

    ``needs`` is given the copy as it will be, and says what must be fetched before it is so; ``after`` is called then.
    Both in the thread that follows.
    """

    name: str
    path: Path
    tables: tuple[str, ...]
    needs: Callable[[sqlite3.Connection], Sequence[Fetch]] | None = None
    after: Callable[[Newer], None] = lambda newer: None


class Sharing:
    """The database at ``url`` and the copies of it in this process's data folder."""

    def __init__(self, url: str) -> None:
        self.database, self._following = Database(url), Database(url, is_patient=True)
        self._copies: dict[str, Copy] = {}
        self._files: dict[str, MirroredFile] = {}
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any], float] | None] = queue.SimpleQueue()
        self._later: deque[Callable[[], object]] = deque(maxlen=MOST_LATER)
        self._changing = threading.Thread(target=self._make_changes, name="changes", daemon=True)
        self._follower = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._known: dict[str, int] = {}
        self._bringing = threading.Lock()
        self._wanted: dict[str, Fetch] = {}
        self.is_closed = False
        self.is_reachable = False

    def start(self) -> None:
        """Make changes, and follow those of others, from now on."""
        self._changing.start()
        self._follower.start()

    def close(self) -> None:
        """End both threads; what waits to be written later is tried once more."""
        self.is_closed = True
        self._jobs.put(None)
        for thread, database in ((self._changing, self.database), (self._follower, self._following)):
            if thread.is_alive():
                thread.join(SECONDS_TO_ANSWER)
            if not thread.is_alive():
                database.close()

    # changes

    async def make(self, change: Callable[[], T]) -> T:
        """Make a change, while others go on. Raises ``Refused`` where the database does not take it in time."""
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._submit(change)), SECONDS_TO_ANSWER)
        except TimeoutError:
            raise Refused("database_silent") from None

    def make_now(self, change: Callable[[], T]) -> T:
        """Make a change, and wait for it; in any thread. Raises ``Refused``."""
        if threading.current_thread() is self._changing or not self._changing.is_alive():
            return change()
        try:
            return self._submit(change).result(SECONDS_TO_ANSWER)
        except FutureTimeout:
            raise Refused("database_silent") from None

    def make_later(self, change: Callable[[], object]) -> None:
        """Make a change that nobody waits for, once the database takes it; of very many the oldest are dropped."""
        self._later.append(change)
        self._submit(self._catch_up_later)

    def _submit(self, change: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        self._jobs.put((change, future, time.monotonic() + SECONDS_TO_CHANGE))
        return future

    def _catch_up_later(self) -> None:
        while self._later:
            change = self._later.popleft()
            try:
                change()
            except Refused:
                self._later.appendleft(change)
                return

    def _make_changes(self) -> None:
        while (job := self._jobs.get()) is not None:
            change, future, until = job
            if not future.set_running_or_notify_cancel():
                continue
            self.database.until = until
            try:
                future.set_result(change())
            except BaseException as error:
                future.set_exception(error)
            self.database.until = None
        self._catch_up_later()
        self.database.close()

    # what others change

    def mirrored(self, name: str, path: Path, tables: tuple[str, ...]) -> MirroredFile:
        """A file that is a copy from now on, to be changed with the database. Raises ``ConfigError``, see ``add``."""
        self.add(Copy(name, path, tables))
        return _opened(name, path, tables)

    def add(self, copy: Copy) -> None:
        """Follow a file, and bring it up to date now; before ``start``. Raises ``ConfigError`` for one that is no copy.

        Where the database is away, a copy is used as it is; without one it is needed.
        """
        assert not self._follower.is_alive()
        self._copies[copy.name] = copy
        file = self._file(copy)
        if not file.is_copy:
            raise ConfigError("not_a_copy", path=str(copy.path))
        try:
            self._bring(copy, self._following)
        except Refused as refused:
            if refused.message.key == "database_behind":
                raise ConfigError("database_behind") from refused
            if not file.has_stood:
                raise ConfigError("database_needed", error=first_line(refused.__cause__)) from refused
            log.error("the database cannot be reached: %s is served as it was last", copy.name)

    def _file(self, copy: Copy) -> MirroredFile:
        if copy.name not in self._files:
            self._files[copy.name] = _opened(copy.name, copy.path, copy.tables)
        return self._files[copy.name]

    def bring(self, name: str) -> None:
        """Bring a copy up to date before a change is made in it; in the thread of changes. Raises ``Refused``."""
        self._bring(self._copies[name], self.database)

    def _bring(self, copy: Copy, database: Database) -> None:
        """Bring a copy to the newest revision. What it needs is fetched before anybody sees it.

        A change that this process makes may have brought it there already: then what it needs is fetched all the same.
        """
        with self._bringing:
            file, known = self._file(copy), self._known.get(copy.name)
            newer = database.newer(file, known)
            if newer.revision == known and file.has_stood:
                return
            if copy.needs is not None:
                with file.trial(newer) as connection:
                    needed = copy.needs(connection)
                for fetch in needed:
                    self._fetch(fetch, database)
            with file.change():
                if file.revision < newer.revision or newer.is_whole or not file.has_stood:
                    file.apply(newer)
            self._known[copy.name] = newer.revision
        copy.after(newer)

    def _fetch(self, fetch: Fetch, database: Database) -> None:
        try:
            fetch(database)
        except NotThere as error:
            log.error("the database does not have the file %s", error)

    def want(self, name: str, fetch: Fetch) -> None:
        """Fetch something soon, in the thread that follows."""
        self._wanted[name] = fetch

    def look(self) -> None:
        """Look now whether there is anything new. Raises ``Refused``."""
        newest = self._following.newest()
        for copy in list(self._copies.values()):
            if newest.get(copy.name, 0) != self._known.get(copy.name):
                self._bring(copy, self._following)

    def _follow(self) -> None:
        pause = FIRST_PAUSE
        while not self.is_closed:
            try:
                self._following.listen()
                self.look()
                if not self.is_reachable:
                    log.info("following the shared database")
                self.is_reachable, pause = True, FIRST_PAUSE
                self._submit(self._catch_up_later)
                self._listen()
            except Refused as refused:
                if self.is_reachable:
                    reason = first_line(refused.__cause__)
                    log.error("the database cannot be reached, changes are refused until it can (%s)", reason)
                self.is_reachable = False
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                log.exception("following the shared database failed")
                time.sleep(LONGEST_PAUSE)
        self._following.close()

    def _listen(self) -> None:
        """Follow until something fails."""
        looked = time.monotonic()
        while not self.is_closed:
            heard = self._following.wait(SECONDS_TO_WAIT)
            if heard or time.monotonic() - looked > SECONDS_BETWEEN_LOOKS:
                self.look()
                looked = time.monotonic()
            while self._wanted:
                _, fetch = self._wanted.popitem()
                self._fetch(fetch, self._following)


def first_line(error: BaseException | None) -> str:
    """What an error says, in short."""
    return str(error or "").strip().partition("\n")[0]


def _opened(name: str, path: Path, tables: tuple[str, ...]) -> MirroredFile:
    connection = sqlite3.connect(path, timeout=SECONDS_BUSY, isolation_level=None, check_same_thread=False)
    connection.execute("pragma secure_delete = on")
    file = MirroredFile(name, connection, tables)
    close_with(file, connection)
    return file


def with_own_connection(sharing: Sharing, work: Fetch) -> None:
    """Do what takes long by a connection of its own; in any thread. Raises ``Refused``."""
    with closing(sharing.database.another()) as database:
        work(database)
