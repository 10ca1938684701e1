"""One budget of bytes for the answers of all servers: nobody's answers take more of it than they weigh."""

from __future__ import annotations

import sys

import pytest
from msgspec import Struct, defstruct

from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.serving.ingest import ingest_folder
from salesbot.storage.lru_cache import Cache, LruCache, approximate_size
from salesbot.storage.snapshot import Snapshot
from tests.small_packs import pack_folder


class Part(Struct):
    name: str
    more: tuple[str, ...]


class Growing:
    """What a question reads once and fills as it is asked."""

    def __init__(self) -> None:
        self.rows: list[str] = []


def large(mark: str, count: int = 5_000) -> tuple[Part, ...]:
    return tuple(Part(f"{mark} {number}", (f"{mark}-{number}-a", f"{mark}-{number}-b")) for number in range(count))


def weight(value: object) -> int:
    """The bytes of every part, each counted once."""
    seen: dict[int, object] = {}
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen[id(part)] = part
        if isinstance(part, Struct):
            waiting += [getattr(part, name) for name in part.__struct_fields__]
        elif isinstance(part, tuple | list):
            waiting += part
    return sum(map(sys.getsizeof, seen.values()))


def test_a_large_answer_counts_for_about_what_it_weighs():
    for count in (10, 1_000, 50_000):
        value = large("x", count)
        assert 0.7 < approximate_size(value) / weight(value) < 1.4


def test_every_field_of_a_value_counts():
    fields = [f"field_{number}" for number in range(12)]
    for heavy in fields:
        value = defstruct("Fields", [(name, object) for name in fields])(
            **{name: name == heavy and "x" * 10_000 for name in fields}
        )
        assert 10_000 < approximate_size(value) < 14_000


def test_the_answer_about_many_rows_counts_for_about_what_it_weighs(tmp_path):
    prices = "id,low,high,valid_from\n" + "\n".join(
        f"p{n},{n + 1},{n + 1},20{n // 336 % 30:02}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" for n in range(3_000)
    )
    snapshot = Snapshot(ingest_folder(pack_folder(tmp_path / "pack", prices=prices), tmp_path / "s"))
    answer = ask(parse("/prices history model:one", Names(snapshot)), snapshot)
    assert len(answer.figures) == 3_000
    assert approximate_size(answer) > weight(answer) / 2


def test_all_servers_share_one_budget():
    shared = LruCache(1 << 20)
    servers = [Cache(shared, f"server {number}") for number in range(40)]
    for server in servers:
        for key in range(5):
            server.get_or_make(key, lambda key=key: "x" * 20_000)
    assert shared.bytes <= 1 << 20
    text, entry = sys.getsizeof("x" * 20_000), 1_000  # beside the text: its key, and its place
    assert (1 << 20) // (text + entry) <= len(shared) <= (1 << 20) // text
    assert servers[0].get(4) is None and servers[-1].get(4) is not None


def test_keys_count_and_so_do_entries():
    keys, entries = LruCache(1 << 20), LruCache(100_000)
    for number in range(100):
        keys.get_or_make(("x" * 20_000, number, "y" * 20_000 + str(number)), lambda: 1)
    assert len(keys) < 52
    for number in range(1_000):
        entries.get_or_make(number, lambda: True)
    assert 100 < len(entries) < 250


def test_what_is_larger_than_the_budget_is_answered_and_not_kept():
    cache = LruCache(10_000)
    cache.get_or_make("small", lambda: "x")
    assert len(cache.get_or_make("large", lambda: large("x"))) == 5_000
    assert cache.get("large") is None and cache.get("small") == "x"


def test_what_is_larger_than_the_budget_is_kept_by_the_cache_for_larger_values():
    larger = LruCache(1 << 20)
    cache = LruCache(10_000, for_larger=larger)
    made = []
    for _ in range(2):
        cache.get_or_make("small", lambda: made.append("small") or "x")
        cache.get_or_make("large", lambda: made.append("large") or "x" * 20_000)
    assert made == ["small", "large"]
    assert (len(cache), len(larger)) == (1, 1)
    assert cache.get("large") == larger.get("large")


def test_what_grows_after_it_was_cached_is_weighed_again():
    cache = LruCache(1 << 20)
    for number in range(50):
        growing = cache.get_or_make(("rows", number), Growing)
        growing.rows += [f"{number} {row}" for row in range(2_000)]  # about 130 KB each
        cache.get_or_make(("answer", number), lambda: "an answer")
    kept = [number for number in range(50) if cache.get(("rows", number)) is not None]
    assert 1 < len(kept) < 10 and kept[-1] == 49
    assert cache.bytes <= 1 << 20


def test_what_was_dropped_meanwhile_is_not_brought_back_by_weighing_it():
    cache = LruCache(3_000)
    growing = cache.get_or_make("growing", Growing)
    assert cache.get("growing") is growing
    cache.get_or_make("fills it", lambda: "x" * 2_400)
    assert cache.get("growing") is None
    cache.get_or_make("small", lambda: "y")
    assert cache.get("growing") is None


def test_an_error_is_not_cached():
    cache = LruCache(1_000)
    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("key", lambda: 1 // 0)
    assert cache.get_or_make("key", lambda: 7) == 7
