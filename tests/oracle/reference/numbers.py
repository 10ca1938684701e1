"""Numbers as exact fractions: cells, typed numbers, ranges with open ends, and how a figure is rounded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction

Bound = Fraction | None
SCALES = {
    "": Fraction(1),
    "k": Fraction(1000),
    "m": Fraction(10**6),
    "万": Fraction(10**4),
    "亿": Fraction(10**8),
    "%": Fraction(1, 100),
}
_ONE = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(k|m|万|亿|%)?", re.IGNORECASE)


@dataclass(frozen=True)
class Range:
    """A number known to lie between two bounds, each of them possibly open."""

    low: Bound
    high: Bound

    @property
    def is_single(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def is_unknown(self) -> bool:
        return self.low is None and self.high is None

    def __mul__(self, other: Range) -> Range:
        """The product of two ranges that are never below 0."""
        low = None if self.low is None or other.low is None else self.low * other.low
        high = None if self.high is None or other.high is None else self.high * other.high
        if single_zero(self) or single_zero(other):
            return Range(Fraction(0), Fraction(0))
        return Range(low, high)

    def __truediv__(self, other: Range) -> Range:
        """The quotient of two ranges that are never below 0; the divisor's least value must be above 0 if it is known."""
        low = None if self.low is None else Fraction(0) if other.high is None else self.low / other.high
        high = None if self.high is None or not other.low else self.high / other.low
        return Range(low, high)

    def __sub__(self, other: Range) -> Range:
        low = None if self.low is None or other.high is None else self.low - other.high
        high = None if self.high is None or other.low is None else self.high - other.low
        return Range(low, high)

    def __add__(self, other: Range) -> Range:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Range(low, high)

    def widened(self, by: Fraction) -> Range:
        return Range(None if self.low is None else self.low - by, None if self.high is None else self.high + by)


def single_zero(range_: Range) -> bool:
    """Whether a range is exactly 0."""
    return range_.low == 0 and range_.high == 0


def exactly(value: Fraction | int) -> Range:
    return Range(Fraction(value), Fraction(value))


def meet(one: Range, other: Range) -> bool:
    """Whether two ranges have a number in common."""
    return not (below(one, other) or below(other, one))


def below(one: Range, other: Range) -> bool:
    """Whether every number of the one is less than every number of the other."""
    return one.high is not None and other.low is not None and one.high < other.low


def inside(one: Range, other: Range) -> bool:
    """Whether the one lies wholly inside the other."""
    left = other.low is None or (one.low is not None and one.low >= other.low)
    right = other.high is None or (one.high is not None and one.high <= other.high)
    return left and right


def cell_number(text: str) -> Fraction | None:
    """The number of a pack cell: blank is unknown, ``35%`` is 0.35."""
    text = text.strip()
    if not text:
        return None
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def typed_range(text: str) -> Range | None:
    """A number as an asker types it (section 2 and 8.10); None if it is none, or runs downward."""
    folded = unicodedata.normalize("NFKC", text).replace("−", "-")
    if re.search(r"\d\s+\d", folded):
        return None  # two numbers, never one of joined digits
    plain = folded.replace(" ", "")
    for sign in (">=", "<="):
        if plain.startswith(sign):
            value = _one(plain[2:])
            if value is None:
                return None
            return Range(value[0] * value[1], None) if sign == ">=" else Range(None, value[0] * value[1])
    ends = re.split(r"\.\.|-|–|~", plain)
    if len(ends) == 1:
        value = _one(ends[0])
        return None if value is None else exactly(value[0] * value[1])
    if len(ends) != 2:
        return None
    left, right = _one(ends[0]), _one(ends[1])
    if left is None or right is None:
        return None
    scale = right[1] if left[1] == 1 and not _has_sign(ends[0]) else left[1]
    low, high = left[0] * scale, right[0] * right[1]
    return Range(low, high) if low <= high else None


def _has_sign(text: str) -> bool:
    return bool(text) and not text[-1].isdigit()


def _one(text: str) -> tuple[Fraction, Fraction] | None:
    match = _ONE.fullmatch(text)
    if match is None:
        return None
    return Fraction(match[1].replace(",", "") + (match[2] or "")), SCALES[(match[3] or "").casefold()]


def half_step(value: Fraction) -> Fraction:
    """Half the step that "about ``value``" was said to (8.12): its trailing zeros, never coarser than its second digit."""
    if value == 0:
        return Fraction(0)
    value = abs(value)
    step = Fraction(1)
    while (value / step).denominator != 1:
        step /= 10
    while (value / (step * 10)).denominator == 1:
        step *= 10
    first = Fraction(1)
    while first * 10 <= value:
        first *= 10
    while first > value:
        first /= 10
    return min(step, first / 10) / 2


def rounded(value: Fraction, mode: str, places: int = 6) -> Decimal:
    """A fraction as a decimal of so many places."""
    unit = Decimal(1).scaleb(-places)
    with_room = Decimal(value.numerator * 10 ** (places + 4) // value.denominator).scaleb(-places - 4)
    is_cut = Fraction(with_room) != value
    if mode == ROUND_CEILING and is_cut:
        with_room += Decimal(1).scaleb(-places - 4)
    elif mode == ROUND_HALF_EVEN and is_cut:
        with_room += Decimal(5).scaleb(-places - 5)  # never a tie, as the rest is not 0
    return with_room.quantize(unit, rounding=mode)


def as_written(range_: Range) -> tuple[Decimal | None, Decimal | None]:
    """The low and high that an answer prints: outward for a range, half-even for a single value (section 3)."""
    if range_.is_single:
        assert range_.low is not None
        value = rounded(range_.low, ROUND_HALF_EVEN)
        return value, value
    ends: tuple[tuple[Bound, str], tuple[Bound, str]] = ((range_.low, ROUND_FLOOR), (range_.high, ROUND_CEILING))
    low, high = (None if end is None else rounded(end, mode) for end, mode in ends)
    return low, high


def shown(range_: Range) -> str:
    """A range as a reader sees it in a reason."""
    text: Callable[[Bound], str] = lambda end: "open" if end is None else f"{float(end):.12g}"  # noqa: E731
    return text(range_.low) if range_.is_single else f"{text(range_.low)}..{text(range_.high)}"
