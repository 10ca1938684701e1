"""Descriptions of commands and options in the languages that there are words for; names stay, as they are the line."""

from __future__ import annotations

import discord
from discord import app_commands

from salesbot.words import words_for
from salesbot.words.english.texts import COMMANDS, OPTIONS

CHINESE = (discord.Locale.chinese, discord.Locale.taiwan_chinese)
DESCRIPTIONS = (
    app_commands.TranslationContextLocation.command_description,
    app_commands.TranslationContextLocation.group_description,
    app_commands.TranslationContextLocation.parameter_description,
)


class Descriptions(app_commands.Translator):
    """Looks each English description up by its text."""

    def __init__(self) -> None:
        super().__init__()
        chinese = words_for("zh-CN")
        self._chinese = {text: chinese.command(path) for path, text in COMMANDS.items()}
        for name, text in OPTIONS.items():
            command, _, option = name.rpartition(".")
            self._chinese[text] = chinese.option(option, command)

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text in a locale; none where there is no other, and for every name."""
        if locale not in CHINESE or context.location not in DESCRIPTIONS:
            return None
        found = self._chinese.get(string.message)
        return found if found != string.message else None
