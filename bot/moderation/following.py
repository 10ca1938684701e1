"""Servers' own facts follow the shared pack: in the background, the old ones serving until then."""

from __future__ import annotations

import asyncio
import logging

import discord

from bot.discord_io.layout import Block, card, rich
from bot.moderation.cards import conflict_lines
from bot.services import Services
from salesbot.errors import PackRefused, SalesbotError
from salesbot.serving.served_packs import ServedFacts
from salesbot.words import words_for

log = logging.getLogger(__name__)


class Following:
    """Brings every server that is behind to the shared pack of now; one that cannot be brought is told once."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client, self._services = client, services
        self._tried: set[tuple[str, int]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self, *, again: bool = False) -> None:
        """Start to catch up; a run that is under way sees the newest shared pack by itself.

        Servers that could not be brought to it are tried ``again`` only if that is asked.
        """
        if again:
            self._tried.clear()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._catch_up(), name="following")

    def stop(self) -> None:
        """End a run that is under way; the next start goes on."""
        if self._task is not None:
            self._task.cancel()

    async def _catch_up(self) -> None:
        try:
            while scopes := [scope for scope in self._services.packs.behind() if self._mark(scope) not in self._tried]:
                await self._bring(scopes)
        except Exception:
            log.exception("following the shared pack failed")

    def _mark(self, scope: str) -> tuple[str, int]:
        return scope, self._services.packs.shared.activation.id

    async def _bring(self, scopes: list[str]) -> None:
        """Bring one server after another up to date, each once."""
        packs = self._services.packs
        for scope in scopes:
            mark = self._mark(scope)
            self._tried.add(mark)
            try:
                served = await packs.follow_shared(scope, self._services.children)
            except PackRefused as refused:
                log.warning("the facts of a server cannot follow the shared pack: %s", scope)
                words = words_for()
                lines = (words.text("cannot_follow"), *(rich(line) for line in words.problems(refused)[:5]))
                await self._tell(scope, lines)
            except SalesbotError as error:
                log.warning("the facts of a server will follow the shared pack later: %s (%s)", scope, error)
            else:
                if served is not None and served.activation.note.conflicts:
                    await self._tell(scope, self._conflicts(served))

    def _conflicts(self, served: ServedFacts) -> tuple[str, ...]:
        return tuple(conflict_lines(served.activation, words_for()))

    async def _tell(self, scope: str, lines: tuple[str, ...]) -> None:
        """Tell the moderators of a server, where they chose a channel for reports."""
        channel = self._services.guild_settings.reports_channel(int(scope))
        if channel is None:
            return
        target = self._client.get_partial_messageable(channel, guild_id=int(scope))
        try:
            await target.send(view=card([Block(lines)]), allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            log.warning("the moderators of a server could not be told: %s (%s)", scope, error)
