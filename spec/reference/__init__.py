"""Writes the reference pages and the JSON schema from the sections and tables."""
