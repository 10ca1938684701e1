"""The packs that the bench grows are packs like any other."""

import pytest

from benchmarks.big_pack import big_pack
from salesbot.facts import TABLES
from salesbot.packs.reading import read_pack


@pytest.mark.parametrize("facts", [110, 3000])
def test_a_pack_of_any_size_has_as_many_facts_as_asked_and_no_problem(tmp_path, facts):
    read = read_pack(big_pack(tmp_path / "big", facts))
    assert sum(len(read.rows(table)) for table in TABLES) == facts
