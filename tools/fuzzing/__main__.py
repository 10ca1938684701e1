"""``make fuzz``: slash lines, packs, uploads, gateway payloads and REST replies, each for its share of the time; prints the counts.

python -m tools.fuzzing [SECONDS] [SEED]
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from salesbot.questions.names import Names
from salesbot.serving.ingest import ingest_folder
from salesbot.settings import seed_pack
from salesbot.storage.snapshot import Snapshot
from tools.fuzzing.fuzz_lines import one
from tools.fuzzing.fuzz_packs import one_pack, one_upload, seeds

SHARES = {"lines": 0.3, "packs": 0.15, "uploads": 0.15, "gateway": 0.2, "REST": 0.2}


def repeated(seconds: float, case: Callable[[], str]) -> Counter[str]:
    """A case again and again until the time is up: how often each outcome came."""
    counts, until = Counter[str](), time.monotonic() + seconds
    while time.monotonic() < until:
        counts[case()] += 1
    return counts


def lines(seconds: float, chance: random.Random, folder: Path) -> Counter[str]:
    snapshot = Snapshot(ingest_folder(seed_pack(), folder))
    names = Names(snapshot)
    try:
        return repeated(seconds, lambda: one(snapshot, names, chance))
    finally:
        snapshot.close()


def packs(seconds: float, chance: random.Random, folder: Path) -> Counter[str]:
    tables = seeds()
    return repeated(seconds, lambda: one_pack(chance, folder, tables))


def uploads(seconds: float, chance: random.Random, folder: Path) -> Counter[str]:
    tables, live = seeds(), ingest_folder(seed_pack(), folder / "live")
    return repeated(seconds, lambda: one_upload(chance, folder, tables, live))


def told(kind: str, counts: Counter[str], seconds: float) -> str:
    said = ", ".join(f"{count:,} {what}" for what, count in counts.most_common())
    return f"{kind} ({seconds:.0f} s): {said}"


def main(seconds: float, seed: int) -> None:
    """Fuzz everything; anything wrong is raised, with what led to it."""
    from tools.fuzzing import gateway as loopback_fuzz_gateway
    from tools.fuzzing import rest as loopback_fuzz_rest

    print(f"seed {seed}, {seconds:.0f} s")
    for kind, run in (("lines", lines), ("packs", packs), ("uploads", uploads)):
        with tempfile.TemporaryDirectory() as folder:
            print(
                told(kind, run(SHARES[kind] * seconds, random.Random(seed), Path(folder)), SHARES[kind] * seconds),
                flush=True,
            )
    for kind, fuzz in (("gateway", loopback_fuzz_gateway.fuzz), ("REST", loopback_fuzz_rest.fuzz)):
        counts, complaints = asyncio.run(fuzz(SHARES[kind] * seconds, seed))
        print(told(kind, counts, SHARES[kind] * seconds), flush=True)
        print(
            "".join(f"  {count:,} in the log, {complaint}\n" for complaint, count in complaints.most_common()), end=""
        )


if __name__ == "__main__":
    main(*(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
