"""The Discord client: it registers commands and buttons, and hands every interaction on."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from functools import cached_property, partial
from typing import Any

import discord

from bot.discord_io.gateway import Gateway
from bot.discord_io.private_parts import read_ids_only
from bot.discord_io.servers import JoinedServer, Servers
from bot.discord_io.translator import ENGLISH, Descriptions
from bot.errors import Tree
from bot.form import take_form
from bot.moderation import commands as moderation
from bot.moderation import settings
from bot.moderation.buttons import ProposalButton
from bot.moderation.editing import PasteForm
from bot.moderation.following import Following
from bot.moderation.foreign_tables import SayForm, TableButton, TableSelect
from bot.moderation.suggestions import SuggestionButton, SuggestionForm
from bot.questions import commands as questions
from bot.questions import follow, free_text, help, message_check
from bot.questions.buttons import AnswerButton, UnknownButton
from bot.questions.repeated import RepeatedQuestions
from bot.questions.reports import ReportForm
from bot.services import Services, change
from bot.state.custom_ids import content_digits
from salesbot.errors import Refused
from salesbot.storage.catalog import SHARED
from salesbot.words import words_for

log = logging.getLogger(__name__)
SECONDS_TO_CLOSE = 10.0
SECONDS_BEFORE_SYNC = 2.0  # after a start, for the first questions
SECONDS_BETWEEN_CHECKS = 3600.0
DEPARTURES_SECONDS = 3000  # since another process looked for them
FORMS = (ReportForm, PasteForm, SayForm, SuggestionForm)
ROLES_THAT_CHANGE = ("admin", "developer")  # of a team's members; those of others only look


def owners_of(application: discord.AppInfo) -> frozenset[int]:
    """The ids of who owns the application: its team's members who accepted and may change it, else its owner."""
    if application.team is None:
        return frozenset({application.owner.id})
    accepted = discord.TeamMembershipState.accepted
    members = {
        member.id
        for member in application.team.members
        if member.membership_state is accepted and str(member.role.value) in ROLES_THAT_CHANGE
    }
    return frozenset(members | {application.team.owner_id or 0})


