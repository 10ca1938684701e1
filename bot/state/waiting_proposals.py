"""Changes that wait for their moderator's confirmation, on the disk: they outlive the process."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from salesbot.errors import Refused
from salesbot.serving.served_packs import KeptProposal
from salesbot.storage.small_database import SmallDatabase

if TYPE_CHECKING:
    from salesbot.storage.shared.sharing import Sharing

SECONDS_TO_CONFIRM = 15 * 60
MOST_A_SERVER = 5  # each has a snapshot on the disk
TABLES = {"proposals": {"token": str, "scope": str, "user": int, "until": float, "proposal": str}}
ADD = "insert into proposals (token, scope, user, until, proposal) values (?, ?, ?, ?, ?)"
FIND = "select token, scope, user, until, proposal from proposals order by until"


class _Waiting(Struct, frozen=True):
    """A proposal, whose it is, and until when it may be confirmed (UTC seconds)."""

    token: str
    scope: str
    user: int
    until: float
    proposal: KeptProposal


class WaitingProposals:
    """The proposals that wait, in the file at ``path``."""

    def __init__(self, path: Path, sharing: Sharing | None = None) -> None:
        self._database = SmallDatabase(path, TABLES, sharing)

    def folders(self) -> set[Path]:
        """Where the snapshots lie that were built for them."""
        return {waiting.proposal.folder for waiting in self._all()}

    def add(self, proposal: KeptProposal, user: int) -> str:
        """Add a proposal; returns the token that its buttons carry.

        An earlier one of the same person there goes, and the oldest of very many. Raises ``Refused`` where the disk
        takes it not.
        """
        self.remove_expired()
        of_server = [waiting for waiting in self._all() if waiting.scope == proposal.scope]
        for waiting in [waiting for waiting in of_server if waiting.user == user]:
            self.remove(waiting.token)
            of_server.remove(waiting)
        for waiting in of_server[: max(0, len(of_server) + 1 - MOST_A_SERVER)]:
            self.remove(waiting.token)
        token, until = secrets.token_hex(8), time.time() + SECONDS_TO_CONFIRM
        kept = KeptProposal(**{name: getattr(proposal, name) for name in KeptProposal.__struct_fields__})
        self._database.write(ADD, [token, proposal.scope, user, until, msgspec.json.encode(kept).decode()])
        return token

    def remove_expired(self) -> None:
        """Remove the proposals that can no longer be confirmed."""
        now = time.time()
        for waiting in self._all():
            if waiting.until <= now:
                self.remove(waiting.token)

    def remove_of(self, scope: str) -> None:
        """Remove every proposal for a scope."""
        for waiting in self._all():
            if waiting.scope == scope:
                self.remove(waiting.token)

    def of(self, token: str, user: int) -> KeptProposal:
        """The proposal of a token. Raises ``Refused`` if it is not theirs or no longer waits."""
        waiting = self._find(token)
        if waiting is None or waiting.until <= time.time():
            raise Refused("proposal_gone")
        if waiting.user != user:
            raise Refused("proposal_of_other")
        return waiting.proposal

    def remove(self, token: str) -> None:
        """Remove a proposal, once it was served or cancelled, with what was built for it."""
        if waiting := self._find(token):
            self._database.write("delete from proposals where token = ?", [token])
            waiting.proposal.discard()

    def _find(self, token: str) -> _Waiting | None:
        return next((waiting for waiting in self._all() if waiting.token == token), None)

    def _all(self) -> list[_Waiting]:
        """Every proposal, the one that ends next first."""
        return [
            _Waiting(token, scope, user, until, msgspec.json.decode(kept, type=KeptProposal))
            for token, scope, user, until, kept in self._database.rows(FIND)
        ]

    def refresh(self) -> None:
        """See what other processes have changed. Raises ``Refused``."""
        self._database.refresh()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
