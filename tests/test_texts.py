"""Texts for people stand in ``salesbot.words`` alone, and its tables fit the code that uses them.

A text for people is a string with two English words in it that is no docstring and no name, and that no rule of
``ALLOWED`` takes for something else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from bot.charts.picture.chart import ChartTexts
from salesbot import errors
from salesbot.answers.figures import Reason
from salesbot.facts import BUILT_IN, TABLES, columns
from salesbot.facts.vocabulary import PRICE_TYPES, Grade
from salesbot.questions.question import QUESTIONS, NamedThing, options
from salesbot.settings import Settings
from salesbot.words.english import errors as e
from salesbot.words.english import terms, texts
from salesbot.words.formatting import fields

ROOT = Path(__file__).parents[1]
WORDS_ROOM = ROOT / "src" / "salesbot" / "words"
CODE = [path for room in ("src/salesbot", "bot", "playground") for path in sorted((ROOT / room).rglob("*.py"))]
NOT_SHOWN = {"AssertionError", "KeyError", "RuntimeError", "TimeoutError", "TypeError", "ValueError"}
SQL = re.compile(
    r"\s*(select\b.*\bfrom\b|select 1\b|insert (or \w+ )?into|update (or \w+ )?[\w.]+ set|delete from|pragma \w+"
    r"|begin immediate|explain query plan|with \w+ as \(|set transaction|alter table"
    r"|create (temp )?(table|index|trigger|schema) if not exists|\{\} for update)",
    re.DOTALL,
)
PRAGMA = re.compile(r"\w+ = [\w-]+")
WORDS_THAT_PEOPLE_TYPE = {
    "_SECONDS",
    "_WORDS",
    "OTHER_NAMES",
    "MEANINGS",
    "METRICS",
    "SCALES",
}  # tables of words that are read, not written
# Texts that still stand outside of words/. A new one fails, and so does one listed here that is gone.
KNOWN = {
    ("src/salesbot/values/zones.py", "the names of zones"),
}


class Text(NamedTuple):
    """A string of the code: its file, what it says with ``{}`` for values, and the nodes around it, innermost first."""

    path: Path
    line: int
    text: str
    around: tuple[ast.AST, ...]

    @property
    def place(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def strings_in(path: Path) -> tuple[Text, ...]:
    """Every string of a file."""
    return tuple(strings_of(tree_of(path), path))


def strings_of(node: ast.AST, path: Path, around: tuple[ast.AST, ...] = ()) -> Iterator[Text]:
    """Every string below a node, an f-string as one."""
    text = text_of(node)
    if text is not None:
        yield Text(path, getattr(node, "lineno", 0), text, around)
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant):
            continue
        yield from strings_of(child, path, (node, *around))


def text_of(node: ast.AST | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def english_words(text: str) -> int:
    """How many words of three letters or more a text has; names with other signs inside are none."""
    return sum(bool(re.fullmatch(r"[A-Za-z]{3,}", word.strip("\"'.,;:!?()“”…"))) for word in text.split())


@cache
def literal_values() -> frozenset[object]:
    """The fixed words of every ``Literal``: values such as ``cannot tell``, which ``words/`` puts into a sentence."""
    subscripts = [node for path in CODE for node in ast.walk(tree_of(path)) if isinstance(node, ast.Subscript)]
    literals = [node.slice for node in subscripts if ast.unparse(node.value) == "Literal"]
    return frozenset(node.value for one in literals for node in ast.walk(one) if isinstance(node, ast.Constant))


def call_around(text: Text) -> str:
    """The name of the function that a string is an argument of, also inside a tuple or a condition."""
    for node in text.around:
        if isinstance(node, ast.Call):
            return ast.unparse(node.func)
        if not isinstance(node, ast.Tuple | ast.IfExp | ast.keyword | ast.BinOp | ast.JoinedStr | ast.FormattedValue):
            return ""
    return ""


def assigned_to(text: Text) -> set[str]:
    """The names that a string is assigned to, alone or inside a table."""
    for node in text.around:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            return {ast.unparse(target) for target in targets}
        if isinstance(node, ast.stmt | ast.Call):
            return set()
    return set()


ALLOWED: dict[str, Callable[[Text], bool]] = {
    "a docstring": lambda text: isinstance(text.around[0], ast.Expr),
    "a line of the log": lambda text: call_around(text).startswith("log."),
    "SQL": lambda text: call_around(text) == "sql" or bool(SQL.match(text.text)),
    "a pragma": lambda text: bool(PRAGMA.fullmatch(text.text)),
    "a regular expression": lambda text: call_around(text).startswith("re."),
    "an exception that nobody is shown": lambda text: call_around(text) in NOT_SHOWN,
    "a fixed value": lambda text: text.text in literal_values() or assigned_to(text) == {"kind"},
    "a key of a cache": lambda text: call_around(text).endswith(".cached"),
    "a command": lambda text: bool(re.fullmatch(r"/[a-z]+( [a-z]+){1,2}", text.text)),
    "a unit": lambda text: call_around(text) == "whole",
    "a type": lambda text: "|" in text.text and "tuple[" in text.text,
    "words that people type": lambda text: bool(assigned_to(text) & WORDS_THAT_PEOPLE_TYPE),
    "command lines": lambda text: all(line.split()[0] in ("salesbot", "\\b") for line in lines(text.text)),
    "a font": lambda text: call_around(text) == "Font",
    "the server of the playground": lambda text: call_around(text).endswith("create_guild"),
}


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def pieces(text: Text) -> Iterator[str]:
    """What is looked at in a string: all of it, or of SQL the texts in quotes."""
    if ALLOWED["SQL"](text) and not isinstance(text.around[0], ast.Expr):
        yield from (quoted.strip() for quoted in re.findall(r"'([^']*)'", text.text))
    elif not any(is_allowed(text) for is_allowed in ALLOWED.values()):
        yield text.text


@cache
def texts_outside_of_words() -> list[tuple[str, int, str]]:
    strings = [text for path in CODE if WORDS_ROOM not in path.parents for text in strings_in(path)]
    return [(text.place, text.line, piece) for text in strings for piece in pieces(text) if english_words(piece) >= 2]


def known(place: str, text: str) -> tuple[str, str]:
    """A text as ``KNOWN`` lists it."""
    return place, "the names of zones" if place.endswith("zones.py") else text


def test_no_text_for_people_stands_outside_of_words():
    new = [one for one in texts_outside_of_words() if known(one[0], one[2]) not in KNOWN]
    assert not new, "move these to src/salesbot/words/: " + "; ".join(f"{p}:{line} {text!r}" for p, line, text in new)


def test_a_text_that_moved_to_words_is_no_longer_listed():
    gone = KNOWN - {known(place, text) for place, _, text in texts_outside_of_words()}
    assert not gone, f"take these out of KNOWN: {gone}"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ('reply("There is no such launch")', "There is no such launch"),
        ('reply(f"There is no {kind} called {name}")', "There is no {} called {}"),
        ("read(\"select 'this row is broken' from rows\")", "this row is broken"),
    ],
)
def test_a_text_outside_of_words_is_seen(code, says):
    found = [piece for text in strings_of(ast.parse(code), CODE[0]) for piece in pieces(text)]
    assert [piece for piece in found if english_words(piece) >= 2] == [says]


# the tables of keys


class Use(NamedTuple):
    """A key that a call gives to the language tables, ``{}`` for what is put into it, and the values beside it."""

    place: str
    key: str
    values: frozenset[str] | None  # None where they are not written out

    def __str__(self) -> str:
        return f"{self.place} {self.key}"


ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
KEY_IS_SECOND = {"refused": 1, "_print_section": 1, "with_progress": 1}
NOT_VALUES = {"refused": {"row", "found"}}  # arguments of a call that are no values of its text
ADDED = {"about", "how"}  # values that the language adds itself
ALL_KEYS = {**e.ERRORS, **e.EXPECTED, **texts.CARDS}


def uses_in(path: Path) -> Iterator[Use]:
    """The keys that the calls of a file name as literals."""
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        is_error = called in ERRORS - {"PackRefused", "Problem"} or called in ("FactsMoved", "Refused")
        if not (is_error or called in ("text", "message", *KEY_IS_SECOND)):
            continue
        index = KEY_IS_SECOND.get(called, 0)
        if len(node.args) <= index:
            continue
        named = [keyword.arg for keyword in node.keywords]
        values = (
            None if None in named else frozenset(str(name) for name in named) - NOT_VALUES.get(called, {"candidates"})
        )
        for key in filter(None, keys_of(node.args[index])):
            place = f"{path.relative_to(ROOT)}:{node.lineno}"
            yield Use(place, key, values if called not in ("_print_section", "with_progress") else None)


def keys_of(node: ast.expr) -> list[str]:
    """The keys that an argument can be, as far as they are written out."""
    if isinstance(node, ast.IfExp):
        return [*keys_of(node.body), *keys_of(node.orelse)]
    text = text_of(node)
    return [] if text is None else [text]


@cache
def uses() -> tuple[Use, ...]:
    return tuple(use for path in CODE for use in uses_in(path))


def keys_like(key: str) -> set[str]:
    """The keys of the tables that a key with ``{}`` in it can be."""
    pattern = re.compile(".+".join(map(re.escape, key.split("{}"))))
    return {known for known in ALL_KEYS if pattern.fullmatch(known)}


def fields_of(key: str) -> set[str]:
    """The values that the texts of a key take."""
    template = ALL_KEYS[key]
    return set().union(*map(fields, (template,) if isinstance(template, str) else template))


def test_every_key_that_the_code_uses_has_a_text():
    assert len(uses()) > 250
    assert [str(use) for use in uses() if not keys_like(use.key)] == []


def test_every_text_is_used():
    """Used is a key that a call names, or that stands in the code by itself, as in a table or before a call."""
    outside = [path for path in CODE if path.name not in ("texts.py", "errors.py") or WORDS_ROOM not in path.parents]
    strings = {text.text for path in outside for text in strings_in(path)}
    parts = {text for text in strings if re.fullmatch(r"[a-z_]+_\{\}|\{\}_[a-z_]+", text)}
    used = strings.union(*map(keys_like, parts), *(keys_like(use.key) for use in uses()))
    assert sorted(set(ALL_KEYS) - used) == []


def test_a_key_stands_in_one_table_only():
    tables = (e.ERRORS, e.EXPECTED, texts.CARDS)
    assert len(ALL_KEYS) == sum(map(len, tables))


def lacks(use: Use) -> set[str]:
    """The values that the text of a call takes and that the call does not give."""
    if use.values is None or use.key not in ALL_KEYS:
        return set()
    return fields_of(use.key) - ADDED - use.values


def test_a_text_gets_every_value_that_it_takes():
    assert [f"{use} lacks {lacks(use)}" for use in uses() if lacks(use)] == []


def test_a_value_that_a_text_does_not_take_is_seen():
    assert lacks(Use("somewhere", "launch_not_in_facts", frozenset({"id"}))) == {"name"}


# the tables of things


def test_every_command_and_option_is_described():
    asked = {question.verb for question in QUESTIONS}
    groups = {f"/{verb[1:].split()[0]}" for verb in asked}
    data = {key for key in texts.COMMANDS if key.startswith("/data")}
    assert set(texts.COMMANDS) == asked | groups | data | {"/help", "/about", "/settings", "/follow", "/ask"}
    named = {text for path in (ROOT / "bot").rglob("*.py") for text in (one.text for one in strings_in(path))}
    assert data <= named
    declared = {option.name for question in QUESTIONS for option in options(question)}
    of_bot = set(texts.OPTIONS) - declared
    assert declared <= set(texts.OPTIONS)
    assert {name.rpartition(".")[2] for name in of_bot} <= named


def test_every_table_column_and_kind_of_cell_is_described_and_no_other():
    infos = [(table, info) for table, model in TABLES.items() for info in columns(model).values()]
    assert set(texts.TABLES) == set(TABLES)
    assert set(texts.CELLS) == {info.cell.name for _, info in infos}
    described = {
        f"{table}.{info.name}" if f"{table}.{info.name}" in texts.COLUMNS else info.name for table, info in infos
    }
    assert described == set(texts.COLUMNS)


def test_every_fixed_value_has_a_word():
    assert set(terms.REASONS) == set(get_args(Reason))
    assert set(terms.GRADES) == set(get_args(Grade))
    assert {*BUILT_IN, *PRICE_TYPES} <= set(terms.METRICS)
    assert set(e.KINDS) >= set(get_args(NamedThing))
    assert set(texts.SETTINGS) == set(Settings.__struct_fields__)


def test_a_chart_is_given_every_text_it_writes():
    assert set(texts.CHART) == set(ChartTexts._fields)
