"""The shared database: changes in the order in which they are committed, and the files of snapshots in pieces.

Of each shared file, ``salesbot.heads`` has the newest revision. A change locks that row, so there is one at a time, and
raises it; ``salesbot.gone`` has the keys of rows that were deleted. The file of a snapshot lies in ``salesbot.pieces``
under its SHA-256, in pieces of 1 MiB that carry their own.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesbot.errors import ConfigError, Refused
from salesbot.storage.shared.mirrored_file import MirroredFile, MirroredTable, Newer, TableRows

if TYPE_CHECKING:
    from psycopg import Connection

log = logging.getLogger(__name__)
SECONDS_TO_CONNECT = 2
PIECE = 1 << 20
CHANNEL = "salesbot"
VARIABLE = "SALESBOT_DATABASE_URL"
DAYS_KEPT = 30  # of the keys of deleted rows: a copy that is older starts anew
OPTIONS = " ".join(
    f"-c {name}={milliseconds}"
    for name, milliseconds in {
        "statement_timeout": 2000,
        "lock_timeout": 2000,
        "idle_in_transaction_session_timeout": 5000,
    }.items()
)
TABLES = """
create schema if not exists salesbot;
create table if not exists salesbot.heads (file text primary key, revision bigint not null, oldest bigint not null);
create table if not exists salesbot.gone (
    file text, "table" text, key text, revision bigint not null, at timestamptz not null default now(),
    primary key (file, "table", key)
);
create index if not exists gone_revision on salesbot.gone (file, revision);
create table if not exists salesbot.stored (
    digest text primary key, bytes bigint not null, pieces integer not null, at timestamptz not null default now()
);
create table if not exists salesbot.pieces (
    digest text references salesbot.stored on delete cascade, number integer, sha256 text not null, data bytea not null,
    primary key (digest, number)
);
alter table salesbot.pieces alter column data set storage external;
"""
HAS_TABLES = "select to_regclass('salesbot.pieces') from pg_class limit 1"
ONE_AT_A_TIME = "select 1 from pg_advisory_xact_lock(17)"  # who makes tables
HEAD = "select revision, oldest from salesbot.heads where file = %s"
LOCKED_HEAD = f"{HEAD} for update"
COLUMNS = """
select table_name, column_name, udt_name from information_schema.columns
where table_schema = 'salesbot' order by table_name, ordinal_position
"""
UNUSED = """
delete from salesbot.stored where at < now() - interval '1 day'
and digest not in (select digest from salesbot.catalog_files)
"""


class NotThere(Exception):
    """The database has no such file, or not all of it."""


class Database:
    """The database at ``url``, by one connection that is opened when it is needed and again after it broke.

    For one thread at a time; one that is patient waits as long as it takes, as nobody waits for it. ``until`` is when
    whoever asked for a change waits no more (``time.monotonic``). Everything raises ``Refused`` where the database
    cannot be reached or does not answer.
    """

    def __init__(self, url: str, *, is_patient: bool = False) -> None:
        import psycopg  # only where a database is set

        self._psycopg, self._url, self._options = psycopg, url, "" if is_patient else OPTIONS
        self._connection: Connection[Any] | None = None
        self._prepared: set[str] = set()
        self.until: float | None = None

    def another(self) -> Database:
        """A connection of its own to the same database, for what takes long."""
        return Database(self._url, is_patient=True)

    def connection(self) -> Connection[Any]:
        """The connection, opened if there is none. Raises ``Refused``, or ``ConfigError`` for a server too old."""
        if self._connection is None or self._connection.closed:
            self._prepared.clear()
            try:
                self._psycopg.conninfo.conninfo_to_dict(self._url)
            except self._psycopg.ProgrammingError as error:
                raise ConfigError("setting_wrong", variable=VARIABLE, error=str(error).strip()) from error
            with self._refused():
                self._connection = self._psycopg.connect(
                    self._url,
                    autocommit=True,
                    connect_timeout=SECONDS_TO_CONNECT,
                    options=self._options,
                    keepalives_idle=5,
                    keepalives_interval=2,
                    keepalives_count=2,
                    tcp_user_timeout=5000,
                    application_name="salesbot",
                )
                if self._connection.info.server_version < 150000:
                    raise ConfigError("database_old", version=self._connection.info.parameter_status("server_version"))
                self._make_tables(self._connection)
        return self._connection

    def _make_tables(self, connection: Connection[Any]) -> None:
        """Make what every file needs, in a database that is new."""
        if connection.execute(HAS_TABLES).fetchone() == (None,):
            with connection.transaction():
                connection.execute(ONE_AT_A_TIME)
                connection.execute(TABLES)

    @contextmanager
    def _refused(self) -> Iterator[None]:
        """A database that is away, or takes too long, as what to tell whoever asked for a change."""
        try:
            yield
        except (self._psycopg.errors.LockNotAvailable, self._psycopg.errors.QueryCanceled) as error:
            log.warning("the database is too busy: %s", str(error).strip())
            raise Refused("database_silent") from error
        except self._psycopg.errors.InsufficientPrivilege as error:
            raise ConfigError("database_refuses", error=str(error).strip().partition("\n")[0]) from error
        except (
            self._psycopg.OperationalError,
            self._psycopg.InterfaceError,
            self._psycopg.errors.ReadOnlySqlTransaction,
        ) as error:
            log.debug("the database cannot be reached: %s", str(error).strip())
            self.close()
            raise Refused("database_away") from error

    def prepare(self, file: MirroredFile) -> None:
        """See that the tables of a file are there, with every column that this release has."""
        connection = self.connection()
        if file.name in self._prepared:
            return
        known = self.tables().get(file.name, {})
        if all({*table.columns} <= {name for name, _ in known.get(table.name, ())} for table in file.tables):
            self._prepared.add(file.name)
            return
        with self._refused(), connection.transaction():
            connection.execute(ONE_AT_A_TIME)
            for table in file.tables:
                name = _name(file, table)
                kind = table.columns[table.key]
                connection.execute(
                    f'create table if not exists {name} ("{table.key}" {kind} primary key, revision bigint not null)'
                )
                for column, kind in table.columns.items():
                    connection.execute(f'alter table {name} add column if not exists "{column}" {kind}')
                connection.execute(f"create index if not exists {file.name}_{table.name}_r on {name} (revision)")
            connection.execute(
                "insert into salesbot.heads values (%s, 0, 0) on conflict (file) do nothing", [file.name]
            )
        self._prepared.add(file.name)

    # changes

    @contextmanager
    def change(self, file: MirroredFile) -> Iterator[None]:
        """A change of a file and of the database, in both or in neither; the copy is up to date before it is made.

        It is given up where nobody waits for it any more.
        """
        self.prepare(file)
        connection = self.connection()
        with file.change(), self._refused(), connection.transaction():
            newer = self._newer(file, LOCKED_HEAD, file.revision)
            if newer.revision != file.revision:
                file.apply(newer)
            yield
            if touched := file.touched():
                self._write(file, touched, newer.revision + 1)
                file.stand_at(newer.revision + 1)
            if self.until is not None and time.monotonic() > self.until:
                raise Refused("database_silent")

    def _write(self, file: MirroredFile, changes: Sequence[TableRows], revision: int) -> None:
        connection = self.connection()
        with connection.pipeline(), connection.cursor() as cursor:
            for change in changes:
                table, name = change.table, _name(file, change.table)
                gone = [(file.name, table.name, str(key), revision) for key in change.gone]
                back = [(file.name, table.name, str(row[0])) for row in change.rows]
                if back:
                    cursor.executemany('delete from salesbot.gone where file = %s and "table" = %s and key = %s', back)
                    cursor.executemany(_upsert(table, name), [(*row, revision) for row in change.rows])
                if gone:
                    cursor.executemany(f'delete from {name} where "{table.key}" = %s', [(key,) for key in change.gone])
                    cursor.executemany(
                        'insert into salesbot.gone (file, "table", key, revision) values (%s, %s, %s, %s)'
                        ' on conflict (file, "table", key) do update set revision = excluded.revision, at = now()',
                        gone,
                    )
            cursor.execute("update salesbot.heads set revision = %s where file = %s", [revision, file.name])
            cursor.execute("select pg_notify(%s, %s)", [CHANNEL, file.name])

    def newest(self) -> dict[str, int]:
        """The newest revision of each file."""
        with self._refused():
            return dict(self.connection().execute("select file, revision from salesbot.heads").fetchall())

    def tables(self) -> dict[str, dict[str, list[tuple[str, str]]]]:
        """The tables of each file with their columns and types, the key first."""
        found: dict[str, dict[str, list[tuple[str, str]]]] = {}
        files = set(self.newest())
        with self._refused():
            for name, column, kind in self.connection().execute(COLUMNS).fetchall():
                file, _, table = name.partition("_")
                if file in files and column != "revision":
                    found.setdefault(file, {}).setdefault(table, []).append((column, kind))
        return found

    def newer(self, file: MirroredFile, known: int | None = None) -> Newer:
        """What the database has that a copy has not, or that is newer than a known revision."""
        self.prepare(file)
        connection = self.connection()
        with self._refused(), connection.transaction():
            connection.execute("set transaction isolation level repeatable read")
            return self._newer(file, HEAD, file.revision if known is None else known)

    def _newer(self, file: MirroredFile, head: str, known: int) -> Newer:
        connection = self.connection()
        ((revision, oldest),) = connection.execute(head, [file.name]).fetchall()
        if revision == known:
            return Newer(revision, ())
        if known > revision:  # another database, or an old backup of it: what is here is newer, and stays
            log.error("the database is older than the copy of %s here", file.name)
            raise Refused("database_behind")
        if is_whole := 0 < known < oldest:
            known = -1
        query = 'select "table", key from salesbot.gone where file = %s and revision > %s'
        gone = connection.execute(query, [file.name, known]).fetchall()
        changes = []
        for table in file.tables:
            columns = ", ".join(f'"{column}"' for column in table.columns)
            query = f"select {columns} from {_name(file, table)} where revision > %s order by revision"
            rows = connection.execute(query, [known]).fetchall()
            kind = int if table.columns[table.key] == "bigint" else str
            changes.append(TableRows(table, rows, [kind(key) for name, key in gone if name == table.name]))
        return Newer(revision, changes, is_whole)

    def listen(self) -> None:
        """Be told of every change from now on; see ``wait``."""
        with self._refused():
            self.connection().execute(f"listen {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        """Wait for a change of anything, at most so long; whether there was one."""
        with self._refused():
            return any(True for _ in self.connection().notifies(timeout=seconds, stop_after=1))

    # the files of snapshots

    def store(self, path: Path, digest: str) -> None:
        """Store a file under its SHA-256, unless it is there."""
        connection = self.connection()
        with self._refused():
            if connection.execute("select 1 from salesbot.stored where digest = %s", [digest]).fetchone():
                return
        size = path.stat().st_size
        with self._refused(), connection.transaction(), path.open("rb") as file:
            added = connection.execute(
                "insert into salesbot.stored (digest, bytes, pieces) values (%s, %s, %s) on conflict do nothing",
                [digest, size, -(-size // PIECE)],
            )
            if added.rowcount:
                for number, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
                    connection.execute(
                        "insert into salesbot.pieces values (%s, %s, %s, %b)", [digest, number, _sha256(piece), piece]
                    )

    def fetch(self, digest: str, path: Path) -> None:
        """Write the file with this SHA-256 to ``path``. Raises ``NotThere``."""
        connection = self.connection()
        with self._refused():
            found = connection.execute("select pieces from salesbot.stored where digest = %s", [digest]).fetchone()
        if found is None:
            raise NotThere(digest)
        whole = hashlib.sha256()
        with path.open("wb") as file:
            for number in range(found[0]):
                piece = self._piece(digest, number)
                whole.update(piece)
                file.write(piece)
        if whole.hexdigest() != digest:
            raise NotThere(digest)

    def _piece(self, digest: str, number: int) -> bytes:
        query = "select sha256, data from salesbot.pieces where digest = %s and number = %s"
        with self._refused():
            row = self.connection().execute(query, [digest, number], binary=True).fetchone()
        if row is None or _sha256(row[1]) != row[0]:
            raise NotThere(digest)
        return bytes(row[1])

    def forget(self, digests: Sequence[str]) -> None:
        """Delete files."""
        with self._refused():
            self.connection().execute("delete from salesbot.stored where digest = any(%s)", [list(digests)])

    def clean(self) -> None:
        """Delete the files that nothing names any more, and the keys of rows that were deleted long ago."""
        connection = self.connection()
        with self._refused(), connection.transaction():
            connection.execute(UNUSED)
            connection.execute(
                f"with old as (delete from salesbot.gone where at < now() - interval '{DAYS_KEPT} days' returning *)"
                " update salesbot.heads h set oldest = greatest(oldest, o.newest)"
                " from (select file, max(revision) newest from old group by file) o where o.file = h.file"
            )

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _name(file: MirroredFile, table: MirroredTable) -> str:
    return f'salesbot."{file.name}_{table.name}"'


def _upsert(table: MirroredTable, name: str) -> str:
    columns = [f'"{column}"' for column in (*table.columns, "revision")]
    kept = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    marks = ", ".join(["%s"] * len(columns))
    return (
        f'insert into {name} ({", ".join(columns)}) values ({marks}) on conflict ("{table.key}") do update set {kept}'
    )


def _sha256(piece: bytes) -> str:
    return hashlib.sha256(piece).hexdigest()
