"""A question on Discord: from what was typed or pressed to the card that is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import discord
from msgspec import Struct
from msgspec.structs import replace

from bot.charts.chart_cache import comes_with_answer, has_chart
from bot.discord_io.kept_replies import send_page
from bot.discord_io.layout import PICTURE, Card, Page, defer, replace_card, rich, send
from bot.questions.cards import ChartCard, answer_page
from bot.questions.origin import Origin, hides_answers, origin_of, public_words, takes_reports, with_usual_launch
from bot.questions.reports import ReportForm, reports_channel
from bot.questions.row_links import row_link
from bot.services import Services, server_of, words_of, work_out
from bot.state.custom_ids import Press, content_digits
from salesbot.answers import Answer
from salesbot.errors import SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse, question, with_days, written
from salesbot.questions.names import Names
from salesbot.serving.served_packs import ServedFacts
from salesbot.storage.catalog import SHARED
from salesbot.storage.snapshot import Snapshot
from salesbot.words import Words, words_for
from salesbot.words.told_beside import told_beside

if TYPE_CHECKING:
    from bot.charts.picture.chart import Chart

log = logging.getLogger(__name__)
R = TypeVar("R")
ACTIONS = ("answer", "working", "share", "chart", "wrong")


class Asked(Struct, frozen=True):
    """A question: its options as they are meant where it comes from, and what beside them decides its page."""

    verb: str
    given: dict[str, str]
    words: Words
    is_private: bool
    takes_reports: bool

    @classmethod
    def of(
        cls, services: Services, origin: Origin, verb: str, typed: dict[str, str], *, is_private: bool | None
    ) -> Asked:
        """A question from the options that were typed."""
        given = with_days(verb, with_usual_launch(services, origin, verb, typed), origin.day)
        hidden = hides_answers(services, origin, is_private=is_private)
        words = origin.words() if hidden else public_words(services, origin)
        return cls(verb, given, words, hidden, takes_reports(services, origin))

    @property
    def typed_key(self) -> str:
        return repr(("typed", self.verb, *self.given.items()))

    def page_key(self, line: object) -> str:
        """The key of its page in the cache of the facts, once it is written as a line."""
        return repr(("page", self.words.language, self.is_private, self.takes_reports, line))

    def known(self, facts: ServedFacts) -> Page | None:
        """Its page, if it was asked before."""
        cache = facts.snapshot.replies
        line = cache.get(self.typed_key)
        known = cache.get(self.page_key(line)) if line is not None else None
        return known if isinstance(known, Page) else None


async def answer_command(
    services: Services,
    interaction: discord.Interaction,
    verb: str,
    typed: Mapping[str, str | None],
    *,
    is_private: bool | None,
    beside: str = "",
) -> None:
    """Answer a slash command: what was typed becomes a question, its answer a card.

    ``beside`` is what free text asked about as well: a sentence on it comes first on this card alone.
    """
    origin, given = origin_of(interaction), {name: text for name, text in typed.items() if text is not None}
    asked_for = Asked.of(services, origin, verb, given, is_private=is_private)
    words, hidden, takes, given = asked_for.words, asked_for.is_private, asked_for.takes_reports, asked_for.given
    typed_key, language = asked_for.typed_key, words.language

    def make(facts: ServedFacts) -> Page:
        asked = question(verb, given, facts.names_in(language))
        line = facts.snapshot.replies.get_or_make(typed_key, lambda: written(asked))

        def page() -> Page:
            press = Press("answer", line, content_digits(facts.snapshot), language=language)
            answer = ask(asked, facts.snapshot, language)
            return _page(services, facts, answer, press, words, is_private=hidden, takes_reports=takes)

        if beside:
            sentence = told_beside(beside, ask(asked, facts.snapshot, language), words)
            return page().noted(rich(sentence)) if sentence else page()
        return facts.snapshot.replies.get_or_make(asked_for.page_key(line), page)

    page = None if beside else asked_for.known(services.facts(interaction))
    if page is None:
        key = (language, hidden, takes, typed_key, beside)
        page = await work_out(services, interaction, key, make)
    await _send_page(services, interaction, page, words, is_private=hidden)


async def _send_page(
    services: Services, interaction: discord.Interaction, page: Page, words: Words, *, is_private: bool
) -> None:
    """Send a page; a picture that is not drawn yet follows into it."""
    if page.picture_button:
        services.charts.expect()
    if not page.alt:
        await send_page(interaction, page, is_private=is_private)
        return
    picture = services.charts.get(_chart_key(services, interaction, page.line, words))
    await send(interaction, page.card(picture), is_private=is_private)
    if picture is None and services.charts.has_room(services.facts(interaction).scope):
        try:
            picture = await _picture(services, interaction, page.line, words, is_asked=False)
            await send(interaction, page.card(picture), is_private=is_private)
        except discord.NotFound:
            log.info("an answer was deleted before its chart came")
        except Exception:  # whatever it is, the answer is there and stays
            log.exception("a chart was not drawn, or not taken by Discord")


def _chart_key(services: Services, interaction: discord.Interaction, line: str, words: Words) -> Hashable:
    facts = services.facts(interaction)
    return facts.scope, facts.snapshot.content, words.language, line


async def _picture(
    services: Services, interaction: discord.Interaction, line: str, words: Words, *, is_asked: bool = True
) -> bytes:
    """The chart of a line's answer as a PNG."""

    def make(facts: ServedFacts) -> Chart:
        from bot.charts.chart_data import chart_of  # loaded when the first chart is asked for

        return chart_of(ask(parse(line, facts.names), facts.snapshot, words.language), facts.snapshot, words)

    chart = await work_out(services, interaction, ("chart", words.language, line), make)
    key = _chart_key(services, interaction, line, words)
    if is_asked:
        return await services.charts.draw(key, chart)
    return await services.charts.draw_unasked(services.facts(interaction).scope, key, chart)


