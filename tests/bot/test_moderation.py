"""Moderators: see it before, swap it in, take it back; and everybody else is refused."""

import asyncio
import io
import time
from functools import partial

import discord
import openpyxl
import pytest

from bot.discord_io.servers import JoinedServer
from bot.state.waiting_proposals import SECONDS_TO_CONFIRM
from salesbot.errors import QuestionError, Refused
from salesbot.packs.export import workbook_of, zip_of
from salesbot.serving.child_processes import ChildQueue, Place
from salesbot.serving.served_packs import SHARED
from salesbot.settings import seed_pack
from salesbot.words import words_for
from tests.discord_world import buttons, file_of, new_bot, text_of, texts
from tests.small_packs import text_of_error

CHANGED = (
    "SU7 · orders · 88,899 · by 29 March 2024, 22:00 (UTC+8), since 28 March 2024, 22:00 (UTC+8) · China · said by Xiaomi:"
    " low 88898 → 88899"
)


def orders_csv(old="88898,88898", new="88899,88899"):
    text = (seed_pack() / "orders.csv").read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1).encode()


def attachment(name, data):
    return name, data


async def total(place, *, other=False):
    who, where = (place.other_moderator, place.other_channel) if other else (place.member, place.channel)
    result = await who.slash(where, "orders total", launch="su7", within="24h", metric="orders")
    return text_of(result.response)


async def upload(place, data, name="orders.csv", command="data import", who=None):
    return await (who or place.moderator).slash(place.channel, command, file=attachment(name, data))


def another_moderator(place):
    role = place.home.create_role("More", permissions=discord.Permissions(manage_guild=True))
    return place.home.add_member(place.env.create_user("mara"), roles=[role])


async def press_forged(place, who, where, custom_id):
    """Press a button that the bot no longer shows, or never showed to this person."""
    own = await who.slash(where, "orders total", launch="su7")
    stored = place.env.backend.get_message(own.response.channel_id, own.response.id)
    stored.components[-1]["components"][0]["custom_id"] = custom_id
    return await who.click(own.response.message, custom_id=custom_id)


async def confirm(place, shown, who=None, label="Confirm"):
    return await (who or place.moderator).click(shown.response.message, custom_id=buttons(shown.response)[label])


async def test_an_import_is_seen_before_confirmed_asked_and_taken_back(place):
    shown = await upload(place, orders_csv())
    text = text_of(shown.response)
    for part in (
        "2 cells changed",
        CHANGED,
        "answers change",
        "SU7, 24 h after orders opened: 88,898 orders",
        "Confirm",
    ):
        assert part in text, part
    assert "88,898" in await total(place)
    await confirm(place, shown)
    assert "88,899" in await total(place)
    undone = await place.moderator.slash(place.channel, "data undo")
    assert "Undone" in text_of(undone.response)
    assert "88,898" in await total(place)


async def test_a_broken_upload_names_every_place_and_changes_nothing(place):
    broken = orders_csv("88898,88898", "many,88898").replace(b",su7,orders,,10000,", b",su8,orders,,10000,", 1)
    shown = await upload(place, broken)
    text = text_of(shown.response)
    assert "2 problems" in text
    assert "orders row 2, column B (launch)" in text
    assert "orders row 5, column E (low)" in text
    assert "Confirm" not in buttons(shown.response)
    assert "88,898" in await total(place)


async def test_check_says_the_same_and_offers_no_button(place):
    shown = await upload(place, orders_csv(), command="data check")
    assert "2 cells changed" in text_of(shown.response)
    assert buttons(shown.response) == {}


async def test_two_servers_answer_differently_at_the_same_time(place):
    await confirm(place, await upload(place, orders_csv()))
    assert "88,899" in await total(place)
    assert "88,898" in await total(place, other=True)
    assert place.bot.services.packs.shared.scope == SHARED
    other = await place.other_moderator.slash(place.other_channel, "data history")
    assert "Nothing was ever changed here" in text_of(other.response)


