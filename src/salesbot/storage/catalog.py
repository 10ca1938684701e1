"""Which version of a pack each server sees: published versions, activations, and undo.

One SQLite file is the only thing that changes at run time; the snapshots it names are immutable files in a folder
beside it. Each change is one transaction, so a crash leaves the version before it or the one after. A scope is
``'shared'`` (the operator's pack) or the id of a Discord server as text; every time is in UTC seconds, and ``by`` is a
Discord user id, or ``None`` for the operator.

A change that an interaction asked for is made once: ``asked`` is its id, and where a change already has it, that one is
returned. So a press that reaches the bot again after a restart changes nothing twice.

Undo walks a chain: an activation stores in ``back_to`` the activation that an undo of it returns to, and an undo copies
the ``back_to`` of the one it returned to. So a second undo goes further back, and a version published after an undo can
be undone like any other.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import Struct

from salesbot.errors import DamagedSnapshot, QuestionError, Refused
from salesbot.storage.catalog_file import MIGRATIONS, layout_of, migrate, opened
from salesbot.storage.data_folder import CATALOG, SNAPSHOTS
from salesbot.storage.disk import close_with, transaction
from salesbot.storage.snapshot import META, Snapshot
from salesbot.storage.snapshot_files import DAY, TRASH_DAYS, SnapshotFiles, facts_in, file_digest, snapshot_gone

if TYPE_CHECKING:
    from salesbot.storage.shared.database import Database
    from salesbot.storage.shared.mirrored_file import MirroredFile

log = logging.getLogger(__name__)
SHARED = "shared"
LONGEST_CHAIN = 1000
MIRRORED = ("versions", "activations", "departures", "files")  # which folder was read as what is this machine's alone


class FactsMoved(QuestionError):
    """Another version is served than the one that a change was prepared against."""


class ChangeNote(Struct, frozen=True):
    """What a change of facts was, for its history.

    ``tables`` are rows added, cells changed and rows removed, by table. ``own`` are the same counts of all that a
    server has otherwise than the shared pack. ``conflicts`` are the rows that both had changed.
    """

    tables: tuple[tuple[str, int, int, int], ...] = ()
    own: tuple[int, int, int] | None = None
    conflicts: tuple[str, ...] = ()


class Published(Struct, frozen=True):
    """A version that was served in its scope at least once; ``counts`` are rows by table.

    ``snapshot`` names its facts, whatever the layout of their file. ``base`` are the facts of the shared pack that a
    server's version was made on.
    """

    id: int
    scope: str
    snapshot: str
    version: str
    content: str
    counts: tuple[tuple[str, int], ...]
    published: int
    by: int | None
    why: str
    base: str | None = None


class Activation(Struct, frozen=True):
    """One change of what a scope serves; ``published`` is ``None`` where a server went back to the shared pack.

    ``why`` is ``import``, ``edit``, ``reload``, ``start``, ``undo``, ``activate``, ``reset``, or ``shared`` where a
    server's facts follow a change of the shared pack.
    """

    id: int
    scope: str
    published: Published | None
    at: int
    by: int | None
    why: str
    note: ChangeNote = ChangeNote()


class _Live(NamedTuple):
    id: int
    version: int | None
    back_to: int | None


_COLUMNS = 'v.id, v.scope, v.snapshot, v.version, v.content, v.counts, v.published, v."by", v.why, v.base'
VERSIONS = f"select {_COLUMNS} from versions v where v.scope = :scope order by v.id desc"
HISTORY = f"""
select a.id, a.scope, a.at, a."by", a.why, a.note, {_COLUMNS}
from activations a left join versions v on v.id = a.version
where a.scope = :scope order by a.id desc limit :limit
"""
MADE = f"""
select a.id, a.scope, a.at, a."by", a.why, a.note, {_COLUMNS}
from activations a left join versions v on v.id = a.version
where a.scope = :scope and a.asked = :asked
"""
LIVE = "select id, version, back_to from activations where scope = :scope order by id desc limit 1"
LIVE_SNAPSHOT = """
    select v.snapshot from activations a join versions v on v.id = a.version
    where a.scope = ? order by a.id desc limit 1
