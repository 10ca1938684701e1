"""Whether an answer costs the same however many facts lie beside those it touches: a small pack against a big one."""

from __future__ import annotations

import itertools
import statistics
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.asked import Asked
from benchmarks.packs import SMALL, pack_of
from benchmarks.questions import COMMANDS, COMPLETIONS, MISTAKES, Kind, said
from benchmarks.table import table
from tools.loopback_discord.driver import Ask, BotProcess, Cost, interleaved, running
from tools.loopback_discord.server import LoopbackDiscord

AIM = 1.1
ASKED_A_ROUND = {"again": 40, "new": 10}
KINDS = (*COMMANDS, *COMPLETIONS, *MISTAKES)
BOTS = ("small", "small again", "big")
World = tuple[LoopbackDiscord, BotProcess]


async def flat(rounds: int = 15, count: int = 1_000_000) -> None:
    """Print CPU and wall time of each kind on ``count`` facts over the same on the small pack."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        worlds = await _worlds(stack, folder, count)
        choices = {kind.name: await _same_answers(kind, worlds) for kind in KINDS}
        asked = [(kind, how) for kind in KINDS for how in _ways(kind)]
        named = {
            _name(kind, how, bot): (worlds[bot][1], _asking(kind, how, worlds[bot][0]))
            for kind, how in asked
            for bot in BOTS
        }
        await interleaved(named, 1, 3)
        costs = {name: found for how in ASKED_A_ROUND for name, found in (await _measured(named, how, rounds)).items()}
        title = f"{count:,} facts over {SMALL}, {rounds} interleaved rounds of {ASKED_A_ROUND['again']} (new: {ASKED_A_ROUND['new']}); the control is a second bot on {SMALL}"
        print(table(title, COLUMNS, [_row(kind, how, costs, choices[kind.name]) for kind, how in asked]))
        fixed = [kind.name for kind in COMMANDS if kind.nth is None]
        print(
            f"\nThere is but one way to ask {' and '.join(fixed)}; what is typed into a completed option is looked up each time."
        )


COLUMNS = (
    "",
    "asked",
    f"CPU ms, {SMALL}",
    "big",
    "ratio",
    "control",
    f"p50 ms, {SMALL}",
    "big",
    "ratio",
    "control",
    "aim",
    "note",
)


async def _worlds(stack: AsyncExitStack, folder: Path, count: int) -> dict[str, World]:
    """The bots, each on a Discord of its own. The big one may take long to start."""
    found: dict[str, World] = {}
    for name in BOTS:
        pack = pack_of(folder / f"pack of {name}", count if name == "big" else SMALL)
        world = await stack.enter_async_context(LoopbackDiscord())
        bot = await stack.enter_async_context(running(world, data_dir=folder / name, pack_dir=pack, within=300))
        found[name] = world, bot
    return found


def _ways(kind: Kind) -> tuple[str, ...]:
    return ("again", "new") if kind.nth is not None else ("again",)


def _name(kind: Kind, how: str, bot: str) -> str:
    return f"{kind.name}, {how}, {bot}"


async def _measured(named: Mapping[str, tuple[BotProcess, Ask]], how: str, rounds: int) -> dict[str, list[Cost]]:
    """The costs of what is asked again, or of what is new: a small thing is asked more often, to be measured as well."""
    return await interleaved(
        {name: one for name, one in named.items() if f", {how}, " in name}, rounds, ASKED_A_ROUND[how]
    )


def _asking(kind: Kind, how: str, world: LoopbackDiscord) -> Ask:
    """Asks the usual question, or each time one that was never asked; every bot gets the same ones in the same order."""
    numbers = itertools.count()

    def ask() -> Asked:
        return kind.ask(world, kind.nth(next(numbers)) if how == "new" and kind.nth is not None else kind.usual)

    return ask


async def _same_answers(kind: Kind, worlds: Mapping[str, World]) -> str:
    """A note on what was offered. Raises ``AssertionError`` if an answer is not the same on each pack."""
    if kind in MISTAKES:
        return "the names that come near differ"
    typed = [kind.usual, *([kind.nth(10**4 + 7), kind.nth(2 * 10**4)] if kind.nth else [])]
    found = {name: [await kind.ask(world, one) for one in typed] for name, (world, _) in worlds.items()}
    if kind.completing is not None:
        counts = [len(found[name][0].choices or []) for name in ("small", "big")]
        return "{} and {} choices".format(*counts)
    texts = {name: [said(asked) for asked in answers] for name, answers in found.items()}
    for name in BOTS:
        assert texts[name] == texts["small"], (
            f"{kind.name} differs on the {name} pack:\n{texts[name]}\n{texts['small']}"
        )
    return ""


def _row(kind: Kind, how: str, costs: Mapping[str, list[Cost]], note: str) -> list[str]:
    small, again, big = (costs[_name(kind, how, bot)] for bot in BOTS)
    cpu = [statistics.median(cost.cpu_ms for cost in each) for each in (small, big)]
    wall = [statistics.median(ms for cost in each for ms in cost.wall_ms) for each in (small, big, again)]
    by_cpu = [statistics.median(a.cpu_ms / b.cpu_ms for a, b in zip(each, small, strict=True)) for each in (big, again)]
    by_wall = [one / wall[0] for one in wall[1:]]
    cells = [f"{value:.2f}" for value in (*cpu, *by_cpu, *wall[:2], *by_wall)]
    return [kind.name, how, *cells, f"≤ {AIM}", note]
