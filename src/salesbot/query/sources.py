"""Who published a source, and which facts rest on it."""

from __future__ import annotations

from salesbot.answers.answer import Answer, SourceFound
from salesbot.questions.question import SourcesShow
from salesbot.storage.snapshot import Store, sql

CITED_BY = sql("select kind, fact from citations where source = :source")


def source(question: SourcesShow, store: Store) -> Answer:
    """The source, with the facts that cite it."""
    found = store.sources([question.id])
    cited_by = tuple(store.values(CITED_BY, source=question.id))
    return Answer(question, SourceFound(found[0], cited_by), store.version, sources=tuple(found))
