"""What members suggest: moderators accept it, change it first, or dismiss it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import discord
from discord import ui
from msgspec.structs import replace

from bot.discord_io.layout import Block, card, defer, replace_card
from bot.form import Form
from bot.moderation.buttons import send_proposal
from bot.moderation.progress import with_progress
from bot.permissions import require_moderator
from bot.persistent_button import PersistentButton
from bot.services import Services, words_of, work_out
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
        suggestion = services.suggestions.of(self.match["id"], guild)
        words = words_of(interaction)
        match self.match["word"]:
            case "dismiss":
                services.suggestions.remove(suggestion.id)
                text = words.text("suggestion_dismissed", person=f"<@{interaction.user.id}>")
                await replace_card(interaction, card([Block((text, f"-# {suggestion.line}"))]))
            case "edit":
                await interaction.response.send_modal(SuggestionForm(services, suggestion, words))
            case _:
                if not (suggestion.row and suggestion.value):
                    raise QuestionError("suggestion_incomplete")
                await propose(services, interaction, suggestion, partial(corrected, suggestion, words))


def corrected(suggestion: Suggestion, words: Words, snapshot: Snapshot) -> RowEdits:
    """The row of a suggestion with its value."""
    return corrected_row(row_of(suggestion.row, snapshot, words), suggestion.value, suggestion.link, snapshot)


class SuggestionForm(Form):
    """A suggestion to look over: of a row its value and link; of something missing a whole count."""

    def __init__(self, services: Services, suggestion: Suggestion, words: Words) -> None:
        super().__init__(services, words.text("suggestion_edit"))
        self._suggestion = suggestion
        self._fields: dict[str, ui.TextInput[ui.LayoutView]] = {}
        names = ("value", "link") if suggestion.row else ("metric", "value", "when", "link", "who")
        for name in names:
            default = getattr(suggestion, name, "") or None
            field: ui.TextInput[ui.LayoutView] = ui.TextInput(
                default=default, max_length=LONGEST, required=name not in ("who",)
            )
            self._fields[name] = field
            self.add_item(ui.Label(text=words.option(name, "add")[:45], component=field))

    async def take(self, interaction: discord.Interaction) -> None:
        require_moderator(interaction)
        typed, words = {name: str(field.value) for name, field in self._fields.items()}, words_of(interaction)
        suggestion = self._suggestion

        def make(snapshot: Snapshot) -> RowEdits:
            if suggestion.row:
                row = row_of(suggestion.row, snapshot, words)
                return corrected_row(row, typed["value"], typed["link"], snapshot)
            asked = parse(suggestion.line, Names(snapshot))
            return count_rows(TypedCount(launch=getattr(asked, "launch", None) or "", **typed), snapshot)

        await propose(self.services, interaction, suggestion, make)


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
