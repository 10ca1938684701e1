"""What moderators upload is taken as they meant it, or refused with every problem at its place."""

import io
import runpy
import shutil
import stat
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import structs
from openpyxl import Workbook, load_workbook

from salesbot.errors import PackRefused
from salesbot.facts import TABLES, Facts, Name, Source, cell_text, columns, content_hash
from salesbot.facts.cells import decoded_rightly
from salesbot.packs.export import template, workbook_of, zip_of
from salesbot.packs.folder import written_tables
from salesbot.packs.reading import read_pack
from salesbot.packs.uploads.header import table_of_file
from salesbot.packs.uploads.spreadsheet_changes import is_altered, plain_number
from salesbot.packs.uploads.upload import Upload, read_upload
from salesbot.settings import seed_pack
from salesbot.values.moment import cell_time
from salesbot.words import words_for
from tests.small_packs import pack_folder, text_of_problems

ROOT = Path(__file__).parents[2]
WORDS = words_for()
PAGE = runpy.run_path(str(ROOT / "docs" / "broken_uploads.py"))
KINDS, LIVE = PAGE["KINDS"], PAGE["LIVE"]
SEEDS = read_pack(seed_pack())
EMPTY = Facts(version="1")


def problems(name: str, data: bytes, live: Facts = LIVE, *, replaces: bool = False) -> list[str]:
    with pytest.raises(PackRefused) as refused:
        read_upload(name, data, live, replaces=replaces)
    return text_of_problems(refused.value)


def notices(upload: Upload) -> list[str]:
    """What a moderator is told of cells that were taken."""
    return [
        f"{WORDS.place(notice.table, notice.row, notice.column, notice.letter)}: {WORDS.message(notice.message)}"
        for notice in upload.notices
    ]


def zip_export(facts: Facts) -> bytes:
    return zip_of(facts, WORDS.column)


def table_csv(table: str, facts: Facts = LIVE) -> str:
    with zipfile.ZipFile(io.BytesIO(zip_export(facts))) as archive:
        return archive.read(f"{table}.csv").decode("utf-8-sig")


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def workbook_with(table: str, place: str, value: object, number_format: str = "General", facts: Facts = LIVE) -> bytes:
    book = load_workbook(io.BytesIO(workbook_of(facts)))
    book[table][place].number_format = number_format
    book[table][place].value = value
    return saved(book)


def says_the_same(upload: Upload, facts: Facts) -> bool:
    return content_hash(upload.checked.facts) == content_hash(facts)


# what goes out comes back


@pytest.mark.parametrize(("name", "export"), [("facts.zip", zip_export), ("facts.xlsx", workbook_of)])
@pytest.mark.parametrize("facts", [SEEDS, LIVE, EMPTY], ids=["seeds", "small", "empty"])
def test_an_export_taken_in_again_says_the_same(name, export, facts):
    upload = read_upload(name, export(facts), facts)
    assert says_the_same(upload, facts)
    assert upload.notices == ()
    assert upload.tables == tuple(written_tables(facts))


def test_tables_and_columns_that_a_pack_may_leave_out_come_back_as_well(tmp_path):
    folder = pack_folder(
        tmp_path / "p",
        metrics="id,name,aliases,kind\nsales,Sale,sold;销量,count",
        identities="whole,part,other_part\nsales,orders,lock_in_rate",
        places="id,name,part_of,complete\neurope,Europe,,yes\nfrance,France,europe,",
        prices="id,low,high,variant,channel\np,1,1,512 GB,street",
    )
    facts = read_pack(folder)
    for name, export in (("f.zip", zip_export), ("f.xlsx", workbook_of)):
        upload = read_upload(name, export(facts), EMPTY)
        assert upload.checked.facts == Facts(**{**structs.asdict(facts), "version": "1"})
        assert upload.tables == tuple(TABLES)


HARD = [
    "=1+1",
    "'=1+1",
    "''@x",
    "-5 %",
    "+49 30",
    "@acme",
    "'quoted'",
    "007",
    "1e5",
    "2024-03",
    "9-3",
    "TRUE",
    "_x0041_",
    "小米",
    'a "b", c;d',
]


