"""How quantities and spans of time are written for people."""

from __future__ import annotations

from fractions import Fraction
from math import floor, log10

from salesbot.values.quantity import Quantity, Rounding, decimal_text, ends_within

MINUS = "−"
EXACT_PLACES = 4  # decimals that are always shown where a number ends within them
PLACES = 2  # decimals of a number that does not end


def grouped(text: str) -> str:
    """A decimal with thousands separated and a real minus: ``−14,000``."""
    sign = MINUS if text.startswith("-") else ""
    whole, dot, rest = text.lstrip("-").partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}"


def number_text(value: Fraction, rounding: Rounding = "half-even") -> str:
    """A number: exactly where it ends soon, else to two decimals, and never rounded down to 0."""
    if value.denominator == 1:
        return f"{value.numerator:,}".replace("-", MINUS)
    if ends_within(value, EXACT_PLACES):
        return grouped(decimal_text(value, places=EXACT_PLACES))
    places = PLACES if abs(value) >= 1 else 1 - floor(log10(abs(value)))
    return grouped(decimal_text(value, rounding, places))


def _money_text(value: Fraction, rounding: Rounding = "half-even") -> str:
    """An amount of money: with both digits of the minor unit where it has any."""
    text = number_text(value, rounding)
    _, dot, rest = text.partition(".")
    return text + "0" if dot and len(rest) == 1 else text


def amount(quantity: Quantity) -> str:
    """A quantity without its unit: ``59``, ``1,800–2,000``, ``at least 10,000``, ``unknown``."""
    is_money = len(quantity.unit) == 3 and quantity.unit.isupper()
    write = _money_text if is_money else number_text
    low, high = quantity.low, quantity.high
    if low is None or high is None:
        if low is not None:
            return f"at least {write(low, 'floor')}"
        return f"at most {write(high, 'ceiling')}" if high is not None else "unknown"
    if low is high or low == high:
        return ("about " if quantity.stated == "about" else "") + write(low, "half-even")
    return f"{write(low, 'floor')}–{write(high, 'ceiling')}"


def in_signs(quantity: Quantity) -> str:
    """A quantity in any language: ``≥50,000``, ``≤40,000``, ``≈45,000``, ``50,000–88,898``; nothing if unknown."""
    low, high = quantity.low, quantity.high
    if low is None or high is None:
        bound = low if low is not None else high
        if bound is None:
            return ""
        return f"≥{number_text(bound, 'floor')}" if high is None else f"≤{number_text(bound, 'ceiling')}"
    if low == high:
        return ("≈" if quantity.stated == "about" else "") + number_text(low)
    return f"{number_text(low, 'floor')}–{number_text(high, 'ceiling')}"


def percent(quantity: Quantity) -> str:
    """A rate in percent: ``35–40 %``."""
    low, high = (None if end is None else end * 100 for end in (quantity.low, quantity.high))
    return f"{amount(Quantity(low, high, '%', quantity.stated))} %"


def signed(value: Fraction) -> str:
    """A change with its sign: ``+5,000``, ``−14,000``, ``0``."""
    text = _money_text(value) if value.denominator != 1 else grouped(decimal_text(value))
    return f"+{text}" if value > 0 else text


def percent_text(value: Fraction) -> str:
    """A percentage with its sign, to two decimals: ``+1.93``; one that is not 0 never reads 0."""
    text = grouped(decimal_text(value, places=2))
    if value and not text.strip(f"{MINUS}0.,"):
        text = number_text(value)
    return f"+{text}" if value > 0 else text


def span(seconds: int) -> str:
    """A length of time in its two largest units: ``20 h 30 min``, ``4 days 13 h``, ``45 s``."""
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min"), (left, "s")]
    if 0 < days < 3:
        parts = [(days * 24 + hours, "h"), (minutes, "min"), (left, "s")]
    texts = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(texts[:2]) or "0 s"
