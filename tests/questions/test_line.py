"""The slash line: read as people type it, written so that it asks the same again."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesbot.errors import QuestionError
from salesbot.questions.choices import choices
from salesbot.questions.line import parse, written
from salesbot.questions.names import Names
from salesbot.questions.question import BY_VERB, options
from salesbot.questions.typed_values import typed_quantity
from salesbot.values.quantity import Quantity
from salesbot.words import words_for
from tests.small_packs import text_of_error

MUSK_POST = "Musk post on judging technology by physical limits (musk-post)"


@pytest.fixture(scope="module")
def names(seed_snapshot):
    return Names(seed_snapshot)


@pytest.mark.parametrize(
    ("typed", "asked_as"),
    [
        ("/orders total launch:su7 within:72h", "/orders total launch:su7 within:72h"),
        ("/orders total launch:小米SU7 within:3d", "/orders total launch:su7 within:72h"),
        ("orders total launch:“ｘｉａｏｍｉ　su 7” within:3D", "/orders total launch:su7 within:72h"),
        ("/orders total launch：su7 within：1w", "/orders total launch:su7 within:168h"),
        ("/ORDERS Total LAUNCH:SU7 within:90m", "/orders total launch:su7 within:90m"),
        ('/prices show model:"Model Y" trim:RWD on:2024-04-10', "/prices show model:model-y trim:RWD on:2024-04-10"),
        ("/prices show model:问界M7", "/prices show model:m7"),
        (
            '/timeline check first:"2024-03-28 10:00 CST" second:su7-launch',
            '/timeline check first:"2024-03-28 10:00 CST" second:su7-launch',
        ),
        ("/timeline check first:马斯克发文 second:SU7发布会", "/timeline check first:musk-post second:su7-launch"),
        ("/orders total metric:locked_orders launch:su7", "/orders total launch:su7 metric:locked_orders"),
        ("/sources show id:S006", "/sources show id:s006"),
    ],
)
def test_a_line_is_read_as_typed_and_written_with_ids(names, typed, asked_as):
    asked = parse(typed, names)
    assert written(asked) == asked_as
    assert parse(asked_as, names) == asked


@pytest.mark.parametrize(
    ("line", "message", "candidate"),
    [
        ("/orders total launch:su8", "no launch is called 'su8'", "SU7 (su7)"),
        ("/ordres total launch:su7", "no question is called '/ordres total'", "/orders total"),
        ("/orders totl launch:su7", "no question is called '/orders totl'", "/orders total"),
        ("/orders", "no question is called '/orders'", "/orders total"),
        ("", "no question is called '/'", "/orders total"),
        ("/orders total", "/orders total needs launch", None),
        ("/orders total launch:su7 wihtin:3d", "/orders total has no option 'wihtin'", "within"),
        ("/orders total launch:su7 launch:su7", "the option 'launch' is given twice", None),
        ("/orders total launch:su7 within:soon", "'soon' does not fit within write it as 90m, 72h, 3d or 1w", None),
        ("/orders total launch:su7 within:0h", "'0h' does not fit within write it as 90m, 72h, 3d or 1w", None),
        ("/prices show model:Model Y", "'Y' stands alone", None),
        ("/prices show model:model", "'model' names several things", "Model 3 (model-3)"),
        ("/timeline check first:musk second:su7-launch", "'musk' names several things", MUSK_POST),
        ("/timeline check first:sometime second:su7-launch", "no event is called 'sometime'", None),
        ("/prices show model:m7 on:soon", "'soon' does not fit on write it as 2024-03-28", None),
        (
            '/timeline check first:"2024-03-10 02:30 Eastern" second:su7-launch',
            "does not fit first a clock time that comes in its zone",
            None,
        ),
        ("/orders total launch:su7 metric:lockd", "the facts have no metric 'lockd'", "locked_orders"),
        ("/orders total launch:", "is not an option with a value", None),
        ("/sources show id:s6", "no source has the id or publisher 's6'", "s006"),
        ("/orders total launch:" + "x" * 200, "is longer than any name", None),
        ("/orders total " + "x" * 3000, "the line is too long", None),
    ],
)
def test_a_wrong_line_says_what_was_typed_and_what_to_type(names, line, message, candidate):
    with pytest.raises(QuestionError) as error:
        parse(line, names)
    assert message in text_of_error(error.value)
    assert candidate is None or candidate in error.value.candidates
    assert words_for().error(error.value).hint


@given(st.text(max_size=80))
def test_any_text_is_a_question_or_a_question_error(names, text):
    try:
        asked = parse(text, names)
    except QuestionError:
        return
    assert parse(written(asked), names) == asked


@given(st.sampled_from(sorted(BY_VERB)), st.data())
def test_any_option_value_is_taken_or_refused_politely(names, verb, data):
    given_options = [
        f'{o.name}:"{data.draw(st.text(max_size=30)).translate({34: None, 92: None})}"' for o in options(BY_VERB[verb])
    ]
    try:
        asked = parse(f"{verb} {' '.join(given_options)}", names)
    except QuestionError as error:
        assert text_of_error(error)
        return
    assert parse(written(asked), names) == asked


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("45000", 45000, 45000),
        ("45,000", 45000, 45000),
        ("45k", 45000, 45000),
        ("4.5万", 45000, 45000),
        ("1,100万", 11_000_000, 11_000_000),
        ("38%", "19/50", "19/50"),
        ("0.38", "19/50", "19/50"),
        ("55..60", 55, 60),
        ("55-60", 55, 60),
        (">=40000", 40000, None),
        (">= 30", 30, None),
        ("16.4亿", 1_640_000_000, 1_640_000_000),
    ],
)
def test_numbers_are_read_exactly_in_every_usual_form(text, low, high):
    found = typed_quantity(text)
    assert isinstance(found, Quantity)
    assert (found.low, found.high) == (Fraction(low), None if high is None else Fraction(high))


@pytest.mark.parametrize(
    ("kind", "text", "first"),
    [("launch", "小", "su7"), ("event", "马斯克", "musk-post"), ("model", "问界", "m7"), ("brand", "小鹏", "xpeng")],
)
def test_names_are_suggested_in_any_script(names, kind, text, first):
    assert names.suggestions(kind, text)[0].id == first


@pytest.mark.parametrize("text", ["", "a", "su", "x" * 100, "小", "%_'"])
def test_suggestions_keep_discords_limits(names, text):
    for question in BY_VERB.values():
        for option in options(question):
            found = choices(question.verb, option, text, {}, names)
            assert len(found) <= 25
            assert all(1 <= len(o.shown) <= 100 and 1 <= len(o.id) <= 100 for o in found)


def test_an_alias_that_two_things_share_asks_which(facts):
    ask = facts(
        names="id,kind,name\nacme,brand,Acme\none,model,One\none,launch,Star\ntwo,launch,Star\none,launch,One\ntwo,model,Two"
    )
    with pytest.raises(QuestionError) as error:
        ask("/orders total launch:star")
    assert len(error.value.candidates) == 2
