"""How quantities, spans and dates are written for people."""

from __future__ import annotations

from fractions import Fraction

from salesbot.values.quantity import Quantity, bounds_text, decimal_text

MINUS = "−"


def grouped(text: str) -> str:
    """A decimal with thousands separated and a real minus: ``−14,000``."""
    sign = MINUS if text.startswith("-") else ""
    whole, dot, rest = text.lstrip("-").partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}"


def amount(quantity: Quantity, *, places: int = 2) -> str:
    """A quantity without its unit: ``59``, ``1,800–2,000``, ``at least 10,000``, ``unknown``."""
    low, high = bounds_text(quantity, places)
    if low is None and high is None:
        return "unknown"
    if high is None and low is not None:
        return f"at least {grouped(low)}"
    if low is None and high is not None:
        return f"at most {grouped(high)}"
    assert low is not None and high is not None
    if low == high:
        return ("about " if quantity.how == "about" else "") + grouped(low)
    return f"{grouped(low)}–{grouped(high)}"


def percent(quantity: Quantity, *, places: int = 1) -> str:
    """A rate in percent: ``35–40 %``."""
    scale = Fraction(100)
    scaled = Quantity(
        None if quantity.low is None else quantity.low * scale,
        None if quantity.high is None else quantity.high * scale,
        "%", quantity.how,
    )  # fmt: skip
    return f"{amount(scaled, places=places)} %"


def signed(value: Fraction, places: int = 2) -> str:
    """A change with its sign: ``+5,000``, ``−14,000``, ``0``."""
    text = grouped(decimal_text(value, places=places))
    return f"+{text}" if value > 0 else text


def change_percent(change: Fraction, previous: Fraction) -> Fraction:
    return change / previous * 100


def span(seconds: int) -> str:
    """A length of time in its two largest units: ``20 h 30 min``, ``4 days 13 h``, ``45 s``."""
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min"), (left, "s")]
    if 0 < days < 3:
        parts = [(0, "days"), (days * 24 + hours, "h"), (minutes, "min"), (left, "s")]
    found = [f"{number} {unit}" for number, unit in parts if number]
    return " ".join(found[:2]) or "0 s"
