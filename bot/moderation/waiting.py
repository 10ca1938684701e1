"""A word for whoever waits: what takes longer than two seconds says that it still runs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord

from bot.questions.cards import Block, card, send

T = TypeVar("T")
FIRST, TIMES = 2, 7


async def waited(interaction: discord.Interaction, what: str, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work`` on a deferred interaction; every so often the wait is told."""
    task = asyncio.ensure_future(work)
    pause = FIRST
    for _ in range(TIMES):
        done, _ = await asyncio.wait({task}, timeout=pause)
        if done:
            break
        await send(interaction, card([Block((f"### {what}…", "It still runs; nothing has changed yet."))]), is_private=True)
        pause *= 2
    return await task
