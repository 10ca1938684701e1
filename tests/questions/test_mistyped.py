"""What people type, mistyped and colloquial: each line with what it is read as, or what is offered to press instead."""

import csv
from pathlib import Path

import pytest

from salesbot.errors import QuestionError
from salesbot.query import ask
from salesbot.questions.line import parse, written
from salesbot.questions.names import Names

with Path(__file__).with_name("mistyped.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


@pytest.fixture(scope="module")
def names(seed_snapshot):
    return Names(seed_snapshot)


def test_there_are_sixty_and_more():
    assert len(ROWS) >= 60
    assert sum(bool(row["error"]) for row in ROWS) >= 25


@pytest.mark.parametrize("row", ROWS, ids=[row["typed"] for row in ROWS])
def test_a_line_is_read_or_something_that_works_is_offered(names, seed_snapshot, row):
    try:
        asked = parse(row["typed"], names)
        ask(asked, seed_snapshot)
    except QuestionError as error:
        lines = [line for _, line in error.lines]
        assert (error.message.key, " | ".join(lines[:3])) == (row["error"], row["offered"])
        assert lines
        for line in lines:
            try:
                ask(parse(line, names), seed_snapshot)
            except QuestionError as next:
                assert next.message.key == "ambiguous_name" and next.lines  # of another option: asked one by one
    else:
        assert written(asked) == row["asked_as"]
