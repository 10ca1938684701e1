"""What a table of somebody else's says of money, units and kinds of counts is heard; what is something else is asked."""

import io

import pytest
from msgspec.structs import replace
from openpyxl import Workbook

from salesbot.editing.foreign.reading import foreign_table, table_edits
from salesbot.errors import PackRefused
from tests.editing.test_foreign_tables import LINK, found, read, seeds, snapshot  # noqa: F401  # fixtures

SINCE = {"year": "2024-04-01"}


def prices(snapshot, text, **said):  # noqa: F811
    return [row.split(" · ", 1)[1] for row in read(snapshot, text, **said)[0]]


@pytest.mark.parametrize(
    ("table", "money"),
    [
        ('Model,Price,From\nSU7,"$39,990",2024-04-01\n', "39,990 USD"),
        ("Model,Price,From\nSU7,€41000,2024-04-01\n", "41,000 EUR"),
        ("Model,Price,From\nSU7,41000 EUR,2024-04-01\n", "41,000 EUR"),
        ("Model,Price (USD),From\nSU7,39990,2024-04-01\n", "39,990 USD"),
        ("Model,Country,Price,Currency,From\nSU7,Germany,39990,EUR,2024-04-01\n", "39,990 EUR"),
        ("Model,Country,Price,Currency,From\nSU7,Norway,399900,NOK,2024-04-01\n", "399,900 NOK"),
        ("车型,指导价（万元）,起始日期\nSU7,21.59,2024-04-01\n", "215,900 CNY"),
        ("车型,指导价（万元）,起始日期\nSU7,15.9万,2024-04-01\n", "159,000 CNY"),
        ("车型,价格(美元),起始日期\nSU7,39990,2024-04-01\n", "39,990 USD"),
        ("Model,Price,From\nSU7,￥215900,2024-04-01\n", "215,900 CNY"),
    ],
)
def test_a_price_has_the_currency_that_the_table_says(snapshot, table, money):  # noqa: F811
    [row] = prices(snapshot, table)
    assert money in row and "from 1 April 2024" in row


@pytest.mark.parametrize(
    "table",
    [
        "Model,Price (USD),From\nSU7,€39990,2024-04-01\n",
        "Model,Price,Currency,From\nSU7,$39990,EUR,2024-04-01\n",
        "Model,Price,Currency,From\nSU7,39990,shells,2024-04-01\n",
    ],
)
def test_two_currencies_of_one_price_are_a_problem(snapshot, table):  # noqa: F811
    with pytest.raises(PackRefused) as refused:
        read(snapshot, table)
    assert refused.value.problems[0].expected.key == "one_currency"


def test_the_sign_of_a_format_is_heard(snapshot):  # noqa: F811
    assert "41,000 EUR" in prices(snapshot, workbook("#,##0 [$€-407]", 41000, "Price"), name="p.xlsx")[0]


def workbook(format, value, heading):
    book = Workbook()
    sheet = book.active
    sheet.append(["Model", heading, "From" if heading == "Price" else "Month"])
    sheet.append(["SU7", value, "2024-04"])
    sheet.cell(2, 2).number_format = format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("format", ['0"万"', '0"k"', "0,"])
def test_a_number_that_is_shown_otherwise_is_a_problem(snapshot, format):  # noqa: F811
    with pytest.raises(PackRefused) as refused:
        read(snapshot, workbook(format, 12, "Deliveries"), "d.xlsx")
    assert refused.value.problems[0].expected.key == "unit_in_format"


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("Model,Old price,New price,From\nSU7,219900,215900,2024-04\n", "list price · 215,900 CNY · from April 2024"),
        ("Model,Deposit price,From\nSU7,5000,2024-04-01\n", "deposit · 5,000 CNY · from 1 April 2024"),
        ("车型,预售价,起始日期\nSU7,219900,2024-04-01\n", "pre-sale price · 219,900 CNY · from 1 April 2024"),
        ("Model,Starting price,From\nSU7,209900,2024\n", "starting price · 209,900 CNY · from 2024"),
    ],
)
def test_a_price_is_of_the_kind_that_its_name_says(snapshot, table, kind):  # noqa: F811
    [row] = prices(snapshot, table)
    assert kind in row


@pytest.mark.parametrize("name", ["Old price", "Price cut", "Price change", "原价"])
def test_a_price_that_is_none_is_not_read_as_one(snapshot, name):  # noqa: F811
    text = f"Model,{name},From\nSU7,5000,2024-04-01\n"
    table = foreign_table("p.csv", text.encode(), snapshot)
    assert table is None or table.mapping.table != "prices"
    if table is not None:  # and not where somebody chooses it either
        mapping = replace(table.mapping, table="prices", metric="", source=LINK)
        with pytest.raises(PackRefused) as refused:
            table_edits("p.csv", text.encode(), mapping, snapshot)
        assert refused.value.problems[0].expected.key == "price_of_its_own"


