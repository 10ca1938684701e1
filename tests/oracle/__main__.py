"""``python -m tests.oracle --packs N --questions M --seed S [--out DIR] [--verb VERB …]``."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from .run import Result, Wrong, run_packs
from .shrink import described, shrink, write_case


def main() -> int:
    chosen = _arguments()
    began = time.monotonic()
    result = run_packs(chosen.packs, chosen.questions, chosen.seed, tuple(chosen.verb or ()), first=chosen.first)
    _print_table(result)
    print(
        f"\n{chosen.packs - result.invalid} packs in {time.monotonic() - began:.0f} s; {result.invalid} refused by check"
    )
    for problem, number in result.problems.most_common(5):
        print(f"  refused {number} times, as: {problem}")
    if chosen.unsure:
        for reason, number in result.unsure.most_common(40):
            print(f"  no opinion {number} times: {reason}")
    _print_kinds(result, chosen.out, chosen.shrink)
    print(f"\n{result.total('right')} right, {result.total('wrong')} wrong, {result.total('no opinion')} no opinion")
    return 1 if result.total("wrong") else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--packs", type=int, default=150)
    parser.add_argument("--questions", type=int, default=15)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="number of the first pack")
    parser.add_argument("--out", type=Path, help="write each kind of wrong answer as a small pack into this folder")
    parser.add_argument("--verb", action="append", help="ask only this verb, such as '/orders total'; may be repeated")
    parser.add_argument("--unsure", action="store_true", help="print why there was no opinion")
    parser.add_argument("--shrink", type=int, default=60, help="shrink at most so many kinds of wrong answers")
    return parser.parse_args()


def _print_table(result: Result) -> None:
    print(f"{'verb':18} {'right':>7} {'wrong':>7} {'no opinion':>11}")
    for verb in sorted({verb for verb, _ in result.counts}):
        numbers = [result.counts[verb, verdict] for verdict in ("right", "wrong", "no opinion")]
        print(f"{verb:18} {numbers[0]:>7} {numbers[1]:>7} {numbers[2]:>11}")


def _print_kinds(result: Result, out: Path | None, most: int) -> None:
    numbers: Counter[str] = Counter(result.kinds)
    for place, (kind, number) in enumerate(numbers.most_common()):
        print(f"\n{number} x {kind}")
        if place < most and result.examples[kind].line:
            _print_smallest(result.examples[kind], kind, None if out is None else out / f"{place + 1:02}")
        sys.stdout.flush()


def _print_smallest(example: Wrong, kind: str, folder: Path | None) -> None:
    case = shrink(example.line, example.tables, kind)
    for line in described(case, kind).splitlines()[2:]:
        print(f"  {line[:400]}")
    for table in ("launches", "stores", "orders", "prices", "events", "claims"):
        for row in case.tables.get(table, []):
            print(
                f"    {table}: " + ",".join(f"{k}={v}" for k, v in row.items() if v and k not in ("note", "announced"))
            )
    if folder is not None:
        write_case(case, kind, folder)


if __name__ == "__main__":
    sys.exit(main())
