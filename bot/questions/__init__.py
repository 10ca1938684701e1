"""Asking on Discord: slash commands, answer cards, their buttons, and reports of wrong numbers."""
