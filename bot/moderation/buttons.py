"""Confirm and Cancel, the two buttons under a change that waits."""

from __future__ import annotations

import re

import discord
from discord import ButtonStyle, ui

from bot.discord_io.layout import Block, Card, card, replace_card
from bot.moderation.cards import change_counts, served_blocks
from bot.permissions import require
from bot.persistent_button import PersistentButton
from bot.services import Services, words_of
from salesbot.serving.served_packs import Proposal
from salesbot.words import Words

TEMPLATE = re.compile(r"v1data:(?P<word>confirm|cancel):(?P<token>[0-9a-f]{16})")


def with_buttons(shown: Card, token: str, words: Words) -> Card:
    """The card with Confirm and Cancel."""
    confirm = ui.Button[ui.LayoutView](
        label=words.text("button_confirm"), style=ButtonStyle.success, custom_id=f"v1data:confirm:{token}"
    )
    cancel = ui.Button[ui.LayoutView](
        label=words.text("button_cancel"), style=ButtonStyle.secondary, custom_id=f"v1data:cancel:{token}"
    )
    shown.view.add_item(ui.ActionRow(confirm, cancel))
    return shown


class ProposalButton(PersistentButton, template=TEMPLATE):
    """Confirm or Cancel. A confirmation that fails leaves the proposal waiting, so that it can be pressed again."""

    async def on_press(self, services: Services, interaction: discord.Interaction) -> None:
        token = self.match["token"]
        proposal = services.proposals.of(token, interaction.user.id)
        require(services, interaction, proposal.scope)
        view = self._done(services, interaction, proposal)
        services.proposals.remove(token)
        await replace_card(interaction, view)

    def _done(self, services: Services, interaction: discord.Interaction, proposal: Proposal) -> ui.LayoutView:
        words = words_of(interaction)
        if self.match["word"] == "cancel":
            return card([Block((f"### {words.text('cancelled')}", words.text("nothing_has_changed")))])
        served = services.packs.accept(proposal, interaction.user.id)
        changes = change_counts(proposal.change.difference, words)
        return card(served_blocks(served, proposal.scope, words.text("serving", changes=changes), words))
