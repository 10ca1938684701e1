"""Which facts each place sees, and how they change: prepared aside, then swapped by one assignment.

A server with a pack of its own sees that one; every other place sees the shared pack.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from salesbot.errors import PackRefused, Problem, Refused
from salesbot.packs.fingerprint import fingerprint
from salesbot.questions.names import Names
from salesbot.serving.child_processes import isolated
from salesbot.storage.catalog import Activation, Catalog
from salesbot.storage.snapshot import LAYOUT, Store

if TYPE_CHECKING:
    from salesbot.packs.uploads import Notice
    from salesbot.serving.changed_answers import AnswerChange
    from salesbot.storage.difference import Difference

SHARED = "shared"
Work = Callable[[Path, Path], "Prepared | tuple[Problem, ...]"]


class Served(Struct, frozen=True):
    """The facts of one scope as they are now; ``activation`` is the catalog's entry for them."""

    scope: str
    store: Store
    names: Names
    activation: Activation


class Prepared(Struct, frozen=True):
    """What a child process found: a snapshot that could be served, and what it would change."""

    path: Path
    difference: Difference
    answers: tuple[AnswerChange, ...]
    notices: tuple[Notice, ...] = ()


class Proposal(Struct, frozen=True):
    """A change that waits for its moderator's word."""

    scope: str
    prepared: Prepared
    expected: int | None
    why: str


class Live:
    """The facts being served, scope by scope."""

    def __init__(self, pack_dir: Path, data_dir: Path) -> None:
        self.pack_dir = pack_dir
        self.snapshots = data_dir / "snapshots"
        self.catalog = Catalog(data_dir / "catalog.sqlite", self.snapshots)
        self._busy: set[str] = set()
        self._servers: dict[int, Served | None] = {}
        self._renew()
        self.shared = self._start()

    def _start(self) -> Served:
        """The shared facts: the version last activated, unless the pack folder changed since it was read."""
        path = self._read_folder()
        activation = self.catalog.active(SHARED)
        history = self.catalog.history(SHARED, 1000)
        read = {_facts_of(past.published.snapshot) for past in history if past.published and past.why in ("start", "reload")}
        if activation is None or _facts_of(path.name) not in read:
            expected = activation.id if activation else None
            activation = self.catalog.publish(SHARED, path, by=None, why="start", at=_now(), expected=expected)
        return self._served(SHARED, activation)

    def _read_folder(self) -> Path:
        """The snapshot of the pack folder, which is read only if its bytes are not those that were read last."""
        bytes_ = fingerprint(self.pack_dir)
        path = self.catalog.reading(bytes_)
        if path is None:
            from salesbot.serving.ingest import take_in

            path = take_in(self.pack_dir, self.snapshots)
            self.catalog.note_reading(bytes_, path)
        return path

    def _renew(self) -> None:
        """Build every version that an earlier release left in another layout again, before anyone asks for it."""
        for published in (version for scope in self.catalog.scopes() for version in self.catalog.versions(scope)):
            path = self.catalog.snapshot_path(published)
            if path.exists() and not path.stem.endswith(f"-v{LAYOUT}"):
                from salesbot.storage.snapshot_writer import build

                old = Store(path)
                self.catalog.renew(published.snapshot, build(old.facts(), self.snapshots))
                old.close()

    def _served(self, scope: str, activation: Activation) -> Served:
        assert activation.published is not None
        store = Store(self.catalog.snapshot_path(activation.published), loaded=activation.at)
        return Served(scope, store, Names(store), activation)

    def of(self, guild_id: int | None) -> Served:
        """What a place sees: its server's own facts, else the shared ones."""
        if guild_id is None:
            return self.shared
        if guild_id not in self._servers:
            activation = self.catalog.active(str(guild_id))
            has_own = activation is not None and activation.published is not None
            self._servers[guild_id] = self._served(str(guild_id), activation) if has_own and activation else None
        return self._servers[guild_id] or self.shared

    def scope(self, scope: str) -> Served:
        return self.shared if scope == SHARED else self.of(int(scope))

    def expected(self, scope: str) -> int | None:
        """The catalog's entry that a change to ``scope`` starts from."""
        activation = self.catalog.active(scope)
        return activation.id if activation else None

    # changes

    async def propose_upload(self, scope: str, name: str, data: bytes) -> Proposal:
        """An upload read and compared with what is live. Raises ``PackRefused``."""
        return await self._propose(scope, "import", name, partial(uploaded, name, data))

    async def propose_folder(self) -> Proposal:
        """The operator's pack folder read again. Raises ``PackRefused``."""
        return await self._propose(SHARED, "reload", self.pack_dir.name, partial(reread, self.pack_dir))

    async def _propose(self, scope: str, why: str, name: str, work: Work) -> Proposal:
        if scope in self._busy:
            raise Refused("an import is already running here", "wait for it to end, then try again")
        self._busy.add(scope)
        try:
            expected = self.expected(scope)
            found = await isolated(work, self.scope(scope).store.path, self.snapshots)
        finally:
            self._busy.discard(scope)
        if not isinstance(found, Prepared):
            raise PackRefused(found, name)
        return Proposal(scope, found, expected, why)

    def is_busy(self, scope: str) -> bool:
        return scope in self._busy

    def accept(self, proposal: Proposal, by: int) -> Served:
        """Serve what was proposed. Raises if the live version moved meanwhile."""
        activation = self.catalog.publish(
            proposal.scope, proposal.prepared.path, by=by, why=proposal.why, at=_now(), expected=proposal.expected
        )
        return self._swap(proposal.scope, activation)

    def undo(self, scope: str, by: int) -> Served:
        """Serve what was served before."""
        return self._swap(scope, self.catalog.undo(scope, by=by, at=_now()))

    def activate(self, scope: str, published: int, by: int) -> Served:
        """Serve any version of the scope again."""
        activation = self.catalog.activate(scope, published, by=by, at=_now(), expected=self.expected(scope))
        return self._swap(scope, activation)

    def _swap(self, scope: str, activation: Activation) -> Served:
        if scope == SHARED:
            self.shared = self._served(scope, activation)
            return self.shared
        own = self._served(scope, activation) if activation.published is not None else None
        self._servers[int(scope)] = own
        return own or self.shared

    def settle(self, guilds: Collection[int]) -> list[str]:
        """Once every server is known: note who left and who came back while the bot was away, and
        erase what has been kept long enough. Returns the scopes erased."""
        here, departed = {str(guild) for guild in guilds}, self.catalog.departed()
        for scope in {*self.catalog.scopes()} - here - departed - {SHARED}:
            self.catalog.left(scope, _now())
        for scope in departed & here:
            self.catalog.returned(scope)
        return self.catalog.erase_due(_now())

    def forget(self, guild_id: int) -> None:
        """Close the door of a server that the bot left; its pack is kept for a while."""
        self._servers.pop(guild_id, None)
        self.catalog.left(str(guild_id), _now())

    def earlier(self, content: str) -> Store | None:
        """The snapshot whose content hash begins with ``content``, if it is still kept."""
        found = sorted(self.snapshots.glob(f"*-{content}*.sqlite")) if content.isalnum() else []
        return Store(found[0]) if found else None


