"""The command tree, and the one place where an error becomes a reply."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.questions.cards import error_card, send
from salesbot.errors import SalesbotError

log = logging.getLogger(__name__)


class Tree(app_commands.CommandTree[discord.AutoShardedClient]):
    """Commands whose every failure is answered, privately.

    Cases: an error of ours (say what was typed and what to type instead); a command that Discord
    still shows but this release no longer has; anything else (a bug: log it, and say so).
    """

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """An interaction that Discord delivers twice is answered once."""
        is_new: bool = interaction.client.seen.is_new(interaction.id)  # type: ignore[attr-defined]
        return is_new or interaction.type is discord.InteractionType.autocomplete

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            cause = CHANGED
        await say(interaction, cause)

    async def _call(self, interaction: discord.Interaction[discord.AutoShardedClient]) -> None:
        try:
            await super()._call(interaction)
        except app_commands.AppCommandError:
            raise
        except Exception as error:  # an interaction that discord.py cannot read
            log.warning("an interaction that cannot be read (%s)", type(error).__name__)


CHANGED = SalesbotError("this command has changed", "reload Discord, then try again")
BROKEN = SalesbotError("something went wrong in the bot", "it has been logged; look whether it was done, then try again")


async def say(interaction: discord.Interaction, error: Exception) -> None:
    """The one place where an error becomes a reply. Where Discord takes no reply, that is logged."""
    if not isinstance(error, SalesbotError):
        log.error("an interaction failed: %s", interaction.data and interaction.data.get("name", "a button"), exc_info=error)
    try:
        await send(interaction, error_card(error if isinstance(error, SalesbotError) else BROKEN), is_private=True)
    except Exception as refused:
        log.warning("Discord took no reply to it (%s)", refused)
