"""What is reached for in discord.py's private parts, one test a reach: it fails where an upgrade breaks that.

The real bot speaks over real sockets with a Discord on the loopback interface, in this process.
"""

import asyncio
import inspect
import io
import logging

import discord
import pytest
from discord import app_commands
from discord.webhook.async_ import AsyncWebhookAdapter

from bot.discord_io.delivery import DeliveryAdapter
from bot.running import finish_answers, log_in
from tests.bot.on_loopback import connected, heartbeats, is_answered
from tests.discord_world import new_bot
from tools.loopback_discord.faults import Limited, Status
from tools.loopback_discord.payloads import HOME_CHANNEL, HOME_GUILD
from tools.loopback_discord.requests import Reply
from tools.loopback_discord.server import SLASH, until


class Says:
    """A fault: the request is not carried out, and answered with this."""

    def __init__(self, status, body):
        self.status, self.body = status, body

    async def happen(self, request, commit):
        return Reply(self.status, self.body).response()


def probe(bot, action):
    """Add a command that does something with its interaction; returns a queue of what came of it."""
    results = asyncio.Queue()

    @app_commands.command(name="probe", description="probe")
    async def command(interaction: discord.Interaction) -> None:
        try:
            results.put_nowait(await action(interaction))
        except Exception as error:
            results.put_nowait(error)

    bot.tree.add_command(command)
    return results


# replies: the context variable that holds the webhook adapter, and what the adapter overrides and uses


def test_the_adapter_takes_all_that_discord_py_hands_it():
    def parameters(method):
        return [(one.name, one.kind, one.default) for one in inspect.signature(method).parameters.values()]

    assert parameters(DeliveryAdapter.request) == parameters(AsyncWebhookAdapter.request)


async def test_a_reply_is_sent_by_the_adapter_installed(loopback, settings):
    """discord.py's own takes a 429 without ``Via`` for a ban, and gives up."""
    async with connected(new_bot(settings), loopback):
        loopback.fail("callback", Limited("user", 0.2, has_via=False))
        asked = await loopback.slash("help")
        assert "Ask about product launches" in asked.text
        assert [request.kind for request in asked.requests] == ["callback", "callback"]


async def test_discord_py_reads_no_more_of_a_reply_than_the_adapter_tells_it(loopback, settings):
    async def reply(interaction):
        sent = await interaction.response.send_message("said", ephemeral=True)
        return sent.id == interaction.id, interaction.response.is_done()

    bot = new_bot(settings)
    results = probe(bot, reply)
    async with connected(bot, loopback):
        asked = await loopback.slash("probe")
        assert (asked.text, asked.is_private) == ("said", True)
        assert await results.get() == (True, True)


async def test_a_reply_that_arrived_although_its_try_failed_is_no_error(loopback, settings):
    async def reply(interaction):
        await interaction.response.send_message("said")
        return interaction.response.is_done()

    bot = new_bot(settings)
    results = probe(bot, reply)
    async with connected(bot, loopback):
        loopback.fail("callback", Status(502, commits=True))
        asked = await loopback.slash("probe")
        assert await results.get() is True
        assert [request.status for request in asked.requests] == [200, 400]
        assert len(asked.seen) == 1


@pytest.mark.parametrize("is_deferred", [False, True])
async def test_a_file_is_sent_whole_again_after_a_failure(loopback, settings, is_deferred):
    content = b"whole" * 1000

    async def reply(interaction):
        file = discord.File(io.BytesIO(content), "facts.txt")
        if not is_deferred:
            return await interaction.response.send_message("here", file=file)
        await interaction.response.defer()
        edited = await interaction.edit_original_response(content="here", attachments=[file])
        return [attachment.filename for attachment in edited.attachments]

    bot = new_bot(settings)
    results = probe(bot, reply)
    async with connected(bot, loopback):
        loopback.fail("upload", Status(502), times=2)
        asked = await loopback.slash("probe")
        result = await results.get()
        assert result == ["facts.txt"] if is_deferred else not isinstance(result, Exception)
        assert asked.text == "here"
        uploads = [request.files for request in asked.requests if request.files]
        assert [[(file.name, file.content) for file in files] for files in uploads] == [[("facts.txt", content)]] * 3


@pytest.mark.parametrize(
    ("status", "kind"), [(403, discord.Forbidden), (404, discord.NotFound), (400, discord.HTTPException)]
)
async def test_a_refusal_is_raised_as_discord_pys_own_error(loopback, settings, status, kind):
    async def reply(interaction):
        await interaction.response.defer()
        await interaction.edit_original_response(content="here")

    bot = new_bot(settings)
    results = probe(bot, reply)
    async with connected(bot, loopback):
        loopback.fail("edit", Says(status, {"code": 10008, "message": "Unknown Message"}))
        loopback.slash("probe")
        error = await results.get()
        assert type(error) is kind
        assert (error.status, error.code, error.text) == (status, 10008, "Unknown Message")


