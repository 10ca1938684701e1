"""docs/first-pack.md, walked: from the workbook of ``new-pack`` to answers."""

import os
import subprocess
import sys
from pathlib import Path

from openpyxl import load_workbook

SALESBOT = [sys.executable, "-m", "salesbot.cli"]
SOURCES = [(f"s-{n}", "Daily", f"Report {n}", "B", "yes", f"https://daily.example/{n}") for n in range(1, 7)]
COUNTS = [
    ("orders", "50000", "50000", "cumulative", "", "2024-04-01T20:27+08:00"),
    ("orders", "70000", "", "cumulative", "", "2024-04-21"),
    ("deliveries", "7000", "7000", "new", "2024-04-01", "2024-05-01"),
    ("deliveries", "8000", "8000", "new", "2024-05-01", "2024-06-01"),
    ("locked_orders", "40000", "40000", "cumulative", "", "2024-04-21"),
]


def run(folder, *words, **env):
    data = {**os.environ, "SALESBOT_DATA_DIR": str(folder / "data"), "PYTHONUTF8": "1", **env}
    return subprocess.run([*SALESBOT, *words], cwd=folder, env=data, capture_output=True, text=True, check=False)


def fill(path: Path):
    book = load_workbook(path)

    def add(table, **cells):
        sheet = book[table]
        header = [cell.value for cell in sheet[1]]
        sheet.append([cells.get(name) for name in header])

    launch = book["launches"]
    header = {cell.value: cell.column for cell in launch[1]}
    begun = next(row for row in launch.iter_rows(min_row=2) if row[header["model"] - 1].value == "Acme One")[0].row
    values = {"brand": "Acme", "market": "China", "currency": "CNY", "zone": "Asia/Shanghai", "sources": "s-1"}
    for name, text in (values | {"opened": "2024-04-01T20:00+08:00"}).items():
        launch.cell(begun, header[name], text)
    for id, publisher, title, grade, link, url in SOURCES:
        add("sources", id=id, publisher=publisher, title=title, grade=grade, link=link, url=url)
    for metric, low, high, counting, start, end in COUNTS:
        stated = "" if high else "at_least"
        add(
            "orders",
            launch="acme-one",
            metric=metric,
            low=low,
            high=high or None,
            stated=stated or None,
            counting=counting,
            period_from=start or None,
            period_to=end,
            said_by="Acme",
            status="reported",
            sources="s-1",
        )
    for trim, price in (("Base", "199900"), ("Pro", "229900"), ("Max", "269900")):
        common = {
            "brand": "Acme",
            "model": "Acme One",
            "region": "China",
            "currency": "CNY",
            "price_type": "list_price",
        }
        add(
            "prices",
            trim=trim,
            low=price,
            high=price,
            valid_from="2024-04-01",
            status="reported",
            sources="s-2",
            **common,
        )
    for number in range(1, 5):
        add("events", name=f"Event {number}", at=f"2024-04-0{number}", zone="Asia/Shanghai", sources="s-3")
    book.save(path)


def test_a_pack_is_made_from_the_workbook_and_answers(tmp_path):
    begun = run(tmp_path, "new-pack", "Acme", "One")
    assert begun.returncode == 0 and "acme-one.xlsx" in begun.stdout
    assert run(tmp_path, "new-pack", "Acme", "One").returncode == 4
    fill(tmp_path / "acme-one.xlsx")
    checked = run(tmp_path, "check", "acme-one.xlsx", "--alone", "--into", "acme-one")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "6 sources" in checked.stdout and "5 orders" in checked.stdout and "3 prices" in checked.stdout
    pack = {"SALESBOT_PACK_DIR": str(tmp_path / "acme-one")}
    assert run(tmp_path, "check", "acme-one", **pack).returncode == 0
    answer = run(tmp_path, '/orders total launch:"Acme One" metric:deliveries', **pack)
    assert "15,000 deliveries" in answer.stdout
    answer = run(tmp_path, "/prices show model:Acme trim:Pro on:2024-05-01", **pack)
    assert (
        "229,900 CNY" in answer.stdout
        or "229,900 CNY" in run(tmp_path, '/prices show model:"Acme One" trim:Pro on:2024-05-01', **pack).stdout
    )
