"""What people say, and what the facts say of it now.

A claim's check is one slash line or more with what the claim expects of each. Its verdict is
computed from their answers; none is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from salesbot.answers.answer import Answer, ClaimFound, ClaimsFound, LineFailed, LineFound, NoLine, Note
from salesbot.errors import NotInFacts, SalesbotError
from salesbot.facts import Claim
from salesbot.query.expectation import expectation
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.questions.question import ClaimsCheck, ClaimsList, Question
from salesbot.storage.snapshot import Store, sql
from salesbot.values.quantity import Verdict, combined

CLAIMS = sql("select * from claims order by rowid", reads_all="claims")
CLAIM = sql("select * from claims where id = :id")
Ask = Callable[[Question, Store], Answer]


def listed(question: ClaimsList, store: Store, ask: Ask) -> Answer:
    """Every claim with its verdict, filtered by speaker, launch or verdict."""
    rows = [row for row in store.select(Claim, CLAIMS) if question.speaker in (None, row.speaker)]
    if question.launch:
        rows = [row for row in rows if _concerns(row, question.launch, store)]
    claims = [decided(row, store, ask) for row in rows]
    if question.verdict:
        claims = [claim for claim in claims if claim.verdict == question.verdict]
    launch = Names(store).shown("launch", question.launch) if question.launch else None
    found = ClaimsFound(tuple(claims), True, question.speaker, launch, question.verdict)
    sources = store.sources(id for claim in claims for id in claim.sources)
    return Answer(question, found, store.version, missing=tuple(_missing(claims)), sources=tuple(sources))


def checked(question: ClaimsCheck, store: Store, ask: Ask) -> Answer:
    """One claim, with each line that decides it and its answer."""
    rows = store.select(Claim, CLAIM, id=question.claim)
    if not rows:
        raise NotInFacts(f"'{question.claim}' is no claim in the facts", "claims.csv would need a row for it")
    claim = decided(rows[0], store, ask)
    answers = [line.answer for line in claim.lines if line.answer]
    cited = [*claim.sources, *(source.id for answer in answers for source in answer.sources)]
    return Answer(
        question, ClaimsFound((claim,), False), store.version, verdict=claim.verdict, missing=tuple(_missing([claim])),
        sources=tuple(store.sources(cited)),
    )  # fmt: skip


def decided(claim: Claim, store: Store, ask: Ask) -> ClaimFound:
    """The claim with its verdict as of now; kept with the snapshot, which never changes."""
    return store.remembered(("claim", claim.id), lambda: _decided(claim, store, ask))


def _decided(claim: Claim, store: Store, ask: Ask) -> ClaimFound:
    lines = tuple(_line(line, expects, store, ask) for line, expects in zip(claim.checks, claim.expects, strict=True))
    return ClaimFound(claim.id, claim.speaker, claim.statement, _verdict(claim, lines), claim.kind, claim.note, lines, claim.sources)


def _verdict(claim: Claim, lines: Iterable[LineFound]) -> Verdict:
    """All lines met is ``agrees``, none ``disagrees``, some ``partly``; a line that cannot tell is not met."""
    if claim.kind == "opinion":
        return "opinion"
    verdicts = [line.verdict for line in lines]
    if all(verdict == "cannot tell" for verdict in verdicts):
        return "cannot tell"
    return combined("disagrees" if verdict == "cannot tell" else verdict for verdict in verdicts) or "cannot tell"


def _line(line: str, expects: str, store: Store, ask: Ask) -> LineFound:
    try:
        answer = ask(parse(line, Names(store)), store)
    except SalesbotError as error:
        return LineFound(line, expects, "cannot tell", error=error.message)
    return LineFound(line, expects, expectation(expects)(answer), answer)


def _missing(claims: Iterable[ClaimFound]) -> list[Note]:
    """Why a verdict cannot be told: no line decides the claim, or a line cannot be answered."""
    notes: list[Note] = []
    for claim in claims:
        if not claim.lines and claim.kind != "opinion":
            notes.append(NoLine(claim.id, claim.kind))
        notes += [LineFailed(claim.id, line.line, line.error) for line in claim.lines if line.error]
    return notes


def _concerns(claim: Claim, launch: str, store: Store) -> bool:
    """Whether a line that decides the claim names the launch, its model or one of its events."""
    for line in claim.checks:
        try:
            asked = parse(line, Names(store))
        except SalesbotError:
            continue
        for name in asked.__struct_fields__:
            value = getattr(asked, name)
            for id in value if isinstance(value, tuple) else (value,):
                if isinstance(id, str) and (id == launch or id.startswith(f"{launch}-")):
                    return True
    return False


def wrong_lines(claim: Claim, names: Names) -> list[tuple[str, str, str]]:
    """Column, text and expectation of each line or expectation of a claim that cannot be read."""
    wrong = []
    for line in claim.checks:
        try:
            if isinstance(parse(line, names), ClaimsList | ClaimsCheck):
                wrong.append(("checks", line, "a line that asks for facts, not for claims"))
        except SalesbotError as error:
            wrong.append(("checks", line, f"a slash line: {error.message}; {error.hint}"))
    for expects in claim.expects:
        try:
            expectation(expects)
        except ValueError as error:
            wrong.append(("expects", expects, str(error)))
    return wrong
