"""Claims in English."""

from __future__ import annotations

from salesbot.answers.answer import Answer, ClaimFound, ClaimsFound, LineFound
from salesbot.words.answer_text import FigureLine
from salesbot.words.english.terms import MARKS, quoted

MARK = {**MARKS, "opinion": "·"}


def headline(found: ClaimsFound) -> str:
    if not found.is_list:
        claim = found.claims[0]
        return f"{verdict_words(claim)}: {quoted(claim.statement)}, says {teller(claim)}"
    counts: dict[str, int] = {}
    for claim in found.claims:
        counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in MARK if verdict in counts)
    about = "".join([f" by {found.speaker}" if found.speaker else "", f" about {found.launch}" if found.launch else ""])
    return f"{len(found.claims)} claim{'s' if len(found.claims) != 1 else ''}{about}: {told or 'none'}"


def verdict_words(claim: ClaimFound) -> str:
    return {
        "agrees": "Agrees with the facts", "partly": "Agrees with the facts in part", "disagrees": "Disagrees with the facts",
        "cannot tell": "Cannot tell", "opinion": "An opinion",
    }[claim.verdict]  # fmt: skip


def teller(claim: ClaimFound) -> str:
    return claim.speaker if claim.speaker[:1].isupper() else f"the {claim.speaker}"


def lead(found: ClaimsFound, headlines: dict[str, str]) -> str:
    """A single claim's lines, each with what was expected and how it came out, then its note."""
    if found.is_list:
        return ""
    claim = found.claims[0]
    lines = [f"{MARK[line.verdict]} {line.line} · expected: {line.expects} · {outcome(line, headlines)}" for line in claim.lines]
    return "\n".join([*lines, *([claim.note] if claim.note else [])])


def outcome(line: LineFound, headlines: dict[str, str]) -> str:
    return headlines.get(line.line) or line.error or "no answer"


def claim_line(claim: ClaimFound) -> FigureLine:
    return FigureLine("", claim.statement, f"{claim.id}; {claim.speaker}: {claim.verdict}", MARK[claim.verdict])


def claim_lines(found: ClaimsFound, answer: Answer) -> tuple[FigureLine, ...]:
    return tuple(map(claim_line, found.claims)) if found.is_list else ()
