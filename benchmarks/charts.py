"""Charts: from a press of the button to the picture, against a bare bot that sends the same picture, and what stalls meanwhile."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.asked import Asked
from benchmarks.cards import card_of, picture_card_of
from benchmarks.packs import SMALL, pack_of
from benchmarks.questions import Kind
from benchmarks.table import table
from tools.loopback_discord.driver import BARE_BOT, SALESBOT, running
from tools.loopback_discord.heartbeat import HEADS, MEANING, Lateness, compared, control, measured
from tools.loopback_discord.server import LoopbackDiscord
from tools.loopback_discord.slow import Slow, told

WARM_MS, STALL_MS, REPEATED = 150.0, 5.0, 1.25
ONE = {"launch": "probe-one"}
DRAWN = (Kind("/orders progress", "orders progress", ONE | {"at": "1h"}, lambda n: ONE | {"at": f"{n + 2}h"}),)
SLOW_MS = 4
Took = dict[str, list[Asked]]


async def charts(rounds: int = 4, count: int = 20) -> None:
    """Print what ``rounds`` bots take for their first chart and for ``count`` more of each kind of asking."""
    took: Took = {}
    stalls: list[tuple[str, Lateness, Lateness]] = []
    slow: list[Slow] = []
    for number in range(rounds):
        await _once(count, took, stalls, slow, wait=number % 2)
    print(table(f"Charts, {rounds} bots, {count} charts of each kind each, interleaved", COLUMNS, _rows(took)))
    aim = f"Aim for the most: its own ≤ control + {STALL_MS:.0f} ms."
    print(
        table(
            f"Lateness of a heartbeat of 1 ms while a chart is awaited, in ms. {MEANING} {aim}",
            HEADS,
            _lateness(stalls),
        )
    )
    print(
        "\n".join(
            [
                "\nThe slowest callbacks meanwhile\n",
                *(f"- {one}" for one in sorted(slow, key=lambda one: -one.own_ms)[:6]),
            ]
        )
    )


COLUMNS = ("", "p50 ms", "most ms", "aim", "over the bare bot's picture", "over a static card", "KiB", "count")


async def _once(
    count: int, took: Took, stalls: list[tuple[str, Lateness, Lateness]], slow: list[Slow], *, wait: float
) -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        idle = folder / "idle"
        control_pid = await stack.enter_async_context(control(idle))
        ours = await stack.enter_async_context(LoopbackDiscord())
        pack = pack_of(folder / "pack", SMALL)
        bot = await stack.enter_async_context(
            running(ours, data_dir=folder / "ours", pack_dir=pack, module=SALESBOT, extra=_watched(folder))
        )
        first = await _pressed(ours, DRAWN[0], -1, wait=wait)
        bare = await _bare(stack, folder, first)
        asked = {FIRST_LATER if wait else FIRST: [first]} | await _interleaved(ours, bare, count)
        late, still = await measured(bot.pid, folder / "beats"), await measured(control_pid, idle)
        slow += _during(told(bot.log), [one for name in KINDS for one in asked.get(name, ())])
    for name, each in asked.items():
        took.setdefault(name, []).extend(each)
        spans = [(one.sent, one.answered or one.sent) for one in each]
        if name in KINDS:
            stalls.append((name, late.during(spans), still.during(spans)))


FIRST, FIRST_LATER = "the first, pressed at once", "the first, a second after its answer"
KINDS = (FIRST, FIRST_LATER, "warm (another chart)", "repeated")


def _watched(folder: Path) -> dict[str, str]:
    """Both bots carry a heartbeat and are watched, so that the cost of that is in both."""
    return {"LOOPBACK_HEARTBEAT": str(folder / "beats"), "LOOPBACK_SLOW": str(SLOW_MS)}


async def _pressed(world: LoopbackDiscord, kind: Kind, number: int, wait: float = 0) -> Asked:
    """A question nobody asked yet, answered, and ``wait`` seconds later its chart button pressed."""
    assert kind.nth is not None
    asked = await kind.ask(world, kind.nth(number) if number >= 0 else kind.usual)
    await asyncio.sleep(wait)
    pressed = await world.click(asked.buttons["Chart"], on=asked.message)
    assert [file.name for file in pressed.files] == ["chart.png"], pressed.story()
    return pressed


async def _bare(stack: AsyncExitStack, folder: Path, picture: Asked) -> LoopbackDiscord:
    """A bare bot that knows one card, and one picture with the words around it."""
    folder = folder / "bare"
    folder.mkdir()
    (folder / "card.json").write_text(json.dumps(card_of(picture.payload["message"])))
    (folder / "picture.json").write_text(json.dumps(picture_card_of(picture.message or {})))
    (folder / "picture.png").write_bytes(picture.files[0].content)
    world = await stack.enter_async_context(LoopbackDiscord())
    extra = {"BARE_CARD": str(folder / "card.json"), "BARE_PICTURE": str(folder / "picture")} | _watched(folder)
    await stack.enter_async_context(running(world, data_dir=folder, module=BARE_BOT, extra=extra))
    return world


async def _interleaved(ours: LoopbackDiscord, bare: LoopbackDiscord, count: int) -> Took:
    """Another chart, the same again, the bare bot's picture, its static card: one of each in turn."""
    kept = await DRAWN[0].ask(ours, DRAWN[0].usual)
    ways: Mapping[str, Callable[[], Asked]] = {
        "repeated": lambda: ours.click(kept.buttons["Chart"], on=kept.message),
        "the bare bot's picture": lambda: bare.slash("picture"),
        "a static card": lambda: bare.slash("ping"),
    }
    took: Took = {name: [] for name in ("warm (another chart)", *ways)}
    for number in range(count):
        took["warm (another chart)"].append(await _pressed(ours, DRAWN[number % len(DRAWN)], number))
        for name, ask in ways.items():
            await asyncio.sleep(0.02)
            took[name].append(await ask())
    return took


def _rows(took: Took) -> Iterator[list[str]]:
    picture, static = (_median(took[name]) for name in ("the bare bot's picture", "a static card"))
    aims = {"warm (another chart)": f"≤ {WARM_MS:.0f} ms", "repeated": f"≤ {REPEATED} × the bare bot's"}
    for name, each in took.items():
        ms = [one.took * 1000 for one in each]
        size = statistics.median(sum(len(file.content) for file in one.files) for one in each) / 1024
        middle = statistics.median(ms)
        yield [
            name,
            f"{middle:.1f}",
            f"{max(ms):.1f}",
            aims.get(name, ""),
            f"{middle / picture:.2f}",
            f"{middle / static:.2f}",
            f"{size:.0f}",
            str(len(ms)),
        ]


def _median(each: Iterable[Asked]) -> float:
    return statistics.median(one.took * 1000 for one in each)


def _lateness(stalls: Iterable[tuple[str, Lateness, Lateness]]) -> Iterator[list[str]]:
    found = list(stalls)
    for name in KINDS:
        late = Lateness(tuple(beat for kind, bot, _ in found if kind == name for beat in bot.beats))
        still = Lateness(tuple(beat for kind, _, idle in found if kind == name for beat in idle.beats))
        yield from compared(name, late, still)


def _during(slow: Iterable[Slow], asked: Iterable[Asked]) -> list[Slow]:
    spans = [(one.sent, one.answered or one.sent) for one in asked]
    return [one for one in slow if any(one.covers(*span) for span in spans)]
