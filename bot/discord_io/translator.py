"""Descriptions of commands and options in the languages that there are words for, and the names of menus.

The names of commands and options stay, as they are the line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import discord
from discord import app_commands

from salesbot.words import Words, words_for
from salesbot.words.english.texts import COMMANDS, OPTIONS

T = TypeVar("T")
ENGLISH = (discord.Locale.american_english, discord.Locale.british_english)
DESCRIPTIONS = (
    app_commands.TranslationContextLocation.command_description,
    app_commands.TranslationContextLocation.group_description,
    app_commands.TranslationContextLocation.parameter_description,
)
NAME = app_commands.TranslationContextLocation.command_name


def describe(**texts: str) -> Callable[[T], T]:
    """``app_commands.describe`` with texts that it need not shorten to what Discord takes; a test counts them."""
    return app_commands.describe(**{name: app_commands.locale_str(text) for name, text in texts.items()})


class Descriptions(app_commands.Translator):
    """Looks each English description up by its text."""

    def __init__(self) -> None:
        super().__init__()
        languages = (discord.Locale.chinese, discord.Locale.taiwan_chinese)
        self.texts = {str(locale): _texts(words_for(str(locale))) for locale in languages}

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in a locale; none where there are no words of it, and for the names that are a part of lines."""
        is_menu = context.location is NAME and isinstance(context.data, app_commands.ContextMenu)
        if context.location not in DESCRIPTIONS and not is_menu:
            return None
        if locale in ENGLISH:
            return string.message
        return self.texts.get(str(locale), {}).get(string.message)


def _texts(words: Words) -> dict[str, str]:
    """Each English description with that of other words."""
    found = {text: words.command(path) for path, text in COMMANDS.items()}
    found[words_for().text("menu_check")] = words.text("menu_check")
    for name, text in OPTIONS.items():
        command, _, option = name.rpartition(".")
        found[text] = words.option(option, command)
    return found
