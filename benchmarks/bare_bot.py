"""The least a discord.py bot can be, to measure ours against: one static card, one static autocomplete, one static picture."""

from __future__ import annotations

import io
import json
import logging
import os
from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui

WORDS = ("su7", "model-3", "model-y", "ff91", "xpeng-p7", "zeekr-001", "byd-han", "aion-s")
CHOICES = [app_commands.Choice(name=word, value=word) for word in WORDS]


class BareBot(discord.Client):
    """A plain client with the guilds intent, no caches, and a command tree."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(ping)
        if PICTURE is not None:
            self.tree.add_command(picture)

    async def setup_hook(self) -> None:
        await self.tree.sync()


def given() -> dict[str, Any]:
    """The finished card that BARE_CARD names, to answer with what another bot answered."""
    path = os.environ.get("BARE_CARD")
    return (
        json.loads(Path(path).read_text())
        if path
        else {"texts": ["### Pong", "**1,234** things", "-# Facts as of never"], "buttons": []}
    )


def pictured() -> tuple[dict[str, Any], bytes] | None:
    """The picture and the words around it that BARE_PICTURE names, if it does."""
    path = os.environ.get("BARE_PICTURE")
    return (json.loads(Path(f"{path}.json").read_text()), Path(f"{path}.png").read_bytes()) if path else None


CARD, PICTURE = given(), pictured()


def card() -> ui.LayoutView:
    """A card of the given texts and buttons, built fresh each time. It is stopped, or discord.py would keep each in memory."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=0x5865F2)
    for number, text in enumerate(CARD["texts"]):
        if number:
            container.add_item(ui.Separator(visible=number == len(CARD["texts"]) - 1))
        container.add_item(ui.TextDisplay(text))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    if CARD["buttons"]:
        view.add_item(ui.ActionRow(*(ui.Button(label=label, custom_id=id) for id, label in CARD["buttons"])))
    view.stop()
    return view


@app_commands.command(name="ping", description="Answer with a static card")
@app_commands.describe(word="Any word")
async def ping(interaction: discord.Interaction, word: str | None = None) -> None:
    await interaction.response.send_message(view=card(), allowed_mentions=discord.AllowedMentions.none())


@ping.autocomplete("word")
async def offered(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return CHOICES


@app_commands.command(name="picture", description="Answer with a static picture")
async def picture(interaction: discord.Interaction) -> None:
    """Deferred and then filled in, as is a picture that has to be drawn first."""
    assert PICTURE is not None
    await interaction.response.defer(ephemeral=True, thinking=True)
    said, png = PICTURE
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=0x5865F2)
    container.add_item(ui.TextDisplay(said["texts"][0]))
    container.add_item(
        ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png", description=said["description"]))
    )
    container.add_item(ui.TextDisplay(said["texts"][-1]))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    view.stop()
    file = discord.File(io.BytesIO(png), "chart.png")
    await interaction.edit_original_response(
        view=view, attachments=[file], allowed_mentions=discord.AllowedMentions.none()
    )


if __name__ == "__main__":
    BareBot().run(os.environ["SALESBOT_DISCORD_TOKEN"], log_level=logging.INFO)
