"""The sessions kept for the next process: never past an interaction without an answer."""

import pytest

from bot.discord_io import sessions as module
from bot.discord_io.sessions import KeptSession, Sessions

CLIENT, ADDRESS = "1 1 1", "wss://gateway-us-east1-b.discord.gg/"


@pytest.fixture
def quick(monkeypatch):
    """What is noted is written when the file is closed."""
    monkeypatch.setattr(module, "SECONDS_BEHIND", 3600.0)


def begun(path, shard=0):
    sessions = Sessions(path)
    sessions.begin(shard, CLIENT, KeptSession("abc", ADDRESS, 1))
    return sessions


def kept(path, shard=0, client=CLIENT):
    """What the next process finds."""
    sessions = Sessions(path)
    try:
        return sessions.of(shard, client)
    finally:
        sessions.close()


async def test_a_session_goes_on_after_its_last_event(tmp_path, quick):
    sessions = begun(tmp_path / "s")
    for number in (2, 3):
        sessions.receive(0, number)
    sessions.close()
    assert kept(tmp_path / "s") == KeptSession("abc", ADDRESS, 3)
    assert kept(tmp_path / "s", client="1 2 1") is None and kept(tmp_path / "s", shard=1) is None


@pytest.mark.parametrize("is_deferred", [False, True])
async def test_it_goes_on_before_the_oldest_interaction_without_an_answer(tmp_path, quick, is_deferred):
    sessions = begun(tmp_path / "s")
    for number, token in ((2, "x"), (3, "y"), (4, "z")):
        sessions.arrive(token)
        sessions.receive(0, number)
    sessions.answer("x")
    if is_deferred:
        sessions.defer("y")
    sessions.answer("z")
    sessions.close()
    assert kept(tmp_path / "s").sequence == 2


@pytest.mark.parametrize(("is_deferred", "seconds", "sequence"), [(False, 11, 3), (True, 11, 1), (True, 901, 3)])
async def test_an_interaction_that_can_have_no_answer_any_more_is_not_waited_for(
    tmp_path, quick, monkeypatch, is_deferred, seconds, sequence
):
    sessions = begun(tmp_path / "s")
    sessions.arrive("x")
    sessions.receive(0, 2)
    if is_deferred:
        sessions.defer("x")
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + seconds)
    sessions.receive(0, 3)
    sessions.close()
    assert kept(tmp_path / "s").sequence == sequence


async def test_each_shard_has_its_own(tmp_path, quick):
    sessions = begun(tmp_path / "s")
    sessions.begin(1, CLIENT, KeptSession("def", ADDRESS, 7))
    sessions.arrive("x")
    sessions.receive(1, 8)
    sessions.receive(0, 2)
    sessions.forget(0)
    sessions.close()
    assert kept(tmp_path / "s", 0) is None and kept(tmp_path / "s", 1).sequence == 7


async def test_a_process_that_is_killed_has_stored_it(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_BEHIND", 0.0)
    sessions = begun(tmp_path / "s")
    sessions.receive(0, 9)
    await module.asyncio.sleep(0.05)
    assert kept(tmp_path / "s").sequence == 9
    sessions.close()


async def test_a_disk_that_takes_nothing_is_tried_again_later(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_BEHIND", 0.0)
    monkeypatch.setattr(module, "SECONDS_REFUSED", 0.01)
    sessions, tries = begun(tmp_path / "s"), []
    write = sessions._database.write

    def refuse_twice(query, values=()):
        tries.append(query)
        if len(tries) < 3:
            raise module.Refused("files_busy")
        write(query, values)

    monkeypatch.setattr(sessions._database, "write", refuse_twice)
    sessions.receive(0, 9)
    await module.asyncio.sleep(0.2)
    sessions.close()
    assert (kept(tmp_path / "s").sequence, len(tries)) == (9, 3)
