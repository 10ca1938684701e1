"""Facts of a few rows, opened to be asked."""

import pytest

from salesbot.packs.reading import read_pack
from salesbot.storage.snapshot_writer import open_facts
from tests.small_packs import asking, pack_folder


@pytest.fixture
def ask(tmp_path):
    """What opens the tables of a small pack, and gives what asks it a slash line."""
    opened = []

    def of(**tables):
        snapshot = open_facts(read_pack(pack_folder(tmp_path / f"pack{len(opened)}", **tables)), tmp_path / "snapshots")
        opened.append(snapshot)
        return asking(snapshot)

    yield of
    for snapshot in opened:
        snapshot.close()
