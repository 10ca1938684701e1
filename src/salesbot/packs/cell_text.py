"""The text of a cell as a spreadsheet holds it."""

from __future__ import annotations

import re
import unicodedata

# how text begins that a spreadsheet may run, however often it was escaped; where columns are separated by semicolons,
# what follows one begins a cell
FORMULA = re.compile(r"(^|;)('*)(?=[=+\-@＝＋－＠\t\r])")
ESCAPED = re.compile(r"(^|;)'('*)(?=[=+\-@＝＋－＠\t\r])")


def escaped(text: str) -> str:
    """A text that no spreadsheet runs as a formula: one ``'`` before ``=``, ``+``, ``-``, ``@``, tab or return."""
    return FORMULA.sub(r"\1'\2", text)


def unescaped(text: str) -> str:
    """The text of a cell that ``escaped`` wrote."""
    if "'" not in text:
        return text
    return ESCAPED.sub(r"\1\2", text)


def column_letter(index: int) -> str:
    """The letter over a spreadsheet's column: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def is_printable(text: str) -> bool:
    """Whether every character shows: no control, format, private or unassigned ones."""
    return (text.isascii() and text.isprintable()) or all(unicodedata.category(c)[0] != "C" for c in text)


def line_of_bad_byte(data: bytes) -> int:
    """The line, counted from 1, of the first byte that is not UTF-8; 1 if there is none."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1
