"""Facts that several processes serve from one database: what one changes, every other serves a moment later.

Each has the snapshots that are served in its own folder: they are fetched before they are served, and what a process
has answers while the database is away. A snapshot of an earlier layout is rebuilt here, one of a newer release is left
to the processes of that release.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import sqlite3
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec import structs

from salesbot.errors import Refused
from salesbot.serving.old_layouts import rebuild
from salesbot.serving.served_packs import SENT, KeptProposal, Proposal, Quota, ServedPacks
from salesbot.storage.catalog import FILES_OF, MIRRORED, SHARED, Activation, Catalog, Published
from salesbot.storage.data_folder import CATALOG
from salesbot.storage.shared.database import Database, NotThere
from salesbot.storage.shared.mirrored_file import Newer
from salesbot.storage.shared.sharing import Copy, Fetch, Sharing, with_own_connection
from salesbot.storage.snapshot import BUILDING, LAYOUT
from salesbot.storage.snapshot_files import SnapshotFiles, facts_in, file_digest

log = logging.getLogger(__name__)
T = TypeVar("T")
LIVE = """
select v.snapshot, v.base from activations a join versions v on v.id = a.version
where a.id in (select max(id) from activations group by scope)
"""


class SharedPacks(ServedPacks):
    """The facts of a shared database."""

    sharing: Sharing

    def __init__(self, pack_dir: Path, data_dir: Path, quota: Quota | None, sharing: Sharing) -> None:
        self.sharing = sharing
        self._tell: Callable[[Sequence[str]], None] = lambda scopes: None
        super().__init__(pack_dir, data_dir, quota)
        self.opened.on_loss = self._want

    def _catalog_to_change(self) -> Catalog:
        path = self.data_dir / CATALOG
        changing = Catalog(path, self.snapshots, self.sharing.database)
        self.sharing.add(Copy("catalog", path, MIRRORED, self._needed, self._changed))
        return changing

    def follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on, serve what other processes change, swapped on an event loop."""
        self._tell = lambda scopes: _start(loop, self.swap_to_newest, scopes)
        self.sharing.start()

    # what others have changed: in the thread that follows

    def _needed(self, connection: sqlite3.Connection) -> list[Fetch]:
        wanted = {facts for row in connection.execute(LIVE) for facts in row if facts is not None}
        files = self.catalog.files
        return [
            partial(fetch, files, facts, dict(connection.execute(FILES_OF, {"facts": facts}).fetchall()))
            for facts in wanted
            if not files.path(facts).exists()
        ]

    def _changed(self, newer: Newer) -> None:
        scopes: set[str] = set()
        for change in newer.tables:
            if change.table.name == "activations":
                scope = list(change.table.columns).index("scope")
                scopes.update(str(row[scope]) for row in change.rows)
            elif change.table.name == "files":
                self.catalog.files.erase({facts_in(str(name)) for name in change.gone})
        if newer.is_whole or any(change.gone for change in newer.tables):
            scopes.update(map(str, list(self._servers)))  # a history that was erased has no rows
        self._tell(sorted(scopes))

    def _want(self, published: Published) -> None:
        """Fetch facts whose file is gone or damaged, and serve them again."""
        digests = self.catalog.recorded(published.snapshot)

        def work(database: Database) -> None:
            fetch(self.catalog.files, published.snapshot, digests, database)
            self._tell([published.scope])

        self.sharing.want(published.snapshot, work)

    async def swap_to_newest(self, scopes: Sequence[str]) -> None:
        """Serve what the catalog now says; on the event loop, where the shared file is not read to check it."""
        newest = self.catalog.active(SHARED) if SHARED in scopes and not self.sharing.is_closed else None
        if newest is not None and newest != self.shared.activation and newest.published is not None:
            await self.opened.read_ahead(self.catalog.snapshot_path(newest.published))
        for scope in scopes if not self.sharing.is_closed else ():
            activation = self.catalog.active(scope)
            served = self.shared if scope == SHARED else self._servers.get(int(scope))
            if served is not None and not served.is_fallback and activation == served.activation:
                continue
            if scope != SHARED:
                self._close(int(scope))
            elif activation is not None:
                self.shared = self._open_scope(SHARED)

    # what this process changes

    def _look(self) -> None:
        self.sharing.bring("catalog")

    async def _change(self, change: Callable[[Catalog], T]) -> T:
        def make() -> T:
            self._look()
            made = change(self._changing)
            if isinstance(made, Activation) and made.published is not None:
                self._fetch(made.published.snapshot)
            return made

        return await self.sharing.make(make)

    async def _have(self, *facts: str) -> None:
        await self.sharing.make(partial(self._fetch, *facts))

    def _fetch(self, *wanted: str) -> None:
        for facts in wanted:
            if not self.catalog.files.path(facts).exists():
                with contextlib.suppress(NotThere):
                    fetch(self.catalog.files, facts, self._changing.recorded(facts), self.sharing.database)

    async def _kept(self, proposal: Proposal) -> Proposal:
        """A proposal that every process can take: its files are in the database."""
        if proposal.change.difference.is_empty:
            return proposal
        files, sent = {proposal.digest: Path(proposal.path)}, proposal.folder / SENT
        if proposal.sent is not None and sent.exists():
            proposal = structs.replace(proposal, sent_digest=await asyncio.to_thread(file_digest, sent))
            files[proposal.sent_digest] = sent

        def store(database: Database) -> None:
            for digest, path in files.items():
                database.store(path, digest)

        try:
            await asyncio.to_thread(with_own_connection, self.sharing, store)
        except BaseException:
            proposal.discard()
            raise
        return proposal

    async def _path_of(self, proposal: KeptProposal) -> Path:
        return await self._fetched(Path(proposal.path), proposal.digest)

    async def _sent_with(self, proposal: KeptProposal) -> bytes:
        path = await self._fetched(proposal.folder / SENT, proposal.sent_digest)
        return await asyncio.to_thread(path.read_bytes)

    async def _fetched(self, path: Path, digest: str) -> Path:
        """A file of a proposal, which another process may have made."""

        def find() -> Path:
            if path.exists():
                return path
            folder = self._proposals / secrets.token_hex(8)
            with_own_connection(self.sharing, partial(fetch_to, folder, path.name, digest))
            return folder / path.name

        try:
            return await asyncio.to_thread(find)
        except NotThere:
            raise Refused("proposal_gone") from None

    async def clean(self) -> None:
        await super().clean()
        await asyncio.to_thread(with_own_connection, self.sharing, Database.clean)


