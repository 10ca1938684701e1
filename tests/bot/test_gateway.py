"""The connection to the gateway: no frame, refusal or silence ends the bot, and none of them hammers Discord."""

import asyncio
import logging
import random
import zlib

import discord
import pytest

from bot.discord_io import gateway
from bot.discord_io.gateway import Gateway, Pauses
from tests.bot.on_loopback import connected, heartbeats, is_answered
from tests.discord_world import new_bot
from tools.loopback_discord.faults import Status
from tools.loopback_discord.server import until


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(gateway, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(gateway, "SECONDS_TO_CLOSE", 0.5)


def counts(loopback):
    return len(loopback.gateway.identifies), len(loopback.gateway.resumes)


SPOILT = random.Random(1).randbytes(200)


@pytest.mark.parametrize("data", [SPOILT, b"\x28\xb5\x2f\xfd" + SPOILT, b"\0\0\xff\xff", zlib.compress(b"[1]")])
async def test_a_spoilt_compressed_frame_leads_to_a_resume(loopback, settings, data):
    async with connected(new_bot(settings), loopback) as connecting:
        loopback.gateway.send_spoilt(data)
        await until(lambda: loopback.gateway.resumes or connecting.done(), 10, "no resume")
        assert await is_answered(loopback)
        assert counts(loopback) == (1, 1) and not connecting.done()
        await until(lambda: len(heartbeats()) == 1, 10, "a heartbeat of the connection before goes on")


async def test_a_zlib_stream_that_is_spoilt_leads_to_a_resume(loopback, settings, monkeypatch):
    monkeypatch.setattr(discord.utils, "_ActiveDecompressionContext", ZlibContext)
    async with connected(new_bot(settings), loopback) as connecting:
        loopback.gateway.send_spoilt(SPOILT + b"\0\0\xff\xff")
        await until(lambda: loopback.gateway.resumes or connecting.done(), 10, "no resume")
        assert await is_answered(loopback)
        assert counts(loopback) == (1, 1)


class ZlibContext:
    """What discord.py unpacks with where no zstd is installed."""

    COMPRESSION_TYPE = "zlib-stream"

    def __init__(self):
        self._stream = zlib.decompressobj()

    def decompress(self, data):
        return self._stream.decompress(data).decode()


async def test_a_gateway_that_refuses_from_the_start_is_waited_out_a_line_a_try(loopback, settings, caplog):
    refused = loopback.fail("handshake", Status(503), times=8)
    with caplog.at_level(logging.INFO):
        async with connected(new_bot(settings), loopback):
            assert await is_answered(loopback)
    assert (refused.left, counts(loopback)) == (0, (1, 0))
    lines = [record for record in caplog.records if "the gateway cannot be reached" in record.message]
    assert len(lines) == 8 and not any(record.exc_info for record in caplog.records if record.levelno > logging.INFO)
    assert max(len(record.getMessage()) for record in lines) < 400


async def test_a_refused_handshake_and_then_a_socket_that_closes_before_hello_are_survived(loopback, settings):
    async with connected(new_bot(settings), loopback) as connecting:
        loopback.fail("handshake", Status(503), times=2)
        loopback.gateway.closes_before_hello = 2
        loopback.gateway.drop()
        await until(lambda: loopback.gateway.resumes or connecting.done(), 20, "no resume")
        assert await is_answered(loopback)
        assert counts(loopback) == (1, 1) and not connecting.done()


async def test_heartbeats_that_nobody_acknowledges_end_the_connection_though_events_come(loopback, settings):
    loopback.gateway.heartbeat_interval = 0.3
    async with connected(new_bot(settings), loopback):
        await asyncio.sleep(1.0)
        assert counts(loopback) == (1, 0)
        loopback.gateway.is_acking = False
        for number in range(40):
            loopback.gateway.dispatch("TYPING_START", {"user_id": str(number)})
            await asyncio.sleep(0.05)
            if loopback.gateway.resumes:
                break
        assert counts(loopback) == (1, 1)
        loopback.gateway.is_acking = True
        await until(lambda: loopback.gateway.is_ready)
        assert await is_answered(loopback)


async def test_an_acknowledgement_that_nobody_reads_yet_is_not_missed(loopback, settings):
    """discord.py waits five seconds before it asks for another session, and takes in no frame meanwhile."""
    loopback.gateway.heartbeat_interval = 0.5
    async with connected(new_bot(settings), loopback):
        loopback.gateway.invalidate(is_resumable=False)
        await until(lambda: len(loopback.gateway.identifies) == 2, 20, "no new session")
        await asyncio.sleep(1.5)
        assert counts(loopback) == (2, 0)
        assert await is_answered(loopback)


async def test_a_session_that_stands_begins_the_pauses_anew(loopback, settings):
    async with connected(new_bot(settings), loopback):
        for _ in range(5):
            Gateway.pauses.next()
        loopback.gateway.drop()
        await until(lambda: len(loopback.gateway.resumes) == 1 and Gateway.pauses.tries == 0, 20)


def test_pauses_grow_from_none_to_a_bound_and_begin_again_after_a_success(monkeypatch):
    monkeypatch.setattr(gateway, "FIRST_PAUSE", 1.0)
    pauses = Pauses()
    found = [pauses.next() for _ in range(12)]
    assert found[0] == 0 and 0.5 <= found[1] <= 1.0 and 1.0 <= found[2] <= 2.0
    assert all(15.0 <= pause <= 30.0 for pause in found[6:])
    pauses.succeeded()
    assert pauses.next() == 0


@pytest.mark.parametrize("code", [4004, 4010, 4014])
async def test_a_final_close_is_not_tried_again(loopback, settings, code):
    async with connected(new_bot(settings), loopback) as connecting:
        loopback.gateway.close(code, ends_sessions=True)
        await asyncio.wait([connecting], timeout=10)
        assert connecting.done() and isinstance(
            connecting.exception(), discord.ConnectionClosed | discord.PrivilegedIntentsRequired
        )
        assert counts(loopback)[0] == 1
