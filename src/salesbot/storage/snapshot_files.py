"""The folder of snapshots: which file holds which facts, what is moved to the trash, and what is deleted.

A file is called ``<facts>-v<layout>.sqlite``. Facts are named by their version and content hash, whatever the layout.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Collection, Iterable
from pathlib import Path

from salesbot.errors import QuestionError
from salesbot.storage.catalog_file import OF_LAYOUT
from salesbot.storage.disk import synced
from salesbot.storage.snapshot import BUILDING, LAYOUT

DAY, HOUR = 86_400, 3_600
TRASH, TRASH_DAYS = ".trash", 30


def facts_in(name: str) -> str:
    """The facts that a file of this name holds."""
    return OF_LAYOUT.sub("", name)


def _is_snapshot(name: str) -> bool:
    """Whether a file has the name of one that holds facts, and is not under construction."""
    return not name.startswith(".") and "-v" in name and name.endswith(".sqlite")


class SnapshotFiles:
    """The snapshots in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, facts: str) -> Path:
        """Where facts lie in the layout of this release, whether or not they do."""
        return self.folder / f"{facts}-v{LAYOUT}.sqlite"

    def of(self, facts: str) -> list[Path]:
        """Every file of facts, of any layout."""
        return [path for path in _files(self.folder, f"{facts}-v", ".sqlite") if facts_in(path.name) == facts]

    def put(self, path: Path) -> None:
        """Put a synced file into the folder; it stays where it was as well."""
        to = self.folder / path.name
        building = self.folder / f"{BUILDING}{os.getpid()}-{path.name}"
        building.unlink(missing_ok=True)
        try:
            os.link(path, building)
        except OSError:  # a file system without links
            shutil.copyfile(path, building)
            synced(building)
        building.replace(to)
        building.unlink(missing_ok=True)  # a rename onto another name of the same file does nothing
        if os.name != "nt":  # folders cannot be opened there
            synced(self.folder)

    def remove_unfinished(self) -> None:
        """Delete what dead builders left."""
        now = time.time()
        for path in _files(self.folder, BUILDING):
            if not _is_alive(path) or _age(path, now) > HOUR:
                path.unlink(missing_ok=True)

    def unnamed(self, used: Collection[str]) -> list[Path]:
        """The files whose facts nothing names, and those of an earlier layout that are there in today's as well."""
        now = time.time()
        found = [path for path in _files(self.folder) if _is_snapshot(path.name) and _age(path, now) > HOUR]
        return [path for path in found if (facts := facts_in(path.name)) not in used or self._is_old(path, facts)]

    def _is_old(self, path: Path, facts: str) -> bool:
        return path != self.path(facts) and self.path(facts).exists()

    def to_trash(self, paths: Iterable[Path], why: str) -> None:
        """Move files to the trash, where they stay for a while."""
        trash = self.folder / TRASH
        for path in paths:
            if path.exists():
                trash.mkdir(mode=0o700, exist_ok=True)
                os.utime(path)  # from now on its days in the trash count
                path.replace(trash / f"{why}-{path.name}")

    def empty_trash(self, days: float) -> None:
        """Delete what lies in the trash for so many days."""
        now = time.time()
        for path in _files(self.folder / TRASH):
            if _age(path, now) >= days * DAY:
                path.unlink(missing_ok=True)

    def erase(self, facts: Iterable[str]) -> None:
        """Delete facts for good, in the trash as well."""
        for one in facts:
            for path in (*self.of(one), *(self.folder / TRASH).glob(f"*-{one}-v*.sqlite")):
                path.unlink(missing_ok=True)

    def erase_trash_of(self, why: str) -> None:
        """Delete what was moved to the trash for one reason."""
        for path in _files(self.folder / TRASH, f"{why}-"):
            path.unlink(missing_ok=True)


def _files(folder: Path, start: str = "", end: str = "") -> list[Path]:
    """The files of a folder whose names begin and end so; none where it is not there, or cannot be read."""
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, PermissionError):
        return []
    return [folder / name for name in names if name.startswith(start) and name.endswith(end)]


def file_digest(path: Path) -> str:
    """The SHA-256 of a file. Raises ``QuestionError`` if it is gone."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise snapshot_gone(path.name) from None


def snapshot_gone(name: str) -> QuestionError:
    """The error where the file of a version is not there any more."""
    return QuestionError("snapshot_gone", name=name)


def _is_alive(building: Path) -> bool:
    """Whether the process that builds there still runs; a number that another process took over ages out."""
    pid = building.name.removeprefix(BUILDING).partition("-")[0]
    try:
        os.kill(int(pid), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _age(path: Path, now: float) -> float:
    """In seconds; nothing, if it is gone meanwhile."""
    try:
        return now - path.stat().st_mtime
    except FileNotFoundError:
        return 0
