"""The command tree, and the one place where an error becomes a reply."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import discord
from discord import app_commands, ui

from bot.discord_io.delivery import TakenBefore
from bot.discord_io.layout import BUTTONS_A_ROW, Block, Card, card, pages, rich, send, sentence
from bot.services import Services, services_of, words_of
from bot.state.custom_ids import Press, content_digits
from salesbot.errors import PackRefused, QuestionError, SalesbotError
from salesbot.storage.disk import refused_by_disk
from salesbot.words import Words

log = logging.getLogger(__name__)
MOST_CANDIDATES = 25
MOST_OFFERED = 10
LONGEST_LABEL = 80
FIRST_PROBLEMS = 10  # on a card, where all of them are in a file


class Tree(app_commands.CommandTree[discord.AutoShardedClient]):
    """Commands whose every failure is answered, privately.

    Cases: an error of ours (what was typed, and what to type instead); a command that Discord still shows but this
    release no longer has; anything else (a bug: it is logged, and said).
    """

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Answer an interaction that Discord delivers twice once."""
        is_new = services_of(interaction).seen.is_new(interaction.id)
        return is_new or interaction.type is discord.InteractionType.autocomplete

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            cause = SalesbotError("command_changed")
        elif isinstance(error, app_commands.TransformerError):
            cause = QuestionError("option_not_read", value=str(error.value))
        await reply_error(interaction, cause)

    async def _call(self, interaction: discord.Interaction[discord.AutoShardedClient]) -> None:
        # private: an interaction that discord.py cannot read raises here, outside of every error handler
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            raise
        except Exception as error:
            log.warning("an interaction that cannot be read (%s)", type(error).__name__)


async def reply_error(interaction: discord.Interaction, error: Exception) -> None:
    """Reply with an error, privately. Where Discord takes no reply, that is logged."""
    if (by_disk := refused_by_disk(error)) is not None:
        log.error("the disk refused a change (%s): %s", by_disk.message.key.replace("_", " "), error)
        error = by_disk
    if isinstance(error, TakenBefore):
        error = SalesbotError("interrupted")  # said where it was only deferred
    if not isinstance(error, SalesbotError):
        name = interaction.data and interaction.data.get("name", "a button")
        log.error("an interaction failed: %s", name, exc_info=error)
        error = SalesbotError("bug")
    services_of(interaction).activity.refuse(error.message.key)
    try:
        shown = error_card(error, words_of(interaction))
        if isinstance(error, QuestionError) and error.lines:
            _offer(shown.view, error.lines, services_of(interaction), interaction)
        await send(interaction, shown, is_private=True)
    except Exception as refused:
        log.warning("Discord took no reply to it (%s)", refused)


def _offer(
    view: ui.LayoutView, lines: Sequence[tuple[str, str]], services: Services, interaction: discord.Interaction
) -> None:
    """Add a button for each line that can be asked instead."""
    digits = content_digits(services.facts(interaction).snapshot)
    shown = list(dict(reversed(lines)).items())[::-1][:MOST_OFFERED]
    for start in range(0, len(shown), BUTTONS_A_ROW):
        row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
        for label, line in shown[start : start + BUTTONS_A_ROW]:
            services.long_lines.store(line)
            press = Press("answer", line, digits, language=words_of(interaction).language)
            row.add_item(ui.Button(label=label[:LONGEST_LABEL], custom_id=press.custom_id()))
        view.add_item(row)


def error_card(error: SalesbotError, words: Words) -> Card:
    """What was wrong and what to type instead; a list too long for a card comes as a file."""
    text = words.error(error)
    hint = [rich(sentence(text.hint))] if text.hint else []
    blocks = [Block((f"**{rich(sentence(text.message))}**", *hint))]
    problems = words.problems(error) if isinstance(error, PackRefused) else []
    if problems:
        blocks.append(Block(tuple(f"- {rich(problem)}" for problem in problems)))
    if error.candidates:
        blocks.append(Block(tuple(f"- {rich(candidate)}" for candidate in error.candidates[:MOST_CANDIDATES])))
    verdict = "cannot tell" if error.exit_code == 3 else "disagrees"
    attached: list[tuple[str, bytes]] = []
    if isinstance(error, PackRefused):
        notices = tuple(f"-# ⚠ {rich(words.notice(notice))}" for notice in error.notices[:FIRST_PROBLEMS])
        blocks.append(Block(notices))
        if len(pages(blocks)) > 1:
            attached.append(("problems.txt", "\n".join(problems).encode()))
            more = words.text("all_problems", count=len(problems))
            blocks[1:] = [Block((*blocks[1].lines[:FIRST_PROBLEMS], more))]
        if error.corrected:
            attached.append(("corrected.xlsx", error.corrected))
            blocks.append(Block((rich(words.text("corrected_copy")),)))
    view = card([block for block in blocks if block.lines], verdict=verdict)
    for name, _ in attached:
        view.add_item(discord.ui.File(f"attachment://{name}"))
    return Card(view, tuple(attached))
