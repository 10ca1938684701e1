"""Exact values: quantities, moments, zones, and the keys under which names are compared."""
