"""Backups: everything of the data folder in one zip, written while the bot runs, and put back into an empty folder."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from salesbot.errors import ConfigError
from salesbot.storage.copying import OF_THE_PROCESS
from salesbot.storage.data_folder import CATALOG, SNAPSHOTS

MANIFEST = "backup.json"
TRIES = 3  # a version may be dropped while its file is being copied


def write_backup(data_dir: Path, file: Path) -> list[str]:
    """Write every database of a data folder and every snapshot; returns their names.

    The databases come first, so that each snapshot that they name is in the backup. Raises ``ConfigError``.
    """
    if not (data_dir / CATALOG).exists():
        raise ConfigError("nothing_to_back_up", path=str(data_dir))
    if file.exists():
        raise ConfigError("file_exists", file=str(file))
    building = file.with_name(f".{file.name}.part")
    for attempt in range(TRIES):
        try:
            listed = _written(data_dir, building)
            building.replace(file)
            return listed
        except FileNotFoundError:
            if attempt == TRIES - 1:
                raise
        except OSError as error:
            raise ConfigError("backup_unwritable", file=str(file), error=error.strerror or str(error)) from None
        finally:
            building.unlink(missing_ok=True)
    raise AssertionError


def _written(data_dir: Path, file: Path) -> list[str]:
    sums: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as aside, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as book:
        for path in sorted(data_dir.glob("*.sqlite")):
            if path.name in OF_THE_PROCESS:
                continue
            copy = Path(aside) / path.name
            _copy_database(path, copy)
            _add(book, copy, path.name, sums)
        for path in sorted((data_dir / SNAPSHOTS).glob("[!.]*.sqlite")):
            _add(book, path, f"{SNAPSHOTS}/{path.name}", sums)
        book.writestr(MANIFEST, json.dumps({"files": sums}, indent=1))
    return list(sums)


def _copy_database(path: Path, copy: Path) -> None:
    """A consistent copy of a database that others write to."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("pragma journal_mode = delete")


def _add(book: ZipFile, path: Path, name: str, sums: dict[str, str]) -> None:
    with path.open("rb") as file:
        sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
    book.write(path, name)


def restore_backup(file: Path, data_dir: Path) -> list[str]:
    """Put a backup into a data folder that holds nothing; each file is checked first. Raises ``ConfigError``."""
    if data_dir.exists() and any(data_dir.iterdir()):
        raise ConfigError("folder_not_empty", path=str(data_dir))
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    try:
        with ZipFile(file) as book, tempfile.TemporaryDirectory(dir=data_dir.parent, prefix=".restore-") as aside:
            listed = list(_checked(book, Path(aside)))
            if data_dir.exists():
                data_dir.rmdir()
            Path(aside).rename(data_dir)
            Path(aside).mkdir()  # for the clean-up of what was renamed
            data_dir.chmod(0o700)
            return listed
    except (BadZipFile, KeyError, ValueError, EOFError) as error:
        raise ConfigError("backup_damaged", file=str(file), error=str(error)) from None
    except FileNotFoundError:
        raise ConfigError("no_such_file", file=str(file)) from None


def _checked(book: ZipFile, folder: Path) -> Iterator[str]:
    """Extract each file of a backup. Raises ``ValueError`` where one is not what was written."""
    sums = json.loads(book.read(MANIFEST))["files"]
    for name, expected in sums.items():
        if Path(name).is_absolute() or ".." in Path(name).parts or not name.endswith(".sqlite"):
            raise ValueError(name)
        book.extract(name, folder)
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                raise ValueError(name)
        with closing(sqlite3.connect(folder / name)) as database:
            if database.execute("pragma quick_check").fetchone() != ("ok",):
                raise ValueError(name)
        yield name
