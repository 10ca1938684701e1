"""``/data``: which facts are served, and reading them anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cards import Block, card, rich, send
from bot.commands.installs import everywhere
from bot.permissions import require_moderator, require_shared_pack
from salesbot.errors import Refused
from salesbot.store import Store
from salesbot.words import clock

if TYPE_CHECKING:
    from bot.client import SalesBot


def group(bot: SalesBot) -> app_commands.Group:
    """The commands for moderators."""
    found = everywhere(app_commands.Group(
        name="data", description="The facts: what is served, and reading them anew",
        default_permissions=discord.Permissions(manage_guild=True),
    ))  # fmt: skip

    @found.command(name="status", description="Which facts are served, since when, and how many")
    async def status(interaction: discord.Interaction) -> None:
        require_moderator(bot, interaction)
        await send(interaction, card(status_blocks(bot.facts(interaction).store)), is_private=True)

    @found.command(name="reload", description="Read the operator's shared pack again and serve it")
    async def reload(interaction: discord.Interaction) -> None:
        require_shared_pack(bot, interaction)
        if bot.live.is_reloading:
            raise Refused("a reload is already running", "wait for it to end, then look at /data status")
        await interaction.response.defer(ephemeral=True, thinking=True)
        before, now = await bot.live.reload()
        await send(interaction, card(reload_blocks(before, now)), is_private=True)

    return found


def status_blocks(store: Store) -> list[Block]:
    counts = tuple(f"**{count:,}** {table}" for table, count in store.rows_by_table.items())
    return [
        Block((f"### {rich(f'Facts version {store.version.text}')}", rich(f"Loaded {clock(store.version.loaded)}"))),
        Block(counts),
    ]


def reload_blocks(before: Store, now: Store) -> list[Block]:
    if before.version.text == now.version.text:
        return [Block(("### Nothing changed", rich(f"The pack still says what version {now.version.text} says.")))]
    lines = []
    for table, count in now.rows_by_table.items():
        old = before.rows_by_table.get(table, 0)
        lines.append(f"{table}: {old:,} → {count:,} rows" if old != count else f"{table}: {count:,} rows")
    head = f"Now serving version {now.version.text} (before: {before.version.text})"
    return [Block((f"### {rich(head)}",)), Block(tuple(map(rich, lines)))]
