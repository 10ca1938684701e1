"""The loopback Discord itself: the real bot runs on it, and it refuses and fails as Discord does."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import zstandard
from aiohttp import FormData

from benchmarks.asked import Unanswered
from tools.loopback_discord.commands import NotRegistered
from tools.loopback_discord.driver import BARE_BOT, BotDied, BotProcess, cost, ready, running, start
from tools.loopback_discord.faults import Disconnect, Hang, Limited, Reset, Status, Truncated
from tools.loopback_discord.payloads import COMPONENTS_V2, EPHEMERAL, IN_DM, MODERATOR, Upload
from tools.loopback_discord.server import SLASH, LoopbackDiscord, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def discord() -> AsyncIterator[LoopbackDiscord]:
    """The Discord of the bot below. Its deadline is long, so that no test hangs on how fast the machine is."""
    async with LoopbackDiscord(deadline=30.0, patience=40.0) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(discord: LoopbackDiscord, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    async with running(discord, data_dir=tmp_path_factory.mktemp("bot")) as process:
        yield process


@pytest_asyncio.fixture(loop_scope="module")
async def alone() -> AsyncIterator[LoopbackDiscord]:
    """A Discord without a bot."""
    async with LoopbackDiscord(deadline=30.0, patience=40.0) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


# --- the real bot ---------------------------------------------------------------------------------


async def test_the_bot_starts_with_one_identify_and_the_guilds_intent(discord, bot):
    assert [identify["intents"] for identify in discord.gateway.identifies] == [1]
    assert {"orders", "prices", "help"} <= {command["name"] for command in discord.commands}


async def test_orders_total_is_answered_and_may_ping_nobody(discord, bot):
    asked = await discord.slash("orders total", launch="su7", within="72h")
    assert "106,200–118,000" in asked.text
    [callback] = asked.requests
    assert callback.data["allowed_mentions"] == {"parse": []}
    assert asked.took >= asked.took_to_acknowledge > 0


async def test_a_name_is_completed(discord, bot):
    asked = await discord.autocomplete("orders total", "launch", "su")
    assert "su7" in [choice["value"] for choice in asked.choices]


async def test_a_button_is_answered(discord, bot):
    asked = await discord.slash("orders total", launch="su7")
    pressed = await discord.click(asked.buttons["Show working"])
    assert pressed.is_private and "SU7" in pressed.text


async def test_permissions_and_place_reach_the_bot(discord, bot):
    assert "Manage Server" in (await discord.slash("data status")).text
    assert "Manage Server" not in (await discord.slash("data status", MODERATOR)).text
    assert (await discord.slash("help", IN_DM)).is_private
    assert "This channel follows" in (await discord.slash("follow", IN_DM, launch="su7")).text
    assert "Manage Server" in (await discord.slash("follow", launch="su7")).text


async def test_only_what_was_registered_can_be_asked(discord, bot):
    with pytest.raises(NotRegistered, match="no option"):
        discord.slash("orders total", launch="su7", size="big")
    with pytest.raises(NotRegistered, match="needs model"):
        discord.slash("prices history")


async def test_what_was_asked_while_away_is_answered_after_a_resume(discord, bot):
    identifies = len(discord.gateway.identifies)
    discord.gateway.close(4000)
    asked = await discord.slash("orders total", launch="su7")  # behind the close, so this connection never carries it
    assert "SU7" in asked.text
    assert discord.gateway.resumes and len(discord.gateway.identifies) == identifies


@pytest.mark.parametrize("trouble", ["drop", "ask_to_reconnect"])
async def test_a_lost_connection_is_resumed(discord, bot, trouble):
    resumes = len(discord.gateway.resumes)
    getattr(discord.gateway, trouble)()
    await until(lambda: len(discord.gateway.resumes) > resumes and discord.gateway.is_ready)
    assert (await discord.slash("help")).fate == "answered"


async def test_heartbeats_are_counted_and_costs_measured(discord, bot):
    assert discord.gateway.heartbeats >= 1
    measured = await cost(bot, lambda: discord.slash("help"), 5)
    assert 0 < measured.cpu_ms < 5000 and len(measured.wall_ms) == 5
    assert bot.memory_mib() > 10


# --- the bare bot, and faults that a bot meets ------------------------------------------------------


async def test_the_bare_bot_pings_and_a_fault_takes_its_answer_away(tmp_path):
    async with (
        LoopbackDiscord(deadline=30.0, patience=40.0) as discord,
        running(discord, data_dir=tmp_path, module=BARE_BOT) as bare,
    ):
        assert "Pong" in (await discord.slash("ping")).text
        assert len((await discord.autocomplete("ping", "word", "s")).choices) == 8
        armed = discord.fail("callback", Limited(has_via=False))
        lost = discord.slash("ping")
        await until(lambda: "HTTPException: 429" in bare.log)
        with pytest.raises(Unanswered, match="waiting"):
            await lost.within(0.1)
        assert armed.met == lost.requests
        assert await bare.stop() == 0
    assert not discord.gateway.sessions  # the bot closed with 1000


async def test_a_bot_that_cannot_connect_dies_and_its_log_says_so(tmp_path):
    async with LoopbackDiscord() as discord:
        await discord.stop_listening()
        bot = await start(discord, data_dir=tmp_path, module=BARE_BOT)
        with pytest.raises(BotDied, match="Cannot connect to host"):
            await ready(discord, bot)
        assert discord.requests == []
        await discord.listen()
        async with running(discord, data_dir=tmp_path, module=BARE_BOT):
            assert len(discord.gateway.identifies) == 1


# --- what it refuses ---------------------------------------------------------------------------------


def callback_url(server: LoopbackDiscord, asked: Any, query: str = "") -> str:
    return f"{server.rest_url}/interactions/{asked.id}/{asked.token}/callback{query}"


def original_url(server: LoopbackDiscord, asked: Any) -> str:
    return f"{server.rest_url}/webhooks/1/{asked.token}/messages/@original"


def card(*components: Any, **fields: Any) -> dict[str, Any]:
    return {"type": 4, "data": {"flags": COMPONENTS_V2, "components": list(components)} | fields}


TEXT = {"type": 10, "content": "hello"}
MESSAGE = card(TEXT)


async def answered(client: aiohttp.ClientSession, method: str, url: str, body: object) -> tuple[int, Any]:
    async with client.request(method, url, json=body) as response:
        assert response.headers["Via"] == "1.1 google"
        return response.status, await response.json() if response.content_type == "application/json" else None


async def test_a_second_acknowledgement_is_40060(alone, client):
    asked = alone.click("anything")
    assert await answered(client, "POST", callback_url(alone, asked), MESSAGE) == (204, None)
    status, body = await answered(client, "POST", callback_url(alone, asked), MESSAGE)
    assert (status, body["code"]) == (400, 40060)
    assert [request.status for request in asked.requests] == [204, 400] and asked.text == "hello"


async def test_a_late_or_unknown_interaction_is_10062(client):
    async with LoopbackDiscord(deadline=0.05) as server:
        asked = server.click("anything")
        await asyncio.sleep(0.1)
        status, body = await answered(client, "POST", callback_url(server, asked), MESSAGE)
        assert (status, body["code"], asked.fate) == (404, 10062, "failed")
        status, body = await answered(client, "POST", f"{server.rest_url}/interactions/1/x/callback", MESSAGE)
        assert (status, body["code"]) == (404, 10062)


async def test_the_answer_of_a_callback_holds_the_message_if_asked_for(alone, client):
    asked = alone.click("anything")
    status, body = await answered(client, "POST", callback_url(alone, asked, "?with_response=1"), MESSAGE)
    assert status == 200 and body["interaction"]["response_message_id"] == body["resource"]["message"]["id"]


async def test_a_deferred_answer_is_filled_in_by_an_edit_or_the_first_follow_up(alone, client):
    first, second = alone.click("a"), alone.click("b")
    for asked in (first, second):
        assert (await answered(client, "PATCH", original_url(alone, asked), MESSAGE["data"]))[1]["code"] == 10015
        await answered(client, "POST", callback_url(alone, asked), {"type": 5, "data": {"flags": EPHEMERAL}})
        assert asked.fate == "thinking" and not asked.seen
    await answered(client, "PATCH", original_url(alone, first), MESSAGE["data"])
    follow_up = f"{alone.rest_url}/webhooks/1/{second.token}"
    await answered(client, "POST", follow_up, MESSAGE["data"])
    await answered(client, "POST", follow_up, MESSAGE["data"])
    assert (first.fate, len(first.seen), first.is_private) == ("answered", 1, True)
    assert (second.fate, len(second.seen)) == ("answered", 2)
    async with client.delete(original_url(alone, first)) as response:
        assert response.status == 204
    assert first.seen == []


def button(number: int, label: str = "x") -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": label, "custom_id": f"id{number}"}


def row(*inside: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(inside)}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (card(*[TEXT] * 41), "components"),
        (card({"type": 10, "content": "x" * 2001}, {"type": 10, "content": "y" * 2000}), "components"),
        (card(row(button(1, "x" * 81))), "label"),
        (card(row({**button(1), "custom_id": "x" * 101})), "custom_id"),
        (card(row(button(1), button(1))), "components"),
        (card(row(*map(button, range(6)))), "components"),
        (card(button(1)), "type"),
        (card({"type": 17, "components": []}), "components"),
        (card({"type": 13, "file": {"url": "attachment://absent.txt"}}), "url"),
        (card(TEXT, content="both"), "content"),
        (card(TEXT, allowed_mentions={"parse": ["all"]}), "parse"),
        ({"type": 4, "data": {"content": "x" * 2001}}, "content"),
        ({"type": 4, "data": {"embeds": [{"title": "x" * 257}]}}, "title"),
        ({"type": 4, "data": {"components": [TEXT]}}, "components"),
        (
            {
                "type": 9,
                "data": {
                    "title": "x" * 46,
                    "custom_id": "m",
                    "components": [row({"type": 4, "custom_id": "f", "style": 1})],
                },
            },
            "title",
        ),
    ],
)
async def test_a_body_over_a_limit_is_50035_and_names_the_place(alone, client, body, place):
    asked = alone.click("anything")
    status, said = await answered(client, "POST", callback_url(alone, asked), body)
    assert (status, said["code"]) == (400, 50035)
    assert f'"{place}"' in json.dumps(said["errors"])
    assert asked.fate == "waiting"


async def test_an_empty_message_is_50006(alone, client):
    assert (await answered(client, "POST", callback_url(alone, alone.click("a")), {"type": 4, "data": {}}))[1][
        "code"
    ] == 50006


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ([{"name": "a", "value": "a"}] * 25, None),
        ([{"name": "a", "value": "a"}] * 26, 50035),
        ([{"name": "a" * 101, "value": "a"}], 50035),
        ([{"name": "a", "value": "a" * 101}], 50035),
        ([{"name": "a", "value": 1}], 50035),
    ],
)
async def test_choices_keep_their_limits(alone, client, choices, code):
    asked = alone.send(4, {"name": "x", "options": [{"type": 3, "name": "o", "value": "", "focused": True}]})
    _, said = await answered(client, "POST", callback_url(alone, asked), {"type": 8, "data": {"choices": choices}})
    assert (said and said["code"]) == code and (asked.choices is None) == (code is not None)


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ({"name": "Upper", "description": "d"}, "name"),
        ({"name": "a", "description": "d" * 101}, "description"),
        (
            {
                "name": "a",
                "description": "d",
                "options": [{"type": 3, "name": f"o{n}", "description": "d"} for n in range(26)],
            },
            "options",
        ),
        ({"name": "a", "description": "d", "options": [{"type": 3, "name": "o", "description": ""}]}, "description"),
    ],
)
async def test_commands_keep_their_limits(alone, client, command, place):
    headers = {"Authorization": f"Bot {alone.token}"}
    async with client.put(f"{alone.rest_url}/applications/1/commands", json=[command], headers=headers) as response:
        assert response.status == 400 and f'"{place}"' in await response.text()
    async with client.put(f"{alone.rest_url}/applications/1/commands", json=[]) as response:
        assert response.status == 401


async def test_files_arrive_and_can_be_read_again(alone, client):
    asked = alone.send(SLASH, {"name": "x"})
    form = FormData(quote_fields=False)
    body = card({"type": 13, "file": {"url": "attachment://a.txt"}}, attachments=[{"id": 0, "filename": "a.txt"}])
    form.add_field("payload_json", json.dumps(body))
    form.add_field("files[0]", b"contents", filename="a.txt", content_type="text/plain")
    async with client.post(callback_url(alone, asked), data=form) as response:
        assert response.status == 204
    assert asked.files == [Upload("a.txt", b"contents", "text/plain")]
    async with client.get(asked.message["components"][0]["file"]["url"]) as response:
        assert await response.read() == b"contents"


async def test_a_sixth_edit_in_one_window_is_rate_limited(alone, client):
    alone.rest.buckets.seconds = 60
    asked = alone.click("a")
    await answered(client, "POST", callback_url(alone, asked), {"type": 5})
    statuses = [(await answered(client, "PATCH", original_url(alone, asked), MESSAGE["data"]))[0] for _ in range(6)]
    assert statuses == [200] * 5 + [429]


# --- how it fails --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "error", "is_done"),
    [
        (Reset(), aiohttp.ClientOSError, False),
        (Reset(commits=True), aiohttp.ClientOSError, True),
        (Disconnect(), aiohttp.ServerDisconnectedError, False),
        (Truncated(), aiohttp.ClientPayloadError, True),
    ],
)
async def test_a_broken_connection_breaks_before_or_after_the_deed(alone, client, fault, error, is_done):
    asked = alone.click("a")
    armed = alone.fail("callback", fault)
    with pytest.raises(error) as caught:
        await answered(client, "POST", callback_url(alone, asked), MESSAGE)
    if isinstance(fault, Reset):
        assert caught.value.errno == 104
    assert (asked.fate == "answered") == is_done and armed.met == asked.requests
    status, _ = await answered(client, "POST", callback_url(alone, asked), MESSAGE)
    assert status == (400 if is_done else 204)


@pytest.mark.parametrize(
    ("fault", "status", "has_via"),
    [
        (Status(500), 500, True),
        (Status(502), 502, False),
        (Status(503), 503, False),
        (Status(504), 504, False),
        (Status(520), 520, False),
        (Limited(), 429, True),
        (Limited("shared"), 429, True),
        (Limited("global"), 429, True),
        (Limited(has_via=False), 429, False),
        (Limited(is_json=False), 429, False),
    ],
)
async def test_an_error_status_comes_as_often_as_it_was_armed(alone, client, fault, status, has_via):
    asked = alone.click("a")
    alone.fail("callback", fault, times=2)
    for _ in range(2):
        async with client.post(callback_url(alone, asked), json=MESSAGE) as response:
            assert (response.status, "Via" in response.headers) == (status, has_via)
            if status == 429 and response.content_type == "application/json":
                assert (
                    (await response.json())["global"]
                    == (fault.scope == "global")
                    == ("X-RateLimit-Global" in response.headers)
                )
    assert asked.fate == "waiting"
    assert (await answered(client, "POST", callback_url(alone, asked), MESSAGE))[0] == 204


async def test_a_hanging_answer_may_be_done_already(alone, client):
    asked, other = alone.click("a"), alone.click("b")
    alone.fail("callback", Hang(60, commits=True), on=asked)
    hanging = asyncio.create_task(answered(client, "POST", callback_url(alone, asked), MESSAGE))
    await asked
    assert (await answered(client, "POST", callback_url(alone, other), MESSAGE))[0] == 204
    assert not hanging.done()
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)


async def test_an_unknown_kind_of_request_is_not_armed_in_silence(alone):
    with pytest.raises(ValueError, match="no kind of request"):
        alone.fail("callbacks", Reset())


# --- the gateway, as a client sees it ---------------------------------------------------------------------


class Listener:
    """A gateway client that reads one frame at a time, in whatever way it is compressed."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, compression: str) -> None:
        self.socket = socket
        self._zlib = zlib.decompressobj()
        self._zstd = zstandard.ZstdDecompressor().decompressobj()
        self._unpack = {"zlib-stream": self._zlib.decompress, "zstd-stream": self._zstd.decompress}.get(compression)

    async def frame(self) -> dict[str, Any]:
        received = await self.socket.receive(timeout=20)
        return json.loads(self._unpack(received.data) if self._unpack else received.data)

    async def say(self, op: int, **data: Any) -> None:
        await self.socket.send_json({"op": op, "d": data})


