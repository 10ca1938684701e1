"""What each question must answer, worked out from the documents alone; nothing here imports the engine."""

from .asking import expect
from .expectation import Expectation
from .tables import Pack, read_pack

__all__ = ["Expectation", "Pack", "expect", "read_pack"]
