"""The executors, one per file, and the roster by which the rest asks for them."""
