"""Tables made with sqlite-utils."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from salesbot.storage.tables import with_strict_tables


def test_a_column_takes_no_value_of_another_type():
    with closing(sqlite3.connect(":memory:")) as connection:
        with_strict_tables(connection)["facts"].create({"id": str, "low": int}, pk="id")
        with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
            connection.execute("insert into facts values ('a', 'many')")


def test_no_plugin_that_is_installed_has_a_part_in_them():
    code = """
import sqlite3
from salesbot.storage.tables import with_strict_tables
with_strict_tables(sqlite3.connect(":memory:"))["facts"].create({"id": str})
from sqlite_utils import plugins
print(plugins._plugins_loaded)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
