"""What a bot's log complains of: each error with what was raised, and where."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

COLOUR = re.compile(r"\x1b\[[\d;]*m")
RECORD = re.compile(r"^\[?\d{4}-\d\d-\d\d [\d:]+\]? \[?([A-Z]+) *\]? (\S+?):? ", re.MULTILINE)
FRAME = re.compile(r'^ *File "([^"]+)", line (\d+), in (\S+)', re.MULTILINE)
RAISED = re.compile(
    r"^([A-Za-z_][\w.]*(?:Error|Exception|Exit|NotFound|Forbidden|Failed|Closed|Timeout|[A-Z]\w+))(?::|$)", re.MULTILINE
)
UNHANDLED = (
    "Task exception was never retrieved",
    "Ignoring exception in",
    "Unhandled exception",
    "exception calling callback",
)
CONTAINED = "Ignoring exception in autocomplete"  # nobody sees it: there are no choices then
OURS = re.compile(r"/(?:bot|salesbot)/\w+(?:/\w+)*\.py$")


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error in the log. It is unhandled where nobody was there to answer it, and ours where our code called for it."""

    says: str
    raised: str
    where: str
    is_unhandled: bool
    is_ours: bool

    def __str__(self) -> str:
        return f"{'unhandled, ' if self.is_unhandled else ''}{'ours' if self.is_ours else 'in discord.py'}: {self.says}: {self.raised or 'no exception'} at {self.where or 'no place'}"


def complaints(log: str) -> Counter[Complaint]:
    """The errors of a log, equal ones counted. What stands before the first record, or bare, is unhandled by nature."""
    log = COLOUR.sub("", log)
    begins = [match.start() for match in RECORD.finditer(log)]
    parts = [
        log[: begins[0]] if begins else log,
        *(log[a:b] for a, b in zip(begins, [*begins[1:], len(log)], strict=True)),
    ]
    return Counter(found for part in parts if (found := _complaint(part)) is not None)


def _complaint(part: str) -> Complaint | None:
    record = RECORD.match(part)
    level, says = (record[1], part[record.end() :].partition("\n")[0]) if record else ("", part.partition("\n")[0])
    if level not in ("ERROR", "CRITICAL") and "Traceback" not in part:
        return None
    frames, raised = FRAME.findall(part), RAISED.findall(part)
    where = f"{'/'.join(frames[-1][0].split('/')[-2:])}:{frames[-1][1]} {frames[-1][2]}" if frames else ""
    is_unhandled = not record or (says.startswith(UNHANDLED) and not says.startswith(CONTAINED))
    is_ours = any(OURS.search(file) for file, _, _ in frames)
    return Complaint(
        re.sub(r"\d{5,}|0x[0-9a-f]+", "N", says)[:80], raised[-1] if raised else "", where, is_unhandled, is_ours
    )
