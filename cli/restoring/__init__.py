"""The database of an environment as it was at a moment."""
