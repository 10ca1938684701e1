"""Regular expressions for the modules that a start imports."""

from __future__ import annotations

import re
from typing import Any, cast


def compiled_at_use(text: str, flags: int = 0) -> re.Pattern[str]:
    """As ``re.compile``, but at the first use: a start uses few of them, and compiling all takes it 15 ms."""
    return cast("re.Pattern[str]", _Uncompiled(text, flags))


class _Uncompiled:
    """Compiles when it is first asked for anything, and has it at hand from then on."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)  # the next time it is found without this method
        return found
