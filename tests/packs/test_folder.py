"""A pack is taken whole or refused with every problem, each with its place."""

import json
import shutil
from collections import Counter
from pathlib import Path
from unittest.mock import Mock

import pytest
from frictionless import Package, system

from salesbot.errors import PackRefused
from salesbot.facts import DESCRIPTOR, content_hash
from salesbot.packs import checks
from salesbot.packs.descriptor import descriptor
from salesbot.packs.folder import check_folder, write_pack, written_tables
from salesbot.packs.reading import read_pack
from salesbot.settings import seed_pack
from salesbot.words import words_for
from tests.small_packs import pack_folder, text_of_problems


def problems(folder: Path) -> list[str]:
    with pytest.raises(PackRefused) as refused:
        read_pack(folder)
    return text_of_problems(refused.value)


def faults_of_frictionless(folder: Path) -> tuple[int, list[object]]:
    """How many tables frictionless looked at, and what it says is wrong with them."""
    with system.use_context(trusted=True):
        report = Package(str(folder / DESCRIPTOR)).validate()
    return len(report.tasks), report.flatten(["title", "rowNumber", "fieldName", "message"])


def test_the_seed_pack_has_no_problems():
    facts = read_pack(seed_pack())
    assert len(facts.claims) == 48
    assert {launch.id for launch in facts.launches} == {"su7", "yu7", "model-3", "ff91"}


def test_frictionless_accepts_the_seed_pack():
    assert faults_of_frictionless(seed_pack()) == (len(list(seed_pack().glob("*.csv"))), [])


def test_frictionless_accepts_a_pack_with_every_table_and_column_that_a_pack_may_leave_out(tmp_path):
    folder = pack_folder(
        tmp_path / "p",
        metrics="id,name,kind\nsales,Sale,count",
        identities="whole,part,other_part\nsales,orders,lock_in_rate",
        places="id,name,part_of\neurope,Europe,\nfrance,France,europe",
        launches="""
            id,brand,model,market,currency,zone,sources,opened_as
            one,Acme,One,China,CNY,Asia/Shanghai,s1,pre-orders
            two,Acme,Two,China,CNY,Asia/Shanghai,s1,
        """,
        stores="id,metric,low,high,variant,channel\na,sales_stores,1,1,Long,shop",
        orders="id,launch,metric,low,high,variant\na,one,orders,1,1,Long",
        prices="id,low,high,variant,channel\np,1,1,512 GB,street",
        events="id,name,at,same_as\nx,X,2024,\ny,Y,2024,x",
    )
    write_pack(read_pack(folder), tmp_path / "again", words_for().column)
    assert faults_of_frictionless(tmp_path / "again") == (11, [])
    assert content_hash(read_pack(tmp_path / "again")) == content_hash(read_pack(folder))


def test_a_pack_written_and_read_again_says_the_same(tmp_path):
    facts = read_pack(seed_pack())
    write_pack(facts, tmp_path, words_for().column)
    assert content_hash(read_pack(tmp_path)) == content_hash(facts)


def test_the_content_hash_sees_every_cell(tmp_path):
    folder = tmp_path / "pack"
    shutil.copytree(seed_pack(), folder)
    before = content_hash(read_pack(folder))
    text = (folder / "orders.csv").read_text("utf-8")
    (folder / "orders.csv").write_text(text.replace("88898,88898", "88899,88899", 1), "utf-8")
    assert content_hash(read_pack(folder)) != before