def facts_titled(titles: list[str]) -> Facts:
    rows = [Source(id=f"s{i}", publisher="p", title=title, grade="A", link="yes") for i, title in enumerate(titles)]
    return Facts(version="1", sources=tuple(rows))


SHOWN = (
    st.text(st.characters(exclude_categories=["C"]), max_size=60)
    .map(str.strip)
    .filter(
        lambda text: text and decoded_rightly(text) is None  # what looks decoded wrongly is refused
    )
)


@given(st.lists(SHOWN, max_size=8))
@settings(max_examples=40, deadline=None)
@example(HARD)
def test_any_text_survives_a_zip_and_a_workbook(titles):
    facts = facts_titled(titles)
    for name, export in (("f.zip", zip_export), ("f.xlsx", workbook_of)):
        upload = read_upload(name, export(facts), EMPTY)
        assert [row.title for row in upload.checked.facts.sources] == titles
        assert upload.notices == ()


def test_a_zip_is_the_same_bytes_for_the_same_facts():
    assert zip_export(SEEDS) == zip_export(read_pack(seed_pack()))
    with zipfile.ZipFile(io.BytesIO(zip_export(SEEDS))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_unpacked_zip_is_a_pack_folder(tmp_path):
    facts = facts_titled(HARD)
    zipfile.ZipFile(io.BytesIO(zip_export(facts))).extractall(tmp_path)
    assert content_hash(read_pack(tmp_path)) == content_hash(facts)


def test_no_cell_of_an_export_begins_like_a_formula():
    text = table_csv("sources", facts_titled(HARD))
    assert ",'=1+1," in text and ",''=1+1," in text and ",'-5 %," in text and ",'@acme," in text
    sheet = load_workbook(io.BytesIO(workbook_of(facts_titled(HARD))))["sources"]
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
        assert (cell.data_type, cell.number_format) == ("s", "@")
        assert not cell.value.startswith(("=", "+", "-", "@"))


def test_numbers_below_zero_stay_numbers():
    assert ",-20000,-20000," in table_csv("prices", SEEDS)


def test_an_exported_sheet_has_a_bold_frozen_header_and_text_columns():
    sheet = load_workbook(io.BytesIO(workbook_of(SEEDS)))["orders"]
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    assert not sheet["A2"].font.bold
    assert sheet.column_dimensions["L"].number_format == "@"
    assert 8 <= sheet.column_dimensions["A"].width <= 60


def test_the_template_explains_every_column_and_offers_its_words():
    book = load_workbook(io.BytesIO(template(WORDS)))
    assert book.sheetnames == ["README", *TABLES]
    explained = {row[:2] for row in book["README"].iter_rows(values_only=True)}
    headers = {table: [cell.value for cell in book[table][1]] for table in book.sheetnames[1:]}
    for table, header in headers.items():
        assert sorted(header) == sorted(columns(TABLES[table]))
        assert {(table, column) for column in header} <= explained
    assert headers["orders"][:8] == ["id", "launch", "metric", "status", "low", "high", "period_from", "period_to"]
    lists = {str(rule.sqref): rule.formula1 for rule in book["orders"].data_validations.dataValidation}
    assert lists["D2:D1048576"] == '"reported,denied,rumour,revised,target"'
    assert lists["B2:B1048576"] == "=launches!$A$2:$A$1000"
    assert "deliveries" in lists["C2:C1048576"]


def test_the_examples_of_the_template_are_left_out_and_would_be_right():
    data = template(WORDS)
    upload = read_upload("template.xlsx", data, LIVE)
    assert says_the_same(upload, LIVE)
    assert "orders: 2 example rows left out" in notices(upload)
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets[1:]:
        for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value):
            cell.value = cell.value.replace("example-", "sample-")
    facts = read_upload("template.xlsx", saved(book), EMPTY).checked.facts
    assert all(facts.rows(table) for table in TABLES if table != "identities")


