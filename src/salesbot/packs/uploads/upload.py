"""An upload as facts, on top of those that are served, or every problem in it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from salesbot.errors import Notice, PackRefused, Problem, message
from salesbot.facts import TABLES, Facts, columns
from salesbot.packs.checks import TABLE_OF_KIND
from salesbot.packs.doubts import doubts
from salesbot.packs.reading import CheckedFacts, check_upload
from salesbot.packs.uploads import zip_file
from salesbot.packs.uploads.altered_cells import altered_cells
from salesbot.packs.uploads.corrected_copy import corrected_copy
from salesbot.packs.uploads.csv_file import CsvFile, csv_file
from salesbot.packs.uploads.header import FILE_NAMES, TABLE_NAMES, table_of_file, tables_like
from salesbot.packs.uploads.limits import MOST_BYTES, MOST_FILES, MOST_ROWS, check_ending, mebibytes, refused
from salesbot.packs.uploads.made_ids import leave_out_examples, make_ids
from salesbot.packs.uploads.uploaded_table import UploadedTable
from salesbot.packs.uploads.workbook import workbook_tables

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every workbook with a password
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
LONGEST_FILE_NAME = 80


class Upload(Struct, frozen=True):
    """The facts after an upload; ``tables`` came with it, the others are as they were."""

    checked: CheckedFacts
    notices: tuple[Notice, ...]
    tables: tuple[str, ...]


class OpenedUpload(Struct):
    """The tables that an upload names, those of them that can be read, and the problems so far."""

    names: set[str] = field(default_factory=set)
    tables: list[UploadedTable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many rows may still come."""
        return MOST_ROWS - sum(len(table.rows) for table in self.tables)


def read_upload(name: str, data: bytes, live: Facts, *, replaces: bool = False) -> Upload:
    """The facts that an upload makes of the live ones, with the live version.

    A row with a new id is added, one with a known id is put in the place of that row. With ``replaces``, a table that
    was sent holds the rows sent and no other; one with its header only is emptied. Raises ``PackRefused`` with every
    problem, each at its place in the upload, and a corrected copy.
    """
    place = _file_name(name)
    opened = _opened(place, data)
    try:
        return _read(place, opened, live, replaces=replaces)
    except PackRefused as refusal:
        refusal.corrected = corrected_copy(opened.tables, refusal.problems)
        raise


def _read(place: str, opened: OpenedUpload, live: Facts, *, replaces: bool) -> Upload:
    for table in opened.tables:
        leave_out_examples(table)
        make_ids(table)
    altered = [notice for table in opened.tables for notice in altered_cells(table, live)]
    notices = [*(notice for table in opened.tables for notice in table.notices), *altered]
    problems = [*opened.problems, *(problem for table in opened.tables for problem in table.problems)]
    try:
        sheets = [table.sheet() for table in opened.tables]
        checked = check_upload(sheets, opened.names, live, problems, place, replaces=replaces)
    except PackRefused as refusal:
        all_problems = PackRefused(list(_once(_in_upload(refusal, opened.names, live))), place, notices)
        all_problems.rows = {table.table: len(table.rows) for table in opened.tables}
        raise all_problems from None
    notices += doubts(checked, live)
    return Upload(checked, tuple(notices), tuple(table for table in TABLES if table in opened.names))


def _file_name(name: str) -> str:
    """The last part of a name, as it may stand in a message."""
    last = "".join(c if c.isprintable() else "�" for c in name.replace("\\", "/").rpartition("/")[2])
    return last.strip()[:LONGEST_FILE_NAME]


def _opened(place: str, data: bytes) -> OpenedUpload:
    if len(data) > MOST_BYTES:
        raise refused(place, "upload_bytes", most=mebibytes(MOST_BYTES), size=f"{len(data) / (1 << 20):.1f} MiB")
    check_ending(place)
    if zip_file.is_zip(data):
        return _opened_zip(place, data)
    if data.startswith(OLD_OFFICE):
        return _opened_workbook(place, data)
    if not place.casefold().endswith(TEXT_ENDINGS):
        raise refused(place, "upload_kind")
    opened = OpenedUpload()
    file = csv_file(place, data)
    _add_csv(opened, _table_of(file), file)
    return opened


