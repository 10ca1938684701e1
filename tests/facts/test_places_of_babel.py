"""What is read off Babel's data is what Babel says of it."""

from babel import Locale
from babel.numbers import list_currencies

from salesbot.facts.cells import _currencies
from salesbot.facts.places import LOCALES, _territories


def test_the_territories_are_those_of_the_locales():
    assert {locale: dict(names) for locale, names in _territories()} == {
        locale: dict(Locale.parse(locale).territories) for locale in LOCALES
    }


def test_the_currencies_are_all_that_there_are():
    assert _currencies() == list_currencies()
