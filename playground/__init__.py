"""The bot in a browser, on a simulated Discord: no account, no token, no network."""
