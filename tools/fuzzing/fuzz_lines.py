"""Any options on every command: a random slash line, from the parser to the finished card, and what no card may hold."""

from __future__ import annotations

import random
import re
import unicodedata

import discord
from discord import ui

from bot.charts.chart_cache import has_chart
from bot.charts.chart_data import chart_of
from bot.discord_io.layout import Card
from bot.errors import error_card
from bot.questions.cards import alt_text, answer_page
from bot.state.custom_ids import Press
from salesbot.answers import Answer
from salesbot.errors import SalesbotError
from salesbot.query import ask
from salesbot.questions.line import parse, written
from salesbot.questions.names import Names
from salesbot.questions.question import BY_VERB, ChoiceKind, NameKind, Option, options
from salesbot.storage.snapshot import Snapshot
from salesbot.words import words_for
from salesbot.words.as_json import as_json

NASTY = [
    "@everyone",
    "<@1>",
    "<t:0:R>",
    "**x**",
    "[a](https://b.example)",
    "https://b.example",
    "\u202ex",
    "\x00",
    "'; drop table orders",
    "%s{0}",
    "{member._state.http.token}",
    "9" * 400,
    "-1",
    "0",
    "1e999",
    "２０２４",
    "小米",
    "2024-02-30",
    "2024-03-10 02:30 Eastern",
    "99999d",
    "..",
    "\U0001f600" * 30,
    "\\",
    "\\<@1>",
    "]](<https://b.example>)",
    "```\nx",
    "=1+1",
    "\u2066x\u2069",
    "a\u200bb",
    "a\nb",
    "x" * 5000,
    "*_~|`>#-" * 60,
    ";;",
    '"',
    "<id:customize>",
    "</orders:1>",
    "\ud7ff\ue000",
    "0001-01-01",
    "9999-12-31T23:59-12:00",
    "1..2",
    ">=",
    "全部",
    "all",
    "\u0130\u0131ß",
    "discord.gg/x",
]
GOOD = {
    "duration": ["1m", "1h", "24h", "72h", "3d", "1w"],
    "duration or time": ["1h", "72h", "2024-04-01", "2024-04-01 12:00", "2023-01-01"],
    "event or time": ["musk-post", "su7-launch", "2024-03-28 10:00 CST", "2024-03", "about 2024-03-27 04:00 US time"],
    "day": ["2024-03-28", "2024-04", "2024", "2010-01-01"],
    "period": ["2024-05", "2024-Q2", "2024", "2024-04-25/2024-04-30", "2024-05/2024-04", "2010", "May"],
    "number": ["60", "55..60", ">=40", "38%", "4.5万", "0.5", "<=3"],
    "trim": ["RWD", "all", "Pro", "entry"],
}
WORDS = words_for()
ESCAPED = re.compile(r"\\.", re.DOTALL)
ALIVE = re.compile(r"<(?!https?://[^<>\s]+>\)|t:-?\d+:[fd]>)|@|(?<!\]\(<)https?://|\]\((?!<https?://)")
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def value(option: Option, names: Names, chance: random.Random) -> str:
    """Something to type for an option: mostly sensible, often not."""
    if chance.random() < 0.15:
        return chance.choice(NASTY) if chance.random() < 0.7 else noise(chance)
    kind = option.kind
    if isinstance(kind, ChoiceKind):
        return chance.choice(kind.words)
    if isinstance(kind, NameKind):
        suggested = [suggestion.id for suggestion in names.suggestions(kind.thing, "")] or ["x"]
        return ",".join(chance.sample(suggested, min(2, len(suggested)))) if kind.many else chance.choice(suggested)
    return chance.choice(GOOD[kind.form])


def noise(chance: random.Random, longest: int = 40) -> str:
    return "".join(chr(chance.randrange(32, 0x3000)) for _ in range(chance.randrange(longest)))


def one(snapshot: Snapshot, names: Names, chance: random.Random) -> str:
    """Ask one random line and lay out what comes back; what kind of outcome it was. Anything but an answer or an
    error of ours is an ``AssertionError`` or whatever was raised."""
    verb = chance.choice(list(BY_VERB))
    chosen = [o for o in options(BY_VERB[verb]) if o.required or chance.random() < 0.4]
    texts = {o.name: value(o, names, chance) for o in chosen}
    quoted = " ".join(
        '{}:"{}"'.format(name, text.replace("\\", "\\\\").replace('"', '\\"')) for name, text in texts.items()
    )
    line = f"{verb} {quoted}"
    try:
        return outcome(line, snapshot, names)
    except Exception as error:
        error.add_note(line)
        raise


def outcome(line: str, snapshot: Snapshot, names: Names) -> str:
    """Ask the line and lay out what comes back."""
    try:
        asked = parse(line, names)
        assert parse(written(asked), names) == asked
        answer = ask(asked, snapshot)
    except SalesbotError as error:
        text = WORDS.error(error)
        assert text.message
        assert text.hint
        check(error_card(error, WORDS))
        return type(error).__name__
    lay_out(answer, snapshot)
    return "answered"


def lay_out(answer: Answer, snapshot: Snapshot) -> None:
    """An answer as each page of its card, as its working, as JSON and as the chart it has."""
    text = WORDS.answer(answer)
    as_json(answer, WORDS)
    for action in ("answer", "working"):
        for page in (None, 2, 99):
            press = Press(action, text.asked_as, "0" * 8, page)
            shown = answer_page(answer, press, WORDS, is_private=True, has_chart=has_chart(answer))
            check(Card(shown.view()))
    if has_chart(answer):
        assert chart_of(answer, snapshot, WORDS).lines
        assert 0 < len(alt_text(WORDS.headline(answer), WORDS.figure_lines(answer))) <= 1024


def check(card: Card) -> None:
    """Discord's limits, and nothing in the text that pings, links or hides."""
    view = card.view
    assert view.content_length() <= 4000
    children = list(view.walk_children())
    assert len(children) <= 40
    for child in children:
        if isinstance(child, ui.TextDisplay):
            assert child.content.strip(), "an empty text"
            clean(child.content)
    buttons = [child for child in children if isinstance(child, ui.Button)]
    ids = [button.custom_id or "" for button in buttons]
    assert len(set(ids)) == len(ids)
    assert all(0 < len(id) <= 100 for id in ids)
    assert all(0 < len(button.label or "") <= 80 for button in buttons)
    assert all(len(file.filename) <= 100 for file in card.files() if isinstance(file, discord.File))


def clean(text: str) -> None:
    """Raises ``AssertionError`` where text of a card could be clicked, pings or hides something."""
    alive = ALIVE.search(ESCAPED.sub("", text))
    assert alive is None, (alive, text)
    assert not (found := hidden(text)), (found, text)


def hidden(text: str) -> set[str]:
    """The characters of a text that do not show, but for the line break."""
    return {c for c in text if c != "\n" and unicodedata.category(c) in HIDDEN}
