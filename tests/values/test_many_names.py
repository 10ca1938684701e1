"""Of many names the nearest to a mistyped one are those that a comparison with each would find."""

import random
import string

import pytest

from salesbot.values.many_names import MOST_COMPARED, ManyNames
from salesbot.values.name_keys import nearest


def word(chance):
    return "".join(chance.choice(string.ascii_lowercase) for _ in range(chance.randint(4, 9)))


@pytest.fixture(scope="module")
def names():
    chance = random.Random(7)
    words = [word(chance) for _ in range(600)]
    made = {
        f"{chance.choice(words).title()} {chance.choice(words).title()} {chance.randint(1, 99)}" for _ in range(4000)
    }
    return sorted(made | {"小米SU7", "理想MEGA", "Model Y"})


def mistyped(name, chance):
    at = chance.randrange(1, len(name) - 1)
    return chance.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[:at] + chance.choice(string.ascii_lowercase) + name[at:],
            name.upper(),
        ]
    )


def test_the_nearest_are_those_of_a_comparison_with_each(names):
    assert len(names) > MOST_COMPARED
    many, chance = ManyNames(names), random.Random(2026)
    for name in chance.sample(names, 200):
        text = mistyped(name, chance)
        assert many.nearest(text)[0] == nearest(text, names)[0]


def test_short_and_chinese_names_are_found_too(names):
    many = ManyNames(names)
    assert many.nearest("小米SU8")[0] == "小米SU7"
    assert many.nearest("modle y")[0] == "Model Y"
    assert many.nearest("") == many.nearest("???") == []


def test_few_names_are_all_compared():
    few = ManyNames(["SU7", "YU7", "Model 3"])
    assert few.nearest("sU 7") == nearest("sU 7", ["SU7", "YU7", "Model 3"])
