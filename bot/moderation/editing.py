"""``/data add``, ``edit``, ``remove`` and ``paste``: one fact, or a few rows, without a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.discord_io.layout import defer
from bot.discord_io.translator import describe
from bot.form import Filled, Form
from bot.moderation.buttons import send_proposal
from bot.moderation.progress import with_progress
from bot.permissions import require_moderator
from bot.services import Services, words_of, work_out
from salesbot.editing.found_rows import FoundRow, columns_like, edited_cell, removed_row, row_of, rows_like
from salesbot.editing.typed_rows import (
    TypedCount,
    TypedEvent,
    TypedPrice,
    TypedSource,
    count_rows,
    event_rows,
    price_rows,
    source_rows,
)
from salesbot.errors import SalesbotError
from salesbot.facts import TABLES, columns
from salesbot.facts.edits import RowEdits
from salesbot.facts.vocabulary import PRICE_TYPES
from salesbot.questions.names import Suggestion
from salesbot.serving.child_processes import Place
from salesbot.serving.served_packs import SentFile, ServedFacts
from salesbot.storage.snapshot import Snapshot
from salesbot.words import Words, words_for

WORDS = words_for()
MOST_CHOICES, LONGEST_CHOICE, MOST_TYPED = 25, 100, 100
LONGEST_PASTE = 4000
Choices = list[app_commands.Choice[str]]
Complete = Callable[[discord.Interaction, str], Coroutine[Any, Any, Choices]]
Find = Callable[[ServedFacts], list[Suggestion]]


def add_editing(data: app_commands.Group, services: Services) -> None:
    """The commands that change single rows."""
    add = app_commands.Group(name="add", description=WORDS.command("/data add"), parent=data)
    _add_count(add, services)
    _add_price(add, services)
    _add_event(add, services)
    _add_source(add, services)
    _add_edit(data, services)
    _add_remove(data, services)
    _add_paste(data, services)


def _options(command: str, *names: str) -> dict[str, str]:
    return {name: WORDS.option(name, command) for name in names}


def _add_count(add: app_commands.Group, services: Services) -> None:
    @add.command(name="count", description=WORDS.command("/data add count"))
    @describe(**_options("add", "launch", "metric", "value", "when", "link", "who", "place"))
    async def count(
        interaction: discord.Interaction,
        launch: str,
        metric: str,
        value: str,
        when: str,
        link: str,
        who: str = "",
        place: str = "",
    ) -> None:
        typed = TypedCount(launch, metric, value, when, link, who, place)
        await _propose(services, interaction, lambda snapshot: count_rows(typed, snapshot))

    for option, kind in (("launch", "launch"), ("metric", "metric"), ("link", "source"), ("who", "who")):
        count.autocomplete(option)(_names(services, kind))


def _add_price(add: app_commands.Group, services: Services) -> None:
    @add.command(name="price", description=WORDS.command("/data add price"))
    @describe(**_options("add", "model", "value", "since", "link", "trim", "kind", "who"))
    @app_commands.choices(kind=[app_commands.Choice(name=WORDS.metric(kind), value=kind) for kind in PRICE_TYPES])
    async def price(
        interaction: discord.Interaction,
        model: str,
        value: str,
        since: str,
        link: str,
        trim: str = "",
        kind: str = "list_price",
        who: str = "",
    ) -> None:
        typed = TypedPrice(model, value, since, link, trim, kind, who)
        await _propose(services, interaction, lambda snapshot: price_rows(typed, snapshot))

    for option, kind in (("model", "model"), ("link", "source"), ("who", "who")):
        price.autocomplete(option)(_names(services, kind))


def _add_event(add: app_commands.Group, services: Services) -> None:
    @add.command(name="event", description=WORDS.command("/data add event"))
    @describe(**_options("add", "name", "when", "link", "who", "zone"))
    async def event(
        interaction: discord.Interaction, name: str, when: str, link: str, who: str = "", zone: str = ""
    ) -> None:
        typed = TypedEvent(name, when, link, who, zone)
        await _propose(services, interaction, lambda snapshot: event_rows(typed, snapshot))

    for option, kind in (("link", "source"), ("who", "who")):
        event.autocomplete(option)(_names(services, kind))


def _add_source(add: app_commands.Group, services: Services) -> None:
    @add.command(name="source", description=WORDS.command("/data add source"))
    @describe(**_options("add", "link", "publisher", "title", "published", "grade"))
    @app_commands.choices(grade=[app_commands.Choice(name=grade, value=grade) for grade in "ABCD"])
    async def source(
        interaction: discord.Interaction,
        link: str,
        publisher: str = "",
        title: str = "",
        published: str = "",
        grade: str = "C",
    ) -> None:
        typed = TypedSource(link, publisher, title, published, grade)
        await _propose(services, interaction, lambda snapshot: source_rows(typed, snapshot))


def _add_edit(data: app_commands.Group, services: Services) -> None:
    @data.command(name="edit", description=WORDS.command("/data edit"))
    @describe(**_options("edit", "row", "column", "value"))
    async def edit(interaction: discord.Interaction, row: str, column: str, value: str = "") -> None:
        words = words_of(interaction)
        await _propose(services, interaction, lambda snapshot: edited_cell(row_of(row, snapshot, words), column, value))

    @edit.autocomplete("row")
    async def rows(interaction: discord.Interaction, current: str) -> Choices:
        return await _rows(services, interaction, current)

    @edit.autocomplete("column")
    async def of_row(interaction: discord.Interaction, current: str) -> Choices:
        words, row = words_of(interaction), str(interaction.namespace.row or "")

        def find(facts: ServedFacts) -> list[Suggestion]:
            found = columns_like(row_of(row, facts.snapshot, words), current[:MOST_TYPED])
            return [Suggestion(f"{name}: {text}" if text else name, name) for name, text in found]

        return await _choices(services, interaction, ("columns", row, current), find)


def _add_remove(data: app_commands.Group, services: Services) -> None:
    @data.command(name="remove", description=WORDS.command("/data remove"))
    @describe(**_options("edit", "row"))
    async def remove(interaction: discord.Interaction, row: str) -> None:
        words = words_of(interaction)
        await _propose(services, interaction, lambda snapshot: removed_row(row_of(row, snapshot, words)))

    @remove.autocomplete("row")
    async def rows(interaction: discord.Interaction, current: str) -> Choices:
        return await _rows(services, interaction, current)


def _add_paste(data: app_commands.Group, services: Services) -> None:
    @data.command(name="paste", description=WORDS.command("/data paste"))
    @describe(**_options("paste", "table"))
    @app_commands.choices(table=[app_commands.Choice(name=table, value=table) for table in TABLES])
    async def paste(interaction: discord.Interaction, table: str) -> None:
        require_moderator(interaction)
        await interaction.response.send_modal(PasteForm(table, words_of(interaction)))


class PasteForm(Form):
    """Rows copied from a spreadsheet, with or without their header."""

    template = re.compile(rf"v1paste:(?P<table>{'|'.join(TABLES)})")

    def __init__(self, table: str, words: Words) -> None:
        super().__init__(words.text("paste_title", table=table), f"v1paste:{table}")
        style, hint = discord.TextStyle.paragraph, words.text("paste_hint")
        self.add_text("rows", words.text("paste_rows"), style=style, max_length=LONGEST_PASTE, placeholder=hint)

    @staticmethod
    async def take(services: Services, interaction: discord.Interaction, match: re.Match[str], filled: Filled) -> None:
        scope, table = require_moderator(interaction), match["table"]
        await defer(interaction)
        sent, place = SentFile(f"{table}.tsv", with_header(table, filled["rows"])), Place()
        work = services.packs.propose_upload(scope, sent, services.children, place)
        await send_proposal(services, interaction, await with_progress(interaction, "reading_upload", work, place))


def with_header(table: str, text: str) -> bytes:
    """Pasted rows as a table; where the first is no header, they have the columns of an export."""
    names = columns(TABLES[table])
    first = text.partition("\n")[0].split("\t")
    if not set(map(str.strip, first)) & set(names):
        header = [name for name, info in names.items() if not info.column.added]
        text = "\t".join(header) + "\n" + text
    return text.encode()


async def _propose(services: Services, interaction: discord.Interaction, make: Callable[[Snapshot], RowEdits]) -> None:
    """Work out the rows that were typed, and show what they would change."""
    scope = require_moderator(interaction)
    await defer(interaction)
    edits = await work_out(services, interaction, ("edits", interaction.id), lambda facts: make(facts.snapshot))
    place = Place()
    work = services.packs.propose_edits(scope, edits, services.children, place)
    await send_proposal(services, interaction, await with_progress(interaction, "reading_upload", work, place))


# while typing


def _names(services: Services, kind: str) -> Complete:
    async def suggest(interaction: discord.Interaction, current: str) -> Choices:
        typed = current[:MOST_TYPED]
        return await _choices(
            services, interaction, ("names", kind, typed), lambda facts: facts.names.suggestions(kind, typed)
        )

    return suggest


async def _rows(services: Services, interaction: discord.Interaction, current: str) -> Choices:
    words, typed = words_of(interaction), current[:MOST_TYPED]

    def find(facts: ServedFacts) -> list[Suggestion]:
        return [_choice(row) for row in rows_like(typed, facts.snapshot, words)]

    return await _choices(services, interaction, ("rows", str(interaction.locale), typed), find)


def _choice(row: FoundRow) -> Suggestion:
    return Suggestion(row.text, row.value)


async def _choices(
    services: Services, interaction: discord.Interaction, key: tuple[object, ...], find: Find
) -> Choices:
    """What is offered while typing; nothing to people who may not change the facts, and nothing on an error."""
    try:
        require_moderator(interaction)
        found = await work_out(services, interaction, ("suggest", *key), find)
    except SalesbotError:
        return []
    return [
        app_commands.Choice(name=one.shown[:LONGEST_CHOICE] or one.id[:LONGEST_CHOICE], value=one.id)
        for one in found[:MOST_CHOICES]
        if len(one.id) <= LONGEST_CHOICE
    ]
