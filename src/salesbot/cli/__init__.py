"""The command line: ``salesbot '<slash line>'``, and programs around the facts; ``salesbot --help`` lists them."""

from salesbot.cli.program import main

__all__ = ["main"]
