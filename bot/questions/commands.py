"""Every question as a slash command, generated from its class: the options are declared once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.discord_io.installs import everywhere
from bot.questions.answering import answer_command, with_usual_launch
from bot.services import Services, words_of, work_out
from salesbot.errors import SalesbotError
from salesbot.questions.choices import CONTEXT, choices
from salesbot.questions.line import with_days
from salesbot.questions.names import Suggestion
from salesbot.questions.question import QUESTIONS, ChoiceKind, NameKind, Option, Question, options
from salesbot.serving.served_packs import ServedFacts
from salesbot.words import words_for

MOST_TYPED = 100  # characters that autocomplete looks at
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
    described = app_commands.describe(**texts, private=WORDS.option("private"))(callback)
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
        words = words_of(interaction)
        typed = with_days(verb, {option.name: current[:MOST_TYPED]}, interaction.created_at.date())[option.name]
        others = {name: str(text)[:MOST_TYPED] for name, text in interaction.namespace if name in CONTEXT and text}
        chosen = with_usual_launch(services, interaction, verb, others)

        key = ("choices", words.language, verb, option.name, typed, *chosen.items())

        def make(facts: ServedFacts) -> tuple[Suggestion, ...]:
            found = partial(choices, verb, option, typed, chosen, facts.names_in(words.language))
            return facts.snapshot.cached(key, lambda: tuple(found()))

        try:
            known = services.facts(interaction).snapshot.cache.get(key)
            offered = known if isinstance(known, tuple) else await work_out(services, interaction, key, make)
        except SalesbotError:
            return []
        is_metric = option.kind == NameKind("metric") and words.language != "en"
        return [
            app_commands.Choice(name=words.metric(one.id)[:100] if is_metric else one.shown, value=one.id)
            for one in offered
        ]

    return suggest