class SalesBot(discord.AutoShardedClient):
    """A bot of slash commands only: the guilds intent, no cache of members or messages."""

    def __init__(self, services: Services, **options: Any) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            shard_connect_timeout=None,  # the gateway's own tries are bounded
            **options,
        )
        self.services = services
        self._connected: set[int] = set()
        self.verify_key = ""
        self.is_over_http = False
        self._housekeeping: asyncio.Task[None] | None = None
        self._syncing: asyncio.Task[None] | None = None
        self._following = Following(self, services)
        services.follow_shared = self._following.start
        self.follower = follow.Follower(self, services)
        self.tree = Tree(self)
        self.servers = Servers()
        read_ids_only(self, self.servers, services.sessions, services.activity, lambda: self.repeated)
        for group in (*questions.groups(services), moderation.group(services)):
            self.tree.add_command(group)
        for command in (
            *help.commands(services),
            settings.command(services),
            follow.command(services),
            free_text.command(services),
        ):
            self.tree.add_command(command)
        self.tree.add_command(message_check.menu(services))

    @cached_property
    def repeated(self) -> RepeatedQuestions:
        """What answers questions that were asked before; once the client is logged in."""
        return RepeatedQuestions(self.services, self)

    async def setup_hook(self) -> None:
        """Once logged in: learn who owns the application, register buttons, sync the commands if they changed."""
        application = self.application
        assert application is not None  # since the login
        self.services.owners, self.verify_key = owners_of(application), application.verify_key
        self.add_dynamic_items(AnswerButton, ProposalButton, SuggestionButton, TableButton, TableSelect, UnknownButton)
        if self.services.synced.digest() is None:
            await self._sync_if_changed()
        else:  # Discord has commands already, hardly ever other ones: the first answers come before
            self._syncing = asyncio.create_task(self._sync_later(), name="sync")

    async def _sync_later(self) -> None:
        """Sync the commands, if they changed, once the first questions are answered."""
        await asyncio.sleep(SECONDS_BEFORE_SYNC)
        try:
            await self._sync_if_changed()
        except Exception:
            log.exception("whether the commands changed could not be found out")

    async def _sync_if_changed(self) -> None:
        """Tell Discord of the commands, unless they were told in these words before."""
        translator = await asyncio.to_thread(Descriptions)
        commands = [one.to_dict(self.tree) for one in self.tree.get_commands()]
        english = [str(locale) for locale in ENGLISH]
        said = [self.application_id, discord.__version__, commands, translator.texts, english]
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        if self.services.synced.digest() == digest:
            return
        try:
            await self.tree.set_translator(translator)
            await self.tree.sync()
        except Exception as error:
            log.error("the commands could not be synced; the next start tries again (%s)", error)
            return
        log.info("synced %d commands", len(commands))
        with contextlib.suppress(Refused):  # then the next start syncs again
            await change(self.services, partial(self.services.synced.note, digest))

    async def close(self) -> None:
        """Close everything, in bounded time: Discord may not answer."""
        self._following.stop()
        self.follower.stop()
        for task in (self._housekeeping, self._syncing):
            if task is not None:
                task.cancel()
        self.services.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(super().close(), SECONDS_TO_CLOSE)
        self.services.sessions.close()

    async def on_server_join(self, server: JoinedServer) -> None:
        """Count a server that comes back, and say in its system channel what the bot does."""
        await self.services.packs.come_back(server.id)
        if server.system_channel is not None:
            view = help.welcome(words_for(server.locale), content_digits(self.services.packs.shared.snapshot))
            view.stop()
            channel = self.get_partial_messageable(server.system_channel, guild_id=server.id)
            with contextlib.suppress(discord.HTTPException):  # not where the bot may not write
                await channel.send(view=view)

    async def on_server_leave(self, server: int) -> None:
        """Keep a server's facts for 30 days after the bot left it; then they are erased."""
        await self.services.packs.leave(server)
        await change(self.services, partial(self.services.erase, server))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take the forms, of which discord.py keeps none; it dispatches everything else."""
        is_form = interaction.type is discord.InteractionType.modal_submit
        if is_form and self.services.seen.is_new(interaction.id):
            await take_form(self.services, interaction, FORMS)

    async def on_shard_connect(self, shard_id: int) -> None:
        """A session stands: the next failure is the first one again."""
        self._note_session("begun", shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        self._note_session("resumed", shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._connected.discard(shard_id)

    @property
    def is_connected(self) -> bool:
        """Whether every shard has a session, or interactions are taken over HTTP."""
        return self.is_over_http or (bool(self.shard_count) and len(self._connected) == self.shard_count)

    async def on_ready(self) -> None:
        await self.note_departures()

    def _note_session(self, how: str, shard_id: int) -> None:
        self._connected.add(shard_id)
        self.services.activity.sessions[how] += 1
        Gateway.pauses.succeeded()
        self.keep_house()

    def keep_house(self) -> None:
        """Begin what is done hourly, and what follows changes of the facts."""
        if self._housekeeping is None:
            self._housekeeping = asyncio.create_task(self._keep_house(), name="housekeeping")
        self._following.start()
        self.follower.start()

    async def note_departures(self) -> None:
        """Note which servers the bot is in no more, and erase the facts of those that it left 30 days ago."""
        if not self.servers.is_known:
            return
        for scope in await self.services.packs.note_departures(self.servers.ids):
            log.info("erased the facts of a server that was left 30 days ago: %s", scope)

    async def _look_for_departures(self) -> None:
        """Where no gateway tells, ask for each server that keeps something here whether the bot is still in it."""
        due = partial(self.services.synced.is_due, "departures", DEPARTURES_SECONDS)
        if not await change(self.services, due):
            return
        catalog = self.services.packs.catalog
        for scope in {*catalog.scopes()} - catalog.departed() - {SHARED}:
            try:
                await self.http.get_guild(int(scope), with_counts=False)
            except (discord.Forbidden, discord.NotFound):
                await self.on_server_leave(int(scope))
            except discord.HTTPException:
                return  # asked again in an hour
        for scope in await self.services.packs.erase_departed():
            log.info("erased the facts of a server that was left 30 days ago: %s", scope)

    async def _keep_house(self) -> None:
        """Each hour: erase what is due, and check that every open file is still the one that was written."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_CHECKS)
            try:
                self._following.start(again=True)
                for clean in (
                    self.services.proposals.remove_expired,
                    self.services.long_lines.remove_unused,
                    self.services.suggestions.remove_old,
                ):
                    await change(self.services, clean)
                kept = self.services.proposals.folders()
                self.services.packs.remove_proposals(but=kept, seconds_old=SECONDS_BETWEEN_CHECKS)
                await self.services.packs.verify()
                await self.services.packs.clean()
                if self.is_over_http:
                    await self._look_for_departures()
                await self.note_departures()
            except Exception:
                log.exception("the hourly check failed")
