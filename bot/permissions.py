"""Who may do what. Discord's default permissions are a hint that a server can override, so every
admin command asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from salesbot.errors import Refused

if TYPE_CHECKING:
    from bot.client import SalesBot


def is_owner(bot: SalesBot, interaction: discord.Interaction) -> bool:
    return interaction.user.id in bot.owners


def moderates_here(interaction: discord.Interaction) -> bool:
    """Whether the person has Manage Server in the server where they ask."""
    return interaction.guild_id is not None and interaction.permissions.manage_guild


def require_moderator(bot: SalesBot, interaction: discord.Interaction) -> None:
    """Raises ``Refused`` unless the person moderates this server or owns the bot."""
    if not (is_owner(bot, interaction) or moderates_here(interaction)):
        raise Refused("this is for moderators", "you need Manage Server in the server where you ask")


def require_shared_pack(bot: SalesBot, interaction: discord.Interaction) -> None:
    """Raises ``Refused`` unless the person may change the shared pack: the bot's owner or team, or a
    moderator of the home server."""
    is_home = interaction.guild_id is not None and interaction.guild_id == bot.settings.home_guild
    if is_owner(bot, interaction) or (is_home and moderates_here(interaction)):
        return
    raise Refused(
        "the shared pack belongs to the bot's operator",
        "its owner or team may reload it, and members with Manage Server in the home server",
    )
