"""``/help``: examples that work, and what the words mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from bot.questions.cards import Block, card, rich, send
from salesbot.questions.question import QUESTIONS

if TYPE_CHECKING:
    from bot.client import SalesBot

GLOSSARY = {
    "order": "paid with a refundable deposit; it can still be cancelled",
    "locked order": "confirmed, its deposit no longer refundable; always part of the orders",
    "reservation": "a place in the queue, before an order can be made",
    "delivery": "a car handed over; what most people mean by a sale",
    "sales store": "sells the car; a display store only shows it",
    "range": "the truth lies between the two numbers; no point in it is likelier",
    "cannot tell": "the facts leave it open; the answer says what would settle it",
}


def command(bot: SalesBot) -> app_commands.Command[app_commands.Group, ..., None]:
    """The help command."""

    @app_commands.command(name="help", description="What to ask, with examples that work, and what the words mean")
    async def help(interaction: discord.Interaction) -> None:
        await send(interaction, card(help_blocks()), is_private=True)

    return everywhere(help)


def help_blocks() -> list[Block]:
    questions = tuple(line for q in QUESTIONS for line in (f"**{q.verb}** {rich(q.says)}", f"-# `{q.example}`"))
    words = tuple(f"**{word}**: {rich(meaning)}" for word, meaning in GLOSSARY.items())
    return [
        Block(("### Ask about a launch; every answer shows its working and its sources",)),
        Block(questions),
        Block(words, "**The words**"),
        Block(("-# Names work in any alias or script: su7, 小米SU7, Model Y. Times: 2024-03-28 19:00 Beijing time.",)),
    ]
