"""Who published a source, and which facts rest on it: ``/sources show``."""

from __future__ import annotations

from salesbot.answers import Answer
from salesbot.answers.answer import SourceResult
from salesbot.questions.question import SourcesShow
from salesbot.storage.snapshot import Snapshot, sql

CITED_BY = sql("select kind, fact from citations where source = :source")


def source(question: SourcesShow, snapshot: Snapshot) -> Answer:
    """The source, with the facts that cite it."""
    rows = snapshot.sources([question.id])
    cited_by = tuple(snapshot.values(CITED_BY, source=question.id))
    return Answer(question, SourceResult(rows[0], cited_by), snapshot.version, sources=tuple(rows))
