"""The hash of what a pack says."""

from salesbot.facts.content import ContentHash


def hash_of(*rows):
    digest = ContentHash()
    for table, cells in rows:
        digest.add(table, cells)
    return digest.hexdigest("1")


def test_the_same_cells_in_another_table_are_other_facts():
    assert hash_of(("names", ["a", "brand", "A"])) != hash_of(("places", ["a", "brand", "A"]))


def test_a_row_moved_to_the_table_before_makes_other_facts():
    both = hash_of(("sources", ["a"]), ("names", ["b"]))
    assert both != hash_of(("sources", ["a"]), ("sources", ["b"]))
    assert both == hash_of(("sources", ["a"]), ("names", ["b"]))
