"""A card that one bot sent, as plain values that another can send again."""

from __future__ import annotations

from typing import Any

from tools.loopback_discord.payloads import Json

TEXT, GALLERY, ROW = 10, 12, 1


def card_of(message: Json) -> dict[str, Any]:
    """The texts of a finished card in their order, and its buttons."""
    rows = [component for component in message["components"] if component["type"] == ROW]
    buttons = [[button["custom_id"], button["label"]] for row in rows for button in row["components"]]
    return {"texts": _texts(message), "buttons": buttons}


def picture_card_of(message: Json) -> dict[str, Any]:
    """The texts around a picture, and the picture's description."""
    [gallery] = [part for part in message["components"][0]["components"] if part["type"] == GALLERY]
    return {"texts": _texts(message), "description": gallery["items"][0]["description"]}


def _texts(message: Json) -> list[str]:
    return [part["content"] for part in message["components"][0]["components"] if part["type"] == TEXT]
