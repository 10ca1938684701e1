"""``/ask``: a question in the asker's own words."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from bot.discord_io.translator import describe
from bot.questions.answering import answer_command
from bot.services import Services, server_of, work_out
from salesbot.errors import QuestionError, Refused
from salesbot.questions.line import looks_like_line, split_line
from salesbot.serving.served_packs import ServedFacts
from salesbot.words import words_for

if TYPE_CHECKING:
    from salesbot.asking import Asked

WORDS = words_for()
LONGEST_QUESTION = 300


def command(services: Services) -> app_commands.Command[app_commands.Group, ..., None]:
    """The command ``/ask``."""

    @app_commands.command(name="ask", description=WORDS.command("/ask"))
    @describe(question=WORDS.option("question", "ask"), private=WORDS.option("private"))
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
        private: bool | None = None,
    ) -> None:
        await answer_text(services, interaction, question, is_private=private)

    return everywhere(ask)


async def answer_text(
    services: Services, interaction: discord.Interaction, text: str, *, is_private: bool | None
) -> None:
    """Answer free text as the line that it asks. Raises ``QuestionError`` with what may be meant."""

    def make(facts: ServedFacts) -> Asked:
        from salesbot.asking import Asked, asked_line  # not at the start; the first question waits for it in its thread

        return Asked(text) if looks_like_line(text) else asked_line(text, facts.snapshot)

    try:
        asked = await work_out(services, interaction, ("asked", text), make)
    except QuestionError as error:
        from salesbot.asking import NotUnderstood

        if isinstance(error, NotUnderstood):
            with contextlib.suppress(Refused):
                services.declined.count(server_of(interaction), error.words)
        raise
    verb, typed = split_line(asked.line)
    await answer_command(services, interaction, verb, typed, is_private=is_private, beside=asked.beside)
