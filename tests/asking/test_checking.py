"""Statements in messages: found with the lines that decide them, never read where a word turns their meaning."""

from datetime import date

import pytest

from salesbot.asking.messages.checking import check_text

POSTED = date(2024, 4, 26)


def checked(text, snapshot, posted=POSTED):
    found = check_text(text, snapshot, posted)
    return [(one.outcome, [line.line for line in one.lines], one.lines[0].expects) for one in found.statements]


@pytest.mark.parametrize(
    ("text", "outcome", "line", "expects"),
    [
        (
            "88,898 SU7 orders within 24 hours",
            "as reported",
            "/orders total launch:su7 within:24h metric:orders",
            "88898",
        ),
        ("SU7 24小时大定88898台！", "as reported", "/orders total launch:su7 within:24h metric:orders", "88898"),
        ("SU7 24小时大定12万台", "contradicted", "/orders total launch:su7 within:24h metric:orders", "115000..125000"),
        (
            "SU7 took over 80,000 orders in 24h",
            "as reported",
            "/orders total launch:su7 within:24h metric:orders",
            ">=80001",
        ),
        ("G9降了2万", "fits", "/prices changes model:g9", "-20000"),
        ("SU7 starts at 215,900 yuan", "fits", "/prices show model:su7", "215900"),
        ("SU7 starts at 199,900", "contradicted", "/prices show model:su7", "199900"),
        ("Musk's post came before the SU7 launch", "as reported", None, "before"),
    ],
)
def test_a_statement_is_checked(seed_snapshot, text, outcome, line, expects):
    [(found, lines, expected)] = checked(text, seed_snapshot)
    assert (found, expected) == (outcome, expects)
    assert line is None or lines == [line]


def test_a_count_of_no_stated_kind_is_read_each_way(seed_snapshot):
    [(outcome, lines, _)] = checked("72小时卖了4万5的SU7", seed_snapshot)
    assert outcome == "fits" and [line.rpartition("metric:")[2] for line in lines] == [
        "orders",
        "locked_orders",
        "deliveries",
    ]


def test_what_one_clause_says_holds_for_the_next(seed_snapshot):
    found = checked("截至4月24日锁单75723台，交付5781台，SU7太猛了", seed_snapshot)
    assert [(outcome, lines) for outcome, lines, _ in found] == [
        ("as reported", ["/orders total launch:su7 at:2024-04-24 metric:locked_orders"]),
        ("as reported", ["/orders total launch:su7 at:2024-04-24 metric:deliveries"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SU7 did not get 88,898 orders in 24 hours",
        "if the SU7 gets 88,898 orders in 24 hours",
        "SU7 will deliver 100,000 cars in 2024",
        "the target is 88,898 SU7 orders in 24 hours",
        "did the SU7 get 88,898 orders in 24 hours?",
        "SU7 got twice the 88,898 orders in 24 hours",
        "SU7 24小时没有88898台大定",
        "目标是年底交付10万台",
        "SU7 Ultra got 88,898 orders in 24 hours",
        "lol the SU7 looks like a Taycan, 10/10 would buy",
        "",
    ],
)
def test_what_is_turned_by_a_word_is_no_statement(seed_snapshot, text):
    assert checked(text, seed_snapshot) == []


def test_the_cause_is_set_aside_and_named(seed_snapshot):
    found = check_text("AITO cut the M7 by 20,000 on April 1 because of the SU7", seed_snapshot, POSTED)
    assert [one.outcome for one in found.statements] == ["as reported"]
    assert found.not_read == ("because of the SU7",)


def test_a_quote_stands_as_it_was_written(seed_snapshot):
    found = check_text("Wow: SU7 Took 88,898 Orders in 24h !!!", seed_snapshot, POSTED)
    assert [one.quote for one in found.statements] == ["SU7 Took 88,898 Orders in 24h"]


def test_a_long_message_is_bounded(seed_snapshot):
    found = check_text("SU7 24小时大定88898台。" * 200, seed_snapshot, POSTED)
    assert len(found.statements) == 10


def test_texts_of_other_matters_hold_no_statement(seed_snapshot):
    from pydoc_data.topics import topics

    texts = [text[:2000] for text in topics.values()]
    assert [check_text(text, seed_snapshot, POSTED).statements for text in texts] == [()] * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "Rumor has it SU7 got 88,898 orders in 24 hours",
        "SU7 got 88,898 orders in 24 hours is a myth",
        "SU7 got 88,898 orders in 24 hours. Not.",
        "SU7 24小时大定88898台纯属谣言",
        "SU7 got 30,000 orders in 24 hours in Shanghai",
        "From women, SU7 got 30,000 orders in 24 hours",
        "SU7 24小时大定3万，上海",
        "This store took 300 SU7 orders in 24 hours",
        "We sold 3 SU7 by April 3 2024",
        "BYD Seal got 50,000 orders in 24 hours. SU7 is great.",
        "SU7 gets 3,000 orders a day",
        "SU7一天大定3000",
        "SU7 delivered 10,000 in 24 hours",
        "SU7 lock-in rate was 35% to 90% in 72 hours",
        "Model 3 cost 245,900 USD on April 1 2024",
        "SU7售价21.59万美元",
        "Tesla cut 14,000 people on April 21 2024",
        "Tesla raised 5,000 in April 2024",
        "M7 fell on April 1",
        "理想2024年4月22日全系降价2万",
        "Model Y涨到5000",
        "问界M7因SU7降价2万",
        "SU7 at 60",
        "insurance for the SU7 costs 8,000",
        "booking the SU7 costs 5,000 yuan",
        "SU7卖30万",
        "Xiaomi post after SU7 launch",
        "Li Auto launched L6 after SU7 launch",
        "SU7 got 30,000 orders in the last 24 hours",
    ],
)
def test_nothing_is_reported_or_contradicted_that_another_word_turns(seed_snapshot, text):
    assert {outcome for outcome, _, _ in checked(text, seed_snapshot)} <= {"fits", "cannot tell"}


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("SU7发布会后马斯克发文", "cannot tell"),
        ("SU7开启大定早于SU7发布会", "contradicted"),
        ("SU7发布会后贾跃亭发文", "as reported"),
        ("SU7 24小时大定近9万台", "as reported"),
        ("SU7 24小时大定8万多台", "as reported"),
        ("SU7 reached 80,000 orders in 24 hours", "as reported"),
    ],
)
def test_words_of_order_and_of_size_are_read_as_they_are_meant(seed_snapshot, text, outcome):
    assert [found for found, _, _ in checked(text, seed_snapshot)] == [outcome]


