"""Templates of the language tables with values put in.

A conversion says how a value is written: ``{name!q}`` in quotes as typed, ``{count!n}`` with thousands separated,
``{words!l}`` as a list; each language defines its own. A value that is a message is rendered by itself. Values are
looked up by name only, so that a template reaches nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from salesbot.errors import Message, quoted

FIELD = re.compile(r"\{(?P<name>[a-z_]+)(?:!(?P<conversion>[a-z]+))?\}")
Write = Callable[[object], str]


class Template:
    """Fills templates: ``conversions`` write values by their names, ``message`` renders nested messages."""

    def __init__(self, conversions: Mapping[str, Write], message: Callable[[Message], str]) -> None:
        self._conversions = {"q": lambda value: quoted(str(value)), **conversions}
        self._message = message

    def fill(self, template: str, values: Mapping[str, object]) -> str:
        """The template with its values. Raises ``KeyError`` for a name or conversion that there is not."""
        return FIELD.sub(lambda match: self._written(values[match["name"]], match["conversion"]), template)

    def _written(self, value: object, conversion: str | None) -> str:
        if isinstance(value, Message):
            return self._message(value)
        return self._conversions[conversion](value) if conversion else str(value)


def fields(template: str) -> set[str]:
    """The names of the values that a template takes."""
    return {match["name"] for match in FIELD.finditer(template)}
