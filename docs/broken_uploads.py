"""Write docs/broken-uploads.md: what a moderator sees first for each kind of broken upload. A test keeps it equal."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from random import Random

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from salesbot.errors import PackRefused
from salesbot.facts import Facts, Launch, Name, OrderFact, Source, columns
from salesbot.packs.export import workbook_of, zip_of
from salesbot.packs.uploads.upload import read_upload
from salesbot.values.moment import cell_time
from salesbot.words import words_for

WORDS = words_for()
Broken = tuple[str, bytes]  # a file's name and its bytes
PAGE = Path(__file__).with_name("broken-uploads.md")
INTRO = """# Broken uploads

What a moderator sees first for each kind of upload that cannot be taken: the place, what stands there, and what is
expected instead. An upload is taken whole or not at all, and every problem in it is listed at once. This page is
generated (`python docs/broken_uploads.py`); the facts before each upload are the small pack of that program.

| what is wrong | what is said |
|---|---|
"""

LIVE = Facts(
    version="1",
    sources=(
        Source(id="wire", publisher="Wire", title="007", published=cell_time("2024-03"), grade="A", link="yes"),
        Source(id="log", publisher="Log", title="123456789012345678", grade="B", link="no", note="9-3"),
    ),
    names=(
        Name(id="acme", kind="brand", name="Acme", language="en"),
        Name(id="one", kind="model", name="One", language="en"),
        Name(id="one", kind="launch", name="One", language="en"),
    ),
    launches=(
        Launch(
            id="one",
            brand="Acme",
            model="One",
            market="China",
            currency="CNY",
            zone="Asia/Shanghai",
            sources=("wire",),
        ),
    ),
    orders=(
        OrderFact(
            id="one-day",
            launch="one",
            metric="orders",
            low=Fraction(20000),
            high=Fraction(20000),
            period_from=cell_time("2024-03-28"),
            period_to=cell_time("2024-03-29"),
            place="China",
            said_by=("Acme",),
            status="reported",
            sources=("wire",),
        ),
        OrderFact(
            id="one-rate",
            launch="one",
            metric="lock_in_rate",
            low=Fraction("0.35"),
            high=Fraction("0.35"),
            period_to=cell_time("2024-03"),
            status="reported",
            sources=("wire", "log"),
        ),
    ),
)
PACKED = zip_of(LIVE, WORDS.column)
TABLES_IN_ZIP = {
    name: zipfile.ZipFile(io.BytesIO(PACKED)).read(name) for name in ("sources.csv", "launches.csv", "orders.csv")
}


def csv_of(table: str, old: str = "", new: str = "", encoding: str = "utf-8-sig") -> Broken:
    """A table of the small pack with a text in it replaced."""
    text = TABLES_IN_ZIP[f"{table}.csv"].decode("utf-8-sig")
    assert old in text, old
    return f"{table}.csv", text.replace(old, new, 1).encode(encoding)


def with_semicolons() -> Broken:
    """A table as a German spreadsheet writes it."""
    rows = csv.reader(io.StringIO(TABLES_IN_ZIP["orders.csv"].decode("utf-8-sig")))
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([cell.replace("0.35", "0,35") for cell in row] for row in rows)
    return "orders.csv", text.getvalue().encode()


def book(change: Callable[[Workbook], object]) -> Broken:
    """The workbook of the small pack after a change in it."""
    workbook = load_workbook(io.BytesIO(workbook_of(LIVE)))
    change(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return "facts.xlsx", buffer.getvalue()


def cell(table: str, place: str, value: object, number_format: str = "General") -> Broken:
    """The workbook of the small pack with one cell changed."""

    def change(workbook: Workbook) -> None:
        sheet = workbook[table]
        assert isinstance(sheet, Worksheet)
        sheet[place].number_format = number_format
        sheet[place].value = value
        if isinstance(value, str) and value.startswith("#"):
            sheet[place].data_type = "e"

    return book(change)


def zip_with(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Broken:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return "facts.zip", buffer.getvalue()


def part(broken: Broken, name: str, old: bytes, new: bytes) -> Broken:
    """A workbook with a text replaced in one of the files that it is made of."""
    with zipfile.ZipFile(io.BytesIO(broken[1])) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    assert old in files[name], old
    return "facts.xlsx", zip_with(files | {name: files[name].replace(old, new, 1)})[1]


def with_password() -> Broken:
    """A zip whose every file says that it is encrypted."""
    name, data = zip_with(TABLES_IN_ZIP)
    return name, data.replace(b"PK\3\4\x14\0\0\0", b"PK\3\4\x14\0\1\0").replace(
        b"PK\1\2\x14\3\x14\0\0\0", b"PK\1\2\x14\3\x14\0\1\0"
    )


def damaged() -> Broken:
    """A zip with a byte changed in the middle of its first file."""
    name, data = zip_with(TABLES_IN_ZIP, zipfile.ZIP_STORED)
    return name, data.replace(b"Wire", b"Wide", 1)


def linked() -> Broken:
    """A zip whose only table is a symbolic link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("orders.csv")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return "facts.zip", buffer.getvalue()


