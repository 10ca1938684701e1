"""“Check this”: what the facts say of the statements in a message, shown to the asker, who may share it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui

from bot.discord_io.escape import link
from bot.discord_io.installs import everywhere
from bot.discord_io.layout import Page, rich, send
from bot.questions.origin import hides_answers, origin_of
from bot.services import Services, words_of, work_out
from bot.state.custom_ids import Press, content_digits
from salesbot.errors import QuestionError
from salesbot.serving.served_packs import ServedFacts
from salesbot.words import Words, words_for

if TYPE_CHECKING:
    from salesbot.asking.messages.checking import CheckedText

MOST_SHOWN, MOST_SOURCES = 5, 3
WORDS = words_for()


def menu(services: Services) -> app_commands.ContextMenu:
    """The menu of a message."""

    async def check(interaction: discord.Interaction, message: discord.Message) -> None:
        await check_message(services, interaction, message.content, message.created_at)

    return everywhere(app_commands.ContextMenu(name=WORDS.text("menu_check"), callback=check))


async def check_message(services: Services, interaction: discord.Interaction, text: str, posted: datetime) -> None:
    """Check a message, privately."""
    if not text.strip():
        raise QuestionError("message_empty")
    words = words_of(interaction)

    def make(facts: ServedFacts) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        from salesbot.asking.messages.checking import check_text  # not at the start

        checked = check_text(text, facts.snapshot, posted.date(), words.language)
        digits = content_digits(facts.snapshot)
        lines = [one.lines[0].line for one in checked.statements[:MOST_SHOWN]]
        for line in lines:
            services.long_lines.store(line)
        return tuple(_texts(checked, words)), tuple(
            (Press("answer", line, digits, language=words.language).custom_id(), words.text("button_answer", number=n))
            for n, line in enumerate(lines, 1)
        )

    texts, buttons = await work_out(services, interaction, ("check", words.language, text, str(posted.date())), make)
    digits = content_digits(services.facts(interaction).snapshot)
    if buttons:
        buttons = (*buttons, (Press("sharecheck", "-", digits).custom_id(), words.text("button_share")))
    await send(interaction, Page(texts, "", None, buttons).view(), is_private=True)


def _texts(checked: CheckedText, words: Words) -> list[str]:
    from salesbot.words.checked_text import statement_lines

    texts = [f"### {words.text('checked_title')}"]
    if not checked.statements:
        texts.append(rich(words.text("no_statements")))
    for number, statement in enumerate(checked.statements[:MOST_SHOWN], 1):
        told, *headlines = statement_lines(statement, words)
        sources = {
            source.id: source for line in statement.lines if line.answer for source in words.answer(line.answer).sources
        }
        best = sorted(sources.values(), key=lambda source: (source.grade, not source.url))[:MOST_SOURCES]
        named = ", ".join(link(one.name, one.url) if one.url else rich(one.name) for one in best)
        lines = [f"{number}. **{rich(told)}**", *(rich(line) for line in headlines)]
        texts.append("\n".join([*lines, *([f"-# {named}"] if named else [])]))
    if checked.not_read:
        pieces = "; ".join(checked.not_read)
        texts.append(f"-# {rich(words.text('not_read', pieces=pieces[:600]))}")
    return texts


async def share_check(services: Services, interaction: discord.Interaction) -> None:
    """Show a check to the channel, unless answers are private there.

    What it says is read from its own card, which Discord sends along: what somebody else wrote is stored nowhere.
    """
    shown = ui.LayoutView.from_message(interaction.message) if interaction.message else ui.LayoutView()
    shown.stop()
    texts = tuple(item.content for item in shown.walk_children() if isinstance(item, ui.TextDisplay))
    if not texts:
        raise QuestionError("old_button")
    hidden = hides_answers(services, origin_of(interaction), is_private=False)
    await send(interaction, Page(texts, "", None).view(), is_private=hidden)