def test_a_date_before_the_comma_holds_for_what_follows(seed_snapshot):
    found = checked("截至2024年4月24日，SU7锁单75723，交付5781", seed_snapshot)
    assert [outcome for outcome, _, _ in found] == ["as reported", "as reported"]


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("SU7 got 100,000 orders in 24 hours", ["contradicted"]),
        ("SU7 24小时大定10万", ["contradicted"]),
        ("SU7 got exactly 90,000 orders in 24 hours", ["cannot tell"]),
        ("SU7 got 90,000 orders in 24 hours", ["as reported"]),
        ("SU7 had 100,000 locked orders by 4 April 2024", ["cannot tell"]),
        ("SU7 had 88,063 locked orders by 30 April 2024", ["fits"]),
        ("SU7 got fewer than 88,898 orders in 24 hours", ["cannot tell"]),
        ("SU7 got fewer than 60,000 orders in 24 hours", ["contradicted"]),
        ("SU7 24小时大定超过88898", ["cannot tell"]),
        ("SU7 24小时大定超过12万", ["contradicted"]),
        ("SU7 got at least 88,898 orders in 24 hours", ["as reported"]),
        ("FF91 had over 10 deliveries by the end of 2023", ["cannot tell"]),
        ("SU7 24小时大定88898，目前锁单88063", ["as reported", "fits"]),
        ("SU7 got 88,898 orders in 24 hours, 136,854 deliveries in total", ["as reported", "cannot tell"]),
        ("截至4月24日锁单75723台，交付9999台，小米SU7", ["as reported", "cannot tell"]),
        ("FF91 costs 309,000 yuan on 31 May 2023", ["cannot tell"]),
        ("FF91 costs 309,000 on 31 May 2023", ["as reported"]),
        ("SU7 starts at 245,900 yuan on 28 March 2024", ["contradicted"]),
        ("SU7 starts at 215,900 yuan on 28 March 2024", ["as reported"]),
        ("SU7 costs up to 215,900 on 28 March 2024", ["fits"]),
        ("SU7 costs up to 299,900 on 28 March 2024", ["as reported"]),
    ],
)
def test_what_a_number_stands_for(seed_snapshot, text, outcomes):
    """Rounded within a twentieth, more and fewer as said, in its own currency, of the moment that it names itself."""
    assert [one.outcome for one in check_text(text, seed_snapshot, POSTED).statements] == outcomes


@pytest.mark.parametrize(
    "text",
    [
        "SU7 was the first to get 88,898 orders in 24 hours",
        "SU7 is the only car with 88,898 orders in 24 hours",
        "只有SU7 24小时大定88898",
        "Only Tesla cut prices on 21 April 2024",
        "SU7 cancellation rate was below 40% by 2 April 2024",
        "Tesla cut Model 3 prices by about 14,500 on 21 April 2024",
        "特斯拉2024年4月21日Model 3降价约1.5万",
        "Zeekr cut 007 price on 13 August 2024",
        "SU7 got 88,898 orders after the first 24 hours",
        "SU7 got 88,898 orders in the latest 24 hours",
        "I need 88,898 SU7 orders in 24 hours",
        "can anyone get 88,898 SU7 orders in 24 hours",
        "SU7 got to deliver 5,781 by 24 April 2024",
    ],
)
def test_what_is_about_something_else_is_no_statement(seed_snapshot, text):
    assert checked(text, seed_snapshot) == []


def test_a_clause_that_might_be_a_statement_and_is_not_read_is_named(seed_snapshot):
    found = check_text("SU7 sold 45,000 in 72 hours, and Musk's post was an answer to the launch", seed_snapshot)
    assert [one.quote for one in found.statements] == ["SU7 sold 45,000 in 72 hours"]
    assert found.not_read == ("and Musk's post was an answer to the launch",)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("The SU7 took 88,898 orders in the first 24 hours.", "as reported"),
        ("Xiaomi's SU7 got 88,898 orders in the first 24 hours after launch", "as reported"),
        ("小米SU7上市24小时大定88,898台", "as reported"),
        ("小米SU7开售24小时大定突破8.8万台", "as reported"),
        ("By April 24 2024 the SU7 had 75,723 locked orders", "as reported"),
        ("Tesla cut Model Y prices by 14,000 yuan on 21 April 2024", "as reported"),
        ("特斯拉4月21日Model Y降价1.4万元", "as reported"),
        ("SU7 got 60,000 orders in 24h", "contradicted"),
        ("小米SU7 24小时大定20万台", "contradicted"),
        ("Xiaomi SU7 received 150,000 orders within the first 24 hours", "contradicted"),
        ("SU7 Max costs 250,000 yuan", "contradicted"),
    ],
)
def test_what_is_said_plainly_is_told_plainly(seed_snapshot, text, outcome):
    assert [found for found, _, _ in checked(text, seed_snapshot)] == [outcome]
