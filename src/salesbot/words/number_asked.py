"""A sentence on a number that was asked about: whether it fits the answer."""

from __future__ import annotations

from salesbot.answers import Answer
from salesbot.query.claims.expectation import expectation
from salesbot.words.answer_text import Words
from salesbot.words.numbers import grouped


def number_asked_about(number: str, answer: Answer, words: Words) -> str:
    """How a number, as ``45000``, stands beside the figures of an answer."""
    held = expectation(f"{number} about")(answer)
    fit = {"agrees": "fits", "partly": "fits_in_part", "disagrees": "fits_none"}.get(held.verdict, "fits_unknown")
    return words.text(f"number_{fit}", number=grouped(number))
