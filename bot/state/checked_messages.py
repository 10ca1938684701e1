"""Checks of messages that may still be shared, in memory alone: what somebody else wrote is stored nowhere."""

from __future__ import annotations

import secrets
from collections import OrderedDict

MOST_KEPT = 500


class CheckedMessages:
    """The texts of checks by the token that their button carries; the oldest are forgotten."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def keep(self, texts: tuple[str, ...]) -> str:
        """Keep the texts of a check; returns its token."""
        token = secrets.token_hex(8)
        self._texts[token] = texts
        if len(self._texts) > MOST_KEPT:
            self._texts.popitem(last=False)
        return token

    def texts(self, token: str) -> tuple[str, ...] | None:
        """The texts of a token; ``None`` if they are forgotten."""
        return self._texts.get(token)
