"""A short fuzz of every command, the same each time; the long one is ``make fuzz``."""

import random

import pytest
from fuzz_run import one

from salesbot.names import Names


@pytest.mark.parametrize("seed", range(4))
def test_any_options_on_any_command_give_an_answer_or_say_what_to_type(seed_store, seed):
    chance = random.Random(seed)
    outcomes = {one(seed_store, Names(seed_store), chance) for _ in range(150)}
    assert {"answered", "QuestionError"} <= outcomes
