"""The first card of an answer is one phone screen, says no ids of rows, and a list loses nothing on its pages."""

import re
from pathlib import Path

import pytest

from bot.questions.cards import answer_texts, short_line
from bot.questions.phone_screen import SCREEN, Parts, height, screens
from salesbot.facts import TABLES
from salesbot.words import words_for

README = Path(__file__).parents[2] / "README.md"
GOLDEN = [line for line in re.findall(r"^\| `(/[^`]+)` \|", README.read_text(), re.MULTILINE) if "/data" not in line]
MORE = ["/orders progress launch:su7", "/prices changes", "/claims list", "/timeline events", "/prices show model:su7"]
WORDS = words_for()


def cards(answer):
    text = WORDS.answer(answer)
    small = f"-# {text.asked_as}\n-# {text.short.facts}"
    return text, small, answer_texts(text, WORDS, small=small)


@pytest.mark.parametrize("line", [*GOLDEN, *MORE])
def test_a_card_is_one_phone_screen(seeds, line):
    _, small, pages = cards(seeds(line))
    for texts in pages:
        assert height(texts, small) <= SCREEN


@pytest.mark.parametrize("line", [*GOLDEN, *MORE])
def test_a_card_names_no_row(seeds, seed_snapshot, line):
    if line.startswith("/sources"):
        return
    ids = {
        row.id
        for table in TABLES
        for row in seed_snapshot.facts().rows(table)
        if getattr(row, "id", "-").count("-") > 1
    }
    _, _, pages = cards(seeds(line))
    said = " ".join(text for texts in pages for text in texts).replace("\\", "")
    assert [id for id in ids if re.search(rf"(?<![\w-]){re.escape(id)}(?![\w-])", said)] == []


@pytest.mark.parametrize("line", MORE)
def test_a_list_loses_no_line_on_its_pages(seeds, line):
    text, _, pages = cards(seeds(line))
    shown = [one for texts in pages for block in texts for one in block.split("\n")]
    assert [one for one in map(short_line, text.short.lines) if one not in shown] == []
    assert all("Sources: " not in text for texts in pages[:-1] for text in texts)
    assert re.search(r"Sources: (?!\d+ more)", pages[-1][-1])


def test_what_a_card_leaves_out_is_counted():
    parts = Parts("### A question", lines=tuple(f"figure {n}" for n in range(6)), to_know=tuple("abcd"))
    (texts,) = screens(parts, WORDS)
    assert "figure 3" in texts[1]
    assert "figure 4" not in texts[1]
    assert "4 more under Show working" in texts[2]


def test_long_parts_give_way_and_the_headline_stays():
    long = "a very long sentence of many words " * 6
    parts = Parts(f"### {long}", (long,) * 4, (long,) * 4, long, (long,) * 3, ("one", "two", "three", "four"))
    (texts,) = screens(parts, WORDS)
    assert texts[0].startswith(f"### {long}")
    assert "1 more under" not in texts[-1]
    assert re.search(r"-# \d+ more under Show working", texts[-1])


def test_a_line_of_chinese_is_as_long_as_its_characters_are_wide():
    assert height(["小" * 16], "") == height(["a" * 28], "")
    assert height(["小" * 17], "") > height(["小" * 16], "")
