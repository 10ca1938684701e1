"""What moderators see: the state of the facts, their history, and what an upload would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.questions.cards import Block, Card, card, pages, rich
from salesbot.serving.served_packs import SHARED, Proposal, Served
from salesbot.storage.catalog import Activation
from salesbot.words import clock

if TYPE_CHECKING:
    from salesbot.storage.difference import Difference, TableDifference

MOST_SHOWN = 12
WHYS = {
    "import": "imported", "reload": "reloaded from the folder", "start": "read at start", "undo": "taken back",
    "activate": "chosen again",
}  # fmt: skip


def scope_words(scope: str) -> str:
    return "The shared facts" if scope == SHARED else "This server's facts"


def status_blocks(served: Served, scope: str) -> list[Block]:
    """Version, since when and by whom, and how many rows."""
    head = scope_words(served.scope)
    if served.scope != scope:
        head += ": this server has none of its own"
    counts = tuple(f"**{count:,}** {table}" for table, count in served.store.rows_by_table.items())
    return [Block((f"### {rich(head)}", *activation_lines(served.activation))), Block(counts)]


def activation_lines(activation: Activation) -> Iterable[str]:
    published = activation.published
    if published is None:
        yield rich("Back to the shared facts")
    else:
        yield rich(f"Version {published.version}, content {published.content[:8]}, number {published.id}")
    yield rich(f"{WHYS.get(activation.why, activation.why)} {clock(activation.at)}") + by_whom(activation.by)


def by_whom(by: int | None) -> str:
    """Who did it; the mention pings no one."""
    return f" by <@{by}>" if by is not None else " by the operator"


def history_blocks(scope: str, history: Sequence[Activation]) -> list[Block]:
    blocks = [Block((f"### {rich(scope_words(scope))}, newest first",))]
    blocks += [Block(tuple(activation_lines(activation))) for activation in history[:20]]
    return blocks if history else [*blocks, Block(("Nothing was ever changed here.",))]


def proposal_card(proposal: Proposal, *, wants_word: bool) -> Card:
    """The difference, the answers it changes and the cells a spreadsheet changed; all of it in a file
    where it is too long for a card."""
    found = proposal.prepared
    head = "Nothing would change" if found.difference.is_empty else count_words(found.difference)
    blocks = [Block((f"### {rich(head)}",))]
    blocks += [_table_block(table) for table in found.difference.tables]
    answers = tuple(f"- {rich(a.line)}\n-# {rich(a.before)}\n-# → {rich(a.after)}" for a in found.answers)
    many = f"**{len(answers)} {'answer changes' if len(answers) == 1 else 'answers change'}**"
    blocks.append(Block(answers[:MOST_SHOWN] + _more(answers), many if answers else ""))
    notices = tuple(f"-# ⚠ {rich(str(notice))}" for notice in found.notices)
    blocks.append(Block(notices[:MOST_SHOWN] + _more(notices)))
    if wants_word and not found.difference.is_empty:
        blocks.append(Block(("Confirm within 15 minutes to serve it; nothing has changed yet.",)))
    blocks = [block for block in blocks if block.lines]
    text = "\n".join(_plain(found.difference)) + "\n\n" + "\n".join(f"{a.line}\n  {a.before}\n  {a.after}" for a in found.answers)
    is_long = any(t.changed.count + t.added.count + t.removed.count > MOST_SHOWN for t in found.difference.tables)
    is_long = is_long or len(answers) > MOST_SHOWN or len(pages(blocks)) > 1
    return Card(card(blocks), ("difference.txt", text.encode()) if is_long else None)


def count_words(found: Difference) -> str:
    """``2 rows added, 1 cell changed, 1 row removed``."""
    added = sum(table.added.count for table in found.tables)
    removed = sum(table.removed.count for table in found.tables)
    changed = sum(table.changed.count for table in found.tables)
    parts = [(added, "row", "added"), (changed, "cell", "changed"), (removed, "row", "removed")]
    return ", ".join(f"{n} {what}{'' if n == 1 else 's'} {done}" for n, what, done in parts if n)


def _table_block(table: TableDifference) -> Block:
    lines = [f"- {rich(f'{c.row}, {c.column}: {c.before or chr(8709)} → {c.after or chr(8709)}')}" for c in table.changed.first]
    lines += [f"- {rich(f'added {id}')}" for id in table.added.first]
    lines += [f"- {rich(f'removed {id}')}" for id in table.removed.first]
    left = table.changed.count + table.added.count + table.removed.count - min(len(lines), MOST_SHOWN)
    return Block((*lines[:MOST_SHOWN], *_left(left)), f"**{table.table}**")


def _more(lines: Sequence[str]) -> tuple[str, ...]:
    return _left(len(lines) - MOST_SHOWN)


def _left(count: int) -> tuple[str, ...]:
    return (f"- {count:,} more in the file",) if count > 0 else ()


def _plain(found: Difference) -> Iterable[str]:
    for table in found.tables:
        yield from (f"{table.table} {c.row} {c.column}: {c.before!r} -> {c.after!r}" for c in table.changed.first)
        yield from (f"{table.table} added {id}" for id in table.added.first)
        yield from (f"{table.table} removed {id}" for id in table.removed.first)
        for listed, what in ((table.changed, "cells changed"), (table.added, "rows added"), (table.removed, "rows removed")):
            if left := listed.count - len(listed.first):
                yield f"{table.table}: {left:,} more {what}"


def served_blocks(served: Served, scope: str, head: str) -> list[Block]:
    """What is served after a change."""
    return [Block((f"### {rich(head)}",)), *status_blocks(served, scope)]
