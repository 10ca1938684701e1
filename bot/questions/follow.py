"""``/follow``: a channel is told when what the facts say of a launch changes: what was said, and what is said now."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

import discord
from discord import app_commands, ui
from msgspec.structs import replace

from bot.discord_io.installs import everywhere
from bot.discord_io.layout import Page, replace_card, rich, send
from bot.discord_io.translator import describe
from bot.permissions import require_moderator
from bot.questions.origin import origin_of, public_words
from bot.services import Services, change, server_of, words_of, work_out
from bot.state.custom_ids import Press, content_digits
from bot.state.follows import Follow
from salesbot.errors import QuestionError, Refused, SalesbotError
from salesbot.query import ask
from salesbot.questions.choices import MOST_CHOICES
from salesbot.questions.line import parse
from salesbot.questions.names import Names, Suggestion
from salesbot.serving.served_packs import ServedFacts
from salesbot.storage.snapshot import Snapshot
from salesbot.words import Words, words_for

log = logging.getLogger(__name__)
WORDS = words_for()
SECONDS_BETWEEN_LOOKS = 60.0
LINES = ("/orders total launch:{launch}", "/orders stores launch:{launch}", "/prices history model:{launch}")


def command(services: Services) -> app_commands.Command[app_commands.Group, ..., None]:
    """The command ``/follow``."""

    async def launches(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        def make(facts: ServedFacts) -> list[Suggestion]:
            return facts.names_in(words_of(interaction).language).suggestions("launch", current[:100])

        found = await work_out(
            services, interaction, ("suggest", words_of(interaction).language, "launch", current[:100]), make
        )
        return [app_commands.Choice(name=one.shown, value=one.id) for one in found[:MOST_CHOICES]]

    @app_commands.command(name="follow", description=WORDS.command("/follow"))
    @describe(launch=WORDS.option("launch", "follow"))
    @app_commands.autocomplete(launch=launches)
    async def follow(interaction: discord.Interaction, launch: str | None = None) -> None:
        channel = _require_place(interaction)
        if launch is not None:
            await _start(services, interaction, channel, launch)
        await send(interaction, _listed(services, interaction, channel), is_private=True)

    return everywhere(follow)


def _require_place(interaction: discord.Interaction) -> int:
    """The channel to be told. Raises ``Refused`` where the person may not choose it, or the bot may not write."""
    channel = interaction.channel_id
    if server_of(interaction) is not None:
        require_moderator(interaction)
        permissions = interaction.app_permissions
        can_write = permissions.send_messages_in_threads if _is_thread(interaction) else permissions.send_messages
        if not (permissions.view_channel and can_write):
            raise Refused("cannot_write_here")
    elif not interaction.context.dm_channel:
        raise Refused("follow_where")
    if channel is None:
        raise Refused("follow_where")
    return channel


def _is_thread(interaction: discord.Interaction) -> bool:
    return isinstance(interaction.channel, discord.Thread)


async def _start(services: Services, interaction: discord.Interaction, channel: int, typed: str) -> None:
    words = public_words(services, origin_of(interaction))

    def make(facts: ServedFacts) -> Follow:
        launch = facts.names.resolve("launch", typed)
        told = headlines(launch, facts.snapshot, words)
        return Follow(server_of(interaction), channel, launch, facts.snapshot.content, told, words.language)

    follow = await work_out(services, interaction, ("follow", words.language, channel, typed), make)
    await change(services, partial(services.follows.put, follow))


def headlines(launch: str, snapshot: Snapshot, words: Words) -> dict[str, str]:
    """What the facts say of a launch: each line that has an answer, with its headline."""
    found: dict[str, str] = {}
    names = Names(snapshot)
    for form in LINES:
        line = form.format(launch=launch)
        try:
            found[line] = words.headline(ask(parse(line, names), snapshot, words.language))
        except SalesbotError:
            continue
    return found


def _listed(services: Services, interaction: discord.Interaction, channel: int) -> ui.LayoutView:
    """What a channel follows, each with its button to stop."""
    words, facts = words_of(interaction), services.facts(interaction)
    digits = content_digits(facts.snapshot)
    followed = services.follows.of_channel(channel)
    names = {one.launch: facts.names_in(words.language).shown("launch", one.launch) for one in followed}
    lines = [f"- {rich(name)}" for name in names.values()] or [rich(words.text("follows_nothing"))]
    title = words.text("follows_title") if followed else words.text("follows_none_title")
    buttons = tuple(
        (
            Press("unfollow", id, digits, language=words.language).custom_id(),
            words.text("button_unfollow", name=name)[:80],
        )
        for id, name in names.items()
    )
    small = rich(words.text("follows_small")) if followed else ""
    return Page(("\n".join([f"### {title}", *lines]),), small, None, buttons).view()


async def answer_unfollow(services: Services, interaction: discord.Interaction, press: Press) -> None:
    """Stop following; a moderator's button in a server."""
    if server_of(interaction) is not None:
        require_moderator(interaction)
    if interaction.channel_id is None:
        raise QuestionError("old_button")
    await change(services, partial(services.follows.remove, interaction.channel_id, press.line))
    view = _listed(services, interaction, interaction.channel_id)
    is_own = interaction.message is not None and interaction.message.flags.ephemeral
    await (replace_card(interaction, view) if is_own else send(interaction, view, is_private=True))


