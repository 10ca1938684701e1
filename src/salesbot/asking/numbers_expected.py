"""What the words beside a number expect of the figure that they speak of, as an expectation of a claim's check."""

from __future__ import annotations

from fractions import Fraction

from salesbot.asking.sentence import Counted, Sentence
from salesbot.values.quantity import decimal_text

ROUND = 1000  # a count in whole thousands is about that many
WIDEST = Fraction(1, 20)  # and a rounder one within so much of itself
BOUNDS = frozenset(
    {"at_least", "at_most", "exceeds", "falls_short", "about", "about_near", "and_more", "exact", "only"}
)
SIGNS = {"exceeds": ">", "falls_short": "<", "at_least": ">=", "at_most": "<="}


def number_stated(number: Counted, said: Sentence, *, is_count: bool) -> str | None:
    """What a statement expects of a number: as it is written, about, at least or at most that many.

    ``None`` where that cannot be said: more than a share, or about a range.
    """
    is_bounded = said.has(*(BOUNDS - {"only", "exact"}))
    if number.low != number.high:
        return None if is_bounded else _text(number)
    bounds = [sign for concept, sign in SIGNS.items() if said.has(concept)]
    if bounds:
        return None if _is_difference(number, said) else _bound_text(bounds[0], number)
    if number.is_share and said.has("about"):
        return f"{decimal_text(number.low * 95)}%..{decimal_text(number.low * 105)}%"
    if number.is_share:
        return None if is_bounded else _text(number)
    if said.has("and_more"):
        return f"{number.text}..{decimal_text(number.low + _step(number.low))}"
    if said.has("about_near"):
        return f"{decimal_text(number.low - min(_step(number.low), number.low * 3 / 20))}..{number.text}"
    step = _step(number.low) if number.low.denominator == 1 else Fraction(0)
    if said.has("about"):
        return _around(number.low, min(max(step / 2, number.low * WIDEST), number.low / 10))
    if 1 < number.step <= ROUND and not said.has("exact"):
        return f"{decimal_text(number.low - number.step / 2)}..{decimal_text(number.low + number.step)}"  # or cut short
    if not is_count or step < ROUND or said.has("exact"):
        return number.text
    if step == ROUND:
        return f"{number.text} about"
    return _around(number.low, min(step / 2, number.low * WIDEST))


def _is_difference(number: Counted, said: Sentence) -> bool:
    """Whether the word for more or less stands behind the number: so many more than something else."""
    return any(word.means(*SIGNS) and not word.names for word in said.words[number.place :])


def _text(number: Counted) -> str:
    if not number.is_share:
        return number.text
    low, high = (f"{decimal_text(end * 100)}%" for end in (number.low, number.high))
    return low if low == high else f"{low}..{high}"


def _bound_text(sign: str, number: Counted) -> str | None:
    """At least or at most so many; more and fewer than a whole number are one more and one fewer."""
    if len(sign) == 2:
        return f"{sign}{_text(number)}"
    if number.is_share or number.low.denominator != 1:
        return None
    return f">={number.low + 1}" if sign == ">" else f"<={number.low - 1}"


def _around(value: Fraction, wide: Fraction) -> str:
    return f"{decimal_text(value - wide)}..{decimal_text(value + wide)}"


def _step(value: Fraction) -> Fraction:
    """The step to which a whole number is written: 90,000 to ten thousand."""
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return Fraction(step)


def number_asked(number: Counted, said: Sentence) -> str:
    """What a question asks of a number: ``45000 about``, ``>80000`` or ``>=80000``; empty where that cannot be said."""
    bounds = [sign for concept, sign in SIGNS.items() if said.has(concept)]
    if not bounds:
        return f"{_text(number)} about"
    sign = ">=" if said.has("reaches") else bounds[0]
    is_vague = number.low != number.high or _is_difference(number, said)
    if is_vague or (sign == ">" and (number.is_share or number.low.denominator != 1)):
        return ""
    return f"{sign}{_text(number)}"
