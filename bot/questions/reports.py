"""“Wrong or missing?”: what a reader suggests goes to the moderators' channel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import discord
from discord import ui
from msgspec import Struct

from bot.discord_io.layout import Block, card, rich, send
from bot.form import Filled, Form
from bot.services import Services, change, server_of, stored_press, words_of, work_out
from bot.state.custom_ids import TEMPLATE, Press
from bot.state.suggestions import Suggestion
from salesbot.answers import Answer, Figure
from salesbot.editing.found_rows import FoundRow, rows_named
from salesbot.errors import QuestionError, Refused
from salesbot.query import ask
from salesbot.questions.line import parse
from salesbot.serving.served_packs import ServedFacts
from salesbot.words import Words
from salesbot.words.numbers import amount

MOST_CHOICES, LONGEST_CHOICE, LONGEST_TEXT, LONGEST_VALUE = 25, 100, 500, 60
MOST_ROWS = 8
MISSING = "-"  # the choice of a figure that is not there


class ReportForm(Form):
    """What is wrong or missing: of which figure, the right value, a link that says so, and words.

    Its custom id carries the question.
    """

    template = TEMPLATE

    def __init__(self, press: Press, answer: Answer, words: Words) -> None:
        super().__init__(words.text("report_title"), press.to("report").custom_id())
        shown = [figure for figure in answer.figures if not figure.reading_of][: MOST_CHOICES - 1]
        choices = [
            discord.SelectOption(label=_label(figure, words)[:LONGEST_CHOICE], value=figure.id) for figure in shown
        ]
        choices = [choice for choice in choices if len(choice.value) <= LONGEST_CHOICE]
        choices.append(discord.SelectOption(label=words.text("report_missing"), value=MISSING))
        which: ui.Select[ui.LayoutView] = ui.Select(custom_id="which", options=choices, required=True, max_values=1)
        self.add_item(ui.Label(text=words.text("report_which"), component=which))
        for name, longest in (("value", LONGEST_VALUE), ("link", LONGEST_TEXT), ("what", LONGEST_TEXT)):
            style = discord.TextStyle.paragraph if name == "what" else discord.TextStyle.short
            self.add_text(name, words.text(f"report_{name}"), style=style, max_length=longest, required=False)

    @staticmethod
    async def take(services: Services, interaction: discord.Interaction, match: re.Match[str], filled: Filled) -> None:
        press = await stored_press(services, match)
        if press is None or press.action != "report":
            raise QuestionError("form_closed")
        await take_report(services, interaction, press, filled)


class Said(Struct, frozen=True):
    """What a reader filled in: the figure, or nothing for one that is missing; the right value, a link, words."""

    figure: Figure | None
    value: str
    link: str
    text: str


def _label(figure: Figure, words: Words) -> str:
    return f"{words.metric(figure.name)} {amount(figure.quantity)} ({figure.id})"


def rows_of(figure: Figure) -> list[str]:
    """The pack rows that a figure rests on."""
    operands = figure.working.operands if figure.working else ()
    return [figure.id, *operands, *(figure.change.rows if figure.change else ())]


async def take_report(services: Services, interaction: discord.Interaction, press: Press, filled: Filled) -> None:
    """Send on what was filled in: the question is asked again for the figure that is meant."""

    def make(facts: ServedFacts) -> Answer:
        return ask(parse(press.line, facts.names), facts.snapshot)

    answer = await work_out(services, interaction, ("report", press.line), make)
    figures = {figure.id: figure for figure in answer.figures}
    said = Said(figures.get(filled.get("which", "")), *(filled.get(name, "") for name in ("value", "link", "what")))
    await post_report(services, interaction, press, words_of(interaction).headline(answer), said)


def reports_channel(services: Services, interaction: discord.Interaction) -> int:
    """Where reports of this server go. Raises ``Refused`` if nowhere."""
    guild = server_of(interaction)
    channel = services.guild_settings.reports_channel(guild) if guild is not None else None
    if channel is None:
        raise Refused("no_reports_channel")
    return channel


async def post_report(
    services: Services, interaction: discord.Interaction, press: Press, headline: str, said: Said
) -> None:
    """Send a report to the moderators' channel with its buttons, once per person and figure."""
    if not (said.value or said.text):
        raise QuestionError("report_empty")
    channel, words, figure = reports_channel(services, interaction), words_of(interaction), said.figure
    what = (interaction.guild_id or 0, interaction.user.id, press.line, figure.id if figure else "")
    services.reports.take(*what)  # before it is sent, so that a second one meanwhile is refused
    ids = list(dict.fromkeys(rows_of(figure))) if figure else []
    await interaction.response.defer(ephemeral=True, thinking=True)
    rows = await work_out(services, interaction, ("rows", *ids), lambda facts: rows_named(ids, facts.snapshot, words))
    own = next((row.value for row in rows if figure and row.id == figure.id), "")
    add = partial(services.suggestions.add, what[0], press.line, own, said.value, said.link, said.text)
    suggestion = await change(services, add)
    target = interaction.client.get_partial_messageable(channel, guild_id=interaction.guild_id)
    view = _report_card(press, headline, said, rows, words)
    view.add_item(ui.ActionRow(*_report_buttons(suggestion, words)))
    try:
        message = await target.send(view=view, allowed_mentions=discord.AllowedMentions.none())
    except discord.HTTPException:
        services.reports.give_back(*what)
        await change(services, partial(services.suggestions.remove, suggestion.id))
        raise Refused("report_not_delivered") from None
    await change(services, partial(services.suggestions.note_message, suggestion.id, channel, message.id))
    thanks = Block((f"### {words.text('thanks')}", words.text("moderators_have_it")))
    await send(interaction, card([thanks]), is_private=True)


def _report_card(press: Press, headline: str, said: Said, rows: Sequence[FoundRow], words: Words) -> ui.LayoutView:
    """What is suggested, the figure it is of, and its rows as they stand."""
    key = "report_heading" if said.figure else "report_heading_missing"
    told = [(words.text(f"report_{name}"), getattr(said, name)) for name in ("value", "link")]
    lines = [f"**{rich(title)}:** {rich(text)}" for title, text in told if text]
    standing = tuple(f"- {rich(row.text)} ({rich(row.id)})" for row in rows[:MOST_ROWS])
    blocks = [
        Block((f"### {rich(words.text(key))}", rich(headline))),
        Block((*lines, *((rich(said.text),) if said.text else ()))),
        Block(standing, f"**{words.text('report_rows')}**"),
        Block((f"-# {rich(press.line)}", f"-# {words.text('report_facts', version=press.version)}")),
    ]
    return card([block for block in blocks if block.lines])


def _report_buttons(suggestion: Suggestion, words: Words) -> list[ui.Button[ui.LayoutView]]:
    styles = {"accept": discord.ButtonStyle.success, "edit": discord.ButtonStyle.secondary}
    names = ("accept", "edit", "dismiss") if suggestion.row and suggestion.value else ("edit", "dismiss")
    return [
        ui.Button(
            label=words.text(f"button_{name}"),
            style=styles.get(name, discord.ButtonStyle.secondary),
            custom_id=suggestion.custom_id(name),
        )
        for name in names
    ]
