"""Packs: facts as a folder of CSV tables or an upload, read whole or refused with every problem, and written."""
