"""A row that cannot be read, explained by a pydantic model of its table: everything wrong with it at once."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError, create_model

from salesbot.errors import Message, TextError, message
from salesbot.facts import Row, columns
from salesbot.facts.cells import is_blank_word
from salesbot.packs.cell_text import is_printable
from salesbot.packs.row_reader import may_be_blank


class _Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


@cache
def _checked_model(model: type[Row]) -> type[_Checked]:
    """The table's columns as a pydantic model, whose fields are read as its cells are."""
    fields: dict[str, Any] = {}
    for name, info in columns(model).items():
        kind: Any = Literal[info.words] if info.words else Annotated[Any, PlainValidator(info.cell.read)]
        fields[name] = (kind, ...) if info.is_required else (kind | None if info.words else kind, info.default)
    return create_model(model.__name__, __base__=_Checked, **fields)


def explained(model: type[Row], values: dict[str, str]) -> tuple[Row | None, dict[str, Message]]:
    """The row, if it is one, and by column what belongs there instead of what stands there."""
    faults = {column: message("printable_text") for column, text in values.items() if not is_printable(text)}
    for column, info in columns(model).items():
        if may_be_blank(info) and is_blank_word(values.get(column, "")):
            faults.setdefault(column, message("blank_word"))
    try:
        checked = _checked_model(model).model_validate(values)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            column = str(fault["loc"][0])
            faults.setdefault(column, _expected(fault, model, column))
        return None, faults
    return model(**{name: getattr(checked, name) for name in columns(model)}), faults


def _expected(fault: Any, model: type[Row], column: str) -> Message:
    cause = fault.get("ctx", {}).get("error")
    if isinstance(cause, TextError):
        return cause.expected
    if fault["type"] == "missing":
        return message("value_missing", table=model.table, column=column)
    return message("one_of", words=columns(model)[column].words)
