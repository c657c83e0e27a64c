"""The same word, imported when a task runs."""

WORD = "old"
