"""Discord itself: layout and escaping of texts, delivery of replies, and each reach into discord.py's private parts."""
