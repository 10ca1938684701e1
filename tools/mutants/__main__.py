"""``make mutants``: put small faults into the engine, one at a time, and print those that no fast test notices.

python -m tools.mutants [--count N] [--seed N] [--workers N] [PATH ...]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tools.mutants.mutations import Mutant, sample
from tools.mutants.trial import Broken, Copy

ENGINE = (
    "src/salesbot/values",
    "src/salesbot/facts",
    "src/salesbot/questions",
    "src/salesbot/query",
    "src/salesbot/answers",
    "src/salesbot/words/numbers.py",
    "src/salesbot/packs/checks.py",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.mutants")
    parser.add_argument("paths", nargs="*", default=ENGINE, help="modules and folders (the engine)")
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        try:
            survivors, count = tried(Path(folder), asked.paths, asked.count, asked.seed, asked.workers)
        except Broken as error:
            sys.exit(f"{error}\nwithout a mutant")
    killed = count - len(survivors)
    print(f"{killed} of {count} mutants killed ({100 * killed / max(count, 1):.0f} %)")


def tried(folder: Path, paths: list[str], count: int, seed: int, workers: int) -> tuple[list[Mutant], int]:
    """The mutants that survive, printed as they are found, and how many were tried."""
    first = Copy.of_checkout(folder / "0")
    chosen = sample(first.folder, paths, count, seed)
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in [first, *(first.twin(folder / str(number)) for number in range(1, workers))]:
        free.put(copy)

    def survives(mutant: Mutant) -> bool:
        copy = free.get()
        try:
            is_killed = copy.kills(mutant)
        finally:
            free.put(copy)
        if not is_killed:
            print(f"{mutant.path}:{mutant.line}\n{mutant.diff}", flush=True)
        return not is_killed

    with ThreadPoolExecutor(workers) as pool:
        fates = list(pool.map(survives, chosen))
    return [mutant for mutant, alive in zip(chosen, fates, strict=True) if alive], len(chosen)


if __name__ == "__main__":
    main()
