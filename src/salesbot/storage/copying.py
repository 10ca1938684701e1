"""Everything that a bot keeps, from a data folder into a database and back; each file is checked on its way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from salesbot.errors import ConfigError, Refused
from salesbot.storage.catalog import MIRRORED, Catalog
from salesbot.storage.data_folder import CATALOG, SNAPSHOTS
from salesbot.storage.shared.database import Database, NotThere
from salesbot.storage.shared.mirrored_file import MirroredFile
from salesbot.storage.shared.sharing import first_line
from salesbot.storage.snapshot_files import file_digest

OF_THE_PROCESS = ("sessions.sqlite", "proposals.sqlite")  # another one can do nothing with them
TABLES = "select name from sqlite_master where type = 'table' and name not in ('sqlite_sequence', 'shared_revision')"
OTHER_TYPES = {"int8": "integer", "text": "text", "float8": "real", "bytea": "blob"}


def to_database(data_dir: Path, url: str) -> tuple[int, int]:
    """Copy a data folder into a database that has nothing yet; returns how many rows and snapshots.

    Afterwards the folder is a copy of the database, and a bot may go on with it. Raises ``ConfigError``.
    """
    if not (data_dir / CATALOG).exists():
        raise ConfigError("nothing_to_back_up", path=str(data_dir))
    with _opened(url) as database:
        if any(database.newest().values()):
            raise ConfigError("database_not_empty")
        Catalog(data_dir / CATALOG, data_dir / SNAPSHOTS).close()  # in the layout of this release
        stored = sum(_store(path, digest, database) for path, digest in _snapshots(data_dir))
        paths = [path for path in sorted(data_dir.glob("*.sqlite")) if path.name not in OF_THE_PROCESS]
        return sum(_copy_in(path, database) for path in paths), stored


def _copy_in(path: Path, database: Database) -> int:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = MIRRORED if path.name == CATALOG else tuple(name for (name,) in connection.execute(TABLES))
        file = MirroredFile(path.stem, connection, tables)
        file.forget_database()
        with database.change(file):
            return file.touch_all()


def _snapshots(data_dir: Path) -> Iterator[tuple[Path, str]]:
    with closing(sqlite3.connect(data_dir / CATALOG)) as connection:
        for name, digest in connection.execute("select snapshot, digest from files").fetchall():
            yield data_dir / SNAPSHOTS / name, digest


def _store(path: Path, digest: str, database: Database) -> bool:
    """Store a snapshot that is still the one that was written."""
    if not path.exists() or file_digest(path) != digest:
        return False
    database.store(path, digest)
    return True


def to_folder(url: str, data_dir: Path) -> tuple[int, int]:
    """Copy a database into a data folder that holds nothing; returns how many rows and snapshots.

    Raises ``ConfigError``.
    """
    if data_dir.exists() and any(data_dir.iterdir()):
        raise ConfigError("folder_not_empty", path=str(data_dir))
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _opened(url) as database:
        if not any(database.newest().values()):
            raise ConfigError("database_empty")
        Catalog(data_dir / CATALOG, data_dir / SNAPSHOTS).close()
        files = [file for file in database.tables() if f"{file}.sqlite" not in OF_THE_PROCESS]
        rows = sum(_copy_out(file, data_dir, database) for file in files)
        fetched = sum(_fetched(path, digest, database) for path, digest in _snapshots(data_dir))
        return rows, fetched


def _copy_out(name: str, data_dir: Path, database: Database) -> int:
    path = data_dir / f"{name}.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = database.tables()[name]
        if path.name != CATALOG:
            for table, columns in tables.items():
                _create(connection, table, columns)
        file = MirroredFile(name, connection, MIRRORED if path.name == CATALOG else tuple(tables))
        newer = database.newer(file)
        with file.change():
            file.apply(newer)
        return sum(len(table.rows) for table in newer.tables)


def _create(connection: sqlite3.Connection, table: str, columns: Sequence[tuple[str, str]]) -> None:
    listed = ", ".join(f"[{name}] {OTHER_TYPES[kind]}" for name, kind in columns)
    key = columns[0][0]
    connection.execute(f"create table if not exists [{table}] ({listed}, primary key ([{key}])) strict")


def _fetched(path: Path, digest: str, database: Database) -> bool:
    try:
        database.fetch(digest, path)
    except NotThere:
        path.unlink(missing_ok=True)
        return False
    return True


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    """A database, whose absence is the operator's to mend."""
    database = Database(url)
    try:
        with closing(database):
            database.connection()
            yield database
    except Refused as refused:
        raise ConfigError("database_needed", error=first_line(refused.__cause__)) from refused