@pytest.mark.parametrize("compression", ["", "zlib-stream", "zstd-stream"])
async def test_a_session_is_replayed_to_whoever_resumes_it(alone, client, compression):
    url = f"{alone.gateway_url}?v=10&encoding=json" + (f"&compress={compression}" if compression else "")
    async with client.ws_connect(url) as socket:
        listener = Listener(socket, compression)
        assert (await listener.frame())["op"] == 10
        await listener.say(2, token=alone.token, intents=0)
        ready_frame = await listener.frame()
        assert ready_frame["t"] == "READY" and ready_frame["d"]["resume_gateway_url"] == alone.gateway_url
        await socket.close(code=4000)
    asked = alone.click("while away")
    async with client.ws_connect(url) as socket:
        listener = Listener(socket, compression)
        await listener.frame()
        await listener.say(6, token=alone.token, session_id=ready_frame["d"]["session_id"], seq=ready_frame["s"])
        missed, resumed = await listener.frame(), await listener.frame()
        assert missed["d"]["id"] == asked.id and resumed["t"] == "RESUMED"
        alone.deliver(asked)
        assert (await listener.frame())["d"]["id"] == asked.id


async def test_guilds_are_sent_only_to_the_intent(alone, client):
    for intents, expected in ((1, "GUILD_CREATE"), (0, "INTERACTION_CREATE")):
        async with client.ws_connect(alone.gateway_url) as socket:
            listener = Listener(socket, "")
            await listener.frame()
            await listener.say(2, token=alone.token, intents=intents)
            await listener.frame()
            alone.click("x")
            assert (await listener.frame())["t"] == expected


