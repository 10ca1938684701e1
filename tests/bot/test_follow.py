"""``/follow``: a change of the facts is told once, as it was and as it is; it survives a restart, and stops."""

import discord
import pytest

from bot.state.follows import MOST_IN_A_CHANNEL, MOST_IN_A_SERVER, Follow
from salesbot.errors import DamagedSnapshot, Refused
from tests.bot.test_moderation import confirm, orders_csv, upload
from tests.discord_world import buttons, new_bot, text_of


async def follow(place, who=None, where=None, **typed):
    return await (who or place.moderator).slash(where or place.channel, "follow", **typed)


def posts(channel):
    return [str([one.to_dict() for one in message.components]) for message in channel.history()]


async def test_a_change_is_told_once_with_what_was_said_before(place):
    shown = await follow(place, launch="小米SU7")
    assert shown.ephemeral and "SU7" in text_of(shown.response) and "Stop following SU7" in buttons(shown.response)
    await place.bot.follower.look()
    assert posts(place.channel) == []
    await confirm(place, await upload(place, changed_total()))
    await place.bot.follower.look()
    await place.bot.follower.look()
    [post] = posts(place.channel)
    assert "SU7: the facts changed" in post and "Before: " in post and "111,111" in post
    await place.moderator.slash(place.channel, "data undo")
    await place.bot.follower.look()
    _, newest = posts(place.channel)
    before = newest.index("Before: ")
    assert (
        "111,111" in newest[before : newest.index("**", before)]
        and "111,111" not in newest[newest.index("**", before) :]
    )


def changed_total():
    """The newest count of SU7 orders, as another number."""
    return orders_csv("su7-orders-2024-04-03,su7,orders,,100000,", "su7-orders-2024-04-03,su7,orders,,111111,")


async def test_a_change_that_no_answer_shows_is_not_told(place):
    await follow(place, launch="yu7")
    await confirm(place, await upload(place, orders_csv()))
    await place.bot.follower.look()
    assert posts(place.channel) == []


async def test_what_is_followed_survives_a_restart(place, settings):
    await follow(place, launch="su7")
    await place.env.restart_bot(new_bot(settings))
    assert "SU7" in text_of((await follow(place)).response)


async def test_it_stops_by_a_button(place):
    shown = await follow(place, launch="su7")
    pressed = await place.moderator.click(
        shown.response.message, custom_id=buttons(shown.response)["Stop following SU7"]
    )
    assert "follows no launch" in text_of(pressed.response)
    assert place.bot.services.follows.all() == []


async def test_a_member_may_not_choose_what_a_channel_follows(place):
    refused = await follow(place, place.member, launch="su7")
    assert "Manage Server" in text_of(refused.response) and place.bot.services.follows.all() == []


async def test_a_channel_that_is_gone_is_forgotten(place):
    channel = place.home.create_text_channel("short-lived")
    await follow(place, where=channel, launch="su7")
    place.env.backend.delete_channel(channel.id)
    await confirm(place, await upload(place, changed_total()))
    await place.bot.follower.look()
    assert place.bot.services.follows.all() == []


async def test_it_is_bounded(place):
    follows = place.bot.services.follows
    for number in range(MOST_IN_A_CHANNEL):
        follows.put(Follow(place.home.id, place.channel.id, f"launch-{number}", "", {}))
    refused = await follow(place, launch="su7")
    assert "followed already" in text_of(refused.response) and len(follows.all()) == MOST_IN_A_CHANNEL
    follows.put(Follow(place.home.id, place.channel.id, "launch-0", "told", {}))  # one that is there may be told
    for number in range(MOST_IN_A_CHANNEL, MOST_IN_A_SERVER):
        follows.put(Follow(place.home.id, number, "su7", "", {}))
    with pytest.raises(Refused):
        follows.put(Follow(place.home.id, 1, "su7", "", {}))
    follows.put(Follow(place.home.id + 1, 1, "su7", "", {}))


async def test_a_server_that_is_left_is_told_no_more(place):
    await follow(place, launch="su7")
    await place.bot.on_server_leave(place.home.id)
    assert place.bot.services.follows.all() == []


async def test_facts_that_cannot_be_opened_keep_no_other_channel_waiting(place, monkeypatch):
    await follow(place, launch="su7")
    follows = place.bot.services.follows
    broken = Follow(guild=99, channel=98, launch="su7", content="before", told={}, language="en")
    follows.put(broken)
    following = [one for one in follows.all() if one.guild != 99]
    monkeypatch.setattr(follows, "all", lambda: [broken, *following])
    of_server = place.bot.services.packs.of_server

    def refuse(guild):
        if guild == 99:
            raise DamagedSnapshot("facts_damaged")
        return of_server(guild)

    monkeypatch.setattr(place.bot.services.packs, "of_server", refuse)
    await confirm(place, await upload(place, changed_total()))
    await place.bot.follower.look()
    assert len(posts(place.channel)) == 1


async def test_what_discord_does_not_take_is_told_at_the_next_look(place, monkeypatch):
    await follow(place, launch="su7")
    await confirm(place, await upload(place, changed_total()))
    send = discord.PartialMessageable.send

    async def refuse(self, *content, **more):
        raise discord.HTTPException(FakeReply(), "not now")

    monkeypatch.setattr(discord.PartialMessageable, "send", refuse)
    await place.bot.follower.look()
    assert posts(place.channel) == []
    monkeypatch.setattr(discord.PartialMessageable, "send", send)
    await place.bot.follower.look()
    await place.bot.follower.look()
    assert len(posts(place.channel)) == 1


class FakeReply:
    status, reason = 503, "Service Unavailable"
