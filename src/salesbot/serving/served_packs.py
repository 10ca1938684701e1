"""Which facts each place sees, and how they change: prepared aside, then swapped by one assignment.

A server with facts of its own sees those; every other place sees the shared pack.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
import shutil
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, structs

from salesbot.errors import DamagedSnapshot, PackUnreadable, QuestionError, Refused, SalesbotError
from salesbot.facts.edits import RowEdits
from salesbot.packs.fingerprint import fingerprint
from salesbot.questions.names import Names
from salesbot.serving.child_processes import ChildQueue, Place
from salesbot.serving.open_snapshots import OpenSnapshots
from salesbot.serving.prepared_changes import (
    Prepared,
    PreparedChange,
    RefusedChange,
    compare_snapshots,
    prepare_edits,
    prepare_folder,
    prepare_rebase,
    prepare_table,
    prepare_upload,
)
from salesbot.storage.catalog import SHARED, Activation, Catalog, ChangeNote, FactsMoved
from salesbot.storage.data_folder import CATALOG, SNAPSHOTS
from salesbot.storage.disk import refused_by_disk
from salesbot.storage.snapshot import LAYOUT, Snapshot
from salesbot.storage.snapshot_files import facts_in, file_digest

if TYPE_CHECKING:
    from salesbot.editing.foreign.mapping import ForeignTable, Mapping
    from salesbot.storage.shared.sharing import Sharing

log = logging.getLogger(__name__)
T = TypeVar("T")
Job = Callable[[Path, Path], Prepared]
PROPOSALS = "proposals"
SENT = "sent"  # the file of an upload, in the folder of its proposal
SECONDS_BUSY = 0.05  # for a locked catalog, as changes are written on the event loop
MOST_OPEN = 64  # servers whose facts are open at once
MOST_TRIED = 200  # versions that are looked at for one that is sound


class ServedFacts(Struct, frozen=True):
    """The facts that one scope sees now; ``activation`` is the catalog's entry for them.

    ``is_fallback``: a later version is damaged, so an earlier one is served.
    """

    scope: str
    snapshot: Snapshot
    names: Names
    activation: Activation
    is_fallback: bool = False

    def names_in(self, language: str) -> Names:
        """The names, things being shown by those of a language."""
        return self.names if language == "en" else Names(self.snapshot, language)


class Quota(Struct, frozen=True):
    """What the facts of one server may take: rows in all tables, versions kept, bytes of all versions."""

    rows: int = 100_000
    versions: int = 30
    bytes: int = 200 << 20


class ForeignUpload(Exception):
    """An upload that is none of the pack's tables; ``table`` is how it could be read."""

    def __init__(self, table: ForeignTable) -> None:
        super().__init__(table.name)
        self.table = table


class SentFile(Struct, frozen=True):
    """An upload: the name of its file, which is a label and never a path, and its bytes."""

    name: str
    data: bytes


class KeptProposal(Struct, frozen=True, kw_only=True):
    """What a change needs to be served once its moderator confirms it, as it is kept on the disk.

    ``path`` is the snapshot that was built, and ``digest`` the SHA-256 of its file. ``expected`` is the activation that
    it was prepared against, and ``base`` the shared snapshot that it is made on. ``sent`` names the upload, and
    ``suggestion`` is the id of the suggestion, that it was made of, if any. ``sent_digest`` is the SHA-256 of an upload
    that processes share.
    """

    scope: str
    path: str
    digest: str
    note: ChangeNote
    expected: int | None
    why: str
    sent: str | None = None
    sent_digest: str = ""
    replaces: bool = False
    base: str | None = None
    suggestion: str | None = None

    @property
    def folder(self) -> Path:
        """Where all lies that was built for it."""
        return Path(self.path).parent

    def discard(self) -> None:
        """Delete what was built for it, and never anything else, whatever its path says."""
        if self.folder.parent.name == PROPOSALS and re.fullmatch("[0-9a-f]{16}", self.folder.name):
            shutil.rmtree(self.folder, ignore_errors=True)


