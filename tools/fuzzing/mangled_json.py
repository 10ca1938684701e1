"""JSON as nobody should send it: a true value with something in it taken away, changed or added."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from tools.loopback_discord.payloads import Json

ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2**70,
    -(2**63),
    1e308,
    99,
    255,
    "",
    "0",
    "x",
    "@everyone",
    "<@1>",
    "\u202ex",
    "\x00",
    "x" * 5000,
    "-1",
    "1e999",
    "NaN",
    "９",
    "de-XX",
    "1190000000000000010",
    [],
    {},
    [None],
    {"": None},
    {"id": None},
    [[[[None]]]],
    {"a": {"b": {"c": [None, {}]}}},
    ["x"] * 300,
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a value with each of its keys."""
    inside: list[tuple[Any, Any]]
    if isinstance(value, dict):
        inside = [(value, key) for key in value]
    elif isinstance(value, list):
        inside = [(value, index) for index in range(len(value))]
    else:
        return []
    return inside + [place for container, key in inside for place in places(container[key])]


def mangled(value: Json, chance: random.Random, most: int = 3, keep: frozenset[str] = frozenset()) -> Json:
    """A copy with up to ``most`` changes; the keys in ``keep`` stay as they are."""
    found = copy.deepcopy(value)
    for _ in range(chance.randint(1, most)):
        open_places = [(container, key) for container, key in places(found) if key not in keep]
        if open_places:
            _change(*chance.choice(open_places), chance)
    return found


def _change(container: Any, key: Any, chance: random.Random) -> None:
    how = chance.randrange(8)
    old = container[key]
    if how == 0:
        del container[key]
    elif how == 1:
        container[key] = [old] if chance.random() < 0.5 else {"value": old}
    elif how == 2 and isinstance(container, dict):
        container[
            chance.choice(["unknown", "type", "flags", "components", "options", "resolved", "user", "member"])
        ] = copy.deepcopy(chance.choice(ODD))
    elif how == 3 and isinstance(old, list):
        container[key] = old * chance.choice([0, 2, 30])
    elif how == 4 and isinstance(old, int) and not isinstance(old, bool):
        container[key] = chance.choice([old + 1, -old, old + 100, str(old), float(old)])
    elif how == 5 and isinstance(old, str):
        container[key] = chance.choice([old[::-1], old.upper(), old + "x", old * 50, old[:1]])
    else:
        container[key] = copy.deepcopy(chance.choice(ODD))


def broken_text(value: Any, chance: random.Random) -> bytes:
    """JSON as bytes that are cut, damaged, empty or something else altogether."""
    data = json.dumps(value).encode()
    at = chance.randrange(len(data) + 1)
    return chance.choice(
        [
            b"",
            data[:at],
            data[:at] + b"\xff" + data[at:],
            data[:at] + b"\0" + data[at:],
            b"null",
            b"[]",
            b'"text"',
            b"NaN",
            b"-1",
            b"[" * 5000,
            b"{}",
            b"<html>x</html>",
            data + data,
            b"\xef\xbb\xbf" + data,
            data.decode().encode("utf-16"),
            b'{"retry_after":1e999}',
            b"9" * 5000,
        ]
    )
