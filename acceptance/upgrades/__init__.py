"""Rehearses the upgrade of an environment whose database is known by a dump."""