class Follower:
    """Looks each minute whether the facts that a channel follows changed, and tells it what is said now.

    What it tells is stored before it is sent, as another process may be about to send the same. Where Discord does not
    take it, that is undone and tried again at the next look; a process that ends between the two tells it no more.
    """

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client, self._services = client, services
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look from now on."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_on(), name="follower")

    def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                await self.look()
            except Exception:
                log.exception("the launches followed could not be looked at")

    async def look(self) -> None:
        """Tell every channel what changed since it was told last."""
        for follow in self._services.follows.all():
            try:
                facts = self._services.packs.of_server(follow.guild)
                if facts.snapshot.content != follow.content:
                    await self._compare(follow, facts)
            except SalesbotError as error:
                log.warning("the facts that a channel follows could not be asked (%s)", error.message.key)
            except Exception:  # of one channel, and no reason to leave out the others
                log.exception("a launch followed could not be looked at")

    async def _compare(self, follow: Follow, facts: ServedFacts) -> None:
        content = facts.snapshot.content
        make = partial(headlines, follow.launch, facts.snapshot, words_for(follow.language))
        key = (facts.snapshot.cache.prefix, "followed", follow.launch, follow.language)
        now = await self._services.threads.run(follow.guild or ("channel", follow.channel), key, make)
        changed = {line: text for line, text in now.items() if follow.told.get(line) != text}
        gone = [line for line in follow.told if line not in now]
        current = replace(follow, content=content, told=now)
        # noted before it is told, as another process may be about to tell the same
        if not await change(self._services, partial(self._services.follows.move, follow, current)):
            return
        if (changed or gone) and not await self._tell(follow, facts, changed, gone):
            await change(self._services, partial(self._services.follows.move, current, follow))

    async def _tell(self, follow: Follow, facts: ServedFacts, changed: dict[str, str], gone: list[str]) -> bool:
        """Send what changed. Returns whether it need not be tried again."""
        words = words_for(follow.language)
        name = facts.names_in(follow.language).shown("launch", follow.launch)
        texts = [f"### {rich(words.text('followed_changed', name=name))}"]
        for line, text in changed.items():
            if before := follow.told.get(line):
                texts.append(f"{rich(words.text('followed_before', headline=before))}\n**{rich(text)}**")
            else:
                texts.append(f"**{rich(text)}**")
        texts += [rich(words.text("followed_gone", headline=follow.told[line])) for line in gone]
        digits = content_digits(facts.snapshot)
        asked = [(Press("answer", line, digits, language=follow.language).custom_id(), line) for line in changed]
        unfollow = Press("unfollow", follow.launch, digits, language=follow.language)
        stop = (unfollow.custom_id(), words.text("button_unfollow", name=name)[:80])
        view = Page(tuple(texts), "", None, (*((id, line[:80]) for id, line in asked), stop)).view()
        for line in changed:
            self._services.long_lines.store(line)
        target = self._client.get_partial_messageable(follow.channel, guild_id=follow.guild)
        try:
            await target.send(view=view, allowed_mentions=discord.AllowedMentions.none())
        except (discord.NotFound, discord.Forbidden):
            # the channel is gone, or closed to the bot
            await change(self._services, partial(self._services.follows.remove, follow.channel))
        except discord.HTTPException as error:
            log.warning("a channel could not be told of a change; the next look tries again (%s)", error)
            return False
        return True
