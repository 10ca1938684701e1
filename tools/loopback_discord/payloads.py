"""What Discord's JSON looks like: the people, places and messages of the loopback Discord."""

from __future__ import annotations

import base64
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

DISCORD_EPOCH = 1_420_070_400_000
APPLICATION = 1_190_000_000_000_000_001
OWNER = 1_190_000_000_000_000_002
HOME_GUILD = 1_190_000_000_000_000_010
HOME_CHANNEL = 1_190_000_000_000_000_011
OTHER_GUILD = 1_190_000_000_000_000_020
OTHER_CHANNEL = 1_190_000_000_000_000_021
DM_CHANNEL = 1_190_000_000_000_000_031

SEND_MESSAGES, MANAGE_GUILD = 1 << 11, 1 << 5
EVERYDAY = SEND_MESSAGES | 1 << 10 | 1 << 31  # send, view channels, use application commands
EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
IN_GUILD, IN_BOT_DM, IN_PRIVATE_CHANNEL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Asker:
    """A person, and where they ask: ``dataclasses.replace`` one of the constants below for another."""

    user_id: int = 1_190_000_000_000_000_100
    name: str = "mei"
    permissions: int = EVERYDAY
    locale: str = "en-US"
    guild_id: int | None = HOME_GUILD
    channel_id: int = HOME_CHANNEL
    context: int = IN_GUILD
    is_user_install: bool = False


MEMBER = Asker()
MODERATOR = Asker(1_190_000_000_000_000_101, "mo", EVERYDAY | MANAGE_GUILD)
OTHER_MODERATOR = Asker(
    1_190_000_000_000_000_102, "otto", EVERYDAY | MANAGE_GUILD, guild_id=OTHER_GUILD, channel_id=OTHER_CHANNEL
)
BOT_OWNER = Asker(OWNER, "olga")
IN_DM = Asker(guild_id=None, channel_id=DM_CHANNEL, context=IN_BOT_DM, is_user_install=True)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way: an attachment of a command, or one that the bot sent."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"


