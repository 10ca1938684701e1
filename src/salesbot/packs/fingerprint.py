"""Whether a pack folder is the one that was read before: its files by their bytes, without reading what they say."""

from __future__ import annotations

import hashlib
from pathlib import Path

from salesbot import __version__
from salesbot.errors import PackUnreadable
from salesbot.facts import DESCRIPTOR, TABLES


def fingerprint(folder: Path, layout: int) -> str:
    """The files of a pack folder as one SHA-256, with the release and the snapshot layout that reads them.

    Raises ``PackUnreadable``.
    """
    digest = hashlib.sha256(f"{__version__} {layout}".encode())
    for name in (DESCRIPTOR, *(f"{table}.csv" for table in TABLES)):
        path = folder / name
        digest.update(f"\x1d{name}\x1f".encode())
        try:
            if path.is_file():
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise PackUnreadable(path, error) from None
    return digest.hexdigest()
