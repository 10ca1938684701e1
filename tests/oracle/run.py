"""Asks random packs and counts what is right, wrong and without an opinion; memory does not grow with the packs."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from . import engine
from .bad_packs import spoiled
from .judging import judge_line
from .packs import Tables, make_pack, write_pack
from .questions import Asker
from .reference import read_pack
from .shrink import kind_of


@dataclass(frozen=True)
class Wrong:
    """The first example of a kind of wrong answer; without a line it is a pack that ``check`` should refuse."""

    line: str
    tables: Tables


@dataclass
class Result:
    """How many answers were right, wrong or without an opinion, by verb, and each kind of wrong ones once."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Wrong] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)
    unsure: Counter[str] = field(default_factory=Counter)
    invalid: int = 0

    def total(self, verdict: str) -> int:
        return sum(number for (_, found), number in self.counts.items() if found == verdict)

    def wrong(self, kind: str, line: str, tables: Tables) -> None:
        self.kinds[kind] += 1
        self.examples.setdefault(kind, Wrong(line, tables))


def run_packs(packs: int, questions: int, seed: str, verbs: tuple[str, ...] = (), *, first: int = 0) -> Result:
    """Make packs, ask each of them questions, and judge every answer."""
    result = Result()
    features = engine.features()
    with tempfile.TemporaryDirectory(prefix="oracle-packs-") as aside:
        for number in range(first, first + packs):
            tables = make_pack(f"{seed}-{number}", features)
            lines = Asker(tables, Random(f"questions-{seed}-{number}")).lines(questions, verbs)
            _ask(result, tables, Path(aside) / f"pack-{number}", lines)
            if not verbs or "check" in verbs:
                _check(result, tables, Path(aside) / f"spoiled-{number}", Random(f"spoil-{seed}-{number}"))
    return result


def _ask(result: Result, tables: Tables, folder: Path, lines: list[tuple[str, str]]) -> None:
    write_pack(tables, folder)
    try:
        engine.open_pack(folder)
    except engine.Invalid as invalid:
        result.invalid += 1
        result.problems[str(invalid)[:300]] += 1
    else:
        pack = read_pack(folder)
        for verb, line in lines:
            judged = judge_line(line, folder, pack)
            result.counts[verb, judged.judgement.verdict] += 1
            if judged.judgement.verdict == "no opinion":
                result.unsure.update(judged.expectation.unsure or [f"nothing to check: {verb}"])
            for kind in dict.fromkeys(map(kind_of, judged.judgement.faults)):
                result.wrong(kind, line, tables)
    engine.close()
    shutil.rmtree(folder)


def _check(result: Result, tables: Tables, folder: Path, rng: Random) -> None:
    """Whether ``check`` refuses a pack with one fault."""
    bad = spoiled(tables, rng)
    if bad is None:
        return
    fault, spoiled_tables = bad
    write_pack(spoiled_tables, folder)
    try:
        engine.open_pack(folder)
    except engine.Invalid:
        result.counts["check", "right"] += 1
    else:
        result.counts["check", "wrong"] += 1
        result.wrong(f"8.16: check refuses {fault}", "", spoiled_tables)
    engine.close()
    shutil.rmtree(folder)