def test_a_row_without_an_id_gets_one_that_is_the_same_when_it_is_sent_again():
    text = "launch,metric,low,high,period_from,period_to,status,sources\none,orders,7,7,2024-05-01,2024-06-01,reported,log\n"
    upload = read_upload("orders.csv", text.encode(), LIVE)
    made = upload.checked.facts.orders[-1]
    assert made.id == "one-orders-2024-05-01-2024-06-01"
    assert "orders: 1 row without an id got one, made of what the row says" in notices(upload)
    again = read_upload("orders.csv", text.replace("7,7", "8,8").encode(), upload.checked.facts)
    assert [row.low for row in again.checked.facts.orders[-2:]] == [LIVE.orders[-1].low, 8]


# what comes with an upload, and what stays


def test_a_table_that_is_not_sent_stays_as_it_is():
    upload = read_upload("orders.csv", table_csv("orders").replace("20000,20000", "30000,30000").encode(), LIVE)
    assert upload.tables == ("orders",)
    assert upload.checked.facts.orders[0].low == 30000
    assert upload.checked.facts.sources == LIVE.sources
    assert upload.checked.facts.version == LIVE.version
    assert upload.checked.numbers["sources"] == [2, 3]


def test_a_table_with_its_header_only_removes_nothing_unless_it_replaces():
    header = table_csv("orders").splitlines()[0].encode()
    assert read_upload("orders.csv", header, LIVE).checked.facts == LIVE
    upload = read_upload("orders.csv", header, LIVE, replaces=True)
    assert upload.checked.facts.orders == ()
    assert upload.checked.facts.launches == LIVE.launches


def test_what_a_live_row_needs_is_missed_in_the_table_that_was_sent():
    text = table_csv("names").replace("one,model,One,en\n", "").replace("one,launch,One,en\n", "two,launch,Two,en\n")
    assert problems("names.csv", text.encode(), replaces=True) == [
        "names row 3, column A (id): 'two': an id of launches.csv, as the kind is launch",
        "names: 'One': a row for it, as row 2 of launches, which stays as it is, names it; keep the row, or send launches too",
    ]


def test_what_many_live_rows_need_is_missed_once():
    without = "".join(
        line for line in table_csv("sources", SEEDS).splitlines(keepends=True) if not line.startswith("s002,")
    )
    assert read_upload("sources.csv", without.encode(), SEEDS).checked.facts == SEEDS
    [found] = problems("sources.csv", without.encode(), SEEDS, replaces=True)
    assert found.startswith("sources: 's002': a row for it, as row 2 of launches")


def test_a_new_row_may_refer_to_a_table_that_stays():
    upload = read_upload(
        "orders.csv", (table_csv("orders") + "new,one,orders,,5,5,,,,,,,,,reported,,log,\n").encode(), LIVE
    )
    assert upload.checked.facts.orders[-1].sources == ("log",)


def test_a_zip_with_one_broken_table_tells_of_all_tables():
    files = {
        "orders.csv": table_csv("orders").replace("wire;log", "lag"),
        "sources.csv": 'id,publisher,title,grade,link\nx,"y\n',
        "names.csv": "id,language\nacme,en\n",
    }
    found = problems("facts.zip", zipped(files))
    assert any(problem.startswith("sources row 2: well-formed CSV") for problem in found)
    assert any(problem.startswith("names row 1: the columns `kind` and `name` are missing") for problem in found)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("orders.csv", "orders"),
        ("orders (1).csv", "orders"),
        ("mypack - orders.csv", "orders"),
        ("orders-2.CSV", "orders"),
        ("Copy of orders.csv", "orders"),
        ("orders - Copy.csv", "orders"),
        ("book-prices.csv", "prices"),
        ("Names 2024-03-28.csv", "names"),
        ("preorders.csv", None),
        ("data.csv", None),
        ("orders.pdf", None),
        ("orders", None),
        (".csv", None),
    ],
)
def test_a_table_is_known_by_the_name_of_its_file(name, table):
    assert table_of_file(name) == table


def test_a_table_is_known_by_its_header_where_the_name_says_nothing():
    assert read_upload("export.csv", table_csv("orders").encode(), LIVE).tables == ("orders",)
    assert "most like that of" in problems("export.csv", b"id,launch,low\n")[0]


