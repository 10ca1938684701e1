"""Claims in English."""

from __future__ import annotations

import re
from collections.abc import Callable

from salesbot.answers.answer import CheckedClaim, ClaimLine, ClaimsResult
from salesbot.words.answer_text import FigureLine, ShortLine
from salesbot.words.english.terms import MARKS, counted, in_quotes
from salesbot.words.numbers import grouped

MARK = {**MARKS, "opinion": "·"}
WORD = {
    "agrees": "Agrees",
    "partly": "In part",
    "disagrees": "Disagrees",
    "cannot tell": "Cannot tell",
    "opinion": "Opinion",
}
COUNTED = {  # of one, and of several
    "agrees": ("1 agrees with the facts", "{} agree with the facts"),
    "partly": ("1 in part", "{} in part"),
    "disagrees": ("1 disagrees", "{} disagree"),
    "cannot tell": ("1 cannot be told", "{} cannot be told"),
    "opinion": ("1 opinion", "{} opinions"),
}
VERDICTS = {
    "agrees": "Agrees with the facts",
    "partly": "Agrees with the facts in part",
    "disagrees": "Disagrees with the facts",
    "cannot tell": "Cannot tell",
    "opinion": "An opinion",
}


def headline(result: ClaimsResult) -> str:
    if not result.is_list:
        claim = result.claims[0]
        return f"{VERDICTS[claim.verdict]}: {in_quotes(claim.statement)}, says {teller(claim)}"
    counts: dict[str, int] = {}
    for claim in result.claims:
        counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
    told = [COUNTED[verdict][counts[verdict] > 1].format(counts[verdict]) for verdict in MARK if verdict in counts]
    verdicts = ", ".join(told)
    by = f" by {result.speaker}" if result.speaker else ""
    about = f" about {result.launch}" if result.launch else ""
    return f"{counted(len(result.claims), 'claim')}{by}{about}: {verdicts or 'none'}"


def teller(claim: CheckedClaim) -> str:
    """Who makes a claim, inside a sentence."""
    return claim.speaker if claim.speaker[:1].isupper() else f"the {claim.speaker}"


def lead(result: ClaimsResult, told: Callable[[ClaimLine], str]) -> str:
    """How each line of a single claim came out, and what the claim says of it; then its note."""
    if result.is_list:
        return ""
    claim = result.claims[0]
    lines = [line_told(line, told) for line in claim.lines]
    return "\n".join([*lines, *([claim.note] if claim.note else [])])


def line_told(line: ClaimLine, told: Callable[[ClaimLine], str]) -> str:
    """What the facts say of a line, and what was claimed of it."""
    return f"{WORD[line.verdict]}: {told(line)}; claimed: {expected_text(line.expects)}"


def short_line(claim: CheckedClaim, result: ClaimsResult) -> ShortLine:
    """A claim of a list: its verdict, what it says, and who says it where they differ."""
    by = "" if result.speaker else f" ({claim.speaker})"
    return ShortLine(f"{WORD[claim.verdict]}:", f"{claim.statement.rstrip('.')}{by}")


def expected_text(expects: str) -> str:
    """What a claim says of a line: ``about 45,000``, ``at least 10,000``, or a word such as ``before``."""
    text = expects.strip()
    for sign, words in ((">=", "at least "), ("<=", "at most ")):
        if text.startswith(sign):
            text = words + text[len(sign) :].strip()
    if text.endswith(" about"):
        text = f"about {text.removesuffix(' about')}"
    text = re.sub(r"(?<=\d)\.\.(?=\d)", "–", text)
    return re.sub(r"(?<![\w.,-])\d{5,}(?![\w.,-])", lambda match: grouped(match[0]), text)


def claim_lines(result: ClaimsResult) -> tuple[FigureLine, ...]:
    """The claims of a list."""
    return tuple(map(_line, result.claims)) if result.is_list else ()


def _line(claim: CheckedClaim) -> FigureLine:
    return FigureLine("", claim.statement, f"{claim.id}; {claim.speaker}: {claim.verdict}", MARK[claim.verdict])
