"""Storage: snapshots of facts, the catalog of which snapshot each server sees, and differences between snapshots."""
