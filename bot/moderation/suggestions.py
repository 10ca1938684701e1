"""What members suggest: moderators accept it, change it first, or dismiss it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import discord
from msgspec.structs import replace

from bot.discord_io.layout import Block, card, defer, replace_card
from bot.form import Filled, Form
from bot.moderation.buttons import send_proposal
from bot.moderation.progress import with_progress
from bot.permissions import require_moderator
from bot.persistent_button import PersistentButton
from bot.services import Services, change, refresh, words_of, work_out
from bot.state.suggestions import TEMPLATE, Suggestion
from salesbot.editing.found_rows import row_of
from salesbot.editing.typed_rows import TypedCount, corrected_row, count_rows
from salesbot.errors import QuestionError
from salesbot.facts.edits import RowEdits
from salesbot.questions.line import parse
from salesbot.questions.names import Names
from salesbot.serving.child_processes import Place
from salesbot.storage.snapshot import Snapshot
from salesbot.words import Words

LONGEST = 200


class SuggestionButton(PersistentButton, template=TEMPLATE):
    """Accept, Edit or Dismiss, under a suggestion in the moderators' channel."""

    async def on_press(self, services: Services, interaction: discord.Interaction) -> None:
        guild = int(require_moderator(interaction))
        await refresh(services, services.suggestions)
        suggestion = services.suggestions.of(self.match["id"], guild)
        words = words_of(interaction)
        match self.match["word"]:
            case "dismiss":
                await change(services, partial(services.suggestions.remove, suggestion.id))
                text = words.text("suggestion_dismissed", person=f"<@{interaction.user.id}>")
                await replace_card(interaction, card([Block((text, f"-# {suggestion.line}"))]))
            case "edit":
                await interaction.response.send_modal(SuggestionForm(suggestion, words))
            case _:
                if not (suggestion.row and suggestion.value):
                    raise QuestionError("suggestion_incomplete")
                await propose(services, interaction, suggestion, partial(corrected, suggestion, words))


def corrected(suggestion: Suggestion, words: Words, snapshot: Snapshot) -> RowEdits:
    """The row of a suggestion with its value."""
    return corrected_row(row_of(suggestion.row, snapshot, words), suggestion.value, suggestion.link, snapshot)


class SuggestionForm(Form):
    """A suggestion to look over: of a row its value and link; of something missing a whole count."""

    template = re.compile(r"v1suggested:(?P<id>[0-9a-f]{16})")

    def __init__(self, suggestion: Suggestion, words: Words) -> None:
        super().__init__(words.text("suggestion_edit"), f"v1suggested:{suggestion.id}")
        names = ("value", "link") if suggestion.row else ("metric", "value", "when", "link", "who")
        for name in names:
            default, label = getattr(suggestion, name, "") or None, words.option(name, "add")[:45]
            self.add_text(name, label, default=default, max_length=LONGEST, required=name != "who")

    @staticmethod
    async def take(services: Services, interaction: discord.Interaction, match: re.Match[str], filled: Filled) -> None:
        guild, words = int(require_moderator(interaction)), words_of(interaction)
        await refresh(services, services.suggestions)
        suggestion = services.suggestions.of(match["id"], guild)

        def make(snapshot: Snapshot) -> RowEdits:
            if suggestion.row:
                row = row_of(suggestion.row, snapshot, words)
                return corrected_row(row, filled["value"], filled["link"], snapshot)
            asked = parse(suggestion.line, Names(snapshot))
            return count_rows(TypedCount(launch=getattr(asked, "launch", None) or "", **filled), snapshot)

        await propose(services, interaction, suggestion, make)


async def propose(
    services: Services, interaction: discord.Interaction, suggestion: Suggestion, make: Callable[[Snapshot], RowEdits]
) -> None:
    """Show what a suggestion would change; once that is confirmed, it waits no more."""
    scope = require_moderator(interaction)
    await defer(interaction)
    edits = await work_out(services, interaction, ("suggested", interaction.id), lambda facts: make(facts.snapshot))
    place = Place()
    work = services.packs.propose_edits(scope, edits, services.children, place)
    proposal = await with_progress(interaction, "reading_upload", work, place)
    await send_proposal(services, interaction, replace(proposal, suggestion=suggestion.id))
