"""Channels as options: every kind that holds messages, as it comes, without what the bot knows of its server."""

from __future__ import annotations

from typing import Any, TypeAlias

import discord
from discord import app_commands

WRITTEN_IN = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
)
WITH_POSTS = (discord.ChannelType.forum, discord.ChannelType.media)
THREADS = (discord.ChannelType.public_thread, discord.ChannelType.private_thread, discord.ChannelType.news_thread)


class ChannelOption(app_commands.Transformer):
    """A channel of some kinds, with its id; what it may be asked for otherwise is not looked up."""

    def __init__(self, *kinds: discord.ChannelType) -> None:
        self._kinds = list(kinds)

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return self._kinds

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Any:
        """The channel as Discord sends it."""
        return value


AnswersChannel: TypeAlias = app_commands.Transform[
    app_commands.AppCommandChannel, ChannelOption(*WRITTEN_IN, *WITH_POSTS)
]
"""Where answers are shown; a thread and a post follow the channel that they are in."""

ReportsChannel: TypeAlias = app_commands.Transform[
    app_commands.AppCommandChannel | app_commands.AppCommandThread, ChannelOption(*WRITTEN_IN, *THREADS)
]
"""Where the bot can post."""
