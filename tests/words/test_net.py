"""A count net of cancellations is another number than a gross one, and every line of it says so."""

from salesbot.words import words_for

ORDERS = """
    id,launch,metric,low,high,stated,gross,period_to
    gross,one,orders,1000,1000,exact,yes,2024-03-30T22:00+08:00
    net,one,orders,900,900,exact,no,2024-03-31T22:00+08:00
"""


def test_a_net_count_is_named_in_the_headline_and_in_its_line(facts):
    text = words_for().answer(facts(orders=ORDERS)("/orders total launch:one metric:orders"))
    assert "900 orders net of cancellations" in text.headline
    lines = {line.value: line.label for line in text.figures}
    assert lines == {"1,000": "orders", "900": "orders net of cancellations"}
