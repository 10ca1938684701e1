"""Reduces a wrong case to the fewest rows that are wrong for the same reason, and writes it as a small folder."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import engine
from .compare import Fault
from .judging import judge_line
from .packs import Tables, write_pack
from .reference import read_pack


@dataclass(frozen=True)
class Case:
    """A line that is answered wrongly, with the tables it needs."""

    line: str
    tables: Tables
    faults: tuple[Fault, ...]
    headline: str


def kind_of(fault: Fault) -> str:
    """What makes two faults one kind: the rule, and the exit code if that is what is wrong."""
    return f"{fault.why} ({fault.got.partition(':')[0]})" if fault.got.startswith("exit ") else fault.why


def ask(line: str, tables: Tables, folder: Path) -> Case | None:
    """The case if the line is answered wrongly on these tables; raises ``engine.Invalid`` where they make no pack."""
    write_pack(tables, folder)
    try:
        judged = judge_line(line, folder, read_pack(folder))
    finally:
        engine.close()
    error = judged.json.get("error") or {}
    message = f"exit {judged.exit}: {judged.json.get('headline') or error.get('message', '')}"
    return Case(line, tables, judged.judgement.faults, message) if judged.judgement.verdict == "wrong" else None


def shrink(line: str, tables: Tables, kind: str) -> Case:
    """The smallest case found by taking rows away while it stays wrong for the same reason."""
    with tempfile.TemporaryDirectory(prefix="oracle-shrink-") as aside:
        folder = Path(aside)
        best = _wrong_so(line, tables, kind, folder)
        if best is None:
            raise ValueError("the case is not wrong for this reason")
        is_smaller = True
        while is_smaller:
            is_smaller = False
            for table in (
                "claims",
                "events",
                "prices",
                "stores",
                "orders",
                "launches",
                "names",
                "sources",
                "places",
                "metrics",
            ):
                for row in list(best.tables.get(table, [])):
                    fewer = {name: [r for r in rows if r is not row] for name, rows in best.tables.items()}
                    smaller = _wrong_so(line, fewer, kind, folder)
                    if smaller is not None:
                        best, is_smaller = smaller, True
        return best


def _wrong_so(line: str, tables: Tables, kind: str, folder: Path) -> Case | None:
    try:
        case = ask(line, tables, folder)
    except (engine.Invalid, KeyError, StopIteration):
        return None
    return case if case is not None and any(kind_of(fault) == kind for fault in case.faults) else None


def described(case: Case, kind: str) -> str:
    """The case as a page: the line, what it says, what is right, and why."""
    lines = [f"# {kind}", "", f"- line: `{case.line}`", f"- says: {case.headline}"]
    for fault in case.faults:
        lines += [f"- why: {fault.why}", f"  - right: {fault.wanted}", f"  - got: {fault.got}"]
    return "\n".join(lines) + "\n"


def write_case(case: Case, kind: str, folder: Path) -> None:
    write_pack(case.tables, folder)
    (folder / "case.md").write_text(described(case, kind), encoding="utf-8")
