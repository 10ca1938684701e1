"""The slash line: the one written form of a question, read and written.

``/orders total launch:小米SU7 within:3d`` is read into ``OrdersTotal("su7", 259200)`` and written back as
``/orders total launch:su7 within:72h``, which asks the same again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from salesbot.errors import QuestionError, TextError
from salesbot.questions.names import Names, Suggestion
from salesbot.questions.question import (
    BY_VERB,
    ChoiceKind,
    Kind,
    NameKind,
    Option,
    Question,
    ValueKind,
    options,
)
from salesbot.questions.typed_values import (
    duration_text,
    is_duration,
    looks_like_a_time,
    quantity_text,
    typed_duration,
    typed_moment,
    typed_quantity,
)
from salesbot.values.moment import StatedTime
from salesbot.values.name_keys import nearest
from salesbot.values.quantity import Quantity

LONGEST_LINE = 2000
LONGEST_TEXT = 100
MOST_CHOICE = 100  # characters of an autocomplete choice
_TYPOGRAPHY = str.maketrans(
    {"：": ":", "“": '"', "”": '"', "„": '"', "‟": '"', "＂": '"', "／": "/", "\u3000": " ", "\u00a0": " "}
)
_TOKEN = re.compile(r'(?P<name>\w+)\s*:\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s"]+))|(?P<word>\S+)')


def parse(line: str, names: Names) -> Question:
    """The question a line asks. Raises ``QuestionError`` naming what was typed and what to type instead."""
    if len(line) > LONGEST_LINE:
        raise QuestionError("line_too_long", most=LONGEST_LINE)
    verb, typed = _split(line.translate(_TYPOGRAPHY))
    return question(verb, typed, names)


def _split(line: str) -> tuple[str, dict[str, str]]:
    words: list[str] = []
    typed: dict[str, str] = {}
    for match in _TOKEN.finditer(line):
        if match["word"] is not None:
            if typed or len(words) == 2:
                raise _stray(match["word"], typed)
            words.append(match["word"])
            continue
        name = match["name"].casefold()
        if name in typed:
            raise QuestionError("option_twice", name=name)
        quoted = match["quoted"]
        typed[name] = match["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return _verb([word.casefold().lstrip("/") for word in words]), typed


def _stray(word: str, typed: dict[str, str]) -> QuestionError:
    if typed and ":" not in word and '"' not in word:
        name, value = list(typed.items())[-1]
        return QuestionError("stray_word_after_value", word=word, example=f'{name}:"{value} {word}"')
    return QuestionError("stray_word", word=word)


def _verb(words: list[str]) -> str:
    verb = "/" + " ".join(words)
    if verb in BY_VERB:
        return verb
    verbs = list(BY_VERB)
    of_group = [known for known in verbs if words and known.startswith(f"/{words[0]} ")]
    candidates = of_group if len(words) < 2 and of_group else nearest(verb, of_group or verbs)
    raise QuestionError("unknown_command", candidates or verbs, verb=verb)


def question(verb: str, typed: Mapping[str, str], names: Names) -> Question:
    """The question of a slash command with its options as typed. Raises ``QuestionError``."""
    form = BY_VERB[verb]
    known = {option.name: option for option in options(form)}
    for name in typed:
        if name not in known:
            raise QuestionError("unknown_option", nearest(name, list(known)) or list(known), name=name, verb=verb)
    for option in known.values():
        if option.required and option.name not in typed:
            raise QuestionError("option_missing", verb=verb, name=option.name)
    return form(**{name: _value(known[name], text.strip(), names) for name, text in typed.items()})


def _value(option: Option, text: str, names: Names) -> object:
    if not text:
        raise QuestionError("option_empty", name=option.name)
    kind = option.kind
    if isinstance(kind, NameKind):
        return _ids(option, kind, text, names) if kind.many else names.resolve(kind.thing, text)
    if isinstance(kind, ChoiceKind):
        return _choice(option, kind, text)
    try:
        return _typed_value(kind, text, names)
    except TextError as error:
        raise QuestionError("bad_value", name=option.name, text=text, expected=error.expected) from None


def _ids(option: Option, kind: NameKind, text: str, names: Names) -> tuple[str, ...]:
    parts = [part.strip() for part in re.split(r"[,，、]|\s+vs\.?\s+", text) if part.strip()]
    ids = tuple(dict.fromkeys(names.resolve(kind.thing, part) for part in parts))
    if not 2 <= len(ids) <= 10:
        raise QuestionError("two_to_ten", name=option.name, count=len(ids), kind=kind.thing)
    return ids


def _choice(option: Option, kind: ChoiceKind, text: str) -> str:
    word = text.casefold().replace(" ", "_").replace("-", "_")
    for known in kind.words:
        if word == known.replace(" ", "_"):
            return known
    raise QuestionError("unknown_choice", nearest(text, list(kind.words)) or kind.words, name=option.name, text=text)


def _typed_value(kind: ValueKind, text: str, names: Names) -> object:
    match kind.form:
        case "duration":
            return typed_duration(text)
        case "duration or time":
            return typed_duration(text) if is_duration(text) else typed_moment(text)
        case "event or time":
            return typed_moment(text) if looks_like_a_time(text) else names.resolve("event", text)
        case "day":
            return typed_moment(text)
        case "number":
            return typed_quantity(text)
    if len(text) > LONGEST_TEXT:
        raise TextError("text_too_long", most=LONGEST_TEXT)
    return text


def written(asked: Question) -> str:
    """The line that asks ``asked``: ids, in declared order, quoted where need be."""
    parts = [asked.verb]
    for option in options(type(asked)):
        value = getattr(asked, option.name)
        if value is not None:
            parts.append(f"{option.name}:{_quoted(_value_text(value))}")
    return " ".join(parts)


def _value_text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, StatedTime):
        return value.text
    if isinstance(value, Quantity):
        return quantity_text(value)
    if isinstance(value, int):
        return duration_text(value)
    return str(value)


def _quoted(value: str) -> str:
    if re.fullmatch(r"[^\s\"\\]+", value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def suggestions(option: Option, text: str, names: Names) -> list[Suggestion]:
    """The choices while an option is being typed: at most 25, each of at most 100 characters."""
    kind: Kind = option.kind
    if isinstance(kind, NameKind) and kind.many:
        return _suggestions_after_comma(kind, text, names)
    if isinstance(kind, NameKind):
        return names.suggestions(kind.thing, text)
    if isinstance(kind, ChoiceKind):
        shown = ((word, word.replace("_", " ")) for word in kind.words)
        return [Suggestion(text_, word) for word, text_ in shown if text.casefold() in text_]
    if kind.form == "event or time" and not looks_like_a_time(text):
        return names.suggestions("event", text)
    typed = text.strip()
    return (
        [Suggestion(typed, typed)] if typed and len(text) <= MOST_CHOICE else [Suggestion(kind.example, kind.example)]
    )


def _suggestions_after_comma(kind: NameKind, text: str, names: Names) -> list[Suggestion]:
    head, _, tail = text.rpartition(",")
    offered = [
        Suggestion(f"{head}, {one.shown}".lstrip(", "), f"{head},{one.id}".lstrip(","))
        for one in names.suggestions(kind.thing, tail)
    ]
    return [one for one in offered if len(one.id) <= MOST_CHOICE and len(one.shown) <= MOST_CHOICE]