async def test_a_change_is_refused_when_the_facts_were_changed_meanwhile(place):
    second = another_moderator(place)
    mine = await upload(place, orders_csv())
    theirs = await upload(place, orders_csv("88898,88898", "88900,88900"), who=second)
    await confirm(place, theirs, second)
    refused = await confirm(place, mine)
    assert "The facts here were changed meanwhile" in text_of(refused.response)
    assert "88,900" in await total(place)


async def test_of_two_uploads_of_a_moderator_the_later_one_waits(place):
    first = await upload(place, orders_csv())
    second = await upload(place, orders_csv("88898,88898", "88900,88900"))
    refused = await confirm(place, first)
    assert "This change no longer waits" in text_of(refused.response)
    await confirm(place, second)
    assert "88,900" in await total(place)


async def test_a_proposal_is_confirmed_once_in_time_and_by_its_moderator(place, monkeypatch):
    shown = await upload(place, orders_csv())
    custom_id = buttons(shown.response)["Confirm"]
    proposals = place.bot.services.proposals
    token = custom_id.rsplit(":", 1)[1]
    with pytest.raises(Refused) as refused:
        proposals.of(token, another_moderator(place).id)
    assert text_of_error(refused.value).startswith("this is another moderator's change")
    with monkeypatch.context() as later:
        too_late = time.time() + SECONDS_TO_CONFIRM + 1
        later.setattr("bot.state.waiting_proposals.time.time", lambda: too_late)
        late = await confirm(place, shown)
    assert "This change no longer waits" in text_of(late.response)
    assert "88,898" in await total(place)
    await confirm(place, shown)
    assert "88,899" in await total(place)
    history = len(place.bot.services.packs.catalog.history(str(place.home.id)))
    stored = place.env.backend.get_message(shown.response.channel_id, shown.response.id)
    assert [component["type"] for component in stored.components] == [17]
    again = await press_forged(place, place.moderator, place.channel, custom_id)
    assert "This change no longer waits" in text_of(again.response)
    assert len(place.bot.services.packs.catalog.history(str(place.home.id))) == history


async def test_cancel_changes_nothing(place):
    shown = await upload(place, orders_csv())
    await confirm(place, shown, label="Cancel")
    assert "88,898" in await total(place)
    assert place.bot.services.proposals.folders() == set()
    assert list((place.bot.services.settings.data_dir / "proposals").iterdir()) == []


async def test_a_version_survives_a_restart_and_an_earlier_one_can_be_chosen(place, settings):
    await confirm(place, await upload(place, orders_csv()))
    await confirm(place, await upload(place, orders_csv("88898,88898", "88900,88900")))
    await place.env.restart_bot(new_bot(settings))
    assert "88,900" in await total(place)
    first = place.bot.services.packs.catalog.versions(str(place.home.id))
    number = min(published.id for published in first)
    await place.moderator.slash(place.channel, "data activate", version=number)
    assert "88,899" in await total(place)
    history = await place.moderator.slash(place.channel, "data history")
    assert f"<@{place.moderator.id}>" in text_of(history.response)


async def test_an_export_that_discord_would_not_take_says_what_to_do(place, monkeypatch):
    monkeypatch.setattr("bot.moderation.commands.MOST_SENT", 1000)
    told = await place.moderator.slash(place.channel, "data export", kind="xlsx")
    assert "more than Discord takes" in text_of(told.response)
    assert "Try kind:zip" in text_of(told.response)


@pytest.mark.parametrize("kind", ["xlsx", "zip"])
async def test_an_export_can_be_imported_again_without_change(place, kind):
    exported = await place.moderator.slash(place.channel, "data export", kind=kind)
    data = await file_of(exported)
    facts = place.bot.services.packs.shared.snapshot.facts()
    if kind == "zip":
        assert data == zip_of(facts, words_for().column)
    else:  # a workbook carries the time it was made
        assert cells_of(data) == cells_of(workbook_of(facts))
    shown = await upload(place, data, f"salesbot-pack.{kind}")
    assert "Nothing would change" in text_of(shown.response)


