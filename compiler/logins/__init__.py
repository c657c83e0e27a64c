"""The kinds of login, one per file, and the roster by which the rest asks for them."""
