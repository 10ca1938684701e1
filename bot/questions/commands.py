"""Every question as a slash command, generated from its class: the options are declared once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from salesbot.questions.line import Option, offers, options
from salesbot.questions.question import QUESTIONS, Question, Words

if TYPE_CHECKING:
    from bot.client import SalesBot

SAYS = {
    "orders": "Orders, locked orders and deliveries of a launch",
    "prices": "Prices, cuts, rises and offers",
    "timeline": "What came first, and by how much",
    "claims": "What people say, and what the facts say of it",
    "sources": "Who said it",
}
PRIVATE = "show the answer to you alone"
Autocomplete = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def groups(bot: SalesBot) -> list[app_commands.Group]:
    """One command group for each first word, with its questions as subcommands."""
    found: dict[str, app_commands.Group] = {}
    for question in QUESTIONS:
        group, name = question.verb[1:].split()
        if group not in found:
            found[group] = everywhere(app_commands.Group(name=group, description=SAYS[group]))
        found[group].add_command(_command(bot, name, question))
    return list(found.values())


def _command(bot: SalesBot, name: str, question: type[Question]) -> app_commands.Command[app_commands.Group, ..., None]:
    async def callback(interaction: discord.Interaction, private: bool | None = None, **typed: str | None) -> None:
        await bot.answer(interaction, question.verb, typed, is_private=private)

    declared = options(question)
    parameters = [_parameter("interaction", discord.Interaction), *(_option(option) for option in declared)]
    parameters.append(_parameter("private", bool | None, default=None))
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    described = app_commands.describe(**{option.name: option.says for option in declared}, private=PRIVATE)(callback)
    for option in declared:
        if isinstance(option.kind, Words):
            choices = [app_commands.Choice(name=word.replace("_", " "), value=word) for word in option.kind.words]
            described = app_commands.choices(**{option.name: choices})(described)
        else:
            described = app_commands.autocomplete(**{option.name: _autocomplete(bot, option)})(described)
    return app_commands.Command(name=name, description=question.says, callback=described)


def _option(option: Option) -> inspect.Parameter:
    return _parameter(option.name, str) if option.required else _parameter(option.name, str, default=None)


def _parameter(name: str, kind: object, *, default: object = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)


def _autocomplete(bot: SalesBot, option: Option) -> Autocomplete:
    async def offered(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = offers(option, current[:100], bot.facts(interaction).names)
        return [app_commands.Choice(name=offer.shown, value=offer.id) for offer in found[:25]]

    return offered
