"""What is offered while an option is typed: what the facts hold for what is chosen, and nothing that cannot be asked."""

import pytest

from salesbot.errors import NotInFacts, QuestionError
from salesbot.query import ask
from salesbot.questions.choices import choices
from salesbot.questions.line import parse, written_as_typed
from salesbot.questions.names import Names
from salesbot.questions.question import BY_VERB, NameKind, options


@pytest.fixture(scope="module")
def names(seed_snapshot):
    return Names(seed_snapshot)


def offered(verb, name, text, names, **chosen):
    [option] = [one for one in options(BY_VERB[verb]) if one.name == name]
    return [one.id for one in choices(verb, option, text, chosen, names)]


@pytest.mark.parametrize(
    ("verb", "name", "text", "chosen", "expected"),
    [
        ("/prices show", "trim", "", {"model": "su7"}, ["Standard", "Pro", "Max"]),
        ("/prices show", "trim", "ma", {"model": "小米SU7"}, ["Max"]),
        ("/prices show", "trim", "", {}, []),
        ("/prices show", "trim", "zzz", {"model": "su7"}, []),
        ("/prices show", "region", "", {"model": "su7"}, ["cn"]),
        ("/orders total", "within", "2", {"launch": "su7"}, ["2h", "2d", "2m", "27m", "24h"]),
        ("/orders total", "within", "3 days", {"launch": "su7"}, ["3 days"]),
        ("/orders total", "within", "soon", {"launch": "su7"}, []),
        (
            "/orders total",
            "during",
            "2024-0",
            {"launch": "su7"},
            ["2024-04", "2024-04-08/2024-04-14", "2024-05", "2024-06", "2024-07", "2024-08", "2024-09"],
        ),
        ("/orders total", "during", "2024-q", {"launch": "su7"}, ["2024-Q2", "2024-Q3"]),
        ("/orders total", "during", "2024-04-0", {"launch": "su7"}, ["2024-04-08/2024-04-14"]),
        ("/orders total", "during", "2025-Q1", {"launch": "su7"}, ["2025-Q1"]),
        ("/orders total", "during", "soon", {"launch": "su7"}, []),
        ("/prices show", "on", "2024-04-", {"model": "Model Y"}, ["2024-04-21", "2024-04-01"]),
        ("/prices show", "on", "4月10日", {"model": "su7"}, ["2024-04-10"]),
        ("/timeline check", "first", "1 April 2024", {}, ["1 April 2024"]),
        ("/orders whatif", "stores", "sixty", {}, []),
        ("/orders whatif", "orders", "4.5万", {}, ["4.5万"]),
        ("/orders compare", "launches", "su7,", {}, None),
    ],
)
def test_choices_are_of_what_is_chosen(names, verb, name, text, chosen, expected):
    found = offered(verb, name, text, names, **chosen)
    if expected is None:
        assert "su7,su7" not in found and found
    else:
        assert found == expected


def test_the_moments_of_a_launch_are_its_own(names):
    su7 = offered("/orders progress", "at", "", names, launch="su7")
    assert {"4m", "7m", "27m", "24h"} <= set(su7) and any(one.startswith("2024-04") for one in su7)
    assert set(offered("/orders progress", "at", "", names, launch="yu7")) != set(su7)
    assert not set(offered("/orders total", "within", "", names, launch="su7")) & {"2024-04-30"}


def test_metrics_are_those_that_a_launch_has(names):
    assert {"orders", "locked_orders", "deliveries"} <= set(offered("/orders total", "metric", "", names, launch="su7"))
    every = set(offered("/orders total", "metric", "", names))
    ff91 = set(offered("/orders total", "metric", "", names, launch="ff91"))
    assert ff91 and ff91 < every and "locked_orders" not in ff91


def test_a_speaker_is_offered_by_a_name_in_either_language(names):
    for text in ("Musk", "马斯克", "馬斯克"):
        assert offered("/claims list", "speaker", text, names) == ["Elon Musk"], text


TEXTS = ("", "s", "2", "3 days", "2024", "4月", "m", "a")


@pytest.mark.parametrize("verb", list(BY_VERB))
def test_every_choice_is_read_and_asked(names, seed_snapshot, verb):
    """Each option with each launch or model beside it: the line that the choice makes has an answer."""
    declared = {option.name: option for option in options(BY_VERB[verb])}
    things = [name for name in ("launch", "model") if name in declared]
    contexts = [{}]
    for name in things:
        contexts += [{name: one.id} for one in names.suggestions(name, "")]
    for chosen in contexts:
        for name, option in declared.items():
            if name in chosen or (name == "launches" and len(chosen)):
                continue
            for text in TEXTS:
                for one in choices(verb, option, text, chosen, names):
                    typed = {**chosen, name: one.id}
                    needed = [other for other in declared.values() if other.required and other.name not in typed]
                    if needed or (isinstance(option.kind, NameKind) and option.kind.many and "," not in one.id):
                        continue
                    question = parse(written_as_typed(verb, typed), names)
                    if name in ("trim", "region", "metric"):
                        try:
                            ask(question, seed_snapshot)
                        except NotInFacts:
                            continue
                        except QuestionError as error:
                            pytest.fail(f"{written_as_typed(verb, typed)}: {error}")
