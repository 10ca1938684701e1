"""Discounts in per cent, the size of an offer as a change, and claims of percentages."""

import pytest

from salesbot.packs.folder import write_pack
from salesbot.packs.reading import read_pack
from salesbot.words import words_for
from tests.small_packs import pack_folder

WORDS = words_for()
PRICES = """id,brand,model,trim,region,currency,price_type,low,high,change_low,change_high,valid_from,said_by
list,Acme,One,Base,China,CNY,list_price,209900,209900,,,2024-04-01,Acme
share,Acme,One,Base,China,CNY,discount,5%,5%,,,2024-04-10,Acme
less,Acme,One,Base,China,CNY,discount,,,-10%,-5%,2024-04-11,Acme
trade,Acme,One,Base,China,CNY,trade_in,0,20000,,,2024-04-12,Acme
gift,Acme,One,Base,China,CNY,benefit,5000,5000,,,2024-04-13,Acme
cut,Acme,One,Base,China,CNY,list_price,199900,199900,,,2024-04-20,Acme"""


def lines(answer):
    return {line.row: line.value for line in WORDS.answer(answer).figures if line.row}


def test_an_offer_has_its_size_as_a_price_and_as_a_change(ask):
    asked = ask(prices=PRICES)
    shown = lines(asked("/prices show model:one on:2024-04-15"))
    assert [shown[id] for id in ("share", "less", "trade", "gift")] == [
        "5 %",
        "5–10 %",
        "up to 20,000 CNY",
        "5,000 CNY",
    ]
    moved = lines(asked("/prices changes model:one"))
    assert moved["share"] == "−5 %" and moved["less"] == "−10 % to −5 %"
    assert moved["trade"] == "up to 20,000 CNY less" and moved["gift"] == "−5,000 CNY"


def test_per_cent_of_a_price_survives_being_written(tmp_path):
    facts = read_pack(pack_folder(tmp_path / "one", prices=PRICES))
    write_pack(facts, tmp_path / "two", lambda *_: {})
    assert "discount,5%,5%" in (tmp_path / "two" / "prices.csv").read_text()


@pytest.mark.parametrize(
    ("expects", "verdict"),
    [("-4.76%", "agrees"), ("-5%", "agrees"), ("-4.8% about", "agrees"), ("-4%", "disagrees"), ("-15%", "disagrees")],
)
def test_a_percentage_claimed_of_a_change_is_that_of_the_price_before_it(ask, expects, verdict):
    claims = f"""id,speaker,statement,kind,checks,expects,sources
c,netizen,It fell,checkable,/prices changes model:one trim:Base since:2024-04-15,{expects},s1"""
    assert ask(prices=PRICES, claims=claims)("/claims check claim:c").verdict == verdict


def test_a_percentage_of_a_count_cannot_be_told(ask):
    orders = "id,launch,metric,low,high,counting,period_from,period_to\na,one,orders,5000,5000,cumulative,,2024-04-02"
    claims = """id,speaker,statement,kind,checks,expects,sources
c,netizen,It is so,checkable,/orders total launch:one metric:orders,20%,s1"""
    assert ask(orders=orders, claims=claims)("/claims check claim:c").verdict == "cannot tell"
