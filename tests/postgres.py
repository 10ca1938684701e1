"""A PostgreSQL of the tests' own: started once for each process of the tests, with a new database for each test."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

ACCOUNT = "postgres"  # PostgreSQL does not run as root
NUMBERS = count(1)
SETTINGS = "-c listen_addresses= -c max_connections=200 -c shared_buffers=32MB -c timezone=UTC"


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, 15 or newer; Debian keeps them apart."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


class Server:
    """A server that listens on a socket in a folder of its own."""

    def __init__(self, bin: Path) -> None:
        self._bin, self.folder = bin, Path(tempfile.mkdtemp(prefix="pg-"))
        self._as: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, ACCOUNT)
            self._as = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups"]
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-U", "bot", "-E", "UTF8", "--no-sync", "--locale=C")
        self.start()

    @property
    def data(self) -> Path:
        """The folder of its data."""
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*self._as, str(self._bin / program), *arguments], capture_output=True, text=True, timeout=60, cwd="/"
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.data), "-l", log, "-w", "-o", f"-k {self.folder} {SETTINGS}", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: ``fast`` in good order, ``immediate`` as if it was killed."""
        self._run("pg_ctl", "-D", str(self.data), "-m", how, "-w", "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Every process of it is stopped, and goes on afterwards."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGSTOP)  # before the others, so that there come no more
        others = [int(pid) for pid in Path(f"/proc/{first}/task/{first}/children").read_text().split()]
        _signal(others, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal([*others, first], signal.SIGCONT)

    def url(self, name: str) -> str:
        """The address of a database."""
        return f"postgresql://bot@/{name}?host={self.folder}"

    def new(self) -> str:
        """The address of a database that was just created."""
        name = f"test_{os.getpid()}_{next(NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return self.url(name)

    def remove(self) -> None:
        """Stop it and delete all it has."""
        try:
            self.stop("immediate")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # some end by themselves
            os.kill(pid, number)


def wait_until(condition, seconds: float = 30.0) -> None:
    """Wait until a condition holds."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("it did not come to be")
        time.sleep(0.01)
