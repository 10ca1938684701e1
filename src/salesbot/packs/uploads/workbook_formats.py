"""The currency that a cell's number format shows."""

from __future__ import annotations

import re
from functools import lru_cache

SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₩": "KRW",
    "₹": "INR",
    "US$": "USD",
    "HK$": "HKD",
    "NT$": "TWD",
    "A$": "AUD",
    "C$": "CAD",
    "S$": "SGD",
    "R$": "BRL",
    "RMB": "CNY",
}
PLAIN_SIGNS = ("$", "¥", "￥", "元")
NO_CURRENCY = "¤"  # a currency that is shown and not known
_IN_BRACKETS = re.compile(r"\[\$([^\]-]+)[^\]]*\]")
_HIDDEN = re.compile(r"\[[^\]]*\]")
_BY_LENGTH = sorted((*SIGNS, *PLAIN_SIGNS), key=len, reverse=True)


@lru_cache(maxsize=1024)
def sign_of_format(format: str) -> str:
    """The sign or the code of the currency that a format shows, ``¤`` for one that is not known; empty for none."""
    shown = format.split(";")[0]
    if match := _IN_BRACKETS.search(shown):
        text = match[1].strip()
        return text if text in _BY_LENGTH or re.fullmatch("[A-Z]{3}", text) else NO_CURRENCY
    return next((sign for sign in _BY_LENGTH if sign in _HIDDEN.sub("", shown)), "")
