"""Tables as people have them: nothing wrong gets in unseen, and what can be read rightly is read."""

import io
import zipfile
from datetime import date, datetime
from fractions import Fraction

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from salesbot.errors import PackRefused
from salesbot.facts import Facts, Launch, Name, OrderFact, PriceFact, Source
from salesbot.packs.uploads.limits import check_ending
from salesbot.packs.uploads.upload import Upload, read_upload
from salesbot.values.moment import cell_time
from salesbot.words import words_for

WORDS = words_for()
ORDERS = (
    "id,launch,metric,could_be,low,high,stated,precision,counting,gross,period_from,period_to,place,said_by,status,"
    "superseded_by,sources,note"
)
PRICES = (
    "id,brand,model,trim,region,currency,price_type,low,high,previous,change_low,change_high,valid_from,valid_to,"
    "announced,said_by,status,sources,note"
)


def count(id: str, number: int, period: tuple[str, str]) -> OrderFact:
    return OrderFact(
        id=id,
        launch="one",
        metric="deliveries",
        low=Fraction(number),
        high=Fraction(number),
        counting="new",
        period_from=cell_time(period[0]),
        period_to=cell_time(period[1]),
        place="China",
        said_by=("Acme",),
        status="reported",
        sources=("wire",),
        note="as told",
    )


LIVE = Facts(
    version="1",
    sources=(Source(id="wire", publisher="Wire", title="A report", grade="A", link="yes"),),
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
    orders=(count("april", 700, ("2024-04-01", "2024-05-01")), count("may", 800, ("2024-05-01", "2024-06-01"))),
    prices=(
        PriceFact(
            id="p-1",
            brand="Acme",
            model="One",
            trim="Base",
            region="China",
            currency="CNY",
            price_type="list_price",
            low=Fraction(215900),
            high=Fraction(215900),
            valid_from=cell_time("2024-03-28"),
            status="reported",
            sources=("wire",),
        ),
    ),
)


def row(**cells: str) -> str:
    """A row of orders: a count of deliveries, with some cells otherwise."""
    usual = {"id": "x-1", "launch": "one", "metric": "deliveries", "low": "600", "high": "600", "counting": "new"}
    usual |= {"period_from": "2024-06-01", "period_to": "2024-07-01", "place": "China", "status": "reported"}
    usual |= {"sources": "wire", **cells}
    return ",".join(usual.get(name, "") for name in ORDERS.split(","))


def price(**cells: str) -> str:
    usual = {"id": "x-1", "brand": "Acme", "model": "One", "trim": "Base", "region": "China", "currency": "CNY"}
    usual |= {"price_type": "list_price", "valid_from": "2024-06-01", "status": "reported", "sources": "wire", **cells}
    return ",".join(usual.get(name, "") for name in PRICES.split(","))


def taken(text: str | bytes, name: str = "orders.csv", *, replaces: bool = False) -> Upload:
    data = text.encode() if isinstance(text, str) else text
    return read_upload(name, data, LIVE, replaces=replaces)


def told(upload: Upload) -> str:
    return "\n".join(map(WORDS.notice, upload.notices))


def refused(text: str | bytes, name: str = "orders.csv") -> PackRefused:
    with pytest.raises(PackRefused) as error:
        taken(text, name)
    return error.value


def problems(text: str | bytes, name: str = "orders.csv") -> list[str]:
    return WORDS.problems(refused(text, name))


def workbook(rows: list[list[object]], title: str = "orders") -> tuple[Workbook, object]:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for texts in rows:
        sheet.append(texts)
    return book, sheet


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cells(line: str) -> list[str]:
    return line.split(",")


# rows are added; what is not sent stays


def test_a_table_of_one_row_adds_it_and_removes_nothing():
    orders = taken(f"{ORDERS}\n{row()}\n").checked.facts.orders
    assert [one.id for one in orders] == ["april", "may", "x-1"]


def test_a_known_id_changes_its_row_where_it_stands():
    orders = taken(f"{ORDERS}\n{row(id='april', low='701', high='701')}\n").checked.facts.orders
    assert [(one.id, one.low) for one in orders] == [("april", 701), ("may", 800)]


