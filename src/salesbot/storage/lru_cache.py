"""A cache for any thread that keeps what was used last, within a budget of bytes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime
from fractions import Fraction
from threading import Lock
from types import FunctionType, ModuleType
from typing import Any, TypeVar, cast

from cachetools import LRUCache
from msgspec import Struct
from msgspec.structs import astuple

V = TypeVar("V")
MOST_COUNTED = 20_000  # parts of a value that are looked at one by one
BYTES_OF_AN_ENTRY = 400  # beside its key and its value: its places in three dictionaries, and its weight
SAMPLED = 3  # parts of one collection that are looked at; the others are taken to be like them
COLLECTIONS = (tuple, list, set, frozenset, dict)
LEAVES = frozenset({str, int, bool, float, bytes, type(None), date, datetime, Fraction})
ELSEWHERE = {"snapshot", "_snapshot", "facts", "_facts"}  # attributes with a place of their own in the cache


class _Weighed(Struct):
    """A value with its weight, how often it was used, and at which use it is weighed again."""

    value: object
    bytes: int
    uses: int = 0
    due: int = 1


class LruCache:
    """The values used last, at most about ``most_bytes`` of them with their keys.

    One that is larger alone is not kept, or by the cache ``for_larger``.

    A value that can grow is weighed again, with the next value that is cached, each time its uses have doubled:
    so it is never much heavier than it counts, and what is used all the time is hardly ever weighed.
    """

    def __init__(self, most_bytes: int, for_larger: LruCache | None = None) -> None:
        self._for_larger = for_larger
        self._lock = Lock()
        self._values: LRUCache[Hashable, _Weighed] = LRUCache(most_bytes, lambda weighed: weighed.bytes)
        self._used: dict[Hashable, _Weighed] = {}  # to be weighed again

    def get(self, key: Hashable) -> object | None:
        """The value of ``key``, if it is cached."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None if self._for_larger is None else self._for_larger.get(key)
            if hasattr(found.value, "__dict__"):
                found.uses += 1
                if found.uses >= found.due:
                    self._used[key] = found
            return found.value

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of ``key``, made now if it is not cached. An error of ``make`` is raised and not cached."""
        value = self.get(key)
        if value is None:
            value = make()
            with self._lock:
                used, self._used = self._used, {}
            again = {
                one: _Weighed(known.value, _weight(one, known.value), known.uses, known.uses * 2)
                for one, known in used.items()
            }
            new = _Weighed(value, _weight(key, value))
            if self._for_larger is not None and new.bytes > self._values.maxsize:
                return self._for_larger.get_or_make(key, lambda: value)
            with self._lock:
                for one, found in (*again.items(), (key, new)):
                    self._keep(one, found, is_new=one == key)
                if hasattr(value, "__dict__"):
                    new.uses = 1
                    self._used[key] = new  # who made it fills it next
        return cast(V, value)

    def _keep(self, key: Hashable, found: _Weighed, *, is_new: bool) -> None:
        if not is_new and key not in self._values:
            return
        try:
            self._values[key] = found
        except ValueError:  # larger than the whole budget
            self._values.pop(key, None)

    @property
    def bytes(self) -> int:
        """About how many bytes are cached."""
        return int(self._values.currsize)

    def __len__(self) -> int:
        return len(self._values)


class Cache:
    """The part of a shared cache that one owner sees: ``prefix`` tells its keys from those of the others."""

    def __init__(self, shared: LruCache, prefix: str) -> None:
        self._shared, self.prefix = shared, prefix

    def get(self, key: Hashable) -> object | None:
        """The value of ``key``, if it is cached."""
        return self._shared.get((self.prefix, key))

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of ``key``, made now if it is not cached. An error of ``make`` is raised and not cached."""
        return self._shared.get_or_make((self.prefix, key), make)


def _weight(key: Hashable, value: object) -> int:
    return BYTES_OF_AN_ENTRY + approximate_size((key, value))


def approximate_size(value: object) -> int:
    """About how many bytes a value takes with all its parts, each counted once; of large collections some parts."""
    seen: set[int] = set()
    waiting: list[tuple[object, float]] = [(value, 1.0)]
    total = sys.getsizeof(value) * 1.0
    while waiting and len(seen) < MOST_COUNTED:
        whole, times = waiting.pop()
        parts = _parts(whole, type(whole))
        if len(parts) > SAMPLED and isinstance(whole, COLLECTIONS):
            step = len(parts) / SAMPLED
            parts, times = [parts[int(number * step)] for number in range(SAMPLED)], times * step
        for part in parts:
            if part is None or (number := id(part)) in seen:
                continue
            seen.add(number)
            total += sys.getsizeof(part) * times
            if type(part) not in LEAVES:
                waiting.append((part, times))
    return int(total if not waiting else total * 2)


def _parts(value: Any, kind: type) -> Sequence[object]:
    if issubclass(kind, Struct):
        return astuple(value)
    if isinstance(value, tuple | list):
        return value
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, set | frozenset):
        return [*value]
    if isinstance(value, type | FunctionType | ModuleType):
        return ()
    return [part for name, part in getattr(value, "__dict__", {}).copy().items() if name not in ELSEWHERE]
