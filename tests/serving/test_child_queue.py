"""Heavy work waits in one fair queue: two processes at once, servers in turn, each bounded."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from functools import partial

import pytest

from salesbot.errors import QuestionError, Refused
from salesbot.serving import child_processes
from salesbot.serving.child import MEGABYTES
from salesbot.serving.child_processes import CHILDREN, WAITING_A_SERVER, ChildQueue, Place
from tests.small_packs import text_of_error


class StandIn:
    """A child process that ends when the test says so."""

    def __init__(self) -> None:
        self.name, self.was_killed = "", False
        self.end: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def run(self, work: partial[str], seconds: float, *, is_last: bool) -> str:
        self.name = work.args[0]
        return await self.end

    def kill(self) -> None:
        self.was_killed = True


class Children:
    """The children that were started, in their order, and how many ran at once."""

    def __init__(self) -> None:
        self.started: list[StandIn] = []
        self.most = 0

    def start(self, *options: str) -> StandIn:
        assert options == ("limited",)
        child = StandIn()
        self.started.append(child)
        self.most = max(self.most, len(self.running))
        return child

    @property
    def running(self) -> list[StandIn]:
        return [child for child in self.started if not child.end.done()]

    async def end(self, child: StandIn) -> None:
        before = len(self.started)
        child.end.set_result(child.name)
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(self.started) <= before + 1


@pytest.fixture
def children(monkeypatch) -> Children:
    found = Children()
    monkeypatch.setattr(child_processes, "_Child", found.start)
    return found


async def queued(queue: ChildQueue, *names: str) -> tuple[list[asyncio.Task[str]], list[Place]]:
    """Hand in work named by its server and a number, as ``a1``."""
    places = [Place() for _ in names]
    tasks = [
        asyncio.ensure_future(queue.run(name[0], place, str, name)) for name, place in zip(names, places, strict=True)
    ]
    for _ in range(20):
        await asyncio.sleep(0)
    return tasks, places


async def test_sixty_exports_are_two_processes_at_once(children):
    queue = ChildQueue()
    tasks, _ = await queued(queue, *(f"{server}{number}" for server in "abcdefghij" for number in range(6)))
    while children.running:
        await children.end(children.running[0])
    assert sorted(await asyncio.gather(*tasks)) == sorted(child.name for child in children.started)
    assert (len(children.started), children.most) == (60, CHILDREN)


async def test_servers_take_turns_and_each_is_told_its_place(children):
    queue = ChildQueue()
    tasks, places = await queued(queue, "a1", "a2", "a3", "a4", "a5", "b1", "b2", "c1")
    assert [place.before for place in places] == [0, 0, 2, 5, 7, 3, 6, 4]
    while children.running:
        await children.end(children.running[0])
    assert [child.name for child in children.started] == ["a1", "a2", "a3", "b1", "c1", "a4", "b2", "a5"]
    await asyncio.gather(*tasks)
    assert [place.before for place in places] == [0] * 8


async def test_a_place_counts_down(children):
    queue = ChildQueue()
    tasks, places = await queued(queue, "a1", "a2", "b1", "b2")
    seen = []
    while children.running:
        seen.append(places[-1].before)
        await children.end(children.running[0])
    await asyncio.gather(*tasks)
    assert seen == [3, 2, 0, 0]


async def test_who_waits_with_too_much_is_refused_and_others_are_not(children):
    queue = ChildQueue()
    tasks, _ = await queued(queue, *(f"a{number}" for number in range(CHILDREN + WAITING_A_SERVER)))
    with pytest.raises(Refused) as refused:
        await queue.run("a", Place(), str, "one more")
    assert f"{WAITING_A_SERVER} uploads or exports of this server wait" in text_of_error(refused.value)
    more, _ = await queued(queue, "b1")
    while children.running:
        await children.end(children.running[0])
    await asyncio.gather(*tasks, *more)
    assert "b1" in [child.name for child in children.started]


async def test_who_gives_up_leaves_no_hole_in_the_queue(children):
    queue = ChildQueue()
    tasks, _ = await queued(queue, "a1", "a2", "b1", "c1", "d1")
    tasks[2].cancel()
    tasks[0].cancel()
    for _ in range(20):
        await asyncio.sleep(0)
    assert children.started[0].was_killed
    assert [child.name for child in children.started] == ["a1", "a2", "c1"]
    children.started[0].end.cancel()
    while children.running:
        await children.end(children.running[0])
    told = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(one) for one in told[1::2]] == ["a2", "c1"] and told[4] == "d1"
    assert queue._taken == 0


async def test_a_child_that_stalls_is_ended_by_wall_time(monkeypatch, tmp_path):
    monkeypatch.setattr(child_processes, "WALL_SECONDS", 0.5)
    queue, ended = ChildQueue(), []
    kill = child_processes._Child.kill
    monkeypatch.setattr(child_processes._Child, "kill", lambda child: (ended.append(child._process), kill(child))[1])
    with pytest.raises(QuestionError) as told:
        await queue.run("a", Place(), time.sleep, 10_000)
    assert told.value.message.key == "child_limit"
    async with asyncio.timeout(60):
        while ended[0].returncode is None:  # noqa: ASYNC110 - the queue waits for it as well; one is told first
            await asyncio.sleep(0.01)
    assert ended[0].returncode == -signal.SIGKILL
    assert queue._taken == 0 and not queue._running


async def test_a_child_that_takes_too_much_memory_is_ended_and_the_next_has_its_turn():
    queue = ChildQueue()
    with pytest.raises(QuestionError) as told:
        await queue.run("a", Place(), partial(bytearray, (MEGABYTES + 1) << 20))
    assert told.value.message.key == "child_limit"
    assert await queue.run("a", Place(), os.getpid) != os.getpid()


async def test_closing_ends_what_runs():
    queue = ChildQueue()
    running = asyncio.ensure_future(queue.run("a", Place(), time.sleep, 10_000))
    while not queue._running:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    queue.close()
    with pytest.raises(QuestionError):
        await running
