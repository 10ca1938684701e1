"""What a child process makes of an upload, an edit or a folder: a snapshot that could be served, and what it changes.

What only a child needs is imported there. Problems come back as values.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from salesbot.errors import Notice, PackRefused, Problem
from salesbot.packs.fingerprint import fingerprint
from salesbot.storage.catalog import ChangeNote
from salesbot.storage.snapshot import LAUNCH_TITLES, LAYOUT, Snapshot
from salesbot.storage.snapshot_files import file_digest

if TYPE_CHECKING:
    from salesbot.editing.foreign.mapping import ForeignTable, Mapping
    from salesbot.facts import Facts
    from salesbot.facts.edits import RowEdits
    from salesbot.packs.reading import CheckedFacts
    from salesbot.packs.summaries import NumbersOfColumn
    from salesbot.serving.changed_answers import AnswerChange
    from salesbot.storage.difference import Difference


class PreparedChange(Struct, frozen=True):
    """A snapshot that could be served, and what it would change.

    ``digest`` is the SHA-256 of its file, in hex. ``numbers`` sum up the numbers that were sent, column by column.
    ``left`` counts, by table, the rows that were not sent and stay; ``titles`` are the names of launches by their ids.
    ``conflicts`` name the rows that a server and the shared pack have both changed; ``own`` counts the rows added,
    cells changed and rows removed that set a server's facts apart from the shared pack. ``fingerprint`` is that of the
    pack folder it was read from, if it was.
    """

    path: Path
    digest: str
    rows: int
    difference: Difference
    answers: tuple[AnswerChange, ...]
    notices: tuple[Notice, ...] = ()
    numbers: tuple[NumbersOfColumn, ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[str, ...] = ()
    own: tuple[int, int, int] | None = None
    fingerprint: str = ""

    def note(self) -> ChangeNote:
        """What is kept of the change in the history."""
        tables = tuple((t.table, t.added.count, t.changed.count, t.removed.count) for t in self.difference.tables)
        return ChangeNote(tables, self.own, self.conflicts)


class RefusedChange(Struct, frozen=True):
    """Why there is no change: the problems, what else was seen, and a corrected copy of the upload if there is one.

    ``table`` is how an upload could be read that is none of the pack's tables.
    """

    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...] = ()
    corrected: bytes = b""
    table: ForeignTable | None = None

    def error(self, name: str) -> PackRefused:
        """The error to raise."""
        error = PackRefused(self.problems, name, self.notices)
        error.corrected = self.corrected
        return error


# what is said of a table whose columns are not those of the pack's
FOREIGN = (
    "which_table",
    "which_table_like",
    "no_header",
    "sheet_named_after_table",
    "column_missing",
    "columns_missing",
    "unknown_column",
    "unknown_columns",
)
Prepared = PreparedChange | RefusedChange


def prepare_folder(pack_dir: Path, live: Path, folder: Path) -> Prepared:
    """Ingest a pack folder, and compare it with what is served."""
    from salesbot.serving.ingest import ingest_folder

    try:
        bytes_ = fingerprint(pack_dir, LAYOUT)
        return structs.replace(_compared(ingest_folder(pack_dir, folder), live), fingerprint=bytes_)
    except PackRefused as refused:
        return RefusedChange(refused.problems)


def prepare_upload(name: str, data: bytes, replaces: bool, base: Path | None, live: Path, folder: Path) -> Prepared:
    """Ingest an upload on top of what is served, and compare the two."""
    from salesbot.packs.uploads.upload import read_upload
    from salesbot.serving.ingest import ingest_upload

    facts = facts_of(live)
    try:
        upload = read_upload(name, data, facts, replaces=replaces)
        path = ingest_upload(upload.checked, folder, name)
    except PackRefused as refused:
        table = _foreign_table(name, data, refused, live)
        return RefusedChange(refused.problems, refused.notices, refused.corrected, table)
    return _compared(path, live, upload.notices, upload.checked, facts, base)


def prepare_table(name: str, data: bytes, mapping: Mapping, base: Path | None, live: Path, folder: Path) -> Prepared:
    """Read a table that others made, by its mapping, and compare it with what is served."""
    from salesbot.editing.foreign.reading import table_edits
    from salesbot.packs.doubts import doubts
    from salesbot.packs.edits import edited
    from salesbot.serving.ingest import ingest_upload

    facts, snapshot = facts_of(live), Snapshot(live)
    try:
        edits, notices = table_edits(name, data, mapping, snapshot)
        checked = edited(facts, edits)
        path = ingest_upload(checked, folder, name)
    except PackRefused as refused:
        return RefusedChange(refused.problems)
    finally:
        snapshot.close()
    return _compared(path, live, (*notices, *doubts(checked, facts)), checked, facts, base)


def _foreign_table(name: str, data: bytes, refused: PackRefused, live: Path) -> ForeignTable | None:
    """How a table could be read that is none of the pack's."""
    if not any(problem.expected.key in FOREIGN for problem in refused.problems):
        return None
    from salesbot.editing.foreign.reading import foreign_table

    snapshot = Snapshot(live)
    try:
        return foreign_table(name, data, snapshot)
    except PackRefused:
        return None
    finally:
        snapshot.close()


