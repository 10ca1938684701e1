"""The data folder: where its parts lie, and that it belongs to one process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from salesbot.errors import ConfigError

CATALOG, SNAPSHOTS = "catalog.sqlite", "snapshots"


def lock_data_folder(folder: Path) -> IO[str]:
    """Lock the data folder for this process, as long as the file returned is open. Raises ``ConfigError``."""
    try:
        file = _lock_file(folder / "lock")
    except OSError as error:
        told = str(error.strerror or error)
        raise ConfigError("data_dir_unwritable", path=str(folder), error=told) from None
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise ConfigError("data_dir_in_use", path=str(folder)) from None
    return file


def _lock_file(path: Path) -> IO[str]:
    """The file to lock; one that is there already is enough where the disk takes no writes."""
    try:
        return path.open("a")
    except OSError:
        if not path.is_file():
            raise
        return path.open()
