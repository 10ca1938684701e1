"""The slash line: the one written form of a question, read and written.

``/orders total launch:小米SU7 within:3d`` is read into ``OrdersTotal("su7", 259200)`` and written
back as ``/orders total launch:su7 within:72h``, which asks the same again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any, get_args, get_type_hints

from msgspec import Struct

from salesbot.errors import QuestionError, shown
from salesbot.facts import number
from salesbot.questions.names import Names, Offer
from salesbot.questions.question import BY_VERB, Kind, Named, Plain, Question, Says, Words
from salesbot.values.moment import TYPED_HINT, Stated, cell_time, typed_time
from salesbot.values.name_keys import nearest
from salesbot.values.quantity import Quantity, decimal_text

LONGEST_LINE = 2000
_LEVELLED = str.maketrans({"：": ":", "“": '"', "”": '"', "„": '"', "‟": '"', "＂": '"', "／": "/", "\u3000": " ", "\u00a0": " "})
_TOKEN = re.compile(r'(?P<name>\w+)\s*:\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s"]+))|(?P<word>\S+)')
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(m|min|h|d|w|分钟|小时|天|周)")
_SECONDS = {"m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "分钟": 60, "小时": 3600, "天": 86400, "周": 604800}
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,9})?\s*(k|m|万|亿|%)?", re.IGNORECASE)
_SCALE: dict[str | None, Fraction | int] = {None: 1, "k": 1000, "m": 10**6, "万": 10**4, "亿": 10**8, "%": Fraction(1, 100)}


class Option(Struct, frozen=True):
    """One option of a slash command."""

    name: str
    kind: Kind
    says: str
    required: bool


def options(question: type[Question]) -> tuple[Option, ...]:
    """The options of a question in declared order, read off its fields."""
    return _options(question.verb)


@cache
def _options(verb: str) -> tuple[Option, ...]:
    found = []
    for name, hint in get_type_hints(BY_VERB[verb], include_extras=True).items():
        marks = getattr(hint, "__metadata__", ())
        says = next((mark.text for mark in marks if isinstance(mark, Says)), None)
        if says is not None:
            kind = next(mark for mark in marks if not isinstance(mark, Says))
            found.append(Option(name, kind, says, type(None) not in get_args(get_args(hint)[0])))
    return tuple(found)


def parse(line: str, names: Names) -> Question:
    """The question a line asks. Raises ``QuestionError`` naming what was typed and what to type instead."""
    if len(line) > LONGEST_LINE:
        raise QuestionError("the line is too long", f"write at most {LONGEST_LINE} characters")
    verb, given = _split(line.translate(_LEVELLED))
    return question(verb, given, names)


def _split(line: str) -> tuple[str, dict[str, str]]:
    words: list[str] = []
    given: dict[str, str] = {}
    for match in _TOKEN.finditer(line):
        if match["word"] is not None:
            if given or len(words) == 2:
                raise _stray(match["word"], given)
            words.append(match["word"])
            continue
        name = match["name"].casefold()
        if name in given:
            raise QuestionError(f"{shown(name)} is given twice", "write each option once")
        quoted = match["quoted"]
        given[name] = match["plain"] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    return _verb([word.casefold().lstrip("/") for word in words]), given


def _stray(word: str, given: dict[str, str]) -> QuestionError:
    if given:
        name, value = list(given.items())[-1]
        if ":" not in word and '"' not in word:
            return QuestionError(f"{shown(word)} stands alone", f'put a value with spaces in double quotes, as in {name}:"{value} {word}"')
    return QuestionError(f"{shown(word)} is not an option with a value", 'write options as name:value or name:"a value"')


def _verb(words: list[str]) -> str:
    verb = "/" + " ".join(words)
    if verb in BY_VERB:
        return verb
    verbs = list(BY_VERB)
    inside = [known for known in verbs if words and known.startswith(f"/{words[0]} ")]
    candidates = inside if len(words) < 2 and inside else nearest(verb, inside or verbs)
    raise QuestionError(f"{shown(verb)} is no command", "write one of these", candidates or verbs)


def question(verb: str, given: Mapping[str, str], names: Names) -> Question:
    """The question of a slash command with its options as typed."""
    form = BY_VERB[verb]
    known = {option.name: option for option in options(form)}
    for name in given:
        if name not in known:
            raise QuestionError(f"{shown(name)} is no option of {verb}", "write one of these", nearest(name, list(known)) or list(known))
    for option in known.values():
        if option.required and option.name not in given:
            raise QuestionError(f"{verb} needs {option.name}", f"add {option.name}: {option.says}")
    return form(**{name: _value(known[name], text.strip(), names) for name, text in given.items()})


def _value(option: Option, text: str, names: Names) -> object:
    if not text:
        raise QuestionError(f"{option.name} is empty", option.says)
    kind = option.kind
    if isinstance(kind, Named):
        return _ids(option, kind, text, names) if kind.many else names.resolve(kind.kind, text)
    if isinstance(kind, Words):
        return _word(option, kind, text)
    return _READERS[kind.form](option, text, names)


def _ids(option: Option, kind: Named, text: str, names: Names) -> tuple[str, ...]:
    parts = [part.strip() for part in re.split(r"[,，、]", text) if part.strip()]
    ids = tuple(dict.fromkeys(names.resolve(kind.kind, part) for part in parts))
    if not 2 <= len(ids) <= 10:
        raise QuestionError(f"{option.name} holds {len(ids)} different {kind.kind}s", "write from two to ten, separated by commas")
    return ids


def _word(option: Option, kind: Words, text: str) -> str:
    word = text.casefold().replace(" ", "_").replace("-", "_")
    for known in kind.words:
        if word == known.replace(" ", "_"):
            return known
    raise QuestionError(f"{shown(text)} is no {option.name}", "write one of these", nearest(text, list(kind.words)) or kind.words)


def _duration(option: Option, text: str, names: Names) -> int:
    match = _DURATION.fullmatch(unicodedata.normalize("NFKC", text).casefold())
    if match:
        seconds = Fraction(match[1]) * _SECONDS[match[2]]
        if seconds.denominator == 1 and 0 < seconds <= 10 * 366 * 86400:
            return int(seconds)
    raise QuestionError(f"{shown(text)} is not a duration", "write it as 90m, 72h, 3d or 1w")


def _duration_or_time(option: Option, text: str, names: Names) -> int | Stated:
    if _DURATION.fullmatch(unicodedata.normalize("NFKC", text).casefold()):
        return _duration(option, text, names)
    return _time(option, text, names)


def _time(option: Option, text: str, names: Names) -> Stated:
    try:
        stated = cell_time(text) if "/" in text and text[:4].isdigit() and "T" in text else typed_time(text)
        stated.read()
    except ValueError as error:
        hint = str(error)
        raise QuestionError(f"{shown(text)} is not a time", hint if hint.startswith("write") else f"{hint}; {TYPED_HINT}") from None
    return stated


def _event_or_time(option: Option, text: str, names: Names) -> str | Stated:
    if re.match(r"\s*(about|around|约|大约|~)?\s*\d{4}(\b|年|-|$)", unicodedata.normalize("NFKC", text)):
        return _time(option, text, names)
    return names.resolve("event", text)


def _day(option: Option, text: str, names: Names) -> Stated:
    stated = _time(option, text, names)
    return stated


def _quantity(option: Option, text: str, names: Names) -> Quantity:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").replace("−", "-")
    for sign, how in ((">=", "at_least"), ("<=", "at_most")):
        if plain.startswith(sign):
            value = _one_number(plain[2:], text)
            return Quantity(value, None, "", "at_least") if how == "at_least" else Quantity(None, value, "", "at_most")
    ends = re.split(r"\.\.|-|–|~", plain)
    if len(ends) == 2:
        low, high = (_one_number(end, text) for end in ends)
        if low > high:
            raise QuestionError(f"{shown(text)} runs downward", f"write the smaller number first: {ends[1]}..{ends[0]}")
        return Quantity(low, high, "", "range" if low < high else "exact")
    value = _one_number(plain, text)
    return Quantity(value, value, "", "exact")


def _one_number(plain: str, text: str) -> Fraction:
    match = _NUMBER.fullmatch(plain)
    if not match:
        raise QuestionError(f"{shown(text)} is not a number", "write it as 45000, 45k, 4.5万, 38%, 55..60 or >=40000")
    scale = _SCALE[match[3].casefold() if match[3] else None]
    return number(match[1].replace(",", "") + (match[2] or "")) * scale


def _text(option: Option, text: str, names: Names) -> str:
    if len(text) > 100:
        raise QuestionError(f"{shown(text)} is too long for {option.name}", "write at most 100 characters")
    return text


_READERS = {
    "duration": _duration,
    "duration or time": _duration_or_time,
    "event or time": _event_or_time,
    "day": _day,
    "number": _quantity,
    "text": _text,
}


def written(asked: Question) -> str:
    """The line that asks ``asked``: ids, in declared order, quoted where need be."""
    parts = [asked.verb]
    for option in options(type(asked)):
        value = getattr(asked, option.name)
        if value is not None:
            parts.append(f"{option.name}:{_quoted(_written(option.kind, value))}")
    return " ".join(parts)


def _written(kind: Kind, value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, Stated):
        return value.text
    if isinstance(value, Quantity):
        return quantity_text(value)
    if isinstance(value, int):
        return duration_text(value)
    return str(value)


def duration_text(seconds: int) -> str:
    """``72h`` where whole hours, else minutes."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}h" if not rest else f"{decimal_text(Fraction(seconds, 60))}m"


