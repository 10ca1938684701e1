"""What every button of ours shares: it is known by its custom id, answered once, and its failure is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui

from bot.errors import say

if TYPE_CHECKING:
    from bot.client import SalesBot


class Pressed(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"(?!)"):
    """A button; what it does is ``pressed``."""

    def __init__(self, item: ui.Button[ui.LayoutView], match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Any, match: re.Match[str]) -> Self:
        return cls(item, match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        bot: SalesBot = interaction.client
        if not bot.seen.is_new(interaction.id):
            return
        try:
            await self.pressed(bot, interaction)
        except Exception as error:
            await say(interaction, error)

    async def pressed(self, bot: SalesBot, interaction: discord.Interaction) -> None:
        """Answer it."""
        raise NotImplementedError
