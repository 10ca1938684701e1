"""Draw docs/pictures/architecture.svg: the rooms of the code, layer by layer. A test keeps it up to date.

The layers are those that import-linter checks (pyproject.toml); only what a room does is written here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "architecture.svg"
ROOMS: dict[str, dict[str, str]] = {
    "bot": {
        "__main__": "python -m bot",
        "running": "checks everything, connects, ends",
        "monitoring": "figures for an operator",
        "interactions_over_http": "interactions without the gateway",
        "client": "the Discord client",
        "moderation": "/data, Confirm and Cancel",
        "questions": "slash commands, answer cards, reports",
        "persistent_button": "a button that survives a restart",
        "form": "a form that is taken once",
        "errors": "an error becomes a reply",
        "permissions": "who may do what",
        "services": "what commands and buttons need",
        "state": "custom ids, settings of servers",
        "charts": "charts of answers, as PNG",
        "discord_io": "layout, escape, delivery",
    },
    "salesbot": {
        "cli": "the command line",
        "serving": "served packs, uploads, threads, child processes",
        "editing": "rows of what a moderator types or pastes",
        "words": "every sentence that a person reads",
        "asking": "reads free text as one slash line, or as none",
        "query": "questions answered from one snapshot",
        "answers": "figures, workings, notes as data",
        "questions": "slash lines, options, names",
        "storage": "snapshots, the catalog, differences",
        "packs": "packs and uploads, read or refused",
        "facts": "rows, cells, vocabulary",
        "values": "quantities, moments, zones",
        "settings": "what an operator sets",
        "deadline": "how long a question may take",
        "errors": "errors and messages as values",
    },
}
COLOURS = {"bot": ("#5865f2", "#eceefe"), "salesbot": ("#2f7d5b", "#e6f4ee")}
WIDTH, ROW, GAP, LEFT, TOP = 480, 34, 8, 20, 64


def layers(package: str) -> list[list[str]]:
    """The layers of a package from the top down; rooms beside each other import nothing of each other."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    contract = next(one for one in settings["contracts"] if one.get("containers") == [package])
    return [[room.strip() for room in layer.split(":")] for layer in contract["layers"]]


def picture() -> str:
    """The SVG: the bot on the left, the engine on the right; imports point down, and from left to right."""
    columns = [list(_column(package, LEFT + number * (WIDTH + 60))) for number, package in enumerate(ROOMS)]
    deepest = max(len(layers(package)) for package in ROOMS)
    width, height = 2 * LEFT + 2 * WIDTH + 60, TOP + deepest * (ROW + GAP) + 12
    middle = TOP + 2 * (ROW + GAP) + ROW // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" role="img">',
        "<title>The rooms of the bot and of the engine, layer by layer</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(line for column in columns for line in column),
        f'<path d="M{LEFT + WIDTH + 8} {middle}h36m-8 -5l8 5l-8 5" fill="none" stroke="#555555" stroke-width="2"/>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _column(package: str, left: int) -> Iterator[str]:
    stroke, _ = COLOURS[package]
    folder = "bot/" if package == "bot" else "src/salesbot/"
    yield f'<text x="{left}" y="28" font-size="20" font-weight="bold" fill="{stroke}">{folder}</text>'
    about = "knows Discord" if package == "bot" else "knows no Discord"
    yield f'<text x="{left}" y="50" font-size="13" fill="#555555">{about}; imports point down</text>'
    for number, rooms in enumerate(layers(package)):
        width = (WIDTH - GAP * (len(rooms) - 1)) // len(rooms)
        for place, room in enumerate(rooms):
            yield from _room(package, room, left + place * (width + GAP), TOP + number * (ROW + GAP), width)


def _room(package: str, room: str, left: int, top: int, width: int) -> Iterator[str]:
    stroke, fill = COLOURS[package]
    is_narrow = width < WIDTH
    yield f'<rect x="{left}" y="{top}" width="{width}" height="{ROW}" rx="5" fill="{fill}" stroke="{stroke}"/>'
    name_y, job_x, job_y = (top + 15, left + 10, top + 28) if is_narrow else (top + 22, left + 166, top + 22)
    yield f'<text x="{left + 10}" y="{name_y}" font-size="14" font-weight="bold" fill="#222222">{room}</text>'
    size = 11 if is_narrow else 13
    job = escape(ROOMS[package][room])
    yield f'<text x="{job_x}" y="{job_y}" font-size="{size}" fill="#333333">{job}</text>'


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
