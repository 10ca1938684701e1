"""Completion in a shell: the words of a slash line, and names from the facts."""

from __future__ import annotations

import sys

import click
from click.shell_completion import CompletionItem, get_completion_class

from salesbot.errors import SalesbotError
from salesbot.words import words_for

SHELLS = ("bash", "zsh", "fish")
BASH_COLONS = "COMP_WORDBREAKS=${COMP_WORDBREAKS//:}\n"  # so that launch:su is one word


class LineType(click.ParamType[str]):
    """A word of a slash line, completed by the words before it."""

    name = "line"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The words that can follow."""
        before = ctx.params.get(param.name or "") or ()
        return [CompletionItem(word) for word in _words(tuple(map(str, before)), incomplete)]


def _words(before: tuple[str, ...], incomplete: str) -> list[str]:
    from salesbot.questions.question import BY_VERB, options

    if len(before) < 2:
        stem = " ".join((*before, incomplete))
        pieces = [verb.split() for verb in BY_VERB if verb.startswith(stem)]
        return list(dict.fromkeys(words[len(before)] for words in pieces))
    verb = " ".join(before[:2])
    if verb not in BY_VERB:
        return []
    name, colon, text = incomplete.partition(":")
    declared = {option.name: option for option in options(BY_VERB[verb])}
    if not colon:
        used = {word.partition(":")[0] for word in before[2:]}
        return [f"{known}:" for known in declared if known.startswith(name) and known not in used]
    return [f"{name}:{value}" for value in _values(verb, name, text, before[2:])] if name in declared else []


def _values(verb: str, name: str, text: str, typed: tuple[str, ...]) -> list[str]:
    from salesbot.cli.opened_facts import opened
    from salesbot.questions.choices import choices
    from salesbot.questions.names import Names
    from salesbot.questions.question import BY_VERB, options

    [option] = [one for one in options(BY_VERB[verb]) if one.name == name]
    chosen = {key: value for key, _, value in (word.partition(":") for word in typed)}
    try:
        with opened(None) as snapshot:
            offered = choices(verb, option, text, chosen, Names(snapshot))
    except SalesbotError:
        return []
    return [one.id if " " not in one.id else f'"{one.id}"' for one in offered]


@click.command(name="completion", help=words_for().text("cli_completion"))
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """The script that a shell reads, as in ``eval "$(salesbot completion bash)"``."""
    found = get_completion_class(shell)
    assert found is not None
    script = found(ctx.find_root().command, {}, "salesbot", "_SALESBOT_COMPLETE").source()
    click.echo(BASH_COLONS + script if shell == "bash" else script)
    sys.exit(0)
