"""The kinds of databases, one per file."""
