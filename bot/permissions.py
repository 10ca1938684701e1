"""Who may do what.

Discord's default permissions are a hint that a server can override, so every admin command, button and form asks here.
"""

from __future__ import annotations

import discord

from bot.services import Services, server_of
from salesbot.errors import Refused
from salesbot.storage.catalog import SHARED


def require_moderator(interaction: discord.Interaction) -> str:
    """The scope of this server. Raises ``Refused`` unless the person has Manage Server here."""
    guild_id = server_of(interaction)
    if guild_id is None:
        raise Refused("server_only")
    if not interaction.permissions.manage_guild:
        raise Refused("moderators_only")
    return str(guild_id)


def require_shared_pack(services: Services, interaction: discord.Interaction) -> str:
    """The shared scope.

    Raises ``Refused`` unless the person owns the bot or is in its team, or moderates the home server and asks there.
    """
    guild_id = server_of(interaction)
    is_home = guild_id is not None and guild_id == services.settings.home_guild
    if interaction.user.id in services.owners or (is_home and interaction.permissions.manage_guild):
        return SHARED
    raise Refused("operator_only")


def require_scope(services: Services, interaction: discord.Interaction, *, shared: bool) -> str:
    """The scope of a moderator's command: this server's facts, or the shared ones if asked for or in a DM."""
    if shared or server_of(interaction) is None:
        return require_shared_pack(services, interaction)
    return require_moderator(interaction)


def require(services: Services, interaction: discord.Interaction, scope: str) -> None:
    """Raise ``Refused`` unless the person may change ``scope`` from where they are."""
    allowed = require_shared_pack(services, interaction) if scope == SHARED else require_moderator(interaction)
    if allowed != scope:
        raise Refused("other_server")
