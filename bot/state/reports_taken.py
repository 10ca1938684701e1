"""What this process remembers of reports: the forms that are open, and which figure each person has reported."""

from __future__ import annotations

MOST_FORMS = 10_000


class ReportsTaken:
    """Each figure is taken once from each person, as long as the process runs."""

    def __init__(self) -> None:
        self._taken: set[tuple[int, str, str]] = set()
        self._open: dict[str, None] = {}

    def open(self, form: str) -> None:
        """Note a form as open; of very many the oldest are given up."""
        self._open[form] = None
        if len(self._open) > MOST_FORMS:
            self.close(next(iter(self._open)))

    def close(self, form: str) -> None:
        """Note a form as closed."""
        self._open.pop(form, None)

    def is_open(self, form: object) -> bool:
        """Whether this process can take a form."""
        return form in self._open

    def was_taken(self, user: int, line: str, figure: str) -> bool:
        """Whether a person has reported a figure."""
        return (user, line, figure) in self._taken

    def take(self, user: int, line: str, figure: str) -> None:
        """Note that a person has reported a figure."""
        self._taken.add((user, line, figure))
