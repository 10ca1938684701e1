"""A form that is taken once, however often Discord delivers it, and whose failure is told."""

from __future__ import annotations

import discord
from discord import ui

from bot.errors import reply_error
from bot.services import Services

FORM_SECONDS = 900


class Form(ui.Modal):
    """A form of this process; after a restart, who sends one is told that it is closed. Subclasses define ``take``."""

    def __init__(self, services: Services, title: str) -> None:
        super().__init__(title=title, timeout=FORM_SECONDS)
        self.services = services
        self._handled: set[int] = set()
        services.reports.open(self.custom_id)

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Take a form that Discord delivers twice once."""
        is_new = interaction.id not in self._handled
        self._handled.add(interaction.id)
        return is_new

    async def on_submit(self, interaction: discord.Interaction) -> None:
        try:
            await self.take(interaction)
        except Exception as error:
            await reply_error(interaction, error)

    async def on_timeout(self) -> None:
        self.services.reports.close(self.custom_id)

    async def take(self, interaction: discord.Interaction) -> None:
        """Do what was filled in."""
        raise NotImplementedError
