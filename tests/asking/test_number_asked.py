"""A number that is asked about: more than it, at least it, or it itself, told without denying what is true."""

import pytest

from salesbot.asking import Declined, asked_line, read
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.words import words_for
from salesbot.words.number_asked import number_asked_about


def told(text, snapshot, language="en"):
    asked, words = asked_line(text, snapshot), words_for(language)
    return number_asked_about(asked.expects, ask(parse(asked.line, Names(snapshot)), snapshot), words)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("did SU7 orders exceed 80,000 in 24 hours", "Yes, more than 80,000."),
        ("is it true SU7 had over 80k orders in 24h", "Yes, more than 80,000."),
        ("did SU7 orders exceed 88,898 in 24 hours", "No, not more than 88,898."),
        ("did SU7 orders reach 88,898 in 24 hours", "Yes, at least 88,898."),
        ("did SU7 get at least 50,000 orders in 24h", "Yes, at least 50,000."),
        ("did SU7 get at least 90,000 orders in 24h", "No, less than 90,000."),
        ("did the YU7 get 100k orders in 3 minutes", "100,000 is less than the facts say."),
        ("did SU7 get 120k orders in 24h", "120,000 is more than the facts say."),
        ("has the SU7 passed 100,000 deliveries", "Yes, more than 100,000."),
        ("did SU7 reach 100,000 locked orders", "Yes, at least 100,000."),
        ("did the YU7 exceed 300,000 orders in 3 minutes", "The facts leave open whether it is more than 300,000."),
        ("SU7 24小时大定超过8万了吗", "是的，超过80,000。"),
        ("SU7 24小时大定是不是至少8万", "是的，至少80,000。"),
        ("SU7 24小时大定超过9万了吗", "没有，不超过90,000。"),
        ("SU7 24小时大定有8万吗", "数据比80,000多。"),
        ("SU7交付破10万了吗", "是的，至少100,000。"),
        ("YU7三分钟大定破20万了吗", "是的，至少200,000。"),
        ("SU7锁单率有30%吗", "数据比30%多。"),
    ],
)
def test_it_is_told_how_it_stands_to_the_facts(seed_snapshot, text, sentence):
    assert told(text, seed_snapshot, "en" if text.isascii() else "zh") == sentence


def test_of_several_counts_it_is_told_which_are_more(seed_snapshot):
    answer = ask(parse("/orders total launch:su7 within:72h", Names(seed_snapshot)), seed_snapshot)
    assert number_asked_about(">90000", answer, words_for()) == "More than 90,000, counting orders."
    assert number_asked_about(">=40000", answer, words_for()) == "At least 40,000, counting orders."
    assert number_asked_about(">500000", answer, words_for()) == "No, not more than 500,000."


@pytest.mark.parametrize("text", ["SU7锁单率超过40%了吗", "SU7 lock-in rate over 40%"])
def test_more_than_a_share_has_no_verdict(seed_snapshot, text):
    assert read(text, seed_snapshot).expects == ""


def test_a_year_is_no_number_that_may_be_left_out(seed_snapshot):
    assert isinstance(read("xiaomi sales 2024 pls", seed_snapshot), Declined)
