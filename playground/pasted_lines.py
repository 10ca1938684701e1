"""A slash line that is pasted into the playground runs, as if it had been picked and filled in."""

from __future__ import annotations

import contextlib
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
        with contextlib.suppress(simcord.SetupError):
            try:
                verb, typed = split_line(content)
            except QuestionError:  # free text, or a line with a slip in it: it is told what to type instead
                verb, typed = "/ask", {"question": content.removeprefix("/ask ").removeprefix("question:")}
            await self.slash(channel, verb.lstrip("/"), **typed)
    return sent


def run_pasted_lines() -> None:
    """Let every member of the simulated Discord paste lines."""
    MemberActor.send = _send_and_run  # type: ignore[method-assign]
