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
        try:
            verb, typed = split_line(content)
            await self.slash(channel, verb.lstrip("/"), **typed)
        except (QuestionError, simcord.SetupError):  # free text, or a slip in the line: the answer says what to type
            question = content.removeprefix("/ask ").removeprefix("question:")
            with contextlib.suppress(simcord.SetupError):
                await self.slash(channel, "ask", question=question)
    return sent


def run_pasted_lines() -> None:
    """Let every member of the simulated Discord paste lines."""
    MemberActor.send = _send_and_run  # type: ignore[method-assign]
