"""The example packs: the Switch 2, whose answers were worked out by hand, and an invented game and graphics card."""

from pathlib import Path

import pytest

from salesbot.errors import NotInFacts
from salesbot.serving.ingest import ingest_folder
from salesbot.storage.snapshot import Snapshot
from salesbot.values.quantity import bounds_text
from salesbot.words import words_for
from tests.small_packs import asking

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def switch(tmp_path_factory):
    return asking(Snapshot(ingest_folder(EXAMPLES / "switch-2", tmp_path_factory.mktemp("switch"))))


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    return asking(Snapshot(ingest_folder(EXAMPLES / "invented", tmp_path_factory.mktemp("invented"))))


def bounds(answer, id):
    return bounds_text(answer.figure(id).quantity)


def headline(answer):
    return words_for().answer(answer).headline


SHIPPED = "/orders total launch:switch-2 metric:units-shipped"


def test_the_first_quarter_is_the_count_of_the_maker_and_the_sum_of_its_four_regions(switch):
    answer = switch(f"{SHIPPED} at:2025-06-30")
    assert bounds(answer, "s2-shipped-2025-06") == ("5820000", "5820000")
    assert bounds(answer, "summed-units-shipped-parts") == ("5820000", "5820000")
    assert len(answer.figure("summed-units-shipped-parts").working.operands) == 4


def test_the_regions_of_december_add_up_to_ten_thousand_less_by_rounding(switch):
    answer = switch(f"{SHIPPED} at:2025-12-31")
    assert bounds(answer, "summed-units-shipped-parts") == ("17360000", "17360000")
    assert bounds(answer, "s2-shipped-2025-12") == ("17370000", "17370000")


def test_a_day_between_two_results_lies_between_their_counts(switch):
    assert bounds(switch(f"{SHIPPED} at:2025-08-15"), "bracket-units-shipped") == ("5820000", "10360000")


def test_the_paces_are_growth_by_the_hours_between(switch):
    answer = switch("/orders progress launch:switch-2 metric:units-shipped")
    paces = [bounds(answer, f.id)[0] for f in answer.figures if f.role == "pace" and not f.place]
    assert paces[1:] == ["2056.15942", "3174.818841", "1152.777778", "1749.084249"]


def test_buyers_of_the_bundled_game_are_a_share_of_the_consoles_sold(switch):
    answer = switch("/orders total launch:switch-2 metric:mario-kart-buyers")
    assert "United States" in headline(answer)


def test_a_count_of_one_country_is_not_the_world(switch):
    answer = switch("/orders total launch:switch-2 metric:lottery-applications")
    assert headline(answer) == "Switch 2: Japan about 2,200,000"


def test_the_american_price_rose_by_fifty_dollars_in_2026(switch):
    answer = switch('/prices changes model:"Switch 2" region:"United States" trim:"console only" since:2026-01-01')
    rise = answer.figure("s2-us-2026")
    assert (rise.change.kind, str(rise.valid_from.text)) == ("rise", "2026-09-01")
    assert bounds_text(rise.change.previous) == ("449.99", "449.99")
    assert bounds_text(rise.quantity) == ("50", "50")
    assert round(float(rise.change.percent), 2) == 11.11


def test_three_editions_have_three_prices_in_japan(switch):
    answer = switch('/prices show model:"Switch 2" region:Japan on:2025-06-05')
    levels = sorted(bounds_text(f.quantity)[0] for f in answer.figures if f.role == "level" and f.name == "msrp")
    assert levels == ["49980", "53980", "69980"]


def test_the_prices_were_told_before_the_tariffs_so_they_were_no_response(switch):
    relation = switch("/timeline check first:switch-2-direct second:us-tariffs-announced").result.relation
    assert (relation.order, relation.response) == ("before", "cannot be")
    assert (relation.least, relation.most) == (3600, 53999)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("fastest-nintendo", "agrees"),
        ("sold-in-four-days", "agrees"),
        ("accessories-up", "agrees"),
        ("forecast-beaten", "agrees"),
        ("japan-cheaper", "agrees"),
        ("price-rise-2026", "agrees"),
        ("fastest-ever", "agrees"),
        ("costs-450", "partly"),
        ("ten-million-first-week", "partly"),
        ("price-because-of-tariffs", "disagrees"),
        ("raised-in-august-2025", "disagrees"),
        ("sold-out-everywhere", "cannot tell"),
    ],
)
def test_what_people_said_of_the_switch_2(switch, claim, verdict):
    assert switch(f"/claims check claim:{claim}").result.claims[0].verdict == verdict


def test_copies_of_a_game_are_counted_in_the_packs_own_words(invented):
    answer = invented("/orders total launch:emberfall within:72h metric:copies-sold")
    assert headline(answer) == "Emberfall, 72 h after sales opened: 2,200,000 copies sold"


def test_a_variant_is_no_total(invented):
    answer = invented("/orders total launch:emberfall metric:copies-sold")
    assert headline(answer) == "Emberfall: 2,200,000 copies sold by 8 March 2027, 15:00 (UTC)"
    assert answer.figure("ember-day-3-pc").variant == "PC"


def test_a_peak_that_is_lower_later_is_no_contradiction(invented):
    answer = invented("/orders progress launch:emberfall metric:peak-players")
    assert [f.id for f in answer.figures] == ["ember-peak-1", "ember-peak-2"]
    assert not answer.caveats or "fell" not in " ".join(words_for().answer(answer).caveats)


def test_places_that_make_the_whole_are_summed(invented):
    answer = invented('/orders total launch:rook-9 at:"2027-05-15 14:00" metric:cards-shipped')
    assert bounds(answer, "summed-cards-shipped-parts") == ("50000", "50000")


def test_an_identity_of_the_pack_leads_to_its_metric(invented):
    answer = invented('/orders total launch:rook-9 at:"2027-05-20 14:00" metric:cards-sold')
    assert bounds(answer, "computed-cards-sold") == ("54000", "57000")


def test_a_suggested_and_a_street_price_are_both_said(invented):
    assert headline(invented('/prices show model:"Rook 9"')) == (
        "Rook 9, last known: 12 GB 599 USD (MSRP), 12 GB 649 USD (street price)"
    )


def test_a_discount_in_per_cent_is_no_price(invented):
    answer = invented("/prices show model:Emberfall on:2027-04-02")
    assert headline(answer) == "Emberfall on 2 April 2027: 59.99 USD (list price)"
    assert bounds(answer, "ember-discount") == ("0.2", "0.2")


def test_a_metric_without_a_row_is_not_in_the_facts(invented):
    with pytest.raises(NotInFacts):
        invented("/orders total launch:emberfall metric:players-now")
