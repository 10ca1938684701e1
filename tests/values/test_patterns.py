"""Patterns that are compiled when they are first used."""

import copy
import random
import re

import pytest

from salesbot.facts.cells import ID_PATTERN, PLAIN_NUMBER, WHOLE_PATTERN
from salesbot.values.patterns import compiled_at_use, every


def test_a_pattern_finds_what_a_compiled_one_finds():
    text, flags = r"(?P<day>[0-9]{1,2})\s*(?P<month>apr|may)", re.IGNORECASE
    ours, theirs = compiled_at_use(text, flags), re.compile(text, flags)
    for said in ("3 April, 4 MAY", "on 30 apr", "never", ""):
        for name in ("match", "fullmatch", "search"):
            found, expected = getattr(ours, name)(said), getattr(theirs, name)(said)
            assert (found and found.groupdict()) == (expected and expected.groupdict())
        assert ours.findall(said) == theirs.findall(said)
        assert ours.sub("x", said) == theirs.sub("x", said)
    assert (ours.pattern, ours.flags, ours.groupindex) == (theirs.pattern, theirs.flags, theirs.groupindex)


def test_it_is_compiled_at_its_first_use_and_once(monkeypatch):
    compiled = []
    compile = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: (compiled.append(given), compile(*given))[1])
    number = compiled_at_use("[0-9]+")
    assert compiled == []
    assert [bool(number.fullmatch(text)) for text in ("1", "x", "2")] == [True, False, True]
    assert compiled == [("[0-9]+", 0)]


def test_what_is_no_pattern_is_refused_at_its_first_use():
    wrong = compiled_at_use("(")
    with pytest.raises(re.error):
        wrong.match("x")


@pytest.mark.parametrize("pattern", [ID_PATTERN, PLAIN_NUMBER, f"(?:{PLAIN_NUMBER})?", f"{WHOLE_PATTERN}?", "a|b.*"])
def test_every_looks_at_each_of_many_texts(pattern):
    chance, one, all_of = random.Random(1), re.compile(pattern), every(pattern)
    texts = [
        "",
        "0",
        "7",
        "12345",
        "1.5",
        "1.50",
        "su7",
        "b-1",
        "a",
        "bc",
        "A",
        "-1",
        "1\n2",
        "\n",
        "7\n",
        "\r",
        " 7",
        "七",
    ]
    seen = set()
    for _ in range(3_000):
        some = chance.choices(texts, k=chance.randrange(4))
        seen.add(all_of(some))
        assert all_of(some) == all(map(one.fullmatch, some)), some
    assert seen == {True, False}


def test_a_pattern_can_be_copied():
    assert copy.copy(compiled_at_use("[0-9]+")).fullmatch("12")
