"""The moment that a question about counts asks for, and questions that must be refused."""

from __future__ import annotations

from .counts import Book
from .expectation import NoOpinion
from .lines import Line, duration
from .moments import NeverComes, NotATime, day_after, instants, typed
from .tables import Launch, Pack


class Refused(Exception):
    """The question must end with one of these exit codes."""

    def __init__(self, why: str, *codes: int) -> None:
        super().__init__(why)
        self.why, self.codes = why, codes


def known(pack: Pack, kind: str, text: str) -> str:
    """The id that a name means; refused if none or several do."""
    ids = pack.ids(kind, text)
    if len(ids) > 1:
        raise Refused("5: a name that two things share is ambiguous when typed", 2)
    if not ids:
        raise NoOpinion("2: a name that fits nothing exactly may still be matched by its beginning")
    return ids[0]


def launch_of(pack: Pack, line: Line) -> Launch:
    return pack.launches[known(pack, "launch", line.options["launch"])]


def moment_of(line: Line, book: Book) -> int | None:
    """The UTC second that ``within`` or ``at`` means; None if neither is given."""
    within, at = line.get("within"), line.get("at")
    if within is not None and at is not None:
        raise NoOpinion("2: both within and at")
    text = within or at
    if text is None:
        return None
    seconds = duration(text)
    if seconds is not None:
        if book.opening_instant is None:
            raise Refused("2: a duration needs a known opening instant", 3)
        return book.opening_instant + seconds
    if within is not None:
        raise Refused("2: within is a duration", 2)
    return _at(text, book)


def _at(text: str, book: Book) -> int:
    try:
        time = typed(text)
        spans = time.spans(((book.launch.zone,),))
    except NotATime:
        raise Refused("2: what is no time is a wrong question", 2) from None
    except NeverComes:
        raise Refused("8.2: a time that never comes in the launch's zone", 2) from None
    if time.is_about or len(spans) > 1:
        raise NoOpinion("2: a moment with several readings")
    if not time.time.is_clock:
        clocks = time.readings[0] if time.readings else (book.launch.zone,)
        if len(clocks) > 1:
            raise NoOpinion("2: a moment with several readings")
        return min(instants(day_after(time.time), clocks[0]))
    return spans[0].earliest
