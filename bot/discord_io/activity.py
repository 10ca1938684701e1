"""What the bot has done since it started, in numbers: no texts, and nobody's id."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # upper bounds of the classes of a first reply's time
KINDS = {3: "button", 4: "completion", 5: "form"}
SUBCOMMANDS = (1, 2)  # types of an option that is a subcommand or a group of them
MOST_WAITING = 10_000
MOST_KINDS = 200  # a release has about fifty commands


class Activity:
    """Counts of a process: interactions by command, what was refused by its reason, first replies by their time."""

    def __init__(self) -> None:
        self.began = time.time()
        self.interactions: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.replies_within = [0] * (len(SECONDS) + 1)
        self.seconds_of_replies = 0.0
        self.sessions: Counter[str] = Counter()
        self._waiting: OrderedDict[str, float] = OrderedDict()

    def arrive(self, data: Mapping[str, Any]) -> None:
        """An interaction has come, as Discord sends it."""
        kind = KINDS.get(data.get("type", 0)) or "/" + " ".join(_path(data.get("data") or {}))
        self.interactions[kind if kind in self.interactions or len(self.interactions) < MOST_KINDS else "other"] += 1
        self._waiting[str(data.get("token"))] = time.monotonic()
        if len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)

    def reply(self, token: str) -> None:
        """A request about an interaction has reached Discord; the first one counts."""
        since = self._waiting.pop(token, None)
        if since is not None:
            took = time.monotonic() - since
            self.replies_within[sum(took > bound for bound in SECONDS)] += 1
            self.seconds_of_replies += took

    def refuse(self, reason: str) -> None:
        """An interaction was answered by an error."""
        self.errors[reason] += 1


def _path(data: Mapping[str, Any]) -> Sequence[str]:
    """The name of a command with its subcommands."""
    path = [str(data.get("name", ""))[:64]]
    options = data.get("options") or []
    while options and options[0].get("type") in SUBCOMMANDS:
        path.append(str(options[0].get("name", ""))[:64])
        options = options[0].get("options") or []
    return path
