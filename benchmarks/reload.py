"""A reload of a big pack while questions keep coming: how long it takes, what becomes of the questions, and what stalls."""

from __future__ import annotations

import asyncio
import itertools
import random
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.asked import Asked
from benchmarks.packs import SMALL, pack_of, put_in_place, raised
from benchmarks.questions import COMMANDS, COMPLETIONS, Kind, Typed, said, version_of
from benchmarks.table import table
from tools.loopback_discord.driver import running
from tools.loopback_discord.heartbeat import HEADS, MEANING, Lateness, compared, control, measured
from tools.loopback_discord.payloads import HOME_GUILD, MODERATOR
from tools.loopback_discord.server import LoopbackDiscord, until
from tools.loopback_discord.slow import Slow, told

A_SECOND = 50
BEFORE, AFTER = 5.0, 3.0  # seconds of questions around a reload
SLOW_MS = 10
LONGEST = 600.0
STALLS = 10
STILL_RUNS = "still runs"
SETTINGS = {"SALESBOT_HOME_GUILD": str(HOME_GUILD), "LOOPBACK_SLOW": str(SLOW_MS)}


@dataclass(frozen=True)
class Sent:
    """A question that was sent, and what came of it."""

    kind: Kind
    typed: Typed
    asked: Asked

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.kind.name, tuple(self.typed.items())

    @property
    def is_completing(self) -> bool:
        return self.kind.completing is not None


@dataclass(frozen=True)
class Reload:
    """The moments of one reload (``perf_counter``); without a proposal to confirm, it was served at once."""

    began: float
    asked: float
    proposed: float | None
    pressed: float | None
    live: float
    told: float
    ended: float
    outcome: str

    def spans(self) -> dict[str, tuple[float, float]]:
        """Its parts by name. What is proposed and what is served may overlap with what is said of it."""
        waited = self.proposed or min(self.live, self.told)
        return {
            "before": (self.began, self.asked),
            "from the command to the proposal": (self.asked, waited - 1.0),
            "the last second before it, and until it is served": (waited - 1.0, max(self.live, self.told) + 0.1),
            "after": (max(self.live, self.told) + 0.1, self.ended),
        }


class Stream:
    """Questions of every kind, half of them never asked before, sent at a steady rate whatever becomes of them."""

    def __init__(self, world: LoopbackDiscord, a_second: float = A_SECOND) -> None:
        self.sent: list[Sent] = []
        self._world, self._pause = world, 1 / a_second
        self._numbers = itertools.count()
        self._chance = random.Random(5)

    async def flow(self) -> None:
        """Ask until cancelled. What could not be sent in time is sent at once."""
        due = perf_counter()
        while True:
            kind = self._chance.choice((*COMMANDS, *COMMANDS, *COMPLETIONS))
            typed = (
                kind.nth(next(self._numbers)) if kind.nth is not None and self._chance.random() < 0.5 else kind.usual
            )
            self.sent.append(Sent(kind, typed, kind.ask(self._world, typed)))
            due += self._pause
            await asyncio.sleep(max(0.0, due - perf_counter()))


