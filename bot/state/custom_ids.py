"""What a button carries: the question's own line, so that a press asks again, also after a restart.

A custom id is ``v1:<action><page>@<facts>.<language>:<line>``, the language left out for English, where that fits
Discord's 100 characters; else the line is stored in the data folder under its hash.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from salesbot.errors import Refused
from salesbot.storage.small_database import SmallDatabase
from salesbot.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from salesbot.storage.shared.sharing import Sharing

LONGEST_ID = 100
TABLES = {"lines": {"key": str, "line": str, "used": int}}
STORE = "insert or replace into lines (key, line, used) values (?, ?, ?)"
SECONDS_BETWEEN_NOTES = 86_400  # that a line was used
SECONDS_KEPT = 400 * 86_400  # after its last answer, a long line is forgotten
TEMPLATE = re.compile(
    r"v1:(?P<action>[a-z]+)(?P<page>\d{0,3})@(?P<version>[0-9a-f]{8})(?:\.(?P<language>[A-Za-z-]{2,8}))?:(?P<line>.+)",
    re.DOTALL,
)
STORED = re.compile(r"#[0-9a-f]{24}")


class Press(Struct, frozen=True):
    """What a button means: an action, the line, and the facts (eight hex digits) and language its card was made with.

    With a page it turns its own card to that page; without one it opens a new message.
    """

    action: str
    line: str
    version: str
    page: int | None = None
    language: str = "en"

    def to(self, action: str, page: int | None = None) -> Press:
        """Another button of the same card."""
        return replace(self, action=action, page=page)

    def custom_id(self) -> str:
        """The custom id that carries it."""
        language = "" if self.language == "en" else f".{self.language}"
        head = f"v1:{self.action}{self.page or ''}@{self.version}{language}:"
        return head + self.line if len(head + self.line) <= LONGEST_ID else head + _key(self.line)


def content_digits(snapshot: Snapshot) -> str:
    """The eight hex digits that name a snapshot's content on a button."""
    return snapshot.content[:8]


def _key(line: str) -> str:
    return "#" + hashlib.sha256(line.encode()).hexdigest()[:24]


class LongLines:
    """The lines too long for a custom id, stored by their hash."""

    def __init__(self, path: Path, sharing: Sharing | None = None) -> None:
        self._database = SmallDatabase(path, TABLES, sharing)

    def store(self, line: str) -> None:
        """Store a line if a button could not carry it; from any thread.

        An answer does without: where the disk refuses the line, its button asks to ask again.
        """
        if len(line) + 40 > LONGEST_ID:
            now = int(time.time())
            known = self._database.row("select used from lines where key = ?", [_key(line)])
            if known is not None and now - known[0] < SECONDS_BETWEEN_NOTES:
                return
            with contextlib.suppress(Refused):
                row = [_key(line), line, now]
                self._database.write_here(STORE, row)  # its button may be pressed at once
                if self._database.is_shared:
                    self._database.write_later(STORE, row)

    def read(self, match: re.Match[str]) -> Press | None:
        """The press of a custom id; ``None`` if its line is not stored."""
        line: str | None = match["line"]
        if STORED.fullmatch(match["line"]):
            row = self._database.row("select line from lines where key = ?", [match["line"]])
            line = row[0] if row else None
        if line is None:
            return None
        page = int(match["page"]) if match["page"] else None
        return Press(match["action"], line, match["version"], page, match["language"] or "en")

    def remove_unused(self) -> None:
        """Remove the lines of answers that are long past."""
        self._database.write("delete from lines where used < ?", [int(time.time()) - SECONDS_KEPT])
        self._database.write_here("pragma wal_checkpoint(truncate)")  # else the log still holds what was removed

    def refresh(self) -> None:
        """See what other processes have changed. Raises ``Refused``."""
        self._database.refresh()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
