"""Packs for measuring: of any size, and with the figures of the launch that is asked about all a little higher."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.loopback_discord.driver import REPOSITORY

SMALL = 110
ASKED_ABOUT = "probe-"
RAISED = ("orders", "prices", "stores")


def pack_of(folder: Path, facts: int) -> Path:
    """A pack of so many facts in ``folder``, made by ``benchmarks.big_pack`` in a process of its own."""
    maker = [sys.executable, "-m", "benchmarks.big_pack", str(folder), str(facts)]
    path = os.pathsep.join(map(str, (REPOSITORY, REPOSITORY / "src")))
    subprocess.run(maker, check=True, env={**os.environ, "PYTHONPATH": path})
    return folder


def raised(pack: Path, folder: Path, by: int) -> Path:
    """A copy of a pack in which every whole number of the launch that is asked about is higher by ``by``."""
    shutil.copytree(pack, folder)
    for table in RAISED:
        path = folder / f"{table}.csv"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        columns = lines[0].rstrip("\n").split(",")
        places = [columns.index(name) for name in ("low", "high")]
        path.write_text("".join(_raised(lines, places, by)), "utf-8", newline="")
    return folder


def _raised(lines: Iterable[str], places: Iterable[int], by: int) -> Iterable[str]:
    for line in lines:
        if not line.startswith(ASKED_ABOUT):
            yield line
            continue
        [cells] = csv.reader([line])
        for place in places:
            cells[place] = str(int(cells[place]) + by) if cells[place].isdigit() else cells[place]
        row = io.StringIO()
        csv.writer(row, lineterminator="\n").writerow(cells)
        yield row.getvalue()


def put_in_place(pack: Path, folder: Path) -> None:
    """Let ``folder`` hold what ``pack`` holds, as an operator would who replaces it."""
    old = folder.with_name(folder.name + ".old")
    folder.rename(old)
    shutil.copytree(pack, folder)
    shutil.rmtree(old)
