"""Launch-sales questions answered from facts with sources: a range, its working, its sources."""

__version__ = "0.1.0"