def big() -> Broken:
    """A zip of modest ratio that unpacks to more than it may."""
    random = Random(1)  # noqa: S311  # the same bytes every time, no secret
    text = b"".join(
        b"%d,brand,Acme motors of the far and near east,en\n" % random.getrandbits(12) for _ in range(280_000)
    )
    return zip_with({f"{table}.csv": text for table in ("sources", "names", "launches", "stores", "orders", "prices")})


HEADER = ",".join(columns(OrderFact))
KINDS: dict[str, Callable[[], Broken]] = {
    # one table as CSV
    "an empty file": lambda: ("orders.csv", b""),
    "a file of another kind": lambda: ("orders.pdf", b"%PDF-1.7"),
    "a table that is none of the pack's": lambda: ("contacts.csv", b"first name,last name,telephone\nA,B,1\n"),
    "a table under another name, with another header": lambda: ("march.csv", b"id,launch,low,high\none-day,one,1,2\n"),
    "Western text that is not UTF-8": lambda: csv_of("sources", "Wire", "Zürich", "cp1252"),
    "UTF-16 without its mark": lambda: csv_of("sources", encoding="utf-16-le"),
    "a quotation mark that is never closed": lambda: csv_of("sources", "Log", '"Log'),
    "a column left out that every row needs": lambda: csv_of("orders", "metric,", ""),
    "a web page": lambda: ("orders.csv", b"<!doctype html><title>Log in</title>"),
    "JSON": lambda: ("orders.csv", b'[{"id": "one-day"}]'),
    "a total below the table": lambda: csv_of("sources", "log,Log", "Total,,,,,,,\nlog,Log"),
    "a blank that a program wrote": lambda: csv_of("sources", "9-3", "N/A"),
    "digits grouped by dots": lambda: csv_of("orders", "20000,20000", "20.000,20.000"),
    "a count in thousands": lambda: csv_of("orders", "20000,20000", "20.5,20.5"),
    "a date in another form": lambda: csv_of("orders", "2024-03-29", "29-Mar-2024"),
    "a column renamed": lambda: csv_of("orders", "said_by", "who"),
    "a column twice": lambda: csv_of("orders", "gross,", "gross,gross,"),
    "a column without a name": lambda: csv_of("orders", "gross,", "gross,,"),
    "something right of the table": lambda: csv_of("sources", "A,yes,", "A,yes,,see mail"),
    "too many columns": lambda: ("orders.csv", (HEADER + ",x" * 50).encode()),
    "a cell that is too long": lambda: csv_of("sources", "9-3", "very " * 500),
    "a formula in CSV": lambda: csv_of("orders", "20000,20000", "20000,=E2"),
    "a formula that calls out": lambda: csv_of("sources", "Wire", '"=HYPERLINK(""http://a.example"",""Wire"")"'),
    "commas in a number": lambda: csv_of("orders", "20000,20000", '"20,000","20,000"'),
    "a unit in a number": lambda: csv_of("orders", "20000,20000", "2万,2万"),
    "decimal commas of a German spreadsheet": with_semicolons,
    "a number of 16 digits": lambda: csv_of("orders", "20000,20000", "2000000000000000,2000000000000000"),
    "low above high": lambda: csv_of("orders", "20000,20000", "30000,20000"),
    "leading zeros lost": lambda: csv_of("sources", "007", "7"),
    "a month that became a date": lambda: csv_of("sources", "2024-03", "Mar-24"),
    "a month that became its first day": lambda: csv_of("orders", "2024-03,", "2024-03-01,"),
    "a name that became a date": lambda: csv_of("sources", "9-3", "09/03/2026"),
    "long digits rounded off": lambda: csv_of("sources", "123456789012345678", "1.23457E+17"),
    "a date in a country's own form": lambda: csv_of("orders", "2024-03-29", "29.03.2024"),
    "a time without its offset": lambda: csv_of("orders", "2024-03-29", "2024-03-29T19:00"),
    "a day that does not exist": lambda: csv_of("orders", "2024-03-29", "2024-02-30"),
    "an id twice": lambda: csv_of("orders", "one-rate", "one-day"),
    "an id with a space": lambda: csv_of("orders", "one-rate", "one rate"),
    "a source that is not there": lambda: csv_of("orders", "wire;log", "wire;lag"),
    "an unknown word": lambda: csv_of("orders", "reported", "confirmed"),
    "a row that must be filled, and is not": lambda: csv_of("orders", "reported", ""),
    "an invisible character": lambda: csv_of("sources", "Wire", "Wi\u200bre"),
    "a line break in a cell": lambda: csv_of("sources", "Wire", '"Wi\nre"'),
    "a row taken out that others need": lambda: csv_of("sources", "log,Log", "lag,Log"),
    "too many rows": lambda: ("names.csv", b"id,kind,name,language\n" + b"acme,brand,Acme,en\n" * 200_001),
    # a zip
    "a zip cut short": lambda: ("facts.zip", PACKED[:-400]),
    "a zip with a damaged file": damaged,
    "a zip with a password": with_password,
    "a zip of an unusual kind": lambda: zip_with(TABLES_IN_ZIP, zipfile.ZIP_BZIP2),
    "a zip in a zip": lambda: zip_with({"facts.zip": PACKED}),
    "a workbook in a zip": lambda: zip_with({"facts.xlsx": workbook_of(LIVE)}),
    "a zip with nothing of a pack": lambda: zip_with({"notes.txt": b"see mail", "photo.jpg": b""}),
    "tables too deep in folders": lambda: zip_with({"a/b/orders.csv": TABLES_IN_ZIP["orders.csv"]}),
    "a table twice in a zip": lambda: zip_with(
        {"orders.csv": TABLES_IN_ZIP["orders.csv"], "orders (1).csv": TABLES_IN_ZIP["orders.csv"]}
    ),
    "a link instead of a table": linked,
    "too many files": lambda: zip_with({f"{number}.csv": b"" for number in range(65)}),
    "a zip bomb": lambda: zip_with({"orders.csv": bytes(4 << 20)}),
    "a zip that unpacks to too much": big,
    "a file that is too big": lambda: ("facts.zip", b"PK\3\4" + bytes(9 << 20)),
    # a workbook
    "an old .xls, or a workbook with a password": lambda: (
        "facts.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    ),
    "a workbook of LibreOffice's own kind": lambda: zip_with(
        {"mimetype": b"application/vnd.oasis.opendocument", "content.xml": b"<a/>"}
    ),
    "a workbook cut short": lambda: ("facts.xlsx", workbook_of(LIVE)[:-400]),
    "a workbook with a broken sheet": lambda: part(
        book(lambda b: None), "xl/worksheets/sheet5.xml", b"</row>", b"</raw>"
    ),
    "a workbook with a document type": lambda: part(
        book(lambda b: None), "xl/workbook.xml", b"<workbook", b"<!DOCTYPE a><workbook"
    ),
    "a number whose format hides a unit": lambda: cell("orders", "E2", 2, '0"万"'),
    "a sheet twice": lambda: book(lambda b: setattr(b.copy_worksheet(b["orders"]), "title", "Orders ")),
    "merged cells": lambda: book(lambda b: b["orders"].merge_cells("E2:F2")),
    "a formula in a workbook": lambda: cell("orders", "F2", "=E2"),
    "an error in a cell": lambda: cell("orders", "F2", "#REF!"),
    "true instead of yes": lambda: cell("orders", "J2", True),
    "a month that became a date in a workbook": lambda: cell("sources", "D2", date(2024, 3, 1), "mmm-yy"),
    "a new month that became a date": lambda: cell("sources", "D3", date(2024, 5, 1), "mmm-yy"),
    "a month shown as its first day": lambda: cell("sources", "D2", date(2024, 3, 1), "yyyy-mm-dd"),
    "a date and time in a workbook": lambda: cell("orders", "L2", datetime(2024, 3, 29, 19), "yyyy-mm-dd hh:mm"),
    "a date among numbers": lambda: cell("orders", "E2", date(2024, 3, 1), "yyyy-mm-dd"),
    "a date among texts": lambda: cell("sources", "H3", date(2026, 9, 3), "d-mmm"),
    "a date among new texts": lambda: cell("sources", "H2", date(2024, 9, 3), "d-mmm"),
    "leading zeros lost in a workbook": lambda: cell("sources", "C2", 7),
    "long digits rounded off in a workbook": lambda: cell("sources", "C3", 123456789012345678.0),
    "a number that is not finite": lambda: part(
        cell("orders", "E2", 20000), "xl/worksheets/sheet5.xml", b"<v>20000</v>", b"<v>1E999</v>"
    ),
}


def problems(broken: Broken) -> list[str]:
    """What a moderator is told about an upload; nothing where it is taken."""
    try:
        read_upload(*broken, LIVE, replaces=True)
    except PackRefused as refused:
        return WORDS.problems(refused)
    return []


def page() -> str:
    """The page of all kinds."""
    return INTRO + "".join(
        f"| {kind} | {_in_a_table(next(iter(problems(make())), 'taken'))} |\n" for kind, make in KINDS.items()
    )


def _in_a_table(text: str) -> str:
    return "`" + text.replace("|", "\\|").replace("`", "'") + "`"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
