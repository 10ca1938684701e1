"""``/data``: moderators look at the facts, change them and undo a change."""

from __future__ import annotations

from functools import partial
from typing import Literal

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from bot.discord_io.layout import Block, Card, card, defer, rich, send
from bot.discord_io.translator import describe
from bot.moderation.buttons import send_proposal
from bot.moderation.cards import (
    change_card,
    coverage_block,
    history_blocks,
    proposal_card,
    served_blocks,
    status_blocks,
)
from bot.moderation.channels import AnswersChannel, ReportsChannel
from bot.moderation.editing import add_editing
from bot.moderation.foreign_tables import show_table
from bot.moderation.progress import with_progress
from bot.permissions import require_moderator, require_scope, require_shared_pack
from bot.services import Services, change, words_of
from salesbot.errors import QuestionError, message
from salesbot.packs.uploads.limits import MOST_BYTES, check_ending
from salesbot.query.coverage import coverage
from salesbot.serving.child_processes import Place
from salesbot.serving.exports import empty_workbook, export
from salesbot.serving.served_packs import ForeignUpload, Proposal, SentFile
from salesbot.storage.catalog import SHARED
from salesbot.words import words_for

MOST_SENT = 10 << 20  # bytes that Discord takes of a bot where no one paid for more
LONGEST_NAME = 60
WORDS = words_for()


def group(services: Services) -> app_commands.Group:
    """The commands for moderators."""
    data = everywhere(
        app_commands.Group(
            name="data",
            description=WORDS.command("/data"),
            default_permissions=discord.Permissions(manage_guild=True),
        )
    )
    _add_looking(data, services)
    _add_changing(data, services)
    add_editing(data, services)
    _add_files(data, services)
    _add_forget(data, services)
    _add_settings(data, services)
    return data


def _add_looking(data: app_commands.Group, services: Services) -> None:
    @data.command(name="status", description=WORDS.command("/data status"))
    @describe(shared=WORDS.option("shared"))
    async def status(interaction: discord.Interaction, shared: bool = False) -> None:
        scope = require_scope(services, interaction, shared=shared)
        words, quota = words_of(interaction), services.packs.quota
        served = services.packs.of_scope(scope)
        key = (scope, interaction.guild_id or interaction.user.id)
        known = await services.threads.run(key, ("coverage", served.snapshot.path), lambda: coverage(served.snapshot))
        blocks = [*status_blocks(served, scope, words), coverage_block(known, words)]
        declined = services.declined.most(None if scope == SHARED else int(scope))
        if declined:
            listed = ", ".join(f"{word} ({count})" for word, count in declined)
            blocks.append(Block((f"-# {rich(words.text('declined_words', words=listed))}",)))
        if scope != SHARED:
            most = words.text("quota", rows=quota.rows, versions=quota.versions, megabytes=quota.bytes >> 20)
            blocks.append(Block((f"-# {most}",)))
        await send(interaction, card(blocks), is_private=True)

    @data.command(name="history", description=WORDS.command("/data history"))
    @describe(version=WORDS.option("version", "history"), shared=WORDS.option("shared"))
    async def history(interaction: discord.Interaction, version: int | None = None, shared: bool = False) -> None:
        scope, words = require_scope(services, interaction, shared=shared), words_of(interaction)
        if version is None:
            blocks = history_blocks(scope, services.packs.catalog.history(scope), words)
            await send(interaction, card(blocks), is_private=True)
            return
        await defer(interaction)
        place = Place()
        work = services.packs.difference_of(scope, version, services.children, place)
        prepared = await with_progress(interaction, "reading_pack", work, place)
        await send(interaction, change_card(prepared, words), is_private=True)

    @data.command(name="check", description=WORDS.command("/data check"))
    @describe(file=WORDS.option("file"))
    async def check(interaction: discord.Interaction, file: discord.Attachment) -> None:
        proposal = await _proposal(services, interaction, await _sent(interaction, file))
        try:
            shown = proposal_card(proposal, words_of(interaction), wants_confirmation=False)
        finally:
            proposal.discard()
        await send(interaction, shown, is_private=True)


