"""Questions about the launch that packs of any size share: the same words each time, or new ones each time.

Everything else in such a pack happened before 2022, so any two days from then on touch the same facts in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.asked import Asked
from bot.state.custom_ids import TEMPLATE
from tools.loopback_discord.server import LoopbackDiscord

Typed = Mapping[str, str]
DAYS = 700
FACTS = re.compile(r"Facts [^\n]*<t:[^\n]*")  # the small print on them


@dataclass(frozen=True)
class Kind:
    """One kind of interaction: a command, or the completing of one of its options. ``nth`` types what was not typed
    before; a kind without it can be asked in one way only."""

    name: str
    command: str
    usual: Typed
    nth: Callable[[int], Typed] | None = None
    completing: str | None = None

    def ask(self, world: LoopbackDiscord, typed: Typed) -> Asked:
        if self.completing is not None:
            return world.autocomplete(self.command, self.completing, typed[self.completing])
        return world.slash(self.command, **typed)


def day(n: int) -> str:
    return str(date(2022, 1, 1) + timedelta(days=n % DAYS))


def until(n: int) -> str:
    """A last day that moves on once all the first days were used."""
    return str(date(2024, 12, 31) + timedelta(days=n // DAYS))


def total(n: int) -> Typed:
    return {"launch": "probe-one", "within": f"{n + 73}h"}


def events(n: int) -> Typed:
    return {"since": day(n), "until": str(date(2024, 5, 31) + timedelta(days=n // DAYS))}


ONE = {"model": "probe-one"}
YEAR = {"since": "2024-01-01", "until": "2024-12-31"}
COMMANDS = (
    Kind("/orders total", "orders total", {"launch": "probe-one", "within": "72h"}, total),
    Kind("/orders progress", "orders progress", {"launch": "probe-one"}, total),
    Kind("/orders stores", "orders stores", {"launch": "probe-one"}, total),
    Kind(
        "/prices show",
        "prices show",
        ONE | {"on": "2024-04-10"},
        lambda n: ONE | {"on": str(date(2024, 4, 11) + timedelta(days=n))},
    ),
    Kind(
        "/prices changes, a model", "prices changes", ONE | YEAR, lambda n: ONE | {"since": day(n), "until": until(n)}
    ),
    Kind("/prices changes, all", "prices changes", YEAR, lambda n: {"since": day(n), "until": until(n)}),
    Kind("/prices history", "prices history", ONE, lambda n: ONE | {"since": day(n), "until": until(n)}),
    Kind("/timeline events", "timeline events", {"since": "2024-05-01", "until": "2024-05-31"}, events),
    Kind("/claims list", "claims list", {}),
    Kind("/claims check", "claims check", {"claim": "probe-claim"}),
)
COMPLETIONS = tuple(
    Kind(f"completing “{text}”", "orders total", {"launch": text}, completing="launch")
    for text in ("prob", "car", "汽车", "ar 7")
)

MISTAKES = (
    Kind("a name that nothing has", "orders total", {"launch": "nothing"}, lambda n: {"launch": f"nothing {n}"}),
)


def version_of(asked: Asked) -> str | None:
    """The facts that an answer rests on, as its buttons carry them."""
    found = (TEMPLATE.fullmatch(custom_id) for custom_id in asked.buttons.values())
    return next((match["version"] for match in found if match), None)


def said(asked: Asked) -> str:
    """An answer's text without the version and its time."""
    return FACTS.sub("", asked.text)
