"""Forks a publisher per job, each to die at a given moment, and tells how it ended.

A job is a line of JSON on standard input, its end another on standard output. The program itself has
everything imported already and one thread, so a fork costs milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from salesbot.serving.ingest import ingest_folder
from salesbot.storage.catalog import SHARED, Catalog, ChangeNote
from salesbot.storage.snapshot_files import SnapshotFiles
from tools.crashes import moments as crash_moments

Acknowledge = Callable[[], object]


def opened(folder: Path) -> Catalog:
    return Catalog(folder / "catalog.sqlite", folder / "snapshots")


def publish_next(catalog: Catalog, pack: Path, folder: Path) -> None:
    """Take a pack in and serve it."""
    snapshot = ingest_folder(pack, folder / "snapshots")
    active = catalog.active(SHARED)
    catalog.publish(SHARED, snapshot, by=7, why="import", at=int(time.time()), expected=active.id if active else None)


def publish(folder: Path, packs: list[Path], acknowledge: Acknowledge) -> None:
    """The publisher under test: one pack after the other."""
    catalog = opened(folder)
    for pack in packs:
        publish_next(catalog, pack, folder)
        acknowledge()
    catalog.close()


def undo(folder: Path, packs: list[Path], acknowledge: Acknowledge) -> None:
    """Takes the live version back."""
    catalog = opened(folder)
    catalog.undo(SHARED, by=7, at=int(time.time()))
    acknowledge()
    catalog.close()


def reset(folder: Path, packs: list[Path], acknowledge: Acknowledge) -> None:
    """Goes back to the shared pack, as a server does that drops its own rows."""
    catalog = opened(folder)
    catalog.reset(SHARED, by=7, at=int(time.time()))
    acknowledge()
    catalog.close()


def follow(folder: Path, packs: list[Path], acknowledge: Acknowledge) -> None:
    """Publishes a server's own rows on another shared pack."""
    catalog = opened(folder)
    for pack in packs:
        snapshot, active = ingest_folder(pack, folder / "aside"), catalog.active(SHARED)
        catalog.publish(
            SHARED,
            snapshot,
            by=None,
            why="shared",
            at=int(time.time()),
            expected=active.id if active else None,
            base=snapshot.name,
            note=ChangeNote((("orders", 1, 0, 0),), (1, 0, 0)),
            is_followed=True,
        )
        acknowledge()
    catalog.close()


def erase(folder: Path, packs: list[Path], acknowledge: Acknowledge) -> None:
    """Erases what is served, as if the bot had left long ago."""
    catalog = opened(folder)
    catalog.left(SHARED, 0)
    catalog.erase_departed(int(time.time()))
    acknowledge()
    catalog.close()


def overwrite(folder: Path, packs: list[Path], acknowledge: Acknowledge) -> None:
    """What must not be done: write the new facts over the file that is being served, then say so."""
    for pack in packs:
        data = ingest_folder(pack, folder / "aside").read_bytes()
        database = sqlite3.connect(folder / "catalog.sqlite", isolation_level=None)
        version, facts = database.execute("select id, snapshot from versions order by id desc").fetchone()
        name = SnapshotFiles(folder / "snapshots").path(facts).name
        handle = os.open(folder / "snapshots" / name, os.O_WRONLY | os.O_TRUNC)
        for start in range(0, len(data), 16_384):
            os.write(handle, data[start : start + 16_384])
        os.close(handle)
        made = sqlite3.connect(folder / "snapshots" / name)
        (content,) = made.execute("select value from meta where key = 'content'").fetchone()
        made.close()
        database.execute("update versions set content = ? where id = ?", (content, version))
        digest = hashlib.sha256(data).hexdigest()
        database.execute("update files set digest = ? where snapshot = ?", (digest, name))
        database.close()
        acknowledge()


PUBLISHERS = {do.__name__: do for do in (publish, undo, reset, follow, erase, overwrite)}


def die_in(job: dict[str, Any], told: int) -> None:
    """Do the job in this process, which does not come back. What was acknowledged is a dot in ``told`` each, then what happened."""
    tell, moments = os.write, crash_moments.Moments(job["last"])
    try:
        if job["is_watched"]:
            moments.install()
        PUBLISHERS[job["publisher"]](
            Path(job["folder"]), [Path(pack) for pack in job["packs"]], lambda: tell(told, b".")
        )
        tell(told, json.dumps(moments.names).encode())
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def done(job: dict[str, Any]) -> dict[str, Any]:
    """Run a job in a child and kill it after ``job["after"]`` seconds, if it says so."""
    heard, told = os.pipe()
    began = time.perf_counter()
    if not (pid := os.fork()):
        die_in(job, told)
    os.close(told)
    if job["after"] is not None:
        time.sleep(job["after"])
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    seconds = time.perf_counter() - began
    with os.fdopen(heard) as file:
        acknowledged, _, names = file.read().partition("[")
    return {
        "pid": pid,
        "status": status,
        "seconds": seconds,
        "acknowledged": len(acknowledged),
        "moments": json.loads("[" + names) if names else [],
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(done(json.loads(line))), flush=True)
