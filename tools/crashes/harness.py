"""Kill a publishing process, again and again, and look at what it left.

``python -m tools.crashes 500`` kills at 500 random moments and at every counted one.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from salesbot.facts import content_hash
from salesbot.packs.reading import read_pack
from salesbot.storage.catalog import SHARED, Catalog
from salesbot.storage.snapshot import BUILDING, Snapshot
from salesbot.storage.snapshot_files import TRASH, file_digest
from tests.small_packs import asking, pack_folder
from tools.crashes.child import opened, publish_next

OLD, CHAIN = 1, 3
AGAIN = OLD + CHAIN + 1
LONG_AGO = 1_700_000_000


@dataclass
class Report:
    """What was live after each kill: the version from before the run, or one that the run published.

    ``unheard`` of the new ones were committed but not yet acknowledged; ``steps`` counts runs by what they had acknowledged.
    """

    kills: int = 0
    ended: int = 0
    old: int = 0
    new: int = 0
    unheard: int = 0
    leftovers: int = 0
    steps: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        steps = ", ".join(f"{runs} after {n} steps" for n, runs in sorted(self.steps.items()))
        return (
            f"{self.kills} killed, {self.ended} ended first ({steps or 'none'}); then live: {self.old} old, {self.new} new "
            f"({self.unheard} not yet acknowledged); leftovers cleaned: {self.leftovers}; failures: {len(self.failures)}"
        )


@dataclass(frozen=True)
class Start:
    """What a run starts from: a data folder to copy, and what is live after each step, from before the first."""

    publisher: str
    folder: Path | None
    packs: tuple[Path, ...]
    live: tuple[int | None, ...]


ROOT = Path(__file__).parents[2]


class Harness:
    """Packs, whose number is the figure they hold, a process that forks publishers, and the checks."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        self._folder = workspace / "run"
        self.packs = [_pack(workspace / f"pack-{n}", n) for n in range(AGAIN + 1)]
        self.contents = {content_hash(read_pack(pack)): n for n, pack in enumerate(self.packs)}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tools.crashes.child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Harness:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.communicate()

    # what to start from

    def start(self, publisher: str, *, is_first: bool = False) -> Start:
        """A publisher's starting point: nothing at all, or one version live (and one before it, for what looks back)."""
        if is_first:
            return Start(publisher, None, (self.packs[OLD],), (None, OLD))
        folder = self.workspace / "start"
        if not folder.exists():
            catalog = opened(folder)
            for n in range(OLD + 1):
                publish_next(catalog, self.packs[n], folder)
            catalog.close()
        if publisher == "undo":
            return Start(publisher, folder, (), (OLD, OLD - 1))
        if publisher in ("erase", "reset"):
            return Start(publisher, folder, (), (OLD, None))
        return Start(publisher, folder, (self.packs[OLD + 1],), (OLD, OLD + 1))

    def chain(self) -> Start:
        """Several publications one after the other."""
        last = OLD + CHAIN
        return Start(
            "publish", self.start("publish").folder, tuple(self.packs[OLD + 1 : last + 1]), tuple(range(OLD, last + 1))
        )

    # runs

    def at_random(self, start: Start, kills: int, seed: int) -> Report:
        """Kill at random moments of a run, as fractions of what an undisturbed one took; runs that end first are made up for."""
        dice, report = random.Random(seed), Report()
        seconds = sorted(self._run(start, report)["seconds"] for _ in range(5))[2]
        report = Report(failures=report.failures)
        while report.kills < kills and report.ended < 4 * kills:  # on a machine that became that much faster, enough
            self._run(start, report, after=dice.random() * seconds)
        return report

    def at_every_moment(self, start: Start) -> Report:
        """Kill at every counted moment of a run."""
        report = Report()
        for last in range(1, len(self.moments(start)) + 1):
            self._run(start, report, last=last)
        return report

    def at_every_cut(self, start: Start, every: int = 512) -> Report:
        """What a power cut may leave of the log that SQLite writes ahead: cut it at every so many bytes."""
        report, killed = Report(), self.workspace / "killed"
        names = self.moments(start)
        self._done(self._job(start, killed, last=len(names) - names[::-1].index("after commit")))
        log = (killed / "catalog.sqlite-wal").read_bytes()
        for length in [*range(0, len(log), every), len(log)]:
            shutil.copytree(killed, self._folder)
            (self._folder / "catalog.sqlite-shm").unlink()
            (self._folder / "catalog.sqlite-wal").write_bytes(log[:length])
            self._judge(start, 0, report, f"log cut at {length}")
        shutil.rmtree(killed)
        return report

    def moments(self, start: Start) -> list[str]:
        """The counted moments of an undisturbed run, which must leave what it should."""
        report = Report()
        done = self._run(start, report, last=0)
        if report.failures or done["status"]:
            raise AssertionError("\n".join(report.failures))
        names: list[str] = done["moments"]
        return names

    def _run(
        self, start: Start, report: Report, *, last: int | None = None, after: float | None = None
    ) -> dict[str, Any]:
        done = self._done(self._job(start, self._folder, last=last, after=after))
        report.kills += done["status"] == -signal.SIGKILL
        report.ended += done["status"] == 0
        report.steps[done["acknowledged"]] += 1
        where = f"{start.publisher}, killed at {f'moment {last}' if last else f'{after} s'} after {done['acknowledged']} steps"
        if done["status"] not in (0, -signal.SIGKILL):
            report.failures.append(f"{where}: the publisher failed by itself")
        self._judge(start, done["acknowledged"], report, where)
        return done

    def _judge(self, start: Start, acknowledged: int, report: Report, where: str) -> None:
        try:
            self._look(self._folder, start.live, acknowledged, report)
        except Exception as error:
            report.failures.append(f"{where}: {type(error).__name__}: {error}")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _job(
        self, start: Start, folder: Path, *, last: int | None = None, after: float | None = None
    ) -> dict[str, Any]:
        if start.folder and not folder.exists():
            shutil.copytree(start.folder, folder)
        return {
            "publisher": start.publisher,
            "folder": str(folder),
            "packs": [str(pack) for pack in start.packs],
            "last": last,
            "after": after,
            "is_watched": last is not None,
        }

    def _done(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self._server.stdin and self._server.stdout
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        done: dict[str, Any] = json.loads(self._server.stdout.readline())
        return done

    # checks; whatever is wrong is raised

    def _look(self, folder: Path, live: Sequence[int | None], acknowledged: int, report: Report) -> None:
        before = set(_files(folder))
        if (folder / "catalog.sqlite").exists():
            _must(_integrity(folder / "catalog.sqlite") == "ok", "the catalog is damaged")
        catalog = opened(folder)
        try:
            found = self._served(catalog)
            step = next(
                (step for step in (acknowledged, acknowledged + 1) if step < len(live) and live[step] == found), None
            )
            _must(step is not None, f"version {found} is live, which is neither the old nor the new one")
            _clean(catalog, folder)
            self._publish_again(catalog, folder, found)
            _clean(catalog, folder)
            report.leftovers += len(before - set(_files(folder)))
            report.old += step == 0
            report.new += step != 0
            report.unheard += step != acknowledged
        finally:
            catalog.close()

    def _served(self, catalog: Catalog) -> int | None:
        """The number of the pack that is live, by content, by answer and by what the catalog says."""
        active = catalog.active(SHARED)
        if active is None or active.published is None:
            return None
        path = catalog.snapshot_path(active.published)
        _must(_integrity(path) == "ok", "the snapshot is damaged")
        _must(catalog.digest(path.name) == file_digest(path), "the snapshot is not the file that the catalog recorded")
        snapshot = Snapshot(path)
        try:
            content = content_hash(snapshot.facts())
            _must(content == active.published.content, "the snapshot holds other facts than the catalog says")
            figure = asking(snapshot)("/orders total launch:one").figures[0]
            _must(figure.quantity.low == figure.quantity.high == self.contents[content], "the answer is wrong")
            return self.contents[content]
        finally:
            snapshot.close()

    def _publish_again(self, catalog: Catalog, folder: Path, found: int | None) -> None:
        publish_next(catalog, self.packs[AGAIN], folder)
        _must(self._served(catalog) == AGAIN, "publishing again did not work")
        if found is not None:
            catalog.undo(SHARED, by=7, at=LONG_AGO)
            _must(self._served(catalog) == found, "undo did not lead back")


def _pack(folder: Path, n: int) -> Path:
    return pack_folder(
        folder, orders=f"id,launch,metric,low,high,period_to\na,one,orders,{n},{n},2024-03-29T22:00+08:00"
    )


def _integrity(path: Path) -> str:
    database = sqlite3.connect(path)
    try:
        return str(database.execute("pragma integrity_check").fetchone()[0])
    finally:
        database.close()


def _clean(catalog: Catalog, folder: Path) -> None:
    """Opening has removed what the dead builder left; what nothing names goes to the trash, and from there in time.

    Where the catalog names nothing at all, everything stays.
    """
    snapshots = folder / "snapshots"
    _must(not list(snapshots.glob(f"{BUILDING}*")), "a leftover was not cleaned")
    before = _age(snapshots)
    catalog.clean()
    named = {catalog.snapshot_path(published).name for published in catalog.versions(SHARED)}
    _must(named <= before, "a snapshot that the catalog names is gone")
    trashed = {f"unnamed-{name}" for name in before - named} if named else set()
    _must(_names(snapshots) == (named or before), "the snapshots are not those that the catalog names")
    _must(_names(snapshots / TRASH) >= trashed, "a snapshot that nothing names is not in the trash")
    _age(snapshots / TRASH)
    catalog.clean()
    _must(not _names(snapshots / TRASH), "the trash was not emptied")


def _age(folder: Path) -> set[str]:
    """Make each file of a folder old; their names."""
    names = _names(folder)
    for name in names:
        os.utime(folder / name, (LONG_AGO, LONG_AGO))
    return names


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*") if path.is_file()}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-wal", "-shm")))


def _must(is_so: bool, fault: str) -> None:
    if not is_so:
        raise AssertionError(fault)


def main(kills: int) -> None:
    """Print what random kills and those at every moment left."""
    with tempfile.TemporaryDirectory() as workspace, Harness(Path(workspace)) as harness:
        told = {f"{kills} random moments of {CHAIN} publications": harness.at_random(harness.chain(), kills, seed=0)}
        told["every moment of the first publication"] = harness.at_every_moment(harness.start("publish", is_first=True))
        for publisher in ("publish", "undo", "erase"):
            told[f"every moment of {publisher}"] = harness.at_every_moment(harness.start(publisher))
        told["the log cut at every 512 bytes"] = harness.at_every_cut(harness.start("publish"))
        told["every moment of writing in place, which must fail"] = harness.at_every_moment(harness.start("overwrite"))
    for name, report in told.items():
        print(f"{name}:\n  {report}", *report.failures[:3], sep="\n    ")
