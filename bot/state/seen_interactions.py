"""The interactions handled so far; Discord may deliver one twice."""

from __future__ import annotations

from collections import OrderedDict

MOST_SEEN = 3_000  # half a minute of 100 a second, completions too; an interaction is answered within three seconds


class SeenInteractions:
    """The ids of the interactions handled last."""

    def __init__(self) -> None:
        self._ids: OrderedDict[int, None] = OrderedDict()

    def is_new(self, id: int) -> bool:
        """Whether an interaction was not handled yet; it is noted as handled."""
        if id in self._ids:
            return False
        self._ids[id] = None
        if len(self._ids) > MOST_SEEN:
            self._ids.popitem(last=False)
        return True

    def forget(self, id: int) -> None:
        """An interaction was not handled after all."""
        self._ids.pop(id, None)
