"""What commands, buttons and forms need: facts, settings, caches. They take this value, not the client."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Hashable
from functools import partial
from typing import Protocol, TypeVar, cast

import discord
from msgspec import Struct

from bot.charts.chart_cache import ChartCache
from bot.discord_io.activity import Activity
from bot.discord_io.servers import Servers
from bot.discord_io.sessions import Sessions
from bot.state.custom_ids import STORED, LongLines, Press
from bot.state.declined_words import DeclinedWords
from bot.state.follows import Follows
from bot.state.guild_settings import GuildSettings
from bot.state.reports_taken import ReportsTaken
from bot.state.seen_interactions import SeenInteractions
from bot.state.suggestions import Suggestions
from bot.state.synced_commands import SyncedCommands
from bot.state.waiting_proposals import WaitingProposals
from bot.state.waiting_tables import WaitingTables
from salesbot.errors import DamagedSnapshot, Refused
from salesbot.serving.answer_threads import AnswerThreads
from salesbot.serving.child_processes import ChildQueue, WarmProcess
from salesbot.serving.served_packs import ServedFacts, ServedPacks
from salesbot.settings import Settings
from salesbot.words import Words, words_for

V = TypeVar("V")
SECONDS_BEFORE_LOOKS = (0.0, 0.2, 0.5)  # within the three that an interaction has


class Services(Struct):
    """One value for the whole bot.

    ``follow_shared`` is called when the shared pack changed, so that servers' own facts follow it. ``owners`` are the
    ids of the application's owners, known after the login.
    """

    settings: Settings
    packs: ServedPacks
    guild_settings: GuildSettings
    long_lines: LongLines
    threads: AnswerThreads
    children: ChildQueue
    warm_process: WarmProcess
    charts: ChartCache
    proposals: WaitingProposals
    reports: ReportsTaken
    seen: SeenInteractions
    suggestions: Suggestions
    tables: WaitingTables
    follows: Follows
    declined: DeclinedWords
    synced: SyncedCommands
    sessions: Sessions
    activity: Activity
    follow_shared: Callable[[], None] = lambda: None
    owners: frozenset[int] = frozenset()

    @classmethod
    def create(cls, settings: Settings, packs: ServedPacks) -> Services:
        """The services of a bot whose files lie in the data folder of ``settings``."""
        warm_process = WarmProcess()
        sharing = packs.sharing
        proposals = WaitingProposals(settings.data_dir / "proposals.sqlite", sharing)
        packs.remove_proposals(but=proposals.folders())
        return cls(
            settings,
            packs,
            GuildSettings(settings.data_dir / "choices.sqlite", sharing),
            LongLines(settings.data_dir / "lines.sqlite", sharing),
            AnswerThreads(),
            ChildQueue(),
            warm_process,
            ChartCache(warm_process),
            proposals,
            ReportsTaken(),
            SeenInteractions(),
            Suggestions(settings.data_dir / "suggestions.sqlite", sharing),
            WaitingTables(settings.data_dir / "mappings.sqlite", sharing),
            Follows(settings.data_dir / "follows.sqlite", sharing),
            DeclinedWords(settings.data_dir / "declined.sqlite", sharing),
            SyncedCommands(settings.data_dir, sharing),
            Sessions(settings.data_dir / "sessions.sqlite"),
            Activity(),
        )

    def facts(self, interaction: discord.Interaction) -> ServedFacts:
        """The facts that the place of an interaction sees. Raises ``DamagedSnapshot``."""
        return self.packs.of_server(server_of(interaction))

    def erase(self, guild: int) -> None:
        """Erase what the bot's own files hold of a server. Raises ``Refused`` where one takes no change now."""
        for kept in (self.guild_settings, self.suggestions, self.tables, self.follows, self.declined):
            kept.erase(guild)

    def close(self) -> None:
        """End every child process."""
        self.children.close()
        if self.packs.sharing is not None:
            self.packs.sharing.close()
        self.charts.close()
        self.warm_process.close()


class Refreshed(Protocol):
    """What other processes may have changed."""

    def refresh(self) -> None:
        """See what they have changed. Raises ``Refused``."""


async def change(services: Services, work: Callable[[], V]) -> V:
    """Make a change of what the bot keeps; where that is shared, others go on meanwhile. Raises ``Refused``."""
    sharing = services.packs.sharing
    return work() if sharing is None else await sharing.make(work)


async def refresh(services: Services, kept: Refreshed) -> None:
    """See what another process may have kept a moment ago; where that cannot be had, what is known has to do."""
    if services.packs.sharing is not None:
        with contextlib.suppress(Refused):
            await change(services, kept.refresh)


async def stored_press(services: Services, match: re.Match[str]) -> Press | None:
    """The press of a custom id; ``None`` if its line is not stored."""
    press = services.long_lines.read(match)
    if press is None and services.packs.sharing is not None and STORED.fullmatch(match["line"]):
        for seconds in SECONDS_BEFORE_LOOKS:
            await asyncio.sleep(seconds)  # the process that made the button may be about to write it
            await refresh(services, services.long_lines)
            if (press := services.long_lines.read(match)) is not None:
                return press
    return press


class HasServices(Protocol):
    """A client that carries the services, and knows its servers."""

    services: Services
    servers: Servers


def services_of(interaction: discord.Interaction) -> Services:
    """The services of the client that an interaction reached."""
    return cast(HasServices, interaction.client).services


def words_of(interaction: discord.Interaction) -> Words:
    """The words in the reader's language."""
    return words_for(str(interaction.locale))


def server_of(interaction: discord.Interaction) -> int | None:
    """The server whose own facts a place sees: one that the bot was added to.

    A user install in somebody else's server, or a DM, has none. Discord says which it is in each interaction; what the
    gateway has told of servers counts as well.
    """
    guild_id = interaction.guild_id
    is_ours = interaction.is_guild_integration() or guild_id in cast(HasServices, interaction.client).servers.ids
    return guild_id if guild_id is not None and is_ours else None


async def work_out(
    services: Services, interaction: discord.Interaction, key: Hashable, make: Callable[[ServedFacts], V]
) -> V:
    """What ``make`` makes of the facts that a place sees, in a thread; once more if their file was found damaged."""
    facts, server = services.facts(interaction), server_of(interaction) or ("user", interaction.user.id)
    for attempt in (1, 2):
        work = partial(make, facts)
        try:
            return await services.threads.run(server, (facts.snapshot.cache.prefix, facts.scope, key), work)
        except DamagedSnapshot:
            if attempt == 2:
                raise
            facts = services.packs.recover(facts.scope)
    raise AssertionError
