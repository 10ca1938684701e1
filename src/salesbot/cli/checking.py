"""``salesbot check-text``: the statements of a message, checked against the facts."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from salesbot.asking.messages.checking import CheckedText, check_text
from salesbot.cli.asking import json_option, lang_option, pack_option
from salesbot.cli.opened_facts import opened
from salesbot.cli.printing import WORDS, Printer, guarded, print_json
from salesbot.words import words_for
from salesbot.words.checked_text import checked_lines


@click.command(name="check-text", help=WORDS.text("cli_check_text"))
@click.argument("text", nargs=-1, required=True)
@click.option("--posted", type=click.DateTime(["%Y-%m-%d"]), help=WORDS.text("cli_posted"))
@json_option
@pack_option
@lang_option
def check_message(
    text: tuple[str, ...], posted: datetime | None, wants_json: bool, pack: Path | None, lang: str
) -> None:
    """Check what a message says."""
    words = words_for("en" if wants_json else lang)

    def run() -> int:
        with opened(pack) as snapshot:
            checked = check_text(" ".join(text), snapshot, posted.date() if posted else None, words.language)
        if wants_json:
            print_json(_json(checked))
        else:
            printer = Printer()
            for line in checked_lines(checked, words):
                printer.line(line)
        return 0

    sys.exit(guarded(run, wants_json=wants_json))


def _json(checked: CheckedText) -> dict[str, Any]:
    claims = [
        {
            "quote": one.quote,
            "verdict": one.outcome,
            "lines": [{"line": line.line, "expects": line.expects, "verdict": line.verdict} for line in one.lines],
        }
        for one in checked.statements
    ]
    return {"claims": claims, "not_read": list(checked.not_read)}