def _facts_of(snapshot: str) -> str:
    """The part of a snapshot's name that says which facts it holds, whatever its layout."""
    return snapshot.rpartition("-v")[0]


def _now() -> int:
    return int(time.time())


# in another process, so what only they need is imported there; exceptions of ours do not cross: problems come back as values


def reread(pack_dir: Path, live: Path, snapshots: Path) -> Prepared | tuple[Problem, ...]:
    """A pack folder, taken in and compared."""
    from salesbot.serving.ingest import take_in

    try:
        return _prepared(take_in(pack_dir, snapshots), live)
    except PackRefused as refused:
        return refused.problems


def uploaded(name: str, data: bytes, live: Path, snapshots: Path) -> Prepared | tuple[Problem, ...]:
    """An upload on top of what is live, taken in and compared."""
    from salesbot.packs.uploads import read_upload
    from salesbot.serving.ingest import take_in_facts

    store = Store(live)
    try:
        upload = read_upload(name, data, store.facts())
        return _prepared(take_in_facts(upload.checked, snapshots, name), live, upload.notices)
    except PackRefused as refused:
        return refused.problems
    finally:
        store.close()


def _prepared(path: Path, live: Path, notices: tuple[Notice, ...] = ()) -> Prepared:
    from salesbot.serving.changed_answers import changed_answers
    from salesbot.storage.difference import difference

    before, after = Store(live), Store(path)
    try:
        found = difference(live, path)
        return Prepared(path, found, tuple(changed_answers(before, after, found)), notices)
    finally:
        before.close()
        after.close()