# the gateway: what ``poll_event`` and ``from_client`` raise, and the parsers of the connection state


@pytest.mark.parametrize(
    "frame", ['{"op":0,"t":"INTERACTION_CREATE","d":{"id":', "[]", '{"op":10,"d":null}', '{"op":0,"t":"READY","d":{}}']
)
async def test_a_malformed_frame_leads_to_a_resume(loopback, settings, frame):
    async with connected(new_bot(settings), loopback) as connecting:
        loopback.gateway.send_malformed(frame)
        await until(lambda: loopback.gateway.resumes or connecting.done(), 10, "no resume")
        assert (len(loopback.gateway.resumes), len(loopback.gateway.identifies)) == (1, 1)
        assert await is_answered(loopback)
        await until(lambda: len(heartbeats()) == 1, 10, "a heartbeat of the connection before goes on")
        assert not connecting.done()


async def test_no_event_that_cannot_be_read_ends_the_connection(loopback, settings, caplog):
    bot = new_bot(settings)
    events = sorted(set(bot._connection.parsers) - {"READY", "RESUMED"})  # those are read before the parsers
    assert {"GUILD_CREATE", "GUILD_DELETE", "INTERACTION_CREATE", "CHANNEL_CREATE"} <= set(events)
    async with connected(bot, loopback) as connecting:
        with caplog.at_level(logging.WARNING, "bot.discord_io.private_parts"):
            for event in events:
                loopback.gateway.dispatch(event, {"id": "no id"})
            assert await is_answered(loopback)
        assert "an event that cannot be read, GUILD_CREATE (ValueError)" in caplog.text
        assert "an event that cannot be read, INTERACTION_CREATE (" in caplog.text
        assert not connecting.done()
        assert (len(loopback.gateway.resumes), len(loopback.gateway.identifies)) == (0, 1)


# the command tree: ``_call`` of an interaction, and the error handler behind it


async def test_an_interaction_that_cannot_be_read_is_logged_and_lost_alone(loopback, settings, caplog):
    async with connected(new_bot(settings), loopback):
        with caplog.at_level(logging.WARNING):
            lost = loopback.send(SLASH, {"id": "1", "type": 1})
            assert await is_answered(loopback)
        assert "an interaction that cannot be read (KeyError)" in caplog.text
        assert "never retrieved" not in caplog.text
        assert lost.requests == []


async def test_a_command_that_this_release_does_not_have_still_reaches_the_error_handler(loopback, settings):
    async with connected(new_bot(settings), loopback):
        asked = await loopback.send(SLASH, {"id": "1", "name": "gone", "type": 1, "options": []})
        assert asked.is_private
        assert "This command has changed" in asked.text


# running: the names of the tasks that answer, and the connector of a session


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("command", "bot.questions.commands.answer_command"),
        ("button", "bot.questions.buttons.answer_press"),
        ("form", "bot.questions.reports.post_report"),
    ],
)
async def test_an_answer_under_way_is_finished_before_the_bot_ends(loopback, settings, monkeypatch, kind, answers):
    is_begun, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(services, interaction, *arguments, **named):
        is_begun.set()
        await may_end.wait()
        await interaction.response.send_message("done")

    bot = new_bot(settings)
    bot.services.guild_settings.set_reports_channel(HOME_GUILD, HOME_CHANNEL)
    async with connected(bot, loopback):
        asked = await ask_of_kind(loopback, kind, lambda: monkeypatch.setattr(answers, slowly))
        await is_begun.wait()
        finishing = asyncio.create_task(finish_answers(bot))
        done, _ = await asyncio.wait([finishing], timeout=1.0)
        assert not done
        may_end.set()
        await finishing
        assert asked.text == "done"


async def ask_of_kind(loopback, kind, make_slow):
    """Type a command, press a button or send a form, of which the last step is made slow."""
    if kind == "command":
        make_slow()
        return loopback.slash("orders total", launch="su7")
    shown = await loopback.slash("orders total", launch="su7")
    if kind == "button":
        make_slow()
        return loopback.click(shown.buttons["Show working"])
    form = await loopback.click(shown.buttons["Wrong or missing?"])
    make_slow()
    which, _, _, what = (label["component"] for label in form.modal["components"])
    fields = {which["custom_id"]: [which["options"][0]["value"]], what["custom_id"]: "It was 120,000"}
    return loopback.submit(form, fields)


async def test_a_login_that_failed_is_tried_again_with_a_new_session(loopback, settings, monkeypatch, caplog):
    monkeypatch.setattr("bot.running.FIRST_PAUSE", 0.01)
    bot = new_bot(settings)
    loopback.fail("me", Says(200, []))
    try:
        await log_in(bot, loopback.token)
        assert len(loopback.of_kind("me")) == 2
        assert bot.user is not None
    finally:
        await bot.close()
