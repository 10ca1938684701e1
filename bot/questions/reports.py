"""“This number is wrong”: what a reader says of a figure goes to the moderators' channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.discord_io.layout import Block, card, rich, send
from bot.errors import reply_error
from bot.services import Services, server_of, words_of
from bot.state.custom_ids import Press
from salesbot.answers import Answer, Figure
from salesbot.errors import QuestionError, Refused
from salesbot.words import Words
from salesbot.words.numbers import amount

FORM_SECONDS = 900
MOST_CHOICES, LONGEST_CHOICE, LONGEST_TEXT = 25, 100, 500


class ReportForm(ui.Modal):
    """Which figure, and what is wrong with it."""

    def __init__(self, services: Services, press: Press, answer: Answer, words: Words) -> None:
        super().__init__(title=words.text("report_title"), timeout=FORM_SECONDS)
        self._services, self._press = services, press
        self._figures = {figure.id: figure for figure in answer.figures}
        self._headline = words.headline(answer)
        shown = [figure for figure in answer.figures if not figure.reading_of][:MOST_CHOICES]
        labels = {figure.id: _label(figure, words) for figure in shown}
        self._which: ui.Select[ui.LayoutView] | None = None
        if labels:
            choices = [
                discord.SelectOption(label=label[:LONGEST_CHOICE], value=id[:LONGEST_CHOICE])
                for id, label in labels.items()
            ]
            self._which = ui.Select(options=choices, required=True, max_values=1)
            self.add_item(ui.Label(text=words.text("report_which"), component=self._which))
        self._what: ui.TextInput[ui.LayoutView] = ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=LONGEST_TEXT, required=True
        )
        self.add_item(ui.Label(text=words.text("report_what"), component=self._what))
        self._handled: set[int] = set()
        services.reports.open(self.custom_id)

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Take a form that Discord delivers twice once."""
        is_new = interaction.id not in self._handled
        self._handled.add(interaction.id)
        return is_new

    async def on_submit(self, interaction: discord.Interaction) -> None:
        figure = self._figures.get(self._which.values[0]) if self._which else None
        try:
            await post_report(self._services, interaction, self._press, self._headline, figure, str(self._what.value))
        except Exception as error:
            await reply_error(interaction, error)

    async def on_timeout(self) -> None:
        self._services.reports.close(self.custom_id)


def _label(figure: Figure, words: Words) -> str:
    return f"{words.metric(figure.name)} {amount(figure.quantity)} ({figure.id})"


def rows_of(figure: Figure) -> list[str]:
    """The pack rows that a figure rests on."""
    operands = figure.working.operands if figure.working else ()
    return [figure.id, *operands, *(figure.change.rows if figure.change else ())]


async def answer_closed_form(services: Services, interaction: discord.Interaction) -> None:
    """Answer a form that was opened before a restart, or too long ago."""
    data: Mapping[str, Any] = interaction.data or {}
    if not services.reports.is_open(data.get("custom_id")):
        await reply_error(interaction, QuestionError("form_closed"))


def reports_channel(services: Services, interaction: discord.Interaction) -> int:
    """Where reports of this server go. Raises ``Refused`` if nowhere."""
    guild = server_of(interaction)
    channel = services.guild_settings.reports_channel(guild) if guild is not None else None
    if channel is None:
        raise Refused("no_reports_channel")
    return channel


async def post_report(
    services: Services,
    interaction: discord.Interaction,
    press: Press,
    headline: str,
    figure: Figure | None,
    reported: str,
) -> None:
    """Send a report to the moderators' channel, once per person and figure."""
    channel = reports_channel(services, interaction)
    words = words_of(interaction)
    what = (interaction.guild_id or 0, interaction.user.id, press.line, figure.id if figure else "")
    services.reports.take(*what)  # before it is sent, so that a second one meanwhile is refused
    rows = ", ".join(dict.fromkeys(rows_of(figure))) if figure else ""
    blocks = [
        Block((f"### {words.text('report_heading')}", rich(headline))),
        Block((rich(reported),)),
        Block(
            (
                f"-# {rich(press.line)}",
                f"-# {rich(words.text('report_rows', rows=rows))}",
                f"-# {words.text('report_facts', version=press.version)}",
            )
        ),
    ]
    target = interaction.client.get_partial_messageable(channel, guild_id=interaction.guild_id)
    try:
        await target.send(view=card(blocks), allowed_mentions=discord.AllowedMentions.none())
    except discord.HTTPException:
        services.reports.give_back(*what)
        raise Refused("report_not_delivered") from None
    thanks = Block((f"### {words.text('thanks')}", words.text("moderators_have_it")))
    await send(interaction, card([thanks]), is_private=True)