def _add_changing(data: app_commands.Group, services: Services) -> None:
    @data.command(name="import", description=WORDS.command("/data import"))
    @describe(file=WORDS.option("file"))
    async def import_(interaction: discord.Interaction, file: discord.Attachment) -> None:
        sent = await _sent(interaction, file)
        try:
            proposal = await _proposal(services, interaction, sent, offers_mapping=True)
        except ForeignUpload as foreign:
            scope = require_moderator(interaction)
            table = services.tables.as_before(scope, foreign.table)
            add = partial(services.tables.add, scope, interaction.user.id, sent, table)
            await show_table(services, interaction, await change(services, add))
        else:
            await send_proposal(services, interaction, proposal)

    @data.command(name="undo", description=WORDS.command("/data undo"))
    @describe(shared=WORDS.option("shared"))
    async def undo(interaction: discord.Interaction, shared: bool = False) -> None:
        scope, words = require_scope(services, interaction, shared=shared), words_of(interaction)
        served = await services.packs.undo(scope, interaction.user.id, interaction.id)
        services.follow_shared()
        await send(interaction, card(served_blocks(served, scope, words.text("undone"), words)), is_private=True)

    @data.command(name="reset", description=WORDS.command("/data reset"))
    async def reset(interaction: discord.Interaction) -> None:
        scope, words = require_moderator(interaction), words_of(interaction)
        served = await services.packs.reset(scope, interaction.user.id, interaction.id)
        blocks = served_blocks(served, scope, words.text("reset_done"), words)
        await send(interaction, card(blocks), is_private=True)

    @data.command(name="activate", description=WORDS.command("/data activate"))
    @describe(version=WORDS.option("version"), shared=WORDS.option("shared"))
    async def activate(interaction: discord.Interaction, version: int, shared: bool = False) -> None:
        scope, words = require_scope(services, interaction, shared=shared), words_of(interaction)
        served = await services.packs.activate(scope, version, interaction.user.id, interaction.id)
        services.follow_shared()
        blocks = served_blocks(served, scope, words.text("serving_again"), words)
        await send(interaction, card(blocks), is_private=True)

    @data.command(name="reload", description=WORDS.command("/data reload"))
    async def reload(interaction: discord.Interaction) -> None:
        require_shared_pack(services, interaction)
        await _reload(services, interaction)


async def _reload(services: Services, interaction: discord.Interaction) -> None:
    words = words_of(interaction)
    await defer(interaction)
    place = Place()
    work = services.packs.propose_folder(services.children, place)
    proposal = await with_progress(interaction, "reading_pack", work, place)
    if proposal.change.difference.is_empty:
        proposal.discard()
        block = Block((f"### {words.text('nothing_changed')}", words.text("folder_as_served")))
        await send(interaction, card([block]), is_private=True)
        return
    try:
        served = await services.packs.accept(proposal, interaction.user.id, interaction.id)
    except BaseException:
        proposal.discard()
        raise
    services.follow_shared()
    shown = proposal_card(proposal, words, wants_confirmation=False)
    line = words.text("now_serving", version=served.snapshot.version.text)
    shown.view.children[0].add_item(discord.ui.TextDisplay(rich(line)))  # type: ignore[attr-defined]
    await send(interaction, shown, is_private=True)


def _add_forget(data: app_commands.Group, services: Services) -> None:
    @data.command(name="forget", description=WORDS.command("/data forget"))
    @describe(sure=WORDS.option("sure"))
    async def forget(interaction: discord.Interaction, sure: bool) -> None:
        scope, words = require_moderator(interaction), words_of(interaction)
        if sure:
            await change(services, partial(services.proposals.remove_of, scope))
            await change(services, partial(services.erase, int(scope)))
            await services.packs.forget(
                int(scope)
            )  # last: a refusal before it leaves the facts, and can be asked again
        keys = ("forgotten", "forgotten_facts") if sure else ("forget_unsure", "forget_how")
        await send(interaction, card([Block((f"### {words.text(keys[0])}", words.text(keys[1])))]), is_private=True)


