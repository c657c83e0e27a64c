"""The sections of the YAML, one file per key, each with the docstrings that document it."""
