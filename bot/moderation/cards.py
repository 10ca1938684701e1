"""What moderators see: the state of the facts, their history, and what an upload would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.discord_io.layout import Block, Card, card, pages, rich
from salesbot.serving.served_packs import Proposal, ServedFacts
from salesbot.storage.catalog import SHARED, Activation, ChangeNote
from salesbot.words import Words, clock

if TYPE_CHECKING:
    from salesbot.query.coverage import Coverage
    from salesbot.serving.changed_answers import AnswerChange
    from salesbot.serving.prepared_changes import PreparedChange
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
    lines = (*activation_lines(served.activation, words), *own_lines(served.activation, words), *fallback)
    return [Block((f"### {rich(head)}", *lines)), Block(counts)]


def coverage_block(known: Coverage, words: Words) -> Block:
    """What the facts can answer."""
    launches = [
        words.text("answers_launch", launch=name, metrics=metrics)
        if metrics
        else words.text("answers_nothing", launch=name)
        for name, metrics in known.launches[:MOST_SHOWN]
    ]
    others = words.text("answers_others", models=known.models, events=known.events, claims=known.claims)
    lines = [*launches, *_left(len(known.launches) - MOST_SHOWN, words), others]
    return Block(tuple(f"- {rich(line)}" for line in lines), f"**{words.text('can_answer')}**")


def own_lines(activation: Activation, words: Words) -> Iterable[str]:
    """What a server has otherwise than the shared pack, and what both have changed."""
    own = activation.note.own
    if own is not None and activation.published is not None:
        yield rich(words.text("own_rows", changes=_counts_text(*own, words) or words.text("nothing")))
    yield from conflict_lines(activation, words)


def conflict_lines(activation: Activation, words: Words) -> Iterable[str]:
    """The rows that a server and the shared pack have both changed."""
    conflicts = activation.note.conflicts
    if conflicts:
        yield rich(words.text("conflicts", count=len(conflicts)))
        yield from (f"- {rich(row)}" for row in conflicts[:MOST_SHOWN])


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
    changes = [
        words.text("changes_in", changes=_counts_text(added, changed, removed, words), table=table)
        for table, added, changed, removed in activation.note.tables
    ]
    if changes:
        yield f"-# {rich('; '.join(changes))}"


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
    """What will be believed if it is confirmed, row by row, and the answers that it changes."""
    tells_left = bool(proposal.sent) and not proposal.replaces
    return change_card(proposal.change, words, tells_left=tells_left, wants_confirmation=wants_confirmation)


def change_card(
    change: PreparedChange, words: Words, *, tells_left: bool = False, wants_confirmation: bool = False
) -> Card:
    """What a change changes, row by row, and the answers that it changes; ``tells_left`` counts the rows that stay.

    All of it is in a file where it is too long for a card.
    """
    is_empty = change.difference.is_empty
    head = words.text("nothing_would_change") if is_empty else change_counts(change.difference, words)
    blocks = [Block((f"### {rich(head)}",))]
    titles = dict(change.titles)
    blocks += [_table_block(table, titles, words) for table in change.difference.tables]
    notices = tuple(f"- {rich(words.notice(notice))}" for notice in change.notices)
    blocks.append(_listed_block(notices, words, f"**⚠ {words.text('look_at')}**"))
    several = any(one.sent.count > 1 for one in change.numbers)  # one number is told with its row
    numbers = tuple(f"-# {rich(words.numbers(one))}" for one in change.numbers if several)
    blocks.append(_listed_block(numbers, words, f"**{words.text('numbers_sent')}**"))
    answers = tuple(_answer_line(answer, words) for answer in change.answers)
    blocks.append(_listed_block(answers, words, f"**{words.text('answers_change', count=len(answers))}**"))
    if change.left and tells_left:
        left = ", ".join(words.text("rows_of_table", count=count, table=table) for table, count in change.left)
        blocks.append(Block((f"-# {rich(words.text('rows_stay', rows=left))}",)))
    if wants_confirmation and not is_empty:
        blocks.append(Block((words.text("confirm_in_time"),)))
    blocks = [block for block in blocks if block.lines]
    is_long = any("\n" in block.title or len(block.lines) > MOST_SHOWN for block in blocks)
    is_long = is_long or len(answers) > 0 or len(notices) > MOST_SHOWN or len(pages(blocks)) > 1
    is_long = is_long or any(_changes_of(table) > MOST_SHOWN for table in change.difference.tables)
    return Card(card(blocks), (("difference.txt", _file(change, words)),) if is_long else ())


def _listed_block(lines: Sequence[str], words: Words, title: str) -> Block:
    return Block((*lines[:MOST_SHOWN], *_left(len(lines) - MOST_SHOWN, words)), title if lines else "")


def _answer_line(answer: AnswerChange, words: Words) -> str:
    if answer.before == answer.after:
        return f"- {rich(answer.line)}\n-# {rich(words.text('details_differ', headline=answer.after))}"
    return f"- {rich(answer.line)}\n-# {rich(answer.before)}\n-# → {rich(answer.after)}"


def change_counts(difference: Difference, words: Words) -> str:
    """``2 rows added, 1 cell changed, 1 row removed``."""
    tables = difference.tables
    added, changed = sum(table.added.count for table in tables), sum(table.changed.count for table in tables)
    return _counts_text(added, changed, sum(table.removed.count for table in tables), words)


def noted_counts(note: ChangeNote, words: Words) -> str:
    """The same, of what is kept of a change."""
    added, changed, removed = (sum(counts[n] for _, *counts in note.tables) for n in range(3))
    return _counts_text(added, changed, removed, words)


def _counts_text(added: int, changed: int, removed: int, words: Words) -> str:
    counts = {"rows_added": added, "cells_changed": changed, "rows_removed": removed}
    return ", ".join(words.text(key, count=count) for key, count in counts.items() if count)


def _table_block(table: TableDifference, titles: Mapping[str, str], words: Words) -> Block:
    lines = [f"- {rich(text)}" for text in _change_lines(table, titles, words)]
    left = _changes_of(table) - len(lines[:MOST_SHOWN])
    return Block((*lines[:MOST_SHOWN], *_left(left, words)), f"**{table.table}**")


def _changes_of(table: TableDifference) -> int:
    return table.changed.count + table.added.count + table.removed.count


def _change_lines(table: TableDifference, titles: Mapping[str, str], words: Words) -> Iterator[str]:
    """Every change of a table in plain words: rows added and removed, and each cell with the row it is of."""
    for change in table.changed.first:
        row = words.row(table.table, dict(change.cells), titles)
        before, after = change.before or BLANK, change.after or BLANK
        yield words.text("cell_change", row=_cut(row), column=change.column, before=_cut(before), after=_cut(after))
    for key, rows in (("added", table.added.first), ("removed", table.removed.first)):
        for listed in rows:
            yield words.text(key, row=_cut(words.row(table.table, dict(listed.cells), titles)), id=listed.name)


def _left(count: int, words: Words) -> tuple[str, ...]:
    return (f"- {words.text('more_in_file', count=count)}",) if count > 0 else ()


def _file(change: PreparedChange, words: Words) -> bytes:
    """The difference as text that Discord takes, however much it is: each change, and each answer as a whole."""
    titles = dict(change.titles)
    lines: list[str] = []
    for table in change.difference.tables:
        lines += [f"{table.table}: {line}" for line in _change_lines(table, titles, words)]
        for listed, key in ((table.changed, "changed"), (table.added, "added"), (table.removed, "removed")):
            if left := listed.count - len(listed.first):
                lines.append(words.text("more_left", table=table.table, count=left, what=words.text(f"left_{key}")))
    lines += ["", *(words.notice(notice) for notice in change.notices), *map(words.numbers, change.numbers)]
    for answer in change.answers:
        lines += ["", answer.line, f"--- {words.text('before')}", answer.whole_before or answer.before]
        lines += [f"+++ {words.text('after')}", answer.whole_after or answer.after]
    text = "\n".join(lines).encode()
    return text if len(text) <= MOST_BYTES else text[:MOST_BYTES].rpartition(b"\n")[0] + b"\n\xe2\x80\xa6"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"
