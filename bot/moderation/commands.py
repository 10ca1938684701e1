"""``/data``: moderators look at the facts, change them and take a change back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from bot.moderation.cards import history_blocks, proposal_card, served_blocks, status_blocks
from bot.moderation.proposals import with_buttons
from bot.moderation.waiting import waited
from bot.permissions import require_moderator, require_scope, require_shared_pack
from bot.questions.cards import Block, Card, card, rich, send
from salesbot.errors import QuestionError
from salesbot.serving.child_processes import isolated
from salesbot.serving.exports import empty_workbook, exported
from salesbot.serving.served_packs import Proposal

if TYPE_CHECKING:
    from bot.client import SalesBot

SHARED_SAYS = "the shared facts instead of this server's (for the bot's operator)"
MOST_BYTES = 8 << 20
MOST_SENT = 10 << 20  # what Discord takes of a bot where no one paid for more
TOO_LARGE = {"xlsx": "try kind:zip, which is smaller", "zip": "the bot's operator has the same tables as a folder"}
ENDINGS = (".zip", ".xlsx", ".csv")


def group(bot: SalesBot) -> app_commands.Group:
    """The commands for moderators."""
    found = everywhere(app_commands.Group(
        name="data", description="The facts: look, import, take back", default_permissions=discord.Permissions(manage_guild=True),
    ))  # fmt: skip

    @found.command(name="status", description="Which facts are served, since when, and how many")
    @app_commands.describe(shared=SHARED_SAYS)
    async def status(interaction: discord.Interaction, shared: bool = False) -> None:
        scope = require_scope(bot, interaction, shared=shared)
        await send(interaction, card(status_blocks(bot.live.scope(scope), scope)), is_private=True)

    @found.command(name="history", description="What was changed, when and by whom")
    @app_commands.describe(shared=SHARED_SAYS)
    async def history(interaction: discord.Interaction, shared: bool = False) -> None:
        scope = require_scope(bot, interaction, shared=shared)
        await send(interaction, card(history_blocks(scope, bot.live.catalog.history(scope))), is_private=True)

    @found.command(name="check", description="Read an upload and say what is wrong or what it would change")
    @app_commands.describe(file="a pack as .zip, a workbook as .xlsx, or one table as .csv")
    async def check(interaction: discord.Interaction, file: discord.Attachment) -> None:
        proposal = await _proposal(bot, interaction, file)
        await send(interaction, proposal_card(proposal, wants_word=False), is_private=True)

    @found.command(name="import", description="Upload facts: see what would change, then confirm")
    @app_commands.describe(file="a pack as .zip, a workbook as .xlsx, or one table as .csv")
    async def import_(interaction: discord.Interaction, file: discord.Attachment) -> None:
        proposal = await _proposal(bot, interaction, file)
        shown = proposal_card(proposal, wants_word=True)
        if not proposal.prepared.difference.is_empty:
            shown = with_buttons(shown, bot.proposals.add(proposal, interaction.user.id))
        await send(interaction, shown, is_private=True)

    @found.command(name="undo", description="Serve again what was served before the last change")
    @app_commands.describe(shared=SHARED_SAYS)
    async def undo(interaction: discord.Interaction, shared: bool = False) -> None:
        scope = require_scope(bot, interaction, shared=shared)
        served = bot.live.undo(scope, interaction.user.id)
        await send(interaction, card(served_blocks(served, scope, "Taken back")), is_private=True)

    @found.command(name="activate", description="Serve an earlier version again")
    @app_commands.describe(version="its number in /data history", shared=SHARED_SAYS)
    async def activate(interaction: discord.Interaction, version: int, shared: bool = False) -> None:
        scope = require_scope(bot, interaction, shared=shared)
        served = bot.live.activate(scope, version, interaction.user.id)
        await send(interaction, card(served_blocks(served, scope, "Serving it again")), is_private=True)

    @found.command(name="export", description="The facts that are served, as a file that can be imported again")
    @app_commands.describe(kind="a zip of CSV tables, or a workbook", shared=SHARED_SAYS)
    async def export(interaction: discord.Interaction, kind: Literal["xlsx", "zip"] = "xlsx", shared: bool = False) -> None:
        scope = require_scope(bot, interaction, shared=shared)
        await interaction.response.defer(ephemeral=True, thinking=True)
        data = await isolated(exported, kind, bot.live.scope(scope).store.path)
        if len(data) > MOST_SENT:
            raise QuestionError(f"the export has {len(data):,} bytes, more than Discord takes", TOO_LARGE[kind])
        await _send_file(interaction, f"salesbot-pack.{kind}", data)

    @found.command(name="template", description="An empty workbook with every column explained")
    async def template_(interaction: discord.Interaction) -> None:
        require_scope(bot, interaction, shared=False)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await _send_file(interaction, "salesbot-template.xlsx", await bot.workers.run(empty_workbook))

    @found.command(name="reload", description="Read the operator's shared pack again and serve it")
    async def reload(interaction: discord.Interaction) -> None:
        require_shared_pack(bot, interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        proposal = await waited(interaction, "Reading the pack", bot.live.propose_folder())
        if proposal.prepared.difference.is_empty:
            await send(interaction, card([Block(("### Nothing changed", "The folder says what is served."))]), is_private=True)
            return
        served = bot.live.accept(proposal, interaction.user.id)
        shown = proposal_card(proposal, wants_word=False)
        line = f"Now serving version {served.store.version.text}; /data undo shared:True takes it back"
        shown.view.children[0].add_item(discord.ui.TextDisplay(rich(line)))  # type: ignore[attr-defined]
        await send(interaction, shown, is_private=True)

    @found.command(name="answers", description="Whether answers in a channel are shown to the asker alone")
    @app_commands.describe(channel="the channel", private="True: shown to the asker alone")
    async def answers(interaction: discord.Interaction, channel: discord.TextChannel, private: bool) -> None:
        scope = require_moderator(bot, interaction)
        bot.choices.set_private(int(scope), channel.id, private=private)
        told = "are shown to the asker alone" if private else "are shown to everyone, unless the asker wants otherwise"
        await send(interaction, card([Block((f"Answers in <#{channel.id}> {told}.",))]), is_private=True)

    @found.command(name="reports", description="Where “this number is wrong” goes")
    @app_commands.describe(channel="the channel; without it, reports are switched off")
    async def reports(interaction: discord.Interaction, channel: discord.TextChannel | None = None) -> None:
        scope = require_moderator(bot, interaction)
        bot.choices.set_reports_channel(int(scope), channel.id if channel else None)
        told = f"Reports go to <#{channel.id}>." if channel else "Reports are switched off."
        await send(interaction, card([Block((told,))]), is_private=True)

    return found


async def _proposal(bot: SalesBot, interaction: discord.Interaction, file: discord.Attachment) -> Proposal:
    """An attachment as a proposal for this server. Its name is a label, never a path."""
    scope = require_moderator(bot, interaction)
    if not file.filename.casefold().endswith(ENDINGS):
        raise QuestionError(f"'{file.filename[:60]}' is no pack", "attach a .zip of CSV tables, an .xlsx workbook or one table as .csv")
    if file.size > MOST_BYTES:
        raise QuestionError(f"the file has {file.size:,} bytes", f"a pack may have at most {MOST_BYTES:,}; send one table as .csv")
    await interaction.response.defer(ephemeral=True, thinking=True)
    data = await file.read()
    return await waited(interaction, "Reading the upload", bot.live.propose_upload(scope, file.filename, data))


async def _send_file(interaction: discord.Interaction, name: str, data: bytes) -> None:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("Change it in any spreadsheet, then /data import it."))
    view.add_item(discord.ui.File(f"attachment://{name}"))
    await send(interaction, Card(view, (name, data)), is_private=True)
