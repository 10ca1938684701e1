"""``make bench``: what an answer costs against a bare discord.py bot that sends the same finished card.

python tests/loopback/loopback_bench.py [ROUNDS] [INTERACTIONS_A_ROUND]
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loopback_asked import Asked
from loopback_driver import BARE_BOT, SALESBOT, Ask, BotProcess, Cost, interleaved, ratios, running
from loopback_server import LoopbackDiscord

LOOKUPS = {
    "a price": ("prices show", {"model": "model-y", "trim": "RWD", "on": "2024-04-10"}, 1.25),
    "an order count": ("orders total", {"launch": "su7", "within": "24h", "metric": "orders"}, 1.25),
    "a derived total": ("orders total", {"launch": "su7", "within": "72h"}, 2.0),
}


@dataclass(frozen=True)
class Case:
    """Ours against the bare bot, and the ratio that is aimed for."""

    name: str
    target: float | None


async def bench(rounds: int, count: int) -> None:
    """Print the table of ratios: CPU per interaction, then the median wall time."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = await stack.enter_async_context(LoopbackDiscord())
        our_bot = await stack.enter_async_context(running(ours, data_dir=_made(folder / "ours"), module=SALESBOT))
        subjects: dict[str, tuple[BotProcess, Ask]] = {}
        cases: list[tuple[str, str, float | None]] = []
        for name, (command, typed, target) in LOOKUPS.items():
            card = _card(await ours.slash(command, **typed))
            bare, bare_bot = await _bare(stack, folder / name.replace(" ", "-"), card)
            subjects[name] = (our_bot, _asking(ours, command, typed))
            subjects[f"{name}, bare"] = (bare_bot, _asking(bare, "ping", {}))
            cases.append((name, f"{name}, bare", target))
        again, again_bot = await _bare(stack, folder / "control", card)
        subjects["the same card twice (control)"] = (again_bot, _asking(again, "ping", {}))
        cases.append(("the same card twice (control)", "a derived total, bare", None))
        subjects["completing a name"] = (our_bot, lambda: ours.autocomplete("orders total", "launch", "su"))
        subjects["completing, bare"] = (again_bot, lambda: again.autocomplete("ping", "word", "su"))
        cases.append(("completing a name", "completing, bare", 1.25))
        await interleaved(subjects, 2, 50)
        costs = await interleaved(subjects, rounds, count)
        print(f"{rounds} interleaved rounds of {count} interactions, medians\n")
        print("| | CPU ms | bare | ratio (least to most) | p50 ms | bare | ratio | aim |\n|---|---|---|---|---|---|---|---|")
        for name, base, target in cases:
            print(_row(name, base, costs, target))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _asking(world: LoopbackDiscord, command: str, typed: dict[str, str]) -> Ask:
    return lambda: world.slash(command, **typed)


async def _bare(stack: AsyncExitStack, folder: Path, card: dict[str, Any]) -> tuple[LoopbackDiscord, BotProcess]:
    path = _made(folder) / "card.json"
    path.write_text(json.dumps(card))
    world = await stack.enter_async_context(LoopbackDiscord())
    bot = await stack.enter_async_context(running(world, data_dir=folder, module=BARE_BOT, extra={"BARE_CARD": str(path)}))
    return world, bot


def _card(asked: Asked) -> dict[str, Any]:
    """The finished card of an answer: its texts in order, its buttons."""
    components = asked.message["components"]
    texts = [part["content"] for part in components[0]["components"] if part["type"] == 10]
    rows = [component for component in components if component["type"] == 1]
    return {"texts": texts, "buttons": [[button["custom_id"], button["label"]] for row in rows for button in row["components"]]}


def _row(name: str, base: str, costs: dict[str, list[Cost]], target: float | None) -> str:
    found = ratios(costs, name, base)
    cpu, bare = (statistics.median(cost.cpu_ms for cost in costs[key]) for key in (name, base))
    wall, bare_wall = (statistics.median(ms for cost in costs[key] for ms in cost.wall_ms) for key in (name, base))
    ratio = f"{statistics.median(found):.2f} ({found[0]:.2f}–{found[-1]:.2f})"
    aim = f"≤ {target}" if target else ""
    return f"| {name} | {cpu:.2f} | {bare:.2f} | {ratio} | {wall:.2f} | {bare_wall:.2f} | {wall / bare_wall:.2f} | {aim} |"


async def started(rounds: int) -> None:
    """From exec to the first answer, ours and the bare bot in turn."""
    found: dict[str, list[float]] = {SALESBOT: [], BARE_BOT: []}
    for _ in range(rounds):
        for module, command, typed in ((SALESBOT, "prices show", {"model": "model-y"}), (BARE_BOT, "ping", {})):
            async with LoopbackDiscord() as world:
                with tempfile.TemporaryDirectory() as folder:
                    begun = time.perf_counter()
                    async with running(world, data_dir=Path(folder), module=module):
                        await world.slash(command, **typed)
                        found[module].append(time.perf_counter() - begun)
    ours, bare = (statistics.median(found[module]) for module in (SALESBOT, BARE_BOT))
    print(f"\nexec to first answer: {ours:.2f} s, bare {bare:.2f} s, ratio {ours / bare:.2f} (aim ≤ 1.5; {rounds} starts each, medians)")


async def memory(count: int) -> None:
    """Resident memory before and after many interactions of many kinds."""
    async with LoopbackDiscord() as world:
        with tempfile.TemporaryDirectory() as folder:
            async with running(world, data_dir=Path(folder), module=SALESBOT) as bot:
                for _ in range(500):
                    await world.slash("orders total", launch="su7", within="72h")
                before = bot.memory_mib()
                for number in range(count):
                    await world.slash("orders total", launch="su7", within=f"{number % 90 + 1}h")
                print(f"\nmemory: {before:.1f} MiB after 500 answers, {bot.memory_mib():.1f} MiB after {count:,} more of 90 kinds")


if __name__ == "__main__":
    rounds, count = (int(text) for text in (*sys.argv[1:], *("15", "40")[len(sys.argv) - 1 :])[:2])
    asyncio.run(bench(rounds, count))
    asyncio.run(started(max(3, rounds // 3)))
    asyncio.run(memory(rounds * 200))
