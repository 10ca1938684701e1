"""Tables that others made, with invented numbers: the right values, or a question."""

import io

import pytest
from msgspec.structs import replace
from openpyxl import Workbook

from salesbot.editing.foreign.header import meaning_of, metric_of, period_text, scale_of
from salesbot.editing.foreign.mapping import guess
from salesbot.editing.foreign.reading import foreign_table, sample_of, table_edits
from salesbot.errors import PackRefused
from salesbot.packs.edits import edited
from salesbot.packs.reading import read_pack
from salesbot.settings import seed_pack
from salesbot.storage.snapshot_writer import open_facts
from salesbot.words import words_for

WORDS = words_for()
TITLES = {"su7": "SU7", "yu7": "YU7", "model-3": "Model 3"}
LINK = "https://www.daily.example/sales"


@pytest.fixture(scope="module")
def seeds():
    return read_pack(seed_pack())


@pytest.fixture(scope="module")
def snapshot(seeds, tmp_path_factory):
    opened = open_facts(seeds, tmp_path_factory.mktemp("snapshots"))
    yield opened
    opened.close()


def found(snapshot, text, name="sales.csv"):
    table = foreign_table(name, text if isinstance(text, bytes) else text.encode(), snapshot)
    assert table is not None
    return table


def read(snapshot, text, name="sales.csv", **said):
    """The rows in words, after what the table does not say was said; and what was left out."""
    data = text if isinstance(text, bytes) else text.encode()
    table = found(snapshot, data, name)
    mapping = table.mapping
    usual = {"launch": "" if mapping.launch_column is not None or mapping.headers_are == "launches" else "su7"}
    usual |= {"metric": mapping.metric or "deliveries", "source": LINK, "counting": mapping.counting or "new"}
    mapping = replace(mapping, **(usual | said))
    assert mapping.missing() == ()
    edits, notices = table_edits(name, data, mapping, snapshot)
    return [WORDS.row(mapping.table, row, TITLES) for row in edits.rows[mapping.table]], list(
        map(WORDS.notice, notices)
    )


def test_monthly_sales_by_model_in_chinese(snapshot):
    text = "2024年新能源车销量,,\n,,\n月份,车型,销量(辆)\n2024年4月,小米SU7,712\n2024年5月,小米SU7,823\n2024年5月,他牌,9\n合计,,1535\n"
    rows, notices = read(snapshot, text)
    assert rows == ["SU7 · deliveries · 712 · April 2024 · China", "SU7 · deliveries · 823 · May 2024 · China"]
    assert any("no launch of the facts ('他牌')" in one for one in notices)
    assert any("a total ('合计')" in one for one in notices)


@pytest.mark.parametrize(
    ("header", "scale", "rows"),
    [
        ("年月,交付量（万辆）", "10000", ["7,123", "8,234"]),
        ("month,deliveries (thousand)", "1000", ["712.3", "823.4"]),
        ("month,Deliveries (k)", "1000", ["712.3", "823.4"]),
        ("month,units in millions", "1000000", ["712,300", "823,400"]),
    ],
)
def test_numbers_in_thousands_or_wan_are_multiplied_and_told(snapshot, header, scale, rows):
    table = found(snapshot, f"{header}\n2024-04,0.7123\n2024-05,0.8234\n")
    assert table.mapping.scale == scale
    lines, notices = read(snapshot, f"{header}\n2024-04,0.7123\n2024-05,0.8234\n")
    if scale != "1000":
        assert [line.split(" · ")[2] for line in lines] == [f"about {number}" for number in rows]
    assert any(f"multiplied by {int(scale):,}" in one for one in notices)


def test_a_count_that_stays_a_fraction_is_refused(seeds, snapshot):
    data = b"month,deliveries (thousand)\n2024-04,0.7123\n"
    mapping = replace(found(snapshot, data).mapping, launch="su7", source=LINK)
    edits, _ = table_edits("sales.csv", data, mapping, snapshot)
    with pytest.raises(PackRefused):
        edited(seeds, edits)


