"""Tables made with sqlite-utils."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def with_strict_tables(connection: sqlite3.Connection) -> Database:
    """A connection as sqlite-utils takes it: its tables are strict, and no plugin that is installed has a part in them.

    To look for plugins takes 25 ms.
    """
    from sqlite_utils import Database  # a start that makes no table does without it

    return Database(connection, strict=True, execute_plugins=False)
