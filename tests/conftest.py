"""Fixtures: the seed pack's snapshot, and a way to ask it in the users' own notation."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from salesbot.packs.reading import read_pack
from salesbot.settings import seed_pack
from salesbot.storage.snapshot import Snapshot
from salesbot.storage.snapshot_writer import open_facts
from tests.postgres import Server, programs
from tests.small_packs import Ask, asking, pack_folder

settings.register_profile("salesbot", deadline=None)  # no test depends on the machine's speed
settings.load_profile("salesbot")


@pytest.fixture(scope="session")
def seed_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return open_facts(read_pack(seed_pack()), tmp_path_factory.mktemp("snapshots"))


@pytest.fixture(scope="session")
def seeds(seed_snapshot: Snapshot) -> Ask:
    """Ask the seed pack a slash line."""
    return asking(seed_snapshot)


@pytest.fixture
def facts(tmp_path: Path) -> Callable[..., Ask]:
    """Ask a small pack written in the test: ``facts(orders="id,launch,… \\n …")``."""

    def of(**tables: str) -> Ask:
        return asking(open_facts(read_pack(pack_folder(tmp_path / "pack", **tables)), tmp_path / "snapshots"))

    return of


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; a test that needs one is skipped without, but not in CI."""
    bin = programs()
    if bin is None:
        if os.environ.get("SALESBOT_TEST_POSTGRES") == "needed":
            pytest.fail("PostgreSQL 15 or newer is needed: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = Server(bin)
    yield server
    server.remove()
