"""Chinese says the same as English: the same keys, values and numbers, in Chinese words."""

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest

import salesbot.values.zones as zones_read
from salesbot.errors import Message, Notice, NotInFacts, PackRefused, Problem, QuestionError
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.questions.question import QUESTIONS
from salesbot.values.quantity import Quantity
from salesbot.words import chinese, plain, words_for
from salesbot.words.chinese import errors as chinese_errors
from salesbot.words.chinese import numbers
from salesbot.words.chinese import texts as chinese_texts
from salesbot.words.chinese.dates import ZONES
from salesbot.words.chinese.terms import METRICS
from salesbot.words.english import errors as english_errors
from salesbot.words.english import terms as english_terms
from salesbot.words.english import texts as english
from salesbot.words.formatting import FIELD
from tools.traditional import converted

ENGLISH, CHINESE, TRADITIONAL = words_for("en-US"), words_for("zh-CN"), words_for("zh-Hant")
TABLES = [
    (english.CARDS, chinese.CARDS),
    (english.COMMANDS, chinese_texts.COMMANDS),
    (english.OPTIONS, chinese.OPTIONS),
    (english_errors.EXPECTED, chinese.EXPECTED),
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
    assert chinese_texts.COMMANDS.keys() == english.COMMANDS.keys()
    assert METRICS.keys() == english_terms.METRICS.keys()
    assert chinese_texts.CHART.keys() == english.CHART.keys()


OF_PROGRAMS = re.compile(r"cli_|closed|brows|backed_up$|restored$|copied$|playground$|pack_begun$|please_report$")


def test_every_text_but_those_of_programs_is_in_chinese():
    assert {key for key in english.CARDS.keys() - chinese.CARDS.keys() if not OF_PROGRAMS.match(key)} == set()
    assert chinese.OPTIONS.keys() == english.OPTIONS.keys()
    assert chinese.EXPECTED.keys() == english_errors.EXPECTED.keys()


def test_descriptions_fit_discord():
    of_traditional = (TRADITIONAL.command(path) for path in english.COMMANDS)
    for text in (*chinese_texts.COMMANDS.values(), *chinese.OPTIONS.values(), *of_traditional):
        assert 1 <= len(text) <= 100, text


def test_which_locales_read_chinese():
    assert words_for("zh-SG") is CHINESE and words_for("zh") is CHINESE
    assert words_for("zh-TW") is words_for("zh-Hant-HK") is TRADITIONAL
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


# what moderators read


IN_TEMPLATES = re.compile(
    r"`[^`]*`|'[^']*'|\{[^{}]*\}|https?://|[a-z_]+\.(?:csv|xlsx|zip|json|txt)|(?:CSV|XLSX|Excel|UTF-8|IANA|ISO|Discord|JSON)"
    r"|\b[a-z]+_[a-z_]+\b|/[a-z]+(?: [a-z]+)*|--[a-z]+|\bv\b"
)


def test_templates_hold_no_english_prose():
    """What is left of a template without columns, commands, values and names of formats has no English sentence."""
    texts = {**chinese.CARDS, **chinese.OPTIONS, **chinese.EXPECTED, **chinese_texts.COMMANDS}
    prose = {
        key: re.findall(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", IN_TEMPLATES.sub("·", text)) for key, text in texts.items()
    }
    assert {key for key, found in prose.items() if found} == {"ask.question"}  # its example is in both languages


SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.mark.parametrize("table", ["launches", "stores", "orders", "prices", "events", "sources", "names", "claims"])
def test_each_row_of_the_seeds_is_told_in_chinese(table):
    """What a preview says of a row: its numbers, and nothing of the English sentence between its cells."""
    with (SEEDS / f"{table}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for cells in rows:
        of_chinese, of_english = (words.row(table, cells, {}) for words in (CHINESE, ENGLISH))
        cells_words = set(re.findall("[A-Za-z]+", " ".join(cells.values())))
        rest = [word for word in re.findall("[A-Za-z]{2,}", of_chinese) if word not in cells_words]
        assert [word for word in rest if word not in ("UTC",)] == [], (of_chinese, of_english)
        for name in ("low", "high"):
            if cells.get(name, "").isdigit():
                assert Fraction(cells[name]) in amounts(of_chinese), (of_chinese, of_english)


def test_a_problem_and_a_notice_are_told_in_chinese():
    problem = Problem("orders", 2, "low", "F", "1.5", Message("whole_number"))
    notice = Notice("orders", None, None, None, Message("ids_made", {"count": 3}))
    assert CHINESE.problem(problem).endswith("整数：数量没有小数；如果来源以千、万或百万为单位，请写出全部数字")
    assert "1.5" in CHINESE.problem(problem) and "F" in CHINESE.problem(problem)
    assert "3行没有 id" in CHINESE.notice(notice)
    assert CHINESE.error(PackRefused([problem], "x.csv")).message == "「x.csv」有1个问题"


# traditional


def test_the_traditional_words_are_those_that_the_tool_makes():
    folder = Path(chinese.__file__).parent.with_name("chinese_traditional")
    made = converted()
    assert {path.name for path in folder.glob("*.py")} == made.keys()
    for name, text in made.items():
        assert (folder / name).read_text("utf-8") == text, f"{name}: make traditional, and read what changed"


@pytest.mark.parametrize("line", LINES)
def test_traditional_says_the_same_in_its_own_characters(answers, line):
    simplified, traditional = CHINESE.answer(answers[line]), TRADITIONAL.answer(answers[line])
    assert amounts(traditional.headline.replace("萬", "万")) == amounts(simplified.headline)
    assert traditional.headline == simplified.headline or not re.search(
        "[万单台订锁]", traditional.headline.replace("台", "")
    )


# places and zones


def test_places_and_zones_are_named_in_chinese(seed_snapshot):
    names = Names(seed_snapshot, "zh")
    stores = CHINESE.answer(ask(parse("/orders stores launch:su7", names), seed_snapshot, "zh"))
    assert "北京" in str(stores) and "Beijing" not in stores.headline + str(stores.short)
    changes = CHINESE.answer(ask(parse("/prices changes model:model-y", names), seed_snapshot, "zh"))
    assert "中国" in str(changes) and "China" not in str(changes.short.lines)
    when = CHINESE.answer(ask(parse("/timeline when what:musk-post", names), seed_snapshot, "zh"))
    assert "美国，未说明哪个时区" in when.headline


def test_each_reading_of_a_zone_has_a_chinese_name():
    named = {zone.name for zones in zones_read._BY_WORD.values() for zone in zones}
    worded = {name for name in named if re.search("[a-z]", name)}
    assert worded - set(ZONES) == set()
