"""What is wrong between the cells of a row, and between rows: each is told with its cell."""

import pytest

from salesbot.errors import PackRefused
from salesbot.facts import TABLES, Source, row_loader
from salesbot.facts.content import row_cells
from salesbot.packs.reading import read_pack
from tests.small_packs import pack_folder, text_of_problems


def problems(tmp_path, **tables):
    """Table, column and what is expected, of each problem of a small pack."""
    try:
        read_pack(pack_folder(tmp_path / "pack", **tables))
    except PackRefused as refused:
        found = text_of_problems(refused)
        return [(text.split("(")[1].split(")")[0], text) for text in found]
    return []


ORDER = "id,launch,metric,low,high,stated,period_from,period_to"


@pytest.mark.parametrize(
    ("begins", "ends", "column"),
    [
        ("2024-04", "2024-05", None),
        ("2024-04-01", "2024-04-02", None),
        ("2024-04", "2024-04", "period_to"),  # a month in both cells counts nothing
        ("2024-04-01", "2024-04-01", "period_to"),
        ("2024-04-01T10:00+08:00", "2024-04-01T10:00+08:00", "period_to"),
        ("2024-05", "2024-04", "period_to"),  # told once, as an end before its start
    ],
)
def test_a_period_has_a_length(tmp_path, begins, ends, column):
    found = problems(tmp_path, orders=f"{ORDER}\na,one,orders,5,5,,{begins},{ends}")
    assert [name for name, _ in found] == ([column] if column else [])


@pytest.mark.parametrize(
    ("metric", "low", "high", "column"),
    [
        ("orders", "0", "0", None),
        ("orders", "-1", "5", "low"),
        ("orders", "5", "5.5", "high"),
        ("lock_in_rate", "0", "1", None),
        ("lock_in_rate", "0.5", "0.5", None),
        ("lock_in_rate", "-0.1", "1", "low"),
        ("lock_in_rate", "0.5", "1.1", "high"),
    ],
)
def test_a_count_is_whole_and_a_rate_at_most_one(tmp_path, metric, low, high, column):
    found = problems(tmp_path, orders=f"{ORDER}\na,one,{metric},{low},{high},,2024-03-28T22:00+08:00,2024-04-01")
    assert [name for name, _ in found] == ([column] if column else [])


@pytest.mark.parametrize(
    ("stated", "low", "high", "column"),
    [
        ("at_least", "5", "", None),
        ("at_least", "5", "5", "stated"),
        ("at_least", "", "5", "stated"),
        ("at_most", "", "5", None),
        ("at_most", "5", "5", "stated"),
        ("at_most", "5", "", "stated"),
        ("about", "5", "5", None),
        ("about", "5", "6", "high"),
        ("exact", "5", "6", "high"),
    ],
)
def test_how_a_number_is_stated_fits_its_ends(tmp_path, stated, low, high, column):
    found = problems(tmp_path, orders=f"{ORDER}\na,one,orders,{low},{high},{stated},2024-03-28T22:00+08:00,2024-04-01")
    assert [name for name, _ in found] == ([column] if column else [])


def test_a_row_that_is_superseded_by_no_row_is_refused(tmp_path):
    rows = "id,launch,metric,low,high,superseded_by\na,one,orders,5,5,{}\nb,one,orders,6,6,"
    assert problems(tmp_path, orders=rows.format("b")) == []
    [(column, text)] = problems(tmp_path, orders=rows.format("nowhere"))
    assert column == "superseded_by"
    assert "nowhere" in text


def test_a_price_below_zero_is_refused(tmp_path):
    head = "id,low,high,valid_from"
    assert problems(tmp_path, prices=f"{head}\na,0,0,2024-01-01") == []
    assert [name for name, _ in problems(tmp_path, prices=f"{head}\na,-1,5,2024-01-01")] == ["low"]


def test_a_row_that_is_loaded_has_defaults_where_cells_are_blank_and_needs_the_required_ones():
    load = row_loader(Source)
    cells = ["s1", "Paper", "Report", "2024-04-01", "", "A", "yes", ""]
    row = load(cells)
    assert (row.id, row.url, row.grade, row.note, row.published.text) == ("s1", None, "A", None, "2024-04-01")
    assert load([*cells[:-1], None]) == load(cells[:-1]) == load([*cells, "more"]) == row
    assert load(["s1", "", *cells[2:]]).publisher is None
    with pytest.raises(TypeError):
        load(cells[:5])


def test_a_row_comes_back_from_its_cells(seed_snapshot):
    for table, model in TABLES.items():
        for row in seed_snapshot.facts().rows(table):
            assert row_loader(model)(row_cells(row)) == row
