"""An answer as blocks of a card, and the page with its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from discord import ui
from msgspec import Struct

from bot.discord_io.escape import link
from bot.discord_io.layout import MOST_TEXT, NEUTRAL, Block, Page, gallery, pages, rich
from bot.questions.phone_screen import Parts, screens
from bot.questions.row_links import SOURCES, RowLink, no_link
from bot.state.custom_ids import Press
from salesbot.answers import Answer
from salesbot.words import AnswerInShort, AnswerText, FigureLine, ShortLine, SourceLine, Words

LONGEST_ALT = 1000


def answer_texts(text: AnswerInShort, words: Words, *, small: str, has_picture: bool = False) -> list[list[str]]:
    """The short answer as pages of texts, each of which a phone shows at once; a list is at most ten a page."""
    parts = Parts(
        headline=f"### {rich(text.headline)}",
        lead=tuple(map(rich, text.short.lead)),
        lines=tuple(map(short_line, text.short.lines)),
        why=f"-# {rich(text.short.why)}" if text.short.why else "",
        to_know=tuple(f"-# ⚠ {rich(line)}" for line in text.short.to_know),
        sources=_best_sources(text.sources),
        small=small,
        is_list=text.short.is_list,
        has_picture=has_picture,
    )
    return screens(parts, words)


def working_blocks(text: AnswerText, words: Words, row_link: RowLink = no_link) -> list[Block]:
    """Everything: each figure, step and operand with who said it, what does not count, each source."""

    def lines(figures: Sequence[FigureLine]) -> tuple[str, ...]:
        return tuple(line for one in figures for line in figure_lines(one, row_link("", one.row)))

    lead = tuple(f"- {rich(line)}" for line in text.lead.split("\n") if line)
    steps = tuple(f"- {rich(line)}" for line in text.workings)
    cited = tuple(f"-# {_source(one, row_link(SOURCES, one.id))}" for one in text.sources)
    steps = steps or (() if lead else (words.text("nothing_computed"),))
    blocks = [
        Block((f"### {rich(text.headline)}", *lead)),
        Block(lines(text.figures)),
        Block(steps, f"**{words.text('title_working')}**"),
        Block(lines(text.operands), f"**{words.text('title_from')}**"),
        Block(tuple(f"- {rich(line)}" for line in text.missing), f"**{words.text('title_missing')}**"),
        Block(tuple(f"-# {rich(line)}" for line in text.passed_over), f"**{words.text('title_not_counted')}**"),
        Block(tuple(f"-# ⚠ {rich(line)}" for line in text.caveats)),
        Block(cited, f"**{words.text('title_sources')}**"),
    ]
    return [block for block in blocks if block.lines]


def short_line(line: ShortLine) -> str:
    """A line of the short answer."""
    return f"**{rich(line.strong)}** {rich(line.text)}" if line.strong else rich(line.text)


def figure_lines(figure: FigureLine, row: str | None = None) -> Iterable[str]:
    """A figure as one line, or two with its details; its label leads to its row, if that has an address."""
    mark = f"{figure.mark} " if figure.mark else ""
    value = f"**{rich(figure.value)}** " if figure.value else ""
    if figure.is_sub:
        yield f"-# {mark}{rich(figure.label)}: {rich(figure.detail)}"
        return
    yield f"{mark}{value}" + (link(figure.label, row) if row else rich(figure.label))
    if figure.detail:
        yield f"-# {rich(figure.detail)}"


def _source(source: SourceLine, row: str | None) -> str:
    id = link(source.id, row) if row else rich(source.id)
    return f"{id} " + (link(source.text, source.url) if source.url else rich(source.text))


def _best_sources(sources: Sequence[SourceLine]) -> tuple[str, ...]:
    """The names of the sources, best grade first, those that are linked before others of their grade."""
    best = sorted(sources, key=lambda source: (source.grade, not source.url))
    return tuple(dict.fromkeys(link(one.name, one.url) if one.url else rich(one.name) for one in best))


def answer_page(
    answer: Answer,
    press: Press,
    words: Words,
    *,
    is_private: bool,
    note: str = "",
    has_chart: bool = False,
    has_picture: bool = False,
    takes_reports: bool = False,
    row_link: RowLink = no_link,
) -> Page:
    """The page of an answer, or of its working, that ``press`` asks for, with the buttons that fit it.

    A chart comes with the first page, or on its button.
    """
    is_working = press.action == "working"
    whole = words.answer(answer) if is_working else None
    text = whole or words.answer_in_short(answer)
    small = f"-# {rich(text.asked_as)}\n-# {rich(whole.as_of if whole else text.short.facts)}"
    texts = (
        pages(working_blocks(whole, words, row_link), MOST_TEXT - len(small))
        if whole
        else [
            page
            for texts in answer_texts(text, words, small=small, has_picture=has_picture)
            for page in pages([Block((one,)) for one in texts], MOST_TEXT - len(small))
        ]
    )
    if note:
        texts[0].insert(0, rich(note))
    page = min(press.page or 1, len(texts))
    actions = [] if is_working else ["working", *(["chart"] if has_chart else [])]
    actions += [] if is_working else [*(["share"] if is_private else []), *(["wrong"] if takes_reports else [])]
    buttons = [(press.to(action).custom_id(), words.text(f"button_{action}")) for action in actions]
    turns = [(number, sign) for number, sign in ((page - 1, "◀"), (page + 1, "▶")) if 1 <= number <= len(texts)]
    own = "working" if is_working else "answer"
    buttons += [(press.to(own, number).custom_id(), sign) for number, sign in turns]
    if turns:
        small += f"\n-# {words.text('page', page=page, pages=len(texts))}"
    is_pictured = has_picture and page == 1 and not is_working
    alt = alt_text(text.headline, words.figure_lines(answer)) if is_pictured else ""
    chart = next((button for action, button in zip(actions, buttons, strict=False) if action == "chart"), None)
    return Page(tuple(texts[page - 1]), small, answer.verdict, tuple(buttons), alt, press.line, chart)


def alt_text(headline: str, lines: Iterable[FigureLine]) -> str:
    """What the chart shows, for who does not see it; at most 1,000 characters."""
    figures = "; ".join(f"{figure.value} {figure.label} {figure.detail}".strip() for figure in lines)
    alt = f"{headline}. {figures}"
    return alt if len(alt) <= LONGEST_ALT else alt[: LONGEST_ALT - 1] + "…"


class ChartCard(Struct, frozen=True):
    """What stands around the chart of an answer that was asked for by its button."""

    headline: str
    alt: str
    small: str

    @classmethod
    def of(cls, text: AnswerText) -> ChartCard:
        """The card of an answer."""
        small = f"-# {rich(text.asked_as)}\n-# {rich(text.as_of)}"
        return cls(f"### {rich(text.headline)}"[:1000], alt_text(text.headline, text.figures), small)

    def view(self) -> ui.LayoutView:
        """The card as components; the file goes along."""
        container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=NEUTRAL)
        container.add_item(ui.TextDisplay(self.headline))
        container.add_item(gallery(self.alt))
        container.add_item(ui.TextDisplay(self.small))
        view = ui.LayoutView(timeout=None)
        view.add_item(container)
        return view
