"""How the text of a cell stands in a spreadsheet, and what is seen of it."""

from __future__ import annotations

import re
import unicodedata

RUN = re.compile(r"'*[=+\-@\t\r]")  # how text begins that a spreadsheet would run, however often it was defused


def defused(text: str) -> str:
    """A text as a spreadsheet will not run it: one ``'`` before ``=``, ``+``, ``-``, ``@``, tab or return."""
    return f"'{text}" if RUN.match(text) else text


def meant(text: str) -> str:
    """What a cell says: ``defused`` undone."""
    return text[1:] if text[:1] == "'" and RUN.match(text) else text


def letter(index: int) -> str:
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
