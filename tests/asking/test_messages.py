"""Messages in running text: what is found in them, and what may never be given for what they say."""

from datetime import date
from pathlib import Path

import pytest

from salesbot.asking.messages.checking import check_text
from salesbot.asking.messages.settled_prices import LEVELS
from salesbot.packs.reading import read_pack
from salesbot.storage.snapshot_writer import open_facts
from salesbot.words import words_for
from salesbot.words.checked_text import checked_lines
from tests.small_packs import pack_folder

POSTED = date(2024, 6, 1)
TOTAL = "/orders total launch:su7"


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
        ("【澎湃】小米SU7五月交付8630辆", ["/orders total launch:su7 metric:deliveries during:2024-05"]),
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
        ("2024年第四季度小米SU7交付69697辆", ["/orders total launch:su7 metric:deliveries during:2024-10/2024-12"]),
        (
            "SU7 deliveries came to 27,307 in the second quarter of 2024",
            [f"{TOTAL} metric:deliveries during:2024-04/2024-06"],
        ),
        ("小米SU7本月交付已破万，本月交付1.2万辆", [f"{TOTAL} metric:deliveries during:2024-06"]),
        (
            "The Model Y went from 258,900 yuan to 263,900 yuan",
            ["/prices history model:model-y", "/prices show model:model-y"],
        ),
        (
            "RMB 253,500 for the YU7 versus RMB 263,500 for the Model Y",
            ["/prices show model:yu7", "/prices show model:model-y"],
        ),
        ("The revamped Model 3 now sells for 231,900 yuan in China", ["/prices show model:model-3"]),
        ("Prices of the FF 91 kick off at $309,000", ["/prices show model:ff91"]),
        ("FF91售价30.9万美元", ["/prices show model:ff91"]),
        ("SU7入门版只要21.59万元", ["/prices show model:su7"]),
        (
            "小米SU7标准版、Pro版、Max版分别为21.59万、24.59万、29.99万元",
            [f"/prices show model:su7 trim:{trim}" for trim in ("Standard", "Pro", "Max")],
        ),
        (
            "The standard and Pro trims of the SU7 cost 215,900 yuan, 245,900 yuan respectively",
            ["/prices show model:su7 trim:Standard", "/prices show model:su7 trim:Pro"],
        ),
        (
            "Tesla raised the Model Y by 5,000 yuan today",
            ["/prices changes model:model-y since:2024-06-01 until:2024-06-01"],
        ),
        ("Aito put discounts of up to 20,000 yuan on its M7 until the end of April", ["/prices changes model:m7"]),
        ("Zeekr 007 prices dropped by 20,000 to 30,000 yuan", ["/prices changes model:zeekr-007"]),
        ("The MEGA is now 30,000 yuan cheaper", ["/prices changes model:mega"]),
        (
            "理想MEGA调价前55.98万元，调价后52.98万元",
            ["/prices history model:mega", "/prices show model:mega"],
        ),
        (
            "SU7 locked orders climbed to 88,063 by midnight on April 30",
            [f"{TOTAL} at:2024-04-30 metric:locked_orders"],
        ),
        (
            "Within 27 minutes of its launch, the company took in 50,000 orders for the SU7",
            [f"{TOTAL} within:27m metric:orders"],
        ),
        (
            "开售18小时，小米YU7锁单突破24万台，这不仅是纪录",
            ["/orders total launch:yu7 within:18h metric:locked_orders"],
        ),
        ("小米SU7首月锁单88063台", [f"{TOTAL} within:720h metric:locked_orders"]),
        ("小米SU7一路卖爆，24小时大定88898台", [f"{TOTAL} within:24h metric:orders"]),
        (
            "Xiaomi has locked in 75,723 orders for its SU7 as of April 24 and aims at 100,000 deliveries",
            [f"{TOTAL} at:2024-04-24 metric:locked_orders"],
        ),
        ("小米汽车在29个城市的60家门店同步开业，SU7来了", ["/orders stores launch:su7"]),
        ("SU7: 50,000 orders booked by minute 27", [f"{TOTAL} within:27m metric:orders"]),
        ("According to Sun Shaojun, a blogger, SU7 locked orders passed 60,000", [f"{TOTAL} metric:locked_orders"]),
        ("截至4月30日，火爆的小米SU7累计锁单88063台", [f"{TOTAL} at:2024-04-30 metric:locked_orders"]),
        ("小米SU7售价21.59万元，没有变", ["/prices show model:su7"]),
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
        "Xiaomi now sells the SU7 in 29 cities",
        "The SU7 Ultra costs 529,900 yuan",
        "SU7 received 50,000 orders in 27 minutes in 40 cities",
        "SU7 Pro Max got 50,000 orders in 27 minutes",
        "In Europe the SU7 costs 215,900 yuan",
        "The SU7 costs 215,900 yuan in Shenzhen",
        "新一代SU7售价21.99万元",
        "In North America the Model 3 went up by $1,000",
        "It is not the SU7 that got 88,898 orders in 24 hours",
        "If the SU7 got 88,898 orders in 24 hours, it got 50,000 orders in 27 minutes",
        "小米SU7计划交付10万辆",
        "SU7 launched; Scout said it delivered 10,000 cars",
        "The SU7 refunds came to 40,000 orders",
        "The SU7 failed to reach 100,000 orders",
        "A place in the SU7 queue costs 5,000 yuan",
        "Apple users placed 45,000 SU7 orders",
        "辟谣：小米SU7锁单2万台",
        "88,898 SU7 orders in 24 hours? not true",
        "据说小米SU7锁单2万台，这不属实",
        "It had 88,898 orders in 24 hours for the Tesla Model 3 competitor",
        "新车是特斯拉Model 3的竞争对手，起售价为24.59万元",
        "The range is 700 km, compared with 606 km for the Model 3. It had 180,000 reservations in 24 hours.",
    ],
)
def test_what_is_of_something_else_is_not_read(seed_snapshot, text):
    assert found(seed_snapshot, text) == []


