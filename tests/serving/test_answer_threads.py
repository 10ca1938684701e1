"""Questions in threads: one server's heavy questions take neither the threads nor the time of another."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from salesbot.deadline import check_deadline
from salesbot.errors import QuestionError
from salesbot.serving import answer_threads
from salesbot.serving.answer_threads import THREADS, THREADS_A_SERVER, WAITING_A_SERVER, AnswerThreads
from salesbot.storage.lru_cache import Cache, LruCache
from tests.small_packs import text_of_error

LONG = 1000.0  # seconds: a deadline that no test reaches


class Gates:
    """Questions that wait until they are let go, and the order in which they began."""

    def __init__(self) -> None:
        self._gates: dict[str, threading.Event] = {}
        self.began: list[str] = []

    def question(self, name: str):
        gate = self._gates.setdefault(name, threading.Event())

        def make() -> str:
            self.began.append(name)
            gate.wait()
            return name

        return make

    def open(self, name: str) -> None:
        self._gates[name].set()

    def open_all(self) -> None:
        for gate in self._gates.values():
            gate.set()


@contextmanager
def gates() -> Iterator[Gates]:
    found = Gates()
    try:
        yield found
    finally:
        found.open_all()


async def settled(found: Gates, count: int) -> None:
    """Until so many questions began."""
    while len(found.began) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.001)


async def asks(threads: AnswerThreads, found: Gates, server: str, count: int) -> list[asyncio.Task[str]]:
    """Ask ``count`` different questions of a server at once."""
    names = [f"{server}{number}" for number in range(count)]
    tasks = [asyncio.ensure_future(threads.run(server, name, found.question(name))) for name in names]
    await asyncio.sleep(0)  # each has been handed in
    return tasks


async def test_a_question_that_takes_too_long_is_answered_honestly_and_its_deadline_reaches_its_work(monkeypatch):
    monkeypatch.setattr(answer_threads, "GRACE", LONG)
    seen: list[str] = []

    def heavy() -> None:
        try:
            while True:
                check_deadline()
        except QuestionError as error:
            seen.append(error.message.key)
            raise

    with pytest.raises(QuestionError) as slow:
        await AnswerThreads(0.01).run("a", "heavy", heavy)
    assert seen == ["question_too_slow"]
    assert "takes too long" in text_of_error(slow.value) and "fewer days" in text_of_error(slow.value)


async def test_a_question_that_never_looks_at_its_deadline_is_answered_all_the_same(monkeypatch):
    monkeypatch.setattr(answer_threads, "GRACE", 0.01)
    with gates() as found, pytest.raises(QuestionError) as slow:
        await AnswerThreads(0.01).run("a", "stuck", found.question("stuck"))
    assert slow.value.message.key == "question_too_slow"


async def test_what_waited_past_its_deadline_is_not_begun(monkeypatch):
    now = 100.0
    monkeypatch.setattr(answer_threads, "time", SimpleNamespace(monotonic=lambda: now))
    threads = AnswerThreads(LONG)
    with gates() as found:
        tasks = await asks(threads, found, "a", THREADS_A_SERVER + 1)
        await settled(found, THREADS_A_SERVER)
        now += LONG + 1
        found.open_all()
        told = await asyncio.gather(*tasks, return_exceptions=True)
    assert told[:THREADS_A_SERVER] == ["a0", "a1"] and len(found.began) == THREADS_A_SERVER
    assert isinstance(told[-1], QuestionError) and told[-1].message.key == "server_busy"


def cached(threads, server, cache, key, make):
    """What a question is answered with, once for all who ask it."""
    return threads.run(server, (cache.prefix, key), lambda: cache.get_or_make(key, make))


async def test_a_question_is_worked_out_once_however_many_ask_it():
    threads, cache, made = AnswerThreads(LONG), Cache(LruCache(1 << 20), "facts"), []

    def make() -> str:
        made.append(threading.current_thread().name)
        return "answer"

    told = await asyncio.gather(*(cached(threads, f"server {n}", cache, "question", make) for n in range(60)))
    assert told == ["answer"] * 60
    assert len(made) == 1 and made[0] != threading.main_thread().name
    assert await cached(threads, "later", cache, "question", make) == "answer"
    assert len(made) == 1


async def test_an_asker_who_leaves_takes_nothing_from_the_others():
    threads = AnswerThreads(LONG)
    with gates() as found:
        first, second = (asyncio.ensure_future(threads.run("a", "key", found.question("key"))) for _ in range(2))
        await settled(found, 1)
        first.cancel()
        found.open_all()
        assert await second == "key"
    assert found.began == ["key"]


async def test_an_error_goes_to_every_asker_and_is_not_remembered():
    threads, cache, made = AnswerThreads(LONG), Cache(LruCache(1 << 20), "facts"), []

    def make() -> str:
        made.append(1)
        raise QuestionError("too_many_facts")

    for _ in range(2):
        told = await asyncio.gather(*(cached(threads, "a", cache, "q", make) for _ in range(5)), return_exceptions=True)
        assert [error.message.key for error in told] == ["too_many_facts"] * 5
    assert len(made) == 2


async def test_a_server_has_two_threads_at_most_and_the_others_are_free_for_the_rest():
    threads = AnswerThreads(LONG)
    with gates() as found:
        tasks = await asks(threads, found, "a", 50)
        await settled(found, THREADS_A_SERVER)
        for server in "bcd":
            tasks += await asks(threads, found, server, 50)
        await settled(found, THREADS)
        await asyncio.sleep(0.05)  # nothing more begins
        assert sorted(name[0] for name in found.began) == ["a", "a", "b", "b", "c", "c", "d", "d"]
        found.open_all()
        assert len(await asyncio.gather(*tasks)) == 200
    assert threading.active_count() < 200


async def test_a_server_that_asks_two_hundred_things_does_not_make_another_wait_for_them():
    threads = AnswerThreads(LONG)
    with gates() as found:
        tasks = await asks(threads, found, "a", 100)
        await settled(found, THREADS_A_SERVER)
        other = asyncio.ensure_future(threads.run("b", "b", lambda: "b"))
        assert await other == "b"
        assert len(found.began) == THREADS_A_SERVER
        found.open_all()
        await asyncio.gather(*tasks)


async def test_servers_take_turns():
    threads = AnswerThreads(LONG)
    with gates() as found:
        holders = [task for server in "wxyz" for task in await asks(threads, found, server, THREADS_A_SERVER)]
        await settled(found, THREADS)
        waiting = await asks(threads, found, "a", 4) + await asks(threads, found, "b", 4)
        begun = THREADS
        free = [f"{server}{number}" for server in "wxyz" for number in range(THREADS_A_SERVER)]
        for name in [*free[:4], "a0", "b0", "a1", "b1"]:  # one thread becomes free at a time
            found.open(name)
            begun += 1
            await settled(found, begun)
        assert [name[0] for name in found.began[THREADS:]] == list("abababab")
        found.open_all()
        await asyncio.gather(*holders, *waiting)


async def test_more_than_so_many_questions_of_a_server_are_refused_at_once():
    threads = AnswerThreads(LONG)
    with gates() as found:
        tasks = await asks(threads, found, "a", THREADS_A_SERVER + WAITING_A_SERVER)
        with pytest.raises(QuestionError) as busy:
            await threads.run("a", "one more", lambda: None)
        assert busy.value.message.key == "server_busy"
        assert await threads.run("b", "one more", lambda: "fine") == "fine"
        found.open_all()
        await asyncio.gather(*tasks)


STUCK = """
import asyncio, threading
from salesbot.errors import QuestionError
from salesbot.serving import answer_threads

answer_threads.GRACE = 0.01

async def main():
    try:
        await answer_threads.AnswerThreads(0.01).run("a", "stuck", threading.Event().wait)
    except QuestionError as error:
        print(error.message.key, threading.active_count() > 1, flush=True)

asyncio.run(main())
"""


def test_a_thread_never_keeps_the_process_from_ending():
    done = subprocess.run([sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "question_too_slow True"), done.stderr
