"""Words of free text that were not understood, counted: the lexicon grows from them. No text is kept, and no asker."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from salesbot.storage.small_database import SmallDatabase

if TYPE_CHECKING:
    from salesbot.storage.shared.sharing import Sharing

TABLES: dict[str, dict[str, type]] = {"words": {"key": str, "guild": int, "word": str, "count": int}}
MOST_WORDS = 300  # of a server
LONGEST = 24
WORD = re.compile(r"[^\W\d_]+", re.UNICODE)  # letters alone: no numbers, no mentions, no addresses


class DeclinedWords:
    """How often each word was not understood, by server; ``0`` stands for direct messages."""

    def __init__(self, path: Path, sharing: Sharing | None = None) -> None:
        self._database = SmallDatabase(path, TABLES, sharing)

    def count(self, guild: int | None, words: Iterable[str]) -> None:
        """Count words of one question; of very many words of a server only known ones are counted further."""
        server = guild or 0
        ((kept,),) = self._database.rows("select count(*) from words where guild = ?", [server])
        for word in {word for word in words if WORD.fullmatch(word) and len(word) <= LONGEST}:
            key = f"{server}:{word}"
            if kept < MOST_WORDS or self._database.row("select 1 from words where key = ?", [key]):
                self._database.write_later(
                    "insert into words values (?, ?, ?, 1) on conflict (key) do update set count = count + 1",
                    [key, server, word],
                )

    def most(self, guild: int | None, limit: int = 10) -> list[tuple[str, int]]:
        """The words of a server that were declined most."""
        rows = self._database.rows(
            "select word, count from words where guild = ? order by count desc, word limit ?", [guild or 0, limit]
        )
        return [(word, count) for word, count in rows]

    def erase(self, guild: int) -> None:
        """Erase a server's."""
        self._database.write("delete from words where guild = ?", [guild])

    def close(self) -> None:
        """Close the file."""
        self._database.close()
