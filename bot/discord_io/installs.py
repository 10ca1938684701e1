"""Where commands work: in servers, in DMs, and for people who installed the bot for themselves."""

from __future__ import annotations

from typing import TypeVar

from discord import app_commands

C = TypeVar("C", app_commands.Group, app_commands.Command, app_commands.ContextMenu)  # type: ignore[type-arg]


def everywhere(command: C) -> C:
    """Allow a root command in all contexts and installs; subcommands follow it."""
    command.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
    command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
    return command
