"""A fast path: a page that is sent again is neither laid out nor encoded again.

Most questions are asked by several people. What is sent is what ``layout.send`` sends, byte for byte; a test compares
the two. discord.py has no public way to send a body that is encoded already, see ``bot.discord_io.private_parts``.
"""

from __future__ import annotations

from functools import lru_cache

import discord
from discord import utils
from discord.http import MultipartParameters
from discord.webhook.async_ import async_context, interaction_message_response_params

from bot.discord_io.delivery import DeliveryAdapter, Encoded, TakenBefore
from bot.discord_io.layout import TAKEN_OVER, Card, Page, complete, send

MOST_KEPT = 100  # bodies of at most a few KiB
TO_THE_CHANNEL = discord.InteractionResponseType.channel_message


async def send_page(interaction: discord.Interaction, page: Page, *, is_private: bool) -> None:
    """Answer an interaction with a page that has no picture."""
    adapter = async_context.get()
    is_first = not interaction.response.is_done() and TAKEN_OVER not in interaction.extras
    if not (is_first and isinstance(adapter, DeliveryAdapter)):
        await send(interaction, page.view(), is_private=is_private)
        return
    http = interaction._state.http
    try:
        await adapter.create_interaction_response(
            interaction.id,
            interaction.token,
            session=interaction._session,
            proxy=http.proxy,
            proxy_auth=http.proxy_auth,
            params=MultipartParameters(payload=encoded(page, is_private), multipart=None, files=None),
        )
    except TakenBefore:
        view = page.view()
        view.stop()
        await complete(interaction, Card(view))
        return
    interaction.response._response_type = TO_THE_CHANNEL


@lru_cache(MOST_KEPT)
def encoded(page: Page, is_private: bool) -> Encoded:
    """The body of the callback that sends a page."""
    view = page.view()
    view.stop()
    flags = discord.MessageFlags._from_value(0)
    flags.ephemeral = is_private
    params = interaction_message_response_params(
        type=TO_THE_CHANNEL.value,
        content=None,
        tts=False,
        files=[],
        flags=flags if is_private else utils.MISSING,
        view=view,
        allowed_mentions=discord.AllowedMentions.none(),
        previous_allowed_mentions=discord.AllowedMentions.none(),
    )
    assert params.payload is not None
    return Encoded(params.payload["type"], utils._to_json(params.payload))
