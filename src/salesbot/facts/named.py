"""Which brand and model a cell names, where several may have one name."""

from __future__ import annotations

from collections.abc import Sequence

from salesbot.values.name_keys import name_key


class NamedThings:
    """The brands and models of a pack by their names, noted while its names are read."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], list[str]] = {}
        self._keys: dict[tuple[str, str], set[str]] = {}

    def add(self, kind: str, name: str, id: str) -> None:
        """A name of a brand or model."""
        for key in (name_key(name), name_key(id)):
            ids = self._ids.setdefault((kind, key), [])
            if id not in ids:
                ids.append(id)
            self._keys.setdefault((kind, id), set()).add(key)

    def brands(self, text: str) -> Sequence[str]:
        """The ids of the brands that a cell may name; an id names its own alone."""
        return self._named("brand", text)

    def models(self, brand: str, text: str) -> Sequence[str]:
        """The ids of the models that a cell may name beside a brand.

        Of several with one name it is the one that is also called by the names of brand and model together.
        """
        ids = self._named("model", text)
        if len(ids) < 2:
            return ids
        brands = {name_key(brand)}.union(*(self._keys["brand", id] for id in self.brands(brand)))
        called = {key + name_key(text) for key in brands}
        return [id for id in ids if not called.isdisjoint(self._keys["model", id])] or ids

    def _named(self, kind: str, text: str) -> Sequence[str]:
        key = name_key(text)
        ids = self._ids.get((kind, key), [])
        own = [id for id in ids if name_key(id) == key]
        return own or ids