def test_a_date_without_a_year_is_the_last_one_before_the_message(seed_snapshot):
    (statement,) = found(seed_snapshot, "By 30 April SU7 locked orders were 88,063.", date(2025, 1, 5))
    assert statement == ("as reported", ["/orders total launch:su7 at:2024-04-30 metric:locked_orders"])


def test_as_many_as_is_a_bound_above(seed_snapshot):
    outcomes = [
        found(seed_snapshot, f"SU7 got {words} 80,000 orders in 24 hours")[0][0] for words in ("as many as", "at least")
    ]
    assert outcomes == ["cannot tell", "as reported"]


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


@pytest.mark.parametrize(
    ("text", "posted", "outcome"),
    [
        ("Xiaomi delivered 12,000 SU7 in May 2024", date(2024, 6, 1), "contradicted"),
        ("Xiaomi delivered 12,000 SU7 in May 2024", date(2024, 5, 30), "cannot tell"),  # the month runs
        ("2024年5月小米SU7交付5000辆", date(2024, 6, 20), "contradicted"),
        ("5月小米SU7交付5000辆", date(2024, 6, 20), "contradicted"),
        ("5月小米SU7交付5000辆", date(2025, 2, 20), "cannot tell"),  # its year is a guess
        ("Xiaomi delivered 8,646 SU7 in May 2024", date(2024, 6, 20), "as reported"),
        ("Xiaomi delivered 8,630 SU7 in May 2024", date(2024, 6, 20), "cannot tell"),  # as it was at first
        ("Xiaomi SU7 deliveries in May 2024: 15,704", date(2024, 6, 20), "cannot tell"),  # April and May
        ("Xiaomi had already delivered 12,000 SU7 in May 2024", date(2024, 6, 20), "cannot tell"),
        ("小米SU7 2024年5月累计交付12000辆", date(2024, 6, 20), "cannot tell"),
        ("In May 2024 SU7 deliveries reached 12,000", date(2024, 6, 20), "cannot tell"),
        ("In June 2024 Xiaomi delivered 12,000 SU7", date(2024, 7, 20), "fits"),  # at least 10,000
        ("In Q2 2024 Xiaomi delivered 40,000 SU7", date(2024, 7, 20), "cannot tell"),  # at least 5,781, and 27,307
        ("SU7 got 30,000 locked orders in April 2024", date(2024, 5, 20), "fits"),  # between 12,340 and 88,063
    ],
)
def test_a_count_of_a_period_is_held_against_that_of_the_period(seed_snapshot, text, posted, outcome):
    ((is_found, (line,)),) = found(seed_snapshot, text, posted)
    assert (is_found, "during:" in line) == (outcome, True)


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


def once_misread(part):
    """The messages of a part of the file, each with its day."""
    lines = (Path(__file__).parent / "messages_once_misread.txt").read_text("utf-8").splitlines()
    told = ""
    for line in lines:
        if line.startswith("["):
            told = line[1:-1]
        elif told == part:
            text, _, day = line.partition("|")
            yield text.replace("\\n", "\n"), date.fromisoformat(day) if day else POSTED


@pytest.mark.parametrize(("text", "posted"), [*once_misread("shown")])
def test_what_was_once_misread_is_neither_as_reported_nor_contradicted(seed_snapshot, text, posted):
    assert {outcome for outcome, _ in found(seed_snapshot, text, posted)} <= {"fits", "cannot tell"}


@pytest.mark.parametrize(("text", "posted"), [*once_misread("fits")])
def test_what_was_once_misread_does_not_fit(seed_snapshot, text, posted):
    assert {outcome for outcome, _ in found(seed_snapshot, text, posted)} <= {"cannot tell"}


