"""What the bot remembers between two interactions, in memory and in small files of its own."""