def test_a_table_replaces_the_other_only_if_that_is_asked():
    orders = taken(f"{ORDERS}\n{row()}\n", replaces=True).checked.facts.orders
    assert [one.id for one in orders] == ["x-1"]


def test_columns_that_may_be_blank_may_be_left_out_and_keep_what_stands():
    few = "id,launch,metric,low,high,period_to,status,sources\n"
    orders = taken(f"{few}x-1,one,deliveries,5,5,2024-07-01,reported,wire\n").checked.facts.orders
    assert orders[-1].note is None
    changed = taken(f"{few}april,one,deliveries,701,701,2024-05-01,reported,wire\n").checked.facts.orders[0]
    assert (changed.low, changed.note, changed.place) == (701, "as told", "China")


def test_a_few_columns_are_enough_for_known_rows_and_not_for_new_ones():
    assert taken("id,low,high\napril,701,701\n").checked.facts.orders[0].metric == "deliveries"
    found = problems("id,low,high\nx-1,701,701\n")
    assert found[0] == "orders row 1: the columns `launch`, `metric`, `status` and `sources` are missing"


def test_a_new_brand_or_model_is_added_to_the_names_and_told():
    upload = taken(f"{PRICES}\n{price(brand='Borealis', model='B2', low='9', high='9')}\n", "prices.csv")
    assert [(name.id, name.kind) for name in upload.checked.facts.names[-2:]] == [
        ("borealis", "brand"),
        ("b2", "model"),
    ]
    assert "the model 'B2' is new: names.csv gains it as 'b2'" in told(upload)


# the header


@pytest.mark.parametrize(
    ("above", "row_of_header"), [("Deliveries of One, spring\n\n", 3), ("\n", 2), (",,,Deliveries,,\n", 2)]
)
def test_a_header_below_row_1_is_found(above, row_of_header):
    upload = taken(f"{above}{ORDERS}\n{row()}\n")
    assert upload.checked.facts.orders[-1].id == "x-1"
    if above.strip():
        assert f"the header is in row {row_of_header}" in told(upload)
    [problem] = problems(f"{above}{ORDERS}\n{row(low='many')}\n")
    assert f"orders row {row_of_header + 1}, column E" in problem


@pytest.mark.parametrize("separator", ["|", ";", "\t", ","])
@pytest.mark.parametrize("first", ["", "sep={}\n"])
def test_the_separator_is_found(separator, first):
    upload = taken(first.format(separator) + f"{ORDERS}\n{row()}\n".replace(",", separator))
    assert upload.checked.facts.orders[-1].id == "x-1"
    assert told(upload) == ""


def test_names_that_differ_in_case_spaces_or_a_plural_are_read_and_told_once():
    header = ORDERS.replace("_", " ").title().replace("Note", "Notes")
    upload = taken(f"{header}\n{row(note='seen')}\n")
    assert upload.checked.facts.orders[-1].note == "seen"
    assert told(upload).count("columns read by the names they mean") == 1
    assert "Period From as period_from" in told(upload) and "Notes as note" in told(upload)


def test_foreign_columns_are_told_with_the_likely_one_and_those_of_no_use_in_one_line():
    found = problems(
        "source_id,grade,kind,title,publisher,url,seen,notes\ndaily_news,B,press,A,Daily,,2024,\n", "sources.csv"
    )
    assert any("'source_id': `id`, if that is what it holds" in problem for problem in found)
    assert any("kind and seen are none of" in problem for problem in found)
    assert any("the column `link` is missing" in problem for problem in found)
    assert any("'daily_news'" in problem and "write 'daily-news'" in problem for problem in found)
    assert not any("notes" in problem for problem in found)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'[{"id": "x-1"}]', "a table, not JSON"),
        (b"<!doctype html><html><title>Log in</title></html>", "a table, not a web page"),
        (b"first name,telephone\nA,1\n", "the header of orders, a row with the names of its columns: id, launch"),
    ],
)
def test_what_is_no_table_is_one_problem(data, said):
    [problem] = problems(data)
    assert said in problem