class Proposal(KeptProposal, frozen=True, kw_only=True):
    """A change that waits for its moderator's confirmation, with all that it would change."""

    change: PreparedChange

    @classmethod
    def of(
        cls, scope: str, change: PreparedChange, *, why: str, expected: int | None = None, base: str | None = None
    ) -> Proposal:
        """The proposal to serve a change."""
        return cls(
            scope=scope,
            path=str(change.path),
            digest=change.digest,
            note=change.note(),
            expected=expected,
            why=why,
            base=base,
            change=change,
        )


class ServedPacks:
    """The facts being served, scope by scope. See ``SharedPacks`` for those that several processes share."""

    sharing: Sharing | None = None

    def __init__(self, pack_dir: Path, data_dir: Path, quota: Quota | None = None) -> None:
        self.pack_dir, self.data_dir, self.quota = pack_dir, data_dir, quota or Quota()
        self.snapshots, self._proposals = data_dir / SNAPSHOTS, data_dir / PROPOSALS
        self.catalog = Catalog(data_dir / CATALOG, self.snapshots)
        self._changing = self._catalog_to_change()
        self.opened = OpenSnapshots(self.catalog)
        self._importing: set[str] = set()
        self._servers: OrderedDict[int, ServedFacts] = OrderedDict()
        self._without_own: set[int] = set()
        self._rebuild_old_layouts()
        self.shared = self._start()
        self.catalog.answer_busy_after(SECONDS_BUSY)

    def _catalog_to_change(self) -> Catalog:
        """The catalog that changes are made in."""
        return self.catalog

    def _start(self) -> ServedFacts:
        """The shared facts: the version last activated, unless the pack folder changed since it was read."""
        activation = self.catalog.active(SHARED)
        try:
            self._publish_folder(activation)
        except FactsMoved:
            self._look()  # another process has published the folder
        except PackUnreadable as error:
            if activation is None:
                raise
            log.error("the pack folder cannot be read (%s): the facts of before are served", error.reason)
        except (OSError, sqlite3.OperationalError, Refused) as error:
            if activation is None or not (isinstance(error, Refused) or refused_by_disk(error)):
                raise
            log.error("the pack folder was not read again, as no change can be kept now (%s)", error)
        return self._open_scope(SHARED)

    def _publish_folder(self, activation: Activation | None) -> None:
        path = self._read_folder()
        history = self.catalog.history(SHARED, 1000)
        read = {past.published.content for past in history if past.published and past.why in ("start", "reload")}
        if activation is None or _content_of(path) not in read:
            expected = activation.id if activation else None
            self._changing.publish(SHARED, path, by=None, why="start", at=_now(), expected=expected)

    def _read_folder(self) -> Path:
        """The snapshot of the pack folder, which is read only if its bytes changed since the last time."""
        bytes_ = fingerprint(self.pack_dir, LAYOUT)
        path = self.catalog.reading(bytes_)
        if path is None or self.catalog.digest(path.name) != file_digest(path):
            path = self._ingested_folder()
            self.catalog.note_reading(bytes_, path)
        return path

    def _ingested_folder(self) -> Path:
        from salesbot.serving.ingest import ingest_folder

        path = ingest_folder(self.pack_dir, self.snapshots)
        self.catalog.note_digest(path.name, file_digest(path))
        return path

    def _rebuild_old_layouts(self) -> None:
        """Rebuild every version whose snapshot has the layout of an earlier release, before anyone asks for it."""
        for published in (version for scope in self.catalog.scopes() for version in self.catalog.versions(scope)):
            path, found = self.catalog.snapshot_path(published), self.catalog.files.of(published.snapshot)
            if found and not path.exists():
                from salesbot.serving.old_layouts import rebuild

                try:
                    rebuild(found[0], path)
                    self.catalog.note_digest(path.name, file_digest(path))
                except (sqlite3.DatabaseError, ValueError, KeyError) as error:
                    if refused_by_disk(error) is not None:
                        raise  # the file is sound, the disk is not
                    self.catalog.files.to_trash(found, "damaged")

    def _open_scope(self, scope: str) -> ServedFacts:
        """What a scope serves; if its file is damaged, its newest version that is sound.

        Raises ``DamagedSnapshot`` where none is.
        """
        activation = self.catalog.active(scope)
        assert activation is not None
        sound = self.opened.first_sound([activation])
        if sound is None and scope == SHARED:
            self._rebuild_shared()
            sound = self.opened.first_sound([activation])
        sound = sound or self.opened.first_sound(self.catalog.history(scope, MOST_TRIED))
        if sound is None:
            raise DamagedSnapshot("facts_damaged")
        return self._opened(scope, sound, is_fallback=sound.id != activation.id)

    def _rebuild_shared(self) -> None:
        """Build the shared snapshot again from its folder, whose bytes may still be those that it was built from."""
        with contextlib.suppress(SalesbotError):
            self._ingested_folder()

    def _opened(self, scope: str, activation: Activation, *, is_fallback: bool = False) -> ServedFacts:
        snapshot, names = self.opened.open(activation)
        return ServedFacts(scope, snapshot, names, activation, is_fallback)

    def of_server(self, guild_id: int | None) -> ServedFacts:
        """What a place sees: its server's own facts, else the shared ones. Raises ``DamagedSnapshot``."""
        if guild_id is None or guild_id in self._without_own:
            return self.shared
        served = self._servers.get(guild_id)
        if served is None:
            activation = self.catalog.active(str(guild_id))
            if activation is None or activation.published is None:
                self._without_own.add(guild_id)
                return self.shared
            served = self._open_scope(str(guild_id))
            self._remember(guild_id, served)
        self._servers.move_to_end(guild_id)
        return served

    def _remember(self, guild_id: int, served: ServedFacts) -> None:
        """Keep the facts of a server open, and close those of the server that was asked longest ago."""
        self._servers[guild_id] = served
        while len(self._servers) > MOST_OPEN:
            _, oldest = self._servers.popitem(last=False)
            oldest.snapshot.close()

    def of_scope(self, scope: str) -> ServedFacts:
        """What a scope sees."""
        return self.shared if scope == SHARED else self.of_server(int(scope))

    def recover(self, scope: str) -> ServedFacts:
        """Open a scope anew whose file was found damaged while it was read. Raises ``DamagedSnapshot``."""
        if scope == SHARED:
            self._verify_again(self.shared)
            self.shared = self._open_scope(SHARED)
            return self.shared
        served = self._servers.pop(int(scope), None)
        if served is not None:
            self._verify_again(served)
        return self.of_server(int(scope))

    async def verify(self) -> None:
        """Read every open file again, and recover the scopes whose file is no longer the one that was written."""
        for served in (self.shared, *list(self._servers.values())):
            assert served.activation.published is not None
            if not await self.opened.is_still_sound(served.activation.published):
                served.snapshot.close()
                with contextlib.suppress(DamagedSnapshot):
                    self.recover(served.scope)

    def _verify_again(self, served: ServedFacts) -> None:
        assert served.activation.published is not None
        if not self.opened.is_sound(served.activation.published, again=True):
            served.snapshot.close()

    def remove_proposals(self, but: Collection[Path], seconds_old: float = 0) -> None:
        """Delete what was built for proposals that wait no more; of a while ago, as one may be under construction."""
        now = time.time()
        for folder in self._proposals.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if folder not in but and now - folder.stat().st_mtime >= seconds_old:
                    shutil.rmtree(folder, ignore_errors=True)

    def activation_id(self, scope: str) -> int | None:
        """The catalog's entry that a change to ``scope`` starts from."""
        activation = self.catalog.active(scope)
        return activation.id if activation else None

    # changes

    async def propose_upload(
        self,
        scope: str,
        sent: SentFile,
        queue: ChildQueue,
        place: Place | None = None,
        *,
        replaces: bool = False,
        offers_mapping: bool = False,
    ) -> Proposal:
        """Read an upload and compare it with what is served. Raises ``PackRefused``.

        Its rows are added or put in the place of those with their ids; with ``replaces``, its tables are replaced. With
        ``offers_mapping``, raises ``ForeignUpload`` for a table that others made.
        """
        job = partial(prepare_upload, sent.name, sent.data, replaces, self._base_path(scope))
        where = place or Place()
        proposal = await self._propose(scope, "import", sent.name, job, queue, where, offers_mapping=offers_mapping)
        (proposal.folder / SENT).write_bytes(sent.data)
        return await self._kept(structs.replace(proposal, sent=sent.name, replaces=replaces))

    async def propose_replacing(
        self, proposal: KeptProposal, queue: ChildQueue, place: Place | None = None
    ) -> Proposal:
        """The same upload again, its tables in the place of those that stand. Raises ``PackRefused``."""
        sent = SentFile(proposal.sent or "", await self._sent_with(proposal))
        return await self.propose_upload(proposal.scope, sent, queue, place, replaces=True)

    async def propose_table(
        self, scope: str, sent: SentFile, mapping: Mapping, queue: ChildQueue, place: Place | None = None
    ) -> Proposal:
        """Read a table that others made, by its mapping. Raises ``PackRefused``."""
        job = partial(prepare_table, sent.name, sent.data, mapping, self._base_path(scope))
        return await self._kept(await self._propose(scope, "import", sent.name, job, queue, place or Place()))

    async def propose_edits(
        self, scope: str, edits: RowEdits, queue: ChildQueue, place: Place | None = None
    ) -> Proposal:
        """Change single rows, and compare with what is served. Raises ``PackRefused``."""
        job = partial(prepare_edits, edits, self._base_path(scope))
        return await self._kept(await self._propose(scope, "edit", "", job, queue, place or Place()))

    async def propose_folder(self, queue: ChildQueue, place: Place | None = None) -> Proposal:
        """Read the operator's pack folder again. Raises ``PackRefused``."""
        job = partial(prepare_folder, self.pack_dir)
        return await self._propose(SHARED, "reload", self.pack_dir.name, job, queue, place or Place())

    async def _propose(
        self,
        scope: str,
        why: str,
        name: str,
        job: Job,
        queue: ChildQueue,
        place: Place,
        *,
        offers_mapping: bool = False,
    ) -> Proposal:
        if scope in self._importing:
            raise Refused("import_running")
        self._importing.add(scope)
        folder = self._proposals / secrets.token_hex(8)
        try:
            expected, base = self.activation_id(scope), self._base(scope)
            prepared = await queue.run(scope, place, job, self._compared_with(scope), folder)
            if isinstance(prepared, RefusedChange):
                if prepared.table is not None and offers_mapping:
                    raise ForeignUpload(prepared.table)
                raise prepared.error(name)
            if why != "shared" and scope != SHARED and prepared.rows > self.quota.rows:
                raise QuestionError("too_many_rows", rows=prepared.rows, most=self.quota.rows)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            self._importing.discard(scope)
        return Proposal.of(scope, prepared, why=why, expected=expected, base=base)

    def _compared_with(self, scope: str) -> Path:
        """The snapshot that an upload is laid on: what is served, or the shared facts where all of a server's fail."""
        try:
            return self.of_scope(scope).snapshot.path
        except DamagedSnapshot:
            return self.shared.snapshot.path

    async def accept(self, proposal: KeptProposal, by: int | None, asked: int | None = None) -> ServedFacts:
        """Serve what was proposed, once for each interaction ``asked``.

        Raises ``FactsMoved`` if something else is served meanwhile.
        """
        path = await self._path_of(proposal)
        await self.opened.read_ahead(path)

        def publish(catalog: Catalog) -> Activation:
            activation = catalog.publish(
                proposal.scope,
                path,
                by=by,
                why=proposal.why,
                at=_now(),
                expected=proposal.expected,
                digest=proposal.digest,
                base=proposal.base,
                note=proposal.note,
                is_followed=proposal.why == "shared",
                asked=asked,
            )
            if proposal.scope != SHARED:
                catalog.prune(proposal.scope, self.quota.versions, self.quota.bytes)
            return activation

        activation = await self._change(publish)
        if isinstance(proposal, Proposal) and proposal.change.fingerprint and activation.published is not None:
            self.catalog.note_reading(proposal.change.fingerprint, self.catalog.snapshot_path(activation.published))
        served = self._swap(proposal.scope, activation)
        proposal.discard()
        return served

    # what is otherwise where processes share a database

    def follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """Serve what other processes change from now on, swapped on an event loop."""

    def _look(self) -> None:
        """See what other processes have changed."""

    async def _change(self, change: Callable[[Catalog], T]) -> T:
        """Make a change of the catalog."""
        return change(self.catalog)

    async def _have(self, *facts: str) -> None:
        """See that facts are in the folder of snapshots, if they can be had."""

    async def _kept(self, proposal: Proposal) -> Proposal:
        """A proposal that may be confirmed from now on."""
        return proposal

    async def _path_of(self, proposal: KeptProposal) -> Path:
        """Where the snapshot of a proposal lies."""
        return Path(proposal.path)

    async def _sent_with(self, proposal: KeptProposal) -> bytes:
        """The upload that a proposal was made of."""
        return (proposal.folder / SENT).read_bytes()

    async def difference_of(
        self, scope: str, version: int, queue: ChildQueue, place: Place | None = None
    ) -> PreparedChange:
        """What a version changed, beside the one that was served before it. Raises ``QuestionError``."""
        versions = {one.id: one for one in self.catalog.versions(scope)}
        if version not in versions:
            raise QuestionError("no_such_version", number=version)
        before, path = self._before(scope, version), self.catalog.snapshot_path(versions[version])
        await self._have(*(facts_in(one.name) for one in (before, path)))
        return await queue.run(scope, place or Place(), compare_snapshots, before, path)

    def _before(self, scope: str, version: int) -> Path:
        """The snapshot that was served when a version first was; of a server's first the shared one of then."""
        history = self.catalog.history(scope, 10 * MOST_TRIED)
        numbers = [past.published.id if past.published else None for past in history]
        first = max(index for index, number in enumerate(numbers) if number == version) if version in numbers else 0
        earlier = next((past.published for past in history[first + 1 :] if past.published), None)
        if earlier is not None:
            return self.catalog.snapshot_path(earlier)
        return self._base_path(scope) or self.shared.snapshot.path

    # a server's facts follow the shared pack

    def _base(self, scope: str) -> str | None:
        """The shared snapshot that a server's facts are made on: that of its version, else the one of now."""
        if scope == SHARED:
            return None
        activation = self.catalog.active(scope)
        published = activation.published if activation else None
        if published is None:
            assert self.shared.activation.published is not None
            return self.shared.activation.published.snapshot
        return published.base or self._base_of_old(scope)

    def _base_of_old(self, scope: str) -> str | None:
        """The shared snapshot of the time when a server first changed its facts, in a catalog that does not say."""
        first = min(version.published for version in self.catalog.versions(scope))
        shared = [past for past in self.catalog.history(SHARED, MOST_TRIED) if past.published]
        earlier = [past for past in shared if past.at < first] or shared[-1:]
        return earlier[0].published.snapshot if earlier and earlier[0].published else None

    def _base_path(self, scope: str) -> Path | None:
        base = self._base(scope)
        path = self.catalog.files.path(base) if base else None
        return path if path is not None and path.exists() else None

    def behind(self) -> list[str]:
        """The servers whose own facts are made on another shared pack than the one of now."""
        assert self.shared.activation.published is not None
        now, departed = self.shared.activation.published.snapshot, self.catalog.departed()
        scopes = [scope for scope in self.catalog.scopes() if scope != SHARED and scope not in departed]
        return [scope for scope in scopes if self._has_own(scope) and self._base(scope) != now]

    def _has_own(self, scope: str) -> bool:
        activation = self.catalog.active(scope)
        return activation is not None and activation.published is not None

    async def follow_shared(self, scope: str, queue: ChildQueue) -> ServedFacts | None:
        """Serve a server's own rows on the shared pack of now; ``None`` where the rest of its facts cannot follow.

        Raises ``PackRefused`` where the two cannot be combined: what was served stays. What was served meanwhile wins.
        """
        base = self._base_path(scope)
        if base is None:
            return None
        shared = self.shared
        job = partial(prepare_rebase, base, shared.snapshot.path)
        proposal = await self._propose(scope, "shared", "", job, queue, Place())
        assert shared.activation.published is not None
        try:
            return await self.accept(structs.replace(proposal, base=shared.activation.published.snapshot), None)
        except FactsMoved:
            return None
        finally:
            proposal.discard()

    async def reset(self, scope: str, by: int, asked: int | None = None) -> ServedFacts:
        """Serve the shared pack alone; an undo serves the server's own facts again."""
        return self._swap(
            scope, await self._change(lambda catalog: catalog.reset(scope, by=by, at=_now(), asked=asked))
        )

    async def undo(self, scope: str, by: int, asked: int | None = None) -> ServedFacts:
        """Serve what was served before."""
        for activation in self.catalog.history(scope, 2)[1:]:
            if activation.published is not None:
                await self.opened.read_ahead(self.catalog.snapshot_path(activation.published))
        change = await self._change(lambda catalog: catalog.undo(scope, by=by, at=_now(), asked=asked))
        return self._swap(scope, change)

    async def activate(self, scope: str, published: int, by: int, asked: int | None = None) -> ServedFacts:
        """Serve any version of the scope again. Raises ``DamagedSnapshot`` for one whose file is damaged."""
        for version in self.catalog.versions(scope):
            if version.id == published:
                await self._have(version.snapshot)
                await self.opened.read_ahead(self.catalog.snapshot_path(version))
                if not self.opened.is_sound(version):
                    raise DamagedSnapshot("version_damaged", number=published)
        expected = self.activation_id(scope)
        return self._swap(
            scope,
            await self._change(
                lambda catalog: catalog.activate(scope, published, by=by, at=_now(), expected=expected, asked=asked)
            ),
        )

    def _swap(self, scope: str, activation: Activation) -> ServedFacts:
        if scope == SHARED:
            self.shared = self._open_scope(scope)
            return self.shared
        self._close(int(scope))
        if activation.published is None:
            return self.shared
        own = self._open_scope(scope)
        self._remember(int(scope), own)
        return own

    def _close(self, guild_id: int) -> None:
        """Close what is open of a server; it is looked up again when it asks next."""
        self._without_own.discard(guild_id)
        if served := self._servers.pop(guild_id, None):
            served.snapshot.close()

    # servers that come and go

    async def note_departures(self, guilds: Collection[int]) -> list[str]:
        """Once every server is known: note who left and who came back while the bot was away, and erase what is due.

        Returns the scopes erased.
        """
        here, departed = {str(guild) for guild in guilds}, self.catalog.departed()
        gone, back = {*self.catalog.scopes()} - here - departed - {SHARED}, departed & here

        def noted(catalog: Catalog) -> list[str]:
            for scope in gone:
                catalog.left(scope, _now())
            for scope in back:
                catalog.returned(scope)
            return catalog.erase_departed(_now())

        return await self._change(noted)

    async def erase_departed(self) -> list[str]:
        """Erase what is due of servers that were left. Returns their scopes."""
        return await self._change(lambda catalog: catalog.erase_departed(_now()))

    async def come_back(self, guild_id: int) -> None:
        """The bot is in a server again: nothing of it is due any more."""
        if str(guild_id) in self.catalog.departed():
            await self._change(lambda catalog: catalog.returned(str(guild_id)))

    async def leave(self, guild_id: int) -> None:
        """Stop serving a server that the bot left; its facts are kept for a while."""
        self._close(guild_id)
        await self._change(lambda catalog: catalog.left(str(guild_id), _now()))

    async def forget(self, guild_id: int) -> None:
        """Erase every version of a server's own facts now."""
        self._close(guild_id)
        await self._change(lambda catalog: catalog.erase(str(guild_id)))

    async def clean(self) -> None:
        """Remove what nothing needs any more."""
        self.catalog.clean()

    def earlier_version(self, scope: str, content: str) -> Path | None:
        """The snapshot of this scope or the shared pack whose content hash begins with ``content``, if any."""
        for one in dict.fromkeys((scope, SHARED)):
            for published in self.catalog.versions(one):
                if published.content.startswith(content) and self.opened.is_sound(published):
                    return self.catalog.snapshot_path(published)
        return None


def _content_of(path: Path) -> str:
    snapshot = Snapshot(path)
    snapshot.close()
    return snapshot.content


def _now() -> int:
    return int(time.time())
