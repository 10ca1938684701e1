"""The documentation fails when it stops being true."""

import json
import re
import runpy
from pathlib import Path

import pytest

from salesbot import errors
from salesbot.questions.question import QUESTIONS
from salesbot.words.english import English

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(/(?!data)[^`]+)` \| (.+) \|$", README, re.MULTILINE)
GENERATED = runpy.run_path(str(ROOT / "docs" / "generate.py"))["GENERATED"]


@pytest.mark.parametrize(("line", "answer"), EXAMPLES)
def test_an_example_of_the_readme_answers_as_it_says(seeds, line, answer):
    assert answer in English().headline(seeds(line))


def test_the_readme_shows_examples_and_its_two_commands():
    assert len(EXAMPLES) >= len(QUESTIONS)
    assert "make try" in README
    assert "make test" in README


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.verb)
def test_the_example_of_every_command_works(seeds, question):
    said = English().say(seeds(question.example))
    assert said.headline
    assert said.asked_as.startswith(question.verb)


@pytest.mark.parametrize("path", GENERATED)
def test_what_is_generated_is_up_to_date(path):
    assert (ROOT / path).read_text("utf-8") == GENERATED[path](), f"run python docs/generate.py ({path})"


def test_the_error_tree_of_the_docstring_is_the_real_one():
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__))
    assert drawn == {kind.__name__ for kind in errors.SalesbotError.__subclasses__()}


def test_pictures_of_the_readme_are_there():
    for picture in re.findall(r'src="([^"]+)"', README):
        assert (ROOT / picture).stat().st_size > 10_000


def test_json_keys_are_documented(seeds):
    from salesbot.words.as_json import as_json

    page = (ROOT / "docs" / "json.md").read_text("utf-8")
    for question in QUESTIONS:
        found = json.loads(json.dumps(as_json(seeds(question.example), English())))
        keys = set(found) | {key for figure in found["figures"] for key in figure}
        assert not [key for key in keys if f"`{key}`" not in page], question.verb
