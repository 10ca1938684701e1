"""Channels of every kind: which can be chosen, and that a thread and a post are as private as what they are in."""

import discord
import pytest

from bot.errors import reply_error
from tests.discord_world import text_of

PUBLIC_THREAD, PRIVATE_THREAD, NEWS_THREAD = 11, 12, 10


async def total(place):
    return await place.member.slash(place.channel, "orders total", launch="su7", within="72h")


def in_a_thread(monkeypatch, parent, kind):
    """Let interactions come from a thread of a channel."""
    from_data = discord.Interaction._from_data

    def read(self, data):
        thread = {
            **data["channel"],
            "id": str(parent.id + 1),
            "type": kind,
            "parent_id": str(parent.id),
            "thread_metadata": {"archived": False, "auto_archive_duration": 60, "archive_timestamp": None},
            "owner_id": "1",
            "member_count": 1,
            "message_count": 1,
        }
        from_data(self, {**data, "channel": thread, "channel_id": thread["id"]})

    monkeypatch.setattr(discord.Interaction, "_from_data", read)


@pytest.mark.parametrize("kind", [PUBLIC_THREAD, PRIVATE_THREAD, NEWS_THREAD])
async def test_a_thread_is_as_private_as_its_channel(place, monkeypatch, kind):
    await place.moderator.slash(place.channel, "data answers", channel=place.channel, private=True)
    in_a_thread(monkeypatch, place.channel, kind)
    assert (await total(place)).ephemeral
    await place.moderator.slash(place.channel, "data answers", channel=place.channel, private=False)
    assert not (await total(place)).ephemeral


@pytest.mark.parametrize("make", ["create_forum_channel", "create_voice_channel", "create_stage_channel"])
async def test_every_kind_of_channel_that_holds_messages_can_be_chosen(place, make):
    channel = getattr(place.home, make)("more")
    shown = await place.moderator.slash(place.channel, "data answers", channel=channel, private=True)
    assert f"<#{channel.id}>" in text_of(shown.response)
    if make != "create_forum_channel":
        shown = await place.moderator.slash(place.channel, "data reports", channel=channel)
        assert f"<#{channel.id}>" in text_of(shown.response)


async def test_an_option_that_cannot_be_read_is_a_sentence(place, monkeypatch):
    class Unread(discord.app_commands.TransformerError):
        def __init__(self):
            self.value = "#secret"

    seen = []

    async def took(interaction, error):
        seen.append(error)
        await reply_error(interaction, error)

    monkeypatch.setattr("bot.errors.reply_error", took)

    async def refuse(*_):
        raise Unread

    monkeypatch.setattr(discord.app_commands.Command, "_transform_arguments", refuse)
    shown = await total(place)
    assert "'#secret' cannot be read here" in text_of(shown.response) and shown.ephemeral
    assert len(seen) == 1
