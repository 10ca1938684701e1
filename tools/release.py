"""A release: what the changelog has as unreleased becomes its section, and the commit is tagged.

python -m tools.release VERSION

The version of wheel and sdist is that of the tag. Nothing is pushed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNRELEASED = "## Unreleased\n"
VERSION = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?")


def released(changelog: str, version: str, day: str) -> str:
    """A changelog whose unreleased part is a version's. Raises ``ValueError`` where there is none, or it is empty."""
    head, found, rest = changelog.partition(UNRELEASED)
    own = rest.partition("\n## ")[0].strip()
    if not found or not own:
        raise ValueError("CHANGELOG.md has nothing under ## Unreleased")
    if f"## {version} " in changelog:
        raise ValueError(f"CHANGELOG.md has a section for {version} already")
    return f"{head}{UNRELEASED}\n## {version} ({day})\n{rest}"


def main(version: str, root: Path = ROOT) -> str:
    """Make a release; returns what to do next. Raises ``ValueError`` where something is in the way."""
    if not VERSION.fullmatch(version):
        raise ValueError(f"{version!r} is no version such as 1.2.3 or 1.2.3rc1")
    if _git(root, "status", "--porcelain").strip():
        raise ValueError("commit or drop your changes first")
    if _git(root, "tag", "--list", f"v{version}").strip():
        raise ValueError(f"v{version} is tagged already")
    path = root / "CHANGELOG.md"
    path.write_text(released(path.read_text(), version, datetime.now(UTC).date().isoformat()))
    _git(root, "commit", "--quiet", "-am", f"Release {version}")
    _git(root, "tag", "--annotate", f"v{version}", "-m", f"salesbot {version}")
    return f"v{version} is tagged. `make dist` builds and tries it; then push main and the tag."


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise ValueError(done.stderr.strip())
    return done.stdout


if __name__ == "__main__":
    try:
        print(main(sys.argv[1] if len(sys.argv) > 1 else ""))
    except ValueError as error:
        sys.exit(str(error))
