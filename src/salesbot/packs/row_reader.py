"""A row from the texts of its cells; what a text means in a column is worked out once, as most come again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import getitem
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from salesbot.facts import Row, cell
from salesbot.packs.cell_text import is_printable

MOST_KNOWN = 50_000  # texts of a column
Read = Callable[[Sequence[str]], tuple[Row, tuple[str, ...]]]
Meaning = Callable[[str], str]


class ColumnReader:
    """What each text of a column means, and how its cell is written. Raises ``ValueError`` for one that means nothing."""

    def __init__(self, validate: Callable[[str], Any], default: object, meaning: Meaning, *, is_required: bool) -> None:
        self._validate, self._blank, self._meaning, self._is_required = validate, (default, ""), meaning, is_required

    def __getitem__(self, text: str) -> tuple[Any, str]:
        text = self._meaning(text.strip()).strip()
        if not text and not self._is_required:
            return self._blank
        if not text or not is_printable(text):
            raise ValueError(text)
        value = self._validate(text)
        return value, cell(value)


class Texts(dict[str, tuple[Any, str]]):
    """The texts of a column that came before, as most come again; all but those of ids."""

    def __init__(self, column: ColumnReader) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, text: str) -> tuple[Any, str]:
        if len(self) >= MOST_KNOWN:
            self.clear()
        found = self[text] = self._column[text]
        return found


@cache
def _validators(model: type[Row]) -> dict[str, Callable[[str], Any]]:
    hints = get_type_hints(model, include_extras=True)
    return {name: TypeAdapter(hints[name]).validator.validate_python for name in model.model_fields}


def reader(model: type[Row], header: Sequence[str], meaning: Meaning = str) -> Read:
    """How the rows under a header are read: the row and its cells in the model's order, or ``ValueError``.

    ``meaning`` is what a text of the table says.
    """
    columns: list[ColumnReader | Texts] = []
    for name, validate in _validators(model).items():
        field = model.model_fields[name]
        column = ColumnReader(validate, field.get_default(), meaning, is_required=field.is_required())
        columns.append(column if model.columns()[name].primary else Texts(column))
    names, width = tuple(model.model_fields), len(header)
    order = [header.index(name) if name in header else width for name in names]
    is_in_order = order == list(range(width))

    def read(texts: Sequence[str]) -> tuple[Row, tuple[str, ...]]:
        if len(texts) != width:
            raise ValueError(f"{len(texts)} cells")
        if not is_in_order:
            texts = [*texts, ""]
            texts = [texts[index] for index in order]
        values, cells = zip(*map(getitem, columns, texts), strict=True)
        return model.trusted(dict(zip(names, values, strict=True))), cells

    return read


def explained(model: type[Row], values: dict[str, str]) -> tuple[Row | None, dict[str, str]]:
    """The row, if it is one, and by column what is expected instead of what stands there."""
    wrong = {column: "text without invisible or control characters" for column, text in values.items() if not is_printable(text)}
    try:
        return model.model_validate(values), wrong
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            column = str(fault["loc"][0])
            wrong.setdefault(column, _expected(fault, model, column))
    return None, wrong


def _expected(fault: Any, model: type[Row], column: str) -> str:
    if fault["type"] == "missing":
        return f"a value; {model.columns()[column].says}"
    if fault["type"] == "literal_error":
        return f"one of {fault['ctx']['expected'].replace(chr(39), '')}"
    if fault["type"] == "string_too_long":
        return f"{fault['ctx']['max_length']} characters at most"
    return str(fault["msg"]).removeprefix("Value error, ")
