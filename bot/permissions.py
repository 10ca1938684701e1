"""Who may do what. Discord's default permissions are a hint that a server can override, so every
admin command, button and modal asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from salesbot.errors import Refused
from salesbot.serving.served_packs import SHARED

if TYPE_CHECKING:
    from bot.client import SalesBot


def is_owner(bot: SalesBot, interaction: discord.Interaction) -> bool:
    return interaction.user.id in bot.owners


def server_of(bot: SalesBot, interaction: discord.Interaction) -> int | None:
    """The server whose own facts this place sees: one that the bot is a member of. A user install in
    somebody else's server, or a DM, has none."""
    guild_id = interaction.guild_id
    return guild_id if guild_id is not None and bot.get_guild(guild_id) is not None else None


def require_moderator(bot: SalesBot, interaction: discord.Interaction) -> str:
    """The scope of this server. Raises ``Refused`` unless the person has Manage Server here."""
    guild_id = server_of(bot, interaction)
    if guild_id is None:
        raise Refused("this works in a server that the bot was added to", "ask there, with Manage Server")
    if not interaction.permissions.manage_guild:
        raise Refused("this is for moderators", "you need Manage Server in this server")
    return str(guild_id)


def require_shared_pack(bot: SalesBot, interaction: discord.Interaction) -> str:
    """The shared scope. Raises ``Refused`` unless the person is the bot's owner or in its team, or
    moderates the home server and asks there."""
    guild_id = server_of(bot, interaction)
    is_home = guild_id is not None and guild_id == bot.settings.home_guild
    if is_owner(bot, interaction) or (is_home and interaction.permissions.manage_guild):
        return SHARED
    raise Refused(
        "the shared pack belongs to the bot's operator",
        "its owner or team may change it, and members with Manage Server in the home server",
    )


def require_scope(bot: SalesBot, interaction: discord.Interaction, *, shared: bool) -> str:
    """The scope a moderator's command is about: this server's facts, or the shared ones if asked for
    or if there is no server here."""
    if shared or server_of(bot, interaction) is None:
        return require_shared_pack(bot, interaction)
    return require_moderator(bot, interaction)


def require(bot: SalesBot, interaction: discord.Interaction, scope: str) -> None:
    """Raises ``Refused`` unless the person may change ``scope`` from where they are."""
    allowed = require_shared_pack(bot, interaction) if scope == SHARED else require_moderator(bot, interaction)
    if allowed != scope:
        raise Refused("that belongs to another server", "ask there")