TEN_FAULTS = {
    "an unknown metric": (
        "orders",
        "su7-orders-4min,su7,orders",
        "su7-orders-4min,su7,ordres",
        "orders row 2, column C (metric)",
    ),
    "a comma in a number": (
        "orders",
        ",20000,,at_least",
        ',"20,000",,at_least',
        "orders row 3, column E (low): '20,000'",
    ),
    "a source that is not there": (
        "orders",
        "s002;s003;s004",
        "s002;s003;s999",
        "orders row 4, column Q (sources): 's999'",
    ),
    "low above high": ("orders", "88898,88898,exact", "88898,88000,exact", "orders row 5, column F (high): '88000'"),
    "a time without its offset": (
        "orders",
        "2024-03-30T15:00+08:00",
        "2024-03-30T15:00",
        "orders row 6, column L (period_to)",
    ),
    "an id twice": ("stores", "su7-cities-2024-03-12", "su7-sales-stores-2024-03-12", "stores row 3, column A (id)"),
    "a least change above the greatest": (
        "prices",
        "249800,-20000,-20000",
        "249800,-20000,-30000",
        "prices row 11, column L (change_high): '-30000'",
    ),
    "a model no one knows": (
        "prices",
        "byd-han-2024-03,BYD,Han",
        "byd-han-2024-03,BYD,Tang",
        "prices row 7, column C (model): 'Tang'",
    ),
    "an unknown zone": (
        "events",
        "2013-05-07,Asia/Shanghai",
        "2013-05-07,Asia/Peking",
        "events row 2, column E (zone)",
    ),
    "checks without expectations": ("claims", ";0.35..0.40,", ",", "claims row 4, column F (expects)"),
}


def planted(tmp_path: Path, *names: str) -> Path:
    folder = tmp_path / "planted"
    shutil.copytree(seed_pack(), folder)
    for name in names:
        table, old, new, _ = TEN_FAULTS[name]
        text = (folder / f"{table}.csv").read_text("utf-8")
        assert old in text, name
        (folder / f"{table}.csv").write_text(text.replace(old, new, 1), "utf-8")
    return folder


def test_ten_planted_faults_are_ten_problems_with_their_places(tmp_path):
    found = problems(planted(tmp_path, *TEN_FAULTS))
    assert len(found) == 10, found
    for *_, place in TEN_FAULTS.values():
        assert any(problem.startswith(place) for problem in found), place


@pytest.mark.parametrize("name", TEN_FAULTS)
def test_each_fault_alone_is_one_problem(tmp_path, name):
    found = problems(planted(tmp_path, name))
    assert len(found) == 1
    assert found[0].startswith(TEN_FAULTS[name][3])


@pytest.mark.parametrize(
    ("table", "text", "place", "expected"),
    [
        (
            "orders",
            "id,launch\nx,one,extra\n",
            "orders row 1",
            "the columns `metric`, `status` and `sources` are missing",
        ),
        ("orders", None, "orders", "the file orders.csv is missing"),
        ("stores", "", "stores row 1", "the header row is missing"),
        ("events", 'id,name\n"x,y\n', "events", "well-formed CSV"),
    ],
)
def test_a_broken_file_is_named(tmp_path, table, text, place, expected):
    folder = pack_folder(tmp_path / "pack")
    path = folder / f"{table}.csv"
    path.unlink() if text is None else path.write_text(text, "utf-8")
    found = problems(folder)
    assert any(problem.startswith(place) and expected in problem for problem in found), found


def test_text_that_is_not_utf_8_is_named_with_its_row(tmp_path):
    folder = pack_folder(tmp_path / "pack")
    with (folder / "names.csv").open("ab") as file:
        file.write("x,brand,小米,zh\n".encode("gbk"))
    assert any("names row 7" in problem and "UTF-8" in problem for problem in problems(folder))


def test_a_cell_with_invisible_characters_is_refused(tmp_path):
    folder = pack_folder(tmp_path / "pack", events="id,name,at\nx,all is \u202ewell,2024-03-28")
    assert any("events row 2, column B (name)" in problem and "invisible" in problem for problem in problems(folder))


def test_blank_rows_a_bom_and_other_files_are_no_problem(tmp_path):
    folder = pack_folder(tmp_path / "pack")
    (folder / "README.md").write_text("notes", "utf-8")
    text = (folder / "names.csv").read_text("utf-8")
    (folder / "names.csv").write_text("\ufeff" + text + ",,,\n,,,\n", "utf-8")
    assert len(read_pack(folder).names) == 5


def test_a_price_that_is_not_previous_plus_change_is_no_problem(tmp_path):
    prices = "id,low,high,previous,change_low,change_high\np,229800,229800,249800,-10000,-10000"
    [row] = read_pack(pack_folder(tmp_path / "p", prices=prices)).prices
    assert (row.low, row.previous, row.change_low) == (229800, 249800, -10000)


