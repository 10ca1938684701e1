"""Whether a pack folder is the one that was read before: its files by their bytes, not by what they say."""

from __future__ import annotations

import hashlib
from pathlib import Path

from salesbot import __version__
from salesbot.facts import DESCRIPTOR, TABLES
from salesbot.storage.snapshot import LAYOUT


def fingerprint(folder: Path) -> str:
    """The files of a pack folder as one SHA-256, with the release that reads them."""
    digest = hashlib.sha256(f"{__version__} {LAYOUT}".encode())
    for name in (DESCRIPTOR, *(f"{table}.csv" for table in TABLES)):
        path = folder / name
        digest.update(f"\x1d{name}\x1f".encode())
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
