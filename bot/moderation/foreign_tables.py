"""A table that is none of the pack's: how it would be read is shown, corrected, and then read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ButtonStyle, ui
from msgspec.structs import replace

from bot.discord_io.layout import Block, Page, defer, pages, replace_card, rich, send
from bot.errors import reply_error
from bot.form import Filled, Form
from bot.moderation.buttons import send_proposal
from bot.moderation.progress import with_progress
from bot.permissions import require
from bot.persistent_button import PersistentButton
from bot.services import Services, change, refresh, services_of, words_of, work_out
from bot.state.waiting_tables import WaitingTable
from salesbot.serving.child_processes import Place
from salesbot.serving.served_packs import ServedFacts
from salesbot.storage.snapshot import LAUNCH_TITLES
from salesbot.words import Words

if TYPE_CHECKING:
    from salesbot.editing.foreign.mapping import ForeignTable, Mapping
    from salesbot.editing.foreign.rows import ReadRows

BUTTON = re.compile(r"v1table:(?P<word>read|say|cancel):(?P<token>[0-9a-f]{16})")
SELECT = re.compile(r"v1choose:(?P<word>figures|period|metric|counting):(?P<token>[0-9a-f]{16})")
MOST_CHOICES, LONGEST_CHOICE, LONGEST_TYPED = 25, 100, 200
MOST_ROWS, MOST_PROBLEMS = 10, 4
PRICE = "price"
HEADERS = "headers"
SAID = ("launch", "source", "year", "place", "scale")  # in the form, which has five fields


async def show_table(services: Services, interaction: discord.Interaction, token: str) -> None:
    """Show how a table would be read, in the place of the card that was there."""
    await send(interaction, await _card(services, interaction, token), is_private=True)


async def _card(services: Services, interaction: discord.Interaction, token: str) -> ui.LayoutView:
    waiting, words = services.tables.of(token, interaction.user.id), words_of(interaction)
    table = waiting.table

    def make(facts: ServedFacts) -> tuple[ReadRows, dict[str, str], tuple[str, ...]]:
        from salesbot.editing.foreign.reading import sample_of  # loaded when the first table is shown

        metrics = facts.snapshot.vocabulary.of_kind("count", "gauge", "peak", "rate", "per", "money")
        titles = dict(facts.snapshot.values(LAUNCH_TITLES))
        return sample_of(table, facts.snapshot), titles, metrics

    read, titles, metrics = await work_out(services, interaction, ("table", interaction.id), make)
    blocks = _blocks(table, read, titles, words)
    view = Page(tuple(pages(blocks)[0])).view()
    for select in _selects(table, metrics, token, words):
        view.add_item(ui.ActionRow(select))
    view.add_item(ui.ActionRow(*_buttons(table.mapping, token, words)))
    return view


def _blocks(table: ForeignTable, read: ReadRows, titles: dict[str, str], words: Words) -> list[Block]:
    mapping = table.mapping
    head = [f"### {rich(words.text('foreign_heading', name=table.name))}"]
    head += [f"- {rich(line)}" for line in _told(table, words)]
    rows = [f"- {rich(words.row(mapping.table, row, titles))}" for row in read.rows[:MOST_ROWS]]
    problems = [f"- {rich(words.problem(problem))}" for problem in read.problems[:MOST_PROBLEMS]]
    if "launch" in mapping.missing():  # nothing can be read yet
        rows, problems = [f"- {rich(' · '.join(filter(None, cells)))}" for cells in table.sample[:MOST_ROWS]], []
    left = [f"-# {rich(words.message(said))}" for _, said in read.left_out[:MOST_PROBLEMS]]
    missing = ", ".join(words.text(f"foreign_{name}") for name in mapping.missing())
    blocks = [
        Block(tuple(head)),
        Block((*rows, *left), f"**{words.text('foreign_rows', count=table.count)}**"),
        Block(tuple(problems)),
        Block((f"**{rich(words.text('foreign_missing', missing=missing))}**",) if missing else ()),
    ]
    return [block for block in blocks if block.lines]


def _told(table: ForeignTable, words: Words) -> Iterable[str]:
    """How the table is read, in short."""
    mapping, names = table.mapping, table.names
    figures = ", ".join(names[index] for index in mapping.figures[:6] if index < len(names))
    yield words.text("foreign_header", row=mapping.header_row, names=figures, headers=mapping.headers_are)
    for key in ("period", "year", "launch", "place", "trim", "who", "source"):
        column = getattr(mapping, f"{key}_column")
        if column is not None and column < len(names):
            yield words.text("foreign_column", what=words.text(f"foreign_{key}"), name=names[column])
    if mapping.scale != "1":
        yield words.text("foreign_scale_is", scale=mapping.scale)


def _selects(table: ForeignTable, metrics: Sequence[str], token: str, words: Words) -> Iterable[ui.Select[Any]]:
    mapping = table.mapping
    columns = [(str(index), name or "·") for index, name in enumerate(table.names)][: MOST_CHOICES - 1]
    chosen = str(mapping.figures[0]) if mapping.figures and mapping.headers_are == "figures" else HEADERS
    if mapping.headers_are == "figures":
        yield _select("figures", columns, chosen, token, words)
    else:
        several = [*columns, (HEADERS, words.text(f"foreign_headers_{mapping.headers_are}"))]
        yield _select("figures", several, chosen, token, words)
    if mapping.headers_are != "periods":
        period = "" if mapping.period_column is None else str(mapping.period_column)
        yield _select("period", columns, period, token, words)
    kinds = [(metric, words.metric(metric)) for metric in metrics][: MOST_CHOICES - 1]
    what = PRICE if mapping.table == "prices" else mapping.metric
    yield _select("metric", [*kinds, (PRICE, words.metric("list_price"))], what, token, words)
    if mapping.table == "orders":
        ways = [(way, words.text(f"foreign_{way}")) for way in ("new", "cumulative")]
        yield _select("counting", ways, mapping.counting, token, words)


def _select(
    word: str, choices: Sequence[tuple[str, str]], chosen: str, token: str, words: Words
) -> ui.Select[ui.LayoutView]:
    options = [
        discord.SelectOption(label=label[:LONGEST_CHOICE], value=value, default=value == chosen)
        for value, label in choices
    ]
    placeholder = words.text(f"foreign_choose_{word}")
    return ui.Select(options=options, placeholder=placeholder, custom_id=f"v1choose:{word}:{token}")


def _buttons(mapping: Mapping, token: str, words: Words) -> Iterable[ui.Button[ui.LayoutView]]:
    is_whole = not mapping.missing()
    styles = {
        "read": ButtonStyle.success,
        "say": ButtonStyle.secondary if is_whole else ButtonStyle.primary,
        "cancel": ButtonStyle.secondary,
    }
    for word, style in styles.items():
        label = words.text("button_cancel" if word == "cancel" else f"button_{word}")
        custom_id, is_off = f"v1table:{word}:{token}", word == "read" and not is_whole
        yield ui.Button(label=label, style=style, custom_id=custom_id, disabled=is_off)


class TableButton(PersistentButton, template=BUTTON):
    """Read it so, Fill in, Cancel."""

    async def on_press(self, services: Services, interaction: discord.Interaction) -> None:
        token, words = self.match["token"], words_of(interaction)
        await refresh(services, services.tables)
        waiting = services.tables.of(token, interaction.user.id)
        require(services, interaction, waiting.scope)
        if self.match["word"] == "cancel":
            await change(services, partial(services.tables.remove, token))
            blocks = [Block((f"### {words.text('cancelled')}", words.text("nothing_has_changed")))]
            await replace_card(interaction, Page(tuple(pages(blocks)[0])).view())
        elif self.match["word"] == "say":
            await interaction.response.send_modal(SayForm(token, waiting, words))
        else:
            await _read(services, interaction, token, waiting)


async def _read(services: Services, interaction: discord.Interaction, token: str, waiting: WaitingTable) -> None:
    await defer(interaction)
    place = Place()
    work = services.packs.propose_table(waiting.scope, waiting.sent, waiting.table.mapping, services.children, place)
    proposal = await with_progress(interaction, "reading_upload", work, place)
    await change(services, partial(services.tables.remember, waiting.scope, waiting.table))
    await change(services, partial(services.tables.remove, token))
    await send_proposal(services, interaction, proposal)


class TableSelect(ui.DynamicItem[ui.Select[ui.LayoutView]], template=SELECT):
    """A choice of how a table is read: the column of the figure or the time, what is counted, and how."""

    def __init__(self, item: ui.Select[ui.LayoutView], match: re.Match[str]) -> None:
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
            token = self.match["token"]
            await refresh(services, services.tables)
            waiting = services.tables.of(token, interaction.user.id)
            require(services, interaction, waiting.scope)
            mapping = chosen(waiting.table.mapping, self.match["word"], self.item.values[0])
            await change(services, partial(services.tables.map, token, mapping))
            await replace_card(interaction, await _card(services, interaction, token))
        except Exception as error:
            await reply_error(interaction, error)


def chosen(mapping: Mapping, word: str, value: str) -> Mapping:
    """A mapping after a choice."""
    if word == "figures" and value != HEADERS:
        return replace(mapping, figures=(int(value),), headers_are="figures")
    if word == "period":
        return replace(mapping, period_column=int(value))
    if word == "counting":
        return replace(mapping, counting=value)
    if word == "metric":
        is_price = value == PRICE
        return replace(mapping, table="prices" if is_price else "orders", metric="" if is_price else value)
    return mapping


class SayForm(Form):
    """What a table does not say, the same for all its rows."""

    template = re.compile(r"v1said:(?P<token>[0-9a-f]{16})")

    def __init__(self, token: str, waiting: WaitingTable, words: Words) -> None:
        super().__init__(words.text("foreign_form"), f"v1said:{token}")
        for name in SAID:
            default = getattr(waiting.table.mapping, name) or None
            key = "since" if name == "year" and waiting.table.mapping.table == "prices" else name
            label = words.text(f"foreign_say_{key}")
            self.add_text(name, label, default=default, max_length=LONGEST_TYPED, required=False)

    @staticmethod
    async def take(services: Services, interaction: discord.Interaction, match: re.Match[str], filled: Filled) -> None:
        token = match["token"]
        await refresh(services, services.tables)
        waiting = services.tables.of(token, interaction.user.id)
        require(services, interaction, waiting.scope)
        said = {name: filled.get(name, "") for name in SAID}
        scale = said["scale"].replace(",", "")
        said["scale"] = scale if scale.isdecimal() and int(scale) > 0 else "1"
        await change(services, partial(services.tables.map, token, replace(waiting.table.mapping, **said)))
        await replace_card(interaction, await _card(services, interaction, token))
