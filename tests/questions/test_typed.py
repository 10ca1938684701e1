"""Limits of what can be typed, and the choices shown while typing."""

from fractions import Fraction

import pytest

from salesbot.errors import QuestionError, TextError
from salesbot.packs.reading import read_pack
from salesbot.questions.choices import choices
from salesbot.questions.line import parse, written
from salesbot.questions.names import Names
from salesbot.questions.question import BY_VERB, options
from salesbot.questions.typed_values import (
    duration_text,
    looks_like_a_time,
    quantity_text,
    typed_duration,
    typed_quantity,
)
from salesbot.storage.snapshot_writer import open_facts
from tests.small_packs import pack_folder


@pytest.fixture(scope="module")
def names(seed_snapshot):
    return Names(seed_snapshot)


def refusal(line, names):
    with pytest.raises(QuestionError) as error:
        parse(line, names)
    return error.value.message.key, error.value.candidates


def offered(verb, name, text, names, **chosen):
    [option] = [one for one in options(BY_VERB[verb]) if one.name == name]
    return [(one.shown, one.id) for one in choices(verb, option, text, chosen, names)]


def test_a_line_of_2000_characters_is_read(names):
    line = "/prices show model:m7"
    assert written(parse(line + " " * (2000 - len(line)), names)) == line
    assert refusal(line + " " * (2001 - len(line)), names)[0] == "line_too_long"


def test_a_text_of_100_characters_is_taken(names):
    assert parse(f"/prices show model:m7 trim:{'x' * 100}", names).trim == "x" * 100
    assert refusal(f"/prices show model:m7 trim:{'x' * 101}", names)[0] == "bad_value"


def test_quotes_and_backslashes_are_written_so_that_they_are_read_again(names):
    asked = parse(r'/prices show model:m7 trim:"a \"b\" \\c"', names)
    assert asked.trim == 'a "b" \\c'
    assert parse(written(asked), names) == asked
    assert written(parse("/prices show model:m7 trim:RWD", names)).endswith("trim:RWD")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("/orders total now launch:su7", "stray_word"),
        ("/orders total launch:su7 now", "stray_word_after_value"),
        ("/orders total launch:su7 now:", "stray_word"),
        ('/orders total launch:su7 "now', "stray_word"),
        ("/prices compare models:su7", "two_to_ten"),
        ("/prices compare models:su7,SU7,小米SU7", "two_to_ten"),
        ("/claims list verdict:maybe", "unknown_choice"),
        ('/orders total launch:" "', "option_empty"),
    ],
)
def test_a_line_is_refused_for(names, line, key):
    assert refusal(line, names)[0] == key


def test_two_things_and_more_are_named_with_commas_or_vs(names):
    for text in ("su7,model 3", "su7、model 3", "SU7 vs Model 3", "SU7 vs. Model 3", "su7,,model 3,su7"):
        assert parse(f'/prices compare models:"{text}"', names).models == ("su7", "model-3"), text


def test_an_unknown_command_names_those_of_its_group(names):
    of_orders = tuple(verb for verb in BY_VERB if verb.startswith("/orders "))
    assert refusal("/orders", names)[1] == of_orders
    assert refusal("/orders totl", names)[1][0] == "/orders total"
    assert refusal("/orders comparison", names)[1][0] == "/orders compare"
    assert set(refusal("/orders totl", names)[1]) <= set(of_orders)
    assert refusal("/nothing like", names)[1]


def test_a_choice_is_read_with_spaces_hyphens_and_capitals(names):
    for text in ("cannot tell", "Cannot-Tell", "CANNOT_TELL"):
        assert parse(f'/claims list verdict:"{text}"', names).verdict == "cannot tell"


def test_choices_while_typing_hold_the_text(names):
    assert offered("/claims list", "verdict", "AGREES", names) == [("agrees", "agrees"), ("disagrees", "disagrees")]
    assert offered("/claims list", "verdict", "nothing", names) == []


def test_a_typed_value_is_its_own_choice_and_nothing_typed_shows_an_example(names):
    assert offered("/orders total", "within", " 5d ", names) == [("5d", "5d")]
    assert offered("/orders total", "within", " ", names) == []
    assert offered("/orders total", "within", "9" * 100, names) == []
    assert offered("/orders whatif", "stores", "", names) == [("55..60", "55..60")]