# numbers


@pytest.mark.parametrize("text", ["20.000", "1.234", "215.900", "12.34", "0.7", "35%"])
def test_a_number_that_may_mean_another_is_no_count(text):
    assert all(
        "column E (low)" in one or "column F (high)" in one
        for one in problems(f"{ORDERS}\n{row(low=text, high=text)}\n")
    )


def test_a_share_is_no_change_of_a_price():
    found = problems(f"{PRICES}\n{price(change_low='-5%', change_high='-5%')}\n", "prices.csv")
    assert len(found) == 2 and all("not a share" in one for one in found)


@pytest.mark.parametrize("format", ['0.0"万"', '#,##0,"k"', "0,,", '0.0" million"', "0.0,"])
def test_a_number_whose_format_shows_another_is_refused(format):
    book, sheet = workbook([cells(ORDERS), cells(row())])
    sheet["E2"], sheet["F2"] = 82.0, 82.0
    sheet["E2"].number_format = sheet["F2"].number_format = format
    assert all("its format" in one or "the format of this cell" in one for one in problems(saved(book), "orders.xlsx"))


@pytest.mark.parametrize("format", ["General", "#,##0", '#,##0"元"', '#,##0 "台"', "0"])
def test_a_number_whose_format_shows_it_is_taken(format):
    book, sheet = workbook([cells(ORDERS), cells(row())])
    sheet["E2"], sheet["F2"] = 82, 82
    sheet["E2"].number_format = sheet["F2"].number_format = format
    assert taken(saved(book), "orders.xlsx").checked.facts.orders[-1].low == 82


def test_a_per_cent_format_is_per_cent_also_where_it_does_not_belong():
    book, sheet = workbook([cells(PRICES), cells(price())], "prices")
    sheet["K2"], sheet["L2"] = -0.05, -0.05
    sheet["K2"].number_format = sheet["L2"].number_format = "0%"
    assert all("'-5%': an amount" in one for one in problems(saved(book), "prices.xlsx"))


def test_a_price_20_times_off_the_others_is_questioned():
    upload = taken(f"{PRICES}\n{price(low='24.68', high='24.68')}\n", "prices.csv")
    assert "24.68 is 20 times off the others like it (about 215,900)" in told(upload)
    assert "off the others" not in told(taken(f"{PRICES}\n{price(low='200000', high='200000')}\n", "prices.csv"))


def test_what_is_questioned_of_many_rows_costs_no_more_a_row(monkeypatch):
    compared = 0
    compare = Fraction._richcmp

    def counting(self, *operands):
        nonlocal compared
        compared += 1
        return compare(self, *operands)

    monkeypatch.setattr(Fraction, "_richcmp", counting)
    costs = []
    for count in (250, 500):
        before = compared
        rows = [
            price(id=f"many-{n}", price_type="msrp", low=f"{200_000 + n}.5", high=f"{200_000 + n}.5")
            for n in range(count)
        ]
        taken("\n".join([PRICES, *rows]) + "\n", "prices.csv")
        costs.append(compared - before)
    assert 0 < costs[1] < 2.5 * costs[0]


def test_a_deposit_is_not_questioned_beside_prices():
    upload = taken(f"{PRICES}\n{price(price_type='deposit', low='5000', high='5000')}\n", "prices.csv")
    assert "off the others" not in told(upload)


# times


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("1-Jun-2024", "2024-06-01"),
        ("2024/06/01", "2024-06-01"),
        ("2024年6月", "2024-06"),
        ("20240601", "2024-06-01"),
        ("June 2024", "2024-06"),
        ("2024-06-01T00:00:00.000Z", "2024-06-01"),
    ],
)
def test_a_date_in_another_form_is_told_with_the_likely_text(text, likely):
    [problem] = problems(f"{ORDERS}\n{row(period_from='', period_to=text)}\n")
    assert f"write '{likely}' if that is meant" in problem


@pytest.mark.parametrize("text", ["03/04/2024", "Apr 1", "spring"])
def test_a_date_that_can_be_several_has_no_likely_text(text):
    assert "if that is meant" not in problems(f"{ORDERS}\n{row(period_from='', period_to=text)}\n")[0]


