"""The facts that the command line asks: the operator's pack, another folder, or a single file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from salesbot.errors import ConfigError
from salesbot.facts import Facts
from salesbot.serving.ingest import ingest_folder, ingest_upload
from salesbot.settings import Settings, settings
from salesbot.storage.data_folder import SNAPSHOTS
from salesbot.storage.snapshot import Snapshot


@contextmanager
def opened(pack: Path | None) -> Iterator[Snapshot]:
    """The facts of a pack folder or of a file, alone; without one, the operator's shared pack."""
    if pack is None or pack.is_dir():
        chosen = settings()
        snapshot = shared_snapshot(chosen if pack is None else replace(chosen, pack_dir=pack))
        try:
            yield snapshot
        finally:
            snapshot.close()
        return
    if not pack.exists():
        raise ConfigError("no_pack_folder", path=str(pack))
    from salesbot.packs.uploads.limits import check_ending
    from salesbot.packs.uploads.upload import read_upload

    check_ending(pack.name)
    with tempfile.TemporaryDirectory() as aside:
        upload = read_upload(pack.name, pack.read_bytes(), Facts(version="1"))
        snapshot = Snapshot(ingest_upload(upload.checked, Path(aside), pack.name))
        try:
            yield snapshot
        finally:
            snapshot.close()


def shared_snapshot(chosen: Settings) -> Snapshot:
    """The operator's shared pack, opened. Raises ``PackRefused`` or ``ConfigError``."""
    if not chosen.pack_dir.is_dir():
        raise ConfigError("no_pack_folder", path=str(chosen.pack_dir))
    try:
        return Snapshot(ingest_folder(chosen.pack_dir, chosen.data_dir / SNAPSHOTS))
    except OSError as error:
        raise ConfigError("data_dir_unwritable", path=str(chosen.data_dir), error=error.strerror) from None
