"""The buttons of answers, and those that this release does not know."""

from __future__ import annotations

import re

import discord

from bot.moderation.buttons import TEMPLATE as PROPOSAL_TEMPLATE
from bot.moderation.foreign_tables import BUTTON as TABLE_BUTTON
from bot.moderation.foreign_tables import SELECT as TABLE_SELECT
from bot.persistent_button import PersistentButton
from bot.questions.answering import ACTIONS, answer_press
from bot.questions.follow import answer_unfollow
from bot.questions.help import answer_help_press
from bot.questions.message_check import share_check
from bot.services import Services, stored_press
from bot.state.custom_ids import TEMPLATE
from bot.state.suggestions import TEMPLATE as SUGGESTION_TEMPLATE
from salesbot.errors import QuestionError

KNOWN = (TEMPLATE, PROPOSAL_TEMPLATE, SUGGESTION_TEMPLATE, TABLE_BUTTON, TABLE_SELECT)
_NAMED = re.compile(r"\?P<\w+>")  # the groups' names, which a pattern may have once only
UNKNOWN = re.compile("".join(f"(?!(?:{_NAMED.sub('', one.pattern)})$)" for one in KNOWN) + ".*", re.DOTALL)


class AnswerButton(PersistentButton, template=TEMPLATE):
    """Any button of an answer."""

    async def on_press(self, services: Services, interaction: discord.Interaction) -> None:
        press = await stored_press(services, self.match)
        if press is not None and press.action == "help":
            await answer_help_press(services, interaction, press)
            return
        if press is not None and press.action == "sharecheck":
            await share_check(services, interaction)
            return
        if press is not None and press.action == "unfollow":
            await answer_unfollow(services, interaction, press)
            return
        if press is None or press.action not in ACTIONS:
            raise QuestionError("old_button")
        await answer_press(services, interaction, press)


class UnknownButton(PersistentButton, template=UNKNOWN):
    """A button that this release does not make: answered, not ignored."""

    async def on_press(self, services: Services, interaction: discord.Interaction) -> None:
        raise QuestionError("old_button")
