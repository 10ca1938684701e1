"""A chart as shapes, and these as PNG: made to run in a child process, without discord, and without state but the font.

The child waits for every import of its first chart, so values are named tuples here: importing msgspec takes 25 ms.

One grammar throughout: a marker is a known bound, a bar or band joins two of them, an arrow head is a side on which
nothing is known, hollow is computed.
"""
