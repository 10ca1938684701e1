"""A short fuzz of every command, of packs and of uploads, the same each time; the long one is ``make fuzz``."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesbot.errors import PackRefused
from salesbot.questions.names import Names
from salesbot.serving.ingest import ingest_folder
from salesbot.settings import seed_pack
from tools.fuzzing.fuzz_lines import one
from tools.fuzzing.fuzz_packs import Tables, one_pack, one_upload, refusal, seeds

CHANCES = st.integers(0, 2**32 - 1).map(random.Random)


@pytest.mark.parametrize("seed", range(4))
def test_any_options_on_any_command_give_an_answer_or_say_what_to_type(seed_snapshot, seed):
    chance = random.Random(seed)
    outcomes = {one(seed_snapshot, Names(seed_snapshot), chance) for _ in range(150)}
    assert {"answered", "QuestionError"} <= outcomes


@pytest.fixture(scope="session")
def tables() -> Tables:
    return seeds()


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ingest_folder(seed_pack(), tmp_path_factory.mktemp("live"))


@given(chance=CHANCES)
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
def test_a_mutated_pack_is_refused_at_its_place_or_answers_as_any_other(tmp_path_factory, tables, chance):
    assert one_pack(chance, tmp_path_factory.mktemp("pack"), tables) in ("refused", "taken in")


@given(chance=CHANCES)
@settings(max_examples=8, deadline=None, derandomize=True, database=None)
def test_a_mutated_upload_is_refused_at_its_place_or_answers_as_any_other(tmp_path_factory, tables, live, chance):
    assert one_upload(chance, tmp_path_factory.mktemp("upload"), tables, live).split()[1] in ("refused", "taken")


@pytest.mark.parametrize("name", ["\x1b[31mnote", "no\u202ete", "a\nb", "x" * 5000, "@everyone"])
def test_a_problem_with_a_columns_name_shows_nothing_hidden_and_stays_short(tmp_path, tables, name):
    header, *rows = tables["stores"]
    pack = tmp_path / "pack"
    pack.mkdir()
    for path in seed_pack().glob("*.csv"):
        (pack / path.name).write_bytes(path.read_bytes())
    (pack / "stores.csv").write_text(
        "\n".join(",".join([*row, text]) for row, text in ((header, f'"{name}"'), (rows[0][:3], ""))), "utf-8"
    )
    with pytest.raises(PackRefused) as refused:
        ingest_folder(pack, tmp_path / "snapshots")
    assert refusal(refused.value) == "refused"
