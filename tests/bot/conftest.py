"""Fixtures of the simulated Discord for every test in this folder."""

from tests.discord_world import place, settings

__all__ = ["place", "settings"]