# CSV as spreadsheets write it


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_of_any_spreadsheet_is_read(encoding, separator, end):
    rows = [
        ["id", "kind", "name", "language"],
        ["acme", "brand", "小米汽车", "zh"],
        ["acme", "brand", 'A "1"; b, c', "en"],
    ]
    quoted = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    live = Facts(version="1", names=(Name(id="acme", kind="brand", name="Acme"),))
    upload = read_upload("names.csv", (end.join(quoted) + end).encode(encoding), live, replaces=True)
    assert [row.name for row in upload.checked.facts.names] == ["小米汽车", 'A "1"; b, c']
    assert notices(upload) == (
        ["names: not UTF-8, read as Chinese text in GB18030: 小米汽车"] if encoding.startswith("gb") else []
    )


@pytest.mark.parametrize("text", ["Zürich", "Žižkov", "café noir", "façade", "Škoda"])
def test_western_text_is_not_taken_for_chinese(text):
    data = f"id,kind,name,language\nacme,brand,{text},en\n".encode("cp1250" if text[0] in "ŽŠ" else "cp1252")
    assert problems("names.csv", data) == ["names.csv row 2: UTF-8 text; save the file again as 'CSV UTF-8'"]


def test_blank_rows_and_blank_columns_at_the_end_are_passed_over():
    text = table_csv("sources").replace("\n", ",,\n").replace("id,pub", " id ,pub") + ",,,,,,,,,\n\n  ,\n"
    upload = read_upload("sources.csv", text.encode(), LIVE)
    assert upload.checked.facts.sources == LIVE.sources


def test_a_row_cut_short_at_its_blank_end_is_filled():
    text = table_csv("sources").replace("A,yes,\n", "A,yes\n")
    assert text != table_csv("sources")
    assert read_upload("sources.csv", text.encode(), LIVE).checked.facts.sources == LIVE.sources


def test_rows_are_numbered_as_the_spreadsheet_numbers_them():
    text = table_csv("sources").replace("wire,Wire", '\n"wi\nre",Wire').replace("log,Log", "\n\nlag lag,Log")
    found = problems("sources.csv", text.encode())
    assert any(problem.startswith("sources row 3, column A (id): 'wi�re'") for problem in found)
    assert any(problem.startswith("sources row 6, column A (id): 'lag lag'") for problem in found)


# zips


@pytest.mark.parametrize("folder", ["", "pack/", "./", "my pack\\", "/"])
def test_tables_may_lie_in_one_folder(folder):
    assert read_upload("a.zip", zipped({f"{folder}orders.csv": table_csv("orders")}), LIVE).tables == ("orders",)


def test_what_macos_and_hidden_files_add_is_passed_over():
    junk = {
        "__MACOSX/._orders.csv": b"\0",
        ".orders.csv": b"\0",
        "notes.txt": b"\0",
        "pack/.DS_Store": b"\0",
        "../prices.csv": b"\0",
    }
    upload = read_upload("a.zip", zipped({"pack/": b"", "pack/orders.csv": table_csv("orders"), **junk}), LIVE)
    assert upload.tables == ("orders",)


def test_a_symbolic_link_is_passed_over():
    buffer = io.BytesIO(zipped({"orders.csv": table_csv("orders")}))
    with zipfile.ZipFile(buffer, "a") as archive:
        info = zipfile.ZipInfo("prices.csv")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert read_upload("a.zip", buffer.getvalue(), LIVE).tables == ("orders",)


@pytest.mark.parametrize("claimed", [0, 10, 1000])
def test_a_size_that_a_zip_only_claims_is_not_believed(claimed):
    size = 3 << 20
    data = zipped({"orders.csv": bytes(size)})
    lying = data.replace(size.to_bytes(4, "little"), claimed.to_bytes(4, "little"))
    assert lying != data
    assert problems("a.zip", lying)


def test_a_file_without_a_name_is_passed_over():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("orders.csv", table_csv("orders"))
        archive.writestr("x", "")
        archive.infolist()[1].filename = ""
    assert read_upload("a.zip", buffer.getvalue(), LIVE).tables == ("orders",)