def quantity_text(quantity: Quantity) -> str:
    """A typed quantity as it can be typed again."""
    low = None if quantity.low is None else decimal_text(quantity.low, places=12)
    high = None if quantity.high is None else decimal_text(quantity.high, places=12)
    if low is None or high is None:
        return f">={low}" if low is not None else f"<={high}"
    return low if low == high else f"{low}..{high}"


def _quoted(value: str) -> str:
    if re.fullmatch(r"[^\s\"\\]+", value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def offers(option: Option, text: str, names: Names) -> list[Offer]:
    """What to offer while an option is being typed: at most 25 choices of at most 100 characters."""
    kind = option.kind
    if isinstance(kind, Named) and kind.many:
        return _offers_after_comma(kind, text, names)
    if isinstance(kind, Named):
        return names.offers(kind.kind, text)
    if isinstance(kind, Words):
        return [Offer(word.replace("_", " "), word) for word in kind.words if text.casefold() in word.replace("_", " ")]
    if kind.form == "event or time":
        return names.offers("event", text)
    return [Offer(text.strip(), text.strip())] if text.strip() and len(text) <= 100 else [Offer(kind.example, kind.example)]


def _offers_after_comma(kind: Named, text: str, names: Names) -> list[Offer]:
    head, _, tail = text.rpartition(",")
    found = [Offer(f"{head}, {o.shown}".lstrip(", "), f"{head},{o.id}".lstrip(",")) for o in names.offers(kind.kind, tail)]
    return [offer for offer in found if len(offer.id) <= 100 and len(offer.shown) <= 100]


__all__ = ["Option", "Plain", "duration_text", "offers", "options", "parse", "quantity_text", "question", "written"]