async def reload(rounds: int = 2, count: int = 1_000_000) -> None:
    """Print what ``rounds`` reloads in a row take on packs of ``count`` facts, each with other figures than the one before."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        packs = [pack_of(folder / "big 0", count)]
        packs += [raised(packs[0], folder / f"big {by}", by) for by in range(1, rounds + 1)]
        put_in_place(packs[0], _made(folder / "served"))
        world = await stack.enter_async_context(LoopbackDiscord(patience=10.0))
        beats, idle = folder / "beats", folder / "idle"
        extra = SETTINGS | {"LOOPBACK_HEARTBEAT": str(beats)}
        bot = await stack.enter_async_context(
            running(world, data_dir=folder / "data", pack_dir=folder / "served", extra=extra, within=300)
        )
        control_pid = await stack.enter_async_context(control(idle))
        stream = Stream(world)
        reloads = [await _one_reload(world, stream, packs[by], folder / "served") for by in range(1, rounds + 1)]
        late, still = await measured(bot.pid, beats), await measured(control_pid, idle)
        slow, memory = told(bot.log), bot.memory_mib()
        await bot.stop()
        expected = await _expected(folder, rounds, stream.sent)
        print(table(f"{rounds} reloads of {count:,} facts under {A_SECOND} questions a second", TIMES, _times(reloads)))
        print(table("The questions meanwhile", FATES, [_fates(stream.sent, expected)]))
        print(f"\nResident memory of the bot afterwards: {memory:.0f} MiB")
        print(table(f"Lateness of a heartbeat of 1 ms, in ms. {MEANING}", HEADS, _lateness(reloads, late, still)))
        print(
            "\n".join(
                ["\nThe longest stalls, and the callbacks that ran meanwhile\n", *_stalls(reloads, late, still, slow)]
            )
        )


TIMES = ("reload", "s to the proposal", "s from the press until served", "s from the command until served", "outcome")
FATES = (
    "asked",
    "never asked before",
    "failed (aim 0)",
    "mixed (aim 0)",
    "versions seen",
    "p50 ms",
    "p99 ms",
    "most ms",
)


async def _one_reload(world: LoopbackDiscord, stream: Stream, pack: Path, served: Path) -> Reload:
    """Replace the folder, reload it, confirm where that is asked for, and see the new facts in an answer."""
    await asyncio.to_thread(put_in_place, pack, served)
    first = len(stream.sent)
    flowing = asyncio.create_task(stream.flow())
    began = perf_counter()
    await asyncio.sleep(BEFORE)
    before = {version_of(sent.asked) for sent in stream.sent[first:] if sent.asked.answered} - {None}
    assert len(before) == 1, before
    asked = world.slash("data reload", MODERATOR)
    proposed = pressed = None
    await _settled(asked)
    final = asked
    if "Confirm" in asked.buttons:
        proposed, final = perf_counter(), world.click(asked.buttons["Confirm"], MODERATOR, on=asked.message)
        pressed = final.sent
        await final.within(LONGEST)
        await _settled(final)
    told_at = perf_counter()
    outcome = final.text.split("\n", 1)[0]
    await until(lambda: bool(_new(stream.sent[first:], before)), 20, f"the new facts are not served: {final.text}")
    live = min(sent.asked.answered or 0 for sent in _new(stream.sent[first:], before))
    await asyncio.sleep(AFTER)
    flowing.cancel()
    await asyncio.gather(flowing, return_exceptions=True)
    await asyncio.gather(*(sent.asked.within(15) for sent in stream.sent[first:]), return_exceptions=True)
    return Reload(began, asked.sent, proposed, pressed, live, told_at, perf_counter(), outcome)


async def _settled(asked: Asked) -> None:
    """Wait until the answer is more than a word that it still runs."""
    await asked.within(60)
    await until(lambda: STILL_RUNS not in asked.text, LONGEST, "the reload does not end")


def _new(sent: Iterable[Sent], before: set[str | None]) -> list[Sent]:
    return [one for one in sent if one.asked.answered and version_of(one.asked) not in before | {None}]


async def _expected(folder: Path, rounds: int, sent: Sequence[Sent]) -> dict[object, list[str]]:
    """What each question is answered on each version: asked of bots that serve the same few facts and none beside."""
    questions = {one.key: one for one in sent if not one.is_completing}
    found: dict[object, list[str]] = {key: [] for key in questions}
    small = pack_of(folder / "small 0", SMALL)
    for by in range(rounds + 1):
        pack = raised(small, folder / f"small {by}", by) if by else small
        async with LoopbackDiscord() as world, running(world, data_dir=folder / f"data of small {by}", pack_dir=pack):
            for key, one in questions.items():
                found[key].append(said(await one.kind.ask(world, one.typed)))
    return found


def _times(reloads: Iterable[Reload]) -> Iterator[list[str]]:
    for number, one in enumerate(reloads, start=1):
        proposed = f"{one.proposed - one.asked:.2f}" if one.proposed else "served without one"
        pressed = f"{one.live - one.pressed:.3f}" if one.pressed else ""
        yield [str(number), proposed, pressed, f"{one.live - one.asked:.2f}", one.outcome]


def is_mixed(sent: Sent, number: Mapping[str, int], expected: Mapping[object, list[str]]) -> bool:
    """Whether an answer is anything but what the version that it names says, word for word."""
    version = version_of(sent.asked)
    return version is None or said(sent.asked) != expected[sent.key][number[version]]


def _fates(sent: Sequence[Sent], expected: Mapping[object, list[str]]) -> list[str]:
    failed = [one for one in sent if one.asked.answered is None]
    answers = [one for one in sent if one.asked.answered is not None and not one.is_completing]
    versions = Counter(version_of(one.asked) for one in answers)
    number = {str(version): place for place, version in enumerate(versions)}  # in the order in which they were served
    mixed = [one for one in answers if is_mixed(one, number, expected)]
    for one in (*failed[:3], *mixed[:3]):
        print(one.kind.name, dict(one.typed), one.asked.story(), one.asked.text, sep="\n")
    took = sorted(one.asked.took * 1000 for one in sent if one.asked.answered is not None)
    new = len({one.key for one in sent})
    cells = [f"{took[int(len(took) * part)]:.1f}" for part in (0.5, 0.99)]
    return [str(len(sent)), str(new), str(len(failed)), str(len(mixed)), str(len(versions)), *cells, f"{took[-1]:.1f}"]


def _lateness(reloads: Sequence[Reload], late: Lateness, still: Lateness) -> Iterator[list[str]]:
    for name in reloads[0].spans():
        spans = [one.spans()[name] for one in reloads]
        yield from compared(name, late.during(spans), still.during(spans))


def _stalls(reloads: Sequence[Reload], late: Lateness, still: Lateness, slow: Sequence[Slow]) -> Iterator[str]:
    """Each of the longest stalls: when, how long the control was late at that time, and what ran."""
    for beat in late.during([(one.began, one.ended) for one in reloads]).worst(STALLS):
        one = next(one for one in reloads if one.began <= beat.end and beat.due <= one.ended)
        beside = still.during([(beat.due, beat.end)])
        parts = (
            f"{beat.waited * 1000:.1f} of them without a CPU; control {beside.most_ms if beside.beats else 0:.1f} ms"
        )
        yield f"- {beat.late * 1000:.1f} ms ({parts}), {beat.due - one.asked:+.3f} s from the command, {beat.due - one.live:+.3f} s from live"
        ran = [found for found in slow if found.covers(beat.due, beat.end)]
        yield from (f"  - {found}" for found in sorted(ran, key=lambda found: -found.own_ms)[:3])


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
