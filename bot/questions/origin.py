"""Where a question comes from: what of an interaction decides how it is answered, beside its options."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from typing import Any

import discord
from discord import utils
from msgspec import Struct

from bot.services import Services, server_of
from salesbot.questions.question import BY_VERB, options
from salesbot.words import Words, words_for

THREADS = (10, 11, 12)  # types of a channel


class Origin(Struct, frozen=True):
    """The server whose own facts are seen, the channel with the one that a thread is in, the reader and the day."""

    server: int | None
    channels: tuple[int, ...]
    locale: str
    day: date

    def words(self) -> Words:
        """The words in the reader's language."""
        return words_for(self.locale)


def origin_of(interaction: discord.Interaction) -> Origin:
    """Where an interaction comes from."""
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    channels = tuple(id for id in (interaction.channel_id, parent) if id is not None)
    return Origin(server_of(interaction), channels, str(interaction.locale), interaction.created_at.date())


def origin_in(data: Mapping[str, Any], servers: Container[int]) -> Origin:
    """Where an interaction comes from, as Discord sends it; ``servers`` are those that the bot is known to be in."""
    guild, channel = data.get("guild_id"), data["channel"]
    owner = data["authorizing_integration_owners"].get("0")
    is_ours = guild is not None and (int(guild) == int(owner or 0) or int(guild) in servers)
    parent = channel.get("parent_id") if channel["type"] in THREADS else None
    return Origin(
        int(guild) if guild is not None and is_ours else None,
        tuple(int(id) for id in (channel["id"], parent) if id is not None),
        data["locale"],
        utils.snowflake_time(int(data["id"])).date(),
    )


def hides_answers(services: Services, origin: Origin, *, is_private: bool | None) -> bool:
    """Whether an answer is shown to the asker alone: as they asked, or as the channel's moderators set it.

    In a channel set to private answers nobody can ask for a public one; a thread follows its channel.
    """
    return bool(is_private) or any(services.guild_settings.is_private(id) for id in origin.channels)


def public_words(services: Services, origin: Origin) -> Words:
    """The words of what everybody in the channel reads: in the server's language, else in that of who asked."""
    return words_for(services.guild_settings.language(origin.server) or origin.locale)


def takes_reports(services: Services, origin: Origin) -> bool:
    """Whether the moderators of a server chose a channel for reports."""
    return origin.server is not None and services.guild_settings.reports_channel(origin.server) is not None


def with_usual_launch(services: Services, origin: Origin, verb: str, given: dict[str, str]) -> dict[str, str]:
    """The options, with the server's usual launch where a question needs one and none is typed."""
    if "launch" in given or origin.server is None:
        return given
    if not any(option.name == "launch" and option.required for option in options(BY_VERB[verb])):
        return given
    usual = services.guild_settings.usual_launch(origin.server)
    return given if usual is None else {"launch": usual, **given}
