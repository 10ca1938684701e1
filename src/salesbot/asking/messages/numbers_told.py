"""Numbers in running text, each with the words around it that say of what, when and which it is.

News says several numbers in a clause, and much between them. What a number belongs to is looked for around it: up to
the number before and the one behind, then in the clause, then in the sentence. The words that say nothing of it are
left out, so what is read here is only a number to look up: it may fit what the facts say, and is never contradicted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from salesbot.asking.messages.around import Around, Told
from salesbot.asking.messages.topic import Topic
from salesbot.asking.messages.vocabulary import COUNTS, MONEY, MOVES, THINGS, plays
from salesbot.asking.numbers import Number
from salesbot.asking.segments import Segment


def told(pieces: Sequence[Segment], capitals: frozenset[str], topic: Topic) -> Iterator[Told]:
    """Each number of a clause with its words; ``topic`` is kept up to date.

    ``capitals`` are the words that the message writes with a capital letter inside of a sentence.
    """
    every = [place for place, one in enumerate(pieces) if one.kind == "number"]
    ranges = _ranges(pieces)
    seen = 0
    topic.begin_clause()
    for at, place in enumerate(every):
        if place - 2 in ranges:
            continue
        after = at + 1 + (place in ranges)
        left = _cut(pieces, every[at - 1], place) if at else 0
        right = _cut(pieces, every[after - 1], every[after]) if after < len(every) else len(pieces)
        topic.hear(pieces[seen:place], capitals)
        seen = place
        around = Around(pieces, left, place, place + 2 * (place in ranges), right, _run(pieces, every, at))
        found = around.told(topic) if not around.is_of_another() else None
        if found is not None:
            yield found
    topic.hear(pieces[seen:], capitals)


def _ranges(pieces: Sequence[Segment]) -> set[int]:
    """The places of numbers that begin a range, as in 1,800 to 2,000."""
    return {
        place
        for place in range(len(pieces) - 2)
        if pieces[place].kind == pieces[place + 2].kind == "number"
        and pieces[place + 1].means("until")
        and not pieces[place + 1].means("joins")
        and not (_is_share(pieces[place]) and not _is_share(pieces[place + 2]))  # cut by 8% to 249,900
        and not _is_moved(pieces, place)
    }


def _is_share(one: Segment) -> bool:
    return isinstance(one.value, Number) and one.value.is_share


def _is_moved(pieces: Sequence[Segment], place: int) -> bool:
    """Whether a number is what something was before: cut from 261,400 to 245,900."""
    if not place or not plays(pieces[place - 1], "from"):
        return False
    near = pieces[: place - 1]
    return pieces[place - 1].text == "由" or any(one.means(*MOVES) or plays(one, "going") for one in near)


def _run(pieces: Sequence[Segment], every: Sequence[int], at: int) -> tuple[int, ...]:
    """The places of the numbers that one is told in a row with: 301,800, 329,800 and 359,800 yuan."""
    first = last = at
    while first and _is_in_row(pieces[every[first - 1] + 1 : every[first]]):
        first -= 1
    while last + 1 < len(every) and _is_in_row(pieces[every[last] + 1 : every[last + 1]]):
        last += 1
    return tuple(every[first : last + 1])


def _is_in_row(between: Sequence[Segment]) -> bool:
    """Whether nothing stands between two numbers but a currency, an ``and`` and names of trims."""
    return all(one.means(*MONEY, "joins") or one.is_filler or "trim" in one.names or one.text == "/" for one in between)


def _cut(pieces: Sequence[Segment], before: int, after: int) -> int:
    """Where the words between two numbers part: at a comma or an ``and``, else before a name, else behind a unit."""
    between = range(before + 1, after)
    for place in between:
        if pieces[place].after_break or pieces[place].means("joins"):
            return place
    for place in between:
        if pieces[place].names.keys() & {*THINGS, "brand", "trim"}:
            return _behind_its_time(pieces, place + 1, after) if _is_led(pieces, before, place) else place
    end, is_counted = before + 1, False
    while end < after:
        one, counts = pieces[end], pieces[end].means(*COUNTS)
        is_unit = counts or one.means(*MONEY) or (one.kind == "word" and one.is_filler) or plays(one, "adjective")
        if not is_unit or (counts and is_counted):
            break
        end, is_counted = end + 1, is_counted or counts
    return end


def _is_led(pieces: Sequence[Segment], before: int, place: int) -> bool:
    """Whether a name is that of the number before it: orders for the SU7."""
    at = place - 1
    while at > before and (plays(pieces[at], "article") or pieces[at].names.keys() == {"brand"}):
        at -= 1
    return at > before and plays(pieces[at], "leading")


def _behind_its_time(pieces: Sequence[Segment], place: int, after: int) -> int:
    """Where the words end that say when, from a place up to the next number."""
    times = [at for at in range(place, after) if pieces[at].kind in ("date", "duration")]
    return times[0] + 1 if times and all(one.kind == "word" for one in pieces[place : times[0]]) else place
