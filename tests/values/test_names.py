"""Which spellings are one name, and which names are nearest to a mistyped one."""

import pytest

from salesbot.values.name_keys import CHUNK, name_key, nearest


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Model Y", "ｍｏｄｅｌ-y", True),
        ("Citroën", "citroen", True),
        ("Pro", "Pro+", False),
        ("小米 SU7", "小米su7", True),
        ("Škoda 2", "skoda2", True),
        ("हिन्दी", "हन्द", False),  # vowel signs are letters of their script
        ("++", "+", False),
        ("--", "-", False),  # a text of signs only is its own key
        ("--", "- -", True),
    ],
)
def test_two_spellings_of_one_name(one, other, is_same):
    assert (name_key(one) == name_key(other)) is is_same


def test_the_nearest_names_come_best_first_each_once():
    names = ["Model X", "Model Y", "Cybertruck", "Model Y"]
    assert nearest("Modl Y", names)[0] == "Model Y"
    assert len(nearest("Modl Y", names)) == len(set(nearest("Modl Y", names)))
    assert "Cybertruck" not in nearest("Modl Y", names)


def test_a_name_is_found_wherever_it_stands_among_many():
    others = [f"{number:05}" for number in range(CHUNK)]
    for names in (["Cybertruck", *others], [*others, "Cybertruck"], [*others[1:], "Cybertruck"]):
        assert nearest("Cybertrukc", names) == ["Cybertruck"]


def test_at_most_five_names_are_given_unless_more_are_asked_for():
    names = [f"Model {letter}" for letter in "ABCDEFGH"]
    assert len(nearest("Model", names)) == 5
    assert len(nearest("Model", names, limit=2)) == 2
