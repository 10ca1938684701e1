"""No cell of an export runs in a spreadsheet, and every text comes back as it was."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salesbot.packs.cell_text import escaped, unescaped
from salesbot.packs.export import zip_of
from salesbot.packs.reading import read_pack
from salesbot.words import words_for
from tests.small_packs import pack_folder

BEGINNINGS = "=+-@＝＋－＠\t\r"  # a spreadsheet in Chinese or Japanese runs the wide ones as well


@pytest.mark.parametrize("mark", BEGINNINGS)
def test_text_that_begins_like_a_formula_is_defused(mark):
    text = f"{mark}1+1"
    assert escaped(text) == f"'{text}"
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("mark", BEGINNINGS)
def test_so_is_what_follows_a_semicolon_where_semicolons_separate_columns(mark):
    for text in (f"x;{mark}cmd()", f";{mark}cmd()", f"a;b;{mark}1;{mark}2"):
        fields = escaped(text).split(";")
        assert not any(field.startswith(tuple(BEGINNINGS)) for field in fields)
        assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", ["Model Y", "a; b; c", "s1;s2", "x = y", "5-7", "it's", "'quoted'", "1;2", ""])
def test_other_text_stays_as_it_is(text):
    assert escaped(text) == text == unescaped(text)


@given(st.text(alphabet=st.sampled_from("=+-@＝;'a1 \t"), max_size=30))
@example("''';''=x")
@example("x;'=1")
def test_every_text_comes_back(text):
    assert unescaped(escaped(text)) == text
    assert not any(field.startswith(tuple(BEGINNINGS)) for field in escaped(text).split(";"))


def test_an_export_opened_with_either_separator_holds_no_formula(tmp_path):
    statements = ("=HYPERLINK(1)", "＝1+1", "x;=cmd|' /C calc'!A0", ";＝2", "@SUM(1)", "'=1")
    claims = io.StringIO()
    writer = csv.writer(claims)
    writer.writerow(["id", "checks", "expects", "statement", "note"])
    for number, text in enumerate(statements):
        writer.writerow([f"c{number}", "/prices show model:one on:2024-04-10", "100", escaped(text), escaped(text)])
    prices = "id,low,high,valid_from\np,100,100,2024-03-28"
    facts = read_pack(pack_folder(tmp_path / "pack", claims=claims.getvalue(), prices=prices))
    assert [claim.statement for claim in facts.claims] == list(statements)
    with zipfile.ZipFile(io.BytesIO(zip_of(facts, words_for().column))) as archive:
        text = archive.read("claims.csv").decode("utf-8-sig")
    for separator in ",;":
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            assert not any(cell.startswith(tuple(BEGINNINGS)) for cell in row), (separator, row)
