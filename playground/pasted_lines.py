"""A slash line that is pasted into the playground runs, as if it had been picked and filled in."""

from __future__ import annotations

from typing import Any

import simcord
from simcord.actors import MemberActor

from salesbot.errors import QuestionError
from salesbot.questions.line import split_line

_send = MemberActor.send


async def _send_and_run(self: Any, channel: Any, content: str = "", **more: Any) -> Any:
    """Send a message; a slash line in it is a command of its sender as well."""
    sent = await _send(self, channel, content, **more)
    if content.startswith(("/", "／")):
        try:
            verb, typed = split_line(content)
            await self.slash(channel, verb.lstrip("/"), **typed)
        except (QuestionError, simcord.SetupError):
            pass  # no command of the bot: a message, as on Discord
    return sent


def run_pasted_lines() -> None:
    """Let every member of the simulated Discord paste lines."""
    MemberActor.send = _send_and_run  # type: ignore[method-assign]
