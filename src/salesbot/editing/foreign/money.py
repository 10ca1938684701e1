"""The currency of a price in a foreign table, as a sign, a code or a word says it."""

from __future__ import annotations

import re

from salesbot.errors import TextError
from salesbot.facts.cells import currency_cell

SIGNS = {"€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "US$": "USD", "HK$": "HKD", "NT$": "TWD", "RMB": "CNY"}
WORDS = {
    "人民币": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "港元": "HKD",
    "港币": "HKD",
}
DOLLARS = ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN")
YENS = ("CNY", "JPY")
KNOWN = frozenset((*SIGNS.values(), *DOLLARS, *YENS))  # a code that is no other word
MONEY = r"(?:US|HK|NT)?\$|[¥￥€£₩₹]|RMB|CNY|USD|EUR|GBP|JPY|HKD|KRW|INR"
_BEFORE = re.compile(rf"^({MONEY})\s*", re.IGNORECASE)
_BEHIND = re.compile(rf"\s*({MONEY})$", re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_IN_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")


def currency_said(text: str) -> str:
    """The sign or the code of a currency that a number stands with, or that a name over a column gives."""
    plain = text.strip()
    if match := _BEFORE.search(plain) or _BEHIND.search(plain):
        return match[1].upper()
    inside = " ".join(_IN_BRACKETS.findall(plain)) or plain
    words = [code for word, code in WORDS.items() if word in inside]
    codes = [code for code in _CODE.findall(inside) if code in KNOWN or (code == inside.strip() and _is_code(code))]
    signs = re.findall(r"[€£₩₹$¥￥]", inside)
    return next(iter([*words, *codes, *signs]), "")


def _is_code(text: str) -> bool:
    """Whether a text is a currency code of ISO 4217."""
    try:
        return bool(currency_cell(text))
    except TextError:
        return False


def currency_of(said: str, usual: str) -> str:
    """The code of a currency by its sign or code; where a sign is that of several, ``usual`` if it is one of them."""
    if said == "$":
        return usual if usual in DOLLARS else "USD"
    if said in ("¥", "￥"):
        return usual if usual in YENS else "CNY"
    return SIGNS.get(said, said) or usual