def cells_of(workbook):
    """Every cell of a workbook, by sheet."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


async def test_the_template_comes_as_a_workbook(place):
    result = await place.moderator.slash(place.channel, "data template")
    assert (await file_of(result)).startswith(b"PK")


@pytest.mark.parametrize(
    ("name", "part"), [("pack.exe", "a workbook (.xlsx"), ("../../etc/passwd.csv", "problem"), ("x.csv", "problem")]
)
async def test_what_is_no_pack_is_refused_politely(place, name, part):
    shown = await upload(place, b"id,nothing\n1,2\n", name)
    assert part in text_of(shown.response)
    assert "88,898" in await total(place)


async def test_the_shared_pack_is_reloaded_logged_and_taken_back(place):
    path = place.pack_dir / "orders.csv"
    path.write_text(path.read_text("utf-8").replace("88898,88898", "88899,88899", 1), "utf-8")
    shown = await place.moderator.slash(place.channel, "data reload")
    assert CHANGED in text_of(shown.response)
    assert "88,899" in await total(place, other=True)
    history = await place.moderator.slash(place.channel, "data history", shared=True)
    assert "reloaded from the folder" in text_of(history.response)
    await place.moderator.slash(place.channel, "data undo", shared=True)
    assert "88,898" in await total(place, other=True)


async def test_undo_of_the_shared_pack_survives_a_restart(place, settings):
    path = place.pack_dir / "orders.csv"
    path.write_text(path.read_text("utf-8").replace("88898,88898", "88899,88899", 1), "utf-8")
    await place.moderator.slash(place.channel, "data reload")
    await place.moderator.slash(place.channel, "data undo", shared=True)
    await place.env.restart_bot(new_bot(settings))
    assert "88,898" in await total(place)


async def test_a_second_import_while_one_runs_is_told_so(place):
    place.bot.services.packs._importing.add(str(place.home.id))
    shown = await upload(place, orders_csv())
    assert "already running" in text_of(shown.response)


async def test_a_server_that_is_left_keeps_its_pack_for_a_while(place):
    await confirm(place, await upload(place, orders_csv()))
    scope = str(place.home.id)
    await place.bot.on_server_leave(place.home.id)
    assert place.bot.services.packs.catalog.erase_departed(10**10, days=10**6) == []
    assert place.bot.services.packs.catalog.active(scope) is not None
    await place.bot.on_server_join(JoinedServer(place.home.id, None, "en-US"))
    assert place.bot.services.packs.catalog.erase_departed(10**10) == []
    await place.bot.on_server_leave(place.home.id)
    assert place.bot.services.packs.catalog.erase_departed(10**10) == [scope]
    assert place.bot.services.packs.catalog.active(scope) is None


async def test_a_server_left_or_rejoined_while_the_bot_was_away_is_noticed_at_start(place):
    await confirm(place, await upload(place, orders_csv()))
    scope = str(place.home.id)
    await place.bot.services.packs.note_departures([])
    await place.bot.services.packs.note_departures([])
    assert place.bot.services.packs.catalog.departed() == {scope}
    await place.bot.services.packs.note_departures([place.home.id])
    assert place.bot.services.packs.catalog.departed() == set()
    assert place.bot.services.packs.catalog.active(scope) is not None


# reports


async def test_a_wrong_number_goes_to_the_chosen_channel_once(place):
    reports = place.home.create_text_channel("reports")
    await place.moderator.slash(place.channel, "data reports", channel=reports)
    shown = await place.member.slash(place.channel, "orders total", launch="su7", within="72h")
    modal = await place.member.click(shown.response.message, custom_id=buttons(shown.response)["Wrong or missing?"])
    ids = custom_ids(modal.modal)
    values = {ids[0]: ["computed-orders"], ids[3]: "It was 120,000 says <@1> https://example.org"}
    sent = await place.member.submit_modal(modal, values)
    assert "Thank you" in text_of(sent.response)
    text = "\n".join(texts_of_channel(reports))
    for part in ("It was 120,000", "su7-sales-stores-2024-03-12", "/orders total launch:su7 within:72h"):
        assert part in text
    assert "mei" not in text
    modal = await place.member.click(shown.response.message, custom_id=buttons(shown.response)["Wrong or missing?"])
    ids = custom_ids(modal.modal)
    again = await place.member.submit_modal(modal, {ids[0]: ["computed-orders"], ids[3]: "again"})
    assert "reported this figure already" in text_of(again.response)


async def test_without_a_channel_nobody_takes_reports(place):
    shown = await place.member.slash(place.channel, "orders total", launch="su7")
    assert "Wrong or missing?" not in buttons(shown.response)
    custom_id = buttons(shown.response)["Show working"].replace("v1:working", "v1:wrong")
    result = await press_forged(place, place.member, place.channel, custom_id)
    assert "nobody takes reports here" in text_of(result.response).casefold()


def custom_ids(modal):
    found = []
    for component in modal["components"]:
        inner = component.get("component") or component["components"][0]
        found.append(inner["custom_id"])
    return found


def texts_of_channel(channel):
    return [text for message in channel.history() for text in texts([c.to_dict() for c in message.components])]


# where answers are private


async def test_answers_are_private_where_the_channel_is_set_so_whatever_the_asker_wants(place):
    await place.moderator.slash(place.channel, "data answers", channel=place.channel, private=True)
    hidden = await place.member.slash(place.channel, "orders total", launch="su7")
    assert hidden.ephemeral
    assert "Share" in buttons(hidden.response)
    assert (await place.member.slash(place.channel, "orders total", launch="su7", private=False)).ephemeral
    shared = await place.member.click(hidden.response.message, custom_id=buttons(hidden.response)["Share"])
    assert shared.ephemeral
    await place.moderator.slash(place.channel, "data answers", channel=place.channel, private=False)
    assert not (await place.member.slash(place.channel, "orders total", launch="su7")).ephemeral
    assert (await place.member.slash(place.channel, "orders total", launch="su7", private=True)).ephemeral


# who may what

COMMANDS = {
    "status": {},
    "history": {},
    "undo": {},
    "export": {},
    "template": {},
    "activate": {"version": 1},
    "check": {"file": True},
    "import": {"file": True},
    "answers": {"channel": True, "private": True},
    "reports": {},
    "add count": {"launch": "su7", "metric": "deliveries", "value": "5", "when": "April 2024", "link": "s001"},
    "add price": {"model": "su7", "value": "215,900", "since": "2024-04-01", "link": "s001"},
    "add event": {"name": "A test drive", "when": "2024-04-03", "link": "s001"},
    "add source": {"link": "https://news.example/a"},
    "edit": {"row": "orders/su7-orders-24h", "column": "low", "value": "5"},
    "remove": {"row": "orders/su7-orders-24h"},
    "paste": {"table": "orders"},
    "reset": {},
}
SHARED_COMMANDS = {"status": {}, "history": {}, "undo": {}, "export": {}, "activate": {"version": 1}}


def filled(place, options):
    found = dict(options)
    if "file" in found:
        found["file"] = attachment("orders.csv", orders_csv())
    if "channel" in found:
        found["channel"] = place.channel
    return found


async def shown_to(place, member):
    """Let Discord show /data to somebody, as a server's admin can; the bot must refuse by itself."""
    data = next(command for command in await place.bot.tree.fetch_commands() if command.name == "data")
    place.home.set_command_permissions(data, {member: True})


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_member_is_refused_every_admin_command(place, command):
    await shown_to(place, place.member)
    before = place.bot.services.packs.activation_id(SHARED)
    result = await place.member.slash(place.channel, f"data {command}", **filled(place, COMMANDS[command]))
    assert result.ephemeral
    assert "you need manage server" in text_of(result.response).casefold()
    assert place.bot.services.packs.activation_id(SHARED) == before


