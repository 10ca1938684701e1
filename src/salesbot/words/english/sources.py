"""Source questions in English."""

from __future__ import annotations

from salesbot.answers.answer import SourceFound
from salesbot.words.english.terms import GRADES


def source_lead(found: SourceFound) -> str:
    """What is known of the source, and what rests on it."""
    source = found.source
    linked = "linked" if source.link == "yes" else "named, not linked"
    lines = [f"Grade {source.grade} ({GRADES[source.grade]}), {linked}"]
    if source.published:
        lines.append(f"Published {source.published.text}")
    if source.url and source.link != "yes":
        lines.append(f"Address: {source.url}")
    if source.note:
        lines.append(source.note)
    kinds: dict[str, list[str]] = {}
    for kind, fact in found.cited_by:
        kinds.setdefault(kind, []).append(fact)
    lines += [f"{len(ids)} in {kind}: {', '.join(ids)}" for kind, ids in kinds.items()]
    return "\n".join(lines if kinds else [*lines, "No fact rests on it"])
