"""Chinese says the same as English: the same keys, values and numbers, in Chinese words."""

import re
from fractions import Fraction

import pytest

from salesbot.errors import NotInFacts, QuestionError
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.questions.question import QUESTIONS
from salesbot.values.quantity import Quantity
from salesbot.words import plain, words_for
from salesbot.words.chinese import errors as chinese_errors
from salesbot.words.chinese import numbers
from salesbot.words.chinese import texts as chinese
from salesbot.words.chinese.terms import METRICS
from salesbot.words.english import errors as english_errors
from salesbot.words.english import terms as english_terms
from salesbot.words.english import texts as english
from salesbot.words.formatting import FIELD

ENGLISH, CHINESE = words_for("en-US"), words_for("zh-CN")
TABLES = [
    (english.CARDS, chinese.CARDS),
    (english.COMMANDS, chinese.COMMANDS),
    (english.OPTIONS, chinese.OPTIONS),
    (english_errors.EXPECTED, chinese_errors.EXPECTED),
    (
        {key: " ".join(texts) for key, texts in english_errors.ERRORS.items()},
        {key: " ".join(texts) for key, texts in chinese_errors.ERRORS.items()},
    ),
]
LINES = [
    *(question.example for question in QUESTIONS),
    "/orders total launch:su7",
    "/orders total launch:ff91",
    "/orders progress launch:su7",
    "/orders compare launches:su7,yu7 within:24h",
    "/prices show model:su7",
    "/prices history model:su7",
    "/prices changes model:g9",
    "/timeline check first:jia-post second:su7-launch",
    '/timeline check first:"2024-03-28 10:00 CST" second:su7-launch',
    "/timeline gap first:su7-launch second:su7-first-delivery",
    "/claims list",
    "/claims check claim:sold-45000",
    "/sources show id:s001",
]


def fields(text):
    return {match[0] for match in FIELD.finditer(text)}


@pytest.mark.parametrize("number", range(len(TABLES)))
def test_each_text_takes_the_values_that_it_takes_in_english(number):
    of_english, of_chinese = TABLES[number]
    assert of_chinese.keys() <= of_english.keys()
    names = {key: {FIELD.fullmatch(one)["name"] for one in fields(text)} for key, text in of_english.items()}
    for key, text in of_chinese.items():
        assert {FIELD.fullmatch(one)["name"] for one in fields(text)} <= names[key] | {"how", "about"}, key


def test_every_error_command_and_metric_is_in_chinese():
    assert chinese_errors.ERRORS.keys() == english_errors.ERRORS.keys()
    assert chinese.COMMANDS.keys() == english.COMMANDS.keys()
    assert METRICS.keys() == english_terms.METRICS.keys()
    assert chinese.CHART.keys() == english.CHART.keys()


def test_descriptions_fit_discord():
    for text in (*chinese.COMMANDS.values(), *chinese.OPTIONS.values()):
        assert 1 <= len(text) <= 100, text


def test_which_locales_read_chinese():
    assert words_for("zh-TW") is CHINESE and words_for("zh") is CHINESE
    assert words_for("en-GB") is ENGLISH and words_for("ja") is ENGLISH


# answers


@pytest.fixture(scope="module")
def answers(seed_snapshot):
    names = Names(seed_snapshot)
    return {line: ask(parse(line, names), seed_snapshot) for line in LINES}


def amounts(text):
    """The numbers of a text, 万 read."""
    found = []
    for number, unit in re.findall(r"(?<![A-Za-z0-9_.])[−+]?(\d[\d,]*(?:\.\d+)?)(万)?", text):
        found.append(Fraction(number.replace(",", "")) * (10_000 if unit else 1))
    return sorted(found)


@pytest.mark.parametrize(
    "line", [line for line in LINES if not line.startswith(("/timeline", "/claims list", "/sources"))]
)
def test_the_numbers_are_the_same(answers, line):
    answer = answers[line]
    for of_english, of_chinese in zip(values(ENGLISH.answer(answer)), values(CHINESE.answer(answer)), strict=True):
        assert amounts(of_chinese) == amounts(of_english)


def values(text):
    return [figure.value for figure in (*text.figures, *text.operands)]


ALLOWED = re.compile(
    r"https?://\S+|/[a-z]+ [a-z]+[^\n]*|[a-z0-9]+(?:-[a-z0-9]+)+|s\d{3}|UTC|[A-Z][A-Za-z+_/]*(?: [A-Z0-9][\w+-]*)*"
    r"|\b(?:metric|launch|within|at|claims\.csv)\b"
)
PACK_TEXT = ("note", "statement", "title", "publisher", "name", "speaker")


def test_what_the_bot_says_is_chinese(answers, seed_snapshot):
    """Headlines, leads, workings and caveats hold no English but names, ids, lines and what the pack says."""
    facts = seed_snapshot.facts()
    pack = {
        str(getattr(row, column, "") or "")
        for rows in (facts.events, facts.claims, facts.sources, facts.prices, facts.orders, facts.stores)
        for row in rows
        for column in (*PACK_TEXT, "trim", "model", "zone")
    }
    pack |= {name.name for name in facts.names}
    pack_words = {word for text in pack for word in re.findall(r"[A-Za-z]{2,}", text)}
    for line, answer in answers.items():
        text = CHINESE.answer(answer)
        said = [text.headline, *text.lead.split("\n"), *text.workings, *text.caveats, *text.missing, text.as_of]
        said += [part for figure in (*text.figures, *text.operands) for part in (figure.value, figure.label)]
        said += [*text.short.lead, text.short.why, *text.short.to_know, text.short.facts]
        for sentence in said:
            rest = ALLOWED.sub(" ", plain(sentence))
            words = [word for word in re.findall(r"[A-Za-z]{2,}", rest) if word not in pack_words]
            assert words == [], (line, sentence, words)


@pytest.mark.parametrize(
    "line", ["/orders total launch:su8", "/prices show model:su7 trim:ultra", "/orders total launch:model-3 within:24h"]
)
def test_an_error_is_in_chinese(seed_snapshot, line):
    with pytest.raises((QuestionError, NotInFacts)) as error:
        ask(parse(line, Names(seed_snapshot)), seed_snapshot)
    text = CHINESE.error(error.value)
    assert re.search("[\u4e00-\u9fff]", text.message) and re.search("[\u4e00-\u9fff]", text.hint)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (106200, 118000, "10.62万–11.8万"),
        (37170, 47200, "37,170–47,200"),
        (88898, 88898, "88,898"),
        (100000, None, "至少10万"),
        (None, 40000, "至多4万"),
        (215900, 215900, "21.59万"),
        (0, 0, "0"),
        (59, 59, "59"),
        (None, None, "未知"),
    ],
)
def test_ten_thousands_only_where_they_are_exact_at_both_ends(low, high, text):
    ends = [None if end is None else Fraction(end) for end in (low, high)]
    assert numbers.amount(Quantity(*ends)) == text


def test_money_is_never_a_bare_sign():
    assert numbers.money(Quantity.exactly(Fraction(215900), "CNY")) == "21.59万元"
    assert numbers.money(Quantity.exactly(Fraction(450), "USD")) == "450美元"
    assert numbers.money(Quantity.exactly(Fraction(450), "XYZ")) == "450 XYZ"
