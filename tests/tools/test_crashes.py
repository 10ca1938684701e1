"""Killed at any moment, a publisher leaves the old version or the new one, and nothing else."""

from collections.abc import Iterator

import pytest

from tools.crashes.harness import Harness


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with Harness(tmp_path_factory.mktemp("crash")) as harness:
        yield harness


@pytest.mark.parametrize("publisher", ["publish", "follow", "undo", "reset", "erase"])
def test_a_kill_at_any_counted_moment_leaves_old_or_new(harness, publisher):
    report = harness.at_every_moment(harness.start(publisher))
    assert report.failures == []
    assert report.ended == 0
    assert report.old > 5 and report.new > 0


def test_a_kill_during_the_first_publication_of_all_leaves_nothing_or_it(harness):
    report = harness.at_every_moment(harness.start("publish", is_first=True))
    assert report.failures == []
    assert report.old > 50 and report.new > 0 and report.leftovers > 0


def test_a_kill_at_a_random_moment_leaves_old_or_new(harness):
    report = harness.at_random(harness.chain(), 25, seed=1)
    assert report.failures == []
    assert report.old + report.new == report.kills + report.ended >= 25


def test_a_log_that_ends_anywhere_leaves_old_or_new(harness):
    report = harness.at_every_cut(harness.start("publish"), every=1024)
    assert report.failures == []
    assert report.old > 5 and report.new == 1


def test_a_snapshot_is_synced_then_renamed_then_its_folder_synced_then_named(harness):
    moments = harness.moments(harness.start("publish"))
    order = [
        "after close",
        "after fsync .building",
        "before replace .building",
        "after fsync snapshots",
        "before insert into versions",
        "before commit",
    ]
    at = -1
    for name in order:
        at = next(place for place, moment in enumerate(moments) if place > at and moment.startswith(name))


def test_the_harness_catches_a_publisher_that_writes_in_place(harness):
    start = harness.start("overwrite")
    assert "after write" in " ".join(harness.moments(start))  # left alone it ends well
    report = harness.at_every_moment(start)
    assert len(report.failures) > 5
