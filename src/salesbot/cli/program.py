"""The command ``salesbot`` with its subcommands; a slash line alone is asked."""

from __future__ import annotations

import io
import sys

import click
from click_default_group import DefaultGroup

from salesbot import __version__
from salesbot.cli.asking import ask_line, questions
from salesbot.cli.checking import check_message
from salesbot.cli.completion import completion
from salesbot.cli.packs import check, new_pack
from salesbot.cli.programs import backup, browse, catalog, restore, run, try_it
from salesbot.words import words_for

WORDS = words_for()
UNFILLED = "\b\n"  # for click: keep the lines of what follows


@click.group(
    cls=DefaultGroup,
    default="ask",
    help=WORDS.text("cli_help") + "\n\n" + UNFILLED + WORDS.text("cli_examples"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="salesbot", message="%(prog)s %(version)s")
def main() -> None:
    """The program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not (stream.encoding or "").casefold().startswith("utf"):
            stream.reconfigure(errors="replace")  # a sign that a terminal does not have is no error


PROGRAMS = (run, try_it, browse, backup, restore, catalog, completion)
for command in (ask_line, questions, check_message, check, new_pack, *PROGRAMS):
    main.add_command(command)
