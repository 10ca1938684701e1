"""The reference on prices, moments and claims whose right answer was worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from .reference.numbers import half_step, typed_range
from .small import fig, is_right, is_wrong, small_pack

WORLD = {"unit": "USD", "region": "World"}
GERMANY = {"unit": "EUR", "region": "Germany"}
PLUS = small_pack("""
    prices id=pro model=One trim=Pro region=World currency=USD n=250 valid_from=2024-01-01
    prices id=pro-plus model=One trim=Pro+ region=World currency=USD n=320 valid_from=2024-02-01
""")


def test_pro_and_pro_plus_are_two_trims() -> None:
    line = "/prices show model:One trim:Pro on:2024-03-01"
    assert is_right(PLUS, line, fig("list_price", 250, id="pro", **WORLD))
    assert is_wrong(PLUS, line, fig("list_price", 320, id="pro-plus", **WORLD))
    both = [fig("list_price", 250, id="pro", **WORLD), fig("list_price", 320, id="pro-plus", **WORLD)]
    assert is_right(PLUS, "/prices show model:One on:2024-03-01", *both)
    assert is_wrong(PLUS, "/prices show model:One on:2024-03-01", both[1])


def test_another_trim_is_a_new_variant_and_no_rise() -> None:
    first = fig("list_price", None, None, id="pro", rows=["pro"], kind="first price", valid_from="2024-01-01", **WORLD)
    second = fig("list_price", None, None, id="pro-plus", rows=["pro-plus"], valid_from="2024-02-01", **WORLD)
    assert is_right(PLUS, "/prices changes model:One", first, second | {"kind": "new variant"})
    assert is_wrong(
        PLUS, "/prices changes model:One", first, second | {"kind": "rise", "low": "70", "high": "70", "change": "70"}
    )


REGIONS = small_pack("""
    prices id=de model=E1 trim=Base n=39990 valid_from=2024-03-31
    prices id=fr model=E1 trim=Base region=France n=41490.50 valid_from=2024-03-31
    prices id=hr-old model=E1 trim=Base region=Croatia currency=HRK n=300000 valid_from=2022-11-01 valid_to=2023-01-01
    prices id=hr-new model=E1 trim=Base region=Croatia n=39816.84 valid_from=2023-01-01
    prices id=de2 model=E2 trim=Base n=29990 valid_from=2024-03-31
    prices id=fr2 model=E2 trim=Base region=France n=31490 valid_from=2024-03-31
""")
FRANCE, CROATIA = {"unit": "EUR", "region": "France"}, {"unit": "EUR", "region": "Croatia"}


def test_each_price_says_its_region() -> None:
    figures = [
        fig("list_price", 39990, **GERMANY), fig("list_price", "41490.5", **FRANCE), fig("list_price", "39816.84", **CROATIA),
    ]  # fmt: skip
    assert is_right(REGIONS, "/prices show model:E1 on:2024-04-01", *figures)
    assert is_wrong(REGIONS, "/prices show model:E1 on:2024-04-01", *[f | {"region": None} for f in figures])


def test_a_history_is_a_row_of_levels_a_country() -> None:
    since = {"valid_from": "2024-03-31", "valid_to": None}
    levels = [
        fig("list_price", 39990, **GERMANY, **since), fig("list_price", "41490.5", **FRANCE, **since),
        fig("list_price", 300000, unit="HRK", region="Croatia", valid_from="2022-11-01", valid_to="2023-01-01"),
        fig("list_price", "39816.84", **CROATIA, valid_from="2023-01-01", valid_to=None),
    ]  # fmt: skip
    assert is_right(REGIONS, "/prices history model:E1", *levels)
    assert is_wrong(REGIONS, "/prices history model:E1", *levels[1:])


def test_models_are_compared_within_one_region() -> None:
    line = "/prices compare models:E1,E2 on:2024-04-01"
    german = [fig("list_price", 39990, **GERMANY), fig("list_price", 29990, **GERMANY)]
    assert is_right(REGIONS, line, *german, fig("difference", 10000, **GERMANY))
    assert is_wrong(REGIONS, line, *german, fig("difference", 10000, unit="EUR"))


STANDING = small_pack("""
    prices id=p model=One n=699 valid_from=2024-01-01
    prices id=rum model=One n=599 valid_from=2024-04-01 said_by=blog status=rumour sources=c1
    prices id=bad model=One n=499 valid_from=2024-05-01 said_by=page sources=d1
