"""“Wrong or missing?”: what a reader suggests goes to the moderators' channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui
from msgspec import Struct

from bot.discord_io.layout import Block, card, rich, send
from bot.errors import reply_error
from bot.services import Services, server_of, words_of, work_out
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


FIELDS = ("which", "value", "link", "what")


class ReportForm(ui.Modal):
    """What is wrong or missing: of which figure, the right value, a link that says so, and words.

    Its custom id carries the question, so that it can be sent after a restart as well: ``take_report`` takes it.
    """

    def __init__(self, press: Press, answer: Answer, words: Words) -> None:
        super().__init__(title=words.text("report_title"), custom_id=press.to("report").custom_id())
        shown = [figure for figure in answer.figures if not figure.reading_of][: MOST_CHOICES - 1]
        choices = [
            discord.SelectOption(label=_label(figure, words)[:LONGEST_CHOICE], value=figure.id) for figure in shown
        ]
        choices = [choice for choice in choices if len(choice.value) <= LONGEST_CHOICE]
        choices.append(discord.SelectOption(label=words.text("report_missing"), value=MISSING))
        which: ui.Select[ui.LayoutView] = ui.Select(custom_id="which", options=choices, required=True, max_values=1)
        fields = (
            which,
            _field("value", LONGEST_VALUE),
            _field("link", LONGEST_TEXT),
            _field("what", LONGEST_TEXT, style=discord.TextStyle.paragraph),
        )
        for name, field in zip(FIELDS, fields, strict=True):
            self.add_item(ui.Label(text=words.text(f"report_{name}"), component=field))
        self.stop()  # before it is sent: discord.py keeps none for an answer


class Said(Struct, frozen=True):
    """What a reader filled in: the figure, or nothing for one that is missing; the right value, a link, words."""

    figure: Figure | None
    value: str
    link: str
    text: str


def _field(name: str, longest: int, style: discord.TextStyle = discord.TextStyle.short) -> ui.TextInput[ui.LayoutView]:
    return ui.TextInput(custom_id=name, style=style, max_length=longest, required=False)


def _label(figure: Figure, words: Words) -> str:
    return f"{words.metric(figure.name)} {amount(figure.quantity)} ({figure.id})"


def rows_of(figure: Figure) -> list[str]:
    """The pack rows that a figure rests on."""
    operands = figure.working.operands if figure.working else ()
    return [figure.id, *operands, *(figure.change.rows if figure.change else ())]


async def answer_form(services: Services, interaction: discord.Interaction) -> None:
    """Take a report, and answer a form that was opened before a restart, or too long ago."""
    data: Mapping[str, Any] = interaction.data or {}
    custom_id = str(data.get("custom_id"))
    if services.reports.is_open(custom_id):
        return  # its own class takes it
    try:
        match = TEMPLATE.fullmatch(custom_id)
        press = services.long_lines.read(match) if match and match["action"] == "report" else None
        if press is None:
            raise QuestionError("form_closed")
        await take_report(services, interaction, press, _filled_in(data))
    except Exception as error:
        await reply_error(interaction, error)


def _filled_in(data: Mapping[str, Any]) -> dict[str, str]:
    """What was filled into each field of a form, by its custom id."""
    found: dict[str, str] = {}
    for row in data.get("components") or []:
        field = row.get("component") or {}
        value = field.get("value") or next(iter(field.get("values") or []), "")
        found[str(field.get("custom_id"))] = str(value).strip()
    return found


async def take_report(
    services: Services, interaction: discord.Interaction, press: Press, filled: Mapping[str, str]
) -> None:
    """Send on what was filled in: the question is asked again for the figure that is meant."""

    def make(facts: ServedFacts) -> Answer:
        return facts.snapshot.cached(
            ("answer", press.line), lambda: ask(parse(press.line, facts.names), facts.snapshot)
        )

    answer = await work_out(services, interaction, ("report", press.line), make)
    figures = {figure.id: figure for figure in answer.figures}
    said = Said(figures.get(filled.get("which", "")), *(filled.get(name, "") for name in ("value", "link", "what")))
    await post_report(services, interaction, press, words_of(interaction).headline(answer), said)


def takes_reports(services: Services, interaction: discord.Interaction) -> bool:
    """Whether the moderators of a place chose a channel for reports."""
    guild = server_of(interaction)
    return guild is not None and services.guild_settings.reports_channel(guild) is not None


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
    suggestion = services.suggestions.add(what[0], press.line, own, said.value, said.link, said.text)
    target = interaction.client.get_partial_messageable(channel, guild_id=interaction.guild_id)
    view = _report_card(press, headline, said, rows, words)
    view.add_item(ui.ActionRow(*_report_buttons(suggestion, words)))
    try:
        message = await target.send(view=view, allowed_mentions=discord.AllowedMentions.none())
    except discord.HTTPException:
        services.reports.give_back(*what)
        services.suggestions.remove(suggestion.id)
        raise Refused("report_not_delivered") from None
    services.suggestions.note_message(suggestion.id, channel, message.id)
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
