"""The documentation fails when it stops being true."""

import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from salesbot import errors
from salesbot.questions.question import QUESTIONS
from salesbot.words import words_for
from salesbot.words.as_json import as_json

ROOT = Path(__file__).parents[1]
WORDS = words_for()
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(/(?!data)[^`]+)` \| (.+) \|$", README, re.MULTILINE)
GENERATED = runpy.run_path(str(ROOT / "docs" / "generate.py"))["GENERATED"]


@pytest.mark.parametrize(("line", "answer"), EXAMPLES)
def test_an_example_of_the_readme_answers_as_it_says(seeds, line, answer):
    assert answer in WORDS.headline(seeds(line))


def test_the_readme_shows_examples_and_its_two_commands():
    assert len(EXAMPLES) >= len(QUESTIONS)
    assert "make try" in README
    assert "make test" in README


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.verb)
def test_the_example_of_every_command_works(seeds, question):
    text = WORDS.answer(seeds(question.example))
    assert text.headline
    assert text.asked_as.startswith(question.verb)


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
    page = (ROOT / "docs" / "json.md").read_text("utf-8")
    for question in QUESTIONS:
        keys = set(keys_of(json.loads(json.dumps(as_json(seeds(question.example), WORDS)))))
        assert {"asked_as", "figures"} <= keys
        assert not [key for key in keys if f"`{key}`" not in page], question.verb


def keys_of(value: object) -> Iterator[str]:
    """Every key of a JSON value, at any depth."""
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from keys_of(part)


def test_every_file_of_the_data_folder_is_described():
    """Each file that the bot makes there is named where its data lie, and how a loss is made good."""
    sources = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "src" / "salesbot").rglob("*.py")]
    made = {name for path in sources for name in re.findall(r'"(\w+\.sqlite)"', path.read_text("utf-8"))}
    assert len(made) >= 9
    for page in ("architecture.md", "operate.md"):
        text = (ROOT / "docs" / page).read_text("utf-8")
        assert [name for name in sorted(made) if f"`{name}`" not in text] == [], page
