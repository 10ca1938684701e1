"""Which language an answer is in: the reader's, the server's where everybody reads, the card's on its buttons."""

import asyncio

import discord
import pytest

from bot.discord_io.translator import Descriptions
from tests.bot.test_follow import changed_total, posts
from tests.bot.test_moderation import confirm, upload
from tests.discord_world import buttons, text_of


class Reader:
    """Whose Discord the next interactions come from."""

    locale = "en-US"


@pytest.fixture
def reader(monkeypatch):
    from_data = discord.Interaction._from_data
    reader = Reader()
    monkeypatch.setattr(
        discord.Interaction, "_from_data", lambda self, data: from_data(self, {**data, "locale": reader.locale})
    )
    return reader


async def total(place, **typed):
    return (await place.member.slash(place.channel, "orders total", launch="su7", within="72h", **typed)).response


async def press(place, shown, label):
    return (await place.member.click(shown.message, custom_id=buttons(shown)[label])).response


async def test_a_reader_reads_their_own_language_and_the_names_of_it(place, reader):
    assert "SU7, 72 h after" in text_of(await total(place))
    reader.locale = "zh-CN"
    shown = text_of(await total(place))
    assert "小米SU7，开订后72小时" in shown and "10.62万–11.8万" in shown and "/orders total launch:su7" in shown
    reader.locale = "fr"
    assert "SU7, 72 h after" in text_of(await total(place))


async def test_a_button_keeps_the_language_of_its_card(place, reader):
    english = await total(place)
    reader.locale = "zh-CN"
    assert "Working" in text_of(await press(place, english, "Show working"))
    chinese = await total(place)
    reader.locale = "en-US"
    working = text_of(await press(place, chinese, "看推算过程"))
    assert "1,800–2,000" in working and "小米SU7" in working and "Working" not in working
    shared = await total(place, private=True)
    assert "SU7, 72 h after" in text_of(await press(place, shared, "Share"))


async def test_the_servers_language_is_that_of_what_everybody_reads(place, reader):
    shown = await place.moderator.slash(place.channel, "settings", language="zh")
    assert "Public answers are in 简体中文" in text_of(shown.response)
    assert "小米SU7" in text_of(await total(place))
    assert "SU7, 72 h after" in text_of(await total(place, private=True))
    asked = await place.member.slash(place.channel, "ask", question="su7 72h 45000 locked orders")
    assert "小米SU7" in text_of(asked.response)
    elsewhere = await place.other_moderator.slash(place.other_channel, "orders total", launch="su7", within="72h")
    assert "SU7, 72 h after" in text_of(elsewhere.response)
    shown = await place.moderator.slash(place.channel, "settings", language="-")
    assert "in the language of who asks" in text_of(shown.response)
    assert "SU7, 72 h after" in text_of(await total(place))


async def test_an_error_is_in_the_language_of_who_reads_it(place, reader):
    reader.locale = "zh-TW"
    refused = await place.member.slash(place.channel, "orders total", launch="su8", within="24h")
    assert refused.ephemeral and "沒有" in text_of(refused.response)


async def test_choices_show_names_and_metrics_of_the_readers_language(place, reader):
    reader.locale = "zh-CN"
    offered = await place.member.autocomplete(place.channel, "orders total", "launch", "su")
    assert "小米SU7" in str(offered)
    offered = await place.member.autocomplete(place.channel, "orders total", "metric", "", launch="su7")
    assert "锁单" in str(offered) and "locked_orders" in str(offered)


async def test_a_channel_is_told_of_changes_in_the_language_in_which_it_was_followed(place, reader):
    reader.locale = "zh-CN"
    await place.moderator.slash(place.channel, "follow", launch="su7")
    reader.locale = "en-US"
    await confirm(place, await upload(place, changed_total()))
    await place.bot.follower.look()
    [post] = posts(place.channel)
    assert "小米SU7" in post and "111,111" in post and "Before" not in post


async def test_descriptions_and_the_menu_have_other_languages_and_names_of_commands_have_not(place):
    translator = Descriptions()
    tree = place.bot.tree
    payloads = [await one.get_translated_payload(tree, translator) for one in tree.get_commands()]
    [menu] = await asyncio.gather(
        *(
            one.get_translated_payload(tree, translator)
            for one in tree.get_commands(type=discord.AppCommandType.message)
        )
    )
    assert menu["name_localizations"]["zh-CN"] == "核对这条" and menu["name_localizations"]["zh-TW"] == "核對這條"
    assert menu["name_localizations"]["en-GB"] == menu["name"] == "Check this"
    commands = [one for one in payloads if one["type"] == discord.AppCommandType.chat_input.value]
    assert commands and not any(one.get("name_localizations") for one in commands)
    assert all(set(one["description_localizations"]) == {"zh-CN", "zh-TW", "en-US", "en-GB"} for one in commands)