def test_nothing_is_written_to_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    read_upload("a.zip", zipped({"../orders.csv": "x", "/etc/orders.csv": table_csv("orders")}), LIVE)
    assert list(tmp_path.iterdir()) == []


# workbooks


def test_sheets_are_known_whatever_their_case_and_others_are_not_read():
    book = load_workbook(io.BytesIO(workbook_of(LIVE)))
    book["orders"].title = " ORDERS "
    book["sources"].title = "old sources"
    book["names"].sheet_state = "hidden"
    book.create_sheet("My notes")["A1"] = "=1+1"
    upload = read_upload("a.xlsx", saved(book), LIVE)
    assert upload.tables == tuple(table for table in written_tables(LIVE) if table != "sources")
    assert says_the_same(upload, LIVE)


def test_a_hidden_row_is_read():
    book = load_workbook(io.BytesIO(workbook_of(LIVE)))
    book["orders"].row_dimensions[2].hidden = True
    assert len(read_upload("a.xlsx", saved(book), LIVE).checked.facts.orders) == 2


@pytest.mark.parametrize(
    ("value", "number_format", "taken"),
    [
        (20000, "General", "20000"),
        (20000.0, "#,##0.00", "20000"),
        (0.1 + 0.2, "General", "0.3"),
        (0.35, "0.00", "0.35"),
        ("0.35", "@", "0.35"),
        (1e-7, "0.00E+00", "0.0000001"),
        (123456789012345.0, "General", "123456789012345"),
        ("35%", "@", "0.35"),
    ],
)
def test_a_number_is_taken_as_plain_decimal_text(value, number_format, taken):
    book = load_workbook(io.BytesIO(workbook_with("orders", "E2", value, number_format)))
    metric = "lock_in_rate" if value == "35%" else "orders_per_store"  # which may have a fraction
    book["orders"]["F2"].value, book["orders"]["C2"].value = value, metric
    upload = read_upload("a.xlsx", saved(book), LIVE)
    assert cell_text(upload.checked.facts.orders[0].low) == taken
    assert upload.notices == ()


@pytest.mark.parametrize(
    "number_format", ["yyyy-mm-dd", "mm-dd-yy", "d-mmm-yy", 'yyyy"年"m"月"d"日"', "[$-409]d/m/yyyy;@"]
)
def test_a_date_in_a_time_column_is_taken_with_a_notice(number_format):
    upload = read_upload("a.xlsx", workbook_with("sources", "D3", date(2024, 3, 28), number_format), LIVE)
    assert upload.checked.facts.sources[1].published.text == "2024-03-28"
    assert notices(upload) == [
        "sources row 3, column D (published): the date 2024-03-28, read as the text '2024-03-28'"
    ]


def test_a_date_that_stands_so_already_needs_no_notice():
    upload = read_upload("a.xlsx", workbook_with("orders", "L2", date(2024, 3, 29), "yyyy-mm-dd"), LIVE)
    assert upload.notices == () and says_the_same(upload, LIVE)


@pytest.mark.parametrize(
    ("number_format", "part"),
    [
        ("mmm-yy", "2024-05"),
        ("yyyy-mm", "2024-05"),
        ('yyyy"年"m"月"', "2024-05"),
        ("yyyy", "2024"),
        ("d-mmm", "2024-05"),
    ],
)
def test_a_month_or_year_that_became_a_date_is_told_as_it_is_shown(number_format, part):
    [found] = problems("a.xlsx", workbook_with("sources", "D3", date(2024, 5, 1), number_format))
    assert found.startswith(
        "sources row 3, column D (published): '2024-05-01': text, but a spreadsheet made a date of it; format the column"
    )
    assert f"type {part} again" in found


