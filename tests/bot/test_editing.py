"""A moderator adds, changes and removes one fact in Discord, and sees what it changes before it counts."""

import asyncio

import pytest

from bot.moderation.editing import with_header
from tests.bot.test_moderation import confirm, custom_ids
from tests.discord_world import buttons, text_of

LINK = "https://www.daily.example/a-report"


async def slash(place, command, **options):
    return await place.moderator.slash(place.channel, f"data {command}", **options)


async def total(place, **options):
    answer = await place.member.slash(place.channel, "orders total", launch="su7", **options)
    return text_of(answer.response)


async def test_a_count_is_added_in_one_command(place):
    shown = await slash(
        place,
        "add count",
        launch="su7",
        metric="reservations",
        value="1,234",
        when="April 2024",
        link=LINK,
        who="Xiaomi",
    )
    text = text_of(shown.response)
    assert "SU7 · reservations · 1,234 · April 2024 · China · said by Xiaomi" in text
    assert "daily.example · “a report” · grade C · named only" in text
    assert "2 rows added" in text
    assert "1,234" not in await total(place, metric="reservations")
    await confirm(place, shown)
    assert "1,234 reservations" in await total(place, metric="reservations", at="2024-04-30")


async def test_what_is_typed_wrong_changes_nothing_and_says_what_to_type(place):
    shown = await slash(
        place, "add count", launch="su7", metric="deliveries", value="20.000", when="April 2024", link=LINK
    )
    assert "write 20000 for a whole number" in text_of(shown.response).casefold()
    assert not buttons(shown.response)


async def test_a_cell_is_changed_and_taken_back(place):
    shown = await slash(place, "edit", row="orders/su7-orders-24h", column="note", value="seen by all")
    assert "→ seen by all" in text_of(shown.response)
    await confirm(place, shown)
    undone = await slash(place, "undo")
    assert "Undone" in text_of(undone.response)


async def test_a_cell_that_would_be_wrong_is_refused(place):
    shown = await slash(place, "edit", row="orders/su7-orders-24h", column="low", value="many")
    assert "a plain number" in text_of(shown.response)


async def test_a_row_is_removed_by_a_red_button(place):
    shown = await slash(place, "remove", row="orders/su7-orders-24h")
    assert "goes: SU7 · orders · 88,898" in text_of(shown.response)
    assert "88,898" in await total(place, within="24h")
    await confirm(place, shown)
    assert "88,898" not in await total(place, within="24h")


@pytest.mark.parametrize(
    ("command", "option", "typed", "found"),
    [
        ("edit", "row", "deliveries april 7,058", "orders/su7-deliveries-2024-04"),
        ("add count", "launch", "小米", "su7"),
        ("add count", "metric", "deliv", "deliveries"),
    ],
)
async def test_options_are_offered_by_what_they_say(place, command, option, typed, found):
    choices = await place.moderator.autocomplete(place.channel, f"data {command}", option, typed)
    assert found in [choice["value"] for choice in choices]


async def test_pasted_rows_are_read_with_or_without_a_header(place):
    for text in ("id\tpublisher\ttitle\tgrade\tlink\nx-1\tDaily\tA title\tB\tyes", "x-1\tDaily\tA title\t\t\tB\tyes\t"):
        opened = await slash(place, "paste", table="sources")
        [field] = custom_ids(opened.modal)
        sent = await place.moderator.submit_modal(opened, {field: text})
        assert "Daily · “A title” · grade B · linked" in text_of(sent.response), text
        await asyncio.sleep(0)


def test_pasted_rows_without_a_header_have_the_columns_of_an_export():
    assert with_header("names", "acme\tbrand\tAcme\ten").decode().splitlines()[0] == "id\tkind\tname\tlanguage"
    assert with_header("names", "name\tid\nAcme\tacme").decode().splitlines()[0] == "name\tid"


async def test_a_servers_own_row_stays_when_the_shared_pack_changes(place):
    await confirm(place, await slash(place, "remove", row="orders/su7-orders-24h"))
    path = place.pack_dir / "orders.csv"
    path.write_text(path.read_text("utf-8").replace("7058,7058", "7059,7059", 1), "utf-8")
    await slash(place, "reload")
    await place.bot._following._task
    assert place.bot.services.packs.behind() == []
    assert "7,059" in await total(place, metric="deliveries", at="2024-04-30")
    assert "88,898" not in await total(place, metric="orders", within="24h")
    status = text_of((await slash(place, "status")).response)
    assert "Its own: 1 row removed. All else follows the shared pack." in status
    history = text_of((await slash(place, "history")).response)
    assert "followed the shared pack" in history and "1 row removed in orders" in history
    number = next(version.id for version in place.bot.services.packs.catalog.versions(str(place.home.id))[-1:])
    shown = await slash(place, "history", version=number)
    assert "goes: SU7 · orders · 88,898" in text_of(shown.response)
    await slash(place, "reset")
    assert "88,898 orders" in await total(place, metric="orders", within="24h")