@pytest.mark.parametrize("command", [*SHARED_COMMANDS, "reload"])
async def test_a_moderator_of_another_server_is_refused_the_shared_pack(place, command):
    options = {} if command == "reload" else {**SHARED_COMMANDS[command], "shared": True}
    result = await place.other_moderator.slash(place.other_channel, f"data {command}", **options)
    assert "belongs to the bot's operator" in text_of(result.response)


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_place_without_a_server_is_refused_all_but_the_owner(place, command, monkeypatch):
    """A user install in somebody else's server, and a DM: the bot is a member of neither."""
    place.bot.servers.ids.clear()
    result = await place.moderator.slash(place.channel, f"data {command}", **filled(place, COMMANDS[command]))
    text = text_of(result.response).casefold()
    assert "belongs to the bot's operator" in text or "a server that the bot was added to" in text


async def test_the_owner_may_change_the_shared_pack_from_anywhere_but_no_servers(place):
    place.bot.services.owners = frozenset({place.member.id})
    await shown_to(place, place.member)
    assert "Nothing changed" in text_of((await place.member.slash(place.channel, "data reload")).response)
    refused = await place.member.slash(place.channel, "data undo")
    assert "you need manage server" in text_of(refused.response).casefold()


@pytest.mark.parametrize("who", ["member", "other_moderator"])
async def test_a_forged_button_is_refused(place, who):
    shown = await upload(place, orders_csv())
    custom_id = buttons(shown.response)["Confirm"]
    where = place.other_channel if who == "other_moderator" else place.channel
    result = await press_forged(place, getattr(place, who), where, custom_id)
    assert "another moderator's change" in text_of(result.response)
    assert "88,898" in await total(place)


