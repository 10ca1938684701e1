"""Changes that wait for their moderator's word, and the two buttons that give it."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING

import discord
from discord import ButtonStyle, ui
from msgspec import Struct

from bot.moderation.cards import count_words, served_blocks
from bot.permissions import require
from bot.persistent_button import Pressed
from bot.questions.cards import Block, Card, card, turn
from salesbot.errors import Refused
from salesbot.serving.served_packs import Proposal

if TYPE_CHECKING:
    from bot.client import SalesBot

PATIENCE = 15 * 60
TEMPLATE = re.compile(r"v1data:(?P<word>confirm|cancel):(?P<token>[0-9a-f]{16})")


class Waiting(Struct, frozen=True):
    """A proposal, whose it is, and until when it may be confirmed (UTC seconds)."""

    proposal: Proposal
    user: int
    until: float


class Proposals:
    """The proposals that wait; they do not outlive the process, and say so."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}

    def add(self, proposal: Proposal, user: int) -> str:
        """Keep a proposal; the token that its buttons carry."""
        now = time.time()
        self._waiting = {token: waiting for token, waiting in self._waiting.items() if waiting.until > now}
        token = secrets.token_hex(8)
        self._waiting[token] = Waiting(proposal, user, now + PATIENCE)
        return token

    def take(self, token: str, user: int) -> Proposal:
        """The proposal, once. Raises ``Refused`` if it is not theirs or no longer waits."""
        waiting = self._waiting.get(token)
        if waiting is None or waiting.until <= time.time():
            raise Refused("this change no longer waits", "upload it again")
        if waiting.user != user:
            raise Refused("this is another moderator's change", "upload it yourself to confirm it")
        del self._waiting[token]
        return waiting.proposal


def with_buttons(shown: Card, token: str) -> Card:
    """The card with Confirm and Cancel."""
    shown.view.add_item(ui.ActionRow(
        ui.Button(label="Confirm", style=ButtonStyle.success, custom_id=f"v1data:confirm:{token}"),
        ui.Button(label="Cancel", style=ButtonStyle.secondary, custom_id=f"v1data:cancel:{token}"),
    ))  # fmt: skip
    return shown


class ProposalButton(Pressed, template=TEMPLATE):
    """Confirm or Cancel."""

    async def pressed(self, bot: SalesBot, interaction: discord.Interaction) -> None:
        proposal = bot.proposals.take(self.match["token"], interaction.user.id)
        require(bot, interaction, proposal.scope)
        await turn(interaction, self._done(bot, interaction, proposal))

    def _done(self, bot: SalesBot, interaction: discord.Interaction, proposal: Proposal) -> ui.LayoutView:
        if self.match["word"] == "cancel":
            return card([Block(("### Cancelled", "Nothing has changed."))])
        served = bot.live.accept(proposal, interaction.user.id)
        return card(served_blocks(served, proposal.scope, f"Serving it: {count_words(proposal.prepared.difference)}"))
