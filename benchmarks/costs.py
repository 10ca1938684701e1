"""What an answer costs against a bare discord.py bot that sends the same finished card."""

from __future__ import annotations

import json
import statistics
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from benchmarks.cards import card_of
from tools.loopback_discord.driver import BARE_BOT, SALESBOT, Ask, BotProcess, Cost, interleaved, ratios, running
from tools.loopback_discord.server import LoopbackDiscord

LOOKUPS = {
    "a price": ("prices show", {"model": "model-y", "trim": "RWD", "on": "2024-04-10"}, 1.25),
    "an order count": ("orders total", {"launch": "su7", "within": "24h", "metric": "orders"}, 1.25),
    "a derived total": ("orders total", {"launch": "su7", "within": "72h"}, 2.0),
}


async def costs(rounds: int = 15, count: int = 40) -> None:
    """Print the table of ratios: CPU per interaction, then the median wall time."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ours = await stack.enter_async_context(LoopbackDiscord())
        our_bot = await stack.enter_async_context(running(ours, data_dir=_made(folder / "ours"), module=SALESBOT))
        subjects: dict[str, tuple[BotProcess, Ask]] = {}
        cases: list[tuple[str, str, float | None]] = []
        for name, (command, typed, target) in LOOKUPS.items():
            card = card_of((await ours.slash(command, **typed)).message or {})
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
        found = await interleaved(subjects, rounds, count)
        print(f"{rounds} interleaved rounds of {count} interactions, medians\n")
        print(
            "| | CPU ms | bare | ratio (least to most) | p50 ms | bare | ratio | aim |\n|---|---|---|---|---|---|---|---|"
        )
        for name, base, aim in cases:
            print(_row(name, base, found, aim))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _asking(world: LoopbackDiscord, command: str, typed: dict[str, str]) -> Ask:
    return lambda: world.slash(command, **typed)


async def _bare(stack: AsyncExitStack, folder: Path, card: dict[str, Any]) -> tuple[LoopbackDiscord, BotProcess]:
    path = _made(folder) / "card.json"
    path.write_text(json.dumps(card))
    world = await stack.enter_async_context(LoopbackDiscord())
    bot = await stack.enter_async_context(
        running(world, data_dir=folder, module=BARE_BOT, extra={"BARE_CARD": str(path)})
    )
    return world, bot


def _row(name: str, base: str, costs: dict[str, list[Cost]], target: float | None) -> str:
    found = ratios(costs, name, base)
    cpu, bare = (statistics.median(cost.cpu_ms for cost in costs[key]) for key in (name, base))
    wall, bare_wall = (statistics.median(ms for cost in costs[key] for ms in cost.wall_ms) for key in (name, base))
    ratio = f"{statistics.median(found):.2f} ({found[0]:.2f}–{found[-1]:.2f})"
    aim = f"≤ {target}" if target else ""
    return (
        f"| {name} | {cpu:.2f} | {bare:.2f} | {ratio} | {wall:.2f} | {bare_wall:.2f} | {wall / bare_wall:.2f} | {aim} |"
    )
