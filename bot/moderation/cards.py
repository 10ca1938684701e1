"""What moderators see: the state of the facts, their history, and what an upload would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.discord_io.layout import Block, Card, card, pages, rich
from salesbot.serving.served_packs import Proposal, ServedFacts
from salesbot.storage.catalog import SHARED, Activation
from salesbot.words import Words, clock

if TYPE_CHECKING:
    from salesbot.storage.difference import Difference, TableDifference

MOST_SHOWN = 12
MOST_HISTORY = 20
LONGEST_CELL, MOST_BYTES = 500, 8 << 20  # in the file of a difference; Discord takes 10 MiB
BLANK = "∅"


def scope_name(scope: str, words: Words) -> str:
    """Whose facts a scope is."""
    return words.text("shared_facts" if scope == SHARED else "server_facts")


def status_blocks(served: ServedFacts, scope: str, words: Words) -> list[Block]:
    """Version, since when and by whom, and how many rows."""
    head = scope_name(served.scope, words)
    if served.scope != scope:
        head = words.text("no_own_facts", facts=head)
    rows = served.snapshot.rows_by_table.items()
    counts = tuple(f"**{count:,}** {table}" for table, count in rows if count)
    fallback = (words.text("serves_earlier"),) if served.is_fallback else ()
    return [Block((f"### {rich(head)}", *activation_lines(served.activation, words), *fallback)), Block(counts)]


def activation_lines(activation: Activation, words: Words) -> Iterable[str]:
    """A change of what is served: the version, when, and by whom."""
    published = activation.published
    if published is None:
        yield rich(words.text("back_to_shared"))
    else:
        content = published.content[:8]
        yield rich(words.text("version_line", version=published.version, content=content, number=published.id))
    by = words.text("by_operator")
    if activation.by is not None:
        by = words.text("by_person", person=f"<@{activation.by}>")  # the mention pings no one
    yield f"{rich(words.text(f'why_{activation.why}'))} {rich(clock(activation.at))} {by}"


def history_blocks(scope: str, history: Sequence[Activation], words: Words) -> list[Block]:
    """The changes of a scope, newest first."""
    title = words.text("newest_first", facts=scope_name(scope, words))
    blocks = [Block((f"### {rich(title)}",))]
    blocks += [Block(tuple(activation_lines(activation, words))) for activation in history[:MOST_HISTORY]]
    return blocks if history else [*blocks, Block((words.text("never_changed"),))]


def served_blocks(served: ServedFacts, scope: str, head: str, words: Words) -> list[Block]:
    """What is served after a change."""
    return [Block((f"### {rich(head)}",)), *status_blocks(served, scope, words)]


def proposal_card(proposal: Proposal, words: Words, *, wants_confirmation: bool) -> Card:
    """The difference, the answers it changes and the cells a spreadsheet altered.

    All of it is in a file where it is too long for a card.
    """
    change = proposal.change
    is_empty = change.difference.is_empty
    head = words.text("nothing_would_change") if is_empty else change_counts(change.difference, words)
    blocks = [Block((f"### {rich(head)}",))]
    blocks += [_table_block(table, words) for table in change.difference.tables]
    answers = tuple(f"- {rich(a.line)}\n-# {rich(a.before)}\n-# → {rich(a.after)}" for a in change.answers)
    title = f"**{words.text('answers_change', count=len(answers))}**" if answers else ""
    blocks.append(Block(answers[:MOST_SHOWN] + _more(answers, words), title))
    notices = tuple(f"-# ⚠ {rich(_notice(notice, words))}" for notice in change.notices)
    blocks.append(Block(notices[:MOST_SHOWN] + _more(notices, words)))
    if wants_confirmation and not is_empty:
        blocks.append(Block((words.text("confirm_in_time"),)))
    blocks = [block for block in blocks if block.lines]
    tables = change.difference.tables
    is_long = any(t.changed.count + t.added.count + t.removed.count > MOST_SHOWN for t in tables)
    is_long = is_long or len(answers) > MOST_SHOWN or len(pages(blocks)) > 1
    return Card(card(blocks), ("difference.txt", _file(proposal, words)) if is_long else None)


def _notice(notice: object, words: Words) -> str:
    place = words.place(notice.table, notice.row, notice.column, notice.letter)  # type: ignore[attr-defined]
    return words.text("notice", place=place, message=words.message(notice.message))  # type: ignore[attr-defined]


def change_counts(difference: Difference, words: Words) -> str:
    """``2 rows added, 1 cell changed, 1 row removed``."""
    counts = {
        "rows_added": sum(table.added.count for table in difference.tables),
        "cells_changed": sum(table.changed.count for table in difference.tables),
        "rows_removed": sum(table.removed.count for table in difference.tables),
    }
    return ", ".join(words.text(key, count=count) for key, count in counts.items() if count)


def _table_block(table: TableDifference, words: Words) -> Block:
    changes = [
        words.text("cell_change", row=c.row, column=c.column, before=c.before or BLANK, after=c.after or BLANK)
        for c in table.changed.first
    ]
    changes += [words.text("added", id=id) for id in table.added.first]
    changes += [words.text("removed", id=id) for id in table.removed.first]
    lines = [f"- {rich(text)}" for text in changes[:MOST_SHOWN]]
    left = table.changed.count + table.added.count + table.removed.count - len(lines)
    return Block((*lines, *_left(left, words)), f"**{table.table}**")


def _more(lines: Sequence[str], words: Words) -> tuple[str, ...]:
    return _left(len(lines) - MOST_SHOWN, words)


def _left(count: int, words: Words) -> tuple[str, ...]:
    return (f"- {words.text('more_in_file', count=count)}",) if count > 0 else ()


def _file(proposal: Proposal, words: Words) -> bytes:
    """The difference as text that Discord takes, however much it is."""
    lines = list(_difference_lines(proposal.change.difference, words))
    answers = [f"{a.line}\n  {a.before}\n  {a.after}" for a in proposal.change.answers]
    text = "\n".join([*lines, "", *answers]).encode()
    return text if len(text) <= MOST_BYTES else text[:MOST_BYTES].rpartition(b"\n")[0] + b"\n\xe2\x80\xa6"


def _cut(text: str) -> str:
    return repr(text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…")


def _difference_lines(difference: Difference, words: Words) -> Iterable[str]:
    for table in difference.tables:
        for change in table.changed.first:
            yield f"{table.table} {change.row} {change.column}: {_cut(change.before)} -> {_cut(change.after)}"
        yield from (f"{table.table} {words.text('added', id=id)}" for id in table.added.first)
        yield from (f"{table.table} {words.text('removed', id=id)}" for id in table.removed.first)
        for listed, key in ((table.changed, "changed"), (table.added, "added"), (table.removed, "removed")):
            if left := listed.count - len(listed.first):
                yield words.text("more_left", table=table.table, count=left, what=words.text(f"left_{key}"))
