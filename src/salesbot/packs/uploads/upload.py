"""An upload as facts, beside what stands already, or every problem in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from salesbot import packs as pack
from salesbot.errors import PackRefused, Problem
from salesbot.facts import TABLES, Facts
from salesbot.packs.uploads import zip_file as zipped
from salesbot.packs.uploads.altered_cells import Notice, judged
from salesbot.packs.uploads.csv_file import CsvFile, csv_file
from salesbot.packs.uploads.limits import MOST_BYTES, MOST_FILES, MOST_ROWS, megabytes, refused
from salesbot.packs.uploads.table_names import FILE_NAMES, TABLE_NAMES, table_of_file, table_of_header, tables_like
from salesbot.packs.uploads.uploaded_table import Arrival
from salesbot.packs.uploads.workbook import workbook_arrivals

WHAT_IS_TAKEN = "a .zip of CSV tables, an .xlsx workbook, or one table as .csv"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
LONGEST_NAME = 80


@dataclass(frozen=True)
class Upload:
    """The facts after an upload; ``tables`` came with it, the others are as they were."""

    checked: pack.CheckedFacts
    notices: tuple[Notice, ...]
    tables: tuple[str, ...]


@dataclass
class Opened:
    """What an upload holds: the tables it names, those of them that can be read, and the problems so far."""

    tables: set[str] = field(default_factory=set)
    arrivals: list[Arrival] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many rows may still come."""
        return MOST_ROWS - sum(len(arrival.rows) for arrival in self.arrivals)


def read_upload(name: str, data: bytes, live: Facts) -> Upload:
    """The facts that an upload makes of the live ones, with the live version.

    A table that is not in the upload stays as it is; one with its header only is emptied. Raises
    ``PackRefused`` with every problem, each at its place in the upload.
    """
    place = _file_name(name)
    opened = _opened(place, data)
    notices = [notice for arrival in opened.arrivals for notice in judged(arrival, live)]
    problems = [*opened.problems, *(problem for arrival in opened.arrivals for problem in arrival.problems)]
    try:
        checked = pack.upload_checked([arrival.sheet() for arrival in opened.arrivals], opened.tables, live, problems, place)
    except PackRefused as refusal:
        raise PackRefused(list(_once(_in_upload(refusal, opened.tables, live))), place) from None
    return Upload(checked, (*opened.notices, *notices), tuple(table for table in TABLES if table in opened.tables))


def _file_name(name: str) -> str:
    """The last part of a name, as it may stand in a message."""
    last = "".join(c if c.isprintable() else "�" for c in name.replace("\\", "/").rpartition("/")[2])
    return last.strip()[:LONGEST_NAME] or "the upload"


def _opened(place: str, data: bytes) -> Opened:
    if len(data) > MOST_BYTES:
        raise refused(place, f"{megabytes(MOST_BYTES)} at most, not {len(data) / (1 << 20):.1f} MiB; send fewer tables at a time")
    if zipped.is_zip(data):
        return _opened_zip(place, data)
    if data.startswith(OLD_EXCEL):
        raise refused(place, "an .xlsx workbook without a password; save it again as 'Excel Workbook (.xlsx)'")
    if not place.casefold().endswith(TEXT_ENDINGS):
        raise refused(place, f"{WHAT_IS_TAKEN}; export it again as one of those")
    opened = Opened()
    file = csv_file(place, data)
    _add_csv(opened, _table_of(file), file)
    return opened


def _opened_zip(place: str, data: bytes) -> Opened:
    names = zipped.names(place, data)
    if "[Content_Types].xml" in names:
        arrivals, problems = workbook_arrivals(place, data)
        return Opened({arrival.table for arrival in arrivals} | {p.table for p in problems if p.table in TABLES}, arrivals, problems)
    if "mimetype" in names and "content.xml" in names:
        raise refused(place, "an .xlsx workbook; in LibreOffice save it as 'Excel 2007-365 (.xlsx)'")
    return _opened_tables(place, data)


def _opened_tables(place: str, data: bytes) -> Opened:
    """The CSV tables of a zip, at its top or in one folder."""
    files = list(zipped.members(place, data, MOST_FILES))
    for member in files:
        if zipped.is_archive(member):
            raise refused(place, "no zip or workbook inside a zip; unpack it and send what is in it", found=member.name)
    opened = Opened()
    for member in files:
        if table := table_of_file(member.name) if len(member.folders) <= 1 else None:
            _add_file(opened, table, member)
    if not opened.tables:
        names = ", ".join("/".join((*member.folders, member.name)) for member in files)
        raise refused(place, f"at least one of {FILE_NAMES}, at the top of the zip or in one folder", found=names)
    return opened


def _add_file(opened: Opened, table: str, member: zipped.Member) -> None:
    if table in opened.tables:
        opened.problems += refused(table, "only one file of this table; leave one out", found=member.name).problems
        return
    opened.tables.add(table)
    try:
        file = csv_file(table, member.data)
    except PackRefused as refusal:
        opened.problems += refusal.problems
    else:
        _add_csv(opened, table, file)


def _add_csv(opened: Opened, table: str, file: CsvFile) -> None:
    opened.tables.add(table)
    try:
        opened.arrivals.append(file.arrival(table, opened.room))
    except PackRefused as refusal:
        opened.problems += refusal.problems
    if file.is_guessed:
        opened.notices.append(Notice(table, None, None, None, "no UTF-8 text", "Chinese text in GB18030"))


def _table_of(file: CsvFile) -> str:
    """The table of a file that came alone, by its name or else by its header."""
    header = file.header()
    table = table_of_file(file.place) or table_of_header(header)
    if table is None:
        likely = tables_like(header)[:3]
        hint = f"its header is most like that of {', '.join(likely)}" if likely else f"the tables are {TABLE_NAMES}"
        raise refused(file.place, f"a file named after its table, such as orders.csv; {hint}", row=1, found=",".join(header))
    return table


def _in_upload(refusal: PackRefused, coming: set[str], live: Facts) -> Iterator[Problem]:
    """Each problem at a place in the upload: what a live row misses is missing from a table that came."""
    missing: dict[tuple[str, str], Problem] = {}
    for problem in refusal.problems:
        if problem.table not in TABLES or problem.table in coming:
            yield problem
        else:
            for said in _missing(problem, live):
                missing.setdefault((said.table, said.cell), said)
    yield from missing.values()


def _missing(problem: Problem, live: Facts) -> Iterator[Problem]:
    """What is missing, each id by itself, as told by the row that names it."""
    column, row = problem.column or "", (problem.row or 2) - 2
    refers = TABLES[problem.table].columns()[column].refers or "names"
    if problem.table == "names":
        refers = pack.THINGS[live.names[row].kind]
    expected = (
        f"a row for it, as row {problem.row} of {problem.table}, which stays as it is, names it; keep the row, or send {problem.table} too"
    )
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
