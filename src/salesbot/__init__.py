"""Launch-sales questions answered from facts with sources: a range, its working, its sources."""

__all__ = ["__version__"]

try:
    from salesbot._version import __version__  # written when the package is built or installed
except ImportError:
    __version__ = "0.0.0"