def test_a_column_a_month_and_a_row_a_model(snapshot):
    text = 'Model,Jan 2024,Feb 2024,Mar 2024\nSU7,"1,000",-,3000\nModel 3,5,6,7\nOther car,1,2,3\nTotal,1006,8,3010\n'
    rows, notices = read(snapshot, text)
    assert rows[:2] == [
        "SU7 · deliveries · 1,000 · January 2024 · China",
        "SU7 · deliveries · 3,000 · March 2024 · China",
    ]
    assert len(rows) == 5
    assert any("no number ('Feb 2024')" in one for one in notices)


def test_a_column_a_year_and_a_row_a_country(snapshot):
    rows, _ = read(snapshot, "Country,2023,2024\nChina,200,300\nGermany,2,3\n", launch="su7")
    assert rows[1:3] == [
        "SU7 · deliveries · 300 · the year 2024 · China",
        "SU7 · deliveries · 2 · the year 2023 · Germany",
    ]


def test_a_column_a_launch(snapshot):
    rows, _ = read(snapshot, "Month,SU7,YU7\n2024-04,1,2\n")
    assert rows == ["SU7 · deliveries · 1 · April 2024 · China", "YU7 · deliveries · 2 · April 2024 · China"]


def test_the_year_in_a_column_of_its_own(snapshot):
    rows, _ = read(snapshot, "年份,月份,销量\n2024,4月,712\n2024,5月,823\n")
    assert rows[1] == "SU7 · deliveries · 823 · May 2024 · China"


def test_months_without_a_year_ask_for_it(snapshot):
    table = found(snapshot, "月份,销量\n4月,712\n5月,823\n")
    assert "year" in table.mapping.missing()
    rows, _ = read(snapshot, "月份,销量\n4月,712\n", year="2024")
    assert rows == ["SU7 · deliveries · 712 · April 2024 · China"]


@pytest.mark.parametrize(
    ("period", "told"),
    [
        ("2024-W15", "8 April 2024 to 14 April 2024"),
        ("Q2 2024", "April to June 2024"),
        ("2024-Q2", "April to June 2024"),
        ("April 2024", "April 2024"),
        ("2024/04", "April 2024"),
        ("2024", "the year 2024"),
    ],
)
def test_periods_of_any_length(snapshot, period, told):
    rows, _ = read(snapshot, f"Period,Units sold\n{period},712\n")
    assert rows == [f"SU7 · deliveries · 712 · {told} · China"]


def test_days_ask_whether_they_are_counted_since_the_start(snapshot):
    text = "Date,Orders\n2024-03-29,100\n2024-04-03,200\n"
    assert "counting" in found(snapshot, text).mapping.missing()
    rows, _ = read(snapshot, text, counting="new")
    assert rows[0] == "SU7 · orders · 100 · 29 March 2024 · China"
    rows, _ = read(snapshot, text, counting="cumulative")
    assert rows[0] == "SU7 · orders · 100 · by the end of 29 March 2024 · China"


def test_a_name_that_says_since_the_start_is_believed(snapshot):
    assert found(snapshot, "月份,累计交付\n2024-04,712\n").mapping.counting == "cumulative"


def test_prices_in_wan_with_the_day_from_which_they_hold(snapshot):
    text = "车型,版本,指导价(万元)\n小米SU7,标准版,21.11\n小米SU7,Pro,24.22\n"
    assert "since" in found(snapshot, text).mapping.missing()
    rows, _ = read(snapshot, text, year="2024-03-28")
    assert rows[0] == "SU7 标准版 · list price · 211,100 CNY · from 28 March 2024 · China"


def test_two_header_rows_with_merged_cells(snapshot):
    book = Workbook()
    sheet = book.active
    for line in (
        ["Registrations", "2024", None, None, "2025"],
        ["Model", "Jan", "Feb", "Mar", "Jan"],
        ["SU7", 1, 2, 3, 4],
    ):
        sheet.append(line)
    sheet.merge_cells("B1:D1")
    buffer = io.BytesIO()
    book.save(buffer)
    rows, _ = read(snapshot, buffer.getvalue(), "registrations.xlsx")
    assert rows[3] == "SU7 · deliveries · 4 · January 2025 · China" and len(rows) == 4


