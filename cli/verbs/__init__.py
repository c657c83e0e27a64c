"""One verb per file; verbs do not know each other, and `cli/command_line/all_verbs.py` is their table of contents."""
