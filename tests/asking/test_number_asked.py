"""A number that is asked about: more than it, at least it, or it itself, told without denying what is true."""

import pytest

from salesbot.asking import Declined, asked_line, read
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.words import words_for
from salesbot.words.told_beside import told_beside


def told(text, snapshot, language="en"):
    asked, words = asked_line(text, snapshot), words_for(language)
    return told_beside(asked.beside, ask(parse(asked.line, Names(snapshot)), snapshot), words)


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
    assert told_beside(">90000", answer, words_for()) == "More than 90,000, counting orders."
    assert told_beside(">=40000", answer, words_for()) == "At least 40,000, counting orders."
    assert told_beside(">500000", answer, words_for()) == "No, not more than 500,000."


@pytest.mark.parametrize("text", ["SU7锁单率超过40%了吗", "SU7 lock-in rate over 40%"])
def test_more_than_a_share_has_no_verdict(seed_snapshot, text):
    assert read(text, seed_snapshot).beside == ""


def test_a_year_is_no_number_that_may_be_left_out(seed_snapshot):
    assert isinstance(read("xiaomi sales 2024 pls", seed_snapshot), Declined)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "who raised prices after the SU7 launch?",
            "Rises: Model Y RWD, Model Y Long Range AWD and Model Y Performance.",
        ),
        (
            "which models got more expensive in april 2024",
            "Rises: Model Y RWD, Model Y Long Range AWD and Model Y Performance.",
        ),
        ("did Model Y get cheaper in april 2024", "Cuts: Model Y RWD."),
        ("did the SU7 price go up in march 2024", "None of them is a rise."),
        ("SU7上市后谁涨价了", "涨价的：特斯拉Model Y RWD、特斯拉Model Y Long Range AWD和特斯拉Model Y Performance。"),
    ],
)
def test_the_direction_asked_about_is_told_beside_all_moves(seed_snapshot, text, sentence):
    language = "en" if text.isascii() else "zh"
    asked = asked_line(text, seed_snapshot)
    answer = ask(parse(asked.line, Names(seed_snapshot)), seed_snapshot, language)
    assert told_beside(asked.beside, answer, words_for(language)) == sentence


@pytest.mark.parametrize("text", ["who cut or raised prices in april 2024", "price changes of model y in april 2024"])
def test_both_directions_are_none(seed_snapshot, text):
    assert read(text, seed_snapshot).beside == ""


@pytest.mark.parametrize(
    "text", ["🚗 su7 price?? 🙏", "@salesbot su7 price", "<@123456789> su7 price 🔥🔥", "su7 price 👨‍👩‍👧"]
)
def test_ornaments_change_nothing(seed_snapshot, text):
    assert read(text, seed_snapshot) == read("su7 price", seed_snapshot)


@pytest.mark.parametrize("text", ["❌ su7 price", "su7 🚫 price", "su7 price 👎"])
def test_pictographs_that_deny_are_no_ornaments(seed_snapshot, text):
    assert isinstance(read(text, seed_snapshot), Declined)


@pytest.mark.parametrize("text", ["did the SU7 lock-in rate exceed 100%", "SU7锁单率超过100%了吗"])
def test_more_than_a_whole_share_has_no_verdict_either(seed_snapshot, text):
    assert read(text, seed_snapshot).beside == ""


@pytest.mark.parametrize(
    "text", ["SU7 2024年5月累计交付量", "SU7 orders from launch to May 2024", "SU7 deliveries to date May 2024"]
)
def test_a_count_since_the_opening_is_no_period(seed_snapshot, text):
    found = read(text, seed_snapshot)
    assert "during:" not in str(found)
