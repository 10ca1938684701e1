"""A sentence beside an answer, on what was asked about: how a number stands to it, or which prices moved that way."""

from __future__ import annotations

from salesbot.answers import Answer, Figure
from salesbot.query.claims.expectation import figures_beside
from salesbot.values.quantity import Verdict
from salesbot.words.answer_text import Words
from salesbot.words.numbers import grouped

MOST_NAMED = 8


def told_beside(asked: str, answer: Answer, words: Words) -> str:
    """How a number, as ``45000 about``, ``>80000`` or ``>=80000``, stands to an answer; which moves are a ``cut``.

    Empty where the answer says so by itself.
    """
    if asked in ("cut", "rise"):
        return _moves_asked_about(asked, answer, words)
    if asked.startswith(">"):
        return _bound_asked_about(asked, answer, words)
    number, found = _shown(asked.removesuffix(" about")), figures_beside(asked, answer)
    verdicts = {verdict for _, verdict, _ in found}
    if "agrees" in verdicts:
        return words.text("number_fits", number=number)
    if "partly" in verdicts:
        return words.text("number_fits_in_part", number=number)
    if "disagrees" not in verdicts:
        return words.text("number_fits_unknown", number=number)
    above = {is_above for _, verdict, is_above in found if verdict == "disagrees"}
    key = "number_fits_none" if len(above) > 1 else "number_too_small" if above.pop() else "number_too_large"
    return words.text(key, number=number)


def _bound_asked_about(asked: str, answer: Answer, words: Words) -> str:
    """Whether it is more than a number, or at least as much; where several counts are meant, which of them are."""
    is_strict = not asked.startswith(">=")
    number = asked.lstrip(">=")
    least = f">={int(number) + 1}" if is_strict else asked
    by_name: dict[str, set[Verdict]] = {}
    found = figures_beside(least, answer)
    for figure, verdict, _ in found:
        if _end(figure) == max(_end(other) for other, _, _ in found if other.name == figure.name):
            by_name.setdefault(figure.name, set()).add(verdict)
    kind, shown = "exceeded" if is_strict else "reached", _shown(number)
    sure = [name for name, of_name in by_name.items() if "agrees" in of_name and "disagrees" not in of_name]
    if sure and len(sure) == len(by_name):
        return words.text(f"number_{kind}", number=shown)
    if sure:
        return words.text(f"number_{kind}_by", number=shown, metrics=tuple(map(words.metric, sure)))
    is_refuted = bool(by_name) and all(of_name == {"disagrees"} for of_name in by_name.values())
    return words.text(f"number_not_{kind}" if is_refuted else f"number_open_{kind}", number=shown)


def _end(figure: Figure) -> int:
    """When a count ends; what was counted by an earlier day is no measure of the latest."""
    return figure.as_of.latest if figure.as_of else 0


def _shown(number: str) -> str:
    return number if number.endswith("%") else grouped(number)


def _moves_asked_about(kind: str, answer: Answer, words: Words) -> str:
    """Whose prices moved in the direction asked about."""
    moves = [figure for figure in answer.figures if figure.role == "change" and figure.change is not None]
    subjects = dict.fromkeys(figure.subject for figure in moves if figure.change and figure.change.kind == kind)
    if not subjects:
        is_open = any(figure.change and figure.change.kind in ("disputed", "unknown") for figure in moves)
        return words.text(f"moves_open_{kind}" if is_open else f"moves_no_{kind}") if moves else ""
    if len(subjects) == len({figure.subject for figure in moves}) == 1:
        return ""
    more = len(subjects) - MOST_NAMED
    shown = words.text(f"moves_{kind}", subjects=tuple(subjects)[:MOST_NAMED])
    return f"{shown} {words.text('moves_more', count=more)}" if more > 0 else shown
