"""What this process remembers of reports: which figures each person has reported."""

from __future__ import annotations

import time
from collections import OrderedDict

from salesbot.errors import Refused

MOST_REPORTS, SECONDS = 10, 3600.0  # of a person in a server within these seconds
MOST_PEOPLE = 10_000

Figure = tuple[str, str]


class ReportsTaken:
    """Each figure is taken once from each person in each server, and so many an hour, as long as the process runs."""

    def __init__(self) -> None:
        self._taken: OrderedDict[tuple[int, int], dict[Figure, float]] = OrderedDict()

    def take(self, server: int, user: int, line: str, figure: str) -> None:
        """Note that a person reports a figure. Raises ``Refused`` if they have, or report too much."""
        now, taken = time.monotonic(), self._taken.setdefault((server, user), {})
        self._taken.move_to_end((server, user))
        if (line, figure) in taken:
            raise Refused("reported_before")
        if sum(now - at < SECONDS for at in taken.values()) >= MOST_REPORTS:
            raise Refused("too_many_reports", count=MOST_REPORTS)
        taken[line, figure] = now
        if len(self._taken) > MOST_PEOPLE:
            self._taken.popitem(last=False)

    def give_back(self, server: int, user: int, line: str, figure: str) -> None:
        """Forget a report that could not be delivered."""
        self._taken.get((server, user), {}).pop((line, figure), None)