def test_money_signs_units_and_footnotes_are_no_part_of_a_number(snapshot):
    rows, _ = read(snapshot, 'Weekend,Title,Units\n2024-04,SU7,"1,234,567*"\n2024-05,SU7,500辆\n')
    assert [row.split(" · ")[2] for row in rows] == ["1,234,567", "500"]


def test_who_says_it_and_where_come_from_columns(snapshot):
    text = "month,model,region,deliveries,reported by\n2024-04,SU7,China,712,Xiaomi\n"
    rows, _ = read(snapshot, text)
    assert rows == ["SU7 · deliveries · 712 · April 2024 · China · said by Xiaomi"] or "China" in rows[0]


def test_the_same_table_again_changes_the_same_rows(seeds, snapshot):
    data = b"month,deliveries\n2026-01,712\n2026-02,823\n"
    mapping = replace(found(snapshot, data).mapping, launch="su7", source="s001")
    first = edited(seeds, table_edits("sales.csv", data, mapping, snapshot)[0]).facts
    more = b"month,deliveries\n2026-01,713\n2026-02,823\n2026-03,9\n"
    again = edited(first, table_edits("sales.csv", more, mapping, snapshot)[0]).facts
    assert len(again.orders) == len(first.orders) + 1


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("month,deliveries\n2024-04,712\nsoon,823\n", "soon"),
        ("month,deliveries\n2024-04,712\n2024-05,20.000\n", "20.000"),
        ("month,deliveries\n2024-04,712\n2024-05,many\n", "many"),
        ("month,deliveries\n2024-04,712\n13/2024,5\n", "13/2024"),
    ],
)
def test_what_cannot_be_read_is_a_problem_at_its_cell(snapshot, text, cell):
    mapping = replace(found(snapshot, text).mapping, launch="su7", source=LINK)
    with pytest.raises(PackRefused) as error:
        table_edits("sales.csv", text.encode(), mapping, snapshot)
    assert [problem.cell for problem in error.value.problems] == [cell]


@pytest.mark.parametrize("text", ["a,b\nc,d\n", "name,telephone\nA,x\n", "just words\n"])
def test_what_holds_no_figures_is_no_table(snapshot, text):
    assert foreign_table("x.csv", text.encode(), snapshot) is None


def test_the_first_rows_are_shown_as_they_would_be_read(snapshot):
    table = found(snapshot, "month,model,deliveries\n" + "".join(f"2024-{n:02},SU7,{n}00\n" for n in range(1, 13)))
    assert [row["low"] for row in sample_of(table, snapshot).rows[:2]] == ["100", "200"]
    assert guess("x", [], lambda kind, text: "") is None


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Units sold", "figure"),
        ("销量(辆)", "figure"),
        ("交付量", "figure"),
        ("年月", "period"),
        ("Reporting month", "period"),
        ("车型", "launch"),
        ("Country/Region", "place"),
        ("官方指导价（万元）", "price"),
        ("MSRP", "price"),
        ("2024-03", "a period"),
        ("Colour", ""),
    ],
)
def test_names_in_both_languages_are_understood(name, meaning):
    assert meaning_of(name) == meaning


def test_words_for_what_is_counted_and_scales():
    assert [metric_of(name) for name in ("交付量", "Deliveries", "锁单量", "sales", "销量")] == [
        "deliveries",
        "deliveries",
        "locked_orders",
        "",
        "",
    ]
    assert [scale_of(name) for name in ("销量", "万辆", "Units (000s)", "in k", "Market")] == [
        "1",
        "10000",
        "1000",
        "1000",
        "1",
    ]
    assert [period_text(text) for text in ("2024年4月", "Apr 2024", "SU7", "12345", "4月")] == [
        "2024-04",
        "2024-04",
        "",
        "",
        "",
    ]