@pytest.mark.parametrize(("format_id", "is_taken"), [("31", True), ("57", False), ("27", False)])
def test_the_built_in_dates_of_chinese_excel_are_dates(format_id, is_taken):
    data = workbook_with("sources", "D3", 45379, "0.00000")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    styles = files["xl/styles.xml"].decode()
    custom = styles.split('formatCode="0.00000"')[0].rpartition('numFmtId="')[2].split('"')[0]
    changed = (
        styles.replace(f'numFmtId="{custom}"', f'numFmtId="{format_id}"')
        .replace("<numFmts", "<!--")
        .replace("</numFmts>", "-->")
    )
    files["xl/styles.xml"] = changed.replace(
        f'<!-- count="1"><numFmt formatCode="0.00000" numFmtId="{format_id}" />-->', ""
    ).encode()
    data = zipped(files)
    if is_taken:
        assert read_upload("a.xlsx", data, LIVE).checked.facts.sources[1].published.text == "2024-03-28"
    else:
        assert "made a date of it" in problems("a.xlsx", data)[0]


def test_a_clock_time_asks_for_its_offset():
    [found] = problems("a.xlsx", workbook_with("orders", "L2", datetime(2024, 3, 29, 19), "yyyy-mm-dd hh:mm"))
    assert "'2024-03-29T19:00': a time with its offset, as text" in found


def test_a_number_where_text_belongs_is_taken_with_a_notice():
    upload = read_upload("a.xlsx", workbook_with("sources", "B3", 36), LIVE)
    assert upload.checked.facts.sources[1].publisher == "36"
    assert notices(upload) == ["sources row 3, column B (publisher): the number 36, read as the text '36'"]


def test_a_year_that_stands_so_already_needs_no_notice():
    row = Source(id="a", publisher="p", title="t", published=cell_time("2024"), grade="A", link="no")
    facts = Facts(version="1", sources=(row,))
    upload = read_upload("a.xlsx", workbook_with("sources", "D2", 2024, facts=facts), facts)
    assert upload.notices == () and says_the_same(upload, facts)


def test_text_typed_over_is_taken_as_typed():
    upload = read_upload("a.xlsx", workbook_with("sources", "C2", "7", "@"), LIVE)
    assert upload.checked.facts.sources[0].title == "7"


def test_a_fault_of_a_cell_is_told_once():
    book = load_workbook(io.BytesIO(workbook_of(LIVE)))
    book["orders"]["O2"], book["orders"]["E2"], book["orders"]["J2"] = "=1", "=2", True
    assert len(problems("a.xlsx", saved(book))) == 3


# what spreadsheets change


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("007", "7"),
        ("1e5", "100000"),
        ("1e5", "1.00E+05"),
        ("1.10", "1.1"),
        ("+5", "5"),
        ("5-", "-5"),
        ("(5)", "-5"),
        (".5", "0.5"),
        ("12345678901234567890", "12345678901234500000"),
        ("12345678901234567890", "1.23457E+19"),
        ("1234567890123456", "1.23E+15"),
        ("1,234", "1234"),
        ("1,234", "1.234"),
        ("1 000", "1000"),
        ("35%", "0.35"),
        ("$5", "5"),
        ("1E400", "1.79769313486232E+308"),
        ("2024-03", "2024-03-01"),
        ("2024-03", "Mar-24"),
        ("2024-03", "2024/3/1"),
        ("2024-03", "mars-24"),
        ("2024-03", "45352"),
        ("2024-03-28", "3/28/2024"),
        ("2024-03-28", "28.03.2024"),
        ("2024-03-28", "45379"),
        ("2024", "1905-07-16"),
        ("9-3", "9-Mar"),
        ("9-3", "3-Sep"),
        ("9-3", "2026-09-03"),
        ("1/2", "2-Jan"),
        ("Mar-24", "2026-03-24"),
        ("1.5.", "05/01/2026"),
        ("2024年3月", "2024/3/1"),
        ("3月28日", "03/28/2026"),
        ("19:00", "07:00:00 PM"),
        ("1:2", "01:02:00"),
        ("true", "TRUE"),
        ("2024-03-28T19:00", "2024-03-28 19:00:00"),
    ],
)
def test_a_spreadsheet_makes_that_of_it(old, new):
    assert is_altered(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("007", "8"),
        ("2024-03", "2024-04"),
        ("2024-03", "2024-04-01"),
        ("2024-03-28", "2024-03"),
        ("2024-03-28", "2024-03-29"),
        ("Model 3", "Model Y"),
        ("Model 3", "Modell 3"),
        ("SU7", "SU 7"),
        ("7 seats", "Seats 7"),
        ("a note", "another note"),
        ("2024-03-28T19:00+08:00", "2024-03-28T19:00:00+08:00"),
        ("1800..2000", "1800..2001"),
        ("", "7"),
        ("7", ""),
        ("yes", "TRUE"),
    ],
)
def test_an_edit_is_not_taken_for_a_change_by_a_spreadsheet(old, new):
    assert not is_altered(old, new)


