"""What one process does for all: telling Discord of the commands, where they changed, and looking for departures."""

from __future__ import annotations

import contextlib
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from salesbot.storage.small_database import SmallDatabase

if TYPE_CHECKING:
    from salesbot.storage.shared.sharing import Sharing

log = logging.getLogger(__name__)
TABLES: dict[str, dict[str, type]] = {"synced": {"what": str, "digest": str}}
COMMANDS = "commands"


class SyncedCommands:
    """The hash of the commands: in a file of the data folder, or in the database that processes share."""

    def __init__(self, folder: Path, sharing: Sharing | None = None) -> None:
        self._file = folder / "commands.sha256"
        self._database = SmallDatabase(folder / "commands.sqlite", TABLES, sharing) if sharing is not None else None

    def digest(self) -> str | None:
        """The hash of what was synced last, if it is known."""
        if self._database is not None:
            row = self._database.row("select digest from synced where what = ?", [COMMANDS])
            return row[0] if row else None
        with contextlib.suppress(OSError):
            return self._file.read_text()
        return None

    def is_due(self, what: str, seconds: int) -> bool:
        """Whether no process has done something for so long; this one does it now. Raises ``Refused``."""
        if self._database is None:
            return True
        now = int(time.time())
        self._database.write("insert or ignore into synced values (?, ?)", [what, "0"])
        query = "update synced set digest = ? where what = ? and cast(digest as integer) <= ?"
        return bool(self._database.write(query, [str(now), what, now - seconds]))

    def note(self, digest: str) -> None:
        """Note what was synced. Raises ``Refused`` where the database does not take it."""
        if self._database is not None:
            self._database.write("insert or replace into synced values (?, ?)", [COMMANDS, digest])
            return
        try:
            self._file.write_text(digest)
        except OSError as error:
            log.error("%s cannot be written, so the next start syncs again (%s)", self._file.name, error)