@pytest.mark.parametrize(
    "name",
    [
        "Cancelled orders",
        "Deliveries (forecast)",
        "Deliveries growth",
        "Deliveries YoY %",
        "同比",
        "日均交付",
        "退订量",
    ],
)
def test_a_number_of_something_else_is_no_count(snapshot, name):  # noqa: F811
    table = foreign_table("d.csv", f"Month,Model,{name}\n2024-04,SU7,5\n2024-05,SU7,6\n".encode(), snapshot)
    assert table is None or "metric" in table.mapping.missing()


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Orders target", "target"),
        ("交付目标", "target"),
        ("Net orders", "net"),
    ],
)
def test_targets_and_net_counts_are_marked(snapshot, header, told):  # noqa: F811
    data = f"Month,Model,{header}\n2024-04,SU7,5\n".encode()
    mapping = replace(found(snapshot, data).mapping, source=LINK, counting="new")
    [row] = table_edits("sales.csv", data, mapping, snapshot)[0].rows["orders"]
    assert (row["status"], row.get("gross")) == (("target", None) if told == "target" else ("reported", "no"))


def test_counts_of_trims_are_not_those_of_the_whole(snapshot):  # noqa: F811
    data = b"Month,Model,Trim,Deliveries\n2024-04,SU7,Base,1000\n2024-04,SU7,Pro,700\n2024-04,SU7,Total,1700\n"
    mapping = replace(found(snapshot, data).mapping, source=LINK)
    rows = table_edits("sales.csv", data, mapping, snapshot)[0].rows["orders"]
    assert [(row.get("variant"), row["low"]) for row in rows] == [("Base", "1000"), ("Pro", "700")]


@pytest.mark.parametrize("header", ["Deliveries YTD", "2024年累计销量", "Deliveries (year to date)"])
def test_counts_since_january_begin_there(snapshot, header):  # noqa: F811
    data = f"Month,Model,{header}\n2024-05,SU7,5000\n".encode()
    mapping = replace(found(snapshot, data).mapping, source=LINK, metric="deliveries")
    [row] = table_edits("sales.csv", data, mapping, snapshot)[0].rows["orders"]
    assert (row["period_from"], row["period_to"][:7], row["counting"]) == ("2024-01-01", "2024-06", "new")


@pytest.mark.parametrize(
    ("table", "low"),
    [
        ("Month,Model,Sales ('000)\n2024-04,SU7,12\n", "12000"),
        ("Month,Model,Sales (000)\n2024-04,SU7,12\n", "12000"),
        ("Month,Model,Sales (lakh)\n2024-04,SU7,12\n", "1200000"),
        ("Month,Model,Sales in hundreds\n2024-04,SU7,12\n", "1200"),
        ("单位：千辆,,\n月份,车型,销量\n2024-04,SU7,12\n", "12000"),
        ("Unit: thousand vehicles,,\nMonth,Model,Sales\n2024-04,SU7,12\n", "12000"),
        ("月份,车型,销量(万)\n2024-04,SU7,1.2万\n", "12000"),
        ("月份,车型,销量(万)\n2024-04,SU7,1.2\n", "12000"),
    ],
)
def test_units_are_applied_once(snapshot, table, low):  # noqa: F811
    mapping = replace(found(snapshot, table).mapping, source=LINK, metric="deliveries", counting="new")
    [row] = table_edits("sales.csv", table.encode(), mapping, snapshot)[0].rows["orders"]
    assert row["low"] == low


def test_a_percentage_is_no_count(snapshot):  # noqa: F811
    with pytest.raises(PackRefused) as refused:
        read(snapshot, "Month,Model,Deliveries\n2024-04,SU7,100%\n")
    assert refused.value.problems[0].expected.key == "no_percent"


@pytest.mark.parametrize("numbers", [(1950, 2010, 2050), (1950, 2010, 3050), (2000, 2024, 1999)])
def test_numbers_that_may_be_years_are_numbers_under_a_name_of_a_count(snapshot, numbers):  # noqa: F811
    text = "Month,Model,Deliveries\n" + "".join(f"2024-{4 + n:02},SU7,{one}\n" for n, one in enumerate(numbers))
    assert [row.split(" · ")[2] for row in read(snapshot, text)[0]] == [f"{one:,}" for one in numbers]


