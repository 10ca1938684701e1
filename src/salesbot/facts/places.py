"""Which place a text names: China, 中国 and CN are one place.

Names of countries and regions are those of the Unicode CLDR in English and Chinese, by way of Babel; a pack's own
names and places come first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from salesbot.values.name_keys import name_key

LOCALES = ("en", "zh", "zh_Hant")
OTHER_NAMES = {
    "US": ("USA", "U.S.", "U.S.A.", "America", "美國"),
    "GB": ("UK", "U.K.", "Great Britain", "Britain"),
    "CN": ("Mainland China", "PRC", "中国大陆", "中國大陸", "中国内地"),
    "KR": ("Korea", "韩国", "韓國"),
    "HK": ("Hong Kong", "香港"),
    "MO": ("Macau", "Macao", "澳门", "澳門"),
    "TW": ("Taiwan", "台湾", "臺灣", "台灣"),
    "EU": ("EU", "欧盟", "歐盟"),
    "001": ("worldwide", "global", "globally", "全球", "全世界"),
    "150": ("Europe", "欧洲"),
}


class PlaceNames:
    """The places of a pack by their names, and the countries of the world behind them."""

    def __init__(self) -> None:
        self._own: dict[str, str] = {}
        self._found: dict[str, str] = {}

    def add(self, name: str, id: str) -> None:
        """A name of the pack's own for a place."""
        self._own.setdefault(name_key(name), id)
        self._own[name_key(id)] = id
        self._found.clear()

    def id_of(self, text: str) -> str:
        """The id of the place that a text names; a place that nobody knows is its own name's key."""
        if (found := self._found.get(text)) is None:
            found = self._found[text] = self._looked_up(text)
        return found

    def _looked_up(self, text: str) -> str:
        key = name_key(text)
        if key in self._own:
            return self._own[key]
        code = _codes().get(key)
        if code is None:
            return key
        aliases = (name_key(name) for name, _ in names_of_code(code))
        own = (self._own[alias] for alias in aliases if alias in self._own)
        return next(own, code.lower())


def names_of_code(code: str) -> Iterator[tuple[str, str | None]]:
    """Every name of a country or region of the CLDR with its language, the code first; of other names no language."""
    yield code, None
    for locale, territories in _territories():
        if code in territories:
            yield territories[code], locale.replace("_", "-")
    yield from ((name, None) for name in OTHER_NAMES.get(code, ()))


@cache
def _territories() -> tuple[tuple[str, dict[str, str]], ...]:
    from babel import Locale  # only who builds a snapshot needs it

    return tuple((locale, dict(Locale.parse(locale).territories)) for locale in LOCALES)


@cache
def _codes() -> dict[str, str]:
    """The code of each name of a country or region."""
    codes: dict[str, str] = {}
    for code in dict.fromkeys(code for _, territories in _territories() for code in territories):
        for name, _ in names_of_code(code):
            codes.setdefault(name_key(name), code)
    return codes
