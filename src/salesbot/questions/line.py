"""The slash line: the one written form of a question, read and written.

``/orders total launch:小米SU7 within:3d`` is read into ``OrdersTotal("su7", 259200)`` and written back as
``/orders total launch:su7 within:72h``, which asks the same again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from salesbot.errors import QuestionError, TextError, message
from salesbot.questions import remedies
from salesbot.questions.names import Names
from salesbot.questions.question import (
    BY_VERB,
    ChoiceKind,
    NameKind,
    Option,
    Question,
    ValueKind,
    options,
)
from salesbot.questions.remedies import TIMES, quoted, written_as_typed
from salesbot.questions.typed_values import (
    duration_text,
    is_duration,
    looks_like_a_time,
    quantity_text,
    typed_duration,
    typed_moment,
    typed_quantity,
    typed_span,
)
from salesbot.values.moment import StatedTime
from salesbot.values.name_keys import nearest
from salesbot.values.patterns import compiled_at_use
from salesbot.values.quantity import Quantity
from salesbot.values.written_dates import lacks_year, with_year, without_year

LONGEST_LINE = 2000
MOST_INSTEAD = 10  # lines offered in the place of one that is wrong
DAYS_AGO = dict.fromkeys(("today", "now", "今天", "今日", "现在", "現在"), 0) | dict.fromkeys(
    ("yesterday", "昨天", "昨日"), 1
)
LONGEST_TEXT = 100
_TYPOGRAPHY = str.maketrans(
    {"：": ":", "“": '"', "”": '"', "„": '"', "‟": '"', "＂": '"', "／": "/", "\u3000": " ", "\u00a0": " "}
)
_TOKEN = compiled_at_use(r'(?P<name>\w+)\s*:\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s"]+))|(?P<word>\S+)')


def parse(line: str, names: Names) -> Question:
    """The question a line asks. Raises ``QuestionError`` naming what was typed and what to type instead."""
    if len(line) > LONGEST_LINE:
        raise QuestionError("line_too_long", most=LONGEST_LINE)
    try:
        verb, typed = split_line(line)
    except QuestionError as error:
        error.lines = _lines_instead(line, error, names)
        raise
    return question(verb, with_days(verb, typed, datetime.now(UTC).date()), names)


def looks_like_line(text: str) -> bool:
    """Whether a text is meant as a line, and not as free text: it begins with a slash, or with a command's words."""
    plain = text.translate(_TYPOGRAPHY).strip()
    words = plain.casefold().split()
    return plain.startswith("/") or (len(words) > 1 and f"/{words[0]} {words[1]}" in BY_VERB and ":" in plain)


def split_line(line: str) -> tuple[str, dict[str, str]]:
    """The command of a line and its options as typed. Raises ``QuestionError``."""
    words: list[str] = []
    typed: dict[str, str] = {}
    for match in _TOKEN.finditer(line.translate(_TYPOGRAPHY)):
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


def _lines_instead(line: str, error: QuestionError, names: Names) -> tuple[tuple[str, str], ...]:
    """What to ask instead of a line that is no command with its options."""
    matches = list(_TOKEN.finditer(line.translate(_TYPOGRAPHY)))
    typed = {match["name"].casefold(): match["plain"] or match["quoted"] for match in matches if match["word"] is None}
    words = [match["word"] for match in matches if match["word"] is not None]

    def works(verb: str, options: Mapping[str, str]) -> bool:
        return _is_asked(verb, options, names)

    if error.message.key == "unknown_command":
        return remedies.with_other_verb(error.candidates, typed, works)
    verb = "/" + " ".join(word.casefold().lstrip("/") for word in words[:2])
    if error.message.key == "option_twice" and verb in BY_VERB:
        name = str(error.message.values["name"])
        values = [match["plain"] or match["quoted"] for match in matches if (match["name"] or "").casefold() == name]
        return remedies.of_values(verb, name, values, typed, works)
    if verb not in BY_VERB or error.message.key not in ("stray_word", "stray_word_after_value"):
        return ()
    return remedies.of_stray_words(verb, typed, " ".join(words[2:]), works)


def _is_asked(verb: str, typed: Mapping[str, str], names: Names) -> bool:
    """Whether a command with its options can be asked; one that computes with the asker's numbers needs one."""
    numbers = {
        one.name for one in options(BY_VERB[verb]) if isinstance(one.kind, ValueKind) and one.kind.form == "number"
    }
    if numbers and not numbers & typed.keys():
        return False
    try:
        _values(verb, typed, names)
    except QuestionError:
        return False
    return True


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

    def works(verb: str, options: Mapping[str, str]) -> bool:
        return _is_asked(verb, options, names)

    known = {option.name: option for option in options(BY_VERB[verb])}
    for name in typed:
        if name not in known:
            near = nearest(name, list(known)) or list(known)
            error = QuestionError("unknown_option", near, name=name, verb=verb)
            error.lines = remedies.with_other_name(verb, name, near, typed, works)
            raise error
    try:
        return BY_VERB[verb](**_values(verb, typed, names))
    except QuestionError as error:
        if error.message.key in ("bad_value", "two_to_ten") and not error.lines:
            option = known[str(error.message.values["name"])]
            error.lines = remedies.with_other_value(verb, option, typed, error, names, works)
        raise


