"""One interaction, from the moment it was sent: what the bot made of it, and what the person saw."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from time import perf_counter

from tools.loopback_discord.payloads import EPHEMERAL, LOADING, Asker, Json, Upload, walk
from tools.loopback_discord.requests import Request


class Unanswered(AssertionError):
    """Nobody answered an interaction in the time allowed; the message tells its story."""


class Asked:
    """An interaction that was sent. ``await`` it to have it back once it is answered (or raise ``Unanswered``).

    Answered means: a message (4, 7), choices (8) or a modal (9) in the callback, or a deferred answer
    (5, 6) filled in by an edit or a follow-up.
    """

    def __init__(self, payload: Json, asker: Asker, *, deadline: float, patience: float) -> None:
        self.payload = payload
        self.asker = asker
        self.id: str = payload["id"]
        self.token: str = payload["token"]
        self.deadline = deadline
        self.patience = patience
        self.sent = perf_counter()
        self.deliveries = 0
        self.requests: list[Request] = []
        self.response_type: int | None = None
        self.acknowledged: float | None = None
        self.answered: float | None = None
        self.message: Json | None = None
        self.followups: list[Json] = []
        self.choices: list[Json] | None = None
        self.modal: Json | None = None
        self.files: list[Upload] = []
        self._is_answered = asyncio.Event()

    def __await__(self) -> Generator[object, None, Asked]:
        return self.within(self.patience).__await__()

    async def within(self, seconds: float) -> Asked:
        """This, once it is answered. Raises ``Unanswered`` after ``seconds``."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_answered.wait()
        except TimeoutError:
            raise Unanswered(self.story()) from None
        return self

    def acknowledge(self, response_type: int) -> None:
        self.response_type = response_type
        self.acknowledged = perf_counter()
        if response_type in (4, 7, 8, 9):
            self.answer()

    def answer(self) -> None:
        if self.answered is None:
            self.answered = perf_counter()
            self._is_answered.set()

    @property
    def fate(self) -> str:
        """What the person has in front of them now.

        ``answered``; ``thinking`` (deferred, not filled in); ``waiting`` (still in time); ``failed``
        (the application did not respond).
        """
        if self.answered is not None:
            return "answered"
        if self.acknowledged is not None:
            return "thinking"
        return "waiting" if perf_counter() - self.sent < self.deadline else "failed"

    @property
    def seen(self) -> list[Json]:
        """The messages the person sees: the answer, then follow-ups; the deleted and those still loading are not."""
        first = [self.message] if self.message is not None else []
        return [
            message
            for message in (*first, *self.followups)
            if not message["flags"] & LOADING and not message.get("deleted")
        ]

    @property
    def took(self) -> float:
        """Seconds from sending to the answer. Raises ``Unanswered`` if there is none."""
        return self._since_sent(self.answered)

    @property
    def took_to_acknowledge(self) -> float:
        """Seconds from sending to the first accepted callback. Raises ``Unanswered`` if there is none."""
        return self._since_sent(self.acknowledged)

    def _since_sent(self, then: float | None) -> float:
        if then is None:
            raise Unanswered(self.story())
        return then - self.sent

    @property
    def text(self) -> str:
        """All text of the answer."""
        return text_of(self.message) if self.message is not None else ""

    @property
    def is_private(self) -> bool:
        return self.message is not None and bool(self.message["flags"] & EPHEMERAL)

    @property
    def buttons(self) -> dict[str, str]:
        """Label to custom id."""
        return buttons_of(self.message) if self.message is not None else {}

    def story(self) -> str:
        """What was asked, and each request the bot made about it."""
        lines = [f"interaction {self.id} ({self.payload['data']}): {self.fate}"]
        for request in self.requests:
            result = f"{request.status} {request.answer if request.status and request.status >= 400 else ''}".strip()
            lines.append(f"  +{request.at - self.sent:.3f} s {request.kind} {request.fault or ''} -> {result}")
        return "\n".join(lines)


def text_of(message: Json) -> str:
    """All text of a message: its content and its components'."""
    parts = [message["content"], *(component.get("content", "") for component in walk(message["components"]))]
    return "\n".join(part for part in parts if part)


def buttons_of(message: Json) -> dict[str, str]:
    """Label (or the emoji of one without) to custom id."""
    found = [
        component for component in walk(message["components"]) if component["type"] == 2 and "custom_id" in component
    ]
    return {button.get("label") or button["emoji"]["name"]: button["custom_id"] for button in found}
