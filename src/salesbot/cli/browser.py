"""The facts in a browser: Datasette serves the live snapshot, read-only, with titles, and links between the tables."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import weakref
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from time import monotonic
from typing import Any

import uvicorn
from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils import tilde_encode
from markupsafe import Markup, escape

from salesbot.errors import ConfigError
from salesbot.facts import TABLES, columns
from salesbot.words import words_for

DATABASE = "facts"
HIDDEN = ("citations", "events_who", "same_events", "name_endings", "meta", "sqlite_stat1")
NAMED = len("1.0.0-00000000")
SECONDS_BETWEEN_LOOKS = 2.0
Asgi = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]


def site(live: Callable[[], Path]) -> Datasette:
    """Datasette over the snapshot that ``live`` names; a new one is taken up within seconds of a request."""
    pages = _Pages(live)
    if pm.has_plugin(pages.__name__):
        pm.unregister(name=pages.__name__)
    pm.register(pages, name=pages.__name__)  # first: Datasette asks its plugins while it is made
    pages.shown = Datasette(settings={"allow_download": False})
    pages.show(live())
    return pages.shown


def _metadata(database: str) -> dict[str, Any]:
    """Titles, and what each table and column holds."""
    words = words_for()
    tables: dict[str, Any] = {name: {"hidden": True} for name in HIDDEN}
    for name, model in TABLES.items():
        listed = {column: words.column(name, column) for column in columns(model)}
        tables[name] = {"description": words.column(name, ""), "columns": listed}
    title = words.text("browse_title")
    return {"title": title, "databases": {database: {"title": title, "tables": tables}}}


class _Pages:
    """What is ours on Datasette's pages: ids as links, and the change to a new snapshot."""

    __name__ = "salesbot"  # how Datasette lists a plugin

    shown: Datasette

    def __init__(self, live: Callable[[], Path]) -> None:
        self._live, self._path, self._looked = live, Path(), monotonic()

    def show(self, path: Path) -> None:
        """Serve a snapshot in the place of another; under its own name, as Datasette keeps connections by name."""
        before, self._path = self._path, path
        database = Database(self.shown, path=str(path), is_mutable=False)
        weakref.finalize(database, _close_all, database._all_file_connections).atexit = False  # Datasette closes none
        self.shown.add_database(database, _name(path), DATABASE)
        if before.name:
            self.shown.remove_database(_name(before))

    @hookimpl
    def get_metadata(self) -> dict[str, Any]:
        """The titles and descriptions of what is served."""
        return _metadata(_name(self._path))

    @hookimpl
    def render_cell(self, value: object, column: str, table: str | None) -> Markup | None:
        """A cell as links to the rows that it names."""
        if not isinstance(value, str) or not value or table is None:
            return None
        if table == "sources" and column == "id":
            cited = Markup(' <a href="/{}/citations?source={}">({})</a>').format(
                DATABASE, value, words_for().text("browse_cited")
            )
            return _link("sources", value, value) + cited
        if table == "citations" and column == "source":
            return _link("sources", value, value)
        info = columns(TABLES[table]).get(column) if table in TABLES else None
        if info is None or not info.column.refers:
            return None
        ids = value.split(";") if info.column.many else [value]
        return Markup("; ").join(_link(info.column.refers, id, id) for id in ids)

    @hookimpl
    def asgi_wrapper(self) -> Callable[[Asgi], Asgi]:
        """Look now and then whether other facts are live."""

        def wrap(app: Asgi) -> Asgi:
            async def look_first(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
                if scope["type"] == "http":
                    await self._look()
                await app(scope, receive, send)

            return look_first

        return wrap

    async def _look(self) -> None:
        if monotonic() - self._looked < SECONDS_BETWEEN_LOOKS:
            return
        self._looked = monotonic()
        path = await asyncio.get_running_loop().run_in_executor(None, self._live)
        if path != self._path:
            self.show(path)


def _close_all(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _name(path: Path) -> str:
    """What a snapshot is called on the pages: its version and the first digits of its content."""
    return f"{DATABASE} {path.stem[:NAMED]}"


def _link(table: str, id: str, text: str) -> Markup:
    return Markup('<a href="/{}/{}/{}">{}</a>').format(DATABASE, table, tilde_encode(id), escape(text))


def serve(live: Callable[[], Path], port: int, ready: Callable[[str], None]) -> None:
    """Serve on this machine until interrupted. Raises ``ConfigError`` where the port is taken."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigError("browse_port_in_use", port=port, error=error.strerror) from None
        ready(f"http://127.0.0.1:{port}/{DATABASE}")
        server = uvicorn.Server(uvicorn.Config(site(live).app(), log_level="warning"))
        server.run(sockets=[listening])
