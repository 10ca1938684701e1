"""docs/threats.md names tests that exist."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "threats.md"


def named() -> list[tuple[str, str]]:
    found, file = [], ""
    for path, test in re.findall(r"`([\w/]*(?:\.py)?)::(test_\w+)`", PAGE.read_text("utf-8")):
        file = path or file
        found.append((file, test))
    return found


def test_every_threat_is_held_by_a_test_that_exists():
    assert len(named()) > 50
    missing = [f"{file}::{test}" for file, test in named() if f"def {test}(" not in (TESTS / file).read_text("utf-8")]
    assert missing == []
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ") and "---" not in line]
    assert [row for row in rows if "::test_" not in row and "held by" not in row] == []
