"""A button that works after a restart: known by its custom id, answered once, and its failure is told."""

from __future__ import annotations

import re
from typing import Any, Self

import discord
from discord import ui

from bot.errors import reply_error
from bot.services import Services, services_of


class PersistentButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"(?!)"):
    """A button whose custom id says all there is to know; subclasses define ``on_press``."""

    def __init__(self, item: ui.Button[ui.LayoutView], match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    async def from_custom_id(cls, interaction: discord.Interaction, item: Any, match: re.Match[str]) -> Self:
        return cls(item, match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        services = services_of(interaction)
        if not services.seen.is_new(interaction.id):
            return
        try:
            await self.on_press(services, interaction)
        except Exception as error:
            await reply_error(interaction, error)

    async def on_press(self, services: Services, interaction: discord.Interaction) -> None:
        """Answer a press."""
        raise NotImplementedError
