"""The small faults that mutation testing puts into a module."""

import textwrap

from tools.mutants.mutations import mutants, sample

MODULE = '''
    """1 < 2"""
    from typing import TYPE_CHECKING
    if TYPE_CHECKING:
        LIMIT = 1
    def least(values: list[1], log=None) -> 1:
        """Not 0."""
        assert values and 1
        log.info(1)
        values.sort()
        if not values or len(values) <= 2:
            return None
        return min(values) + 0
'''


def changed(tmp_path, text=MODULE):
    (tmp_path / "module.py").write_text(textwrap.dedent(text), encoding="utf-8")
    return {
        (mutant.line, mutant.text.splitlines()[mutant.line - 1].strip()) for mutant in mutants(tmp_path, "module.py")
    }


def test_operators_constants_conditions_returns_and_calls_are_changed(tmp_path):
    assert changed(tmp_path) == {
        (10, "pass"),
        (11, "if not (not values or len(values) <= 2):"),
        (11, "if not values and len(values) <= 2:"),
        (11, "if (values) or len(values) <= 2:"),
        (11, "if not values or len(values) < 2:"),
        (11, "if not values or len(values) > 2:"),
        (13, "return None"),
        (13, "return max(values) + 0"),
        (13, "return min(values) - 0"),
        (13, "return min(values) + 1"),
    }


def test_a_seed_always_draws_the_same_mutants_and_an_edit_elsewhere_leaves_them(tmp_path):
    changed(tmp_path)
    drawn = [mutant.key for mutant in sample(tmp_path, ["."], 5, 1)]
    assert [mutant.key for mutant in sample(tmp_path, ["module.py"], 5, 1)] == drawn
    assert len(set(drawn)) == 5
    assert [mutant.key for mutant in sample(tmp_path, ["."], 5, 2)] != drawn
    changed(tmp_path, MODULE.replace("from typing", "import re\n    from typing"))
    assert [mutant.key for mutant in sample(tmp_path, ["."], 5, 1)] == drawn


def test_a_mutant_shows_the_lines_that_differ(tmp_path):
    changed(tmp_path, "def one():\n    return 1\n")
    assert [mutant.diff for mutant in sample(tmp_path, ["module.py"], 9, 1) if mutant.text.endswith("2\n")] == [
        "    -    return 1\n    +    return 2"
    ]
