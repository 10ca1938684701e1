"""An answer as blocks of a card, and the page with its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord
from discord import ui

from bot.discord_io.escape import link
from bot.discord_io.layout import MOST_TEXT, NEUTRAL, Block, Page, pages, rich
from bot.state.custom_ids import Press
from salesbot.words import AnswerText, FigureLine, SourceLine, Words

MOST_SOURCES = 3
MOST_FIGURES = 4  # of an answer that is no list
MOST_LISTED = 10  # of a list, on each page
MOST_TO_KNOW = 2


def answer_pages(text: AnswerText, words: Words) -> list[list[Block]]:
    """The short answer: headline, main figures, one line why, what to know, the best sources; a list ten by ten."""
    figures = [figure for figure in text.figures if not figure.is_sub]
    is_list = len(figures) > MOST_LISTED
    if not is_list:
        return [_short_blocks(text, figures[:MOST_FIGURES] if text.workings else figures, words)]
    parts = [figures[start : start + MOST_LISTED] for start in range(0, len(figures), MOST_LISTED)]
    return [_short_blocks(text, part, words) for part in parts]


def _short_blocks(text: AnswerText, figures: Sequence[FigureLine], words: Words) -> list[Block]:
    lead = [rich(line) for line in text.lead.split("\n") if line]
    blocks = [Block((f"### {rich(text.headline)}", *(lead if len(lead) < 2 else [f"- {line}" for line in lead])))]
    blocks.append(Block(tuple(map(short_line, figures))))
    blocks.append(Block(tuple(f"-# {rich(line)}" for line in text.workings[:1])))
    known = [f"- {rich(line)}" for line in text.missing]
    known += [f"-# ⚠ {rich(line)}" for line in text.to_know[: max(0, MOST_TO_KNOW - len(known))]]
    blocks.append(Block(tuple(known)))
    blocks.append(Block(_sources_in_short(text.sources, words)))
    return [block for block in blocks if block.lines]


def working_blocks(text: AnswerText, words: Words) -> list[Block]:
    """Everything: each figure, step and operand with who said it, what does not count, each source."""
    steps = tuple(f"- {rich(line)}" for line in text.workings) or (words.text("nothing_computed"),)
    blocks = [
        Block((f"### {rich(text.headline)}",)),
        Block(tuple(line for one in text.figures for line in figure_lines(one))),
        Block(steps, f"**{words.text('title_working')}**"),
        Block(tuple(line for one in text.operands for line in figure_lines(one)), f"**{words.text('title_from')}**"),
        Block(tuple(f"- {rich(line)}" for line in text.missing), f"**{words.text('title_missing')}**"),
        Block(tuple(f"-# {rich(line)}" for line in text.passed_over), f"**{words.text('title_not_counted')}**"),
        Block(tuple(f"-# ⚠ {rich(line)}" for line in text.caveats)),
        Block(tuple(f"-# {_source(source)}" for source in text.sources), f"**{words.text('title_sources')}**"),
    ]
    return [block for block in blocks if block.lines]


def short_line(figure: FigureLine) -> str:
    """A figure and its details as one line."""
    mark = f"{figure.mark} " if figure.mark else ""
    value = f"**{rich(figure.value)}** " if figure.value else ""
    detail = figure.short or figure.detail
    return f"{mark}{value}{rich(figure.label)}" + (f", {rich(detail)}" if detail else "")


def figure_lines(figure: FigureLine) -> Iterable[str]:
    """A figure as one line, or two with its details."""
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


def _sources_in_short(sources: Sequence[SourceLine], words: Words) -> tuple[str, ...]:
    """The best sources, those that are linked first, and how many more there are."""
    best = sorted(sources, key=lambda source: (source.grade, not source.url))
    names = [link(source.name, source.url) if source.url else rich(source.name) for source in best]
    shown = list(dict.fromkeys(names))[:MOST_SOURCES]
    if left := len(sources) - len(shown):
        shown.append(words.text("more_sources", count=left))
    return (f"-# {words.text('sources_in_short', sources=' · '.join(shown))}",) if names else ()


def answer_page(
    text: AnswerText,
    press: Press,
    verdict: str | None,
    words: Words,
    *,
    is_private: bool,
    note: str = "",
    has_chart: bool = False,
    takes_reports: bool = False,
) -> Page:
    """The page of an answer, or of its working, that ``press`` asks for, with the buttons that fit it."""
    is_working = press.action == "working"
    parts = [working_blocks(text, words)] if is_working else answer_pages(text, words)
    if note:
        parts[0].insert(0, Block((rich(note),)))
    told = text.as_of if is_working else text.updated
    small = f"-# {rich(text.asked_as)}\n-# {rich(told)}"
    texts = [page for blocks in parts for page in pages(blocks, MOST_TEXT - len(small))]
    page = min(press.page or 1, len(texts))
    actions = [] if is_working else ["working", *(["chart"] if has_chart else [])]
    actions += [] if is_working else [*(["share"] if is_private else []), *(["wrong"] if takes_reports else [])]
    buttons = [(press.to(action).custom_id(), words.text(f"button_{action}")) for action in actions]
    turns = [(number, sign) for number, sign in ((page - 1, "◀"), (page + 1, "▶")) if 1 <= number <= len(texts)]
    own = "working" if is_working else "answer"
    buttons += [(press.to(own, number).custom_id(), sign) for number, sign in turns]
    if turns:
        small += f"\n-# {words.text('page', page=page, pages=len(texts))}"
    return Page(tuple(texts[page - 1]), small, verdict, tuple(buttons))


def chart_card(text: AnswerText, alt: str) -> ui.LayoutView:
    """A chart with its alt text; the file goes along as chart.png."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=NEUTRAL)
    container.add_item(ui.TextDisplay(f"### {rich(text.headline)}"[:1000]))
    container.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://chart.png", description=alt)))
    container.add_item(ui.TextDisplay(f"-# {rich(text.asked_as)}\n-# {rich(text.as_of)}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view
