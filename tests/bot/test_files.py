"""Reloading the shared pack: who may, what a bad pack changes, and what running questions see."""

import asyncio

from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.serving.served_packs import SHARED
from tests.discord_world import buttons, text_of


def edit(place, table, old, new):
    path = place.pack_dir / f"{table}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


async def total(place):
    result = await place.member.slash(place.channel, "orders total", launch="su7", within="24h", metric="orders")
    return text_of(result.response)


async def test_a_good_reload_changes_the_next_answer(place):
    assert "88,898" in await total(place)
    edit(place, "orders", "88898,88898", "88899,88899")
    result = await place.moderator.slash(place.channel, "data reload")
    assert "Now serving version" in text_of(result.response)
    assert "88,899" in await total(place)


async def test_a_broken_pack_changes_nothing_and_every_problem_is_named(place):
    before = place.bot.services.packs.shared.snapshot.version
    edit(place, "orders", "88898,88898", "many,88898")
    edit(place, "stores", "su7-cities-2024-03-12", "Su7 Cities")
    result = await place.moderator.slash(place.channel, "data reload")
    text = text_of(result.response)
    assert "2 problems" in text
    assert "orders row 5, column E (low)" in text
    assert "stores row 3, column A (id)" in text
    assert place.bot.services.packs.shared.snapshot.version == before
    assert "88,898" in await total(place)


async def test_a_reload_of_the_same_pack_says_that_nothing_changed(place):
    result = await place.moderator.slash(place.channel, "data reload")
    assert "Nothing changed" in text_of(result.response)


async def test_a_thousand_questions_during_a_reload_get_one_version_or_the_other(place):
    edit(place, "orders", "88898,88898", "88899,88899")
    seen = set()
    packs = place.bot.services.packs

    def question():
        snapshot = packs.shared.snapshot
        answer = ask(parse("/orders total launch:su7 within:24h metric:orders", Names(snapshot)), snapshot)
        figure = answer.figure("su7-orders-24h")
        seen.add((answer.version.text, int(figure.quantity.low)))

    old = packs.shared.snapshot.version.text

    async def reload_now():
        await packs.accept(await packs.propose_folder(place.bot.services.children), by=1)

    reload = asyncio.ensure_future(reload_now())
    asked = 0
    while asked < 1000 or not reload.done():
        question()
        asked += 1
        await asyncio.sleep(0)
    await reload
    question()
    assert asked >= 1000
    assert seen == {(old, 88898), (packs.shared.snapshot.version.text, 88899)}


async def test_a_member_is_refused_by_the_bot_even_where_a_server_shows_the_command(place):
    data = next(command for command in await place.bot.tree.fetch_commands() if command.name == "data")
    place.home.set_command_permissions(data, {place.member: True})
    edit(place, "orders", "88898,88898", "88899,88899")
    before = place.bot.services.packs.activation_id(SHARED)
    result = await place.member.slash(place.channel, "data reload")
    assert result.ephemeral
    assert "Manage Server" in text_of(result.response)
    assert place.bot.services.packs.activation_id(SHARED) == before
    assert "88,898" in await total(place)


async def test_a_moderator_of_another_server_may_not_reload_the_shared_pack(place):
    edit(place, "orders", "88898,88898", "88899,88899")
    result = await place.other_moderator.slash(place.other_channel, "data reload")
    assert "belongs to the bot's operator" in text_of(result.response)
    assert "88,898" in await total(place)
    status = await place.other_moderator.slash(place.other_channel, "data status")
    assert "this server has none of its own" in text_of(status.response)


async def test_a_card_made_before_a_reload_shows_both_versions_when_pressed(place):
    shown = await place.member.slash(place.channel, "orders total", launch="su7", within="24h", metric="orders")
    edit(place, "orders", "88898,88898", "88899,88899")
    await place.moderator.slash(place.channel, "data reload")
    opened = await place.member.click(shown.response.message, custom_id=buttons(shown.response)["Show working"])
    text = text_of(opened.response)
    assert "The facts changed since this card was made" in text
    assert "88,898" in text
    assert "88,899" in text
