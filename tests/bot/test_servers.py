"""Which servers the bot is in: their ids, and nothing else of them."""

import asyncio

import pytest

from bot.discord_io.servers import JoinedServer, Servers
from tests.bot.on_loopback import connected, is_answered
from tests.discord_world import new_bot
from tools.loopback_discord.payloads import HOME_GUILD, guild
from tools.loopback_discord.server import until

SHARDS = 4


def on_shard(shard, number=0):
    return (number * SHARDS + shard) << 22


def ready(shard, *servers):
    return {"shard": [shard, SHARDS], "guilds": [{"id": str(id), "unavailable": True} for id in servers], "v": 10}


def test_a_session_names_the_servers_of_its_shard_and_all_are_known_once_every_shard_has():
    servers = Servers()
    for shard in range(SHARDS):
        assert not servers.is_known
        assert servers.take_ready(ready(shard, on_shard(shard), on_shard(shard, 1)))["guilds"] == []
    assert servers.is_known and len(servers.ids) == 2 * SHARDS
    servers.take_ready(ready(2, on_shard(2, 7)))  # a new session of the shard
    assert servers.ids == {on_shard(shard, n) for shard in (0, 1, 3) for n in (0, 1)} | {on_shard(2, 7)}


@pytest.mark.parametrize(
    ("data", "joined"),
    [
        ({"id": "5", "system_channel_id": "6", "preferred_locale": "zh-CN"}, JoinedServer(5, 6, "zh-CN")),
        ({"id": "5", "system_channel_id": None}, JoinedServer(5, None, "en-US")),
        ({"id": "5", "unavailable": False, "system_channel_id": "6"}, None),
    ],
)
def test_a_server_is_joined_where_it_was_not_only_unavailable(data, joined):
    servers = Servers()
    assert servers.take_create(data) == joined and servers.ids == {5}


def test_a_server_that_is_unavailable_is_not_left():
    servers = Servers()
    servers.take_create({"id": "5"})
    assert servers.take_create({"id": "6", "unavailable": True}) is None
    assert servers.take_delete({"id": "5", "unavailable": True}) is None and servers.ids == {5}
    assert servers.take_delete({"id": "5"}) == 5 and servers.ids == set()


async def test_no_server_is_kept_but_its_id(loopback, settings):
    bot = new_bot(settings)
    async with connected(bot, loopback):
        assert HOME_GUILD in bot.servers.ids and bot.servers.is_known
        assert list(bot.guilds) == []
        assert await is_answered(loopback)


async def test_a_server_that_is_joined_and_left_over_the_gateway_is_noticed(loopback, settings):
    bot, seen = new_bot(settings), asyncio.Queue()
    bot.on_server_join = seen.put
    bot.on_server_leave = seen.put
    async with connected(bot, loopback):
        other = HOME_GUILD + (1 << 30)
        new = {name: value for name, value in guild(other, "Other", 7).items() if name != "unavailable"}
        loopback.gateway.dispatch("GUILD_CREATE", {**new, "system_channel_id": "7"}, other)
        joined = await asyncio.wait_for(seen.get(), 10)
        assert (joined.id, joined.system_channel) == (other, 7)
        loopback.gateway.dispatch("GUILD_DELETE", {"id": str(other)}, other)
        assert await asyncio.wait_for(seen.get(), 10) == other
        await until(lambda: other not in bot.servers.ids)
