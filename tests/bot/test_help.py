"""``/help``, ``/about``, ``/settings``, and the welcome of a server that the bot joins."""

from importlib.metadata import version

from bot.discord_io.servers import JoinedServer
from tests.bot.test_moderation import confirm, upload
from tests.discord_world import buttons, new_bot, text_of

EVENTS = b"id,name,at,zone,sources\nour-delivery,Our first delivery,2024-05-01,Asia/Shanghai,s175\n"


async def helped(place, who=None):
    return (await (who or place.member).slash(place.channel, "help")).response


async def press(place, message, label):
    return (await place.member.click(message.message, custom_id=buttons(message)[label])).response


async def test_help_says_what_the_facts_cover_and_offers_lines_that_answer(place):
    shown = await helped(place)
    assert "The facts here" in text_of(shown) and "SU7, YU7" in text_of(shown)
    asked = [label for label, id in buttons(shown).items() if id.startswith("v1:answer@")]
    assert asked[0] == "How many orders had SU7?" and len(asked) == 4
    for label in asked:
        answered = text_of(await press(place, shown, label))
        assert "Facts to" in answered and "annot tell" not in answered.split("\n")[0], label


async def test_its_topics_are_turned_in_its_place_page_by_page(place):
    shown = await helped(place)
    listed = await press(place, shown, "All questions")
    assert "/orders total" in text_of(listed) and "▶" in buttons(listed)
    first = text_of(listed)
    following = await press(place, listed, "▶")
    assert "◀" in buttons(following) and "All questions" in text_of(following) and text_of(following) != first
    assert "locked" in text_of(await press(place, following, "The words"))
    assert "/data import" in text_of(await press(place, following, "For moderators"))
    assert "The facts here" in text_of(await press(place, following, "Start"))


async def test_help_in_a_server_is_about_its_own_facts(place):
    before = text_of(await helped(place))
    await confirm(place, await upload(place, EVENTS, name="events.csv"))
    assert text_of(await helped(place)) != before
    other = await place.other_moderator.slash(place.other_channel, "help")
    assert text_of(other.response) == before


async def test_about_names_the_version_the_invite_and_what_is_kept(place):
    text = text_of((await place.member.slash(place.channel, "about")).response)
    for part in (
        f"salesbot {version('salesbot')}",
        "client_id=",
        "a message only when somebody asks it to check that one",
        "/data forget",
    ):
        assert part in text


async def join(place):
    """The bot joins a server with a system channel, and reads what it said there."""
    guild = place.env.create_guild(name="New")
    channel = guild.create_text_channel("general")
    place.env.backend.edit_guild(guild.id, {"system_channel_id": channel.id})
    await place.env.settle()
    await place.bot.on_server_join(JoinedServer(guild.id, channel.id, "en-US"))
    return guild, channel


async def test_a_server_that_is_joined_is_greeted_with_three_things_to_press(place):
    guild, channel = await join(place)
    [message] = list(channel.history())
    shown = str([component.to_dict() for component in message.components])
    for part in ("Hello from salesbot", "What can I ask?", "Add our own facts", "The words"):
        assert part in shown
    moderator = guild.add_member(place.env.create_user("new"))
    [row] = [one for one in message.components if one.to_dict()["type"] == 1]
    pressed = await moderator.click(message, custom_id=row.children[1].custom_id)
    assert "/data add count" in text_of(pressed.response) and pressed.ephemeral
    assert "Hello from salesbot" in str([component.to_dict() for component in next(iter(channel.history())).components])


async def test_a_server_without_a_system_channel_is_joined_in_silence(place):
    before = len(place.sent())
    await place.bot.on_server_join(JoinedServer(place.home.id, None, "en-US"))
    assert len(place.sent()) == before


async def settings_card(place, **typed):
    return text_of((await place.moderator.slash(place.channel, "settings", **typed)).response)


async def test_a_usual_launch_answers_for_questions_without_one_in_that_server_only(place, settings):
    asked = await place.member.slash(place.channel, "orders total", within="24h")
    assert "SU7" in str(buttons(asked.response)) and asked.ephemeral
    assert "about SU7" in await settings_card(place, launch="SU7")
    asked = await place.member.slash(place.channel, "orders total", within="24h")
    assert "88,898" in text_of(asked.response)
    named = await place.member.slash(place.channel, "orders total", launch="yu7")
    assert "YU7" in text_of(named.response)
    elsewhere = await place.other_moderator.slash(place.other_channel, "orders total", within="24h")
    assert "88,898" not in text_of(elsewhere.response)
    await place.env.restart_bot(new_bot(settings))
    assert "about SU7" in await settings_card(place)
    assert "ask which one" in await settings_card(place, launch="-")


async def test_settings_show_the_channels_that_moderators_chose(place):
    text = await settings_card(place)
    assert "public in every channel" in text and "cannot suggest" in text
    await place.moderator.slash(place.channel, "data answers", channel=place.channel, private=True)
    await place.moderator.slash(place.channel, "data reports", channel=place.channel)
    assert (await settings_card(place)).count(f"<#{place.channel.id}>") == 2


async def test_only_moderators_see_and_change_the_settings(place):
    command = next(one for one in await place.bot.tree.fetch_commands() if one.name == "settings")
    place.home.set_command_permissions(command, {place.member: True})
    refused = await place.member.slash(place.channel, "settings", launch="su7")
    assert "Manage Server" in text_of(refused.response)
    assert "ask which one" in await settings_card(place)


async def test_a_launch_that_is_not_in_the_facts_is_no_setting(place):
    assert "No launch is called" in await settings_card(place, launch="su8")
    assert "ask which one" in await settings_card(place)