def fetch(files: SnapshotFiles, facts: str, digests: Mapping[str, str], database: Database) -> None:
    """Fetch facts: in the layout of this release, else in the last one before it. Raises ``NotThere``.

    ``digests`` are the SHA-256 of the files that were written of them.
    """
    by_layout = {int(name.rpartition("-v")[2].removesuffix(".sqlite")): name for name in digests}
    readable = [layout for layout in by_layout if layout <= LAYOUT]
    if not readable:
        raise NotThere(facts)
    name = by_layout[max(readable)]
    fetch_to(files.folder, name, digests[name], database)
    if max(readable) < LAYOUT:
        rebuild(files.folder / name, files.path(facts))


def fetch_to(folder: Path, name: str, digest: str, database: Database) -> None:
    """Fetch a file into a folder, where it is whole or not at all. Raises ``NotThere``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    building = folder / f"{BUILDING}{os.getpid()}-{secrets.token_hex(4)}"
    try:
        database.fetch(digest, building)
        building.replace(folder / name)
    finally:
        building.unlink(missing_ok=True)


def _start(
    loop: asyncio.AbstractEventLoop, swap: Callable[[Sequence[str]], Coroutine[Any, Any, None]], scopes: Sequence[str]
) -> None:
    """Start to swap, from another thread."""
    swapping = swap(scopes)
    try:
        started = asyncio.run_coroutine_threadsafe(swapping, loop)
    except RuntimeError:  # the process ends
        swapping.close()
        return
    started.add_done_callback(_log_failure)


def _log_failure(swapped: Future[None]) -> None:
    if not swapped.cancelled() and (error := swapped.exception()) is not None:
        log.error("what another process changed is not served yet", exc_info=error)
