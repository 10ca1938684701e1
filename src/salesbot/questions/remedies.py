"""What to ask in the place of a line that is wrong: whole lines, each of which can be asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from salesbot.errors import Message, QuestionError
from salesbot.questions.choices import choices
from salesbot.questions.names import Names
from salesbot.questions.question import BY_VERB, NameKind, Option, ValueKind, options
from salesbot.values.written_dates import possible_dates

MOST_OFFERED = 6
TIMES = ("duration or time", "event or time", "day", "period")
Works = Callable[[str, Mapping[str, str]], bool]
Lines = tuple[tuple[str, str], ...]
"""Each line with the text that is shown for it."""


def written_as_typed(verb: str, typed: Mapping[str, str]) -> str:
    """The line of a command with its options as they were typed."""
    return " ".join([verb, *(f"{name}:{quoted(text)}" for name, text in typed.items())])


def quoted(value: str) -> str:
    """A value as a line holds it: in quotes where need be."""
    if re.fullmatch(r"[^\s\"\\]+", value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_other_value(
    verb: str, option: Option, typed: Mapping[str, str], error: QuestionError, names: Names, works: Works
) -> Lines:
    """For a value that cannot be read: the two ways to read it where it has two, else what the facts hold."""
    kind, text = option.kind, typed[option.name]
    others = {name: value for name, value in typed.items() if name != option.name}
    values = possible_dates(text) if isinstance(kind, ValueKind) and kind.form in TIMES else []
    expected = error.message.values.get("expected")
    if isinstance(kind, ValueKind) and kind.form == "number":
        read_as = expected.values if isinstance(expected, Message) else {}
        values = [str(read_as[name]) for name in ("whole", "decimal") if name in read_as]
    elif not values:
        begun = f"{text}," if isinstance(kind, NameKind) and kind.many else ""
        values = [one.id for one in choices(verb, option, begun, others, names)]
    return of_values(verb, option.name, values, typed, works)


def of_values(verb: str, name: str, values: Iterable[str], typed: Mapping[str, str], works: Works) -> Lines:
    """The lines with one of some values of an option."""
    return _those_that_work(((value, {**typed, name: value}) for value in values), verb, works)


def of_stray_words(verb: str, typed: Mapping[str, str], stray: str, works: Works) -> Lines:
    """For words without an option: as the end of the value before them, else as the first option there is."""
    if typed:
        name, value = list(typed.items())[-1]
        longer = {**typed, name: f"{value} {stray}"}
        others = [{**typed, one.name: stray} for one in options(BY_VERB[verb]) if one.name not in typed]
        return _those_that_work((("", changed) for changed in [longer, *others]), verb, works)
    first = options(BY_VERB[verb])[0]
    return _those_that_work([("", {first.name: stray})], verb, works)


def with_other_verb(verbs: Iterable[str], typed: Mapping[str, str], works: Works) -> Lines:
    """For a command that there is not: those that take the options typed."""
    lines = [line for verb in verbs for line in _those_that_work([("", dict(typed))], verb, works)]
    return tuple(lines[:MOST_OFFERED])


def with_other_name(verb: str, name: str, known: Iterable[str], typed: Mapping[str, str], works: Works) -> Lines:
    """For an option that there is not: the nearest ones in its place."""
    renamed = ({(other if one == name else one): text for one, text in typed.items()} for other in known)
    return _those_that_work((("", changed) for changed in renamed), verb, works)


def _those_that_work(candidates: Iterable[tuple[str, dict[str, str]]], verb: str, works: Works) -> Lines:
    """The lines of the options that can be asked, each shown by a text, or else by itself."""

    def lines() -> Iterator[tuple[str, str]]:
        for shown, typed in candidates:
            if works(verb, typed):
                line = written_as_typed(verb, typed)
                yield shown or line, line

    return tuple(dict(lines()).items())[:MOST_OFFERED]
