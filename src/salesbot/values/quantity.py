"""How much, when all that is known is two bounds.

A ``Quantity`` is closed at both ends; an open end is ``None`` (unknown, not zero). Numbers are exact: ``Fraction``
inside, decimals only when printed. A product is evaluated once over all its inputs, each with its net power, so an
input that stands above and below the line cancels.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Verdict = Literal["agrees", "partly", "disagrees", "cannot tell", "opinion"]
Stated = Literal["exact", "about", "range", "at_least", "at_most"]
Rounding = Literal["floor", "ceiling", "half-even"]


class Quantity(Struct, frozen=True):
    """A number between ``low`` and ``high``, both included; ``None`` is an open end.

    ``stated`` is how the source words it. ``precision`` is the step it was stated to ("about 45,000": 1,000); half of
    it widens the quantity in a comparison, never in arithmetic.
    """

    low: Fraction | None
    high: Fraction | None
    unit: str = ""
    stated: Stated = "range"
    precision: Fraction | None = None

    @classmethod
    def exactly(cls, value: int | Fraction, unit: str = "") -> Quantity:
        """A single known number."""
        return cls(Fraction(value), Fraction(value), unit, "exact")

    @property
    def is_point(self) -> bool:
        """Whether it is a single number."""
        return self.low is not None and self.low == self.high

    @property
    def is_open(self) -> bool:
        """Whether an end is unknown."""
        return self.low is None or self.high is None

    @property
    def is_unknown(self) -> bool:
        """Whether both ends are unknown."""
        return self.low is None and self.high is None

    def widened(self) -> Quantity:
        """The quantity as a comparison uses it: half a step wider at both ends if it was stated as "about"."""
        if self.stated != "about":
            return self
        step = self.precision or (about_step(self.low, self.unit) if self.low is not None else None)
        if step is None:
            return self
        half = step / 2
        low, high = (None if end is None else end + by for end, by in ((self.low, -half), (self.high, half)))
        return replace(self, low=low, high=high)

    def at_most(self, ceiling: Fraction) -> Quantity:
        """The quantity with nothing above ``ceiling``; a range wholly above it becomes the ceiling itself."""
        low = self.low if self.low is None or self.low <= ceiling else ceiling
        high = ceiling if self.high is None or self.high > ceiling else self.high
        return replace(self, low=low, high=high)


def about_step(value: Fraction, unit: str = "") -> Fraction:
    """The step of "about ``value``": that of its trailing zeros, but never coarser than its second digit.

    45,000 is stated to the thousand, 100,000 to the ten thousand; a rate (unit ``ratio``) counts in percent, so 0.7 is
    stated to the percentage point. A whole number is never finer than 1.
    """
    if unit == "ratio":
        return about_step(value * 100) / 100
    if value == 0:
        return Fraction(1)
    size = abs(value)
    if size.denominator != 1:
        text = decimal_text(size, places=12)
        return Fraction(1, 10 ** len(text.partition(".")[2]))
    digits = str(size.numerator)
    trailing = 10 ** (len(digits) - len(digits.rstrip("0")))
    second = 10 ** max(len(digits) - 2, 0)
    return Fraction(min(trailing, second))


def product(factors: Iterable[tuple[Quantity, int]], unit: str = "") -> Quantity:
    """The product of non-negative quantities, each raised to its net power.

    A product of powers is monotone in every input, so its extremes stand at the bounds: exact, and no wider than the
    truth. An open upper end above the line leaves the result open above; below the line it takes the lower end to 0.
    Raises ``ZeroDivisionError`` where a divisor is 0.
    """
    low: Fraction = Fraction(1)
    high: Fraction | None = Fraction(1)
    is_zero = False
    for quantity, power in factors:
        if power == 0:
            continue
        bottom, top = quantity.low or Fraction(0), quantity.high
        if power < 0:
            if top == 0:
                raise ZeroDivisionError
            bottom, top = (Fraction(0) if top is None else 1 / top), (None if bottom == 0 else 1 / bottom)
        low *= bottom ** abs(power)
        is_zero = is_zero or top == 0
        high = None if high is None or top is None else high * top ** abs(power)
    return Quantity(low, Fraction(0) if is_zero else high, unit)


def quotient(dividend: Quantity, divisor: Quantity, unit: str = "") -> Quantity:
    """``dividend ÷ divisor``, where the dividend may be negative and the divisor lies above 0.

    Raises ``ZeroDivisionError`` if the divisor may be 0 or less.
    """
    if divisor.low is None or divisor.low <= 0:
        raise ZeroDivisionError
    low = _end_over(dividend.low, divisor.high, divisor.low)
    high = _end_over(dividend.high, divisor.low, divisor.high)
    return Quantity(low, high, unit)


def _end_over(end: Fraction | None, if_positive: Fraction | None, if_negative: Fraction | None) -> Fraction | None:
    if end is None:
        return None
    by = if_positive if end >= 0 else if_negative
    return Fraction(0) if by is None else end / by


def difference(later: Quantity, earlier: Quantity, unit: str = "") -> Quantity:
    """``later − earlier`` of two quantities that share no input."""
    low = None if later.low is None or earlier.high is None else later.low - earlier.high
    high = None if later.high is None or earlier.low is None else later.high - earlier.low
    return Quantity(low, high, unit)


def total(parts: Iterable[Quantity], unit: str = "") -> Quantity:
    """The sum of quantities that share no input; open where any part is open, "about" where any part is."""
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    step = Fraction(0)
    for part in parts:
        low = None if low is None or part.low is None else low + part.low
        high = None if high is None or part.high is None else high + part.high
        if part.stated == "about":
            step += part.precision or (about_step(part.low) if part.low is not None else 0)
    return Quantity(low, high, unit, "about" if step else "range", step or None)


def any_of(options: Iterable[Quantity], unit: str = "") -> Quantity:
    """From the lowest to the highest of several quantities, of which any may hold; open where one of them is."""
    listed = list(options)
    lows = [one.low for one in listed if one.low is not None]
    highs = [one.high for one in listed if one.high is not None]
    low = min(lows) if lows and len(lows) == len(listed) else None
    high = max(highs) if highs and len(highs) == len(listed) else None
    return Quantity(low, high, unit, "exact" if low is not None and low == high else "range")


def whole(quantity: Quantity, unit: str) -> Quantity | None:
    """The whole numbers inside a quantity, or ``None`` if there are none."""
    low = None if quantity.low is None else Fraction(ceil(quantity.low))
    high = None if quantity.high is None else Fraction(floor(quantity.high))
    if low is not None and high is not None and low > high:
        return None
    return Quantity(low, high, unit)


def agreement(one: Quantity, other: Quantity) -> Verdict:
    """Whether two statements of one figure can both hold.

    ``agrees``: one lies inside the other; ``partly``: they overlap without that; ``disagrees``: they do not meet. An
    open end can refute; it agrees only if the other range lies wholly inside it, and then reads "no more than
    consistent".
    """
    a, b = one.widened(), other.widened()
    if a.is_unknown or b.is_unknown:
        return "cannot tell"
    if _above(a.low, b.high) or _above(b.low, a.high):
        return "disagrees"
    return "agrees" if contains(b, a) or contains(a, b) else "partly"


def _above(low: Fraction | None, high: Fraction | None) -> bool:
    return low is not None and high is not None and low > high


def contains(outer: Quantity, inner: Quantity) -> bool:
    """Whether every number that ``inner`` could be is one that ``outer`` could be."""
    low_fits = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    high_fits = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return low_fits and high_fits


def overall(verdicts: Iterable[Verdict]) -> Verdict | None:
    """One verdict of several comparisons: all agree, all disagree, or partly; ``None`` if none can be told."""
    decided = {verdict for verdict in verdicts if verdict not in ("cannot tell", "opinion")}
    if not decided:
        return None
    return decided.pop() if len(decided) == 1 else "partly"


def simplified(value: Fraction) -> int | Fraction:
    """A number as an int if it is whole: ints are compared and added many times faster."""
    return value.numerator if value.denominator == 1 else value


def rounded(value: Fraction, places: int, rounding: Rounding = "half-even") -> Decimal:
    """``value`` to ``places`` decimals, rounded exactly from the fraction."""
    below, rest = divmod(value.numerator * 10**places, value.denominator)
    half = 2 * rest - value.denominator
    up = {"floor": False, "ceiling": rest > 0, "half-even": half > 0 or (half == 0 and below % 2 == 1)}[rounding]
    return Decimal(f"{below + up}e{-places}")


def ends_within(value: Fraction, places: int) -> bool:
    """Whether a number is written in full with so many decimals."""
    return int(10**places) % value.denominator == 0


def decimal_text(value: Fraction, rounding: Rounding = "half-even", places: int = 6) -> str:
    """A plain decimal: all digits where they end within ``places``, else rounded to ``places``."""
    if value.denominator == 1:
        return str(value.numerator)
    text = f"{rounded(value, places, rounding):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def bounds_text(quantity: Quantity, places: int = 6) -> tuple[str | None, str | None]:
    """Both ends as plain decimals: a range rounded outward, a single value half-even."""
    if quantity.is_point and quantity.low is not None:
        text = decimal_text(quantity.low, "half-even", places)
        return text, text
    low = None if quantity.low is None else decimal_text(quantity.low, "floor", places)
    high = None if quantity.high is None else decimal_text(quantity.high, "ceiling", places)
    return low, high