""")


@pytest.mark.parametrize("day", ["", " on:2024-07-01"])
def test_a_later_rumour_does_not_hide_the_price(day: str) -> None:
    line = f"/prices show model:One{day}"
    assert is_right(STANDING, line, fig("list_price", 699, id="p", **GERMANY))
    assert is_wrong(STANDING, line, exit=3)
    assert is_wrong(STANDING, line, fig("list_price", 499, id="bad", status="reported", **GERMANY))


NO_LEVEL = small_pack("""
    prices id=p model=One n=699 valid_from=2024-01-01
    prices id=cut model=One change_low=-100 change_high=-100 valid_from=2024-06-01
    prices id=q model=Two n=300 valid_from=2024-01-01
    prices id=cut2 model=Two change_high=0 valid_from=2024-06-01
""")


def test_a_change_without_a_level_changes_the_level() -> None:
    line = "/prices show model:One on:2024-07-01"
    assert is_right(NO_LEVEL, line, fig("list_price", 599, **GERMANY))
    assert is_wrong(NO_LEVEL, line, fig("list_price", 699, id="p", **GERMANY))
    levels = [
        fig("list_price", 699, **GERMANY, valid_from="2024-01-01", valid_to="2024-06-01"),
        fig("list_price", 599, **GERMANY, valid_from="2024-06-01", valid_to=None),
    ]  # fmt: skip
    assert is_right(NO_LEVEL, "/prices history model:One", *levels)
    assert is_wrong(NO_LEVEL, "/prices history model:One", levels[0] | {"valid_to": None})


def test_after_a_cut_of_unknown_size_the_level_is_not_the_old_one() -> None:
    line = "/prices show model:Two on:2024-07-01"
    was = fig("list_price", 300, id="q", **GERMANY)
    assert is_right(
        NO_LEVEL, line, was | {"valid_to": "2024-06-01"}, headline="Two base: below 300, cut by an unknown size"
    )
    assert is_wrong(NO_LEVEL, line, was | {"valid_to": None}, headline="Two base: 300 EUR")


def test_a_change_without_a_level_has_its_previous_current_and_percent() -> None:
    cut = fig("list_price", -100, id="cut", rows=["cut"], kind="cut", valid_from="2024-06-01", change="-100", **GERMANY)
    first = fig("list_price", None, None, id="p", rows=["p"], kind="first price", valid_from="2024-01-01", **GERMANY)
    line = "/prices changes model:One"
    assert is_right(NO_LEVEL, line, first, cut | {"previous": "699", "current": "599", "percent": "-14.31"})
    assert is_wrong(NO_LEVEL, line, first, cut | {"previous": None, "current": None, "percent": None})


FIRST = small_pack("""
    prices id=pre model=One price_type=pre_sale_price n=350 valid_from=2024-05-20 valid_to=2024-06-07
    prices id=list model=One n=330 valid_from=2024-06-07
    prices id=hrk model=Two region=Croatia currency=HRK n=300000 valid_from=2022-11-01 valid_to=2023-01-01
    prices id=eur model=Two region=Croatia n=39816.84 valid_from=2023-01-01
""")


@pytest.mark.parametrize(
    ("line", "id", "day", "region"),
    [
        ("/prices changes model:One since:2024-06-01 until:2024-06-30", "list", "2024-06-07", GERMANY),
        ("/prices changes model:Two since:2023-01-01 until:2023-01-31", "eur", "2023-01-01", CROATIA),
    ],
)
def test_after_a_pre_sale_or_in_another_currency_it_is_a_first_price(
    line: str, id: str, day: str, region: dict[str, str]
) -> None:
    figure = fig("list_price", None, None, id=id, rows=[id], valid_from=day, **region)
    assert is_right(FIRST, line, figure | {"kind": "first price"})
    assert is_wrong(FIRST, line, figure | {"kind": "new variant"})


FROM_0 = small_pack("""
    prices id=f model=One n=0 valid_from=2024-01-01 valid_to=2024-06-01
    prices id=g model=One n=9.999 previous=0 change_low=9.999 change_high=9.999 valid_from=2024-06-01
""")


def test_a_rise_from_0_is_exact() -> None:
    first = fig("list_price", None, None, id="f", rows=["f"], kind="first price", valid_from="2024-01-01", **GERMANY)
    rise = fig("list_price", "9.999", id="g", rows=["g"], kind="rise", valid_from="2024-06-01", **GERMANY)
    sizes = {"change": "9.999", "previous": "0", "current": "9.999"}
    assert is_right(FROM_0, "/prices changes model:One", first, rise | sizes)
    assert is_wrong(FROM_0, "/prices changes model:One", first, rise | sizes | {"change": "10"})


CAP = small_pack("""
    prices id=cap model=One trim=Max region=China currency=CNY price_type=pre_sale_price high=230000 valid_from=2024-04-08
