"""A moderator uploads a table that others made, says what it does not say, and sees it read."""

import discord
import pytest

from tests.bot.test_moderation import attachment, confirm, custom_ids, press_forged, shown_to
from tests.discord_world import buttons, text_of

TABLE = "月份,车型,销量(辆)\n2026年1月,小米SU7,712\n2026年2月,小米SU7,823\n合计,,1535\n".encode()
LINK = "https://www.daily.example/sales"


async def upload(place, data=TABLE, name="sales.csv"):
    return await place.moderator.slash(place.channel, "data import", file=attachment(name, data))


def selects(message):
    rows = [component for component in message.components if component["type"] == 1]
    return {c["custom_id"].split(":")[1]: c["custom_id"] for row in rows for c in row["components"] if c["type"] == 3}


def labels(message):
    rows = [component for component in message.components if component["type"] == 1]
    return {c["label"]: c["custom_id"] for row in rows for c in row["components"] if c["type"] == 2}


async def said(place, shown, **values):
    """Fill in the form of what the table does not say."""
    modal = await place.moderator.click(shown.response.message, custom_id=labels(shown.response)["Launch, source…"])
    names = ("launch", "source", "year", "place", "scale")
    filled = {id: values[name] for id, name in zip(custom_ids(modal.modal), names, strict=True) if name in values}
    return await place.moderator.submit_modal(modal, filled)


async def chosen(place, shown, word, value):
    return await place.moderator.select(shown.response.message, [value], custom_id=selects(shown.response)[word])


async def test_a_foreign_table_is_shown_said_and_read(place):
    shown = await upload(place)
    text = text_of(shown.response)
    assert "sales.csv is none of the pack's tables; it would be read so" in text
    assert "Still to say: what is counted, the source" in text
    shown = await chosen(place, shown, "metric", "deliveries")
    assert "SU7 · deliveries · 712 · January 2026 · China" in text_of(shown.response)
    shown = await said(place, shown, source=LINK)
    assert "Still to say" not in text_of(shown.response)
    preview = await place.moderator.click(shown.response.message, custom_id=labels(shown.response)["Read it so"])
    text = text_of(preview.response)
    for part in (
        "3 rows added",
        "SU7 · deliveries · 823 · February 2026",
        "2 numbers, 712 to 823, sum 1,535",
        "a total",
    ):
        assert part in text, part
    await confirm(place, preview)
    facts = place.bot.services.packs.of_server(place.home.id).snapshot.facts()
    assert [int(row.low) for row in facts.orders[-2:]] == [712, 823]


async def test_the_next_table_of_this_shape_is_read_as_the_last(place):
    shown = await chosen(place, await upload(place), "metric", "orders")
    shown = await said(place, shown, source=LINK)
    await place.moderator.click(shown.response.message, custom_id=labels(shown.response)["Read it so"])
    again = await upload(place, "月份,车型,销量(辆)\n2026年3月,小米SU7,9\n".encode())
    text = text_of(again.response)
    assert "SU7 · orders · 9 · March 2026" in text
    assert "Still to say: the source" in text


async def test_a_table_given_up_or_pressed_by_another_changes_nothing(place):
    shown = await upload(place)
    before = place.bot.services.packs.activation_id(str(place.home.id))
    say = labels(shown.response)["Launch, source…"]
    cancelled = await place.moderator.click(shown.response.message, custom_id=labels(shown.response)["Cancel"])
    assert "Nothing has changed" in text_of(cancelled.response)
    again = await press_forged(place, place.moderator, place.channel, say)
    assert "no longer waits" in text_of(again.response)
    assert place.bot.services.packs.activation_id(str(place.home.id)) == before


async def test_a_table_of_the_packs_own_with_a_fault_is_no_foreign_table(place):
    shown = await upload(
        place, b"id,launch,metric,low,high,status,sources\nx 1,su7,orders,5,5,reported,s001\n", "orders.csv"
    )
    assert "write 'x-1' if that is meant" in text_of(shown.response)
    assert not buttons(shown.response)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"a,b\nc,d\n", b""])
async def test_what_is_no_table_is_refused(place, data):
    shown = await upload(place, data, "table.csv")
    assert not buttons(shown.response)


@pytest.mark.parametrize("word", ["Read it so", "Launch, source…", "Cancel"])
async def test_nobody_else_may_press(place, word):
    shown = await upload(place)
    custom_id = labels(shown.response)[word]
    await shown_to(place, place.member)
    for who, where in ((place.member, place.channel), (place.other_moderator, place.other_channel)):
        refused = await press_forged(place, who, where, custom_id)
        assert "another moderator's change" in text_of(refused.response)


async def test_a_moderator_who_lost_the_right_is_refused(place, monkeypatch):
    shown = await upload(place)
    monkeypatch.setattr("discord.Interaction.permissions", discord.Permissions.none())
    refused = await place.moderator.click(shown.response.message, custom_id=labels(shown.response)["Cancel"])
    assert "manage server" in text_of(refused.response).casefold()
    refused = await chosen(place, shown, "metric", "deliveries")
    assert "manage server" in text_of(refused.response).casefold()
