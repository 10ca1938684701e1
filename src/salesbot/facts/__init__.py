"""What a row must be to be believed, and what all rows together say."""

from salesbot.facts.rows import *  # noqa: F403
