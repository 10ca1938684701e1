"""Every question as a slash command, generated from its class: the options are declared once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from bot.discord_io.translator import describe
from bot.questions.answering import answer_command
from bot.questions.completing import Completion
from bot.questions.origin import origin_of
from bot.services import Services, work_out
from salesbot.errors import SalesbotError
from salesbot.questions.question import QUESTIONS, ChoiceKind, Option, Question, options
from salesbot.words import words_for

Autocomplete = Callable[[discord.Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]
WORDS = words_for()


def groups(services: Services) -> list[app_commands.Group]:
    """One command group for each first word, with its questions as subcommands."""
    by_name: dict[str, app_commands.Group] = {}
    for question in QUESTIONS:
        name, subcommand = question.verb[1:].split()
        if name not in by_name:
            by_name[name] = everywhere(app_commands.Group(name=name, description=WORDS.command(f"/{name}")))
        by_name[name].add_command(_command(services, subcommand, question))
    return list(by_name.values())


def _command(
    services: Services, name: str, question: type[Question]
) -> app_commands.Command[app_commands.Group, ..., None]:
    async def callback(interaction: discord.Interaction, private: bool | None = None, **typed: str | None) -> None:
        await answer_command(services, interaction, question.verb, typed, is_private=private)

    declared = options(question)
    parameters = [_parameter("interaction", discord.Interaction), *(_option(option) for option in declared)]
    parameters.append(_parameter("private", bool | None, default=None))
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    texts = {option.name: WORDS.option(option.name) for option in declared}
    described = describe(**texts, private=WORDS.option("private"))(callback)
    for option in declared:
        if isinstance(option.kind, ChoiceKind):
            words = option.kind.words
            choices = [app_commands.Choice(name=word.replace("_", " "), value=word) for word in words]
            described = app_commands.choices(**{option.name: choices})(described)
        else:
            described = app_commands.autocomplete(**{option.name: _autocomplete(services, question.verb, option)})(
                described
            )
    return app_commands.Command(name=name, description=WORDS.command(question.verb), callback=described)


def _option(option: Option) -> inspect.Parameter:
    is_needed = option.required and option.name != "launch"  # facts may have a single one, or the server a usual one
    return _parameter(option.name, str) if is_needed else _parameter(option.name, str | None, default=None)


def _parameter(name: str, kind: object, *, default: object = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=kind)


def _autocomplete(services: Services, verb: str, option: Option) -> Autocomplete:
    async def suggest(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        asked = Completion.of(services, origin_of(interaction), verb, option, current, interaction.namespace)
        try:
            known = asked.known(services.facts(interaction))
            offered = await work_out(services, interaction, asked.key, asked.offered) if known is None else known
        except SalesbotError:
            return []
        return [app_commands.Choice(name=name, value=value) for name, value in asked.shown(offered)]

    return suggest
