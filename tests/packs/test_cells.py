"""What the text of a cell must look like: what could mean two things is refused, with what to write instead."""

from fractions import Fraction

import pytest
from ftfy.badness import is_bad
from hypothesis import given
from hypothesis import strategies as st

from salesbot.errors import PackRefused, TextError
from salesbot.facts import cell_text
from salesbot.facts.cells import _SURELY_RIGHT, decoded_rightly, number_cell, text_cell
from salesbot.packs.reading import read_pack
from tests.small_packs import pack_folder


@pytest.mark.parametrize("text", ["20.000", "1.230", "999.999", "-12.500", "215.900"])
def test_three_digits_after_a_dot_could_be_thousands(text):
    with pytest.raises(TextError) as refused:
        number_cell(text)
    assert refused.value.expected.key == "grouped_by_dot"
    assert refused.value.expected.values == {"whole": text.replace(".", ""), "decimal": f"{text}0"}


@pytest.mark.parametrize(
    ("text", "value"), [("0.350", Fraction(7, 20)), ("20.0000", 20), ("1234.567", Fraction(1234567, 1000))]
)
def test_a_decimal_that_can_only_be_one_is_read(text, value):
    assert number_cell(text) == value


def test_a_small_price_has_three_decimals_but_an_average_could_be_thousands(tmp_path):
    average = "id,launch,metric,low,high,stated\no1,one,orders_per_store,1.825,1.825,exact"
    price = "id,low,high,valid_from\np1,9.999,9.999,2024-03-28"
    assert read_pack(pack_folder(tmp_path / "price", prices=price)).prices[0].low == Fraction(9999, 1000)
    with pytest.raises(PackRefused) as refused:
        read_pack(pack_folder(tmp_path / "average", orders=average))
    assert [problem.expected.values["whole"] for problem in refused.value.problems] == ["1825", "1825"]


@pytest.mark.parametrize("value", [Fraction(9, 8), Fraction(-9, 8), Fraction(1, 8), Fraction(9001, 8), Fraction(5, 4)])
def test_a_number_is_written_so_that_it_is_read_again(value):
    assert number_cell(cell_text(value)) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("MÃ¼nchen Ã¤hnlich â€“ Ã©vÃ©nement", "München ähnlich – événement"),  # UTF-8 read as Windows-1252
        ("小米汽车".encode().decode("latin-1"), "小米汽车"),
        ("小米汽车".encode().decode("gbk"), "小米汽车"),
    ],
)
def test_a_text_that_was_decoded_wrongly_is_refused_with_what_it_says(text, says):
    with pytest.raises(TextError) as refused:
        text_cell(text)
    assert refused.value.expected.values == {"likely": says}


@pytest.mark.parametrize(
    "text",
    ["小米汽车", "Škoda Élan", "München – événement", "ＳＵ７", "АВТО", "café", "“quoted”", "ÆØÅ", "São Paulo", "1½ h"],
)
def test_a_text_in_any_script_is_taken(text):
    assert decoded_rightly(text) is None
    assert text_cell(text) == text


@given(
    st.text("aZ 9.-·–—‘’“”…×小米汽车，。ー（")
    | st.lists(st.text(min_size=1, max_size=4).map(lambda text: text.encode().decode("cp1252", "ignore"))).map("".join)
)
def test_no_text_that_is_surely_right_was_decoded_wrongly(text):
    assert not (is_bad(text) and _SURELY_RIGHT.fullmatch(text))