def test_an_event_or_time_suggests_events_until_a_time_is_typed(names):
    assert "musk-post" in [id for _, id in offered("/timeline when", "what", "musk", names)]
    assert offered("/timeline when", "what", "2024-03-28", names) == [("2024-03-28", "2024-03-28")]


def test_after_a_comma_the_next_name_is_suggested_behind_the_first(names):
    found = offered("/prices compare", "models", "su7,yu", names)
    assert found[0] == ("su7, YU7", "su7,yu7")
    assert offered("/prices compare", "models", "yu", names)[0] == ("YU7", "yu7")
    assert offered("/prices compare", "models", "x" * 99 + ",yu", names) == []


@pytest.mark.parametrize(
    ("text", "seconds"), [("1m", 60), ("0.5h", 1800), ("3d", 259200), ("3 周", 1814400), ("3660d", 316224000)]
)
def test_a_duration_is_whole_seconds_up_to_ten_years(text, seconds):
    assert typed_duration(text) == seconds
    assert typed_duration(duration_text(seconds)) == seconds


@pytest.mark.parametrize("text", ["0h", "0.001m", "3661d", "-1h", "1"])
def test_what_is_no_duration(text):
    with pytest.raises(TextError):
        typed_duration(text)


@pytest.mark.parametrize(
    ("text", "is_time"),
    [
        ("2024", True),
        ("2024年3月", True),
        ("about 2024-03", True),
        ("123456", False),
        ("https://x.com/a", True),
        ("1" * 15, True),
        ("1" * 14, False),
        ("musk 2024", False),
    ],
)
def test_what_begins_as_a_time_does(text, is_time):
    assert looks_like_a_time(text) is is_time


@pytest.mark.parametrize(
    ("text", "low", "high", "again"),
    [
        ("4-5万", 40000, 50000, "40000..50000"),
        ("4万-5万", 40000, 50000, "40000..50000"),
        ("5..5", 5, 5, "5"),
        (">=5", 5, None, ">=5"),
        ("≤5%", None, "1/20", "<=0.05"),
        ("1.125万", 11250, 11250, "11250"),
        ("1.1250", "9/8", "9/8", "1.1250"),
        ("0.125..1", "1/8", 1, "0.125..1"),
    ],
)
def test_a_number_is_written_so_that_it_is_read_again(text, low, high, again):
    found = typed_quantity(text)
    assert (found.low, found.high) == tuple(None if end is None else Fraction(end) for end in (low, high))
    assert quantity_text(found) == again
    assert (typed_quantity(again).low, typed_quantity(again).high) == (found.low, found.high)


@pytest.mark.parametrize(
    ("text", "key"),
    [("5..4", "range_downward"), ("1.125", "dots_or_decimals"), ("five", "number"), ("1..2..3", "number")],
)
def test_what_is_no_number_says_why(text, key):
    with pytest.raises(TextError) as error:
        typed_quantity(text)
    assert error.value.expected.key == key


def test_a_metric_is_named_by_any_of_its_names(names):
    assert names.resolve("metric", "locked_orders") == "locked_orders"
    assert names.resolve("metric", "Locked Orders") == "locked_orders"
    assert names.suggestions("metric", "lock")[0].id == "locked_orders"


def test_a_metric_is_suggested_by_any_of_its_names_that_begins_so(tmp_path):
    metrics = "id,name,plural,kind,unit,aliases\ntest_drives,test drive,test drives,count,drives,visits"
    snapshot = open_facts(read_pack(pack_folder(tmp_path / "pack", metrics=metrics)), tmp_path / "snapshots")
    for text in ("vis", "test", "test_drives"):
        assert [one.id for one in Names(snapshot).suggestions("metric", text)] == ["test_drives"]
    snapshot.close()


def test_a_suggestion_longer_than_a_choice_may_be_is_cut(tmp_path):
    first, other = "Long " * 11 + "name", "Name " * 11 + "long"
    rows = f"id,kind,name\nacme,brand,Acme\none,model,{first}\none,model,{other}\none,model,One\ntwo,model,Two"
    pack = pack_folder(tmp_path / "pack", names=f"{rows}\none,launch,One\ntwo,launch,Two")
    snapshot = open_facts(read_pack(pack), tmp_path / "snapshots")
    [shown] = [one.shown for one in Names(snapshot).suggestions("model", "name name")]
    assert shown == f"{first} · {other}"[:99] + "…"
    snapshot.close()
