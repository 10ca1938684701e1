"""What a button carries: the question's own line, so that a press asks again, also after a restart.

A custom id is ``v1:<action>@<version>:<line>`` where that fits Discord's 100 characters, else the
line is kept in the data folder under its hash.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from salesbot.storage.database_file import kept

MOST = 100
TABLE = {"lines": {"key": str, "line": str}}
TEMPLATE = re.compile(r"v1:(?P<action>[a-z]+)(?P<page>\d{0,3})@(?P<version>[0-9a-f]{8}):(?P<line>.+)", re.DOTALL)
KEYED = re.compile(r"#[0-9a-f]{24}")


class Press(Struct, frozen=True):
    """A button's meaning: what to show, for which line, seen with which facts.

    With a page it turns its own card to that page; without one it opens a new message.
    """

    action: str
    line: str
    version: str
    page: int | None = None

    def to(self, action: str, page: int | None = None) -> Press:
        return replace(self, action=action, page=page)

    def custom_id(self) -> str:
        head = f"v1:{self.action}{self.page or ''}@{self.version}:"
        return head + self.line if len(head + self.line) <= MOST else head + key(self.line)


def key(line: str) -> str:
    return "#" + hashlib.sha256(line.encode()).hexdigest()[:24]


class Lines:
    """The lines too long for a button, kept by their hash."""

    def __init__(self, path: Path) -> None:
        self._reading = kept(path, TABLE)
        self._writing, self._lock = kept(path, TABLE), Lock()

    def keep(self, line: str) -> None:
        """Remember a line if a button could not carry it; from any thread."""
        if len(line) + 30 > MOST:
            with self._lock:
                self._writing.execute("insert or ignore into lines values (?, ?)", [key(line), line])

    def read(self, match: re.Match[str]) -> Press | None:
        """The press of a custom id; ``None`` if its line is no longer kept."""
        line: str | None = match["line"]
        if KEYED.fullmatch(match["line"]):
            found = self._reading.execute("select line from lines where key = ?", [match["line"]]).fetchone()
            line = found[0] if found else None
        if line is None:
            return None
        return Press(match["action"], line, match["version"], int(match["page"]) if match["page"] else None)