def small(tmp_path, **tables):
    return open_facts(read_pack(pack_folder(tmp_path / "pack", **tables)), tmp_path / "facts")


LAUNCHES = (
    "id,brand,model,market,currency,zone,announced,opened,sources\n"
    "one,Acme,One,China,CNY,Asia/Shanghai,{one},,s1\n"
    "two,Acme,Two,China,CNY,Asia/Shanghai,2024-04/2024-05,,s1\n"
)
COUNT = "id,launch,metric,low,high,period_to\na,one,orders,900,900,2024-04-02\n"


@pytest.mark.parametrize("announced", ["2024-03/2024-04", "2024", "2024-03-28T19:00+08:00/2024-03-29", ""])
def test_a_launch_of_any_written_time_can_be_spoken_of(tmp_path, announced):
    snapshot = small(tmp_path, launches=LAUNCHES.format(one=announced), orders=COUNT)
    assert found(snapshot, "The One had 900 orders by 1 April 2024.") == [
        ("as reported", [f"{TOTAL.replace('su7', 'one')} at:2024-04-01 metric:orders"])
    ]


@pytest.mark.parametrize(("thing", "outcome"), [("One Base", "contradicted"), ("One", "cannot tell")])
def test_a_move_is_contradicted_of_a_trim_alone(tmp_path, thing, outcome):
    prices = (
        "id,trim,low,high,previous,change_low,change_high,valid_from\n"
        "a,Base,90000,90000,100000,-10000,-10000,2024-05-01\n"
        "b,Plus,110000,110000,120000,-10000,-10000,2024-05-01\n"
    )
    text = f"Acme cut the {thing} by 25,000 yuan on 1 May 2024."
    assert [one for one, _ in found(small(tmp_path, prices=prices), text)] == [outcome]


@pytest.mark.parametrize(("currency", "outcome"), [("CNY", "contradicted"), ("EUR", "cannot tell")])
def test_a_price_in_a_currency_of_several_countries_is_not_contradicted(tmp_path, currency, outcome):
    prices = f"id,currency,low,high,valid_from\na,{currency},40000,40000,2024-05-01\n"
    text = "The One Base costs 43,000 on 20 May 2024."
    assert [one for one, _ in found(small(tmp_path, prices=prices), text)] == [outcome]


def test_of_a_model_with_very_many_prices_nothing_is_contradicted(tmp_path, monkeypatch):
    prices = "id,low,high,valid_from\na,40000,40000,2024-05-01\n"
    snapshot, text = small(tmp_path, prices=prices), "The One Base costs 43,000 yuan on 20 May 2024."
    assert [one for one, _ in found(snapshot, text)] == ["contradicted"]
    values = type(snapshot).values

    def few(self, query, /, most=20_000, **parameters):
        return values(self, query, most=0 if query is LEVELS else most, **parameters)

    monkeypatch.setattr(type(snapshot), "values", few)
    assert [one for one, _ in found(snapshot, text)] == ["cannot tell"]


@pytest.mark.parametrize(
    "text",
    [
        "SU7 had 50,000 orders by 22:27",
        "SU7 22:00开售，22:27大定破5万",
        "3月28日22点27分SU7大定5万",
        "Tesla cut the Model Y by 10k to 249,900",
        "特斯拉Model Y降价1万至20万元",
        "理想全系降2万",
        "SU7 had 88,898 orders cancelled in 24 hours",
        "SU7 24小时大定88898台都退了",
        "24 hours before the launch the SU7 had 88,898 orders",
    ],
)
def test_what_a_word_counts_otherwise_is_not_read_as_the_count(seed_snapshot, text):
    checked = check_text(text, seed_snapshot, POSTED)
    assert checked.statements == ()
    assert checked.not_read


def test_what_differs_is_not_said_to_be_open(seed_snapshot):
    (told, *_) = checked_lines(check_text("The SU7 Max is 215,900 yuan", seed_snapshot, POSTED), words_for())
    assert told == "“SU7 Max is 215,900 yuan”: not what the facts say as it is read here; it may mean something else."


@pytest.mark.parametrize(
    ("price", "posted", "outcome"),
    [
        ("263,900", date(2024, 4, 10), "fits"),
        ("249,900", date(2024, 4, 10), "cannot tell"),  # only from 21 April on
        ("249,900", date(2024, 5, 10), "fits"),
        ("258,900", date(2024, 3, 29), "fits"),
    ],
)
def test_a_price_without_a_day_is_that_of_the_day_of_the_message(seed_snapshot, price, posted, outcome):
    assert [one for one, _ in found(seed_snapshot, f"Model Y RWD costs {price}", posted)] == [outcome]
