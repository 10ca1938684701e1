"""The command tree, and the one place where an error becomes a reply."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.cards import error_card, send
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
        if isinstance(cause, SalesbotError):
            await send(interaction, error_card(cause), is_private=True)
            return
        if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            await send(
                interaction, error_card(SalesbotError("this command has changed", "reload Discord, then try again")), is_private=True
            )
            return
        log.error("a command failed: %s", interaction.command and interaction.command.qualified_name, exc_info=cause)
        await send(
            interaction,
            error_card(SalesbotError("something went wrong in the bot", "it has been logged; the facts are as they were")),
            is_private=True,
        )
