"""Changes that wait for their moderator's confirmation."""

from __future__ import annotations

import secrets
import time

from msgspec import Struct

from salesbot.errors import Refused
from salesbot.serving.served_packs import Proposal

SECONDS_TO_CONFIRM = 15 * 60
MOST_A_SERVER = 5  # each has a snapshot on the disk


class WaitingProposal(Struct, frozen=True):
    """A proposal, whose it is, and until when it may be confirmed (UTC seconds)."""

    proposal: Proposal
    user: int
    until: float


class WaitingProposals:
    """The proposals that wait; they end with the process, and say so."""

    def __init__(self) -> None:
        self._waiting: dict[str, WaitingProposal] = {}

    def add(self, proposal: Proposal, user: int) -> str:
        """Add a proposal; returns the token that its buttons carry.

        An earlier one of the same person there goes, and the oldest of very many.
        """
        self.remove_expired()
        for token, waiting in list(self._waiting.items()):
            if (waiting.user, waiting.proposal.scope) == (user, proposal.scope):
                self.remove(token)
        of_server = [token for token, waiting in self._waiting.items() if waiting.proposal.scope == proposal.scope]
        for token in of_server[: max(0, len(of_server) + 1 - MOST_A_SERVER)]:
            self.remove(token)
        token = secrets.token_hex(8)
        self._waiting[token] = WaitingProposal(proposal, user, time.time() + SECONDS_TO_CONFIRM)
        return token

    def remove_expired(self) -> None:
        """Remove the proposals that can no longer be confirmed."""
        now = time.time()
        for token, waiting in list(self._waiting.items()):
            if waiting.until <= now:
                self.remove(token)

    def remove_of(self, scope: str) -> None:
        """Remove every proposal for a scope."""
        for token, waiting in list(self._waiting.items()):
            if waiting.proposal.scope == scope:
                self.remove(token)

    def of(self, token: str, user: int) -> Proposal:
        """The proposal of a token. Raises ``Refused`` if it is not theirs or no longer waits."""
        waiting = self._waiting.get(token)
        if waiting is None or waiting.until <= time.time():
            raise Refused("proposal_gone")
        if waiting.user != user:
            raise Refused("proposal_of_other")
        return waiting.proposal

    def remove(self, token: str) -> None:
        """Remove a proposal, once it was served or cancelled, with what was built for it."""
        if waiting := self._waiting.pop(token, None):
            waiting.proposal.discard()
