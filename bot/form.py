"""A form that any process can take, also after a restart: its custom id says what it is of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import discord
from discord import ui

from bot.errors import reply_error
from bot.services import Services
from salesbot.errors import QuestionError

Filled = Mapping[str, str]  # what was filled into each field, by its custom id


class Form(ui.Modal):
    """A form; subclasses say which custom ids are theirs, and take what was filled in."""

    template: ClassVar[re.Pattern[str]]

    def __init__(self, title: str, custom_id: str) -> None:
        super().__init__(title=title, custom_id=custom_id)
        self.stop()  # before it is sent: discord.py keeps none for an answer

    def add_text(self, name: str, label: str, **options: Any) -> None:
        """Add a field for text."""
        field: ui.TextInput[ui.LayoutView] = ui.TextInput(custom_id=name, **options)
        self.add_item(ui.Label(text=label, component=field))

    @staticmethod
    async def take(services: Services, interaction: discord.Interaction, match: re.Match[str], filled: Filled) -> None:
        """Do what was filled in."""
        raise NotImplementedError


async def take_form(services: Services, interaction: discord.Interaction, forms: Sequence[type[Form]]) -> None:
    """Hand a form that was sent to the class that it is of."""
    data: Mapping[str, Any] = interaction.data or {}
    try:
        for form in forms:
            if match := form.template.fullmatch(str(data.get("custom_id"))):
                await form.take(services, interaction, match, _filled_in(data))
                return
        raise QuestionError("form_closed")
    except Exception as error:
        await reply_error(interaction, error)


def _filled_in(data: Mapping[str, Any]) -> Filled:
    found: dict[str, str] = {}
    for row in data.get("components") or []:
        field = row.get("component") or {}
        value = field.get("value") or next(iter(field.get("values") or []), "")
        found[str(field.get("custom_id"))] = str(value).strip()
    return found
