"""Texts laid out as a Discord card (Components V2), in pages that keep every limit, and sent."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator, Sequence

import discord
from discord import ui
from msgspec import Struct
from msgspec.structs import replace

from bot.discord_io.delivery import TakenBefore
from bot.discord_io.escape import escape
from salesbot.words.answer_text import with_clocks

log = logging.getLogger(__name__)
MOST_TEXT = 3800  # characters of a page; Discord takes 4,000 of a message
COLOURS = {"agrees": 0x3BA55D, "partly": 0xE0A030, "disagrees": 0xD83C3E, "cannot tell": 0x80848E}
NEUTRAL = 0x5865F2
PICTURE = "chart.png"
BUTTONS_A_ROW = 5
TAKEN_OVER = "taken_over"  # among the extras of an interaction that an earlier process has only deferred


class Block(Struct, frozen=True):
    """A run of lines that may be broken between lines only; ``title`` is repeated where it is."""

    lines: tuple[str, ...]
    title: str = ""


class Card(Struct, frozen=True):
    """A laid-out card, and the files that go with it: their names and bytes."""

    view: ui.LayoutView
    attached: tuple[tuple[str, bytes], ...] = ()

    def files(self) -> list[discord.File]:
        """The files as discord.py sends them."""
        return [discord.File(io.BytesIO(data), name) for name, data in self.attached]


class Page(Struct, frozen=True):
    """One page of a card as plain values, laid out afresh each time it is sent; buttons are custom id and label.

    ``alt`` describes the picture that the page has, once it is drawn: the chart of the answer to ``line``.
    """

    texts: tuple[str, ...]
    small: str = ""
    verdict: str | None = None
    buttons: tuple[tuple[str, str], ...] = ()
    alt: str = ""
    line: str = ""
    picture_button: tuple[str, str] | None = None

    def card(self, picture: bytes | None = None) -> Card:
        """The page with its picture, or without one."""
        return Card(self.view()) if picture is None else Card(self.view(has_picture=True), ((PICTURE, picture),))

    def noted(self, note: str) -> Page:
        """The page with a sentence before everything else."""
        return replace(self, texts=(note, *self.texts))

    def view(self, *, has_picture: bool = False) -> ui.LayoutView:
        """The page as components; one that has its picture has no button for it."""
        container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=COLOURS.get(self.verdict or "", NEUTRAL))
        for number, text in enumerate(self.texts):
            if number:
                container.add_item(ui.Separator(visible=False))
            container.add_item(ui.TextDisplay(text))
            if has_picture and not number:
                container.add_item(gallery(self.alt))
        if self.small:
            container.add_item(ui.Separator())
            container.add_item(ui.TextDisplay(self.small))
        view = ui.LayoutView(timeout=None)
        view.add_item(container)
        buttons = [button for button in self.buttons if not (has_picture and button == self.picture_button)]
        for start in range(0, len(buttons), BUTTONS_A_ROW):
            row = buttons[start : start + BUTTONS_A_ROW]
            view.add_item(ui.ActionRow(*(ui.Button(label=label, custom_id=id) for id, label in row)))
        return view


def gallery(alt: str) -> ui.MediaGallery[ui.LayoutView]:
    """The picture that goes along with a card."""
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{PICTURE}", description=alt))


def rich(text: str) -> str:
    """Our own words with others' text inside, made harmless; instants on the reader's clock."""
    return with_clocks(escape(text), lambda instant, is_day: f"<t:{instant}:{'d' if is_day else 'f'}>")


def sentence(text: str) -> str:
    """A text that stands alone on a card begins with a capital."""
    return text[:1].upper() + text[1:]


def pages(blocks: Sequence[Block], room: int = MOST_TEXT) -> list[list[str]]:
    """The blocks as texts, page by page; a block breaks between lines, a line never."""
    laid_out: list[list[str]] = [[]]
    left = room
    for block in blocks:
        text = block.title
        for line in (piece for whole in block.lines for piece in pieces(whole, room // 2)):
            longer = f"{text}\n{line}" if text else line
            if len(longer) > left and (text or laid_out[-1]):
                if text and text != block.title:
                    laid_out[-1].append(text)
                laid_out.append([])
                left, text = room, f"{block.title}\n{line}" if block.title else line
            else:
                text = longer
        laid_out[-1].append(text)
        left -= len(text) + 1
    return laid_out


def pieces(line: str, longest: int) -> Iterator[str]:
    """A line too long for half a page in several, never cut between a backslash and the character it escapes."""
    while len(line) > longest:
        at = longest
        while at > 1 and line[at - 1] == "\\":
            at -= 1
        yield line[:at]
        line = line[at:]
    yield line


def card(blocks: Sequence[Block], *, verdict: str | None = None) -> ui.LayoutView:
    """A card without buttons that fits one page."""
    return Page(tuple(pages(blocks)[0]), verdict=verdict).view()


async def send(interaction: discord.Interaction, shown: ui.LayoutView | Card, *, is_private: bool) -> None:
    """Answer an interaction with a card; it can ping no one.

    The view is stopped first: its buttons are dynamic items, and discord.py would keep it for ever.
    """
    it = shown if isinstance(shown, Card) else Card(shown)
    it.view.stop()
    if interaction.response.is_done() or TAKEN_OVER in interaction.extras:
        await _edit(interaction, it)
        return
    none = discord.AllowedMentions.none()
    try:
        await interaction.response.send_message(
            view=it.view, files=it.files(), ephemeral=is_private, allowed_mentions=none
        )
    except TakenBefore:
        await complete(interaction, it)


async def complete(interaction: discord.Interaction, it: Card) -> None:
    """Fill in the answer that an earlier process only deferred; one that it gave is left alone."""
    original = await interaction.original_response()
    if original.flags.loading or len(original.attachments) < len(it.attached):
        await _edit(interaction, it)


async def _edit(interaction: discord.Interaction, it: Card) -> None:
    none = discord.AllowedMentions.none()
    try:
        await interaction.edit_original_response(view=it.view, attachments=it.files(), allowed_mentions=none)
    except (
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
    ) as error:  # it arrived, but Discord's answer is unreadable
        log.warning("an edit was answered with what is no message (%s)", type(error).__name__)


async def defer(interaction: discord.Interaction) -> None:
    """Say that an answer is coming, privately. Raises ``TakenBefore`` where an earlier process has given it."""
    try:
        await interaction.response.defer(ephemeral=True, thinking=True)
    except TakenBefore:
        if not (await interaction.original_response()).flags.loading:
            raise
        interaction.extras[TAKEN_OVER] = True


async def replace_card(interaction: discord.Interaction, shown: ui.LayoutView | Card) -> None:
    """Put a card in the place of the one whose button was pressed."""
    it = shown if isinstance(shown, Card) else Card(shown)
    it.view.stop()
    none = discord.AllowedMentions.none()
    with contextlib.suppress(TakenBefore):
        await interaction.response.edit_message(view=it.view, attachments=it.files(), allowed_mentions=none)
