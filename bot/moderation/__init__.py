"""Moderating on Discord: ``/data``, changes that wait for a confirmation, and a server's settings."""
