"""The Discord side: a client that routes slash commands to questions and lays answers out as cards."""
