"""How a number may stand in a headline, as a pattern."""

from __future__ import annotations

import re
from decimal import Decimal

from .numbers import Range

RATES = ("lock_in_rate", "cancellation_rate")


def plain(value: Decimal) -> str:
    """A decimal with commas and without trailing zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_words(range_: Range, metric: str) -> str:
    """A pattern of a single exact number in a headline: ``50,000`` or ``50000``; a rate in per cent."""
    assert range_.low is not None
    is_rate = metric in RATES
    value = Decimal(range_.low.numerator * (100 if is_rate else 1)) / Decimal(range_.low.denominator)
    text = plain(value)
    options = "|".join(re.escape(option) for option in sorted({text, text.replace(",", "")}))
    after = r"\s?%" if is_rate else r"(?![\d]|[,.]\d|\s?%)"
    return rf"(?<![\d,.])(?:{options})(?:\.0+)?{after}"
