"""The word that a release of these DAGs says; another push says another."""

WORD = "old"
