"""Messages in running text: what is found in them, and what may never be given for what they say."""

from datetime import date

import pytest

from salesbot.asking.checking import check_text
from salesbot.packs.reading import read_pack
from salesbot.storage.snapshot_writer import open_facts
from tests.small_packs import pack_folder

POSTED = date(2024, 6, 1)


def found(snapshot, text, posted=POSTED):
    checked = check_text(text, snapshot, posted)
    return [(one.outcome, [line.line for line in one.lines]) for one in checked.statements]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "The car was shown on Thursday night. Xiaomi says the SU7 then took 88,898 orders in 24 hours.",
            ["/orders total launch:su7 within:24h metric:orders"],
        ),
        (
            "The SU7 costs 215,900 yuan, the SU7 Pro 245,900 yuan and the SU7 Max 299,900 yuan.",
            ["/prices show model:su7", "/prices show model:su7 trim:Pro", "/prices show model:su7 trim:Max"],
        ),
        (
            "小米SU7发布后4分钟大定破1万，7分钟破2万，27分钟破5万",
            [
                "/orders total launch:su7 within:4m metric:orders",
                "/orders total launch:su7 within:7m metric:orders",
                "/orders total launch:su7 within:27m metric:orders",
            ],
        ),
        (
            "目前小米SU7大定已超10万、锁单量超过4万辆",
            ["/orders total launch:su7 metric:orders", "/orders total launch:su7 metric:locked_orders"],
        ),
        ("Xpeng knocked 20,000 yuan off the G9 that day.", ["/prices changes model:g9"]),
        ("理想L7起售价低至30.18万元，理想MEGA售价52.98万元", ["/prices show model:l7", "/prices show model:mega"]),
        ("小米YU7价格出来了:标准版25.35w", ["/prices show model:yu7 trim:Standard"]),
        (
            "Lei Jun on the SU7: “As of April 24, we’ve secured 75,723 lock-in orders.”",
            ["/orders total launch:su7 at:2024-04-24 metric:locked_orders"],
        ),
        (
            "Lei on the YU7: in just two minutes, we racked up 196,000 paid pre-orders, with 128,000 locked in",
            [
                "/orders total launch:yu7 within:2m metric:orders",
                "/orders total launch:yu7 within:2m metric:reservations",
                "/orders total launch:yu7 within:2m metric:locked_orders",
            ],
        ),
        (
            "bringing total SU7 deliveries to 67,157 by September 30, 2024",
            ["/orders total launch:su7 at:2024-09-30 metric:deliveries"],
        ),
        ("据官微：小米SU7成功斩获88898台大定", ["/orders total launch:su7 metric:orders"]),
        ("【澎湃】小米SU7五月交付8630辆", ["/orders total launch:su7 at:2024-05 metric:deliveries"]),
        ("小米SU7锁单量超8万8千辆", ["/orders total launch:su7 metric:locked_orders"]),
        ("小米YU7定价25.35-32.99万元", ["/prices show model:yu7"]),
        ("YU7标准版25.35万、Max版32.99万", ["/prices show model:yu7 trim:Standard", "/prices show model:yu7 trim:Max"]),
        ("Tesla lowers the Model 3 price from 245,900 yuan", ["/prices history model:model-3"]),
        (
            "The Model Y costs 263,900 yuan, up from 258,900 yuan",
            ["/prices show model:model-y", "/prices history model:model-y"],
        ),
        ("The MEGA is down 30,000 yuan", ["/prices changes model:mega"]),
        ("上市第一個小時小米YU7大定28.9萬輛", ["/orders total launch:yu7 within:1h metric:orders"]),
        ("小米SU7退单率约为40%", ["/orders total launch:su7 metric:cancellation_rate"]),
    ],
)
def test_numbers_of_running_text_are_found(seed_snapshot, text, lines):
    assert [line for _, readings in found(seed_snapshot, text) for line in readings] == lines


