"""Answers as data: figures with their working, comparisons, what is missing, notes, and sources."""

from salesbot.answers.answer import Answer
from salesbot.answers.figures import Change, Comparison, Figure, PassedOver, Reason, Working, course, once

__all__ = ["Answer", "Change", "Comparison", "Figure", "PassedOver", "Reason", "Working", "course", "once"]
