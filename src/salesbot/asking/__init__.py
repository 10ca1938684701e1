"""Free text as one slash line: every word is explained, or it is not answered."""

from salesbot.asking.asked_line import NotUnderstood, SeveralMeant, asked_line
from salesbot.asking.reading import Asked, Declined, Offered, Reading, read

__all__ = ["Asked", "Declined", "NotUnderstood", "Offered", "Reading", "SeveralMeant", "asked_line", "read"]
