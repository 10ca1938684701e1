# Made from words/chinese by `make traditional`: change those, never this file.
"""Claims in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

from salesbot.answers.answer import CheckedClaim, ClaimLine, ClaimsResult
from salesbot.words.answer_text import FigureLine, ShortLine
from salesbot.words.chinese_traditional.terms import CHANGES, MARKS, in_quotes, teller
from salesbot.words.numbers import grouped

MARK = {**MARKS, "opinion": "·"}
WORD = {"agrees": "相符", "partly": "部分相符", "disagrees": "不符", "cannot tell": "無法判斷", "opinion": "觀點"}
VERDICTS = {
    "agrees": "與事實相符",
    "partly": "與事實部分相符",
    "disagrees": "與事實不符",
    "cannot tell": "無法判斷",
    "opinion": "屬於觀點",
}
UNITS = (("after ", "晚"), ("before ", "早"), (" years", "年"), (" months", "個月"), (" days", "天"))
EXPECTED = {
    "before": "早於",
    "after": "晚於",
    "same": "同時",
    "none": "沒有",
    "cannot be": "不可能",
    "possible": "可能",
    "a response": "是回應",
    **CHANGES,
}


def headline(result: ClaimsResult) -> str:
    if not result.is_list:
        claim = result.claims[0]
        return f"{VERDICTS[claim.verdict]}：{teller(claim.speaker)}說{in_quotes(claim.statement)}"
    counts: dict[str, int] = {}
    for claim in result.claims:
        counts[claim.verdict] = counts.get(claim.verdict, 0) + 1
    verdicts = "，".join(f"{WORD[verdict]}{counts[verdict]}條" for verdict in MARK if verdict in counts)
    by = f"{teller(result.speaker)}的" if result.speaker else ""
    about = f"關於{result.launch}的" if result.launch else ""
    return f"{by}{about}說法{len(result.claims)}條：{verdicts or '無'}"


def lead(result: ClaimsResult, told: Callable[[ClaimLine], str]) -> str:
    """How each line of a single claim came out, and what the claim says of it; then its note."""
    if result.is_list:
        return ""
    claim = result.claims[0]
    lines = [line_told(line, told) for line in claim.lines]
    return "\n".join([*lines, *([claim.note] if claim.note else [])])


def line_told(line: ClaimLine, told: Callable[[ClaimLine], str]) -> str:
    """What the facts say of a line, and what was claimed of it."""
    return f"{WORD[line.verdict]}：{told(line)}；說法是{expected_text(line.expects)}"


def short_line(claim: CheckedClaim, result: ClaimsResult) -> ShortLine:
    """A claim of a list: its verdict, what it says, and who says it where they differ."""
    by = "" if result.speaker else f"（{teller(claim.speaker)}）"
    return ShortLine(f"{WORD[claim.verdict]}：", f"{claim.statement.rstrip('.')}{by}")


def expected_text(expects: str) -> str:
    """What a claim says of a line: ``約45,000``, ``至少10,000``, or a word."""
    text = expects.strip()
    if text in EXPECTED:
        return EXPECTED[text]
    for sign, words in ((">=", "至少"), ("<=", "至多")):
        if text.startswith(sign):
            text = words + text[len(sign) :].strip()
    if text.endswith(" about"):
        text = f"約{text.removesuffix(' about')}"
    for english, chinese in (
        ("after ", "晚"),
        ("before ", "早"),
        (" years", "年"),
        (" months", "個月"),
        (" days", "天"),
    ):
        text = text.replace(english, chinese)
    text = re.sub(r"^by (.+)$", r"出自\1", text)
    text = re.sub(r"^has (.+)$", r"有\1", text)
    text = re.sub(r"(?<=\d)\.\.(?=\d)", "–", text)
    return re.sub(r"(?<![A-Za-z0-9_.,-])\d{5,}(?![A-Za-z0-9_.,-])", lambda match: grouped(match[0]), text)


def claim_lines(result: ClaimsResult) -> tuple[FigureLine, ...]:
    """The claims of a list."""
    return tuple(map(_line, result.claims)) if result.is_list else ()


def _line(claim: CheckedClaim) -> FigureLine:
    told = f"{claim.id}；{teller(claim.speaker)}：{WORD[claim.verdict]}"
    return FigureLine("", claim.statement, told, MARK[claim.verdict])