def test_a_quarter_is_told_as_the_period_it_is():
    [problem] = problems(f"{ORDERS}\n{row(period_from='', period_to='2024-Q2')}\n")
    assert "period_from 2024-04 and period_to 2024-07" in problem


@pytest.mark.parametrize("both", ["2024-06", "2024-06-01", "2024"])
def test_a_period_that_ends_as_it_begins_is_refused(both):
    assert "ends as it begins" in problems(f"{ORDERS}\n{row(period_from=both, period_to=both)}\n")[0]


def test_a_price_that_ends_as_it_begins_is_refused():
    text = price(low="9", high="9", valid_to="2024-06-01")
    assert "ends as it begins" in problems(f"{PRICES}\n{text}\n", "prices.csv")[0]


def test_a_last_day_where_the_first_day_out_belongs_is_questioned():
    months = [
        ("x-1", "2024-06-01", "2024-06-30"),
        ("x-2", "2024-07-01", "2024-07-15"),
        ("x-3", "2024-07-16", "2024-08-01"),
    ]
    rows = "\n".join(row(id=id, period_from=start, period_to=end) for id, start, end in months)
    said = told(taken(f"{ORDERS}\n{rows}\n"))
    assert "orders row 2, column L (period_to): it ends as 2024-06-30 begins; write 2024-07-01" in said.replace(
        "): ", "): "
    )
    assert "write 2024-07-16 if 2024-07-15 counts" in said
    assert "row 4" not in said


def test_a_day_with_a_midnight_is_that_day():
    book, sheet = workbook([cells(ORDERS), cells(row(period_to=""))])
    sheet["L2"] = datetime(2024, 7, 1)
    assert taken(saved(book), "orders.xlsx").checked.facts.orders[-1].period_to.text == "2024-07-01"


def test_a_date_shown_as_a_year_is_told_to_be_typed_as_a_year():
    book, sheet = workbook([cells(ORDERS), cells(row(period_to=""))])
    sheet["L2"] = date(2024, 1, 1)
    sheet["L2"].number_format = "yyyy"
    assert "type 2024 again" in problems(saved(book), "orders.xlsx")[0]


# texts


@pytest.mark.parametrize("word", ["N/A", "nan", "NULL", "-", "none", "无"])
@pytest.mark.parametrize("column", ["place", "said_by", "note"])
def test_a_word_for_blank_is_no_text(word, column):
    [problem] = problems(f"{ORDERS}\n{row(**{column: word})}\n")
    assert "leave the cell blank" in problem


def test_a_full_width_semicolon_separates_and_is_told():
    upload = taken(f"{ORDERS}\n{row(said_by='Acme；Lei Jun')}\n")
    assert upload.checked.facts.orders[-1].said_by == ("Acme", "Lei Jun")
    assert "'Acme；Lei Jun' is read as 2 values" in told(upload)


@pytest.mark.parametrize("text", ["Acme、Lei Jun", "Acme/Lei Jun", "Acme and Lei Jun", "雷军和王化"])
def test_two_names_in_one_are_questioned(text):
    assert f"'{text}' is taken as one name" in told(taken(f"{ORDERS}\n{row(said_by=text)}\n"))


def test_a_name_that_is_given_twice_is_questioned():
    rows = ("brand,acme,Acme Cars,en", "brand,acme,ACME,en", "brand,acme,Acme Cars,zh", "brand,acme,Acme Cars,en")
    upload = taken("\n".join(["kind,id,name,language", *rows]) + "\n", "names.csv")
    [repeated] = [line for line in told(upload).splitlines() if "already in row" in line]
    assert "already in row 2" in repeated
    assert "row 5" in repeated


def test_names_that_are_given_many_times_hide_nothing_else():
    names = "\n".join(["kind,id,name,language", *["brand,acme,Acme Cars,en"] * 300]) + "\n"
    files = {"names.csv": names, "prices.csv": f"{PRICES}\n{price(low='24.68', high='24.68')}\n"}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    lines = told(taken(file.getvalue(), "pack.zip"))
    assert "24.68 is 20 times off" in lines
    assert lines.count("already in row 2") == 10


