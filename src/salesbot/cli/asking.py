"""``salesbot '<slash line>'``: one question, one answer; ``salesbot questions``: what can be asked."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from salesbot.asking import Asked, asked_line
from salesbot.cli.completion import LineType
from salesbot.cli.opened_facts import opened
from salesbot.cli.printing import WORDS, Printer, guarded, print_answer, print_csv, print_json
from salesbot.query import ask
from salesbot.query.examples import lines
from salesbot.questions.line import looks_like_line, parse
from salesbot.questions.names import Names
from salesbot.questions.question import QUESTIONS, ChoiceKind, Option, options
from salesbot.words import words_for
from salesbot.words.as_json import as_json
from salesbot.words.told_beside import told_beside

HELP_LINES = ("help", "?")
pack_option = click.option("--pack", "pack", type=click.Path(path_type=Path), help=WORDS.text("cli_pack"))
lang_option = click.option(
    "--lang", type=click.Choice(["en", "zh", "zh-Hant"]), default="en", show_default=True, help=WORDS.text("cli_lang")
)
json_option = click.option("--json", "wants_json", is_flag=True, help=WORDS.text("cli_json"))


@click.command(name="ask", help=WORDS.text("cli_ask"))
@click.argument("line", nargs=-1, required=True, type=LineType())
@json_option
@click.option("--csv", "wants_csv", is_flag=True, help=WORDS.text("cli_csv"))
@pack_option
@lang_option
def ask_line(line: tuple[str, ...], wants_json: bool, wants_csv: bool, pack: Path | None, lang: str) -> None:
    """Answer one slash line, or free text."""
    words = words_for(lang)
    if " ".join(line).strip().lstrip("/").casefold() in HELP_LINES:
        sys.exit(guarded(lambda: _print_questions(pack)))

    def run() -> int:
        with opened(pack) as snapshot:
            text = " ".join(line)
            asked = Asked(text) if looks_like_line(text) else asked_line(text, snapshot)
            question = parse(asked.line, Names(snapshot))
            if wants_csv:
                print_csv(as_json(ask(question, snapshot), WORDS)["figures"])
            elif wants_json:
                print_json(as_json(ask(question, snapshot), WORDS))
            else:
                answer = ask(question, snapshot, words.language)
                print_answer(words.answer(answer), words)
                if asked.beside and (sentence := told_beside(asked.beside, answer, words)):
                    Printer().section("", [sentence])
        return 0

    sys.exit(guarded(run, wants_json=wants_json, words=words))


@click.command(name="questions", help=WORDS.text("cli_questions"))
@pack_option
def questions(pack: Path | None) -> None:
    """Every question with its options, and lines that have an answer."""
    sys.exit(guarded(lambda: _print_questions(pack)))


def _print_questions(pack: Path | None) -> int:
    printer = Printer()
    for question in QUESTIONS:
        printer.line(question.verb + "".join(f" {_option(one)}" for one in options(question)), style="bold")
        printer.lines([WORDS.command(question.verb)])
    with opened(pack) as snapshot:
        printer.section("help_try", [f"salesbot '{line}'" for line in lines(snapshot)])
    return 0


def _option(option: Option) -> str:
    text = f"{option.name}:" + ("|".join(option.kind.words) if isinstance(option.kind, ChoiceKind) else "…")
    return text if option.required else f"[{text}]"
