"""Editing: what a moderator types, picks or pastes, as rows of a pack."""
