"""What a process allocated and kept: at each SIGUSR2, the places whose memory grew since the one before."""

from __future__ import annotations

import gc
import signal
import tracemalloc
from pathlib import Path

FRAMES, SHOWN = 4, 25


def trace(path: Path) -> None:
    """Trace from now on; the signal writes to ``path``."""
    tracemalloc.start(FRAMES)
    earlier: list[tracemalloc.Snapshot] = []

    def written(*_: object) -> None:
        gc.collect()
        now = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(False, tracemalloc.__file__)])
        if earlier:
            grown = now.compare_to(earlier.pop(), "traceback")[:SHOWN]
            path.write_text("\n\n".join("\n".join([str(found), *found.traceback.format()]) for found in grown))
        else:
            path.touch()
        earlier.append(now)

    signal.signal(signal.SIGUSR2, written)
