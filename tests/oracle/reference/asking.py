"""What a slash line must answer, of any verb."""

from __future__ import annotations

from .asked import Refused
from .changes import expect_changes
from .claims import expect_claim, expect_claims
from .expectation import Expectation, NoOpinion
from .invariants import add_invariants
from .lines import WrongLine, read_line
from .prices import expect_history, expect_price_compare, expect_show
from .progress import expect_compare, expect_progress
from .sources import expect_source
from .stores import expect_stores
from .tables import Pack
from .timeline import expect_events, expect_pair, expect_when
from .totals import expect_total
from .whatif import expect_whatif

VERBS = {
    "/orders total": expect_total,
    "/orders stores": expect_stores,
    "/orders progress": expect_progress,
    "/orders compare": expect_compare,
    "/orders whatif": expect_whatif,
    "/prices show": expect_show,
    "/prices changes": expect_changes,
    "/prices history": expect_history,
    "/prices compare": expect_price_compare,
    "/timeline check": expect_pair,
    "/timeline gap": expect_pair,
    "/timeline when": expect_when,
    "/timeline events": expect_events,
    "/claims list": expect_claims,
    "/claims check": expect_claim,
    "/sources show": expect_source,
}


def expect(line: str, pack: Pack) -> Expectation:
    """The checks that an answer to a line must pass; those that hold for every answer are always among them."""
    found = Expectation()
    try:
        asked = read_line(line)
        found = VERBS[asked.verb](pack, asked)
    except WrongLine:
        found.exits("2: an unknown, repeated or missing option, or a mistyped command: exit 2", 2)
    except Refused as refused:
        found = Expectation()
        found.exits(refused.why, *refused.codes)
    except NoOpinion as reason:
        found = Expectation()
        found.unsure.append(str(reason))
    has_opinion = found.has_opinion
    add_invariants(found, pack)
    found.judges = has_opinion
    return found