def prepare_edits(edits: RowEdits, base: Path | None, live: Path, folder: Path) -> Prepared:
    """Change rows of what is served, and compare the two."""
    from salesbot.packs.doubts import doubts
    from salesbot.packs.edits import edited
    from salesbot.serving.ingest import ingest_upload

    facts = facts_of(live)
    try:
        checked = edited(facts, edits)
        path = ingest_upload(checked, folder, "")
    except PackRefused as refused:
        return RefusedChange(refused.problems)
    return _compared(path, live, tuple(doubts(checked, facts)), checked, facts, base)


def prepare_rebase(base: Path, shared: Path, live: Path, folder: Path) -> Prepared:
    """A server's own rows on the shared pack of now, compared with what it is served."""
    from salesbot.packs.reading import check_upload
    from salesbot.serving.ingest import ingest_upload
    from salesbot.serving.overlays import rebased

    facts, conflicts = rebased(facts_of(base), facts_of(live), facts_of(shared))
    try:
        path = ingest_upload(check_upload((), set(), facts, (), ""), folder, "")
    except PackRefused as refused:
        return RefusedChange(refused.problems)
    return structs.replace(_compared(path, live, base=shared), conflicts=conflicts)


def compare_snapshots(before: Path, after: Path) -> PreparedChange:
    """What a version changed."""
    return _compared(after, before)


def facts_of(path: Path) -> Facts:
    """The facts of a snapshot."""
    snapshot = Snapshot(path)
    try:
        return snapshot.facts()
    finally:
        snapshot.close()


def _compared(
    path: Path,
    live: Path,
    notices: tuple[Notice, ...] = (),
    checked: CheckedFacts | None = None,
    facts: Facts | None = None,
    base: Path | None = None,
) -> PreparedChange:
    from salesbot.packs.summaries import numbers_sent, rows_left
    from salesbot.serving.changed_answers import changed_answers
    from salesbot.storage.difference import difference

    before, after = Snapshot(live), Snapshot(path)
    try:
        found = difference(live, path)
        return PreparedChange(
            path,
            file_digest(path),
            sum(after.rows_by_table.values()),
            found,
            tuple(changed_answers(before, after, found)),
            notices,
            numbers_sent(checked, facts) if checked and facts else (),
            rows_left(checked, facts) if checked and facts else (),
            tuple(titles_of(after)),
            own=_counts(difference(base, path)) if base else None,
        )
    finally:
        before.close()
        after.close()


def _counts(found: Difference) -> tuple[int, int, int]:
    tables = found.tables
    added, changed = sum(t.added.count for t in tables), sum(t.changed.count for t in tables)
    return added, changed, sum(t.removed.count for t in tables)


def titles_of(snapshot: Snapshot) -> list[tuple[str, str]]:
    """The id of each launch with its model."""
    return [(id, model) for id, model in snapshot.values(LAUNCH_TITLES)]