@pytest.mark.parametrize(("place", "is_new"), [("中国", False), ("CN", False), ("Atlantis", True), ("Chinaa", True)])
def test_a_place_that_no_other_row_has_is_questioned(place, is_new):
    assert ("no other row has the place" in told(taken(f"{ORDERS}\n{row(place=place)}\n"))) is is_new


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("euc-kr", "현대자동차 새로운 전기차 출시"),
        ("euc-jp", "トヨタ自動車の新しい電気自動車"),
        ("tis-620", "รถยนต์ไฟฟ้าใหม่"),
        ("cp1251", "Новый электромобиль вышел на рынок"),
        ("big5", "小米汽車發表新車"),
        ("cp1252", "Zürich, façade, señor"),
    ],
)
def test_other_alphabets_are_not_taken_for_chinese(encoding, title):
    rows = "\n".join(f"s-{number},Wire,{title},A,yes" for number in range(3))
    [problem] = problems(f"id,publisher,title,grade,link\n{rows}\n".encode(encoding), "sources.csv")
    assert "UTF-8" in problem


@pytest.mark.parametrize("title", ["小米汽车发布会公布了新车的价格", "蔚来 理想 小鹏 四月交付量", "雷军：首批锁单"])
def test_chinese_text_in_gb18030_is_read_and_shown(title):
    upload = taken(f"id,publisher,title,grade,link\ns-1,Wire,{title},A,yes\n".encode("gb18030"), "sources.csv")
    assert upload.checked.facts.sources[-1].title == title
    assert title[:2] in told(upload)


# rows


def test_hidden_and_struck_rows_and_hidden_sheets_are_read_and_told():
    book, sheet = workbook([cells(ORDERS), cells(row()), cells(row(id="x-2")), cells(row(id="x-3"))])
    sheet.row_dimensions[3].hidden = True
    for cell in sheet[4]:
        cell.font = Font(strike=True)
    book.create_sheet("facts")
    sheet.sheet_state = "hidden"
    book.active = 1
    said = told(taken(saved(book), "facts.xlsx"))
    for part in ("1 hidden row (row 3)", "1 row with text struck through (row 4)", "the hidden sheet 'orders'"):
        assert part in said


def test_a_total_or_a_note_below_the_table_is_one_problem_a_row():
    blank = ",".join([""] * 3)
    assert problems(f"{ORDERS}\n{row()}\nTotal,{blank},30\nNote: by the maker\n") == [
        "orders row 3: a row of the table, or nothing: it holds only 'Total, 30'; delete it",
        "orders row 4: a row of the table, or nothing: it holds only 'Note: by the maker'; delete it",
    ]


def test_a_row_with_one_fault_still_shows_its_others():
    text = row(id="X 1", status="Reported", period_to="2024-06-01", sources="wire;wier", launch="two")
    columns = {problem.column for problem in refused(f"{ORDERS}\n{text}\n").problems}
    assert columns == {"id", "status", "period_to", "sources", "launch"}


def test_a_number_that_cannot_be_read_makes_no_second_fault():
    [problem] = problems(f"{ORDERS}\n{row(low='20 thousand', high='', stated='at_least')}\n")
    assert "column E" in problem


def test_alike_problems_are_one_line():
    rows = "\n".join(row(id=f"x_{number}") for number in range(28))
    [line] = problems(f"{ORDERS}\n{rows}\n")
    assert line.startswith("orders, column A (id): 28 cells, such as 'x_0' (row 2; write 'x-0')")
    assert len(refused(f"{ORDERS}\n{rows}\n").problems) == 28


def test_a_row_that_no_answer_counts_is_told_with_the_reason():
    said = told(taken(f"{ORDERS}\n{row(period_to='')}\n{row(id='x-2', low='', high='')}\n"))
    assert "nothing says up to when" in said and "neither low nor high" in said


# files


