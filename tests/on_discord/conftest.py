"""Fixtures of the simulated Discord for every test in this folder."""

from tests.conftest_discord import place, settings

__all__ = ["place", "settings"]
