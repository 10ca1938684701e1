"""The buttons under a change that waits: Confirm, Cancel, and Replace the table."""

from __future__ import annotations

import contextlib
import re
from functools import partial

import discord
from discord import ButtonStyle, ui

from bot.discord_io.layout import Block, card, defer, replace_card, rich, send
from bot.moderation.cards import noted_counts, proposal_card, served_blocks
from bot.moderation.progress import with_progress
from bot.permissions import require
from bot.persistent_button import PersistentButton
from bot.services import Services, change, refresh, words_of
from salesbot.errors import Refused
from salesbot.serving.child_processes import Place
from salesbot.serving.served_packs import KeptProposal, Proposal

TEMPLATE = re.compile(r"v1data:(?P<word>confirm|cancel|replace):(?P<token>[0-9a-f]{16})")


async def send_proposal(services: Services, interaction: discord.Interaction, proposal: Proposal) -> None:
    """Show what a change would do, with its buttons; one that changes nothing is done with."""
    words = words_of(interaction)
    shown = proposal_card(proposal, words, wants_confirmation=True)
    goes = sum(count for _, count in proposal.change.left)
    can_replace = proposal.sent is not None and goes > 0 and not proposal.replaces
    is_empty = proposal.change.difference.is_empty
    if is_empty and not can_replace:
        proposal.discard()
        await send(interaction, shown, is_private=True)
        return
    token = await change(services, partial(services.proposals.add, proposal, interaction.user.id))
    buttons = [] if is_empty else [_button("confirm", token, words.text("button_confirm"), _style(proposal))]
    if can_replace:
        label = words.text("button_replace", tables=len(proposal.change.left), count=goes)
        buttons.append(_button("replace", token, label, ButtonStyle.danger))
    buttons.append(_button("cancel", token, words.text("button_cancel"), ButtonStyle.secondary))
    shown.view.add_item(ui.ActionRow(*buttons))
    await send(interaction, shown, is_private=True)


def _style(proposal: Proposal) -> ButtonStyle:
    removes = any(table.removed.count for table in proposal.change.difference.tables)
    return ButtonStyle.danger if removes else ButtonStyle.success


def _button(word: str, token: str, label: str, style: ButtonStyle) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label, style=style, custom_id=f"v1data:{word}:{token}")


class ProposalButton(PersistentButton, template=TEMPLATE):
    """Confirm, Cancel or Replace the table.

    A confirmation that fails leaves the proposal waiting, so that it can be pressed again. Replacing reads the upload
    again and shows what that would do; nothing is served before that is confirmed.
    """

    async def on_press(self, services: Services, interaction: discord.Interaction) -> None:
        token = self.match["token"]
        await refresh(services, services.proposals)
        proposal = services.proposals.of(token, interaction.user.id)
        require(services, interaction, proposal.scope)
        if self.match["word"] == "replace":
            await defer(interaction)
            place = Place()
            work = services.packs.propose_replacing(proposal, services.children, place)
            await send_proposal(services, interaction, await with_progress(interaction, "reading_upload", work, place))
            return
        view = await self._done(services, interaction, proposal)
        try:
            await replace_card(interaction, view)
        finally:
            # not before, as after a restart the press may come again
            await change(services, partial(services.proposals.remove, token))
        if proposal.suggestion and self.match["word"] == "confirm":
            await _close_suggestion(services, interaction, proposal.suggestion)

    async def _done(
        self, services: Services, interaction: discord.Interaction, proposal: KeptProposal
    ) -> ui.LayoutView:
        words = words_of(interaction)
        if self.match["word"] == "cancel":
            return card([Block((f"### {words.text('cancelled')}", words.text("nothing_has_changed")))])
        served = await services.packs.accept(proposal, interaction.user.id, interaction.id)
        changes = noted_counts(proposal.note, words)
        return card(served_blocks(served, proposal.scope, words.text("serving", changes=changes), words))


async def _close_suggestion(services: Services, interaction: discord.Interaction, id: str) -> None:
    """Say under a suggestion that it was accepted, and take its buttons away."""
    words, guild = words_of(interaction), interaction.guild_id
    with contextlib.suppress(Refused, discord.HTTPException):
        suggestion = services.suggestions.of(id, guild or 0)
        await change(services, partial(services.suggestions.remove, id))
        target = interaction.client.get_partial_messageable(suggestion.channel, guild_id=guild)
        text = words.text("suggestion_accepted", person=f"<@{interaction.user.id}>")
        shown = card([Block((text, f"-# {rich(suggestion.line)}"))])
        none = discord.AllowedMentions.none()
        await target.get_partial_message(suggestion.message).edit(view=shown, allowed_mentions=none)
