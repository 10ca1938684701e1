"""``/help``: examples that work, and what the words mean."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from bot.discord_io.layout import Block, card, rich, send
from bot.services import words_of
from salesbot.questions.question import QUESTIONS
from salesbot.words import Words, words_for


def command() -> app_commands.Command[app_commands.Group, ..., None]:
    """The help command."""

    @app_commands.command(name="help", description=words_for().command("/help"))
    async def help(interaction: discord.Interaction) -> None:
        await send(interaction, card(help_blocks(words_of(interaction))), is_private=True)

    return everywhere(help)


def help_blocks(words: Words) -> list[Block]:
    """Every question with an example, then the glossary."""
    examples = tuple(
        line for q in QUESTIONS for line in (f"**{q.verb}** {rich(words.command(q.verb))}", f"-# `{q.example}`")
    )
    glossary = tuple(f"**{word}**: {rich(meaning)}" for word, meaning in words.glossary().items())
    return [
        Block((f"### {words.text('help_title')}",)),
        Block(examples),
        Block(glossary, f"**{words.text('help_words')}**"),
        Block((f"-# {words.text('help_names')}",)),
    ]
