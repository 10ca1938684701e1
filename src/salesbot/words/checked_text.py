"""What the facts say of a message, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from salesbot.asking.messages.checking import CheckedStatement, CheckedText
from salesbot.words.answer_text import Words, plain


def checked_lines(checked: CheckedText, words: Words) -> Iterator[str]:
    """Each statement with its outcome and what the facts say, then what was not read."""
    if not checked.statements:
        yield words.text("no_statements")
    for statement in checked.statements:
        yield from statement_lines(statement, words)
    if checked.not_read:
        yield words.text("not_read", pieces="; ".join(checked.not_read))


def statement_lines(statement: CheckedStatement, words: Words) -> Iterator[str]:
    """A statement with its outcome, then the headline of each answer that decides it."""
    key = statement.outcome.replace(" ", "_")
    if key == "cannot_tell" and {line.verdict for line in statement.lines} == {"disagrees"}:
        key = "differs"  # as it is read; it may mean something else
    yield words.text(f"statement_{key}", quote=statement.quote)
    headlines = dict.fromkeys(plain(words.headline(line.answer)) for line in statement.lines if line.answer is not None)
    yield from headlines
