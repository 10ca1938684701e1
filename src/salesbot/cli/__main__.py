"""``python -m salesbot.cli``."""

from salesbot.cli.program import main

main()