def test_blank_is_unknown_and_zero_is_zero(tmp_path):
    facts = read_pack(pack_folder(tmp_path / "p", orders="id,launch,metric,low,high\na,one,orders,,\nb,one,orders,0,0"))
    assert [(row.low, row.high) for row in facts.orders] == [(None, None), (0, 0)]


def test_the_shipped_descriptor_is_the_generated_one():
    shipped = json.loads((seed_pack() / DESCRIPTOR).read_text("utf-8"))
    assert shipped == descriptor(shipped["version"], words_for().column, written_tables(read_pack(seed_pack())))


ROWS_WITH_FAULTS = {
    "a cell that cannot be read": "o3,one,orders,many,3",
    "cells that do not fit each other": "o3,one,orders,4,3",
    "a row of another width": "o3,one,orders,3",
    "a blank row": ",,,,,,",
    "an id twice": "o1,one,orders,3,3",
    "a launch that is none": "o3,three,orders,3,3",
    "text that is not closed": '"o3,one,orders,3,3',
}


@pytest.mark.parametrize("faulty", ROWS_WITH_FAULTS.values(), ids=ROWS_WITH_FAULTS)
@pytest.mark.parametrize("batch", [1, 2, 3, 500])
def test_a_fault_is_found_however_many_rows_are_read_at_once(tmp_path, monkeypatch, faulty, batch):
    rows = ["id,launch,metric,low,high", "o0,one,orders,1,1", "o1,one,orders,2,2", "o2,one,orders,-1,-1"]
    folder = pack_folder(tmp_path / "p", orders="id,launch,metric\n")
    filled = "s1,reported"
    lines = [
        rows[0] + ",sources,status",
        *(f"{row},{filled}" for row in rows[1:]),
        faulty if faulty.startswith(",") else f"{faulty},{filled}",
    ]
    (folder / "orders.csv").write_text("\n".join([*lines, f"o4,one,orders,1.5,1.5,{filled}"]) + "\n", "utf-8")
    monkeypatch.setattr(checks, "BATCH", 100_000)
    expected = problems(folder)
    monkeypatch.setattr(checks, "BATCH", batch)
    assert problems(folder) == expected
    assert [problem for problem in expected if "row 4" in problem]  # -1, in the rows before
    assert [problem for problem in expected if "row 5" in problem] or faulty.startswith(",")


def test_no_more_problems_are_looked_for_than_are_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "MOST_PROBLEMS", 5)
    folder = pack_folder(
        tmp_path / "p",
        names="id,kind,name,language\nacme,brand,Acme,\none,model,One,\n"
        + "\n".join(f"l{n},launch,L {n},n/a" for n in range(2)),
        launches="id,brand,model,market,currency,zone,sources\n"
        + "\n".join(f"l{n},Acme,One,China,CNY,Asia/Shanghai,s9" for n in range(9)),
        orders="id,launch,metric,low,high\n" + "\n".join(f"o{n},l{n}x,ordres,2,1" for n in range(9)),
    )
    suggested = Mock(return_value="")
    monkeypatch.setattr(checks, "suggestion", suggested)
    monkeypatch.setattr(checks.PackChecker, "finish", finished := Mock())
    checker = checks.PackChecker(lambda *_: None)
    check_folder(folder, checker)
    finished.assert_called_once()
    assert Counter(problem.table for problem in checker.problems) == {"names": 2, "launches": 3}
    assert suggested.call_count <= 5
    assert checker.counts["orders"] == 9


@pytest.mark.parametrize("opened", ["2024-03", "soon"])
def test_a_table_whose_every_row_is_faulty_is_read_to_its_end(opened, tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "MOST_PROBLEMS", 3)
    folder = pack_folder(
        tmp_path / "p",
        names="id,kind,name\nacme,brand,Acme\none,model,One\n" + "\n".join(f"l{n},launch,L {n}" for n in range(9)),
        launches="id,brand,model,market,currency,zone,opened,sources\n"
        + "\n".join(f"l{n},Acme,One,China,CNY,Asia/Shanghai,{opened},s9" for n in range(9)),
    )
    assert {problem.partition(" ")[0] for problem in problems(folder)} == {"launches"}
