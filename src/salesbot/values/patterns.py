"""Regular expressions that are compiled when first used, and one that is matched with many texts at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, cast


def compiled_at_use(text: str, flags: int = 0) -> re.Pattern[str]:
    """As ``re.compile``, but compiled when first used: a start uses few of them, and compiling all takes 15 ms."""
    return cast("re.Pattern[str]", _Uncompiled(text, flags))


def every(text: str) -> Callable[[Sequence[str]], bool]:
    """A function that tells whether a pattern matches the whole of each text; faster than one by one.

    The pattern must not match a line break.
    """
    matches = re.compile(f"(?:(?:{text})\n)*+").fullmatch

    def are(texts: Sequence[str]) -> bool:
        lines = "\n".join((*texts, ""))
        return matches(lines) is not None and lines.count("\n") == len(texts)

    return are


class _Uncompiled:
    """Compiles when an attribute is first read, and keeps that attribute."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what Python looks for, as when something is copied
            raise AttributeError(name)
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)  # the next time it is found without this method
        return found
