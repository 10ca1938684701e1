"""Which commands and choices Discord refuses, and with which error: its documented limits, checked as its API does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.loopback_discord.payloads import Json

COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a body: where, and Discord's code and words for it."""

    place: tuple[str | int, ...]
    code: str
    message: str


@dataclass
class Refusal(Exception):
    """An error answer of the API: its HTTP status, Discord's code, and what was wrong where."""

    status: int
    code: int
    message: str
    problems: Sequence[Problem] = field(default=())

    def body(self) -> Json:
        nested: Json = {}
        for problem in self.problems:
            spot = nested
            for step in problem.place:
                spot = spot.setdefault(str(step), {})
            spot.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
        return {"message": self.message, "code": self.code} | ({"errors": nested} if nested else {})


Place = tuple[str | int, ...]
Problems = Iterator[Problem]


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raises the 50035 that lists every problem, if there is one."""
    found = list(problems)
    if found:
        raise Refusal(400, 50035, "Invalid Form Body", found)


def text_within(place: Place, value: Any, most: int, least: int = 0) -> Problems:
    """A string of ``least`` to ``most`` characters; absent is allowed where ``least`` is 0."""
    if value is None and least == 0:
        return
    if value is None:
        yield Problem(place, "BASE_TYPE_REQUIRED", "This field is required")
    elif not isinstance(value, str):
        yield Problem(place, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
    elif not least <= len(value) <= most:
        code = "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH"
        words = f"Must be between {least} and {most} in length." if least else f"Must be {most} or fewer in length."
        yield Problem(place, code, words)


def count_within(place: Place, value: Any, most: int, least: int = 0) -> Problems:
    """A list of ``least`` to ``most`` things; absent counts as empty."""
    if value is not None and not isinstance(value, list):
        yield Problem(place, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    elif not least <= len(value or ()) <= most:
        yield Problem(place, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def number_within(place: Place, value: Any, least: int, most: int) -> Problems:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        yield Problem(place, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
    elif not least <= value <= most:
        yield Problem(place, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")


def choice_problems(data: Json, option_type: int, at: Place = ("data",)) -> Problems:
    """What is wrong with the choices offered for an option of ``option_type``."""
    choices = data.get("choices")
    if not isinstance(choices, list):
        yield Problem((*at, "choices"), "BASE_TYPE_REQUIRED", "This field is required")
        return
    yield from count_within((*at, "choices"), choices, 25)
    for index, choice in enumerate(choices):
        yield from text_within((*at, "choices", index, "name"), choice.get("name"), 100, 1)
        if option_type == 3:
            yield from text_within((*at, "choices", index, "value"), choice.get("value"), 100, 1)
        elif isinstance(choice.get("value"), bool) or not isinstance(choice.get("value"), int | float):
            yield Problem((*at, "choices", index, "value"), "NUMBER_TYPE_COERCE", "The value is not a number.")


def command_problems(commands: Any) -> Problems:
    """What is wrong with the list of commands that a bot registers."""
    yield from count_within((), commands, 100)
    for index, command in enumerate(commands if isinstance(commands, list) else []):
        yield from _command(command, (index,))
    names = Counter((command.get("type", 1), command.get("name")) for command in commands)
    for (_, name), times in names.items():
        if times > 1:
            yield Problem(
                (), "APPLICATION_COMMANDS_DUPLICATE_NAME", f"Application command names must be unique: {name}"
            )


def _command(command: Json, at: Place) -> Problems:
    if command.get("type", 1) == 1:
        yield from _named(command, at)
        yield from _command_options(command, at, depth=0)
        if command_length(command) > 8000:
            yield Problem(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
    else:
        yield from text_within((*at, "name"), command.get("name"), 32, 1)


def _named(thing: Json, at: Place) -> Problems:
    names = {
        (): thing.get("name"),
        **{(locale,): text for locale, text in (thing.get("name_localizations") or {}).items()},
    }
    for where, name in names.items():
        place = (*at, "name_localizations", *where) if where else (*at, "name")
        if not isinstance(name, str) or not COMMAND_NAME.fullmatch(name) or name != name.lower():
            yield Problem(place, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    yield from text_within((*at, "description"), thing.get("description"), 100, 1)
    for locale, text in (thing.get("description_localizations") or {}).items():
        yield from text_within((*at, "description_localizations", locale), text, 100, 1)


def _command_options(holder: Json, at: Place, depth: int) -> Problems:
    options = holder.get("options") or []
    yield from count_within((*at, "options"), options, 25)
    for index, option in enumerate(options):
        yield from _command_option(option, (*at, "options", index), depth)
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield Problem(
            (*at, "options"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed first"
        )
    if any(times > 1 for times in Counter(option.get("name") for option in options).values()):
        yield Problem((*at, "options"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")


def _command_option(option: Json, at: Place, depth: int) -> Problems:
    kind = option.get("type")
    yield from _named(option, at)
    if kind not in range(1, 12) or (kind == 2 and depth > 0) or (kind == 1 and depth > 1):
        yield Problem((*at, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option types are invalid")
    elif kind in (1, 2):
        yield from _command_options(option, at, depth + (1 if kind == 2 else 2))
    if option.get("choices") and option.get("autocomplete"):
        yield Problem(
            (*at, "choices"), "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Autocomplete and choices exclude each other"
        )
    yield from count_within((*at, "choices"), option.get("choices"), 25)
    for index, choice in enumerate(option.get("choices") or []):
        yield from text_within((*at, "choices", index, "name"), choice.get("name"), 100, 1)
        if kind == 3:
            yield from text_within((*at, "choices", index, "value"), choice.get("value"), 100, 1)


def command_length(thing: Json) -> int:
    """Names, descriptions and values of a command, its options and their choices, in characters."""
    own = sum(len(str(thing.get(part, ""))) for part in ("name", "description", "value"))
    return own + sum(command_length(inner) for part in ("options", "choices") for inner in thing.get(part) or [])
