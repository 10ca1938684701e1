"""The words and rooms of the documentation are those of the code."""

from __future__ import annotations

import ast
import importlib
import re
import runpy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
CODE = [path for room in ("src", "bot", "playground") for path in sorted((ROOT / room).rglob("*.py"))]
OTHERS_NAMES = {"get_or_make", "get_metadata"}  # of the cache, and a hook of Datasette


def section(title: str) -> str:
    """The text under a heading of the glossary."""
    return re.split(r"^## ", GLOSSARY.partition(f"## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def rows_of(text: str) -> list[list[str]]:
    """The rows of the tables in a text, without their headers."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [
        row for number, row in enumerate(rows) if not set("".join(row)) <= set("- ") and not is_header(rows, number)
    ]


def is_header(rows: list[list[str]], number: int) -> bool:
    return number + 1 < len(rows) and set("".join(rows[number + 1])) <= set("- ")


TERMS = [row for row in rows_of(GLOSSARY) if len(row) == 3]
NAMED = [(term, name) for term, _, names in TERMS for name in re.findall(r"`([\w.]+)`", names)]
LISTS = [(row[0].strip("`"), row[1].split(", ")) for row in rows_of(section("Lists of values"))]
NOT_USED = frozenset(word for row in rows_of(section("Words not used")) for word in row[0].split(", "))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def module_of(name: str) -> tuple[Path, list[str]]:
    """The file of a dotted name, and the rest of the name that it defines."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        folder = ROOT.joinpath("src" if parts[0] == "salesbot" else "", *parts[:end])
        for path in (folder.with_suffix(".py"), folder / "__init__.py"):
            if path.exists():
                return path, parts[end:]
    raise AssertionError(f"no module holds {name}")


def definitions(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    """What a module or a class defines, by name."""
    found: dict[str, ast.stmt] = {}
    for node in body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                found[node.name] = node
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = node
    return found


@pytest.mark.parametrize(("term", "name"), NAMED)
def test_what_a_term_names_is_defined_there(term, name):
    path, names = module_of(name)
    body = tree_of(path).body
    for part in names:
        defined = definitions(body)
        assert part in defined, f"{term}: {name}"
        body = getattr(defined[part], "body", [])


@pytest.mark.parametrize(("name", "values"), LISTS)
def test_a_list_of_values_is_complete(name, values):
    module, _, alias = name.rpartition(".")
    assert tuple(values) == get_args(getattr(importlib.import_module(module), alias))


def test_each_term_is_explained_once():
    terms = [term for term, _, _ in TERMS]
    assert len(terms) > 60
    assert len(terms) == len(set(terms))
    assert all(meaning.endswith(".") for _, meaning, _ in TERMS)


# names in the code


def names_in(tree: ast.Module) -> Iterator[str]:
    """Every name that code gives: of classes, functions, arguments, variables, fields and imports."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr
            case ast.alias(asname=str(name)):
                yield name


def words_of(name: str) -> set[str]:
    """The words of a name: ``words_of`` and ``WordsOf`` are words and of."""
    return {word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def wrong_names(tree: ast.Module) -> list[str]:
    """The names that use a word which is not used, or begin with ``get_``."""
    names = dict.fromkeys(names_in(tree))
    return [
        name
        for name in names
        if words_of(name) & NOT_USED or (name.lstrip("_").startswith("get_") and name not in OTHERS_NAMES)
    ]


def test_no_name_uses_a_word_that_is_not_used():
    wrong = {str(path.relative_to(ROOT)): wrong_names(tree_of(path)) for path in CODE}
    modules = [str(path.relative_to(ROOT)) for path in CODE if words_of(path.stem) & NOT_USED]
    assert {path: names for path, names in wrong.items() if names} == {}
    assert modules == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def get_price(): ...", ["get_price"]),
        ("class PackManager: ...", ["PackManager"]),
        ("tmp_file = 1", ["tmp_file"]),
        ("def price_on(day, *, my_utils): ...", ["my_utils"]),
        ("self.thoughtful = 1", []),
    ],
)
def test_a_wrong_name_is_seen(code, names):
    assert wrong_names(ast.parse(code)) == names


# rooms


def test_the_picture_of_the_rooms_is_up_to_date():
    drawn = runpy.run_path(str(ROOT / "docs" / "architecture_picture.py"))
    assert drawn["PICTURE"].read_text("utf-8") == drawn["picture"](), "run python docs/architecture_picture.py"


def test_every_room_is_described():
    drawn = runpy.run_path(str(ROOT / "docs" / "architecture_picture.py"))
    rooms = [f"{package}/{room}" for package in drawn["ROOMS"] for layer in drawn["layers"](package) for room in layer]
    assert rooms
    assert [room for room in rooms if f"`{room.rpartition('/')[2]}" not in ARCHITECTURE] == []


def test_every_file_and_name_of_the_architecture_page_exists():
    paths = set(re.findall(r"`((?:src/salesbot|bot|playground|tools|docs|tests)/[\w./-]+)`", ARCHITECTURE))
    assert len(paths) > 40
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    code = "\n".join(path.read_text("utf-8") for path in CODE)
    named = set(re.findall(r"`(\w+(?:\.\w+)*)\(?\)?`", ARCHITECTURE)) - drawn_rooms()
    identifiers = {name for name in named if re.search(r"[a-z]_[a-z]|^[A-Z][a-z]+[A-Z]", name)}
    assert [name for name in sorted(identifiers) if name.rpartition(".")[2] not in code] == []


def drawn_rooms() -> set[str]:
    rooms = runpy.run_path(str(ROOT / "docs" / "architecture_picture.py"))["ROOMS"]
    return {room for of_package in rooms.values() for room in of_package}
