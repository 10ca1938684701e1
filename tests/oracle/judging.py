"""Asks the engine one line about a pack and judges the answer, also that ``asked_as`` asks the same again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import engine
from .compare import Fault, Judgement, judge
from .reference import Expectation, Pack, expect
from .reference.expectation import Answer


@dataclass(frozen=True)
class Judged:
    """An answer with what was expected of it and how it was judged."""

    expectation: Expectation
    judgement: Judgement
    exit: int
    json: dict[str, Any]


def judge_line(line: str, folder: Path, pack: Pack) -> Judged:
    """Raises ``engine.Invalid`` where the engine does not take the pack."""
    exit, json = engine.answer(line, folder)
    expectation = expect(line, pack)
    judgement = judge(expectation, Answer(exit, json))
    again = None if exit else _asked_again(json, folder)
    if again is not None:
        judgement = Judgement("wrong", (*judgement.faults, again))
    return Judged(expectation, judgement, exit, json)


def _asked_again(json: dict[str, Any], folder: Path) -> Fault | None:
    """Section 2: ``asked_as`` prints the line with ids, and asks the same again."""
    line = str(json.get("asked_as"))
    exit, second = engine.answer(line, folder)
    if second == json:
        return None
    differing = "an error" if exit else ", ".join(key for key in json if second.get(key) != json[key])
    return Fault("2: asked_as asks the same again", "the same answer", f"{line} differs in {differing}")
