"""A text as a sentence: its segments, with each date and duration carrying the words that say how it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from salesbot.asking.dates import Day
from salesbot.asking.numbers import Duration, Number
from salesbot.asking.segments import Segment
from salesbot.values.quantity import decimal_text

Role = Literal["by", "since", "after", "until", "before", "in", "on", "none"]
BEFORE = ("前", "之前", "以前")
POSTPOSITIONS = ("内", "之内", "以内", "里", "后", "后的", "之后", "以后", "时", "时候", "的时候", "过后", "in")
RATES = ("一天", "一周", "一日", *(f"one {unit}" for unit in ("day", "week")))
IN_TIME = frozenset(
    {
        "in",
        "within",
        "after",
        "during",
        "inside",
        "over",
        "by",
        "at",
        "first",
        *POSTPOSITIONS,
        "首",
        "前",
        "头",
    }
)
FIRSTS = ("first", "the ", "very ", "1st", "首", "第一", "头一")  # how a duration begins that is itself a first one
MOVING = frozenset(  # what stands before a duration that is not one since the opening
    {"past", "last", "latest", "next", "these", "those", "previous", "过去", "近", "最近", "这", "那", "未来", "接下来"}
)
BOUNDING = ("at_least", "at_most", "exceeds", "falls_short", "about_near")
DASHES = ("-", "–", "~")
_ROLES: tuple[tuple[str, Role], ...] = (("by", "by"), ("since", "since"), ("in_month", "in"), ("on_day", "on"))
_ENDS: tuple[tuple[str, Role], ...] = (("before", "before"), ("after", "since"), ("since", "since"))


class When(Struct, frozen=True):
    """A date and how it is meant; two make a range."""

    role: Role
    day: Day
    last: Day | None = None


class Counted(Struct, frozen=True):
    """A number or a range, whether it is a share, and the place in the words before which it stands."""

    low: Fraction
    high: Fraction
    is_share: bool
    place: int
    after_break: bool = False
    step: Fraction = Fraction(1)

    @property
    def text(self) -> str:
        """As an option takes it."""
        low, high = decimal_text(self.low), decimal_text(self.high)
        return low if low == high else f"{low}..{high}"


class Sentence(Struct, frozen=True):
    """What a text says, word by word: names and words in their order, and apart from them times and numbers."""

    words: tuple[Segment, ...]
    durations: tuple[int, ...]
    whens: tuple[When, ...]
    numbers: tuple[Counted, ...]
    is_after_duration: bool = False  # whether a word says that what is asked about comes after it

    def of(self, words: Sequence[Segment]) -> Sentence:
        """The same with other words."""
        return Sentence(tuple(words), self.durations, self.whens, self.numbers, self.is_after_duration)

    @property
    def content(self) -> tuple[Segment, ...]:
        """The words that are no fillers."""
        return tuple(word for word in self.words if word.names or not word.is_filler)

    def has(self, *concepts: str) -> bool:
        """Whether a word means one of some concepts."""
        return any(word.means(*concepts) for word in self.words)

    def takes(self, concepts: frozenset[str], *kinds: str) -> bool:
        """Whether every word is a filler, means one of some concepts, or names a thing of some kinds."""
        return all(
            any(kind in word.names for kind in kinds)
            or (not word.names and (word.is_filler or not word.concepts.isdisjoint(concepts)))
            for word in self.words
        )


def sentence(found: Sequence[Segment]) -> Sentence | None:
    """The sentence of segments; ``None`` where a word beside a time cannot be placed, or a word is not known."""
    taken: set[int] = {place for place, one in enumerate(found) if one.kind in ("date", "duration", "number")}
    durations: list[int] = []
    is_after = False
    whens: list[When] = []
    numbers: list[Counted] = []
    dates = [place for place, one in enumerate(found) if one.kind == "date"]
    ranged: set[int] = set()
    for first, last in pairwise(dates):
        between = found[first + 1 : last]
        if len(between) <= 1 and all(one.means("until") for one in between):
            before = found[first - 1] if first else None
            if not between or (
                between[0].text in ("and", "和", "与") and not (before and before.means("between", "since", "gap"))
            ):
                continue
            ranged |= {first, last}
            follows = found[last + 1] if last + 1 < len(found) else None
            taken |= {last + 1} if follows is not None and follows.means("between", "in_time") else set()
            taken |= {*range(first, last + 1)} | ({first - 1} if before and before.means("between", "since") else set())
            whens.append(_range(found[first].value, found[last].value))
    for place in dates:
        if place not in ranged:
            whens.append(_when(found, place, taken))
    for place, one in enumerate(found):
        if isinstance(one.value, Duration):
            if _is_bounded_or_moving(found, place):
                return None
            durations.append(one.value.seconds)
            known = set(taken)
            if not _take_around(found, place, taken) or _is_end_of_range(found, place):
                return None
            around = [found[at] for at in taken - known]
            is_after = is_after or any(word.means("after_that") for word in around)
            if is_after and (any(word.means("first") for word in around) or one.text.startswith(FIRSTS)):
                return None  # what came after the first of them is another count
    if durations and any(one.means("now") and not one.names for one in found):
        return None
    taken |= {place for place, one in enumerate(found) if one.text in DASHES}  # those of a range are taken already
    ranges = _number_ranges(found)
    taken |= {place + 1 for place in ranges}
    kept = [place for place in range(len(found)) if place not in taken]
    for place, one in enumerate(found):
        if isinstance(one.value, Number) and place - 2 not in ranges:
            end = found[place + 2].value if place in ranges else one.value
            assert isinstance(end, Number)
            low, high = one.value.value, end.value
            if end.is_share and not one.value.is_share:
                low /= end.parts
            if low > high or (one.value.is_share and not end.is_share):
                return None
            stands = sum(other < place for other in kept)
            if place in ranges and low * 100 < high:
                return None  # 8 to 90,000: the unit of the second is that of both
            numbers.append(Counted(low, high, end.is_share, stands, one.after_break, end.step))
    words = tuple(found[place] for place in kept)
    if any(word.kind == "unknown" for word in words):
        return None
    return Sentence(words, tuple(durations), tuple(whens), tuple(numbers), is_after)


def _number_ranges(found: Sequence[Segment]) -> set[int]:
    """The places of numbers that a word as ``to`` joins with another one."""
    return {
        place
        for place in range(len(found) - 2)
        if found[place].kind == found[place + 2].kind == "number"
        and found[place + 1].means("until")
        and found[place + 1].text not in ("and", "和", "与")
    }


def _range(first: object, last: object) -> When:
    assert isinstance(first, Day) and isinstance(last, Day)
    if first.lacks_year and not last.lacks_year:
        first = Day(first.in_year(last.iso[:4]), first.end)
    elif last.lacks_year and not first.lacks_year:
        last = Day(last.in_year(first.iso[:4]), last.end)
    return When("on", first, last)


def _when(found: Sequence[Segment], place: int, taken: set[int]) -> When:
    """A date with the word before or after it that says how it is meant."""
    day = found[place].value
    assert isinstance(day, Day)
    after = found[place + 1] if place + 1 < len(found) else None
    if (
        after is not None
        and after.kind == "word"
        and after.text in ("之前", "以前", "前", "之后", "以后", "后", "起", "以来")
    ):
        taken.add(place + 1)
        return When("before" if after.means("before") else "since" if after.text in ("起", "以来") else "after", day)
    if (
        after is not None
        and after.kind == "word"
        and (after.means("that_day") or after.text in ("的时候", "时候", "时"))
    ):
        taken.add(place + 1)
    before = found[place - 1] if place else None
    if before is not None and before.kind == "word" and place - 1 not in taken:
        for concept, role in (*_ROLES, *_ENDS):
            if before.means(concept):
                taken.add(place - 1)
                return When("after" if role == "since" and before.means("after_that") else role, day)
    return When("none", day)


def _is_postposed(word: Segment) -> bool:
    """Whether a word behind a duration only says that it is one."""
    return word.text in POSTPOSITIONS or word.means("span")


def _is_end_of_range(found: Sequence[Segment], place: int) -> bool:
    """Whether a number stands before a duration, joined to it: 2 to 24 hours."""
    return place > 1 and found[place - 2].kind == "number" and found[place - 1].means("until")


def _is_bounded_or_moving(found: Sequence[Segment], place: int) -> bool:
    """Whether words before a duration say that it is longer or shorter, or that it ends or begins now."""
    at = place - 1
    while at >= 0 and found[at].text in ("the", "的"):
        at -= 1
    before = found[at] if at >= 0 else None
    if before is None or before.names:
        return False
    return before.text in MOVING or (before.means(*BOUNDING) and not before.means("in_time"))


def _take_around(found: Sequence[Segment], place: int, taken: set[int]) -> bool:
    """Take the words around a duration that only say that it is one: first, within, after.

    Returns whether it is one: ``a day`` alone is a rate, and a day before the opening is none after it.
    """
    at = place - 1
    while at >= 0 and at not in taken and found[at].kind == "word" and found[at].means("first", "in_time", "-"):
        taken.add(at)
        at -= 1
    if at >= 0 and found[place - 1].text in BEFORE and found[at].means("after_opening", "launch_event", "opening"):
        return False
    after = place + 1
    while after < len(found) and after not in taken and found[after].kind == "word" and _is_postposed(found[after]):
        taken.add(after)
        after += 1
    text = found[place].text
    if not (text in RATES or text.startswith(("a ", "an "))) or any(one.means("after_opening") for one in found):
        return True
    beside = range(max(0, at + 1), after)
    return any(found[one].text in IN_TIME for one in beside if one in taken and one != place)