@given(
    st.text("0123456789.,-+/:eE%$ ()年月日TMarAPM٣²", max_size=24),
    st.text("0123456789.,-+/:eE%$ ()年月日TMarAPM٣²", max_size=24),
)
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_odd_to_compare(old, new):
    assert is_altered(old, new) in (True, False)
    assert not is_altered(old, old)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (7.0, "7"),
        (0.1 + 0.2, "0.3"),
        (1e21, "1000000000000000000000"),
        (-2.5, "-2.5"),
        (1e-9, "0.000000001"),
        (0.0, "0"),
    ],
)
def test_a_number_has_the_digits_that_a_spreadsheet_shows(value, text):
    assert plain_number(value) == text


def test_names_are_compared_within_their_thing_and_language():
    rows = [("one", "model", "007", "en"), ("one", "model", "One", "en"), ("two", "model", "7", "zh")]
    names = tuple(Name(**dict(zip(columns(Name), row, strict=True))) for row in rows)
    live = Facts(version="1", names=names)
    text = "id,kind,name,language\none,model,One,en\ntwo,model,7,zh\n"
    [found] = problems("names.csv", f"{text}one,model,7,en\n".encode(), live)
    assert found.startswith("names row 4, column C (name): '7': '007', as it stands now")
    still_there = f"{text}one,model,007,en\none,model,7,en\n"  # so 7 is another name
    assert len(read_upload("names.csv", still_there.encode(), live).checked.facts.names) == 4


# any bytes at all


def taken_or_refused(name: str, data: bytes) -> None:
    try:
        assert isinstance(read_upload(name, data, LIVE), Upload)
    except PackRefused as refused:
        assert refused.problems
        for problem in refused.problems:
            assert WORDS.place(problem.table, problem.row, problem.column, problem.letter)
            assert WORDS.message(problem.expected)


VALID = {
    "facts.zip": zip_export(LIVE),
    "facts.xlsx": workbook_of(LIVE),
    "orders.csv": table_csv("orders").encode("utf-8-sig"),
    "sources.csv": table_csv("sources").encode("utf-16"),
}
FRAGMENT = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b"\0", b"\n", b'"', b"=", b"PK\x01\x02", b"\xff\xff\xff\xff", b"<row>", b"1E9999"]),
)


@given(
    st.sampled_from(sorted(VALID)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), FRAGMENT), min_size=1, max_size=6),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_upload_is_taken_or_refused(name, damages):
    data = VALID[name]
    for where, cut, put in damages:
        start = int(where * len(data))
        data = data[:start] + put + data[start + cut :]
    taken_or_refused(name, data)