async def answer_press(services: Services, interaction: discord.Interaction, press: Press) -> None:
    """Answer a button of an answer: the line is asked again; if the facts changed since, both versions are named."""
    if press.action == "chart":
        await _send_chart(services, interaction, press)
    elif press.action == "wrong":
        await _send_report_form(services, interaction, press)
    else:
        await _answer_again(services, interaction, press)


async def _answer_again(services: Services, interaction: discord.Interaction, press: Press) -> None:
    words = words_for(press.language)
    was_private = interaction.message is not None and interaction.message.flags.ephemeral
    is_turned = press.page is not None
    asks_private = was_private if is_turned else press.action != "share"
    origin = origin_of(interaction)
    is_private = asks_private if is_turned else hides_answers(services, origin, is_private=asks_private)
    takes = takes_reports(services, origin)
    earlier, scope = None, str(server_of(interaction) or SHARED)
    if content_digits(services.facts(interaction).snapshot) != press.version:  # the catalog is of this thread
        earlier = services.packs.earlier_version(scope, press.version)

    def make(facts: ServedFacts) -> Page:
        now = content_digits(facts.snapshot)
        note = "" if now == press.version else _changed_note(earlier, press, now, words)
        answer = ask(parse(press.line, facts.names), facts.snapshot, words.language)
        again = replace(press, version=now)
        return _page(services, facts, answer, again, words, is_private=is_private, takes_reports=takes, note=note)

    # by scope, as what the facts said before may be a server's own; by its file, as that may have been erased since
    key = ("pressed", scope, is_private, takes, press, earlier)
    page = await _kept(services, interaction, key, Page, make)
    if not is_turned:
        await _send_page(services, interaction, page, words, is_private=is_private)
        return
    picture = services.charts.get(_chart_key(services, interaction, press.line, words)) if page.alt else None
    await replace_card(interaction, page.card(picture))


def _page(
    services: Services,
    facts: ServedFacts,
    answer: Answer,
    press: Press,
    words: Words,
    *,
    is_private: bool,
    takes_reports: bool,
    note: str = "",
) -> Page:
    services.long_lines.store(press.line)
    return answer_page(
        answer,
        press,
        words,
        is_private=is_private,
        note=note,
        has_chart=has_chart(answer),
        has_picture=comes_with_answer(answer),
        takes_reports=takes_reports,
        row_link=row_link(services.settings.browse_url, facts.scope, facts.snapshot),
    )


async def _kept(
    services: Services, interaction: discord.Interaction, key: Hashable, kind: type[R], make: Callable[[ServedFacts], R]
) -> R:
    """What is kept with the facts under a key, or what is made of them now, in a thread."""
    known = services.facts(interaction).snapshot.replies.get(key)
    if isinstance(known, kind):
        return known
    return await work_out(
        services, interaction, key, lambda facts: facts.snapshot.replies.get_or_make(key, partial(make, facts))
    )


def _changed_note(earlier: Path | None, press: Press, now: str, words: Words) -> str:
    """That the facts changed since a card was made, and what it said then."""
    headline = _earlier_headline(earlier, press, words)
    if headline:
        before = words.text("then", version=press.version, headline=headline)
    else:
        before = words.text("then_gone", version=press.version)
    return words.text("facts_changed", before=before, now=now)


def _earlier_headline(path: Path | None, press: Press, words: Words) -> str | None:
    if path is None:
        return None
    snapshot = Snapshot(path)
    try:
        return words.headline(ask(parse(press.line, Names(snapshot)), snapshot, words.language))
    except SalesbotError as error:
        return words.error(error).message
    finally:
        snapshot.close()


async def _send_chart(services: Services, interaction: discord.Interaction, press: Press) -> None:
    """Send a chart that is cached at once; for another one, say first that it is coming."""
    words = words_for(press.language)
    key = ("card", words.language, press.line)

    def make(facts: ServedFacts) -> ChartCard:
        return ChartCard.of(words.answer(ask(parse(press.line, facts.names), facts.snapshot, words.language)))

    shown = await _kept(services, interaction, key, ChartCard, make)
    picture = services.charts.get(_chart_key(services, interaction, press.line, words))
    if picture is None:
        await defer(interaction)
        picture = await _picture(services, interaction, press.line, words)
    await send(interaction, Card(shown.view(), ((PICTURE, picture),)), is_private=True)


async def _send_report_form(services: Services, interaction: discord.Interaction, press: Press) -> None:
    reports_channel(services, interaction)

    def make(facts: ServedFacts) -> tuple[Answer, Press]:
        answer = ask(parse(press.line, facts.names), facts.snapshot)
        return answer, replace(press, version=content_digits(facts.snapshot))

    answer, now = await work_out(services, interaction, ("answer", press.line), make)
    services.long_lines.store(now.line)
    await interaction.response.send_modal(ReportForm(now, answer, words_of(interaction)))