def test_a_launch_whose_numbers_may_be_years_is_not_dropped(snapshot):  # noqa: F811
    text = "月份,SU7,YU7\n2024-04,1950,1\n2024-05,2010,2\n2024-06,3080,3\n"
    assert len(read(snapshot, text)[0]) == 6


@pytest.mark.parametrize("header", ["Q1 2024,Q2 2024", "2024-Q1,2024-Q2", "2024Q1,2024Q2"])
def test_quarters_over_columns_are_periods(snapshot, header):  # noqa: F811
    rows, _ = read(snapshot, f"Model,{header}\nSU7,1000,2000\n")
    assert rows == [
        "SU7 · deliveries · 1,000 · January to March 2024 · China",
        "SU7 · deliveries · 2,000 · April to June 2024 · China",
    ]


def test_a_total_beside_columns_of_launches_is_left_out(snapshot):  # noqa: F811
    rows, _ = read(snapshot, "Month,SU7,YU7,Total\n2024-04,1,2,3\n")
    assert rows == ["SU7 · deliveries · 1 · April 2024 · China", "YU7 · deliveries · 2 · April 2024 · China"]


# what a reviewer found


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("补贴后售价", "street price"),
        ("Price after subsidy", "street price"),
        ("Discounted price", "street price"),
        ("Price incl. deposit", "list price"),
        ("Price (from April 2024)", "list price"),
        ("Price valid from", "list price"),
        ("降价后价格", "list price"),
        ("New price after cut", "list price"),
        ("Price before tax", "list price"),
        ("Price (old shape)", "list price"),
        ("Exchange price", "list price"),
    ],
)
def test_a_price_that_is_paid_is_no_size_of_an_offer(snapshot, header, kind):  # noqa: F811
    [row] = prices(snapshot, f"Model,{header},Since\nSU7,215900,2024-04-01\n")
    assert f"{kind} · 215,900 CNY" in row


@pytest.mark.parametrize(
    ("format", "money"),
    [
        ("[$-409]#,##0", "41,000 CNY"),
        ("[$-804]General", "41,000 CNY"),
        ("[$CAD] #,##0", "41,000 CAD"),
        ("[$A$-C09] #,##0", "41,000 AUD"),
        ("[$元-804]#,##0", "41,000 CNY"),
        ('"PCS" 0', "41,000 CNY"),
        ('#,##0 "VIN"', "41,000 CNY"),
        ("[$HK$-C04]#,##0", "41,000 HKD"),
    ],
)
def test_formats_say_their_currency_and_nothing_else(snapshot, format, money):  # noqa: F811
    assert money in prices(snapshot, workbook(format, 41000, "Price"), name="p.xlsx")[0]


def test_a_currency_that_is_shown_and_not_known_is_a_problem(snapshot):  # noqa: F811
    with pytest.raises(PackRefused) as refused:
        read(snapshot, workbook("[$kr-414] #,##0", 41000, "Price"), "p.xlsx")
    assert refused.value.problems[0].expected.key == "one_currency"


@pytest.mark.parametrize(
    ("header", "cell", "currency", "money"),
    [
        ("Price", "$39990", "CAD", "39,990 CAD"),
        ("Price", "$39990", "HKD", "39,990 HKD"),
        ("Price", "¥4990000", "JPY", "4,990,000 JPY"),
        ("Price ($)", "39990", "AUD", "39,990 AUD"),
        ("Price (HK$)", "39990", "", "39,990 HKD"),
        ("Price (US$)", "39990", "", "39,990 USD"),
        ("Price", "215900", "元", "215,900 CNY"),
        ("Price", "39990", "US dollars", "39,990 USD"),
    ],
)
def test_a_sign_of_several_currencies_fits_the_one_that_is_named(snapshot, header, cell, currency, money):  # noqa: F811
    [row] = prices(snapshot, f'Model,{header},Currency,Since\nSU7,"{cell}",{currency},2024-04-01\n')
    assert money in row


@pytest.mark.parametrize(
    ("header", "metric"),
    [
        ("Deliveries Frankfurt", "deliveries"),
        ("Deliveries (new generation)", "deliveries"),
        ("Deliveries incl. exchange", "deliveries"),
        ("Shared fleet deliveries", "deliveries"),
        ("Non-refundable orders", "orders"),
        ("不可退订订单", "orders"),
        ("Orders net of cancellations", "orders"),
    ],
)
def test_innocent_names_keep_what_they_count(snapshot, header, metric):  # noqa: F811
    assert found(snapshot, f"Month,Model,{header}\n2024-04,SU7,5\n2024-05,SU7,6\n").mapping.metric == metric
