"""Which facts are being served: one store, swapped whole for another."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from salesbot.errors import PackRefused, Problem
from salesbot.intake import take_in
from salesbot.names import Names
from salesbot.store import Store


class Live:
    """The store that questions read now. A reload builds the next one in another process."""

    def __init__(self, pack_dir: Path, data_dir: Path) -> None:
        self.pack_dir = pack_dir
        self.snapshots = data_dir / "snapshots"
        self._reloading = asyncio.Lock()
        self._take(Store(take_in(pack_dir, self.snapshots)[1]))

    def _take(self, store: Store) -> None:
        self.store, self.names = store, Names(store)

    @property
    def is_reloading(self) -> bool:
        return self._reloading.locked()

    async def reload(self) -> tuple[Store, Store]:
        """Read the pack again and serve it: the store before and the one now.

        Raises ``PackRefused`` with every problem; then nothing has changed.
        """
        async with self._reloading:
            found = await in_another_process(prepared, self.pack_dir, self.snapshots)
            if not isinstance(found, Path):
                raise PackRefused(found, self.pack_dir.name)
            before = self.store
            self._take(Store(found, loaded=int(time.time())))
            return before, self.store

    def earlier(self, content: str) -> Store | None:
        """The snapshot whose content hash begins with ``content``, if it is still kept."""
        found = sorted(self.snapshots.glob(f"*-{content}*.sqlite")) if content.isalnum() else []
        return Store(found[0]) if found else None


def prepared(pack_dir: Path, snapshots: Path) -> Path | tuple[Problem, ...]:
    """The snapshot of a pack folder, or its problems (an exception of ours does not cross processes)."""
    try:
        return take_in(pack_dir, snapshots)[1]
    except PackRefused as refused:
        return refused.problems


T = TypeVar("T")
P = ParamSpec("P")


async def in_another_process(work: Callable[P, T], *arguments: P.args, **_: P.kwargs) -> T:
    """Run a function in a fresh process, so that nothing it does can hold up the event loop."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)
