"""What people say, and what the facts say of it now: ``/claims``.

A claim's check is one slash line or more, with what the claim expects of each. Its verdict is computed from their
answers; none is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from salesbot.answers import Answer
from salesbot.answers.answer import CheckedClaim, ClaimLine, ClaimsResult
from salesbot.answers.notes import LineFailed, NoLine, Note, OnlyFits
from salesbot.deadline import check_deadline
from salesbot.errors import Message, NotInFacts, QuestionError, SalesbotError, TextError, message
from salesbot.facts import Claim
from salesbot.query.claims.expectation import expectation
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.questions.question import ClaimsCheck, ClaimsList, NameKind, Option, Question, ValueKind, options
from salesbot.storage.snapshot import Snapshot, sql
from salesbot.values.quantity import Verdict, overall

CLAIMS = sql("select * from claims order by rowid", scans="claims")
CLAIMS_OF = sql("select * from claims where speaker = :speaker order by rowid")
CLAIM = sql("select * from claims where id = :id")
MOST_CHECKED = 500  # claims of one list
Ask = Callable[[Question, Snapshot], Answer]


def list_claims(question: ClaimsList, snapshot: Snapshot, ask: Ask) -> Answer:
    """Every claim with its verdict, filtered by speaker, launch or verdict."""
    if question.speaker:
        rows = snapshot.select(Claim, CLAIMS_OF, speaker=question.speaker)
    else:
        rows = snapshot.select(Claim, CLAIMS)
    if question.launch:
        rows = [row for row in rows if _concerns(row, question.launch, snapshot)]
    if len(rows) > MOST_CHECKED:
        raise QuestionError("too_many_claims", count=len(rows), most=MOST_CHECKED)
    claims = [checked(row, snapshot, ask) for row in rows]
    if question.verdict:
        claims = [claim for claim in claims if claim.verdict == question.verdict]
    launch = Names(snapshot).shown("launch", question.launch) if question.launch else None
    result = ClaimsResult(tuple(claims), True, question.speaker, launch, question.verdict)
    sources = snapshot.sources(id for claim in claims for id in claim.sources)
    return Answer(question, result, snapshot.version, missing=tuple(_missing(claims)), sources=tuple(sources))


def check_claim(question: ClaimsCheck, snapshot: Snapshot, ask: Ask) -> Answer:
    """One claim, with each line that decides it and its answer."""
    rows = snapshot.select(Claim, CLAIM, id=question.claim)
    if not rows:
        raise NotInFacts("claim_not_in_facts", id=question.claim)
    claim = checked(rows[0], snapshot, ask)
    answers = [line.answer for line in claim.lines if line.answer]
    cited = [*claim.sources, *(source.id for answer in answers for source in answer.sources)]
    fits = tuple(OnlyFits(claim.id, line.line) for line in claim.lines if line.is_only_fit)
    return Answer(
        question,
        ClaimsResult((claim,), False),
        snapshot.version,
        verdict=claim.verdict,
        missing=tuple(_missing([claim])),
        caveats=fits,
        sources=tuple(snapshot.sources(cited)),
    )


def checked(claim: Claim, snapshot: Snapshot, ask: Ask) -> CheckedClaim:
    """The claim with its verdict as of now, cached with the snapshot."""
    return snapshot.cached(("claim", claim.id), lambda: _checked(claim, snapshot, ask))


def _checked(claim: Claim, snapshot: Snapshot, ask: Ask) -> CheckedClaim:
    check_deadline()
    pairs = zip(claim.checks, claim.expects, strict=True)
    lines = tuple(_line(line, expects, snapshot, ask) for line, expects in pairs)
    verdict = _verdict(claim, lines)
    return CheckedClaim(claim.id, claim.speaker, claim.statement, verdict, claim.kind, claim.note, lines, claim.sources)


def _verdict(claim: Claim, lines: Iterable[ClaimLine]) -> Verdict:
    """All lines met is ``agrees``, none ``disagrees``, some ``partly``; a line that cannot tell is not met."""
    if claim.kind == "opinion":
        return "opinion"
    verdicts = [line.verdict for line in lines]
    if all(verdict == "cannot tell" for verdict in verdicts):
        return "cannot tell"
    return overall("disagrees" if verdict == "cannot tell" else verdict for verdict in verdicts) or "cannot tell"


def _line(line: str, expects: str, snapshot: Snapshot, ask: Ask) -> ClaimLine:
    try:
        answer = ask(parse(line, Names(snapshot)), snapshot)
    except SalesbotError as error:
        if error.message.key == "question_too_slow":
            raise
        return ClaimLine(line, expects, "cannot tell", error=error.message)
    held = expectation(expects)(answer)
    return ClaimLine(line, expects, held.verdict, held.is_only_fit, answer)


def _missing(claims: Iterable[CheckedClaim]) -> list[Note]:
    """Why a verdict cannot be told: no line decides the claim, or a line cannot be answered."""
    notes: list[Note] = []
    for claim in claims:
        if not claim.lines and claim.kind != "opinion":
            notes.append(NoLine(claim.id, claim.kind))
        notes += [LineFailed(claim.id, line.line, line.error) for line in claim.lines if line.error]
    return notes


def _concerns(claim: Claim, launch: str, snapshot: Snapshot) -> bool:
    """Whether a line that decides the claim names the launch, its model, or an event with its name in it."""
    names = Names(snapshot)
    keys = names.keys("launch", launch)
    for line in claim.checks:
        try:
            asked = parse(line, names)
        except SalesbotError:
            continue
        for option in options(type(asked)):
            value = getattr(asked, option.name)
            for id in value if isinstance(value, tuple) else (value,):
                if isinstance(id, str) and _names(option, id, keys, names):
                    return True
    return False


def _names(option: Option, id: str, keys: frozenset[str], names: Names) -> bool:
    kind = option.kind
    if isinstance(kind, NameKind) and kind.thing in ("launch", "model"):
        return not keys.isdisjoint(names.keys(kind.thing, id))
    is_event = isinstance(kind, ValueKind) and kind.form == "event or time"
    if is_event or (isinstance(kind, NameKind) and kind.thing == "event"):
        return any(key in other for other in names.keys("event", id) for key in keys)
    return False


def wrong_lines(claim: Claim, names: Names) -> list[tuple[str, str, Message]]:
    """Column, text and what belongs there, of each line or expectation of a claim that cannot be read."""
    wrong: list[tuple[str, str, Message]] = []
    for line in claim.checks:
        try:
            if isinstance(parse(line, names), ClaimsList | ClaimsCheck):
                wrong.append(("checks", line, message("line_about_claims")))
        except SalesbotError as error:
            wrong.append(("checks", line, message("slash_line", error=error.message)))
    for expects in claim.expects:
        try:
            expectation(expects)
        except TextError as error:
            wrong.append(("expects", expects, error.expected))
    return wrong
