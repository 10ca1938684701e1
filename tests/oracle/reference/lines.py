"""The slash line, read again by the rules of section 2."""

from __future__ import annotations

import re
from dataclasses import dataclass

OPTIONS = {
    "/orders total": ("launch", "within", "at", "metric"),
    "/orders stores": ("launch", "within", "at"),
    "/orders progress": ("launch", "at", "within", "metric"),
    "/orders compare": ("launches", "within", "at", "metric"),
    "/orders whatif": ("launch", "within", "at", "stores", "orders_per_store", "lock_in_rate", "orders"),
    "/prices show": ("model", "trim", "on", "region"),
    "/prices changes": ("model", "trim", "brand", "since", "until", "after", "region"),
    "/prices history": ("model", "trim", "since", "until", "region"),
    "/prices compare": ("models", "trim", "on", "region"),
    "/timeline check": ("first", "second"),
    "/timeline gap": ("first", "second"),
    "/timeline when": ("what",),
    "/timeline events": ("who", "since", "until"),
    "/claims list": ("speaker", "launch", "verdict"),
    "/claims check": ("claim",),
    "/sources show": ("id",),
}
NEEDED = {
    "launch": ("/orders total", "/orders stores", "/orders progress"),
    "model": ("/prices show", "/prices history"),
}
ALWAYS_NEEDED = ("launches", "models", "first", "second", "what", "claim", "id")
METRICS = (
    "orders", "locked_orders", "reservations", "deliveries", "orders_per_store", "lock_in_rate", "cancellation_rate",
    "sales_stores", "display_stores", "cities", "unstated",
)  # fmt: skip
COUNTS = ("orders", "locked_orders", "reservations", "deliveries")
_TOKEN = re.compile(r'(\w+):(?:"((?:[^"\\]|\\.)*)"|(\S+))|(\S+)')
_DURATION = re.compile(r"(\d+)(m|h|d|w)")
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


class WrongLine(Exception):
    """A line that asks nothing: an unknown, repeated or missing option, or a mistyped command."""


@dataclass(frozen=True)
class Line:
    """The verb and the options of a slash line."""

    verb: str
    options: dict[str, str]

    def get(self, name: str) -> str | None:
        return self.options.get(name)


def read_line(line: str) -> Line:
    """Raises ``WrongLine``."""
    words: list[str] = []
    given: dict[str, str] = {}
    for name, quoted, plain, word in _TOKEN.findall(line):
        if word:
            words.append(word)
        elif name in given:
            raise WrongLine(f"{name} twice")
        else:
            given[name] = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
    verb = "/" + " ".join(words).lstrip("/")
    if verb not in OPTIONS:
        raise WrongLine(f"no command {verb}")
    for name in given:
        if name not in OPTIONS[verb]:
            raise WrongLine(f"no option {name}")
    for name in OPTIONS[verb]:
        if name not in given and (name in ALWAYS_NEEDED or verb in NEEDED.get(name, ())):
            raise WrongLine(f"{name} missing")
    return Line(verb, given)


def duration(text: str) -> int | None:
    """Seconds of ``72h``, ``90m``, ``3d`` or ``1w``; None if it is no duration."""
    match = _DURATION.fullmatch(text)
    return int(match[1]) * _SECONDS[match[2]] if match else None