class Snowflakes:
    """Ids that carry the time they were made, each used once."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = itertools.count(1)

    def next(self) -> str:
        return str((int(time.time() * 1000) - DISCORD_EPOCH) << 22 | next(self._numbers) & 0x3FFFFF)


def bot_token(secret: str = "loopback") -> str:
    """A token of the right form for the loopback application."""
    owner = base64.urlsafe_b64encode(str(APPLICATION).encode()).decode().rstrip("=")
    return f"{owner}.{'Lo0pBk'}.{secret.ljust(38, '0')}"


def interaction_token(interaction_id: str) -> str:
    text = f"interaction:{interaction_id}:{'loopback' * 12}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def dumped(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def user(user_id: int, name: str, *, is_bot: bool = False) -> Json:
    return {
        "id": str(user_id),
        "username": name,
        "global_name": name,
        "discriminator": "0000" if is_bot else "0",
        "avatar": None,
        "bot": is_bot,
        "public_flags": 0,
        "flags": 0,
    }


VERIFY_KEY = (
    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"  # of the key in tools.loopback_discord.over_http
)
BOT_USER = user(APPLICATION, "salesbot", is_bot=True)


def self_user() -> Json:
    """The answer of ``GET /users/@me``."""
    return {**BOT_USER, "mfa_enabled": True, "verified": True, "email": None, "locale": "en-US"}


def application() -> Json:
    """The answer of ``GET /oauth2/applications/@me``."""
    return {
        "id": str(APPLICATION),
        "name": "salesbot",
        "icon": None,
        "description": "",
        "summary": "",
        "flags": 0,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": VERIFY_KEY,
        "owner": user(OWNER, "olga"),
        "team": None,
        "bot": BOT_USER,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "approximate_guild_count": 2,
        "approximate_user_install_count": 0,
    }


def text_channel(channel_id: int, name: str, position: int) -> Json:
    return {
        "id": str(channel_id),
        "type": 0,
        "name": name,
        "position": position,
        "permission_overwrites": [],
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "flags": 0,
    }


def guild(guild_id: int, name: str, channel_id: int) -> Json:
    """A whole guild, as ``GUILD_CREATE`` carries it."""
    everyone = {
        "id": str(guild_id),
        "name": "@everyone",
        "permissions": str(EVERYDAY),
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    me = {
        "user": BOT_USER,
        "roles": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
    return {
        "id": str(guild_id),
        "name": name,
        "owner_id": str(OWNER),
        "icon": None,
        "features": [],
        "preferred_locale": "en-US",
        "roles": [everyone],
        "emojis": [],
        "stickers": [],
        "channels": [text_channel(channel_id, "launches", 0)],
        "threads": [],
        "members": [me],
        "member_count": 2,
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "afk_timeout": 300,
        "afk_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_flags": 0,
        "system_channel_id": None,
        "large": False,
        "unavailable": False,
        "joined_at": "2024-01-01T00:00:00+00:00",
    }


GUILDS: Mapping[int, Json] = {
    HOME_GUILD: guild(HOME_GUILD, "Home", HOME_CHANNEL),
    OTHER_GUILD: guild(OTHER_GUILD, "Other", OTHER_CHANNEL),
}


def place_of(asker: Asker) -> Json:
    """Where an interaction happens, and who acts, as the fields of its payload."""
    person = user(asker.user_id, asker.name)
    found: Json = {
        "channel_id": str(asker.channel_id),
        "context": asker.context,
        "locale": asker.locale,
        "app_permissions": str(EVERYDAY),
    }
    if asker.guild_id is None:
        channel = {
            "id": str(asker.channel_id),
            "type": 1 if asker.context == IN_BOT_DM else 3,
            "recipients": [person],
            "flags": 0,
        }
        return found | {"channel": channel, "user": person}
    member = {
        "user": person,
        "roles": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "nick": None,
        "avatar": None,
        "permissions": str(asker.permissions),
    }
    partial = {"id": str(asker.guild_id), "locale": "en-US", "features": []}
    channel = text_channel(asker.channel_id, "launches", 0) | {
        "guild_id": str(asker.guild_id),
        "permissions": str(asker.permissions),
    }
    return found | {
        "guild_id": str(asker.guild_id),
        "guild": partial,
        "guild_locale": "en-US",
        "channel": channel,
        "member": member,
    }


def owners_of(asker: Asker) -> dict[str, str]:
    """Who authorized the application for this interaction: the server, the person, or both."""
    server = {} if asker.guild_id is None else {"0": str(asker.guild_id)}
    return ({} if asker.is_user_install else server) | ({"1": str(asker.user_id)} if asker.is_user_install else {})


def interaction(interaction_id: str, kind: int, data: Json, asker: Asker, attachment_size_limit: int) -> Json:
    """The data of an ``INTERACTION_CREATE``."""
    return place_of(asker) | {
        "id": interaction_id,
        "application_id": str(APPLICATION),
        "type": kind,
        "data": data,
        "version": 1,
        "token": interaction_token(interaction_id),
        "entitlements": [],
        "attachment_size_limit": attachment_size_limit,
        "authorizing_integration_owners": owners_of(asker),
    }


def message(message_id: str, asked: Json, asker: Asker) -> Json:
    """An empty message of the bot that answers the interaction ``asked``."""
    return {
        "id": message_id,
        "channel_id": asked["channel_id"],
        "type": 20 if asked["type"] == 2 else 0,
        "author": BOT_USER,
        "content": "",
        "components": [],
        "embeds": [],
        "attachments": [],
        "flags": 0,
        "tts": False,
        "pinned": False,
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "edited_timestamp": None,
        "timestamp": now_text(),
        "webhook_id": str(APPLICATION),
        "application_id": str(APPLICATION),
        "nonce": None,
        "interaction_metadata": {
            "id": asked["id"],
            "type": asked["type"],
            "user": user(asker.user_id, asker.name),
            "authorizing_integration_owners": asked["authorizing_integration_owners"],
        },
    }


def now_text() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component of a message or modal, outer before inner."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for inner in ("accessory", "component"):
            if isinstance(component.get(inner), dict):
                yield from walk([component[inner]])
