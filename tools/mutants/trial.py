"""One mutant after the other in a copy of the checkout, and whether the tests notice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import cache_from_source
from pathlib import Path

from tools.mutants.mutations import Mutant

ROOT = Path(__file__).resolve().parents[2]
FILES = ("src", "bot", "tests", "tools", "seeds", "playground", "benchmarks", "docs", "pyproject.toml", "README.md")
TESTS = (
    "tests/values",
    "tests/facts",
    "tests/questions",
    "tests/query",
    "tests/words",
    "tests/packs/test_cells.py",
    "tests/packs/test_folder.py",
    "tests/packs/test_uploads.py",
    "tests/storage/test_difference.py",
    "tests/storage/test_snapshot.py",
    "tests/storage/test_snapshot_writer.py",
)
PYTEST = (
    "-m",
    "pytest",
    "-x",
    "-q",
    "-n0",
    "-p",
    "no:cacheprovider",
    "-p",
    "tools.mutants.quick",
    "--hypothesis-seed=0",
)


class Broken(Exception):
    """The tests fail without any mutant, or test other code than the copy's."""


class Copy:
    """A copy of the checkout whose tests import the copy's own code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds = 0.0

    @classmethod
    def of_checkout(cls, folder: Path) -> Copy:
        """A copy whose tests pass, with all its bytecode. Raises ``Broken`` if they do not."""
        folder.mkdir(parents=True)
        for name in FILES:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "tmp*"))
            else:
                shutil.copy2(source, folder / name)
        copy = cls(folder)
        began = time.monotonic()
        copy._check_import()
        if (output := copy._failure(list(TESTS), 900, writes_bytecode=True)) is not None:
            raise Broken(output)
        copy.seconds = time.monotonic() - began
        return copy

    def twin(self, folder: Path) -> Copy:
        """Another copy, to test a second mutant at the same time."""
        shutil.copytree(self.folder, folder)
        copy = Copy(folder)
        copy.seconds = self.seconds
        copy._check_import()
        return copy

    def kills(self, mutant: Mutant) -> bool:
        """Whether a test fails, or takes much too long, with the mutant in place."""
        file = self.folder / mutant.path
        cached = Path(cache_from_source(str(file)))
        cached.unlink(missing_ok=True)  # or a mutant of equal size could hide behind it
        file.write_text(mutant.text, encoding="utf-8")
        try:
            return self._failure(_nearest_first(mutant.path), 30 + 2 * self.seconds) is not None
        finally:
            file.write_text(mutant.original, encoding="utf-8")

    def _check_import(self) -> None:
        found = self._run(["-c", "import salesbot; print(salesbot.__file__)"], 60).strip()
        if not Path(found).is_relative_to(self.folder):
            raise Broken(f"the copy imports {found}")

    def _failure(self, tests: list[str], seconds: float, *, writes_bytecode: bool = False) -> str | None:
        shutil.rmtree(self.folder / ".hypothesis", ignore_errors=True)  # no example of an earlier mutant
        there = [path for path in tests if (self.folder / path).exists()]
        try:
            self._run([*PYTEST, *there], seconds, writes_bytecode=writes_bytecode)
        except subprocess.CalledProcessError as error:
            return str(error.output)
        except subprocess.TimeoutExpired:
            return f"no end within {seconds:.0f} s"
        return None

    def _run(self, arguments: list[str], seconds: float, *, writes_bytecode: bool = False) -> str:
        environment = os.environ | {"PYTHONPATH": f"{self.folder / 'src'}:{self.folder}", "PYTHONHASHSEED": "0"}
        if not writes_bytecode:
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, arguments, output)
        return output


def _nearest_first(path: str) -> list[str]:
    """The tests, those of the mutated room first."""
    rooms = Path(path).parts
    return sorted(TESTS, key=lambda tests: Path(tests).parts[1] not in rooms)
