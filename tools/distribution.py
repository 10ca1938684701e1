"""The wheel and the sdist: built, installed into a new environment by pinned hashes, and asked.

python -m tools.distribution [FOLDER]

The wheel is built of the sdist, so both are whole; they are left in FOLDER (``dist``).
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]
LINE, ANSWER = "/orders total launch:su7 within:24h metric:orders", "88,898"
QUESTION = "how many SU7 orders in the first 24 hours?"


def build(folder: Path) -> tuple[Path, Path]:
    """Build the sdist of the checkout, and the wheel of the sdist; returns the wheel and the sdist."""
    _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder), cwd=ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as aside:
        with tarfile.open(sdist) as archive:
            archive.extractall(aside, filter="data")
        (unpacked,) = Path(aside).iterdir()
        _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=unpacked)
    (wheel,) = folder.glob("*.whl")
    return wheel, sdist


def try_out(wheel: Path, folder: Path) -> str:
    """Install a wheel into a new environment, ask it, and return the version that it says."""
    venv.create(folder, with_pip=True)
    python, salesbot = str(folder / "bin" / "python"), str(folder / "bin" / "salesbot")
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt"))
    _run(*pip, "--no-deps", str(wheel))
    _run(python, "-m", "pip", "check")
    for question in (LINE, QUESTION):
        said = _run(salesbot, question, cwd=folder)
        if ANSWER not in said:
            raise SystemExit(f"{question} is answered by {said}")
    _run(python, "-c", "import bot.running, bot.interactions_over_http, salesbot.serving.shared_packs", cwd=folder)
    return _run(salesbot, "--version", cwd=folder).split()[-1]


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def main(folder: Path) -> None:
    """Build both, try the wheel, and print what was made."""
    folder.mkdir(exist_ok=True)
    for old in (*folder.glob("*.whl"), *folder.glob("*.tar.gz")):
        old.unlink()
    wheel, sdist = build(folder)
    names = ZipFile(wheel).namelist()
    for part in ("salesbot/seeds/orders.csv", "salesbot/asking/lexicon/chinese.txt", "bot/running.py"):
        if part not in names:
            raise SystemExit(f"{part} is not in {wheel.name}")
    with tempfile.TemporaryDirectory() as aside:
        version = try_out(wheel, Path(aside))
    if f"-{version}-" not in wheel.name:
        raise SystemExit(f"{wheel.name} says that it is {version}")
    for path in (wheel, sdist):
        print(f"{path.name}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist")
