# Made from words/chinese by `make traditional`: change those, never this file.
"""Numbers and lengths of time in Chinese: 萬 only where it is exact to two decimals, and at both ends alike."""

from __future__ import annotations

from fractions import Fraction

from salesbot.values.quantity import Quantity, Rounding
from salesbot.words import numbers as digits

TEN_THOUSAND = 10_000
ABOUT, AT_LEAST, AT_MOST, UNKNOWN = "約", "至少", "至多", "未知"
CURRENCIES = {
    "CNY": "元人民幣",
    "USD": "美元",
    "EUR": "歐元",
    "JPY": "日圓",
    "HKD": "港幣",
    "GBP": "英鎊",
    "TWD": "新台幣",
    "KRW": "韓元",
    "AUD": "澳幣",
    "CAD": "加幣",
    "SGD": "新加坡幣",
    "MYR": "令吉",
    "THB": "泰銖",
    "INR": "盧比",
}


def _is_round(value: Fraction) -> bool:
    return abs(value) >= TEN_THOUSAND and (value * 100 / TEN_THOUSAND).denominator == 1


def _write(value: Fraction, rounding: Rounding, *, in_wan: bool) -> str:
    return f"{digits.number_text(value / TEN_THOUSAND, rounding)}萬" if in_wan else digits.number_text(value, rounding)


def amount(quantity: Quantity) -> str:
    """A quantity without its unit: ``59``, ``10.62萬–11.8萬``, ``37,170–47,200``, ``至少10,000``, ``未知``."""
    low, high = quantity.low, quantity.high
    ends = [end for end in (low, high) if end is not None]
    in_wan = bool(ends) and all(_is_round(end) or end == 0 for end in ends) and any(ends)
    if low is None or high is None:
        if low is not None:
            return AT_LEAST + _write(low, "floor", in_wan=in_wan)
        return AT_MOST + _write(high, "ceiling", in_wan=in_wan) if high is not None else UNKNOWN
    if low == high:
        return (ABOUT if quantity.stated == "about" else "") + _write(low, "half-even", in_wan=in_wan)
    return f"{_write(low, 'floor', in_wan=in_wan)}–{_write(high, 'ceiling', in_wan=in_wan)}"


def percent(quantity: Quantity) -> str:
    """A rate: ``35–40%``."""
    low, high = (None if end is None else end * 100 for end in (quantity.low, quantity.high))
    return f"{amount(Quantity(low, high, '', quantity.stated))}%"


def currency(unit: str) -> str:
    """A currency by its name; its code where it has none here."""
    return CURRENCIES.get(unit, f" {unit}")


def money(quantity: Quantity) -> str:
    """An amount of money: ``21.59萬元人民幣``, ``399.99美元``."""
    return UNKNOWN if quantity.is_unknown else f"{amount(quantity)}{currency(quantity.unit)}"


def signed(value: Fraction) -> str:
    """A change with its sign."""
    return digits.signed(value)


def span(seconds: int) -> str:
    """A length of time in its two largest units: ``20小時30分鐘``, ``4天13小時``."""
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小時"), (minutes, "分鐘"), (left, "秒")]
    if 0 < days < 3:
        parts = [(days * 24 + hours, "小時"), (minutes, "分鐘"), (left, "秒")]
    texts = [f"{number}{unit}" for number, unit in parts if number]
    return "".join(texts[:2]) or "0秒"


def time_text(seconds: int) -> str:
    """A length of time as people count it: ``27分鐘``, ``72小時``, ``100天``."""
    if seconds > 72 * 3600 and seconds % 86400 == 0:
        return f"{seconds // 86400}天"
    if seconds <= 72 * 3600 and seconds % 3600 == 0:
        return f"{seconds // 3600}小時"
    return span(seconds)
