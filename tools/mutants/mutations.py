"""The small faults that can be put into a module, found in its syntax tree and written into its text."""

from __future__ import annotations

import ast
import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

OPERATORS: dict[type[ast.AST], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
    ast.And: ("and", ("or",)),
    ast.Or: ("or", ("and",)),
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("//",)),
    ast.Div: ("/", ("*",)),
    ast.FloorDiv: ("//", ("/",)),
    ast.BitOr: ("|", ("&",)),
    ast.BitAnd: ("&", ("|",)),
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
LOGGERS = {"log", "_log", "logger", "logging"}


@dataclass(frozen=True)
class Mutant:
    """A module with one small fault."""

    path: str
    line: int
    key: str
    original: str
    text: str

    @property
    def is_python(self) -> bool:
        """Whether the text with the fault can be compiled."""
        try:
            compile(self.text, self.path, "exec")
        except SyntaxError:
            return False
        return True

    @property
    def diff(self) -> str:
        """The lines that differ."""
        lines = difflib.unified_diff(self.original.splitlines(), self.text.splitlines(), n=0, lineterm="")
        return "\n".join(f"    {line}" for line in list(lines)[3:])


@dataclass(frozen=True)
class Edit:
    """Bytes ``start`` to ``end`` of a module replaced; ``place`` names the function it stands in."""

    start: int
    end: int
    new: str
    place: str


def sample(root: Path, paths: Iterable[str], count: int, seed: int) -> list[Mutant]:
    """``count`` mutants of the modules under ``paths``: the same for the same seed while the code they are in stays."""
    found = [mutant for path in modules(root, paths) for mutant in mutants(root, path)]
    found.sort(key=lambda mutant: hashlib.sha256(f"{seed} {mutant.key}".encode()).digest())
    chosen = islice((mutant for mutant in found if mutant.is_python), count)
    return sorted(chosen, key=lambda mutant: (mutant.path, mutant.line, mutant.key))


def modules(root: Path, paths: Iterable[str]) -> list[str]:
    """The modules at and under ``paths``, which are relative to ``root``."""
    files = (
        file for path in paths for file in ([root / path] if path.endswith(".py") else (root / path).rglob("*.py"))
    )
    return sorted({file.relative_to(root).as_posix() for file in files})


def mutants(root: Path, path: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    original = (root / path).read_text(encoding="utf-8")
    data, lines = original.encode(), original.splitlines()
    seen: Counter[str] = Counter()
    for edit in _Finder(data).edits(ast.parse(original)):
        text = (data[: edit.start] + edit.new.encode() + data[edit.end :]).decode()
        line = data.count(b"\n", 0, edit.start) + 1
        key = f"{path} {edit.place} {lines[line - 1].strip()} {edit.new}"
        seen[key] += 1
        yield Mutant(path, line, f"{key} {seen[key]}", original, text)


class _Finder:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.starts = [0, *(match.end() for match in re.finditer(rb"\n", data))]

    def edits(self, node: ast.AST, place: str = "") -> Iterator[Edit]:
        """The faults in a node and below it, outside annotations, decorators, asserts and log lines."""
        if isinstance(node, ast.Assert) or _is_for_types(node) or _is_log(node):
            return
        for start, end, new in self._own(node):
            yield Edit(start, end, new, place)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            place = f"{place}.{node.name}"
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "keywords") and not isinstance(node, ast.Call):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self.edits(child, place)

    def _own(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        match node:
            case ast.Compare(left, ops, comparators):
                for a, op, b in zip([left, *comparators], ops, comparators, strict=False):
                    yield from self._operator(a, op, b)
            case ast.BoolOp(op, values):
                for a, b in pairwise(values):
                    yield from self._operator(a, op, b)
            case ast.BinOp(a, op, b):
                yield from self._operator(a, op, b)
            case ast.AugAssign(target, op, value):
                yield from self._operator(target, op, value)
            case ast.UnaryOp(ast.Not(), operand):
                yield *self._span(node), f"({self._text(operand)})"
            case ast.Constant(bool() as value):
                yield *self._span(node), str(not value)
            case ast.Constant(int() as value) if value in (0, 1):
                yield *self._span(node), str(value + 1)
            case ast.Return(ast.AST() as value) if not _is_nothing(value):
                yield *self._span(node), "return None"
            case ast.Call(ast.Name(id) as function) if id in CALLS:
                yield *self._span(function), CALLS[id]
            case ast.Expr(ast.Call()):
                yield *self._span(node), "pass"
            case ast.If(test) | ast.IfExp(test) if not isinstance(test, ast.Compare):
                yield *self._span(test), f"not ({self._text(test)})"

    def _operator(self, left: ast.expr, op: ast.AST, right: ast.expr) -> Iterator[tuple[int, int, str]]:
        if type(op) not in OPERATORS:
            return
        old, news = OPERATORS[type(op)]
        start, end = self._span(left)[1], self._span(right)[0]
        pattern = re.escape(old).replace(r"\ ", r"\s+").encode()
        found = re.search(pattern, self.data[start:end])
        if found:
            for new in news:
                yield start + found.start(), start + found.end(), new

    def _span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self.data[start:end].decode()


def _is_nothing(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _is_log(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and isinstance(node.value.func.value, ast.Name)
        and node.value.func.value.id in LOGGERS
    )