def _opened_zip(place: str, data: bytes) -> OpenedUpload:
    names = zip_file.names(place, data)
    if "[Content_Types].xml" in names or ("mimetype" in names and "content.xml" in names):
        return _opened_workbook(place, data)
    if "Index/Document.iwa" in names or "Index.zip" in names:
        raise refused(place, "numbers_file")
    return _opened_tables(place, data)


def _opened_workbook(place: str, data: bytes) -> OpenedUpload:
    tables, problems = workbook_tables(place, data, table_of_file(place))
    in_problems = {problem.table for problem in problems if problem.table in TABLES}
    return OpenedUpload({table.table for table in tables} | in_problems, tables, problems)


def _opened_tables(place: str, data: bytes) -> OpenedUpload:
    """The CSV tables of a zip, at its top or in one folder."""
    files = list(zip_file.members(place, data, MOST_FILES))
    for member in files:
        if zip_file.is_archive(member):
            raise refused(place, "archive_in_zip", found=member.name)
    opened = OpenedUpload()
    for member in files:
        if table := table_of_file(member.name) if len(member.folders) <= 1 else None:
            _add_file(opened, table, member)
    if not opened.names:
        names = ", ".join("/".join((*member.folders, member.name)) for member in files)
        raise refused(place, "no_table_in_zip", found=names, files=FILE_NAMES)
    return opened


def _add_file(opened: OpenedUpload, table: str, member: zip_file.Member) -> None:
    if table in opened.names:
        opened.problems += refused(table, "file_twice", found=member.name).problems
        return
    opened.names.add(table)
    try:
        file = csv_file(table, member.data)
    except PackRefused as refusal:
        opened.problems += refusal.problems
    else:
        _add_csv(opened, table, file)


def _add_csv(opened: OpenedUpload, table: str, file: CsvFile) -> None:
    opened.names.add(table)
    try:
        opened.tables.append(file.read_table(table, opened.room))
    except PackRefused as refusal:
        opened.problems += refusal.problems


def _table_of(file: CsvFile) -> str:
    """The table of a file that came alone, by its name or else by its header."""
    table = file.likely_table() or table_of_file(file.place)
    if table is None:
        names = file.header()
        likely = tuple(tables_like(names)[:3])
        key = "which_table_like" if likely else "which_table"
        raise refused(file.place, key, row=1, found=",".join(names), tables=likely or TABLE_NAMES)
    return table


def _in_upload(refusal: PackRefused, coming: set[str], live: Facts) -> Iterator[Problem]:
    """Each problem at a place in the upload: what a live row misses is missing from a table that came."""
    missing: dict[tuple[str, str], Problem] = {}
    for problem in refusal.problems:
        if problem.table not in TABLES or problem.table in coming:
            yield problem
        else:
            for one in _missing(problem, live):
                missing.setdefault((one.table, one.cell), one)
    yield from missing.values()


def _missing(problem: Problem, live: Facts) -> Iterator[Problem]:
    """Each id that is missing, by itself, with the row that names it."""
    column, row = problem.column or "", (problem.row or 2) - 2
    refers = columns(TABLES[problem.table])[column].column.refers or "names"
    if problem.table == "names":
        refers = TABLE_OF_KIND[live.names[row].kind]
    expected = message("row_still_named", row=problem.row, table=problem.table)
    for text in problem.cell.split(";") if refers != "names" else [problem.cell]:
        yield Problem(refers, None, None, None, text, expected)


def _once(problems: Iterator[Problem]) -> Iterator[Problem]:
    """One problem a cell: the first, which knows what the spreadsheet did; a column without a name is told of once."""
    seen = set()
    for problem in problems:
        key = (problem.table, problem.row, problem.letter)
        if problem.column == "" or (problem.letter is not None and key in seen):
            continue
        seen.add(key)
        yield problem