""")


def test_a_price_known_only_from_above_is_at_most() -> None:
    figure = fig(
        "pre_sale_price", None, 230000, id="cap", unit="CNY", region="China", valid_from="2024-04-08", valid_to=None
    )
    for line in ("/prices show model:One trim:Max on:2024-04-10", "/prices history model:One"):
        assert is_right(CAP, line, figure)
        assert is_wrong(CAP, line, exit=3)


LIMITED = small_pack("""
    prices id=p model=One n=700 valid_from=2024-01-01
    prices id=l model=One n=600 valid_from=2024-03-01 valid_to=2024-04-01
""")


def test_after_a_limited_price_ends_the_standing_price_returns() -> None:
    assert is_right(LIMITED, "/prices show model:One on:2024-04-01", fig("list_price", 700, id="p", **GERMANY))
    assert is_wrong(
        LIMITED,
        "/prices show model:One on:2024-04-01",
        fig("list_price", 600, id="l", valid_to="2024-04-01", **GERMANY),
    )
    line = "/prices changes model:One since:2024-04-01 until:2024-04-01"
    ended = fig("list_price", 100, kind="offer ended", valid_from="2024-04-01", **GERMANY)
    assert is_right(LIMITED, line, ended)
    assert is_wrong(LIMITED, line)


TIMES = small_pack("events id=e name=Event at=2024-03-28T19:00+08:00 zone=Asia/Shanghai")


def test_about_is_half_an_hour_of_elapsed_time() -> None:
    line = '/timeline check first:"about 2024-11-03 00:45 America/New_York" second:"2024-11-03 05:30 UTC"'
    assert is_right(TIMES, line, relation="before", response="cannot be", gap_least=900, gap_most=4500)
    assert is_wrong(
        TIMES, line, relation="cannot tell", response="cannot tell", gap_least=None, gap_most=None, missing=["a time"]
    )


@pytest.mark.parametrize(
    ("what", "earliest", "latest"),
    [
        ("about 2024-11-03 02:15 America/New_York", "2024-11-03T06:45:00Z", "2024-11-03T07:45:00Z"),
        ("about 2024-03-10 03:15 America/Los_Angeles", "2024-03-10T09:45:00Z", "2024-03-10T10:45:00Z"),
        ("about 2024-03-27 04:00 US time", "2024-03-27T07:30:00Z", "2024-03-27T14:30:00Z"),
        ("2024-04", "2024-03-31T10:00:00Z", "2024-05-01T11:59:59Z"),
    ],
)
def test_a_moment_in_utc(what: str, earliest: str, latest: str) -> None:
    line = f'/timeline when what:"{what}"'
    assert is_right(TIMES, line, moment={"utc_earliest": earliest, "utc_latest": latest})
    assert is_wrong(TIMES, line, moment={"utc_earliest": "2024-11-03T05:45:00Z", "utc_latest": latest})


CLAIMS = small_pack("""
    launches id=one
    orders id=o launch=one n=20000 period_to=2024-01-11T12:00Z
    claims id=exact checks="/orders total launch:one within:24h metric:orders" expects=20000
    claims id=fits checks="/orders total launch:one within:23h metric:orders" expects=20000
    claims id=off checks="/orders total launch:one within:24h metric:orders" expects="about 21000"
    claims id=taste kind=opinion
""")


@pytest.mark.parametrize(
    ("claim", "right"), [("exact", "agrees"), ("fits", "partly"), ("off", "disagrees"), ("taste", "opinion")]
)
def test_what_merely_fits_a_bracket_never_agrees(claim: str, right: str) -> None:
    for said in ("agrees", "partly", "disagrees", "opinion"):
        judged = is_right if said == right else is_wrong
        assert judged(CLAIMS, f"/claims check claim:{claim}", verdict=said)


@pytest.mark.parametrize(
    ("number", "half"), [("45000", "500"), ("100000", "5000"), ("0.7", "0.005"), ("1234", "0.5"), ("2000", "50")]
)
def test_about_is_half_a_step_of_the_second_digit_at_most(number: str, half: str) -> None:
    assert half_step(Fraction(number)) == Fraction(half)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("4-5万", "40000", "50000"), ("35-40%", "0.35", "0.4"), ("40-45k", "40000", "45000"), ("1,100万", "11000000", "11000000"),
        (">=40000", "40000", None), (">= 30", "30", None), ("55..60", "55", "60"), ("0.38", "0.38", "0.38"), ("45k", "45000", "45000"),
    ],
)  # fmt: skip
def test_typed_numbers(text: str, low: str, high: str | None) -> None:
    found = typed_range(text)
    assert found is not None and found.low == Fraction(low) and found.high == (None if high is None else Fraction(high))


@pytest.mark.parametrize("text", ["55 60", "60..55", "many", "1,2"])
def test_what_is_no_number(text: str) -> None:
    assert typed_range(text) is None