def test_a_sheet_is_known_by_its_header():
    book, _ = workbook([cells(ORDERS), cells(row())], "Sheet1")
    upload = taken(saved(book), "facts.xlsx")
    assert upload.tables == ("orders",) and "the sheet 'Sheet1', known by its header" in told(upload)


def test_a_workbook_of_one_sheet_is_known_by_its_name():
    book, _ = workbook([["id", "metric", "launch"]], "Sheet1")
    assert "orders row 1" in problems(saved(book), "orders (1).xlsx")[0]


def test_beside_a_sheet_named_after_a_table_no_other_is_guessed():
    book, _ = workbook([cells(ORDERS), cells(row())])
    old = book.create_sheet("old counts")
    for line in (ORDERS, row(id="x-9")):
        old.append(cells(line))
    assert [one.id for one in taken(saved(book), "facts.xlsx").checked.facts.orders] == ["april", "may", "x-1"]


def test_the_value_saved_with_a_formula_is_read_and_told():
    book, sheet = workbook([cells(ORDERS), cells(row())])
    sheet["E2"], sheet["F2"] = 7, 7
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book))) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(part, text.replace(b'<c r="F2" t="n"><v>7</v>', b'<c r="F2"><f>E2</f><v>7</v>'))
    upload = taken(data.getvalue(), "orders.xlsx")
    assert upload.checked.facts.orders[-1].high == 7
    assert "1 cell with a formula" in told(upload)


def test_an_ods_is_read_and_says_what_is_not_known_of_it():
    def table_row(texts):
        inside = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
        )
        return f"<table:table-row>{inside}</table:table-row>"

    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="orders">{table_row(cells(ORDERS))}{table_row(cells(row()))}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    upload = taken(data.getvalue(), "orders.ods")
    assert upload.checked.facts.orders[-1].id == "x-1"
    assert "does not tell formulas" in told(upload)


@pytest.mark.parametrize("name", ["a.csv", "a.TSV", "a.txt", "a.xlsx", "a.xlsm", "a.xls", "a.ods", "a.zip"])
def test_the_door_lets_in_what_can_be_read(name):
    check_ending(name)


@pytest.mark.parametrize(
    ("name", "said"), [("a.numbers", "Numbers"), ("a.json", "JSON"), ("a.html", "web page"), ("a.pdf", ".ods")]
)
def test_the_door_tells_the_remedy_for_what_cannot(name, said):
    with pytest.raises(PackRefused) as error:
        check_ending(name)
    assert said in WORDS.problems(error.value)[0]


# the corrected copy


def test_the_corrected_copy_has_the_likely_texts_and_marks_the_rest():
    text = f"{ORDERS}\n{row(id='x_1', period_from='', period_to='1-Jul-2024', low='many')}\n"
    book = load_workbook(io.BytesIO(refused(text).corrected))
    sheet = book["orders"]
    assert (sheet["A2"].value, sheet["L2"].value, sheet["E2"].value) == ("x-1", "2024-07-01", "many")
    colours = [sheet[place].fill.fgColor.rgb for place in ("A2", "L2", "E2", "B2")]
    assert colours == ["00FFF2CC", "00FFF2CC", "00F8CBAD", "00000000"]
    assert sheet["L2"].comment.text == "1-Jul-2024"


def test_the_corrected_copy_can_be_imported():
    wrong = refused(f"{ORDERS}\n{row(id='x_1', period_from='', period_to='2024/07/01', status='Reported')}\n")
    assert taken(wrong.corrected, "corrected.xlsx").checked.facts.orders[-1].id == "x-1"


def test_a_strict_workbook_is_read():
    book, _ = workbook([cells(ORDERS), cells(row())])
    main, relations = (
        b"schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"schemas.openxmlformats.org/officeDocument/2006",
    )
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(book))) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.namelist():
            text = old.read(part).replace(main, b"purl.oclc.org/ooxml/spreadsheetml/main")
            new.writestr(part, text.replace(relations, b"purl.oclc.org/ooxml/officeDocument"))
    assert taken(data.getvalue(), "orders.xlsx").checked.facts.orders[-1].id == "x-1"
