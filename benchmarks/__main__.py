"""``make bench``: every part of the bench in order, or one of them.

python -m benchmarks [PART [ROUNDS [COUNT]]]

PART      ROUNDS                        COUNT
costs     interleaved rounds            interactions a round
start     starts of each bot            facts of our pack (0: the seeds)
flat      interleaved rounds            facts of the big pack
reload    reloads in a row              facts of the pack
charts    bots, each with a cold worker charts of each kind
memory    bots, one after the other     interactions with each
others    interleaved rounds            interactions a round; installs hikari and discord.js, so only by its name
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable

from benchmarks.charts import charts
from benchmarks.costs import costs
from benchmarks.flat import flat
from benchmarks.memory import memory
from benchmarks.others import others
from benchmarks.reload import reload
from benchmarks.start import start

PARTS: dict[str, Callable[..., Awaitable[None]]] = {
    part.__name__: part for part in (costs, start, flat, reload, charts, memory, others)
}
BY_NAME = {"others"}


async def bench(parts: list[str], *sizes: int) -> None:
    """Print the tables of the parts; sizes that are not given are each part's own."""
    for part in parts:
        await PARTS[part](*sizes)


if __name__ == "__main__":
    part, sizes = sys.argv[1:2], (int(text) for text in sys.argv[2:4])
    if not set(part) <= set(PARTS):
        sys.exit(__doc__)
    asyncio.run(bench(part or [name for name in PARTS if name not in BY_NAME], *sizes))