def _add_files(data: app_commands.Group, services: Services) -> None:
    @data.command(name="export", description=WORDS.command("/data export"))
    @describe(kind=WORDS.option("kind"), shared=WORDS.option("shared"))
    async def export_(
        interaction: discord.Interaction, kind: Literal["xlsx", "zip"] = "xlsx", shared: bool = False
    ) -> None:
        scope = require_scope(services, interaction, shared=shared)
        await defer(interaction)
        path, place = services.packs.of_scope(scope).snapshot.path, Place()
        work = services.children.run(scope, place, export, kind, path, str(interaction.locale))
        file = await with_progress(interaction, "writing_file", work, place)
        if len(file) > MOST_SENT:
            raise QuestionError("export_too_large", size=len(file), remedy=message(f"too_large_{kind}"))
        await _send_file(interaction, f"salesbot-pack.{kind}", file)

    @data.command(name="template", description=WORDS.command("/data template"))
    async def template(interaction: discord.Interaction) -> None:
        require_scope(services, interaction, shared=False)
        await defer(interaction)
        file = await services.warm_process.run(empty_workbook, str(interaction.locale))
        await _send_file(interaction, "salesbot-template.xlsx", file)


def _add_settings(data: app_commands.Group, services: Services) -> None:
    @data.command(name="answers", description=WORDS.command("/data answers"))
    @describe(channel=WORDS.option("channel"), private=WORDS.option("private", "answers"))
    async def answers(interaction: discord.Interaction, channel: AnswersChannel, private: bool) -> None:
        scope, words = require_moderator(interaction), words_of(interaction)
        await change(services, partial(services.guild_settings.set_private, int(scope), channel.id, private=private))
        text = words.text("answers_private" if private else "answers_public", channel=f"<#{channel.id}>")
        await send(interaction, card([Block((text,))]), is_private=True)

    @data.command(name="reports", description=WORDS.command("/data reports"))
    @describe(channel=WORDS.option("channel", "reports"))
    async def reports(interaction: discord.Interaction, channel: ReportsChannel | None = None) -> None:
        scope, words = require_moderator(interaction), words_of(interaction)
        id = channel.id if channel else None
        await change(services, partial(services.guild_settings.set_reports_channel, int(scope), id))
        text = words.text("reports_to", channel=f"<#{channel.id}>") if channel else words.text("reports_off")
        await send(interaction, card([Block((text,))]), is_private=True)


async def _sent(interaction: discord.Interaction, file: discord.Attachment) -> SentFile:
    """An attachment, downloaded. Its name is a label, never a path."""
    require_moderator(interaction)
    check_ending(file.filename[:LONGEST_NAME])
    if file.size > MOST_BYTES:
        raise QuestionError("file_too_large", size=file.size, most=MOST_BYTES)
    await defer(interaction)
    return SentFile(file.filename, await file.read())


async def _proposal(
    services: Services, interaction: discord.Interaction, sent: SentFile, *, offers_mapping: bool = False
) -> Proposal:
    """An upload as a proposal for this server. Raises ``ForeignUpload`` if that is asked and others made the table."""
    scope, place = require_moderator(interaction), Place()
    packs, children = services.packs, services.children
    work = packs.propose_upload(scope, sent, children, place, offers_mapping=offers_mapping)
    return await with_progress(interaction, "reading_upload", work, place)


async def _send_file(interaction: discord.Interaction, name: str, content: bytes) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay(words_of(interaction).text("edit_and_import")))
    view.add_item(discord.ui.File(f"attachment://{name}"))
    await send(interaction, Card(view, ((name, content),)), is_private=True)
