"""Cards keep every limit of Discord, whatever the pack holds; nothing is cut, nothing in it is markup."""

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_io.escape import escape, link
from bot.discord_io.layout import pages, pieces
from bot.errors import error_card
from bot.questions.cards import answer_page, short_line, working_blocks
from bot.state.custom_ids import STORED, TEMPLATE, LongLines, Press
from salesbot.errors import PackRefused, Problem, QuestionError, message
from salesbot.packs.reading import read_pack
from salesbot.storage.snapshot_writer import open_facts
from salesbot.words import words_for
from tests.small_packs import asking, pack_folder

WORDS = words_for()


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A pack with 60 moves of long names on one day, and notes as long as a cell may be."""
    folder = tmp_path_factory.mktemp("big")
    note = "*" * 1000
    rows = [f"p{n},Trim {n} {'长' * 60},{1000 + n},{1000 + n},{n % 900 + 1},2024-04-01,{note}" for n in range(60)]
    tables = {"prices": "id,trim,low,high,previous,valid_from,note\n" + "\n".join(rows)}
    return asking(open_facts(read_pack(pack_folder(folder / "pack", **tables)), folder / "snapshots"))


LINES = ["/prices changes", "/prices show model:one", "/prices history model:one", "/prices changes model:one"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("action", ["answer", "working"])
def test_every_page_of_the_largest_answer_fits(big, line, action):
    answer = big(line)
    text = WORDS.answer(answer)
    told = [line for block in working_blocks(text, WORDS) for line in block.lines]
    told = told if action == "working" else list(map(short_line, text.short.lines))
    shown = []
    count = 10_000
    number = 1
    while number <= count:
        press = Press(action, text.asked_as, "0" * 8, number)
        page = answer_page(answer, press, WORDS, is_private=True)
        count = int(page.small.rpartition(" of ")[2]) if "Page" in page.small else 1
        view = page.view()
        assert view.content_length() <= 4000
        assert sum(1 for _ in view.walk_children()) <= 40
        for item in view.walk_children():
            if isinstance(item, ui.Button):
                assert len(item.custom_id) <= 100
                assert len(item.label) <= 80
        shown += page.texts
        number += 1
    everything = "".join("".join(shown).split())
    for whole in told:
        for piece in pieces(whole, 1000):
            assert "".join(piece.split())[:900] in everything


def test_a_press_too_long_for_a_button_is_stored_under_its_key(tmp_path):
    line = "/timeline check first:" + "x" * 200
    press = Press("working", line, "0" * 8)
    custom_id = press.custom_id()
    assert len(custom_id) <= 100
    match = TEMPLATE.fullmatch(custom_id)
    assert STORED.fullmatch(match["line"])
    lines = LongLines(tmp_path / "lines.sqlite")
    assert lines.read(match) is None
    lines.store(line)
    assert lines.read(match) == press
    lines.close()


def test_problems_too_many_for_a_card_come_whole_in_a_file():
    problems = [Problem("orders", n, "low", f"E{n}", "x" * 60, message("plain_number")) for n in range(500)]
    shown = error_card(PackRefused(problems, "pack.zip"), WORDS)
    assert shown.attached[0][1].count(b"\n") == 499
    assert shown.view.content_length() <= 4000


@pytest.mark.parametrize(
    "text",
    [
        "**bold** __under__ ~~gone~~ `code` ||spoiler||",
        "[click](https://evil.example)",
        "https://evil.example/x",
        "<@123> <@&4> <#5>",
        "<t:0:R> </help:1> <:e:1> <id:customize>",
        "@everyone",
        "# head\n- list\n1. one\n> quote\n-# small",
        "a\u202eb\u200bc\u0007d",
    ],
)
def test_text_of_packs_and_people_can_do_nothing(text):
    safe = escape(text)
    for mark in ("**", "~~", "||", "://", "\u202e", "\u200b", "\u0007"):
        assert mark not in safe.replace("\\*", "").replace("\\~", "").replace("\\|", "").replace(":\\//", "")
    for opener in ("<", "[", "`", "@"):
        assert safe.count(opener) == safe.count("\\" + opener)
    assert not any(line.lstrip().startswith(("#", "-", ">", "1.")) for line in safe.splitlines())


@given(st.text(max_size=300), st.integers(5, 50))
def test_a_long_line_is_broken_not_cut(text, longest):
    safe = escape(text).replace("\n", " ")
    found = list(pieces(safe, longest))
    assert "".join(found) == safe
    assert all(len(piece) <= longest for piece in found)


def test_a_link_shows_the_words_given_and_leads_where_the_pack_says():
    assert link("a](b", "https://x.example/(y)") == "[a\\](b](<https://x.example/%28y%29>)"


def test_an_error_is_a_sentence_with_what_to_type():
    error = QuestionError("unknown_name", ["SU7 (su7)"], kind="launch", text="su8")
    shown = str(error_card(error, WORDS).view.to_components())
    for part in ("No launch is called 'su8'", "Pick a name while you type, or one of these", "- SU7 (su7)"):
        assert part in shown


def test_a_page_of_nothing_is_one_page():
    assert pages([]) == [[]]
