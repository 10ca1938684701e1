"""The Discord client: it routes interactions to questions and answers with cards."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import discord
from msgspec.structs import replace

from bot.charts.chart_cache import Charts, has_chart
from bot.discord_io.delivery import Seen, contained
from bot.errors import Tree
from bot.moderation import commands as data
from bot.moderation.guild_settings import Choices
from bot.moderation.proposals import TEMPLATE as PROPOSAL
from bot.moderation.proposals import ProposalButton, Proposals
from bot.permissions import server_of
from bot.persistent_button import Pressed
from bot.questions import commands as questions
from bot.questions import help
from bot.questions.cards import Card, Page, answer_page, chart_card, send, turn
from bot.questions.custom_ids import TEMPLATE, Lines, Press
from bot.questions.reports import ReportForm, Reports
from salesbot.answers.answer import Answer
from salesbot.errors import QuestionError, SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse, question, written
from salesbot.questions.names import Names
from salesbot.serving.answer_threads import thought
from salesbot.serving.child_processes import Workers
from salesbot.serving.served_packs import Live, Served
from salesbot.settings import Settings
from salesbot.storage.snapshot import Store
from salesbot.words import words_for

if TYPE_CHECKING:
    from bot.charts.chart_data import Drawable

log = logging.getLogger(__name__)
TOO_OLD = QuestionError("this button is from an older release", "ask the question again")
UNKNOWN = re.compile(rf"(?!(?:{TEMPLATE.pattern})$)(?!(?:{PROPOSAL.pattern})$).*".replace("?P<", "?P<_"), re.DOTALL)
CLOSING = 10.0  # seconds
ACTIONS = ("answer", "working", "share", "chart", "wrong")


class SalesBot(discord.AutoShardedClient):
    """A slash-only bot: the guilds intent, no member or message cache."""

    def __init__(self, settings: Settings, live: Live, **options: Any) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True), member_cache_flags=discord.MemberCacheFlags.none(), max_messages=None,
            chunk_guilds_at_startup=False, allowed_mentions=discord.AllowedMentions.none(), **options,
        )  # fmt: skip
        self.settings = settings
        self.live = live
        self.lines = Lines(settings.data_dir / "lines.sqlite")
        self.choices = Choices(settings.data_dir / "choices.sqlite")
        self.workers = Workers()
        self.charts = Charts(self.workers)
        self.proposals = Proposals()
        self.reports = Reports(self)
        self.owners: frozenset[int] = frozenset()
        self.seen = Seen()
        self.tree = Tree(self)
        parsers = self._connection.parsers
        parsers.update({event: contained(event, parse) for event, parse in parsers.items()})
        for group in (*questions.groups(self), data.group(self)):
            self.tree.add_command(group)
        self.tree.add_command(help.command(self))

    async def setup_hook(self) -> None:
        """Once logged in: learn who owns the application, register buttons, sync what changed."""
        application = await self.application_info()
        members = application.team.members if application.team else [application.owner]
        self.owners = frozenset(member.id for member in members)
        self.add_dynamic_items(AnswerButton, ProposalButton, UnknownButton)
        await self._sync_if_changed()

    async def _sync_if_changed(self) -> None:
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()
        kept = self.settings.data_dir / "commands.sha256"
        if kept.exists() and kept.read_text() == digest:
            return
        try:
            await self.tree.sync()
        except Exception as error:
            log.error("the commands could not be synced; the next start tries again (%s)", error)
            return
        kept.write_text(digest)
        log.info("synced %d commands", len(payload))

    async def close(self) -> None:
        """Close everything, within bounds: Discord may not say goodbye."""
        self.workers.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(super().close(), CLOSING)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self.live.catalog.returned(str(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server's pack is kept 30 days after the bot left it, then erased."""
        self.live.forget(guild.id)
        self.choices.forget(guild.id)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Commands and buttons find their own way; a form only while it is open."""
        if interaction.type is discord.InteractionType.modal_submit and self.seen.is_new(interaction.id):
            await self.reports.pass_over(interaction)

    async def on_ready(self) -> None:
        for scope in self.live.settle([guild.id for guild in self.guilds]):
            log.info("erased the facts of a server that was left 30 days ago: %s", scope)

    def facts(self, interaction: discord.Interaction) -> Served:
        """The facts that this interaction's place sees."""
        return self.live.of(server_of(self, interaction))

    async def answer(
        self, interaction: discord.Interaction, verb: str, typed: Mapping[str, str | None], *, is_private: bool | None
    ) -> None:
        """A slash command: what was typed becomes a question, its answer a card."""
        facts, locale = self.facts(interaction), str(interaction.locale)
        given = {name: text for name, text in typed.items() if text is not None}
        hidden = self.choices.is_private(interaction.channel_id) if is_private is None else is_private

        def page() -> Page:
            asked = question(verb, given, facts.names)
            press = Press("answer", written(asked), content(facts.store))
            return self._page(facts.store, ask(asked, facts.store), press, locale, is_private=hidden)

        found = await thought(facts.store.pages, ("typed", locale, hidden, verb, *given.items()), page)
        await send(interaction, found.view(), is_private=hidden)

    async def press(self, interaction: discord.Interaction, press: Press) -> None:
        """A button: the same line asked again; if the facts changed since, both versions are named."""
        facts, locale = self.facts(interaction), str(interaction.locale)
        if press.action == "chart":
            await self._show_chart(interaction, press, facts)
            return
        if press.action == "wrong":
            self.reports.channel(interaction)
            found = await thought(facts.store.answers, ("answer", press.line), lambda: ask(parse(press.line, facts.names), facts.store))
            await interaction.response.send_modal(ReportForm(self, replace(press, version=content(facts.store)), found))
            return
        was_private = interaction.message is not None and interaction.message.flags.ephemeral
        is_turned = press.page is not None
        is_private = was_private if is_turned else press.action != "share"

        def page() -> Page:
            now = content(facts.store)
            note = "" if now == press.version else self._changed(press, now)
            answer = ask(parse(press.line, facts.names), facts.store)
            return self._page(facts.store, answer, replace(press, version=now), locale, is_private=is_private, note=note)

        view = (await thought(facts.store.pages, ("pressed", locale, is_private, press), page)).view()
        await (turn(interaction, view) if is_turned else send(interaction, view, is_private=is_private))

    def _page(self, store: Store, found: Answer, press: Press, locale: str, *, is_private: bool, note: str = "") -> Page:
        self.lines.keep(press.line)
        said = words_for(locale).say(found)
        return answer_page(said, press, found.verdict, is_private=is_private, note=note, has_chart=has_chart(found))

    async def _show_chart(self, interaction: discord.Interaction, press: Press, facts: Served) -> None:
        """A chart drawn lately is sent at once; another one first says that it is coming."""
        store, line = facts.store, press.line

        def charted() -> Drawable:
            from bot.charts.chart_data import drawable  # loaded here, when the first chart is asked for

            return drawable(ask(parse(line, facts.names), store), store)

        shown = await thought(store.answers, ("chart", line), charted)
        key = (store.version.text, line)
        png = self.charts.kept(key)
        if png is None:
            await interaction.response.defer(ephemeral=True, thinking=True)
            png = await self.charts.png(key, shown.chart)
        await send(interaction, Card(chart_card(shown.said, shown.alt), ("chart.png", png)), is_private=True)

    def _changed(self, press: Press, now: str) -> str:
        before = self._headline_before(press)
        then = f"Then ({press.version}): {before}" if before else f"That version ({press.version}) is no longer kept."
        return f"The facts changed since this card was made. {then} Now ({now}): the answer below."

    def _headline_before(self, press: Press) -> str | None:
        store = self.live.earlier(press.version)
        if store is None:
            return None
        try:
            return words_for().headline(ask(parse(press.line, Names(store)), store)) + "."
        except SalesbotError as error:
            return error.message + "."
        finally:
            store.close()


def content(store: Store) -> str:
    """The eight hex digits that name a store's content."""
    return store.version.text.rsplit("+", 1)[1]


class AnswerButton(Pressed, template=TEMPLATE):
    """Any button of an answer; its custom id says all there is to know."""

    async def pressed(self, bot: SalesBot, interaction: discord.Interaction) -> None:
        press = bot.lines.read(self.match)
        if press is None or press.action not in ACTIONS:
            raise TOO_OLD
        await bot.press(interaction, press)


class UnknownButton(Pressed, template=UNKNOWN):
    """A button that no release of today made: answered, not ignored."""

    async def pressed(self, bot: SalesBot, interaction: discord.Interaction) -> None:
        raise TOO_OLD