@pytest.mark.parametrize(
    "text",
    [
        "After subsidies, the Model 3 costs 235,900 yuan.",
        "补贴后，Model 3售价23.79万元。",
        "Last week, the SU7 got 10,000 orders in 24 hours.",
        "昨天，SU7 24小时大定1万台",
        "Denza, it got 10,000 orders in 24 hours. SU7 got 88,898 orders in 24 hours.",
        "The Model Y got 10,000 orders in 24 hours, the SU7 got 88,898 orders in 24 hours.",
        "Tesla has the Model Y. It got 10,000 orders in 24 hours. SU7 too.",
        "Porsche is here. It got 88,898 orders in 24 hours. SU7 too.",
        "SU7 got 88,898 orders in less than 24 hours.",
        "SU7不到24小时大定88898台",
        "SU7 got 100,000 orders in less than 24 hours.",
        "SU7 got 88,898 orders in the past 24 hours.",
        "近24小时SU7大定88898台",
        "SU7 got 88,898 orders in these 24 hours",
        "YU7 orders in 24 hours were 88,898 less than those of the SU7",
        "price of the SU7 was 30,000 yuan below on 28 March 2024",
        "In Beijing, the SU7 got 10,000 orders in 24 hours.",
        "On 3 April, the SU7 got 10,000 orders in 24 hours.",
        "After the price cut, the SU7 got 10,000 orders in 24 hours.",
        "Pro版，SU7 24小时大定2万台",
        "理想情况下，SU7 24小时大定88898台。",
        "M7 price was 249,800 yuan.",
        "M7售价曾是24.98万元",
        "Model 3 price was 245,900 until 21 April 2024.",
        "SU7 24小时大定88.9k",
        "SU7 24小时大定8.89万",
        "SU7 24小时大定8.8w",
        "Did the SU7 get 88,898 orders in 24 hours",
        "2024年4月1日Model 3优惠5000元",
        "BYD cut prices in March 2024",
        "SU7 price: 30",
        "Model 3 price: 38,990",
    ],
)
def test_what_is_not_plainly_said_is_neither_as_reported_nor_contradicted(seed_snapshot, text):
    outcomes = {
        (outcome, line)
        for outcome, lines in found(seed_snapshot, text)
        for line in lines
        if outcome in ("as reported", "contradicted")
    }
    its_own = {("as reported", "/orders total launch:su7 within:24h metric:orders")}  # of the sentence that says so
    rounded = any(written in text for written in ("88.9k", "8.89万", "8.8w"))
    assert outcomes <= (its_own if rounded or "the SU7 got 88,898" in text or ". SU7 got 88,898" in text else set())


@pytest.mark.parametrize(
    "text",
    [
        "NIO has 480 stores in 150 cities; the SU7 is here",
        "Women placed some 25,000 SU7 orders in 24 hours.",
        "小米SU7深圳24小时大定5000台",
        "小米SU7北京锁单1万台",
        "2026款小米SU7售价22.99万元起",
        "智己L6售价21.99万元",
        "特斯拉Model 3和小米SU7起售价分别为24.59万元和21.59万元",
        "Either the SU7 or the YU7 got 200,000 orders in 24 hours",
        "some 30,000 yuan below the Model 3",
        "In the next 24 hours, SU7 orders were 38,898",
        "Xiaomi promised 100,000 SU7 deliveries in 2024",
        "第1万辆小米SU7交付",
        "RMB215,900 SU7",
        "小米SU7退了4万订单",
        "SU7 got 88,898[2] orders in 24 hours or so they say, is that right?",
        "小米SU7单车亏6800元",
        "A used SU7 sells for 260,000 yuan",
        "Does the SU7 have 88,898 orders in 24 hours",
        "小米汽车累计交付突破50万台（SU7加YU7）",
        "20万人民币以上轎車裡SU7第一",
        "SU7：15到20年内交付",
        "SU7的定金不退，原来的定价22.9万元",
        "Xiaomi delivered 500,000 cars, the SU7 is hot",
        "Given the SU7 got 88,898 orders in 24 hours, they need a second factory",
    ],
)
def test_what_is_of_something_else_is_not_read(seed_snapshot, text):
    assert found(seed_snapshot, text) == []


def test_a_date_without_a_year_is_the_last_one_before_the_message(seed_snapshot):
    (statement,) = found(seed_snapshot, "By 30 April SU7 locked orders were 88,063.", date(2025, 1, 5))
    assert statement == ("as reported", ["/orders total launch:su7 at:2024-04-30 metric:locked_orders"])


def test_a_long_message_of_news_is_bounded(seed_snapshot):
    text = "小米SU7发布后4分钟大定破1万，" * 100
    assert len(check_text(text, seed_snapshot, POSTED).statements) == 10


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("They say it is a hit: Xiaomi handed over 7,058 SU7 cars in April.", "fits"),
        ("雷军很高兴：小米SU7四月很猛，5月小米SU7交付8646辆", "fits"),
        ("雷军很高兴：小米SU7四月很猛，5月小米SU7交付17058辆", "cannot tell"),
        ("据说2024年小米SU7交付136854辆", "fits"),
    ],
)
def test_a_count_of_a_month_or_a_year_is_that_of_the_row_that_counts_it(seed_snapshot, text, outcome):
    assert [one for one, _ in found(seed_snapshot, text)] == [outcome]


@pytest.mark.parametrize(("place", "outcome"), [("China", "fits"), ("Beijing", "cannot tell")])
def test_a_count_of_a_part_of_the_market_is_not_that_of_the_market(tmp_path, place, outcome):
    stores = (
        "id,launch,metric,low,high,valid_from,place\n"
        "a,one,sales_stores,50,50,2024-03-20,China\n"
        f"b,one,sales_stores,12,12,2024-03-21,{place}\n"
    )
    orders = (
        "id,launch,metric,low,high,precision,counting,period_from,period_to,place\n"
        f"c,one,deliveries,4000,4000,1,new,2024-05-01,2024-06-01,{place}\n"
    )
    snapshot = open_facts(read_pack(pack_folder(tmp_path / "pack", stores=stores, orders=orders)), tmp_path / "facts")
    for text in ("The news: the One is sold in 12 stores.", "The company said One handed over 4,000 cars in May."):
        assert [one for one, _ in found(snapshot, text)] == [outcome]
