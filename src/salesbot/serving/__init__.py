"""Serving: which facts each server sees, how they change, and the work that is done in threads and child processes."""
