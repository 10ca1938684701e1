"""What an answer that was asked before costs, against a bare discord.py bot that sends a small static card."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tools.loopback_discord.driver import BARE_BOT, SALESBOT, Ask, BotProcess, Cost, interleaved, ratios, running
from tools.loopback_discord.server import LoopbackDiscord

LOOKUPS = {
    "a price": ("prices show", {"model": "model-y", "trim": "RWD", "on": "2024-04-10"}),
    "an order count": ("orders total", {"launch": "su7", "within": "24h", "metric": "orders"}),
    "a derived total": ("orders total", {"launch": "su7", "within": "72h"}),
}
BARE, COMPLETING = "bare", "completing, bare"


async def costs(rounds: int = 15, count: int = 40) -> None:
    """Print the table of ratios: CPU per interaction, then the median wall time."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        worlds = {name: await stack.enter_async_context(LoopbackDiscord()) for name in ("ours", "bare", "again")}
        bots = {
            name: await stack.enter_async_context(
                running(world, data_dir=folder / name, module=SALESBOT if name == "ours" else BARE_BOT)
            )
            for name, world in worlds.items()
        }
        ours, bare, again = worlds.values()
        subjects: dict[str, tuple[BotProcess, Ask]] = {
            name: (bots["ours"], _asking(ours, command, typed)) for name, (command, typed) in LOOKUPS.items()
        }
        subjects |= {
            BARE: (bots["bare"], _asking(bare, "ping", {})),
            "the same twice (control)": (bots["again"], _asking(again, "ping", {})),
            "completing a name": (bots["ours"], lambda: ours.autocomplete("orders total", "launch", "su")),
            COMPLETING: (bots["bare"], lambda: bare.autocomplete("ping", "word", "su")),
        }
        await interleaved(subjects, 2, 100)
        found = await interleaved(subjects, rounds, count)
        print(f"{rounds} interleaved rounds of {count} interactions, medians\n")
        print(
            "| | CPU ms | bare | ratio (least to most) | p50 ms | bare | ratio | aim |\n|---|---|---|---|---|---|---|---|"
        )
        for name in LOOKUPS:
            print(_row(name, BARE, found, 0.75))
        print(_row("the same twice (control)", BARE, found, None))
        print(_row("completing a name", COMPLETING, found, 0.8))


def _asking(world: LoopbackDiscord, command: str, typed: dict[str, str]) -> Ask:
    return lambda: world.slash(command, **typed)


def _row(name: str, base: str, costs: dict[str, list[Cost]], target: float | None) -> str:
    found = ratios(costs, name, base)
    cpu, bare = (statistics.median(cost.cpu_ms for cost in costs[key]) for key in (name, base))
    wall, bare_wall = (statistics.median(ms for cost in costs[key] for ms in cost.wall_ms) for key in (name, base))
    ratio = f"{statistics.median(found):.2f} ({found[0]:.2f}–{found[-1]:.2f})"
    aim = f"≤ {target}" if target else ""
    return (
        f"| {name} | {cpu:.2f} | {bare:.2f} | {ratio} | {wall:.2f} | {bare_wall:.2f} | {wall / bare_wall:.2f} | {aim} |"
    )
