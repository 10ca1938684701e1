"""An answer as a Discord card (Components V2), in pages that keep every limit."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Sequence

import discord
from discord import ui
from msgspec import Struct

from bot.discord_io.escape import escape, link
from bot.questions.custom_ids import Press
from salesbot.errors import PackRefused, SalesbotError
from salesbot.words import FigureLine, Said, SourceLine
from salesbot.words.answer_text import with_clocks

log = logging.getLogger(__name__)
MOST_TEXT = 3800
MOST_SOURCES = 6
MOST_PASSED = 3
MOST_WORKINGS = 6
COLOURS = {"agrees": 0x3BA55D, "partly": 0xE0A030, "disagrees": 0xD83C3E, "cannot tell": 0x80848E}
CALM = 0x5865F2


class Block(Struct, frozen=True):
    """A run of lines that may be broken between lines only; ``title`` is repeated where it is."""

    lines: tuple[str, ...]
    title: str = ""


class Card(Struct, frozen=True):
    """A laid-out card, and the file that goes with it."""

    view: ui.LayoutView
    file: tuple[str, bytes] | None = None

    def files(self) -> list[discord.File]:
        return [discord.File(io.BytesIO(self.file[1]), self.file[0])] if self.file else []


def rich(text: str) -> str:
    """Our own words with others' text inside, made harmless; instants on the reader's clock."""
    return with_clocks(escape(text), "<t:{0}:f>")


def answer_blocks(said: Said) -> list[Block]:
    """The short answer: headline, figures, working, what is missing, caveats, sources."""
    lead = [rich(line) for line in said.lead.split("\n") if line]
    blocks = [Block((f"### {rich(said.headline)}", *(lead if len(lead) < 2 else [f"- {line}" for line in lead])))]
    blocks.append(Block(tuple(line for figure in said.figures for line in figure_lines(figure))))
    workings = [f"- {rich(line)}" for line in said.workings[:MOST_WORKINGS]]
    if len(said.workings) > MOST_WORKINGS:
        workings.append(f"- {len(said.workings) - MOST_WORKINGS} more steps: press Working")
    blocks.append(Block(tuple(workings), "**Working**"))
    blocks.append(Block(tuple(f"- {rich(line)}" for line in said.missing), "**Missing**"))
    blocks.append(Block(tuple(f"-# ⚠ {rich(text)}" for text in said.caveats)))
    passed = [f"-# {rich(text)}" for text in said.passed_over[:MOST_PASSED]]
    if len(said.passed_over) > MOST_PASSED:
        passed.append(f"-# {len(said.passed_over) - MOST_PASSED} more did not count: see the working")
    blocks.append(Block(tuple(passed)))
    blocks.append(Block(_sources_in_short(said.sources)))
    return [block for block in blocks if block.lines]


def working_blocks(said: Said) -> list[Block]:
    """The whole working: each step, each operand with who said it, what did not count, each source."""
    blocks = [Block((f"### {rich(said.headline)}",))]
    blocks.append(
        Block(
            tuple(f"- {rich(line)}" for line in said.workings) or ("Nothing was computed: the figures stand as reported.",), "**Working**"
        )
    )
    operands = said.operands or said.figures
    blocks.append(Block(tuple(line for figure in operands for line in figure_lines(figure)), "**From**"))
    blocks.append(Block(tuple(f"-# {rich(text)}" for text in said.passed_over), "**Not counted**"))
    blocks.append(Block(tuple(f"-# ⚠ {rich(text)}" for text in said.caveats)))
    blocks.append(Block(tuple(f"-# {_source(source)}" for source in said.sources), "**Sources**"))
    return [block for block in blocks if block.lines]


def figure_lines(figure: FigureLine) -> Iterable[str]:
    mark = f"{figure.mark} " if figure.mark else ""
    value = f"**{rich(figure.value)}** " if figure.value else ""
    if figure.is_sub:
        yield f"-# {mark}{rich(figure.label)}: {rich(figure.detail)}"
        return
    yield f"{mark}{value}{rich(figure.label)}"
    if figure.detail:
        yield f"-# {rich(figure.detail)}"


def _source(source: SourceLine) -> str:
    return f"{rich(source.id)} " + (link(source.text, source.url) if source.url else rich(source.text))


def _sources_in_short(sources: Sequence[SourceLine]) -> tuple[str, ...]:
    shown = [link(source.name, source.url) if source.url else rich(source.name) for source in sources[:MOST_SOURCES]]
    if len(sources) > MOST_SOURCES:
        shown.append(f"{len(sources) - MOST_SOURCES} more in the working")
    return (f"-# Sources: {' · '.join(shown)}",) if shown else ()


def pieces(line: str, longest: int) -> Iterator[str]:
    """A line too long for half a page in several, never between a backslash and what it escapes."""
    while len(line) > longest:
        at = longest
        while at > 1 and line[at - 1] == "\\":
            at -= 1
        yield line[:at]
        line = line[at:]
    yield line


def pages(blocks: Sequence[Block], room: int = MOST_TEXT) -> list[list[str]]:
    """The blocks as texts, page by page; a block breaks between lines, a line never."""
    found: list[list[str]] = [[]]
    left = room
    for block in blocks:
        text = block.title
        for line in (piece for whole in block.lines for piece in pieces(whole, room // 2)):
            longer = f"{text}\n{line}" if text else line
            if len(longer) > left and (text or found[-1]):
                if text and text != block.title:
                    found[-1].append(text)
                found.append([])
                left, text = room, f"{block.title}\n{line}" if block.title else line
            else:
                text = longer
        found[-1].append(text)
        left -= len(text) + 1
    return found


class Page(Struct, frozen=True):
    """One page of a card as plain values; laid out afresh each time it is sent."""

    texts: tuple[str, ...]
    small: str = ""
    verdict: str | None = None
    buttons: tuple[tuple[str, str], ...] = ()

    def view(self) -> ui.LayoutView:
        """The page as components; the buttons are (custom id, label)."""
        container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=COLOURS.get(self.verdict or "", CALM))
        for number, text in enumerate(self.texts):
            if number:
                container.add_item(ui.Separator(visible=False))
            container.add_item(ui.TextDisplay(text))
        if self.small:
            container.add_item(ui.Separator())
            container.add_item(ui.TextDisplay(self.small))
        view = ui.LayoutView(timeout=None)
        view.add_item(container)
        if self.buttons:
            view.add_item(ui.ActionRow(*(ui.Button(label=label, custom_id=id) for id, label in self.buttons)))
        return view


def card(blocks: Sequence[Block], *, verdict: str | None = None) -> ui.LayoutView:
    """A card without buttons that fits one page."""
    return Page(tuple(pages(blocks)[0]), verdict=verdict).view()


def answer_page(said: Said, press: Press, verdict: str | None, *, is_private: bool, note: str = "", has_chart: bool = False) -> Page:
    """The page of an answer, or of its working, that ``press`` asks for, with the buttons that fit it."""
    is_working = press.action == "working"
    blocks = working_blocks(said) if is_working else answer_blocks(said)
    if note:
        blocks.insert(0, Block((rich(note),)))
    small = f"-# {rich(said.asked_as)}\n-# {rich(said.as_of)}"
    texts = pages(blocks, MOST_TEXT - len(small))
    page = min(press.page or 1, len(texts))
    opened = [] if is_working else [("working", "Working"), ("wrong", "Wrong?")]
    if has_chart and not is_working:
        opened.insert(1, ("chart", "Chart"))
    if is_private and not is_working:
        opened.insert(-1, ("share", "Share"))
    turns = [(n, sign) for n, sign in ((page - 1, "◀"), (page + 1, "▶")) if 1 <= n <= len(texts)]
    buttons = [(press.to(action).custom_id(), label) for action, label in opened]
    buttons += [(press.to("working" if is_working else "answer", n).custom_id(), sign) for n, sign in turns]
    if turns:
        small += f"\n-# Page {page} of {len(texts)}"
    return Page(tuple(texts[page - 1]), small, verdict, tuple(buttons))


def chart_card(said: Said, alt: str) -> ui.LayoutView:
    """A chart with its alt text; the file goes along as chart.png."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=CALM)
    container.add_item(ui.TextDisplay(f"### {rich(said.headline)}"[:1000]))
    container.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png", description=alt)))
    container.add_item(ui.TextDisplay(f"-# {rich(said.asked_as)}\n-# {rich(said.as_of)}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def error_card(error: SalesbotError) -> Card:
    """What was wrong and what to type instead; a list too long for a card comes as a file."""
    blocks = [Block((f"**{rich(sentence(error.message))}**", *([rich(sentence(error.hint))] if error.hint else [])))]
    if isinstance(error, PackRefused):
        blocks.append(Block(tuple(f"- {rich(str(problem))}" for problem in error.problems)))
    if error.candidates:
        blocks.append(Block(tuple(f"- {rich(candidate)}" for candidate in error.candidates[:25])))
    verdict = "cannot tell" if error.exit_code == 3 else "disagrees"
    if not isinstance(error, PackRefused) or len(pages(blocks)) == 1:
        return Card(card(blocks, verdict=verdict))
    blocks[1] = Block((*blocks[1].lines[:10], f"All {len(error.problems)} are in the file below."))
    view = card(blocks, verdict=verdict)
    view.add_item(ui.File("attachment://problems.txt"))
    return Card(view, ("problems.txt", "\n".join(map(str, error.problems)).encode()))


def sentence(text: str) -> str:
    """An error's words with a capital, as they stand alone on a card."""
    return text[:1].upper() + text[1:]


async def send(interaction: discord.Interaction, shown: ui.LayoutView | Card, *, is_private: bool) -> None:
    """Answer an interaction with a card; it can ping no one.

    The view is stopped first: its buttons are dynamic items, and discord.py would keep it for ever.
    """
    it = shown if isinstance(shown, Card) else Card(shown)
    it.view.stop()
    none = discord.AllowedMentions.none()
    if interaction.response.is_done():
        try:
            await interaction.edit_original_response(view=it.view, attachments=it.files(), allowed_mentions=none)
        except (ValueError, TypeError, AttributeError, LookupError) as error:  # it arrived; what Discord says of it cannot be read
            log.warning("an edit was answered with what is no message (%s)", type(error).__name__)
    else:
        await interaction.response.send_message(view=it.view, files=it.files(), ephemeral=is_private, allowed_mentions=none)


async def turn(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    """Put a card in the place of the one whose button was pressed."""
    view.stop()
    await interaction.response.edit_message(view=view, attachments=[], allowed_mentions=discord.AllowedMentions.none())