"""
AT = "select id, version, back_to from activations where id = :id"
RECORD = """
insert into versions (scope, snapshot, version, content, counts, published, "by", why, base)
values (:scope, :snapshot, :version, :content, :counts, :published, :by, :why, :base)
on conflict (scope, snapshot) do update set base = excluded.base
"""
RECORDED = "select id from versions where scope = :scope and snapshot = :snapshot"
ACTIVATE = """
insert into activations (scope, version, back_to, at, "by", why, note, asked)
values (:scope, :version, :back_to, :at, :by, :why, :note, :asked)
"""
DIGEST = "select digest from files where snapshot = :snapshot"
NOTE_DIGEST = "insert or replace into files values (:snapshot, :digest)"
FILES_OF = "select snapshot, digest from files where snapshot glob :facts || '-v*'"
READING = "select snapshot from readings where fingerprint = :fingerprint"
READ = "insert into readings values (:fingerprint, :snapshot)"
SKIP_ITSELF = """
update activations set back_to = (select b.back_to from activations b where b.id = activations.back_to)
where scope = :scope and exists (
    select 1 from activations b where b.id = activations.back_to and b.version is activations.version
)
"""
ACTIVATIONS_OF = "select id, back_to from activations where version = :version order by id limit 1"
DUE = "select scope from departures where at <= :until order by at, scope"


class Catalog:
    """The catalog at ``path`` of the versions whose snapshots lie in ``snapshots``. For one thread.

    With a ``database`` the file is a copy: each change is made in both. Raises ``ConfigError`` for a file that is
    damaged or of a newer release.
    """

    def __init__(self, path: Path, snapshots: Path, database: Database | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.files = SnapshotFiles(snapshots)
        self._path, self._database = path, database
        self._thread = threading.get_ident() if database is None else None
        self._connection = opened(path)
        close_with(self, self._connection)
        self._mirror: MirroredFile | None = None
        try:
            self._migrate()
            if database is not None:
                from salesbot.storage.shared.mirrored_file import MirroredFile

                self._mirror = MirroredFile("catalog", self._connection, MIRRORED)
            else:
                self._clean_if_writable()
        except BaseException:
            self.close()
            raise

    def _clean_if_writable(self) -> None:
        try:
            self.clean()
        except (OSError, sqlite3.OperationalError, Refused) as error:
            log.warning("the snapshots cannot be cleaned up (%s)", error)

    # what is served, and what was

    def active(self, scope: str) -> Activation | None:
        """What ``scope`` serves now; ``None`` if nothing was ever activated."""
        return next(iter(self.history(scope, 1)), None)

    def history(self, scope: str, limit: int = 50) -> list[Activation]:
        """The activations of ``scope``, newest first."""
        return [_activation(row) for row in self._connection.execute(HISTORY, {"scope": scope, "limit": limit})]

    def versions(self, scope: str) -> list[Published]:
        """Every version that was ever served in ``scope``, newest first."""
        return [_published(row) for row in self._connection.execute(VERSIONS, {"scope": scope})]

    def snapshot_path(self, published: Published) -> Path:
        """Where the snapshot of a version lies."""
        return self.files.path(published.snapshot)

    # changes

    def publish(
        self,
        scope: str,
        snapshot: Path,
        *,
        by: int | None,
        why: str,
        at: int,
        expected: int | None,
        digest: str = "",
        base: str | None = None,
        note: ChangeNote | None = None,
        is_followed: bool = False,
        asked: int | None = None,
    ) -> Activation:
        """Record a snapshot and activate it, in one transaction; one that lies elsewhere is put into the folder.

        ``digest`` is the SHA-256 of its file, worked out here if it is not given. ``expected`` is the id of the
        activation that the change was prepared against, ``None`` for none. A version published again keeps its number.
        ``base`` names the shared snapshot that a server's version is made on. With ``is_followed`` an undo leads to
        where one of the version before would have led: the version only follows the shared pack.
        Raises ``FactsMoved``, or ``QuestionError`` if the snapshot is gone.
        """
        if (made := self._made(scope, asked)) is not None:
            return made
        about = self._about(snapshot) | {
            "scope": scope,
            "snapshot": facts_in(snapshot.name),
            "published": at,
            "by": by,
            "why": why,
            "base": base,
        }
        digest = digest or file_digest(snapshot)
        if self._database is not None:
            self._database.store(snapshot, digest)
        with self._change():
            if (made := self._made(scope, asked)) is not None:
                return made
            live = self._live(scope, expected)
            if snapshot.parent != self.files.folder:
                self.files.put(snapshot)
            self._connection.execute(NOTE_DIGEST, {"snapshot": snapshot.name, "digest": digest})
            self._connection.execute(RECORD, about)
            ((version,),) = self._connection.execute(RECORDED, about)
            back_to = live.back_to if is_followed and live else _way_back(live, version)
            return self._activate(scope, version, back_to, at=at, by=by, why=why, note=note, asked=asked)

    def reset(self, scope: str, *, by: int | None, at: int, asked: int | None = None) -> Activation:
        """Go back to the shared pack; an undo leads to what was served. Raises ``QuestionError`` if nothing is."""
        with self._change():
            if (made := self._made(scope, asked)) is not None:
                return made
            live = self._row(LIVE, scope=scope)
            if live is None or live.version is None:
                raise QuestionError("nothing_to_reset")
            return self._activate(scope, None, live.id, at=at, by=by, why="reset", asked=asked)

    def activate(
        self,
        scope: str,
        published_id: int,
        *,
        by: int | None,
        at: int,
        expected: int | None,
        asked: int | None = None,
    ) -> Activation:
        """Serve a version of ``scope`` again. Raises ``FactsMoved``, or ``QuestionError`` for a number of another."""
        with self._change():
            if (made := self._made(scope, asked)) is not None:
                return made
            live = self._live(scope, expected)
            if published_id not in (published.id for published in self.versions(scope)):
                raise QuestionError("no_such_version", number=published_id)
            back_to = _way_back(live, published_id)
            return self._activate(scope, published_id, back_to, at=at, by=by, why="activate", asked=asked)

    def undo(self, scope: str, *, by: int | None, at: int, asked: int | None = None) -> Activation:
        """Serve what was served before; before the first version of a server that is the shared pack.

        Raises ``QuestionError`` where nothing was before.
        """
        with self._change():
            if (made := self._made(scope, asked)) is not None:
                return made
            target = self._before(scope)
            version, back_to = (target.version, target.back_to) if target else (None, None)
            return self._activate(scope, version, back_to, at=at, by=by, why="undo", asked=asked)

    def _made(self, scope: str, asked: int | None) -> Activation | None:
        """The change that an interaction asked for, if it was made already."""
        if asked is None:
            return None
        row = self._connection.execute(MADE, {"scope": scope, "asked": asked}).fetchone()
        return _activation(row) if row else None

    def _before(self, scope: str) -> _Live | None:
        live = self._row(LIVE, scope=scope)
        if live and live.back_to is not None:
            return self._row(AT, id=live.back_to)
        if live and live.version is not None and scope != SHARED:
            return None
        raise QuestionError("nothing_to_undo")

    def _live(self, scope: str, expected: int | None) -> _Live | None:
        live = self._row(LIVE, scope=scope)
        if (live.id if live else None) != expected:
            raise FactsMoved("facts_moved")
        return live

    def _row(self, query: str, **parameters: object) -> _Live | None:
        row = self._connection.execute(query, parameters).fetchone()
        return _Live(*row) if row else None

    def _activate(
        self,
        scope: str,
        version: int | None,
        back_to: int | None,
        *,
        at: int,
        by: int | None,
        why: str,
        note: ChangeNote | None = None,
        asked: int | None,
    ) -> Activation:
        told = msgspec.json.encode(note).decode() if note else None
        values = {"scope": scope, "version": version, "back_to": back_to, "at": at, "by": by, "why": why, "note": told}
        self._connection.execute(ACTIVATE, values | {"asked": asked})
        activation = self.history(scope, 1)[0]
        if activation.published and self._database is None and not self.snapshot_path(activation.published).exists():
            raise snapshot_gone(activation.published.snapshot)
        return activation

    def _about(self, path: Path) -> dict[str, object]:
        """What a snapshot says of itself."""
        try:
            snapshot = Snapshot(path)
        except DamagedSnapshot:
            raise snapshot_gone(path.name) from None
        try:
            meta = dict(snapshot.values(META))
            counts = {table: count for table, count in snapshot.rows_by_table.items() if count}
            return {"version": meta["version"], "content": meta["content"], "counts": json.dumps(counts)}
        finally:
            snapshot.close()

    # whether a file is still the one that was written

    def digest(self, name: str) -> str | None:
        """The SHA-256 that the file of a snapshot was recorded with; ``None`` from a release that recorded none."""
        row = self._connection.execute(DIGEST, {"snapshot": name}).fetchone()
        return str(row[0]) if row else None

    def recorded(self, facts: str) -> dict[str, str]:
        """The files that were written of facts, in any layout, with their SHA-256."""
        return dict(self._connection.execute(FILES_OF, {"facts": facts}).fetchall())

    def note_digest(self, name: str, digest: str) -> None:
        """Record the SHA-256 of a snapshot's file."""
        with self._change():
            self._connection.execute(NOTE_DIGEST, {"snapshot": name, "digest": digest})

    def set_aside(self, facts: str) -> None:
        """Move a damaged snapshot to the trash, where an operator can look at it."""
        with self._change():
            self.files.to_trash([self.files.path(facts)], "damaged")

    # which snapshot a folder was read as

    def reading(self, fingerprint: str) -> Path | None:
        """The snapshot that a pack folder with this fingerprint was read as, if it still exists."""
        found = self._connection.execute(READING, {"fingerprint": fingerprint}).fetchone()
        path = self.files.folder / found[0] if found else None
        return path if path is not None and path.exists() else None

    def note_reading(self, fingerprint: str, snapshot: Path) -> None:
        """Record that a pack folder with this fingerprint was read as this snapshot; earlier records are deleted."""
        with self._change():
            self._connection.execute("delete from readings")
            self._connection.execute(READ, {"fingerprint": fingerprint, "snapshot": snapshot.name})

    # servers that the bot left

    def left(self, scope: str, at: int) -> None:
        """The bot was removed from a server at ``at``, the last time counts; see ``erase_departed``."""
        with self._change():
            self._connection.execute(
                "insert or replace into departures values (:scope, :at)", {"scope": scope, "at": at}
            )

    def scopes(self) -> list[str]:
        """Every scope that has a history."""
        return [scope for (scope,) in self._connection.execute("select distinct scope from activations order by scope")]

    def changes(self) -> dict[str, int]:
        """How many changes are on record, by why they were made."""
        return dict(self._connection.execute("select why, count(*) from activations group by why order by why"))

    def departed(self) -> set[str]:
        """The servers that the bot left and has not come back to."""
        return {scope for (scope,) in self._connection.execute("select scope from departures")}

    def returned(self, scope: str) -> None:
        """The bot is in a server again; nothing of it is due any more."""
        with self._change():
            self._connection.execute("delete from departures where scope = :scope", {"scope": scope})

    def erase_departed(self, now: int, days: int = 30) -> list[str]:
        """Erase every server left ``days`` ago: versions, history, snapshots only it used. Returns their scopes."""
        scopes = [scope for (scope,) in self._connection.execute(DUE, {"until": now - days * DAY})]
        for scope in scopes:
            self.erase(scope)
        return scopes

    def erase(self, scope: str) -> None:
        """Erase all that a server brought: versions, history, and the snapshots that only it used."""
        with self._change():
            facts = {published.snapshot for published in self.versions(scope)}
            for table in ("activations", "versions", "departures"):
                self._connection.execute(f"delete from {table} where scope = :scope", {"scope": scope})
            self._forget_files(facts - self._used())
        with self._change():  # once that is so, and in a transaction, so that none is published meanwhile
            self.files.erase(facts - self._used())
        self.files.erase_trash_of(f"old.{scope}")
        self._connection.execute("pragma wal_checkpoint(truncate)")  # else the log still holds what was erased

    # the files

    def prune(self, scope: str, versions: int, most_bytes: int) -> int:
        """Drop the oldest versions of a scope beyond a quota, never the one served or the one an undo returns to.

        Their files go to the trash unless another scope uses them. Returns how many were dropped.
        """
        kept = {live.version for live in self._chain(scope)[:2]}
        dropped, total = [], 0
        for number, published in enumerate(self.versions(scope)):
            path = self.snapshot_path(published)
            total += path.stat().st_size if path.exists() else 0
            if published.id not in kept and (number >= versions or total > most_bytes):
                dropped.append(published)
        if dropped:
            with self._change():
                for published in dropped:
                    self._forget_version(published.id)
                while self._connection.execute(SKIP_ITSELF, {"scope": scope}).rowcount:
                    pass  # until no undo leads to the version that it takes back
                facts = {published.snapshot for published in dropped}
                self._forget_files(facts - self._used())
            with self._change():  # once that is so, and in a transaction, so that none is published meanwhile
                unused = facts - self._used()
                self.files.to_trash((path for one in unused for path in self.files.of(one)), f"old.{scope}")
        return len(dropped)

    def _forget_version(self, version: int) -> None:
        """Delete a version with its activations; an undo that led there leads further back."""
        while row := self._connection.execute(ACTIVATIONS_OF, {"version": version}).fetchone():
            id, back_to = row
            self._connection.execute("update activations set back_to = ? where back_to = ?", [back_to, id])
            self._connection.execute("delete from activations where id = ?", [id])
        self._connection.execute("delete from versions where id = ?", [version])

    def _forget_files(self, unused: Iterable[str]) -> None:
        """Delete what is recorded of the files of facts that no version names."""
        for facts in unused:
            found = self.recorded(facts)
            self._connection.execute("delete from files where snapshot glob :facts || '-v*'", {"facts": facts})
            if self._database is not None:
                self._database.forget(list(found.values()))

    def _chain(self, scope: str) -> list[_Live]:
        """What is served, and what each undo would return to, in turn."""
        found: list[_Live] = []
        live = self._row(LIVE, scope=scope)
        while live is not None and len(found) < LONGEST_CHAIN:
            found.append(live)
            live = self._row(AT, id=live.back_to) if live.back_to is not None else None
        return found

    def clean(self) -> None:
        """Remove what dead builders left; snapshots that no version names go to the trash for 30 days.

        A catalog without versions moves nothing: it may be a new one beside the snapshots of one that was lost.
        """
        self.files.remove_unfinished()
        with self._change():
            if used := self._used():
                self.files.to_trash(self.files.unnamed(used), "unnamed")
        self.files.empty_trash(TRASH_DAYS)

    def _used(self) -> set[str]:
        """The facts that a version names, or that one is made on."""
        names = self._connection.execute("select snapshot from versions union select base from versions")
        return {name for (name,) in names if name is not None}

    def answer_busy_after(self, seconds: float) -> None:
        """From now on, wait at most so long for another process that writes; then a change raises ``Refused``."""
        self._connection.execute(f"pragma busy_timeout = {int(seconds * 1000)}")

    def close(self) -> None:
        """Close the file; SQLite folds its log into it."""
        self._connection.close()

    @contextmanager
    def _change(self) -> Iterator[None]:
        if self._thread not in (None, threading.get_ident()):
            raise RuntimeError("a catalog is changed by the thread that opened it")
        with self._refused_if_busy():
            if self._database is None or self._mirror is None:
                change = transaction(self._connection)
            else:
                change = self._database.change(self._mirror)
            with change:
                yield

    @contextmanager
    def _refused_if_busy(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise Refused("catalog_busy") from None

    def _migrate(self) -> None:
        if layout_of(self._connection, self._path) < len(MIGRATIONS):
            with self._refused_if_busy(), transaction(self._connection):
                migrate(self._connection, layout_of(self._connection, self._path))


def _way_back(live: _Live | None, version: int) -> int | None:
    """Where an undo of ``version`` leads: to what is live now, or past it if that is the same version."""
    if live is None:
        return None
    return live.back_to if live.version == version else live.id


def _activation(row: tuple[Any, ...]) -> Activation:
    id, scope, at, by, why, note, *version = row
    published = _published(version) if version[0] is not None else None
    said = msgspec.json.decode(note, type=ChangeNote) if note else ChangeNote()
    return Activation(id, scope, published, at, by, why, said)


def _published(row: Iterable[Any]) -> Published:
    id, scope, snapshot, version, content, counts, published, by, why, base = row
    rows = tuple(json.loads(counts).items())
    return Published(id, scope, snapshot, version, content, rows, published, by, why, base)


def live_snapshot(data_dir: Path, scope: str = SHARED) -> Path | None:
    """The snapshot that a bot with this data folder serves, read beside it; ``None`` if there is none."""
    path = data_dir / CATALOG
    if not path.exists():
        return None
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        found = connection.execute(LIVE_SNAPSHOT, [scope]).fetchone()
    snapshot = SnapshotFiles(data_dir / SNAPSHOTS).path(found[0]) if found else None
    return snapshot if snapshot is not None and snapshot.exists() else None
