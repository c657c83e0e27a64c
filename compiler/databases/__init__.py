"""The kinds of databases, one per file, and the roster by which the rest asks for them."""