def _values(verb: str, typed: Mapping[str, str], names: Names) -> dict[str, object]:
    """The values of options as typed. Raises ``QuestionError``."""
    known = {option.name: option for option in options(BY_VERB[verb])}
    typed = _completed(verb, typed, names)
    values: dict[str, object] = {}
    for name, text in [(name, typed[name]) for name in known if name in typed]:  # launch and model come first
        try:
            values[name] = _value(known[name], _with_its_year(verb, known[name], typed, names) or text.strip(), names)
        except QuestionError as error:
            error.lines = error.lines or tuple(
                (shown, written_as_typed(verb, {**typed, name: str(instead)})) for shown, instead in error.instead
            )
            raise
    return values


def _completed(verb: str, typed: Mapping[str, str], names: Names) -> dict[str, str]:
    """The options with the one launch there is, where none is named.

    Raises ``QuestionError`` for one that is missing, with the lines that have it.
    """
    complete = dict(typed)
    for option in options(BY_VERB[verb]):
        if option.required and option.name not in complete:
            only = names.only_launch() if option.name == "launch" else None
            if only is None:
                raise _missing(verb, option, complete, names)
            complete[option.name] = only
    return complete


def _missing(verb: str, option: Option, typed: Mapping[str, str], names: Names) -> QuestionError:
    error = QuestionError("option_missing", verb=verb, name=option.name)
    if isinstance(option.kind, NameKind) and not option.kind.many:
        offered = names.suggestions(option.kind.thing, "")[:MOST_INSTEAD]
        texts = [(one.shown, written_as_typed(verb, {option.name: one.id, **typed})) for one in offered]
        error.lines = tuple(texts)
    return error


def _with_its_year(verb: str, option: Option, typed: Mapping[str, str], names: Names) -> str | None:
    """A day that is typed without a year, in the one year that it can be in; ``None`` for all else.

    Raises ``QuestionError`` with a line for each year that may be meant.
    """
    text = typed[option.name]
    if not (isinstance(option.kind, ValueKind) and option.kind.form in TIMES and lacks_year(text)):
        return None
    years = names.years_of(typed, [without_year(text)])
    if len(years) == 1:
        return with_year(text, years[0])
    error = QuestionError("bad_value", name=option.name, text=text, expected=message("year_missing"))
    days = [with_year(text, year) for year in years or names.years()]
    error.lines = tuple((day, written_as_typed(verb, {**typed, option.name: day})) for day in days)
    raise error


def with_days(verb: str, typed: Mapping[str, str], today: date) -> dict[str, str]:
    """The options with ``today`` and ``yesterday`` as days, so that the line means the same tomorrow."""
    complete = dict(typed)
    for name, text in typed.items():
        ago = DAYS_AGO.get(text.strip().casefold())
        if ago is not None and _is_time(verb, name):
            complete[name] = (today - timedelta(days=ago)).isoformat()
    return complete


def _is_time(verb: str, name: str) -> bool:
    """Whether an option of a question takes a day or a time."""
    kinds = (option.kind for option in options(BY_VERB[verb]) if option.name == name) if verb in BY_VERB else ()
    return any(isinstance(kind, ValueKind) and kind.form in TIMES for kind in kinds)


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
    parts = [part.strip() for part in re.split(r"[,，、;；]|\s+(?:vs|versus)\.?\s+", text) if part.strip()]
    ids = tuple(dict.fromkeys(id for part in parts for id in _ids_of_part(kind, part, names)))
    if not 2 <= len(ids) <= 10:
        raise QuestionError("two_to_ten", name=option.name, count=len(ids), kind=kind.thing)
    return ids


def _ids_of_part(kind: NameKind, part: str, names: Names) -> list[str]:
    """The id of a name, or those of two with an "and" between them. Raises ``QuestionError``."""
    try:
        return [names.resolve(kind.thing, part)]
    except QuestionError:
        pieces = re.split(r"\s+(?:and|&|against)\s+|[和与對对跟]|/", part)
        if len(pieces) < 2:
            raise
        return [names.resolve(kind.thing, piece.strip()) for piece in pieces if piece.strip()]


def _choice(option: Option, kind: ChoiceKind, text: str) -> str:
    word = text.casefold().replace(" ", "_").replace("-", "_")
    for known in kind.words:
        if word == known.replace(" ", "_"):
            return known
    near = nearest(text, list(kind.words)) or kind.words
    raise QuestionError("unknown_choice", near, name=option.name, text=text).offering([(one, one) for one in near])


def _typed_value(kind: ValueKind, text: str, names: Names) -> object:
    match kind.form:
        case "duration":
            return typed_duration(text)
        case "duration or time":
            return typed_duration(text) if is_duration(text) else typed_moment(text)
        case "event or time":
            return _event_or_time(text, names)
        case "day":
            return typed_moment(text)
        case "period":
            return typed_span(text)
        case "number":
            return typed_quantity(text)
    if len(text) > LONGEST_TEXT:
        raise TextError("text_too_long", most=LONGEST_TEXT)
    return text


def _event_or_time(text: str, names: Names) -> object:
    if not looks_like_a_time(text):
        return names.resolve("event", text)
    try:
        return typed_moment(text)
    except TextError:
        if text[:1].isdigit():
            raise
        return names.resolve("event", text)  # "May 2024 update" is a name


def written(asked: Question) -> str:
    """The line that asks ``asked``: ids, in declared order, quoted where need be."""
    parts = [asked.verb]
    for option in options(type(asked)):
        value = getattr(asked, option.name)
        if value is not None:
            parts.append(f"{option.name}:{quoted(_value_text(value))}")
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
