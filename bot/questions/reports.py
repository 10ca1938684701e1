"""“This number is wrong”: what a reader says of a figure goes to the moderators' channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.errors import say
from bot.permissions import server_of
from bot.questions.cards import Block, card, rich, send
from bot.questions.custom_ids import Press
from salesbot.answers.answer import Answer, Figure
from salesbot.errors import QuestionError, Refused
from salesbot.words import words_for
from salesbot.words.numbers import amount

if TYPE_CHECKING:
    from bot.client import SalesBot


MOST_FORMS = 10_000
CLOSED = QuestionError("this form is no longer open", "press Wrong? on the answer again; what you wrote was not sent")


class ReportForm(ui.Modal, title="This number is wrong"):
    """Which figure, and what is wrong with it."""

    def __init__(self, bot: SalesBot, press: Press, answer: Answer) -> None:
        super().__init__(timeout=900)
        self._bot, self._press = bot, press
        self._figures = {figure.id: figure for figure in answer.figures}
        said = words_for().say(answer)
        shown = [f for f in answer.figures if not f.reading_of][:25]
        labels = {f.id: label for f in shown if (label := _label(f))}
        self._which: ui.Select[ui.LayoutView] | None = None
        if labels:
            options = [discord.SelectOption(label=label[:100], value=id[:100]) for id, label in labels.items()]
            self._which = ui.Select(options=options, required=True, max_values=1)
            self.add_item(ui.Label(text="Which figure", component=self._which))
        self._what: ui.TextInput[ui.LayoutView] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=500, required=True)
        self.add_item(ui.Label(text="What is wrong, and who says otherwise", component=self._what))
        self._headline = said.headline
        bot.reports.opened(self.custom_id)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        try:
            figure = self._which.values[0] if self._which else ""
            await self._bot.reports.post(interaction, self._press, self._headline, self._figures.get(figure), str(self._what.value))
        except Exception as error:
            await say(interaction, error)

    async def on_timeout(self) -> None:
        self._bot.reports.closed(self.custom_id)


def _label(figure: Figure) -> str:
    return f"{figure.name.replace('_', ' ')} {amount(figure.quantity)} ({figure.id})"


def rows_of(figure: Figure) -> list[str]:
    """The pack rows that a figure rests on."""
    operands = figure.working.operands if figure.working else ()
    return [figure.id, *operands, *(figure.change.rows if figure.change else ())]


class Reports:
    """Takes each figure once from each person; remembers that only while the process runs."""

    def __init__(self, bot: SalesBot) -> None:
        self._bot = bot
        self._taken: set[tuple[int, str, str]] = set()
        self._open: dict[str, None] = {}

    def opened(self, form: str) -> None:
        """A form that this process can take; of very many the oldest are given up."""
        self._open[form] = None
        if len(self._open) > MOST_FORMS:
            self.closed(next(iter(self._open)))

    def closed(self, form: str) -> None:
        self._open.pop(form, None)

    async def pass_over(self, interaction: discord.Interaction) -> None:
        """Answer a form that was opened before a restart, or too long ago."""
        data: Mapping[str, Any] = interaction.data or {}
        if data.get("custom_id") not in self._open:
            await say(interaction, CLOSED)

    def channel(self, interaction: discord.Interaction) -> int:
        """Where reports of this server go. Raises ``Refused`` if nowhere."""
        guild = server_of(self._bot, interaction)
        channel = self._bot.choices.reports_channel(guild) if guild is not None else None
        if channel is None:
            raise Refused("nobody takes reports here", "a moderator can choose a channel with /data reports")
        return channel

    async def post(self, interaction: discord.Interaction, press: Press, headline: str, figure: Figure | None, said: str) -> None:
        """Send a report to the moderators' channel, once per person and figure."""
        channel = self.channel(interaction)
        once = (interaction.user.id, press.line, figure.id if figure else "")
        if once in self._taken:
            raise Refused("you have reported this figure already", "the moderators have it")
        rows = rows_of(figure) if figure else []
        blocks = [
            Block(("### A reader says that a number is wrong", rich(headline))),
            Block((rich(said),)),
            Block((f"-# {rich(press.line)}", f"-# {rich('rows: ' + ', '.join(dict.fromkeys(rows)))}", f"-# facts {press.version}")),
        ]
        target = self._bot.get_partial_messageable(channel, guild_id=interaction.guild_id)
        try:
            await target.send(view=card(blocks), allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException:
            hint = "a moderator should look at the bot's rights in the reports channel"
            raise Refused("the report could not be delivered", hint) from None
        self._taken.add(once)
        await send(interaction, card([Block(("### Thank you", "The moderators have it."))]), is_private=True)