@pytest.mark.parametrize(
    ("first", "code"), [((2, {"token": "wrong", "intents": 1}), 4004), ((3, {}), 4003), ((2, {"intents": 2}), 4014)]
)
async def test_a_wrong_beginning_is_closed_with_discords_code(alone, client, first, code):
    async with client.ws_connect(alone.gateway_url) as socket:
        await socket.receive()
        await socket.send_json({"op": first[0], "d": {"token": alone.token} | first[1]})
        assert (await socket.receive(timeout=20)).data == code


async def test_the_gateways_faults_reach_the_client(alone, client):
    async with client.ws_connect(alone.gateway_url) as socket:
        listener = Listener(socket, "")
        await listener.frame()
        await listener.say(2, token=alone.token, intents=0)
        session = (await listener.frame())["d"]["session_id"]
        alone.gateway.is_acking = False
        await listener.say(1)
        alone.gateway.ask_to_reconnect()
        assert (await listener.frame())["op"] == 7  # and no ack before it
        alone.gateway.invalidate(is_resumable=True)
        assert await listener.frame() == {"op": 9, "d": True, "s": None, "t": None}
        alone.gateway.send_malformed()
        with pytest.raises(json.JSONDecodeError):
            await listener.frame()
        alone.gateway.invalidate(is_resumable=False)
        assert (await listener.frame())["d"] is False
        await listener.say(6, token=alone.token, session_id=session, seq=1)
        assert (await listener.frame())["op"] == 9
    assert alone.gateway.heartbeats == 1
    alone.fail("handshake", Status(503))
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await client.ws_connect(alone.gateway_url)
    assert caught.value.status == 503
