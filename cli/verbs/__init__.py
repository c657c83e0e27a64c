"""One verb per file; verbs do not know each other, and `cli/all_verbs.py` is their table of contents."""
