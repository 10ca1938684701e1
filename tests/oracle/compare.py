"""Judges one answer against one expectation: right, wrong (with reasons), or no opinion."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from .reference.expectation import (
    FILLED,
    Among,
    Answer,
    Between,
    Check,
    Custom,
    Exit,
    Expectation,
    Fields,
    Filled,
    Has,
    Headline,
    Holding,
    Lacks,
    Same,
    Top,
)  # fmt: skip
from .reference.numbers import as_written, shown

NEW_KEYS = {
    "region": "8.3, 9: a price figure says its region",
    "series_from": "8.1, 9: a figure of a series that starts later says its start (series_from)",
    "channel": "8.17, 9: a price figure says its channel",
}


@dataclass(frozen=True)
class Fault:
    """One check that an answer fails: the rule, what it wants, and what is there."""

    why: str
    wanted: str
    got: str


@dataclass(frozen=True)
class Judgement:
    """``right``, ``wrong`` or ``no opinion``, with every fault."""

    verdict: str
    faults: tuple[Fault, ...] = ()


def judge(expectation: Expectation, answer: Answer) -> Judgement:
    faults = tuple(fault for check in expectation.checks if (fault := _fault(check, answer)) is not None)
    if faults:
        return Judgement("wrong", faults)
    return Judgement("right" if expectation.judges else "no opinion")


def _fault(check: Check, answer: Answer) -> Fault | None:
    if isinstance(check, Exit):
        if answer.exit in check.codes:
            return None
        message = (answer.json.get("error") or {}).get("message", answer.headline)
        return Fault(check.why, f"exit {' or '.join(map(str, check.codes))}", f"exit {answer.exit}: {message}")
    if answer.exit:
        return None  # the exit code is judged on its own
    if isinstance(check, Custom):
        got = check.test(answer)
        return None if got is None else Fault(check.why, check.wanted, got)
    if isinstance(check, Top):
        return _top(check, answer)
    if isinstance(check, Headline):
        is_there = any(re.search(pattern, answer.headline) for pattern in check.patterns)
        if is_there is not check.absent:
            return None
        return Fault(check.why, f"{'not ' if check.absent else ''}{' or '.join(check.patterns)}", answer.headline)
    if isinstance(check, Has):
        if any(_fits(figure, option) for option in check.options for figure in answer.figures):
            return None
        return Fault(_why_not(check, answer), " or ".join(map(_text, check.options)), _figures(answer))
    if isinstance(check, Lacks):
        told = answer.figures
        if check.beside_operands:
            operands = {id for figure in told for id in figure.get("operands") or ()}
            told = [figure for figure in told if figure.get("id") not in operands]
        if not any(_fits(figure, check.fields) for figure in told):
            return None
        return Fault(check.why, f"no {_text(check.fields)}", _figures(answer))
    raise TypeError(check)


def _why_not(check: Has, answer: Answer) -> str:
    """The rule that is broken: that of a key of section 9 where everything else fits."""
    for key, rule in NEW_KEYS.items():
        rest = [
            {name: wanted for name, wanted in option.items() if name != key}
            for option in check.options
            if key in option
        ]
        if any(_fits(figure, option) for option in rest for figure in answer.figures):
            return rule
    return check.why


def _top(check: Top, answer: Answer) -> Fault | None:
    value: Any = answer.json
    for key in check.path:
        value = value.get(key) if isinstance(value, dict) else None
    if any(_equal(value, allowed) for allowed in check.allowed):
        return None
    return Fault(check.why, f"{'.'.join(check.path)} {' or '.join(map(str, check.allowed))}", str(value))


def _equal(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, int) and got is not None:
        return number(got) == wanted
    return bool(got == wanted)


def number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def _fits(figure: dict[str, Any], fields: Fields) -> bool:
    return all(_field_fits(figure, name, wanted) for name, wanted in fields.items())


def _field_fits(figure: dict[str, Any], name: str, wanted: Any) -> bool:
    if isinstance(wanted, Between):
        low, high = as_written(wanted.range)
        got_low, got_high = number(figure.get("low")), number(figure.get("high"))
        return (got_low == low or got_low in wanted.or_low) and got_high == high
    value = figure.get(name)
    if isinstance(wanted, Filled):
        return value is not None
    if isinstance(wanted, Among):
        return value in wanted.values
    if isinstance(wanted, Holding):
        return set(wanted.values) <= set(value or ())
    if isinstance(wanted, Same):
        return value is not None and wanted.read(str(value)) == wanted.key
    return bool(value == wanted)


def _text(fields: Fields) -> str:
    return " ".join(
        f"{name} {_value(wanted)}" if name != "between" else _value(wanted) for name, wanted in fields.items()
    )


def _value(wanted: Any) -> str:
    if isinstance(wanted, Between):
        return shown(wanted.range)
    if isinstance(wanted, Same):
        return wanted.key
    if isinstance(wanted, Among):
        return "/".join(map(str, wanted.values))
    return "filled" if wanted is FILLED else str(wanted)


def _figures(answer: Answer) -> str:
    def one(figure: dict[str, Any]) -> str:
        low, high = figure.get("low"), figure.get("high")
        more = [str(figure[key]) for key in ("region", "kind", "valid_from", "valid_to") if figure.get(key)]
        return " ".join(
            [str(figure.get("name")), str(low) if low == high else f"{low}..{high}", str(figure.get("unit")), *more]
        )

    return "; ".join(map(one, answer.figures)) or "no figures"
