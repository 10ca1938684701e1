"""How much, when the world says no more than two bounds.

A ``Quantity`` is closed at both ends; an open end is ``None`` (unknown, not zero). Numbers are
exact: ``Fraction`` inside, decimals only when printed. A product is evaluated once over all its
inputs, each with its net power, so an input that stands above and below the line cancels.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Verdict = Literal["agrees", "partly", "disagrees", "cannot tell", "opinion"]
How = Literal["exact", "about", "range", "at_least", "at_most"]


class Quantity(Struct, frozen=True):
    """Between ``low`` and ``high``, both included; ``None`` is an open end.

    ``precision`` is the step the number was stated to ("about 45,000": 1,000); half of it
    widens the quantity in a comparison, never in arithmetic.
    """

    low: Fraction | None
    high: Fraction | None
    unit: str = ""
    how: How = "range"
    precision: Fraction | None = None

    @classmethod
    def exactly(cls, value: int | Fraction, unit: str = "") -> Quantity:
        return cls(Fraction(value), Fraction(value), unit, "exact")

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def is_open(self) -> bool:
        return self.low is None or self.high is None

    @property
    def is_unknown(self) -> bool:
        return self.low is None and self.high is None

    def compared(self) -> Quantity:
        """The quantity as a comparison sees it: widened by half its precision if it was "about"."""
        if self.how != "about" or self.precision is None:
            return self
        half = self.precision / 2
        return replace(
            self,
            low=None if self.low is None else self.low - half,
            high=None if self.high is None else self.high + half,
        )

    def within(self, floor_: Fraction | None, ceiling: Fraction | None) -> Quantity:
        """The part of the quantity that can be: nothing below ``floor_`` or above ``ceiling``."""
        low, high = self.low, self.high
        if floor_ is not None and low is not None and low < floor_:
            low = floor_
        if ceiling is not None and high is not None and high > ceiling:
            high = ceiling
        if ceiling is not None and low is not None and low > ceiling:
            low = ceiling
        return replace(self, low=low, high=high)


def product(factors: Iterable[tuple[Quantity, int]], unit: str = "") -> Quantity:
    """The product of non-negative quantities, each raised to its net power.

    A product of powers is monotone in every input, so its extremes stand at the bounds: exact,
    and no wider than the truth. An open upper end above the line leaves the result open above;
    below the line it takes the lower end to 0. Raises ``ZeroDivisionError`` where a divisor is 0.
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
        step += part.precision or 0 if part.how == "about" else 0
    return Quantity(low, high, unit, "about" if step else "range", step or None)


def whole(quantity: Quantity, unit: str) -> Quantity | None:
    """The whole numbers inside a quantity, or ``None`` if there are none."""
    low = None if quantity.low is None else Fraction(ceil(quantity.low))
    high = None if quantity.high is None else Fraction(floor(quantity.high))
    if low is not None and high is not None and low > high:
        return None
    return Quantity(low, high, unit)


def agreement(one: Quantity, other: Quantity) -> Verdict:
    """Whether two statements of one figure can both hold.

    ``agrees``: one lies inside the other; ``partly``: they overlap without that; ``disagrees``:
    they do not meet. An open range lies inside no closed one, so an open end can refute but agrees
    only if the other range lies wholly inside it (read: no more than consistent).
    """
    a, b = one.compared(), other.compared()
    if a.is_unknown or b.is_unknown:
        return "cannot tell"
    if _above(a.low, b.high) or _above(b.low, a.high):
        return "disagrees"
    return "agrees" if _inside(a, b) or _inside(b, a) else "partly"


def _above(low: Fraction | None, high: Fraction | None) -> bool:
    return low is not None and high is not None and low > high


def _inside(inner: Quantity, outer: Quantity) -> bool:
    low_fits = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    high_fits = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return low_fits and high_fits


def combined(verdicts: Iterable[Verdict]) -> Verdict | None:
    """One verdict of several pieces of evidence: all agree, all disagree, or partly."""
    found = {verdict for verdict in verdicts if verdict not in ("cannot tell", "opinion")}
    if not found:
        return None
    if len(found) == 1:
        return found.pop()
    return "partly"


Rounding = Literal["floor", "ceiling", "half-even"]


def rounded(value: Fraction, places: int, rounding: Rounding = "half-even") -> Decimal:
    """``value`` to ``places`` decimals, exactly rounded from the fraction."""
    scaled = value * 10**places
    below = floor(scaled)
    rest = scaled - below
    up = {
        "floor": False,
        "ceiling": rest > 0,
        "half-even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and below % 2 == 1),
    }[rounding]
    with localcontext() as context:
        context.prec = 60
        return Decimal(below + up).scaleb(-places)


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
