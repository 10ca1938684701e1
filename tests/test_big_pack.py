"""The packs that the bench grows are packs like any other."""

import pytest

from benchmarks.big_pack import big_pack
from salesbot import packs as pack


@pytest.mark.parametrize("facts", [110, 3000])
def test_a_pack_of_any_size_has_as_many_facts_as_asked_and_no_problem(tmp_path, facts):
    read = pack.read(big_pack(tmp_path / "big", facts))
    assert (
        sum(len(read.rows(table)) for table in ("sources", "names", "launches", "stores", "orders", "prices", "events", "claims")) == facts
    )