@given(
    st.sampled_from(["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet5.xml", "[Content_Types].xml"]),
    st.floats(0, 1),
    FRAGMENT,
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_workbook_damaged_inside_is_taken_or_refused(name, where, put):
    with zipfile.ZipFile(io.BytesIO(VALID["facts.xlsx"])) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    start = int(where * len(files[name]))
    files[name] = files[name][:start] + put + files[name][start + 3 :]
    taken_or_refused("facts.xlsx", zipped(files))


@given(
    st.text(max_size=20),
    st.sampled_from([b"", b"PK\3\4", b"PK\5\6", b"\xff\xfe", b"\xef\xbb\xbf", b"id,kind,name,language\n"]),
    st.binary(max_size=300),
)
@settings(max_examples=60, deadline=None)
def test_random_bytes_are_taken_or_refused(name, start, rest):
    for ending in ("", ".csv", ".zip", ".xlsx"):
        taken_or_refused(name + ending, start + rest)


def test_a_file_without_a_name_is_called_the_upload():
    assert problems(" ", b"") == [
        "the upload: a workbook (.xlsx, .xlsm, .xls, .ods), one table as .csv, .tsv or .txt, or a .zip of CSV tables;"
        " export it again as one of those"
    ]


# the page of broken uploads


def test_the_page_of_broken_uploads_is_up_to_date():
    assert (ROOT / "docs" / "broken-uploads.md").read_text("utf-8") == PAGE["page"](), (
        "run python docs/broken_uploads.py"
    )


def test_there_are_many_kinds_of_broken_uploads():
    assert len(KINDS) >= 30


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "a zip that unpacks to too much"])
def test_a_broken_upload_is_refused_with_a_place_and_a_remedy(kind):
    name, data = KINDS[kind]()
    with pytest.raises(PackRefused) as refused:
        read_upload(name, data, LIVE, replaces=True)
    for problem in refused.value.problems:
        assert problem.table in (*TABLES, name)
        assert len(WORDS.message(problem.expected)) >= 10
        assert problem.column is None or problem.letter or problem.row == 1


# LibreOffice itself

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
CSV_A_SHEET = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
WORKBOOK = "xlsx:Calc MS Excel 2007 XML"


def converted(file: Path, to: str) -> Path:
    """What LibreOffice makes of a file, in a folder of its own."""
    folder = file.parent / to[:4].strip(":")
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


@needs_office
@pytest.mark.parametrize("facts", [SEEDS, facts_titled(HARD)], ids=["seeds", "hard texts"])
def test_libreoffice_hands_back_the_same_workbook_and_the_same_csv(tmp_path, facts):
    file = tmp_path / "book.xlsx"
    file.write_bytes(workbook_of(facts))
    upload = read_upload("book.xlsx", (converted(file, WORKBOOK) / "book.xlsx").read_bytes(), facts)
    assert says_the_same(upload, facts) and upload.notices == ()
    for table in converted(file, CSV_A_SHEET).glob("*.csv"):
        upload = read_upload(table.name, table.read_bytes(), facts)
        assert says_the_same(upload, facts) and upload.notices == ()
        assert table.name == f"book-{upload.tables[0]}.csv"


@needs_office
def test_faults_are_told_in_a_workbook_that_libreoffice_saved_as_well(tmp_path):
    book = load_workbook(io.BytesIO(workbook_of(LIVE)))
    orders, sources = book["orders"], book["sources"]
    orders["E2"], orders["F2"], orders["E3"] = "=10000*2", "=1/0", 0.35
    orders.merge_cells("M2:N2")
    sources["C2"], sources["D3"], sources["B3"] = 7, date(2024, 5, 1), 36
    sources["C2"].number_format = sources["B3"].number_format = orders["E3"].number_format = "General"
    sources["D3"].number_format = "mmm-yy"
    (tmp_path / "book.xlsx").write_bytes(saved(book))
    found = problems("book.xlsx", (converted(tmp_path / "book.xlsx", WORKBOOK) / "book.xlsx").read_bytes())
    assert found == problems("book.xlsx", saved(book))
    places = ["C (title)", "D (published)", "E (low)", "F (high)", "M (place)"]
    assert [problem.split(":")[0].split(" column ")[1] for problem in found] == places


@needs_office
def test_what_libreoffice_changes_on_opening_csv_is_told(tmp_path):
    facts = facts_titled(["007", "1e5", "1.10", "12345678901234567890", "true", "Mar-24", "1/2", "19:00", "fine"])
    file = tmp_path / "sources.csv"
    file.write_text(table_csv("sources", facts), "utf-8-sig")
    as_english = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false"
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        as_english,
        "--convert-to",
        WORKBOOK,
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=120)
    found = problems("sources.xlsx", (tmp_path / "sources.xlsx").read_bytes(), facts)
    assert [problem.split(":")[0] for problem in found] == [
        f"sources row {row}, column C (title)" for row in range(2, 10)
    ]
