"""The currency of a price in a foreign table, as a sign, a code or a word says it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from salesbot.errors import TextError
from salesbot.facts.cells import currency_cell
from salesbot.packs.uploads.workbook_formats import NO_CURRENCY, SIGNS

WORDS = {
    "人民币": "CNY",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "日元": "JPY",
    "港元": "HKD",
    "港币": "HKD",
    "us dollar": "USD",
    "euro": "EUR",
    "yuan": "CNY",
    "yen": "JPY",
}
SEVERAL = {  # a sign of several currencies, and those
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN"),
    "¥": ("CNY", "JPY"),
    "￥": ("CNY", "JPY"),
    "元": ("CNY", "TWD", "HKD"),
}
KNOWN = frozenset((*SIGNS.values(), *SEVERAL["$"], *SEVERAL["¥"], "CHF", "SEK", "NOK", "DKK"))  # no other words
MONEY = "|".join(map(re.escape, sorted((*SIGNS, *SEVERAL, *KNOWN, NO_CURRENCY), key=len, reverse=True)))
_BEFORE = re.compile(rf"^({MONEY})\s*", re.IGNORECASE)
_BEHIND = re.compile(rf"\s*({MONEY})$", re.IGNORECASE)
_SIGN = re.compile("|".join(map(re.escape, sorted((*SIGNS, *SEVERAL), key=len, reverse=True))))
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_IN_BRACKETS = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")


def currency_said(text: str) -> str:
    """The sign or the code of a currency that a number stands with, or that a name over a column gives."""
    plain = text.strip()
    if match := _BEFORE.search(plain) or _BEHIND.search(plain):
        return match[1].upper()
    inside = " ".join(_IN_BRACKETS.findall(plain)) or plain
    words = [code for word, code in WORDS.items() if word in inside.casefold()]
    codes = [code for code in _CODE.findall(inside) if code in KNOWN or (code == inside.strip() and _is_code(code))]
    signs = [] if plain == inside and not plain.isascii() else _SIGN.findall(inside)
    return next(iter([*words, *codes, *signs]), "")


def _is_code(text: str) -> bool:
    """Whether a text is a currency code of ISO 4217."""
    try:
        return bool(currency_cell(text))
    except TextError:
        return False


def one_currency(said: Iterable[str], usual: str) -> str:
    """The code of the one currency that signs and codes can all mean, ``usual`` where it may be; empty if none is."""
    possible: tuple[str, ...] | None = None
    for one in said:
        meant = SEVERAL.get(one, (SIGNS.get(one, one),))
        possible = meant if possible is None else tuple(code for code in possible if code in meant)
    if possible is None or usual in possible:
        return usual
    return possible[0] if possible and possible[0] != NO_CURRENCY else ""
