"""A cache for any thread that keeps what was used last, within a budget of bytes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator, Mapping
from threading import Lock
from typing import TypeVar, cast

from cachetools import LRUCache
from msgspec import Struct

V = TypeVar("V")
MOST_COUNTED = 5000  # parts of a value that are looked at one by one


class LruCache:
    """The values used last, at most about ``most_bytes`` of them; one that is larger alone is not kept."""

    def __init__(self, most_bytes: int) -> None:
        self._lock = Lock()
        self._values: LRUCache[Hashable, object] = LRUCache(most_bytes, approximate_size)

    def get(self, key: Hashable) -> object | None:
        """The value of ``key``, if it is cached."""
        with self._lock:
            return self._values.get(key)

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of ``key``, made now if it is not cached. An error of ``make`` is raised and not cached."""
        value = self.get(key)
        if value is None:
            value = make()
            with self._lock:
                try:
                    self._values[key] = value
                except ValueError:  # larger than the whole budget
                    self._values.pop(key, None)
        return cast(V, value)

    @property
    def bytes(self) -> int:
        """About how many bytes are cached."""
        return int(self._values.currsize)

    def __len__(self) -> int:
        return len(self._values)


class Cache:
    """The part of a shared cache that one owner sees: ``prefix`` tells its keys from those of the others."""

    def __init__(self, shared: LruCache, prefix: Hashable) -> None:
        self._shared, self.prefix = shared, prefix

    def get(self, key: Hashable) -> object | None:
        """The value of ``key``, if it is cached."""
        return self._shared.get((self.prefix, key))

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of ``key``, made now if it is not cached. An error of ``make`` is raised and not cached."""
        return self._shared.get_or_make((self.prefix, key), make)


def approximate_size(value: object) -> int:
    """About how many bytes a value takes with all its parts, each counted once."""
    seen: set[int] = set()
    waiting, total = [value], 0
    while waiting and len(seen) < MOST_COUNTED:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        total += sys.getsizeof(part)
        waiting += _parts(part)
    return total if not waiting else total * 2


def _parts(value: object) -> Iterator[object]:
    if isinstance(value, Struct):
        yield from (getattr(value, name) for name in value.__struct_fields__)
    elif isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, tuple | list | set | frozenset):
        yield from value