async def test_a_moderator_who_lost_the_right_meanwhile_is_refused_at_the_button(place, monkeypatch):
    shown = await upload(place, orders_csv())
    monkeypatch.setattr("discord.Interaction.permissions", discord.Permissions.none())
    result = await confirm(place, shown)
    assert "you need manage server" in text_of(result.response).casefold()
    monkeypatch.undo()
    assert "88,898" in await total(place)


async def test_no_upload_is_ever_written_under_its_own_name(place, tmp_path):
    before = set(tmp_path.rglob("*"))
    await confirm(place, await upload(place, orders_csv(), "orders.csv"))
    new = {path.name for path in set(tmp_path.rglob("*")) - before if path.is_file()}
    assert any(name.endswith(".sqlite") for name in new)
    assert all(name.endswith((".sqlite", ".sqlite-journal", ".sqlite-wal", ".sqlite-shm")) for name in new), new


async def test_what_takes_longer_than_two_seconds_says_that_it_still_runs(place, monkeypatch):
    propose = place.bot.services.packs.propose_upload

    async def slowly(*arguments, **named):
        await asyncio.sleep(5)
        return await propose(*arguments, **named)

    monkeypatch.setattr(place.bot.services.packs, "propose_upload", slowly)
    shown = await upload(place, orders_csv())
    await place.env.advance_time(6)
    told = [str(body) for body in place.sent() if "It still runs" in str(body)]
    assert told
    assert "nothing has changed yet" in told[0]
    assert "2 cells changed" in text_of(shown.response)


async def test_a_child_that_takes_too_much_is_stopped_and_said():
    with pytest.raises(QuestionError) as refused:
        await ChildQueue().run("server", Place(), partial(bytearray, 3 << 30))
    assert "more time or memory" in text_of_error(refused.value)


async def test_what_was_said_of_facts_that_were_forgotten_is_not_said_again(place):
    await confirm(place, await upload(place, orders_csv("1800,2000", "1800,2100")))
    shown = await place.member.slash(place.channel, "orders total", launch="su7", within="72h")
    assert "123,900" in text_of(shown.response)
    press = {"custom_id": buttons(shown.response)["Show working"]}
    await place.moderator.slash(place.channel, "data reset")
    told = text_of((await place.member.click(shown.response.message, **press)).response)
    assert "The facts changed" in told and "123,900" in told
    await place.moderator.slash(place.channel, "data forget", sure=True)
    told = text_of((await place.member.click(shown.response.message, **press)).response)
    assert "no longer exists" in told and "123,900" not in told
